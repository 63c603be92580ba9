//! The dense linear algebra of this crate, over `faer`, on one thread.

use faer::{Accum, Mat, MatRef, Par, Side, linalg::matmul::matmul, linalg::solvers::Llt};

use crate::{Matrix, QuantError, Returns, moments::mean};

pub(crate) fn view(matrix: &Matrix) -> MatRef<'_, f64> {
    MatRef::from_row_major_slice(matrix.values(), matrix.rows(), matrix.columns())
}

pub(crate) fn to_matrix(values: MatRef<'_, f64>) -> Matrix {
    let mut matrix = Matrix::zeros(values.nrows(), values.ncols());
    for row in 0..values.nrows() {
        for column in 0..values.ncols() {
            matrix[(row, column)] = values[(row, column)];
        }
    }
    matrix
}

/// `Aᵀ B`.
pub(crate) fn transposed_product(a: &Matrix, b: &Matrix) -> Matrix {
    let mut product = Mat::zeros(a.columns(), b.columns());
    matmul(product.as_mut(), Accum::Replace, view(a).transpose(), view(b), 1.0, Par::Seq);
    to_matrix(product.as_ref())
}

/// `Xᵀ X`, exactly symmetric.
pub(crate) fn gram(x: &Matrix) -> Matrix {
    let mut gram = transposed_product(x, x);
    for i in 0..gram.rows() {
        for j in 0..i {
            gram[(i, j)] = gram[(j, i)];
        }
    }
    gram
}

/// `A x`.
pub(crate) fn times(a: &Matrix, x: &[f64]) -> Vec<f64> {
    (0..a.rows()).map(|row| dot(a.row(row), x)).collect()
}

pub(crate) fn dot(a: &[f64], b: &[f64]) -> f64 {
    const LANES: usize = 16;
    let mut lanes = [0.0; LANES];
    let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<LANES>(), b.as_chunks::<LANES>());
    for (a, b) in a.iter().zip(b) {
        for ((lane, a), b) in lanes.iter_mut().zip(a).zip(b) {
            *lane += a * b;
        }
    }
    let rest: f64 = a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum();
    lanes.iter().sum::<f64>() + rest
}

/// `A x` of a symmetric matrix, over the entries of `x` that aren't 0.
pub(crate) fn times_held(a: &Matrix, x: &[f64]) -> Vec<f64> {
    let mut product = vec![0.0; a.rows()];
    for (i, &value) in x.iter().enumerate().filter(|(_, value)| **value != 0.0) {
        product.iter_mut().zip(a.row(i)).for_each(|(sum, entry)| *sum += value * entry);
    }
    product
}

/// `xᵀ A y`, over the entries that aren't 0.
pub(crate) fn bilinear(a: &Matrix, x: &[f64], y: &[f64]) -> f64 {
    let held: Vec<usize> = (0..y.len()).filter(|&j| y[j] != 0.0).collect();
    let row = |i: usize| held.iter().map(|&j| a[(i, j)] * y[j]).sum::<f64>();
    (0..x.len()).filter(|&i| x[i] != 0.0).map(|i| x[i] * row(i)).sum()
}

/// The Cholesky factor of a positive definite matrix; `None` for any other.
pub(crate) fn cholesky(matrix: &Matrix) -> Option<Llt<f64>> {
    view(matrix).llt(Side::Lower).ok()
}

/// Eigenvalues in ascending order, and eigenvectors as columns.
pub(crate) fn eigen(matrix: &Matrix) -> Result<(Vec<f64>, Matrix), QuantError> {
    let no_convergence = |_| QuantError::Overflow { what: "an eigenvalue" };
    let decomposition = view(matrix).self_adjoint_eigen(Side::Lower).map_err(no_convergence)?;
    let values = decomposition.S().column_vector();
    Ok(((0..values.nrows()).map(|i| values[i]).collect(), to_matrix(decomposition.U())))
}

/// `V diag(values) Vᵀ`.
pub(crate) fn recompose(values: &[f64], vectors: &Matrix) -> Matrix {
    let n = values.len();
    let scaled = Mat::from_fn(n, n, |i, k| vectors[(i, k)] * values[k]);
    let mut product = Mat::zeros(n, n);
    matmul(product.as_mut(), Accum::Replace, scaled.as_ref(), view(vectors).transpose(), 1.0, Par::Seq);
    let mut matrix = to_matrix(product.as_ref());
    for i in 0..n {
        for j in 0..i {
            matrix[(i, j)] = matrix[(j, i)];
        }
    }
    matrix
}

/// The means of the columns, and the columns around them; a constant column gives exact zeros.
pub(crate) fn centred(returns: &Returns) -> Result<(Vec<f64>, Matrix), QuantError> {
    let values = returns.simple();
    let means = (0..values.columns()).map(|i| mean(&values.column(i))).collect::<Result<Vec<_>, _>>()?;
    let mut centred = values.clone();
    for row in 0..values.rows() {
        for (column, mean) in means.iter().enumerate() {
            centred[(row, column)] -= mean;
        }
    }
    Ok((means, centred))
}

/// The correlation of a covariance, with a unit diagonal, and the standard deviations. Constant assets correlate with none.
pub(crate) fn correlation(covariance: &Matrix) -> (Matrix, Vec<f64>) {
    let n = covariance.rows();
    let deviations: Vec<f64> = (0..n).map(|i| covariance[(i, i)].sqrt()).collect();
    let mut correlation = Matrix::zeros(n, n);
    for i in 0..n {
        for j in 0..n {
            let scale = deviations[i] * deviations[j];
            let value = if scale > 0.0 { covariance[(i, j)] / scale } else { 0.0 };
            correlation[(i, j)] = if i == j { 1.0 } else { value.clamp(-1.0, 1.0) };
        }
    }
    (correlation, deviations)
}

pub(crate) fn trace(matrix: &Matrix) -> f64 {
    (0..matrix.rows()).map(|i| matrix[(i, i)]).sum()
}

/// The matrix times a factor.
pub(crate) fn scaled(matrix: &Matrix, factor: f64) -> Matrix {
    matrix.map(|value| value * factor)
}

/// `δ F + (1 - δ) S`.
pub(crate) fn blend(target: &Matrix, sample: &Matrix, delta: f64) -> Matrix {
    let n = sample.rows();
    let mut matrix = Matrix::zeros(n, n);
    for i in 0..n {
        for j in 0..n {
            matrix[(i, j)] = delta * target[(i, j)] + (1.0 - delta) * sample[(i, j)];
        }
    }
    matrix
}

/// A multiple of the identity.
pub(crate) fn identity(n: usize, value: f64) -> Matrix {
    let mut matrix = Matrix::zeros(n, n);
    for i in 0..n {
        matrix[(i, i)] = value;
    }
    matrix
}
