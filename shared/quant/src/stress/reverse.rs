use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Matrix, QuantError, Weights, normal};

/// The smallest shock that loses a given part of a portfolio.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ReverseStress {
    /// The shock of each asset, as a simple return.
    pub asset_shocks: Vec<f64>,
    /// Its size: the Mahalanobis distance from 0, in standard deviations of the portfolio.
    pub mahalanobis_distance: f64,
    /// The probability of a loss at least as large within a period, if returns are normal. Real tails are fatter.
    pub normal_probability: f64,
    /// Assets that would have to lose more than everything: the loss is not reached this way in one period.
    pub impossible: Vec<usize>,
}

/// The most likely shock d, normal with mean zero and covariance C, with `wᵀd = -loss`: `d = -loss C w / (wᵀ C w)` at the
/// Mahalanobis distance `√(dᵀ C⁻¹ d) = loss / √(wᵀ C w)` (Breuer et al. 2009).
///
/// * `covariance`: assets × assets, symmetric, per period.
/// * `loss`: the fraction of the portfolio's value to lose, in (0, 1].
///
/// `None` where the portfolio doesn't vary: no shock of its assets loses anything.
///
/// # Errors
/// `AssetsMismatch`, `OutOfRange` for the loss, `Overflow`.
pub fn reverse_stress(
    covariance: &Matrix,
    weights: &Weights,
    loss: f64,
) -> Result<Option<ReverseStress>, QuantError> {
    let assets = covariance.rows();
    weights.must_cover(assets)?;
    if covariance.columns() != assets {
        let what = "the covariance";
        return Err(QuantError::AssetsMismatch { what, found: covariance.columns(), expected: assets });
    }
    if !(loss > 0.0 && loss <= 1.0) {
        return Err(QuantError::OutOfRange { name: "loss", range: "above 0 and at most 1", value: loss });
    }
    let w = weights.as_slice();
    let product: Vec<f64> = (0..assets)
        .map(|i| covariance.row(i).iter().zip(w).map(|(value, weight)| value * weight).sum())
        .collect();
    let variance: f64 = product.iter().zip(w).map(|(value, weight)| value * weight).sum();
    let gross: f64 = (0..assets).map(|i| w[i] * w[i] * covariance[(i, i)]).sum();
    if variance <= 1e-15 * gross || variance <= 0.0 {
        return Ok(None);
    }
    let asset_shocks: Vec<f64> = product.iter().map(|value| -loss * value / variance).collect();
    let distance = loss / variance.sqrt();
    if !distance.is_finite() || asset_shocks.iter().any(|shock| !shock.is_finite()) {
        return Err(QuantError::Overflow { what: "the reverse stress" });
    }
    let impossible =
        asset_shocks.iter().enumerate().filter(|&(_, &shock)| shock < -1.0).map(|(asset, _)| asset);
    Ok(Some(ReverseStress {
        impossible: impossible.collect(),
        asset_shocks,
        mahalanobis_distance: distance,
        normal_probability: normal::distribution(-distance),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loses_what_was_asked() {
        let covariance = Matrix::from_rows("covariance", &[[0.04, 0.01], [0.01, 0.01]]).unwrap();
        let weights = Weights::new(vec![0.7, 0.3]).unwrap();
        let stress = reverse_stress(&covariance, &weights, 0.3).unwrap().unwrap();
        let lost: f64 =
            stress.asset_shocks.iter().zip(weights.as_slice()).map(|(shock, weight)| shock * weight).sum();
        assert!((lost + 0.3).abs() < 1e-15 && stress.impossible.is_empty());
        assert!(reverse_stress(&covariance, &weights, 1.0).unwrap().unwrap().impossible == [0]);
    }

    #[test]
    fn cash_cannot_be_shocked() {
        let weights = Weights::equal(2).unwrap();
        assert_eq!(reverse_stress(&Matrix::zeros(2, 2), &weights, 0.1), Ok(None));
        assert!(reverse_stress(&Matrix::zeros(2, 2), &weights, 0.0).is_err());
        assert!(reverse_stress(&Matrix::zeros(3, 3), &weights, 0.1).is_err());
    }
}
