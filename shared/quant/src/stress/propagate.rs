use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{impact::check_shocks, solve::Solver};
use crate::{Matrix, QuantError};

/// Shocks of all assets that follow from those of some.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = PropagatedShocks)]
pub struct Propagated {
    /// One shock an asset: as given, or the expected one.
    pub shocks: Vec<f64>,
    /// Shocked assets that tell nothing more than other shocked ones (collinear or constant): they keep their shock but
    /// aren't used to predict.
    pub redundant: Vec<usize>,
}

/// The expected shocks of the other assets, given those of some: `E[r_u | r_s] = C_us C_ss⁻¹ r_s` of a joint normal
/// distribution with mean zero (Kupiec 1998, conditional stress tests).
///
/// * `covariance`: assets × assets.
/// * `shocks`: one an asset, at least -1; `None` for an asset that follows.
///
/// # Errors
/// `AssetsMismatch`, `NotFinite`, `OutOfRange` for a shock, `Empty` where no asset is shocked, `NotSymmetric`,
/// `NegativeVariance`.
pub fn propagate(covariance: &Matrix, shocks: &[Option<f64>]) -> Result<Propagated, QuantError> {
    if shocks.len() != covariance.rows() || covariance.columns() != covariance.rows() {
        let (found, expected) = (shocks.len(), covariance.rows());
        return Err(QuantError::AssetsMismatch { what: "the shocks", found, expected });
    }
    let (named, given): (Vec<usize>, Vec<f64>) =
        shocks.iter().enumerate().filter_map(|(asset, shock)| shock.map(|shock| (asset, shock))).unzip();
    if named.is_empty() {
        return Err(QuantError::Empty { what: "the shocks" });
    }
    check_shocks(&given)?;
    let mut block = Matrix::zeros(named.len(), named.len());
    for (row, &i) in named.iter().enumerate() {
        for (column, &j) in named.iter().enumerate() {
            block[(row, column)] = covariance[(i, j)];
        }
    }
    let solver = Solver::new(&block)?;
    let slopes = solver.solve(&given);
    let shock = |(asset, shock): (usize, &Option<f64>)| {
        shock.unwrap_or_else(|| {
            named.iter().zip(&slopes).map(|(&other, slope)| covariance[(asset, other)] * slope).sum()
        })
    };
    Ok(Propagated {
        shocks: shocks.iter().enumerate().map(shock).collect(),
        redundant: solver.redundant().into_iter().map(|at| named[at]).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn follows_beta() {
        let covariance =
            Matrix::from_rows("covariance", &[[0.04, 0.03, 0.0], [0.03, 0.09, 0.0], [0.0, 0.0, 0.01]])
                .unwrap();
        let result = propagate(&covariance, &[Some(-0.2), None, None]).unwrap();
        assert!((result.shocks[1] + 0.15).abs() < 1e-15 && result.shocks[2].abs() < 1e-15);
        assert!(matches!(propagate(&covariance, &[None; 3]), Err(QuantError::Empty { .. })));
        assert!(matches!(propagate(&covariance, &[None; 2]), Err(QuantError::AssetsMismatch { .. })));
    }

    #[test]
    fn a_constant_asset_predicts_nothing() {
        let covariance = Matrix::from_rows("covariance", &[[0.0, 0.0], [0.0, 0.04]]).unwrap();
        let result = propagate(&covariance, &[Some(-0.5), None]).unwrap();
        assert_eq!((result.shocks, result.redundant), (vec![-0.5, 0.0], vec![0]));
    }
}
