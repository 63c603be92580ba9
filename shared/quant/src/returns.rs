use serde::{Deserialize, Serialize};

use crate::{Matrix, QuantError, Weights};

/// A history of simple returns: one row a period (day), oldest first, one column an asset, as fractions (0.01 = 1 %).
/// Every value is finite and above -1, and there are at least two rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Vec<f64>>", into = "Vec<Vec<f64>>")]
pub struct Returns(Matrix);

impl Returns {
    /// Takes simple returns, `rows[t][i]` of day t and asset i.
    ///
    /// # Errors
    /// `Empty`, `RaggedRow`, `NotFinite`, `TotalLoss` for a value of -1 or less, `TooFewRows` for fewer than two rows.
    pub fn from_rows<R: AsRef<[f64]>>(rows: &[R]) -> Result<Self, QuantError> {
        let matrix = Matrix::from_rows("returns", rows)?;
        for row in 0..matrix.rows() {
            if let Some(column) = matrix.row(row).iter().position(|&value| value <= -1.0) {
                return Err(QuantError::TotalLoss { row, column, value: matrix[(row, column)] });
            }
        }
        if matrix.rows() < 2 {
            return Err(QuantError::TooFewRows { rows: matrix.rows(), minimum: 2 });
        }
        Ok(Self(matrix))
    }

    /// Simple returns `P_t / P_(t-1) - 1` of closing prices, `rows[t][i]` of day t and asset i.
    ///
    /// # Errors
    /// `Empty`, `RaggedRow`, `NotFinite`, `PriceNotPositive`, `TooFewRows` for fewer than three rows (two returns), and
    /// `Overflow` for two prices whose ratio is no number.
    pub fn from_prices<R: AsRef<[f64]>>(rows: &[R]) -> Result<Self, QuantError> {
        let prices = Matrix::from_rows("prices", rows)?;
        for row in 0..prices.rows() {
            if let Some(column) = prices.row(row).iter().position(|&value| value <= 0.0) {
                return Err(QuantError::PriceNotPositive { row, column, value: prices[(row, column)] });
            }
        }
        if prices.rows() < 3 {
            return Err(QuantError::TooFewRows { rows: prices.rows(), minimum: 3 });
        }
        let mut returns = Matrix::zeros(prices.rows() - 1, prices.columns());
        for row in 0..returns.rows() {
            for column in 0..returns.columns() {
                let value = prices[(row + 1, column)] / prices[(row, column)] - 1.0;
                if !value.is_finite() || value <= -1.0 {
                    return Err(QuantError::Overflow { what: "the ratio of two prices" });
                }
                returns[(row, column)] = value;
            }
        }
        Ok(Self(returns))
    }

    /// The number of periods.
    pub fn periods(&self) -> usize {
        self.0.rows()
    }

    /// The number of assets.
    pub fn assets(&self) -> usize {
        self.0.columns()
    }

    /// The simple returns, periods × assets.
    pub fn simple(&self) -> &Matrix {
        &self.0
    }

    /// The log-returns `ln(1 + R)`, periods × assets.
    pub fn log(&self) -> Matrix {
        self.0.map(libm::log1p)
    }

    /// The simple returns of a portfolio that is rebalanced to its weights every period: `r_t = Σ w_i R_it`.
    ///
    /// # Errors
    /// `AssetsMismatch` for weights of another number of assets, `Overflow` where a sum is no number.
    pub fn portfolio(&self, weights: &Weights) -> Result<Vec<f64>, QuantError> {
        weights.must_cover(self.assets())?;
        (0..self.periods())
            .map(|row| {
                let products = self.0.row(row).iter().zip(weights.as_slice());
                let value = products.map(|(value, weight)| weight * value).sum::<f64>();
                value.is_finite().then_some(value).ok_or(QuantError::Overflow { what: "a portfolio return" })
            })
            .collect()
    }
}

impl TryFrom<Vec<Vec<f64>>> for Returns {
    type Error = QuantError;

    fn try_from(rows: Vec<Vec<f64>>) -> Result<Self, QuantError> {
        Self::from_rows(&rows)
    }
}

impl From<Returns> for Vec<Vec<f64>> {
    fn from(returns: Returns) -> Self {
        returns.0.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_become_returns() {
        let returns = Returns::from_prices(&[[100.0, 1.0], [110.0, 1.0], [99.0, 2.0]]).unwrap();
        assert_eq!((returns.periods(), returns.assets()), (2, 2));
        assert!((returns.simple()[(1, 0)] + 0.1).abs() < 1e-15);
        assert_eq!(returns.log()[(1, 1)].to_bits(), std::f64::consts::LN_2.to_bits());
        let weights = Weights::new(vec![1.5, -0.5]).unwrap();
        assert!((returns.portfolio(&weights).unwrap()[1] + 0.65).abs() < 1e-15);
    }

    #[test]
    fn bad_rows_are_named() {
        let lost = Returns::from_rows(&[[0.1], [-1.0]]);
        assert_eq!(lost, Err(QuantError::TotalLoss { row: 1, column: 0, value: -1.0 }));
        assert_eq!(Returns::from_rows(&[[0.1]]), Err(QuantError::TooFewRows { rows: 1, minimum: 2 }));
        let free = Returns::from_prices(&[[1.0], [0.0], [1.0]]);
        assert_eq!(free, Err(QuantError::PriceNotPositive { row: 1, column: 0, value: 0.0 }));
        assert!(Returns::from_prices(&[[f64::MIN_POSITIVE], [f64::MAX], [1.0]]).is_err());
        let returns = Returns::from_rows(&[[0.1, 0.1], [0.2, 0.1]]).unwrap();
        let weights = Weights::equal(3).unwrap();
        assert!(matches!(returns.portfolio(&weights), Err(QuantError::AssetsMismatch { .. })));
    }
}
