use super::{LeafOrder, Linkage, Solution, cluster::Tree, solution::Solver, universe::Universe};
use crate::{Matrix, QuantError};

/// Hierarchical risk parity (López de Prado 2016): the leaves of a tree of correlations are bisected in halves (the first
/// of `⌊n/2⌋` assets), and each half gets the share of the other's variance, `1 - v_L / (v_L + v_R)`, where a half's
/// variance is that of its inverse-variance portfolio.
///
/// Libraries disagree on the leaves' order, and the weights with it: see [`LeafOrder`]; both are offered.
pub(super) fn solve(
    universe: Universe,
    linkage: Linkage,
    leaf_order: LeafOrder,
) -> Result<Solution, QuantError> {
    let n = universe.assets();
    if n == 1 {
        return universe.exact(vec![1.0], Solver::Hierarchical);
    }
    let tree = Tree::of(&universe.covariance, linkage, leaf_order)?;
    let order = tree.leaves_of(tree.root());
    let mut weights = vec![1.0; n];
    let mut stack = vec![order.as_slice()];
    while let Some(part) = stack.pop() {
        if part.len() < 2 {
            continue;
        }
        let (left, right) = part.split_at(part.len() / 2);
        let (a, b) =
            (cluster_variance(&universe.covariance, left), cluster_variance(&universe.covariance, right));
        let share = 1.0 - a / (a + b);
        for &asset in left {
            weights[asset] *= share;
        }
        for &asset in right {
            weights[asset] *= 1.0 - share;
        }
        stack.extend([right, left]);
    }
    let solution = universe.exact(weights, Solver::Hierarchical)?;
    Ok(Solution { leaf_order: Some(order), ..solution })
}

/// The variance of the inverse-variance portfolio of some assets.
pub(super) fn cluster_variance(covariance: &Matrix, assets: &[usize]) -> f64 {
    let inverse: Vec<f64> = assets.iter().map(|&i| 1.0 / covariance[(i, i)]).collect();
    let total: f64 = inverse.iter().sum();
    let mut sum = 0.0;
    for (&i, a) in assets.iter().zip(&inverse) {
        let row = covariance.row(i);
        sum += a * assets.iter().zip(&inverse).map(|(&j, b)| b * row[j]).sum::<f64>();
    }
    sum / (total * total)
}
