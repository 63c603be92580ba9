use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{NearestCorrelation, impact::check_notional, nearest_correlation};
use crate::{
    Matrix, QuantError, Weights, normal,
    var_cvar::{check_confidence_levels, check_horizon},
};

/// Tighter correlations and higher volatilities.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CorrelationStress {
    /// The stressed correlations.
    pub correlations: Correlations,
    /// What each volatility is multiplied by; at least 0.
    pub volatility_multiple: f64,
    /// The confidence level of the value at risk.
    pub confidence_level: f64,
    /// Its horizon in periods (days).
    pub horizon: u32,
}

/// The stressed correlations.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[schema(as = StressedCorrelations)]
pub enum Correlations {
    /// Each correlation ρ becomes `ρ + k (1 - ρ)`: 0 leaves all, 1 makes all 1; negative k drives them apart.
    TowardsOne {
        /// k, from -1 to 1.
        strength: f64,
    },
    /// Given ones, one row an asset.
    Given {
        /// The matrix, symmetric with a unit diagonal; repaired where it is no correlation.
        #[schema(value_type = Vec<Vec<f64>>)]
        correlation: Matrix,
    },
}

/// A portfolio's risk before and after.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CorrelationStressed {
    /// The normal value at risk with zero mean, in the notional's currency.
    pub value_at_risk: f64,
    /// The same after the stress.
    pub stressed_value_at_risk: f64,
    /// The volatility of a period, as a fraction.
    pub volatility: f64,
    /// The same after the stress.
    pub stressed_volatility: f64,
    /// What had to be done to make the stressed correlations a correlation matrix.
    pub repair: CorrelationRepair,
}

/// How stressed correlations were made a correlation matrix.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CorrelationRepair {
    /// Whether they were one already and were left alone.
    pub unchanged: bool,
    /// Their smallest eigenvalue.
    pub smallest_eigenvalue: f64,
    /// The largest change of a correlation.
    pub largest_change: f64,
    /// The projections made.
    pub iterations: usize,
    /// Whether they converged within the limit.
    pub converged: bool,
}

impl From<&NearestCorrelation> for CorrelationRepair {
    fn from(nearest: &NearestCorrelation) -> Self {
        Self {
            unchanged: nearest.unchanged,
            smallest_eigenvalue: nearest.smallest_eigenvalue,
            largest_change: nearest.largest_change,
            iterations: nearest.iterations,
            converged: nearest.converged,
        }
    }
}

/// Stresses a covariance: correlations `ρ'`, repaired to the nearest correlation matrix (Higham 2002) where they are none,
/// and volatilities `σ' = m σ`; value at risk is normal with zero mean, `-z_α √(wᵀ C w) √h`.
///
/// A constant asset has no correlation: it counts as uncorrelated.
///
/// # Errors
/// `AssetsMismatch`, `NotSymmetric`, `NegativeVariance`, `OutOfRange` for a setting or the notional, `Overflow`.
pub fn stress_correlations(
    covariance: &Matrix,
    weights: &Weights,
    stress: &CorrelationStress,
    notional: f64,
) -> Result<CorrelationStressed, QuantError> {
    check_confidence_levels(&[stress.confidence_level])?;
    check_horizon(stress.horizon)?;
    check_notional(notional)?;
    weights.must_cover(covariance.rows())?;
    let multiple = stress.volatility_multiple;
    if !(0.0..=1e6).contains(&multiple) {
        let range = "from 0 to 1000000";
        return Err(QuantError::OutOfRange { name: "volatility_multiple", range, value: multiple });
    }
    let (deviations, correlation) = split(covariance)?;
    let nearest = nearest_correlation(&stressed(&correlation, &stress.correlations)?)?;
    let volatility = |correlation: &Matrix, multiple: f64| {
        let exposures: Vec<f64> = weights
            .as_slice()
            .iter()
            .zip(&deviations)
            .map(|(weight, deviation)| multiple * weight * deviation)
            .collect();
        let mut variance = 0.0;
        for (i, left) in exposures.iter().enumerate() {
            for (j, right) in exposures.iter().enumerate() {
                variance += left * right * correlation[(i, j)];
            }
        }
        variance.max(0.0).sqrt()
    };
    let (before, after) = (volatility(&correlation, 1.0), volatility(&nearest.correlation, multiple));
    let scale =
        -normal::quantile(1.0 - stress.confidence_level)? * f64::from(stress.horizon).sqrt() * notional;
    if !(scale * before).is_finite() || !(scale * after).is_finite() {
        return Err(QuantError::Overflow { what: "a value at risk" });
    }
    Ok(CorrelationStressed {
        value_at_risk: scale * before,
        stressed_value_at_risk: scale * after,
        volatility: before,
        stressed_volatility: after,
        repair: CorrelationRepair::from(&nearest),
    })
}

