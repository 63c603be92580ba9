use super::covariance;
use crate::{Matrix, QuantError, estimate::linear::eigen};

/// The principal components of a sample: the directions of its largest variances.
#[derive(Debug, Clone, PartialEq)]
pub struct PrincipalComponents {
    /// The variances along the components, descending, in squared units a period; none is negative.
    pub variances: Vec<f64>,
    /// Their shares of the whole variance; all 0 for constant columns.
    pub shares: Vec<f64>,
    /// The components as columns of length 1, each with a positive sum of its entries.
    pub vectors: Matrix,
}

/// Principal components: the eigenvalues and eigenvectors of the sample covariance (ddof = 1).
///
/// * `observations`: one row a period, one column an asset, at least two rows.
///
/// # Errors
/// `TooFewRows` for fewer than two rows, `Overflow`.
pub fn principal_components(observations: &Matrix) -> Result<PrincipalComponents, QuantError> {
    let (_, covariance) = covariance(observations)?;
    let (values, ascending) = eigen(&covariance)?;
    let n = values.len();
    let variances: Vec<f64> = values.iter().rev().map(|value| value.max(0.0)).collect();
    let whole: f64 = variances.iter().sum();
    let share = |variance: &f64| if whole > 0.0 { variance / whole } else { 0.0 };
    let mut vectors = Matrix::zeros(n, n);
    for k in 0..n {
        let column = ascending.column(n - 1 - k);
        let sign = if column.iter().sum::<f64>() < 0.0 { -1.0 } else { 1.0 };
        for (i, value) in column.iter().enumerate() {
            vectors[(i, k)] = sign * value;
        }
    }
    Ok(PrincipalComponents { shares: variances.iter().map(share).collect(), variances, vectors })
}
