use super::{
    LeafOrder, Linkage, Solution, cluster::Tree, critical_line::trace, herc::count, solution::Solver,
    universe::Universe,
};
use crate::{Matrix, QuantError, estimate::linear::bilinear};

/// Nested clustered optimisation (López de Prado 2019) for variance: the long-only minimum-variance portfolio of each
/// cluster, then the one of the clusters' portfolios.
pub(super) fn solve(
    universe: Universe,
    linkage: Linkage,
    clusters: Option<usize>,
) -> Result<Solution, QuantError> {
    let n = universe.assets();
    if n == 1 {
        return universe.exact(vec![1.0], Solver::Hierarchical);
    }
    let covariance = &universe.covariance;
    let tree = Tree::of(covariance, linkage, LeafOrder::Tree)?;
    let tops = tree.cut(count(&tree, &universe, clusters)?);
    let mut inner = Vec::with_capacity(tops.len());
    for &top in &tops {
        let leaves = tree.leaves_of(top);
        let mut block = Matrix::zeros(leaves.len(), leaves.len());
        for (row, &i) in leaves.iter().enumerate() {
            for (column, &j) in leaves.iter().enumerate() {
                block[(row, column)] = covariance[(i, j)];
            }
        }
        let mut weights = vec![0.0; n];
        for (&leaf, weight) in leaves.iter().zip(minimum_variance(&block)?) {
            weights[leaf] = weight;
        }
        inner.push(weights);
    }
    let k = inner.len();
    let mut between = Matrix::zeros(k, k);
    for i in 0..k {
        for j in 0..k {
            between[(i, j)] = bilinear(covariance, &inner[i], &inner[j]);
        }
    }
    let mut weights = vec![0.0; n];
    for (share, part) in minimum_variance(&between)?.iter().zip(&inner) {
        weights.iter_mut().zip(part).for_each(|(weight, part)| *weight += share * part);
    }
    let labels = tree.labels(&tops);
    Ok(Solution { clusters: Some(labels), ..universe.exact(weights, Solver::Hierarchical)? })
}

fn minimum_variance(covariance: &Matrix) -> Result<Vec<f64>, QuantError> {
    let n = covariance.rows();
    // Any order of returns leads to the same end of the line.
    let mean: Vec<f64> = (0..n).map(|i| -covariance[(i, i)]).collect();
    let line = trace(&mean, covariance, &vec![0.0; n], &vec![1.0; n]);
    let line = line.ok_or(QuantError::Overflow { what: "a cluster's minimum-variance portfolio" })?;
    Ok(line.minimum_variance().weights.clone())
}
