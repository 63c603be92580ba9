use crate::{Matrix, QuantError, factor::factor};

/// A covariance ready to solve `C x = b`.
pub(super) struct Solver {
    factor: crate::factor::Factor,
}

impl Solver {
    /// # Errors
    /// As [`factor`].
    pub(super) fn new(covariance: &Matrix) -> Result<Self, QuantError> {
        Ok(Self { factor: factor(covariance)?.0 })
    }

    /// The variables that are combinations of others (or constant), ascending; their part of every solution is 0.
    pub(super) fn redundant(&self) -> Vec<usize> {
        let mut redundant = self.factor.order()[self.factor.rank()..].to_vec();
        redundant.sort_unstable();
        redundant
    }

    /// The basic solution: exact for the independent variables, by the triangular factor of their block.
    pub(super) fn solve(&self, right: &[f64]) -> Vec<f64> {
        let (factor, rank) = (&self.factor, self.factor.rank());
        let order = &factor.order()[..rank];
        let mut values: Vec<f64> = order.iter().map(|&variable| right[variable]).collect();
        for row in 0..rank {
            let known: f64 = (0..row).map(|column| factor.loading(row, column) * values[column]).sum();
            values[row] = (values[row] - known) / factor.loading(row, row);
        }
        for row in (0..rank).rev() {
            let known: f64 = (row + 1..rank).map(|below| factor.loading(below, row) * values[below]).sum();
            values[row] = (values[row] - known) / factor.loading(row, row);
        }
        let mut solution = vec![0.0; right.len()];
        for (&variable, value) in order.iter().zip(values) {
            solution[variable] = value;
        }
        solution
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_definite_and_of_a_collinear_matrix() {
        let matrix = Matrix::from_rows("covariance", &[[4.0, 1.0], [1.0, 3.0]]).unwrap();
        let solution = Solver::new(&matrix).unwrap().solve(&[1.0, 2.0]);
        assert!((solution[0] - 1.0 / 11.0).abs() < 1e-15 && (solution[1] - 7.0 / 11.0).abs() < 1e-15);
        let twins = Matrix::from_rows("covariance", &[[1.0, 2.0], [2.0, 4.0]]).unwrap();
        let solver = Solver::new(&twins).unwrap();
        assert_eq!(solver.redundant().len(), 1);
        let solution = solver.solve(&[1.0, 2.0]);
        assert!((solution[0] + 2.0 * solution[1] - 1.0).abs() < 1e-15);
    }
}
