//! How clients say that an assumption is uncertain.

use domain::Invalid;
use quant::valuation::{Distribution, Driver};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A distribution, in the assumption's own unit. What is left out is that of the inputs.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = DriverDistribution)]
pub(crate) enum DistributionInput {
    /// Normal.
    Normal {
        /// Its mean; the input when not given.
        #[serde(default)]
        mean: Option<f64>,
        /// Its standard deviation.
        #[serde(alias = "standardDeviation")]
        #[schema(example = 0.02)]
        standard_deviation: f64,
    },
    /// Lognormal, by the mean and the standard deviation of the value itself.
    Lognormal {
        /// Its mean, above 0; the input when not given.
        #[serde(default)]
        mean: Option<f64>,
        /// Its standard deviation.
        #[serde(alias = "standardDeviation")]
        standard_deviation: f64,
    },
    /// Triangular.
    Triangular {
        /// The least.
        minimum: f64,
        /// The most likely; the input when not given.
        #[serde(default)]
        mode: Option<f64>,
        /// The greatest.
        maximum: f64,
    },
    /// PERT: a beta distribution whose mean is a sixth of minimum, maximum and four times the mode.
    Pert {
        /// The least.
        minimum: f64,
        /// The most likely; the input when not given.
        #[serde(default)]
        mode: Option<f64>,
        /// The greatest.
        maximum: f64,
    },
}

impl DistributionInput {
    /// The distribution around what the assumption is in the inputs.
    ///
    /// # Errors
    /// Names the parameter at fault.
    pub(super) fn around(self, driver: Driver, base: f64) -> Result<Distribution, Invalid> {
        let distribution = match self {
            Self::Normal { mean, standard_deviation } => {
                Distribution::Normal { mean: mean.unwrap_or(base), standard_deviation }
            }
            Self::Lognormal { mean, standard_deviation } => {
                Distribution::Lognormal { mean: mean.unwrap_or(base), standard_deviation }
            }
            Self::Triangular { minimum, mode, maximum } => {
                Distribution::Triangular { minimum, mode: mode.unwrap_or(base), maximum }
            }
            Self::Pert { minimum, mode, maximum } => {
                Distribution::Pert { minimum, mode: mode.unwrap_or(base), maximum }
            }
        };
        match distribution.check(driver) {
            Err(quant::QuantError::OutOfRange { name, range, value }) => {
                Err(Invalid::field(format!("/{name}"), format!("must be {range}, but is {value}")))
            }
            Err(error) => Err(Invalid::field("", error)),
            Ok(()) => Ok(distribution),
        }
    }
}
