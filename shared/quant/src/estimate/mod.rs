//! Estimators of expected returns and covariances from a history of simple returns, one estimator a file.
//!
//! Figures are annual (`periods_per_year` periods, 252 for trading days) where nothing else is said; an estimator of a
//! covariance gives it *per period*, and [`CovarianceModel::estimate`] annualises it.

pub mod covariance;
pub mod expected;
pub mod garch;
pub(crate) mod linear;

pub use covariance::{CovarianceModel, EstimatedCovariance};
pub use expected::{EstimatedReturns, ReturnsModel};
