use super::{
    LeafOrder, Linkage, Solution,
    cluster::{Tree, cluster_count, distances},
    hrp::cluster_variance,
    solution::Solver,
    universe::Universe,
};
use crate::QuantError;

/// Hierarchical equal risk contribution (Raffinot 2018) for variance: from the top, each of the last k - 1 joins gives
/// its sides the share of the other's risk, `1 - L / (L + R)`, where a side's risk is the sum over its clusters of the
/// variance of their inverse-variance portfolios; inside a cluster weights are by inverse variance.
pub(super) fn solve(
    universe: Universe,
    linkage: Linkage,
    leaf_order: LeafOrder,
    clusters: Option<usize>,
) -> Result<Solution, QuantError> {
    let n = universe.assets();
    if n == 1 {
        return universe.exact(vec![1.0], Solver::Hierarchical);
    }
    let covariance = &universe.covariance;
    let tree = Tree::of(covariance, linkage, leaf_order)?;
    let tops = tree.cut(count(&tree, &universe, clusters)?);
    let risk = |top: usize| cluster_variance(covariance, &tree.leaves_of(top));
    let risks: Vec<(usize, f64)> = tops.iter().map(|&top| (top, risk(top))).collect();
    let mut weights = vec![0.0; n];
    let mut stack = vec![(tree.root(), 1.0)];
    while let Some((node, share)) = stack.pop() {
        if tops.contains(&node) {
            let leaves = tree.leaves_of(node);
            let total: f64 = leaves.iter().map(|&i| 1.0 / covariance[(i, i)]).sum();
            for &i in &leaves {
                weights[i] = share / covariance[(i, i)] / total;
            }
        } else if let Some((left, right)) = tree.children(node) {
            let (a, b) = (below(&tree, &risks, left), below(&tree, &risks, right));
            stack.push((left, share * b / (a + b)));
            stack.push((right, share * a / (a + b)));
        }
    }
    let (labels, order) = (tree.labels(&tops), tree.leaves_of(tree.root()));
    let solution = universe.exact(weights, Solver::Hierarchical)?;
    Ok(Solution { clusters: Some(labels), leaf_order: Some(order), ..solution })
}

/// The summed risks of the clusters below a node.
fn below(tree: &Tree, risks: &[(usize, f64)], node: usize) -> f64 {
    if let Some((_, risk)) = risks.iter().find(|(top, _)| *top == node) {
        return *risk;
    }
    tree.children(node).map_or(0.0, |(left, right)| below(tree, risks, left) + below(tree, risks, right))
}

/// The number of clusters that was asked for, or that the gap finds.
pub(super) fn count(tree: &Tree, universe: &Universe, asked: Option<usize>) -> Result<usize, QuantError> {
    match asked {
        None => Ok(cluster_count(tree, &distances(&universe.covariance))),
        Some(count) if (1..=tree.leaves).contains(&count) => Ok(count),
        Some(count) => {
            let range = "from 1 to the number of assets";
            Err(QuantError::OutOfRange { name: "clusters", range, value: count as f64 })
        }
    }
}
