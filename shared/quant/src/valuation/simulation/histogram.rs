use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::rank::rank;

/// Counts in bins of equal width, from the 0.5th to the 99.5th percentile.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = ValuationHistogram)]
pub struct Histogram {
    /// The bins' edges, one more than bins. A bin has its lower edge and not its upper one, but the last has both.
    pub edges: Vec<f64>,
    /// Trials in each bin.
    pub counts: Vec<u64>,
    /// Trials below the first edge.
    pub below: u64,
    /// Trials above the last edge.
    pub above: u64,
}

pub(super) fn histogram(sorted: &[f64]) -> Histogram {
    const BINS: u32 = 50;
    let (low, high) = (order_statistic(sorted, 0.005), order_statistic(sorted, 0.995));
    let width = (high - low) / f64::from(BINS);
    let edges: Vec<f64> =
        (0..=BINS).map(|i| if i == BINS { high } else { low + width * f64::from(i) }).collect();
    let before = |value: f64| sorted.partition_point(|&x| x < value) as u64;
    let (below, above) = (before(low), sorted.partition_point(|&x| x <= high) as u64);
    if !edges.is_sorted_by(|a, b| a < b) {
        return Histogram {
            edges: vec![low, high],
            counts: vec![above - below],
            below,
            above: sorted.len() as u64 - above,
        };
    }
    let mut until: Vec<u64> = edges.iter().map(|&edge| before(edge)).collect();
    until[BINS as usize] = above;
    let counts = until.windows(2).map(|pair| pair[1] - pair[0]).collect();
    Histogram { edges, counts, below, above: sorted.len() as u64 - above }
}

pub(super) fn order_statistic(sorted: &[f64], share: f64) -> f64 {
    sorted[rank(share, sorted.len() as u64) as usize - 1]
}
