use crate::Matrix;

/// A factor `F` of a covariance, `C = F Fᵀ`, lower trapezoidal once its rows are put in pivot order.
#[derive(Debug, Clone, PartialEq)]
pub struct Factor {
    order: Vec<usize>,
    rank: usize,
    lower: Matrix,
}

impl Factor {
    /// The assets in the factor's row order; `0..assets` unless the covariance is semidefinite.
    pub fn order(&self) -> &[usize] {
        &self.order
    }

    /// The number of independent random drivers (columns).
    pub fn rank(&self) -> usize {
        self.rank
    }

    /// The loading of the asset in row `row` of the order on driver `column`; 0 above the diagonal.
    pub fn loading(&self, row: usize, column: usize) -> f64 {
        self.lower[(row, column)]
    }

    /// `F Fᵀ`, in the assets' own order.
    pub fn covariance(&self) -> Matrix {
        let assets = self.order.len();
        let mut product = Matrix::zeros(assets, assets);
        for i in 0..assets {
            for j in 0..assets {
                let value = (0..self.rank).map(|k| self.lower[(i, k)] * self.lower[(j, k)]).sum();
                product[(self.order[i], self.order[j])] = value;
            }
        }
        product
    }
}

/// A pivot below this is rounding: the asset is a combination of others.
fn tolerance(assets: usize) -> f64 {
    1e-13 * assets as f64
}

/// The Cholesky factor in the assets' order, if the correlation is positive definite.
pub(super) fn definite(correlation: &Matrix, deviations: &[f64]) -> Option<Factor> {
    let assets = deviations.len();
    let mut lower = Matrix::zeros(assets, assets);
    for j in 0..assets {
        let pivot = correlation[(j, j)] - (0..j).map(|k| lower[(j, k)] * lower[(j, k)]).sum::<f64>();
        if pivot <= tolerance(assets) {
            return None;
        }
        lower[(j, j)] = pivot.sqrt();
        for i in j + 1..assets {
            let known = (0..j).map(|k| lower[(i, k)] * lower[(j, k)]).sum::<f64>();
            lower[(i, j)] = (correlation[(i, j)] - known) / lower[(j, j)];
        }
    }
    scale(&mut lower, deviations);
    Some(Factor { order: (0..assets).collect(), rank: assets, lower })
}

/// The Cholesky factor with complete pivoting, of any rank. What is left below the last pivot must be rounding, or the
/// matrix is indefinite and the answer `None`; `lenient` takes it in any case, for a matrix that was just repaired.
pub(super) fn semidefinite(correlation: &Matrix, deviations: &[f64], lenient: bool) -> Option<Factor> {
    let assets = deviations.len();
    let mut order: Vec<usize> = (0..assets).collect();
    let mut rest = correlation.clone();
    let mut lower = Matrix::zeros(assets, assets);
    let mut rank = 0;
    while rank < assets {
        let mut pivot = rank;
        for i in rank + 1..assets {
            if rest[(order[i], order[i])] > rest[(order[pivot], order[pivot])] {
                pivot = i;
            }
        }
        let largest = rest[(order[pivot], order[pivot])];
        if largest <= tolerance(assets) {
            break;
        }
        order.swap(rank, pivot);
        let p = order[rank];
        for i in order[rank..].iter().copied() {
            lower[(i, rank)] = rest[(i, p)] / largest.sqrt();
        }
        for i in order[rank + 1..].iter().copied() {
            for j in order[rank + 1..].iter().copied() {
                rest[(i, j)] -= lower[(i, rank)] * lower[(j, rank)];
            }
        }
        rank += 1;
    }
    let left = order[rank..].iter().flat_map(|&i| order[rank..].iter().map(move |&j| (i, j)));
    if !lenient && left.map(|at| rest[at].abs()).fold(0.0, f64::max) > 10.0 * tolerance(assets) {
        return None;
    }
    scale(&mut lower, deviations);
    let mut sorted = Matrix::zeros(assets, assets);
    for (row, &asset) in order.iter().enumerate() {
        for column in 0..rank.min(row + 1) {
            sorted[(row, column)] = lower[(asset, column)];
        }
    }
    Some(Factor { order, rank, lower: sorted })
}

fn scale(lower: &mut Matrix, deviations: &[f64]) {
    for (row, &deviation) in deviations.iter().enumerate() {
        for column in 0..lower.columns() {
            lower[(row, column)] *= deviation;
        }
    }
}
