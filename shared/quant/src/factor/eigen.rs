use crate::Matrix;

/// A correlation whose negative eigenvalues were set to 0.
pub(super) struct Clipped {
    pub(super) correlation: Matrix,
    pub(super) negative: usize,
    pub(super) smallest: f64,
    pub(super) largest_change: f64,
}

/// Clips the eigenvalues of a correlation at 0 and scales its diagonal back to what it was.
pub(super) fn clip(correlation: &Matrix) -> Clipped {
    let assets = correlation.rows();
    let (values, vectors) = symmetric(correlation);
    let mut clipped = Matrix::zeros(assets, assets);
    for i in 0..assets {
        for j in 0..assets {
            clipped[(i, j)] =
                (0..assets).map(|k| vectors[(i, k)] * values[k].max(0.0) * vectors[(j, k)]).sum();
        }
    }
    let diagonal: Vec<f64> = (0..assets).map(|i| clipped[(i, i)].sqrt()).collect();
    let mut largest_change = 0.0f64;
    for i in 0..assets {
        for j in 0..assets {
            let scale = diagonal[i] * diagonal[j];
            clipped[(i, j)] = match (i == j, scale > 0.0) {
                (true, _) => correlation[(i, i)],
                (false, true) => clipped[(i, j)] / scale,
                (false, false) => 0.0,
            };
            largest_change = largest_change.max((clipped[(i, j)] - correlation[(i, j)]).abs());
        }
    }
    let negative = values.iter().filter(|&&value| value < -1e-13 * assets as f64).count();
    let smallest = values.iter().copied().fold(f64::INFINITY, f64::min);
    Clipped { correlation: clipped, negative, smallest, largest_change }
}

/// Eigenvalues and eigenvectors (columns) of a symmetric matrix by cyclic Jacobi rotations (Golub & Van Loan 2013,
/// section 8.5): slower than QR, but short, exact for small eigenvalues, and with the same bits on every machine.
fn symmetric(matrix: &Matrix) -> (Vec<f64>, Matrix) {
    const SWEEPS: usize = 50;
    let n = matrix.rows();
    let mut a = matrix.clone();
    let mut vectors = Matrix::zeros(n, n);
    for i in 0..n {
        vectors[(i, i)] = 1.0;
    }
    for _ in 0..SWEEPS {
        let mut rotated = false;
        for p in 0..n {
            for q in p + 1..n {
                if a[(p, q)].abs() > f64::EPSILON * 1e-2 {
                    rotate(&mut a, &mut vectors, p, q);
                    rotated = true;
                }
            }
        }
        if !rotated {
            break;
        }
    }
    ((0..n).map(|i| a[(i, i)]).collect(), vectors)
}

/// One rotation that makes the entry (p, q) zero.
fn rotate(a: &mut Matrix, vectors: &mut Matrix, p: usize, q: usize) {
    let theta = (a[(q, q)] - a[(p, p)]) / (2.0 * a[(p, q)]);
    let tan = theta.signum() / (theta.abs() + (theta * theta + 1.0).sqrt());
    let cos = 1.0 / (tan * tan + 1.0).sqrt();
    let sin = tan * cos;
    for k in 0..a.rows() {
        let (left, right) = (a[(k, p)], a[(k, q)]);
        a[(k, p)] = cos * left - sin * right;
        a[(k, q)] = sin * left + cos * right;
    }
    for k in 0..a.rows() {
        let (left, right) = (a[(p, k)], a[(q, k)]);
        a[(p, k)] = cos * left - sin * right;
        a[(q, k)] = sin * left + cos * right;
    }
    for k in 0..a.rows() {
        let (left, right) = (vectors[(k, p)], vectors[(k, q)]);
        vectors[(k, p)] = cos * left - sin * right;
        vectors[(k, q)] = sin * left + cos * right;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eigenvalues_of_a_known_matrix() {
        let matrix =
            Matrix::from_rows("matrix", &[[2.0, -1.0, 0.0], [-1.0, 2.0, -1.0], [0.0, -1.0, 2.0]]).unwrap();
        let (mut values, vectors) = symmetric(&matrix);
        for (k, value) in values.iter().enumerate() {
            for i in 0..3 {
                let image: f64 = (0..3).map(|j| matrix[(i, j)] * vectors[(j, k)]).sum();
                assert!((image - value * vectors[(i, k)]).abs() < 1e-14);
            }
        }
        values.sort_by(f64::total_cmp);
        let root = 2.0f64.sqrt();
        assert!(values.iter().zip([2.0 - root, 2.0, 2.0 + root]).all(|(a, b)| (a - b).abs() < 1e-14));
    }
}
