//! What reports say: figures with their units, ready to be shown. The JSON format of a report is its model.
//!
//! Rates, weights and returns are fractions (0.05 = 5 %); losses of value at risk are positive; amounts are in the
//! report's currency.

mod cover;
mod history;
mod portfolio;
mod risk;
mod valuation;

pub use cover::{Basis, Cover, Note, Period};
pub use history::{Benchmark, Drawdown, History, MonthlyReturn, PerformanceFigures, Rolling, YearlyReturn};
pub use portfolio::{Breakdown, Frontier, FrontierPoint, Holding, PortfolioReport, Share, Trade};
pub use risk::{
    Band, Contribution, Correlation, Histogram, Percentile, RiskMeasure, RiskReport, Simulation, Stress,
};
pub use valuation::{
    BridgeItem, Driver, Fact, ForecastYear, Grid, Multiple, TerminalValue, Trials, ValuationReport,
};
