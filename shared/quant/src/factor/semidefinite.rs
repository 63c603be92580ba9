use crate::{
    Matrix, QuantError,
    estimate::linear::{eigen, recompose},
};

/// The semidefinite matrix nearest to a symmetric matrix in the Frobenius norm: negative eigenvalues set to 0 (Higham 1988). The
/// diagonal may grow; [`crate::stress::nearest_correlation`] keeps it.
///
/// * `matrix`: symmetric; only its lower triangle is read.
///
/// # Errors
/// `AssetsMismatch` for a matrix that isn't square, `Overflow` where eigenvalues aren't found.
pub fn nearest_semidefinite(matrix: &Matrix) -> Result<Matrix, QuantError> {
    let assets = matrix.rows();
    if matrix.columns() != assets {
        let what = "the matrix";
        return Err(QuantError::AssetsMismatch { what, found: matrix.columns(), expected: assets });
    }
    let (values, vectors) = eigen(matrix)?;
    if values.iter().all(|&value| value >= 0.0) {
        return Ok(matrix.clone());
    }
    let raised: Vec<f64> = values.iter().map(|value| value.max(0.0)).collect();
    Ok(recompose(&raised, &vectors))
}
