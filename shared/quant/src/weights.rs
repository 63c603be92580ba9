use serde::{Deserialize, Serialize};

use crate::QuantError;

/// How far the sum of weights may be from 1.
pub const WEIGHT_SUM_TOLERANCE: f64 = 1e-6;

/// A portfolio's weights: one finite fraction of its value an asset, in the assets' order. They sum to 1 within
/// [`WEIGHT_SUM_TOLERANCE`] and are then scaled to sum to 1; negative weights are short positions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Vec<f64>", into = "Vec<f64>")]
pub struct Weights(Vec<f64>);

impl Weights {
    /// Checks and scales weights.
    ///
    /// # Errors
    /// `Empty` without a weight, `NotFinite` (row 0, column = index) for NaN or infinities, `WeightsSum` with the sum.
    pub fn new(weights: Vec<f64>) -> Result<Self, QuantError> {
        if weights.is_empty() {
            return Err(QuantError::Empty { what: "weights" });
        }
        if let Some(column) = weights.iter().position(|weight| !weight.is_finite()) {
            return Err(QuantError::NotFinite { what: "weights", row: 0, column });
        }
        let sum = weights.iter().sum::<f64>();
        if !sum.is_finite() || (sum - 1.0).abs() > WEIGHT_SUM_TOLERANCE {
            return Err(QuantError::WeightsSum { sum });
        }
        Ok(Self(weights.into_iter().map(|weight| weight / sum).collect()))
    }

    /// The weights of `assets` assets that are all held alike.
    ///
    /// # Errors
    /// `Empty` for 0 assets.
    pub fn equal(assets: usize) -> Result<Self, QuantError> {
        Self::new(vec![1.0 / assets as f64; assets])
    }

    /// The weights, one an asset.
    pub fn as_slice(&self) -> &[f64] {
        &self.0
    }

    /// The number of assets.
    pub fn assets(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn must_cover(&self, assets: usize) -> Result<(), QuantError> {
        if self.assets() == assets {
            return Ok(());
        }
        Err(QuantError::AssetsMismatch { what: "weights", found: self.assets(), expected: assets })
    }
}

impl TryFrom<Vec<f64>> for Weights {
    type Error = QuantError;

    fn try_from(weights: Vec<f64>) -> Result<Self, QuantError> {
        Self::new(weights)
    }
}

impl From<Weights> for Vec<f64> {
    fn from(weights: Weights) -> Self {
        weights.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sum_is_checked_and_told() {
        assert!(Weights::new(vec![1.5, -0.5]).is_ok());
        assert_eq!(Weights::new(vec![0.5, 0.25]), Err(QuantError::WeightsSum { sum: 0.75 }));
        assert_eq!(Weights::new(vec![]), Err(QuantError::Empty { what: "weights" }));
        let nan = Weights::new(vec![0.5, f64::NAN]);
        assert_eq!(nan, Err(QuantError::NotFinite { what: "weights", row: 0, column: 1 }));
        assert!(matches!(Weights::new(vec![f64::MAX, f64::MAX]), Err(QuantError::WeightsSum { .. })));
    }

    #[test]
    fn a_sum_within_the_tolerance_is_scaled_to_one() {
        let weights = Weights::new(vec![0.5, 0.500_000_9]).unwrap();
        assert!((weights.as_slice().iter().sum::<f64>() - 1.0).abs() < 1e-15);
    }
}
