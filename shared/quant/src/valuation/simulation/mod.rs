//! Monte Carlo simulation of a valuation: growth, margin, WACC and exit multiple drawn from distributions that a Gaussian
//! copula correlates.
//!
//! A trial's draws depend on the seed and its number alone, and all figures are taken over the trials in their order, so
//! that the outcome has the same bits however the trials are shared out.

mod distribution;
mod histogram;
mod left_out;
mod outcome;
mod rank_correlation;
mod run;
mod specification;
mod tornado;
mod trial;

pub use distribution::Distribution;
pub use histogram::Histogram;
pub use left_out::{NearGrowth, Undefined};
pub use outcome::{Outcome, OutcomeWarning, StandardErrors};
pub use run::{Partial, Simulation};
pub use specification::{Driver, MAXIMUM_TRIALS, Settings, Specification};
pub use tornado::RankCorrelation;

pub use crate::monte_carlo::Spread;
