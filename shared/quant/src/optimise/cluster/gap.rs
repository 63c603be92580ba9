use super::Tree;
use crate::Matrix;

/// The most clusters that are looked for.
const MOST: usize = 10;

/// The number of clusters by the two-difference gap (Yue, Wang & Wei 2008): with `W_k` the sum over k clusters of their
/// mean squared pair distances `Σ d² / 2|C|`, the k whose `ln W_(k-1) - 2 ln W_k + ln W_(k+1)` is largest.
pub(crate) fn cluster_count(tree: &Tree, distances: &Matrix) -> usize {
    let most = MOST.min(tree.leaves - 1);
    let spread = |count: usize| {
        let within = |top: usize| {
            let leaves = tree.leaves_of(top);
            let pairs = leaves.iter().flat_map(|&a| leaves.iter().map(move |&b| (a, b)));
            pairs.map(|pair| distances[pair].powi(2)).sum::<f64>() / (2.0 * leaves.len() as f64)
        };
        tree.cut(count).into_iter().map(within).sum::<f64>().max(f64::MIN_POSITIVE).ln()
    };
    let spreads: Vec<f64> = (1..=most).map(spread).collect();
    let bend = |k: usize| spreads[k - 2] - 2.0 * spreads[k - 1] + spreads[k];
    (2..most).max_by(|&a, &b| bend(a).total_cmp(&bend(b)).then(b.cmp(&a))).unwrap_or(1)
}
