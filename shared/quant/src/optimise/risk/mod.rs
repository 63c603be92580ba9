//! Measures of risk that a program can minimise or limit, one a file.

mod cdar;
mod cvar;
mod mad;
mod semivariance;
mod variance;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub(crate) use cvar::sample_cvar;

use super::{program::Program, universe::Universe};
use crate::{QuantError, Returns, Weights};

/// A measure of risk.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum RiskMeasure {
    /// The annual volatility.
    #[default]
    Variance,
    /// The annual semideviation below a benchmark.
    Semivariance {
        /// The benchmark's return a period.
        #[serde(default)]
        benchmark: f64,
    },
    /// The conditional value at risk of a period.
    Cvar {
        /// Between 0 and 1.
        confidence_level: f64,
    },
    /// The conditional drawdown at risk of uncompounded cumulative returns.
    Cdar {
        /// Between 0 and 1.
        confidence_level: f64,
    },
    /// The mean absolute deviation of a period.
    Mad,
}

/// A measure of risk inside a program.
pub(crate) enum Term {
    /// The risk is `Σ coefficient · variable`.
    Linear(Vec<(usize, f64)>),
    /// The risk is the Euclidean norm of the rows; `square` is its square, each pair once.
    Norm { rows: Vec<Vec<(usize, f64)>>, square: Vec<(usize, usize, f64)> },
}

impl RiskMeasure {
    pub(crate) fn check(self) -> Result<(), QuantError> {
        match self {
            Self::Cvar { confidence_level: value } | Self::Cdar { confidence_level: value }
                if !(value > 0.0 && value < 1.0) =>
            {
                Err(QuantError::OutOfRange { name: "confidence_level", range: "between 0 and 1", value })
            }
            Self::Semivariance { benchmark: value } if !value.is_finite() => {
                Err(QuantError::OutOfRange { name: "benchmark", range: "finite", value })
            }
            _ => Ok(()),
        }
    }

    /// Adds the measure's variables and rows for the weights, variables `first` and on.
    pub(crate) fn add(
        self,
        program: &mut Program,
        first: usize,
        universe: &Universe,
    ) -> Result<Term, QuantError> {
        match self {
            Self::Variance => Ok(variance::add(first, universe)),
            Self::Semivariance { benchmark } => {
                let year = universe.problem.periods_per_year;
                Ok(semivariance::add(program, first, universe.history()?, benchmark, year))
            }
            Self::Cvar { confidence_level } => {
                Ok(cvar::add(program, first, universe.history()?, confidence_level))
            }
            Self::Cdar { confidence_level } => {
                Ok(cdar::add(program, first, universe.history()?, confidence_level))
            }
            Self::Mad => mad::add(program, first, universe.history()?),
        }
    }
}

/// A portfolio's risk over a history.
pub(crate) fn value(
    measure: RiskMeasure,
    returns: &Returns,
    weights: &[f64],
    periods_per_year: f64,
) -> Result<f64, QuantError> {
    let portfolio = returns.portfolio(&Weights::new(weights.to_vec())?)?;
    Ok(match measure {
        RiskMeasure::Variance => crate::moments::standard_deviation(&portfolio, 1)? * periods_per_year.sqrt(),
        RiskMeasure::Semivariance { benchmark } => {
            semivariance::value(&portfolio, benchmark, periods_per_year)
        }
        RiskMeasure::Cvar { confidence_level } => sample_cvar(&portfolio, confidence_level),
        RiskMeasure::Cdar { confidence_level } => cdar::value(&portfolio, confidence_level),
        RiskMeasure::Mad => mad::value(&portfolio)?,
    })
}

/// `Σ_i r_ti w_i` as a program's terms, times a factor.
fn portfolio_terms(row: &[f64], first: usize, factor: f64) -> Vec<(usize, f64)> {
    row.iter().enumerate().map(|(i, value)| (first + i, factor * value)).collect()
}
