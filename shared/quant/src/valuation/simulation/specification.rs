use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Distribution;
use crate::{
    Matrix, QuantError,
    factor::{CovarianceRepair, factor},
    valuation::{
        Assumptions, TerminalMethod,
        check::{self, Bounds},
    },
};

/// The most trials of one simulation.
pub const MAXIMUM_TRIALS: u64 = 1_000_000;

/// An assumption that may be uncertain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Driver {
    /// The growth of revenue in year 1; the explicit years after it move along.
    Growth,
    /// The margin in year 1; the explicit years after it move along.
    Margin,
    /// The weighted average cost of capital.
    Wacc,
    /// The exit multiple.
    ExitMultiple,
}

impl Driver {
    /// All drivers, in the order of the correlation's rows and columns.
    pub const ALL: [Self; 4] = [Self::Growth, Self::Margin, Self::Wacc, Self::ExitMultiple];

    /// What the driver is in the base case; none for a multiple that is not assumed.
    pub fn base(self, assumptions: &Assumptions) -> Option<f64> {
        let first = assumptions.years.first();
        match self {
            Self::Growth => first.map(|year| year.growth),
            Self::Margin => first.map(|year| year.margin),
            Self::Wacc => Some(assumptions.wacc),
            Self::ExitMultiple => assumptions.exit_multiple,
        }
    }

    pub(super) fn bounds(self) -> Bounds {
        match self {
            Self::Growth => check::GROWTH,
            Self::Margin => check::MARGIN,
            Self::Wacc => check::WACC,
            Self::ExitMultiple => check::MULTIPLE,
        }
    }

    /// The largest standard deviation, and the range in words.
    pub(super) fn largest_deviation(self) -> (f64, &'static str) {
        match self {
            Self::Growth | Self::Margin | Self::Wacc => {
                (0.5, "a fraction from 0 to 0.5 (0.02 means 2 percentage points)")
            }
            Self::ExitMultiple => (100.0, "from 0 to 100 (times EBITDA)"),
        }
    }
}

/// How a simulation is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// The number of trials, 1 to [`MAXIMUM_TRIALS`].
    pub trials: u64,
    /// The seed. The same inputs and seed give the same bits.
    pub seed: u64,
}

/// All that decides a simulation's result.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Specification {
    /// The base case. What has no distribution stays as it is there.
    pub assumptions: Assumptions,
    /// One distribution a driver, in the order of [`Driver::ALL`].
    pub distributions: [Option<Distribution>; 4],
    /// The correlation of the normal draws behind the drivers (Gaussian copula), 4 × 4 in the order of [`Driver::ALL`].
    pub correlation: Option<Matrix>,
    /// How the simulation is run.
    pub settings: Settings,
}

impl Specification {
    pub(super) fn check(&self) -> Result<(), QuantError> {
        check::check(&self.assumptions)?;
        let trials = self.settings.trials;
        if !(1..=MAXIMUM_TRIALS).contains(&trials) {
            return Err(QuantError::OutOfRange {
                name: "trials",
                range: "from 1 to 1000000",
                value: trials as f64,
            });
        }
        let multiple = self.distributions[3].is_some();
        if multiple && self.assumptions.terminal_method != TerminalMethod::ExitMultiple {
            return Err(QuantError::Unsupported {
                what: "a distribution of an exit multiple that is not used",
            });
        }
        let drivers = Driver::ALL.into_iter().zip(&self.distributions);
        drivers.filter_map(|(driver, of)| of.as_ref().map(|of| of.check(driver))).collect()
    }
}

/// The factor of a correlation, one row a driver, whose rows are of length 1.
///
/// # Errors
/// `AssetsMismatch` unless it is 4 × 4, `NotSymmetric`, `OutOfRange` for a diagonal other than 1,
/// `NotPositiveSemidefinite`.
pub(super) fn loadings(correlation: Option<&Matrix>) -> Result<[[f64; 4]; 4], QuantError> {
    let mut loadings = [[0.0; 4]; 4];
    let Some(correlation) = correlation else {
        (0..4).for_each(|driver| loadings[driver][driver] = 1.0);
        return Ok(loadings);
    };
    if correlation.rows() != 4 {
        return Err(QuantError::AssetsMismatch {
            what: "the correlation",
            found: correlation.rows(),
            expected: 4,
        });
    }
    let (factor, repair) = factor(correlation)?;
    if let Some(driver) = (0..4).find(|&driver| (correlation[(driver, driver)] - 1.0).abs() > 1e-12) {
        let value = correlation[(driver, driver)];
        return Err(QuantError::OutOfRange { name: "correlation", range: "1 on its diagonal", value });
    }
    if let CovarianceRepair::EigenvaluesClipped { smallest, .. } = repair {
        return Err(QuantError::NotPositiveSemidefinite { smallest });
    }
    for (row, &driver) in factor.order().iter().enumerate() {
        for (column, loading) in loadings[driver].iter_mut().enumerate().take(factor.rank()) {
            *loading = factor.loading(row, column);
        }
    }
    Ok(loadings)
}