fn stressed(correlation: &Matrix, change: &Correlations) -> Result<Matrix, QuantError> {
    let strength = match change {
        Correlations::Given { correlation: given } if given.rows() != correlation.rows() => {
            let (found, expected) = (given.rows(), correlation.rows());
            return Err(QuantError::AssetsMismatch { what: "the correlation", found, expected });
        }
        Correlations::Given { correlation } => return Ok(correlation.clone()),
        Correlations::TowardsOne { strength } => *strength,
    };
    if !(-1.0..=1.0).contains(&strength) {
        return Err(QuantError::OutOfRange { name: "strength", range: "from -1 to 1", value: strength });
    }
    Ok(correlation.map(|value| value + strength * (1.0 - value)))
}

/// The deviations, and the correlations with a unit diagonal.
fn split(covariance: &Matrix) -> Result<(Vec<f64>, Matrix), QuantError> {
    let assets = covariance.rows();
    if covariance.columns() != assets {
        let what = "the covariance";
        return Err(QuantError::AssetsMismatch { what, found: covariance.columns(), expected: assets });
    }
    if let Some(asset) = (0..assets).find(|&i| covariance[(i, i)] < 0.0) {
        return Err(QuantError::NegativeVariance { asset });
    }
    let deviations: Vec<f64> = (0..assets).map(|i| covariance[(i, i)].sqrt()).collect();
    let mut correlation = Matrix::zeros(assets, assets);
    for i in 0..assets {
        for j in 0..assets {
            let value = covariance[(i, j)] / deviations[i] / deviations[j];
            correlation[(i, j)] = if i == j {
                1.0
            } else if value.is_finite() {
                value
            } else {
                0.0
            };
        }
    }
    Ok((deviations, correlation))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stress(correlations: Correlations) -> Result<CorrelationStressed, QuantError> {
        let covariance =
            Matrix::from_rows("covariance", &[[0.04, 0.0, 0.01], [0.0, 0.01, 0.0], [0.01, 0.0, 0.04]])
                .unwrap();
        let stress =
            CorrelationStress { correlations, volatility_multiple: 1.0, confidence_level: 0.99, horizon: 1 };
        stress_correlations(&covariance, &Weights::new(vec![0.5, 0.2, 0.3]).unwrap(), &stress, 1.0)
    }

    #[test]
    fn at_one_the_volatilities_add() {
        let result = stress(Correlations::TowardsOne { strength: 1.0 }).unwrap();
        assert!((result.stressed_volatility - 0.18).abs() < 1e-12 && result.repair.unchanged);
        let same = stress(Correlations::TowardsOne { strength: 0.0 }).unwrap();
        assert!((same.stressed_value_at_risk - same.value_at_risk).abs() < 1e-15);
    }

    #[test]
    fn impossible_correlations_are_repaired_and_told() {
        let result = stress(Correlations::TowardsOne { strength: -1.0 }).unwrap();
        assert!(!result.repair.unchanged && result.repair.smallest_eigenvalue < -0.5);
        assert!(result.stressed_volatility < result.volatility);
        assert!(matches!(
            stress(Correlations::TowardsOne { strength: 2.0 }),
            Err(QuantError::OutOfRange { .. })
        ));
        let given = Matrix::from_rows("correlation", &[[1.0]]).unwrap();
        assert!(matches!(
            stress(Correlations::Given { correlation: given }),
            Err(QuantError::AssetsMismatch { .. })
        ));
    }
}
