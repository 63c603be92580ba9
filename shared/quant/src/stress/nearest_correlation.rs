use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Matrix, QuantError, estimate::linear::eigen};

/// The correlation matrix nearest to a symmetric matrix.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct NearestCorrelation {
    /// The matrix, with a unit diagonal and no negative eigenvalue but for rounding.
    #[schema(value_type = Vec<Vec<f64>>)]
    pub correlation: Matrix,
    /// Whether the given matrix was a correlation already and was left alone.
    pub unchanged: bool,
    /// The smallest eigenvalue of the given matrix.
    pub smallest_eigenvalue: f64,
    /// The largest change of an entry.
    pub largest_change: f64,
    /// The projections made.
    pub iterations: usize,
    /// Whether they converged within the limit.
    pub converged: bool,
}

/// The correlation matrix nearest in the Frobenius norm (Higham 2002, algorithm 3.3): alternating projections onto the
/// semidefinite matrices and onto the unit diagonal, with Dykstra's correction.
///
/// * `matrix`: symmetric, with a unit diagonal; entries may lie outside [-1, 1].
///
/// # Errors
/// `AssetsMismatch` for a matrix that isn't square, `NotSymmetric`, `OutOfRange` for a diagonal that isn't 1, `Overflow`
/// where eigenvalues aren't found.
pub fn nearest_correlation(matrix: &Matrix) -> Result<NearestCorrelation, QuantError> {
    const ITERATIONS: usize = 1000;
    const TOLERANCE: f64 = 1e-13;
    check(matrix)?;
    let assets = matrix.rows();
    let (values, _) = eigen(matrix)?;
    let smallest_eigenvalue = values.iter().copied().fold(f64::INFINITY, f64::min);
    let unchanged = smallest_eigenvalue >= -1e-14 * assets as f64;
    let mut nearest = matrix.clone();
    let mut correction = Matrix::zeros(assets, assets);
    let (mut iterations, mut converged) = (0, unchanged);
    while !converged && iterations < ITERATIONS {
        iterations += 1;
        let raised = combine(&nearest, &correction, |value, correction| value - correction);
        let projected = project(&raised)?;
        correction = combine(&projected, &raised, |projected, raised| projected - raised);
        let mut next = projected;
        for i in 0..assets {
            next[(i, i)] = 1.0;
        }
        converged = change(&next, &nearest) <= TOLERANCE;
        nearest = next;
    }
    if !unchanged {
        nearest = unit_diagonal(&project(&nearest)?);
    }
    let largest_change = change(&nearest, matrix);
    Ok(NearestCorrelation {
        correlation: nearest,
        unchanged,
        smallest_eigenvalue,
        largest_change,
        iterations,
        converged,
    })
}

fn check(matrix: &Matrix) -> Result<(), QuantError> {
    let assets = matrix.rows();
    if matrix.columns() != assets {
        let what = "the correlation";
        return Err(QuantError::AssetsMismatch { what, found: matrix.columns(), expected: assets });
    }
    for row in 0..assets {
        let value = matrix[(row, row)];
        if (value - 1.0).abs() > 1e-9 {
            return Err(QuantError::OutOfRange { name: "the correlation's diagonal", range: "1", value });
        }
        for column in 0..row {
            if (matrix[(row, column)] - matrix[(column, row)]).abs() > 1e-10 {
                return Err(QuantError::NotSymmetric { row, column });
            }
        }
    }
    Ok(())
}

/// The nearest semidefinite matrix: negative eigenvalues set to 0.
fn project(matrix: &Matrix) -> Result<Matrix, QuantError> {
    let (values, vectors) = eigen(matrix)?;
    let mut projected = matrix.clone();
    for (k, &value) in values.iter().enumerate().filter(|&(_, &value)| value < 0.0) {
        let vector = vectors.column(k);
        for (i, left) in vector.iter().enumerate() {
            for (j, right) in vector.iter().enumerate() {
                projected[(i, j)] -= value * left * right;
            }
        }
    }
    Ok(projected)
}

fn unit_diagonal(matrix: &Matrix) -> Matrix {
    let mut scaled = matrix.clone();
    for i in 0..matrix.rows() {
        for j in 0..matrix.rows() {
            let scale = (matrix[(i, i)] * matrix[(j, j)]).sqrt();
            scaled[(i, j)] = if i == j { 1.0 } else { (matrix[(i, j)] / scale).clamp(-1.0, 1.0) };
        }
    }
    scaled
}

fn combine(left: &Matrix, right: &Matrix, join: impl Fn(f64, f64) -> f64) -> Matrix {
    let mut joined = left.clone();
    for i in 0..left.rows() {
        for j in 0..left.columns() {
            joined[(i, j)] = join(left[(i, j)], right[(i, j)]);
        }
    }
    joined
}

fn change(left: &Matrix, right: &Matrix) -> f64 {
    left.values().iter().zip(right.values()).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_highams_example() {
        // Higham (2002), section 4: the nearest correlation is known to 4 digits.
        let matrix =
            Matrix::from_rows("correlation", &[[1.0, 1.0, 0.0], [1.0, 1.0, 1.0], [0.0, 1.0, 1.0]]).unwrap();
        let nearest = nearest_correlation(&matrix).unwrap();
        assert!(nearest.converged && !nearest.unchanged);
        assert!((nearest.correlation[(0, 1)] - 0.7607).abs() < 5e-5);
        assert!((nearest.correlation[(0, 2)] - 0.1573).abs() < 5e-5);
        let (values, _) = eigen(&nearest.correlation).unwrap();
        assert!(values.iter().all(|&value| value > -1e-12));
    }

    #[test]
    fn a_correlation_is_left_alone() {
        let matrix = Matrix::from_rows("correlation", &[[1.0, 0.5], [0.5, 1.0]]).unwrap();
        let nearest = nearest_correlation(&matrix).unwrap();
        assert!(nearest.unchanged && nearest.iterations == 0);
        assert_eq!(nearest.correlation, matrix);
    }

    #[test]
    fn what_is_no_correlation_at_all_is_refused() {
        let of = |rows: &[[f64; 2]]| nearest_correlation(&Matrix::from_rows("correlation", rows).unwrap());
        assert!(matches!(of(&[[1.0, 0.5]]), Err(QuantError::AssetsMismatch { .. })));
        assert!(matches!(of(&[[1.0, 0.5], [0.4, 1.0]]), Err(QuantError::NotSymmetric { .. })));
        assert!(matches!(of(&[[2.0, 0.5], [0.5, 1.0]]), Err(QuantError::OutOfRange { .. })));
    }
}
