use serde::{Deserialize, Serialize};

use crate::QuantError;

/// A dense matrix of finite numbers, row by row; in JSON an array of rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Vec<f64>>", into = "Vec<Vec<f64>>")]
pub struct Matrix {
    rows: usize,
    columns: usize,
    values: Vec<f64>,
}

impl Matrix {
    /// A matrix of zeros.
    pub fn zeros(rows: usize, columns: usize) -> Self {
        Self { rows, columns, values: vec![0.0; rows * columns] }
    }

    /// Takes rows of equal length; `what` names the table in errors.
    ///
    /// # Errors
    /// `Empty` without a row or a column, `RaggedRow` for rows of different lengths, `NotFinite` for NaN or infinities.
    pub fn from_rows<R: AsRef<[f64]>>(what: &'static str, rows: &[R]) -> Result<Self, QuantError> {
        let columns = rows.first().map_or(0, |row| row.as_ref().len());
        if columns == 0 {
            return Err(QuantError::Empty { what });
        }
        let mut values = Vec::with_capacity(rows.len() * columns);
        for (index, row) in rows.iter().enumerate() {
            let row = row.as_ref();
            if row.len() != columns {
                return Err(QuantError::RaggedRow { row: index, found: row.len(), expected: columns });
            }
            if let Some(column) = row.iter().position(|value| !value.is_finite()) {
                return Err(QuantError::NotFinite { what, row: index, column });
            }
            values.extend_from_slice(row);
        }
        Ok(Self { rows: rows.len(), columns, values })
    }

    /// The number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The number of columns.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// The values of one row.
    pub fn row(&self, row: usize) -> &[f64] {
        &self.values[row * self.columns..(row + 1) * self.columns]
    }

    /// The values of one column.
    pub fn column(&self, column: usize) -> Vec<f64> {
        (0..self.rows).map(|row| self[(row, column)]).collect()
    }

    /// All values, row by row.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// The matrix with every value passed through `change`, which must give finite numbers.
    pub(crate) fn map(&self, change: impl Fn(f64) -> f64) -> Self {
        Self { values: self.values.iter().map(|&value| change(value)).collect(), ..*self }
    }
}

impl TryFrom<Vec<Vec<f64>>> for Matrix {
    type Error = QuantError;

    fn try_from(rows: Vec<Vec<f64>>) -> Result<Self, QuantError> {
        Self::from_rows("matrix", &rows)
    }
}

impl From<Matrix> for Vec<Vec<f64>> {
    fn from(matrix: Matrix) -> Self {
        (0..matrix.rows).map(|row| matrix.row(row).to_vec()).collect()
    }
}

impl std::ops::Index<(usize, usize)> for Matrix {
    type Output = f64;

    fn index(&self, (row, column): (usize, usize)) -> &f64 {
        &self.values[row * self.columns + column]
    }
}

impl std::ops::IndexMut<(usize, usize)> for Matrix {
    fn index_mut(&mut self, (row, column): (usize, usize)) -> &mut f64 {
        &mut self.values[row * self.columns + column]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_ragged_empty_and_infinite_rows() {
        let ragged = Matrix::from_rows("returns", &[vec![1.0, 2.0], vec![3.0]]);
        assert_eq!(ragged, Err(QuantError::RaggedRow { row: 1, found: 1, expected: 2 }));
        let empty = Matrix::from_rows("returns", &[] as &[Vec<f64>]);
        assert_eq!(empty, Err(QuantError::Empty { what: "returns" }));
        let infinite = Matrix::from_rows("returns", &[[0.0, 1.0], [0.0, f64::INFINITY]]);
        assert_eq!(infinite, Err(QuantError::NotFinite { what: "returns", row: 1, column: 1 }));
    }
}
