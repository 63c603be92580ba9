//! Factors of covariance matrices, with a defined repair where a matrix is not positive definite.

mod cholesky;
mod eigen;
mod semidefinite;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use cholesky::Factor;
pub use semidefinite::nearest_semidefinite;

use crate::{Matrix, QuantError};

/// What had to be done to a covariance before it could be simulated.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum CovarianceRepair {
    /// Nothing: the matrix is positive definite.
    None,
    /// Nothing was changed, but the matrix is only positive *semi*definite: constant or collinear columns, or no more
    /// rows than assets. The factor has fewer random drivers than assets.
    Semidefinite {
        /// The number of independent random drivers.
        rank: usize,
    },
    /// The matrix was no covariance. The negative eigenvalues of its correlation were set to 0, and the diagonal was
    /// scaled back to 1: variances are kept, correlations changed.
    EigenvaluesClipped {
        /// The number of independent random drivers.
        rank: usize,
        /// How many eigenvalues were negative.
        negative: usize,
        /// The smallest of them, of the correlation.
        smallest: f64,
        /// The largest change of a correlation.
        largest_change: f64,
    },
}

/// Factors a covariance `C = F Fᵀ`, repairing it where it has to be.
///
/// The matrix is scaled to a correlation first, so that the units of the assets don't matter. Positive definite: the plain
/// Cholesky factor. Semidefinite: Cholesky with complete pivoting (Higham 1990), stopped at the numerical rank.
/// Indefinite: eigenvalue clipping (Rebonato & Jäckel 2000), then the same.
///
/// * `covariance`: assets × assets, symmetric.
///
/// # Errors
/// `NotSymmetric`, `NegativeVariance`, and `AssetsMismatch` for a matrix that isn't square.
pub fn factor(covariance: &Matrix) -> Result<(Factor, CovarianceRepair), QuantError> {
    let deviations = deviations(covariance)?;
    let correlation = correlation(covariance, &deviations);
    if let Some(factor) = cholesky::definite(&correlation, &deviations) {
        return Ok((factor, CovarianceRepair::None));
    }
    if let Some(factor) = cholesky::semidefinite(&correlation, &deviations, false) {
        let rank = factor.rank();
        return Ok((factor, CovarianceRepair::Semidefinite { rank }));
    }
    let clipped = eigen::clip(&correlation);
    let factor = cholesky::semidefinite(&clipped.correlation, &deviations, true)
        .ok_or(QuantError::Overflow { what: "the clipped covariance" })?;
    let repair = CovarianceRepair::EigenvaluesClipped {
        rank: factor.rank(),
        negative: clipped.negative,
        smallest: clipped.smallest,
        largest_change: clipped.largest_change,
    };
    Ok((factor, repair))
}

fn deviations(covariance: &Matrix) -> Result<Vec<f64>, QuantError> {
    let assets = covariance.rows();
    if covariance.columns() != assets {
        let what = "the covariance";
        return Err(QuantError::AssetsMismatch { what, found: covariance.columns(), expected: assets });
    }
    if let Some(asset) = (0..assets).find(|&i| covariance[(i, i)] < 0.0) {
        return Err(QuantError::NegativeVariance { asset });
    }
    for row in 0..assets {
        for column in 0..row {
            let scale = (covariance[(row, row)] * covariance[(column, column)]).sqrt();
            let difference = covariance[(row, column)] - covariance[(column, row)];
            if difference.abs() > 1e-10 * scale {
                return Err(QuantError::NotSymmetric { row, column });
            }
        }
    }
    Ok((0..assets).map(|i| covariance[(i, i)].sqrt()).collect())
}

/// The correlation, with a unit diagonal, and zeros in the rows of constant columns.
fn correlation(covariance: &Matrix, deviations: &[f64]) -> Matrix {
    let assets = deviations.len();
    let mut correlation = Matrix::zeros(assets, assets);
    for i in (0..assets).filter(|&i| deviations[i] > 0.0) {
        correlation[(i, i)] = 1.0;
        for j in (0..i).filter(|&j| deviations[j] > 0.0) {
            let value = covariance[(i, j)] / deviations[i] / deviations[j];
            correlation[(i, j)] = value;
            correlation[(j, i)] = value;
        }
    }
    correlation
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matrix<const N: usize>(rows: &[[f64; N]; N]) -> Matrix {
        Matrix::from_rows("covariance", rows).unwrap()
    }

    fn distance(left: &Matrix, right: &Matrix) -> f64 {
        left.values().iter().zip(right.values()).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
    }

    #[test]
    fn definite_matrices_are_left_alone() {
        let covariance = matrix(&[[4.0, 2.0, 0.4], [2.0, 2.0, 0.1], [0.4, 0.1, 1.0]]);
        let (factor, repair) = factor(&covariance).unwrap();
        assert_eq!(repair, CovarianceRepair::None);
        assert_eq!(factor.order(), [0, 1, 2]);
        assert!(distance(&factor.covariance(), &covariance) < 1e-15);
    }

    #[test]
    fn constant_and_collinear_columns_lower_the_rank() {
        let covariance =
            matrix(&[[1.0, 0.0, 2.0, 0.5], [0.0; 4], [2.0, 0.0, 4.0, 1.0], [0.5, 0.0, 1.0, 1e-8 + 0.25]]);
        let (factor, repair) = factor(&covariance).unwrap();
        assert_eq!(repair, CovarianceRepair::Semidefinite { rank: 2 });
        assert!(distance(&factor.covariance(), &covariance) < 1e-12);
        let (constant, repair) = super::factor(&Matrix::zeros(3, 3)).unwrap();
        assert_eq!((constant.rank(), repair), (0, CovarianceRepair::Semidefinite { rank: 0 }));
    }

    #[test]
    fn indefinite_matrices_are_clipped_and_keep_their_variances() {
        let covariance = matrix(&[[4.0, 1.8, -1.8], [1.8, 1.0, 0.9], [-1.8, 0.9, 1.0]]);
        let (factor, repair) = factor(&covariance).unwrap();
        let CovarianceRepair::EigenvaluesClipped { rank: 2, negative: 1, smallest, largest_change } = repair
        else {
            panic!("{repair:?}")
        };
        assert!((smallest - -0.8).abs() < 1e-12 && largest_change > 0.1 && largest_change < 0.5);
        let repaired = factor.covariance();
        assert!((0..3).all(|i| (repaired[(i, i)] / covariance[(i, i)] - 1.0).abs() < 1e-12));
    }

    #[test]
    fn what_is_no_matrix_of_covariances_is_refused() {
        let lopsided = factor(&matrix(&[[1.0, 0.5], [0.4, 1.0]]));
        assert_eq!(lopsided.unwrap_err(), QuantError::NotSymmetric { row: 1, column: 0 });
        let negative = factor(&matrix(&[[1.0, 0.0], [0.0, -1.0]]));
        assert_eq!(negative.unwrap_err(), QuantError::NegativeVariance { asset: 1 });
        let wide = Matrix::from_rows("covariance", &[[1.0, 0.0]]).unwrap();
        assert!(matches!(factor(&wide), Err(QuantError::AssetsMismatch { .. })));
    }
}
