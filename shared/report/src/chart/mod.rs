//! Charts, from plain figures to a [`Drawing`](crate::drawing::Drawing). Rates and returns are fractions.

mod allocation;
mod bars;
mod drawdown;
mod equity;
mod fan;
mod frontier;
mod histogram;
mod monthly;
mod plot;
mod rolling;
mod scale;
mod sensitivity;

pub use allocation::Allocation;
pub use bars::Bars;
pub use drawdown::Underwater;
pub use equity::EquityCurve;
pub use fan::Fan;
pub use frontier::FrontierChart;
pub use histogram::HistogramChart;
pub use monthly::MonthlyReturns;
pub(crate) use monthly::{MONTHS, heat};
pub use rolling::RollingFigure;
pub use sensitivity::Sensitivity;

/// The width and height of a drawing, in points.
pub type Size = (f64, f64);

#[cfg(test)]
mod tests;
