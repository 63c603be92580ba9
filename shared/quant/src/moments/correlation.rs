use super::{covariance, finite};
use crate::{Matrix, QuantError};

/// Which correlation is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Correlation {
    /// Of the values: `C_ij / √(C_ii C_jj)`.
    Pearson,
    /// Of their ranks, ties at their mean rank (Spearman 1904).
    Spearman,
    /// Of the signs of their differences, corrected for ties: `τ_b` (Kendall 1945).
    Kendall,
}

/// The correlation of the columns.
///
/// * `observations`: one row a period, one column an asset, at least two rows.
///
/// Gives a symmetric matrix, columns × columns, with a unit diagonal; constant columns have zeros elsewhere.
///
/// # Errors
/// `TooFewRows` for fewer than two rows, `Overflow` for values whose products are no numbers.
pub fn correlation(observations: &Matrix, kind: Correlation) -> Result<Matrix, QuantError> {
    let rows = observations.rows();
    if rows < 2 {
        return Err(QuantError::TooFewRows { rows, minimum: 2 });
    }
    match kind {
        Correlation::Pearson => pearson(observations),
        Correlation::Spearman => pearson(&ranks(observations)),
        Correlation::Kendall => kendall(observations),
    }
}

fn pearson(observations: &Matrix) -> Result<Matrix, QuantError> {
    let (_, covariance) = covariance(observations)?;
    let of = |i: usize, j: usize| {
        let scale = covariance[(i, i)].sqrt() * covariance[(j, j)].sqrt();
        if scale > 0.0 { covariance[(i, j)] / scale } else { 0.0 }
    };
    symmetric(observations.columns(), |i, j| Ok(of(i, j).clamp(-1.0, 1.0)))
}

fn symmetric(
    columns: usize,
    of: impl Fn(usize, usize) -> Result<f64, QuantError>,
) -> Result<Matrix, QuantError> {
    let mut matrix = Matrix::zeros(columns, columns);
    for i in 0..columns {
        matrix[(i, i)] = 1.0;
        for j in 0..i {
            let value = finite(of(i, j)?, "a correlation")?;
            matrix[(i, j)] = value;
            matrix[(j, i)] = value;
        }
    }
    Ok(matrix)
}

/// Ranks from 1, ties at the mean of their ranks.
fn ranks(observations: &Matrix) -> Matrix {
    let mut ranks = Matrix::zeros(observations.rows(), observations.columns());
    for asset in 0..observations.columns() {
        let column = observations.column(asset);
        let mut order: Vec<usize> = (0..column.len()).collect();
        order.sort_by(|&a, &b| column[a].total_cmp(&column[b]));
        let mut start = 0;
        for tied in order.chunk_by(|&a, &b| column[a] >= column[b]) {
            let rank = start as f64 + (tied.len() + 1) as f64 / 2.0;
            for &row in tied {
                ranks[(row, asset)] = rank;
            }
            start += tied.len();
        }
    }
    ranks
}

/// `(concordant - discordant) / √((n₀ - n₁)(n₀ - n₂))` over all pairs of rows, n₁ and n₂ the pairs that tie in a column.
fn kendall(observations: &Matrix) -> Result<Matrix, QuantError> {
    let columns: Vec<Vec<f64>> =
        (0..observations.columns()).map(|asset| observations.column(asset)).collect();
    let sign = |difference: f64| i64::from(difference > 0.0) - i64::from(difference < 0.0);
    symmetric(columns.len(), |i, j| {
        let (left, right) = (&columns[i], &columns[j]);
        let (mut score, mut untied_left, mut untied_right) = (0i64, 0i64, 0i64);
        for a in 1..left.len() {
            for b in 0..a {
                let (x, y) = (sign(left[a] - left[b]), sign(right[a] - right[b]));
                score += x * y;
                untied_left += x.abs();
                untied_right += y.abs();
            }
        }
        let scale = (untied_left as f64).sqrt() * (untied_right as f64).sqrt();
        Ok(if scale > 0.0 { score as f64 / scale } else { 0.0 })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_columns_with_ties_and_a_constant_one() {
        let rows = [[1.0, 1.0, 7.0], [2.0, 3.0, 7.0], [2.0, 2.0, 7.0], [9.0, 4.0, 7.0]];
        let matrix = Matrix::from_rows("values", &rows).unwrap();
        let of = |kind| correlation(&matrix, kind).unwrap();
        // Ranks 1, 2.5, 2.5, 4 against 1, 3, 2, 4; five concordant pairs and one that ties.
        assert!((of(Correlation::Spearman)[(0, 1)] - 0.9f64.sqrt()).abs() < 1e-12);
        assert!((of(Correlation::Kendall)[(0, 1)] - 5.0 / 30f64.sqrt()).abs() < 1e-12);
        for kind in [Correlation::Pearson, Correlation::Spearman, Correlation::Kendall] {
            assert_eq!(of(kind).row(2), [0.0, 0.0, 1.0]);
        }
    }
}
