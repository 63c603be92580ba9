use super::{finite, mean};
use crate::{Matrix, QuantError, sum::sum_by};

/// The sample covariance of the columns, `C_ij = Σ_t (x_ti - m_i)(x_tj - m_j) / (n - 1)` (ddof = 1), and their means.
///
/// * `observations`: one row a period, one column an asset; columns of equal values have exactly zero covariances.
///
/// Gives `(means, covariance)`: one mean a column, and a symmetric matrix, columns × columns, in squared units a period.
///
/// # Errors
/// `TooFewRows` for fewer than two rows, `Overflow` for values whose products are no numbers.
pub fn covariance(observations: &Matrix) -> Result<(Vec<f64>, Matrix), QuantError> {
    let rows = observations.rows();
    if rows < 2 {
        return Err(QuantError::TooFewRows { rows, minimum: 2 });
    }
    let assets = observations.columns();
    let mut means = Vec::with_capacity(assets);
    let mut deviations = Vec::with_capacity(assets);
    for asset in 0..assets {
        let mut column = observations.column(asset);
        let mean = finite(mean::unchecked(&column), "a mean")?;
        for value in &mut column {
            *value -= mean;
        }
        means.push(mean);
        deviations.push(column);
    }
    let mut covariance = Matrix::zeros(assets, assets);
    let mut products = vec![0.0; rows];
    for i in 0..assets {
        for j in 0..=i {
            for ((product, left), right) in products.iter_mut().zip(&deviations[i]).zip(&deviations[j]) {
                *product = left * right;
            }
            let value = finite(sum_by(&products, |product| product) / (rows - 1) as f64, "a covariance")?;
            covariance[(i, j)] = value;
            covariance[(j, i)] = value;
        }
    }
    Ok((means, covariance))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two_columns_and_a_constant_one() {
        let rows = [[1.0, 2.0, 0.1], [2.0, 6.0, 0.1], [3.0, 4.0, 0.1]];
        let (means, covariance) = covariance(&Matrix::from_rows("values", &rows).unwrap()).unwrap();
        assert_eq!(means, [2.0, 4.0, 0.1]);
        assert_eq!(covariance.row(0), [1.0, 1.0, 0.0]);
        assert_eq!(covariance.row(1), [1.0, 4.0, 0.0]);
        assert_eq!(covariance.row(2), [0.0; 3]);
    }

    #[test]
    fn needs_two_rows() {
        let one = Matrix::from_rows("values", &[[1.0]]).unwrap();
        assert!(matches!(covariance(&one), Err(QuantError::TooFewRows { rows: 1, minimum: 2 })));
    }
}
