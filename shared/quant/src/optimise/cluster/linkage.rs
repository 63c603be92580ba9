use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Join, Tree};
use crate::{Matrix, QuantError};

/// How the distance of two clusters comes from those of their assets.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Linkage {
    /// The smallest.
    #[default]
    Single,
    /// The largest.
    Complete,
    /// The mean.
    Average,
    /// Ward's increase of variance.
    Ward,
}

impl Linkage {
    /// The distance of cluster k from the union of i and j (Lance & Williams 1967).
    fn update(self, (ki, kj, ij): (f64, f64, f64), (ni, nj, nk): (f64, f64, f64)) -> f64 {
        match self {
            Self::Single => ki.min(kj),
            Self::Complete => ki.max(kj),
            Self::Average => (ni * ki + nj * kj) / (ni + nj),
            Self::Ward => {
                let sum = (ni + nk) * ki * ki + (nj + nk) * kj * kj - nk * ij * ij;
                (sum / (ni + nj + nk)).max(0.0).sqrt()
            }
        }
    }
}

/// The hierarchy by the chain of nearest neighbours (Murtagh 1983), O(n²), in `SciPy`'s numbering: joins by rising
/// distance, and the cluster with the smaller number on the left.
pub(crate) fn link(distances: &Matrix, linkage: Linkage) -> Result<Tree, QuantError> {
    let n = distances.rows();
    if n < 2 {
        return Err(QuantError::OutOfRange {
            name: "assets",
            range: "at least 2 to cluster",
            value: n as f64,
        });
    }
    let mut d = distances.clone();
    let mut size = vec![1.0; n];
    let mut chain: Vec<usize> = Vec::new();
    let mut joins: Vec<(usize, usize, f64)> = Vec::with_capacity(n - 1);
    while joins.len() < n - 1 {
        let mut tip = chain.last().copied().or_else(|| size.iter().position(|&size| size > 0.0)).unwrap_or(0);
        if chain.is_empty() {
            chain.push(tip);
        }
        let (left, right, distance) = loop {
            let before = chain.len().checked_sub(2).map(|at| chain[at]);
            let mut nearest = before.map(|other| (other, d[(tip, other)]));
            for other in (0..n).filter(|&other| other != tip && size[other] > 0.0) {
                if nearest.is_none_or(|(_, least)| d[(tip, other)] < least) {
                    nearest = Some((other, d[(tip, other)]));
                }
            }
            let (other, distance) = nearest.unwrap_or((tip, 0.0));
            if before == Some(other) || other == tip {
                chain.truncate(chain.len().saturating_sub(2));
                break (tip.min(other), tip.max(other), distance);
            }
            chain.push(other);
            tip = other;
        };
        joins.push((left, right, distance));
        let (ni, nj) = (size[left], size[right]);
        size[left] = 0.0;
        size[right] = ni + nj;
        for k in (0..n).filter(|&k| k != right && size[k] > 0.0) {
            let value = linkage.update((d[(k, left)], d[(k, right)], distance), (ni, nj, size[k]));
            d[(k, right)] = value;
            d[(right, k)] = value;
        }
    }
    joins.sort_by(|a, b| a.2.total_cmp(&b.2));
    Ok(Tree { leaves: n, joins: numbered(&joins, n) })
}

/// Joins of leaves as joins of clusters.
fn numbered(joins: &[(usize, usize, f64)], leaves: usize) -> Vec<Join> {
    let mut parent: Vec<usize> = (0..2 * leaves).collect();
    let mut find = |mut node: usize, next: Option<usize>| {
        while parent[node] != node {
            parent[node] = parent[parent[node]];
            node = parent[node];
        }
        if let Some(next) = next {
            parent[node] = next;
        }
        node
    };
    let mut numbered = Vec::with_capacity(joins.len());
    for (k, &(a, b, distance)) in joins.iter().enumerate() {
        let (a, b) = (find(a, Some(leaves + k)), find(b, Some(leaves + k)));
        numbered.push(Join { left: a.min(b), right: a.max(b), distance });
    }
    numbered
}
