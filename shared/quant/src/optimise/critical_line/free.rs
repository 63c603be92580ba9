use faer::{Mat, linalg::solvers::Solve};

use crate::{Matrix, estimate::linear::cholesky};

/// How many changes the inverse is updated through before it is computed afresh.
const REFRESH: usize = 64;

/// The free assets, those strictly between their bounds, with the inverse of their covariance, kept by bordering: adding
/// or removing an asset costs O(k²).
pub(super) struct Free {
    pub(super) assets: Vec<usize>,
    inverse: Vec<Vec<f64>>,
    changes: usize,
}

impl Free {
    pub(super) fn new(covariance: &Matrix, asset: usize) -> Option<Self> {
        let mut free = Self { assets: vec![asset], inverse: Vec::new(), changes: 0 };
        free.refresh(covariance)?;
        Some(free)
    }

    /// `Σ_FF⁻¹ x`.
    pub(super) fn solve(&self, x: &[f64]) -> Vec<f64> {
        self.inverse.iter().map(|row| row.iter().zip(x).map(|(a, b)| a * b).sum()).collect()
    }

    /// Adds an asset; `None` where it is a combination of the others.
    pub(super) fn add(&mut self, covariance: &Matrix, asset: usize) -> Option<()> {
        let column: Vec<f64> = self.assets.iter().map(|&other| covariance[(other, asset)]).collect();
        let solved = self.solve(&column);
        let explained: f64 = solved.iter().zip(&column).map(|(a, b)| a * b).sum();
        let pivot = covariance[(asset, asset)] - explained;
        if pivot <= 1e-14 * covariance[(asset, asset)] {
            return None;
        }
        for (row, &left) in self.inverse.iter_mut().zip(&solved) {
            for (value, &right) in row.iter_mut().zip(&solved) {
                *value += left * right / pivot;
            }
            row.push(-left / pivot);
        }
        let mut last: Vec<f64> = solved.iter().map(|value| -value / pivot).collect();
        last.push(1.0 / pivot);
        self.inverse.push(last);
        self.assets.push(asset);
        self.count(covariance)
    }

    /// Removes the asset at a position.
    pub(super) fn remove(&mut self, covariance: &Matrix, position: usize) -> Option<()> {
        let pivot = self.inverse[position][position];
        let removed = self.inverse.swap_remove(position);
        self.assets.swap_remove(position);
        let mut others = removed;
        others.swap_remove(position);
        for row in &mut self.inverse {
            let factor = row.swap_remove(position) / pivot;
            for (value, other) in row.iter_mut().zip(&others) {
                *value -= factor * other;
            }
        }
        self.count(covariance)
    }

    fn count(&mut self, covariance: &Matrix) -> Option<()> {
        self.changes += 1;
        if self.changes.is_multiple_of(REFRESH) { self.refresh(covariance) } else { Some(()) }
    }

    fn refresh(&mut self, covariance: &Matrix) -> Option<()> {
        let k = self.assets.len();
        let mut block = Matrix::zeros(k, k);
        for (row, &i) in self.assets.iter().enumerate() {
            for (column, &j) in self.assets.iter().enumerate() {
                block[(row, column)] = covariance[(i, j)];
            }
        }
        let inverse = cholesky(&block)?.solve(Mat::<f64>::identity(k, k));
        self.inverse = (0..k).map(|i| (0..k).map(|j| inverse[(i, j)]).collect()).collect();
        Some(())
    }
}
