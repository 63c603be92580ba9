//! Agglomerative clustering of assets by the distance of their correlations.

mod gap;
mod leaf_order;
mod linkage;

pub(crate) use gap::cluster_count;
pub(crate) use leaf_order::optimal;
pub use linkage::Linkage;
pub(crate) use linkage::link;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Matrix, QuantError, estimate::linear::correlation};

/// How the leaves of the hierarchy are ordered, which decides what hierarchical risk parity bisects.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LeafOrder {
    /// As the tree was built, the cluster with the smaller number on the left (`SciPy`'s default, `PyPortfolioOpt`, López
    /// de Prado 2016).
    #[default]
    Tree,
    /// Turned so that neighbours are near, as `SciPy`'s optimal leaf ordering does it (Bar-Joseph, Gifford & Jaakkola 2001;
    /// Riskfolio-Lib, skfolio).
    Optimal,
}

/// Two clusters that were joined; leaves are 0..n, and join k makes cluster n + k.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Join {
    pub(crate) left: usize,
    pub(crate) right: usize,
    pub(crate) distance: f64,
}

/// A hierarchy of assets.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Tree {
    pub(crate) leaves: usize,
    pub(crate) joins: Vec<Join>,
}

impl Tree {
    /// The hierarchy of a covariance's assets.
    pub(crate) fn of(covariance: &Matrix, linkage: Linkage, order: LeafOrder) -> Result<Self, QuantError> {
        let distances = distances(covariance);
        let tree = link(&distances, linkage)?;
        Ok(if order == LeafOrder::Optimal { optimal(tree, &distances) } else { tree })
    }

    /// The leaves below a cluster, from left to right.
    pub(crate) fn leaves_of(&self, cluster: usize) -> Vec<usize> {
        let mut stack = vec![cluster];
        let mut leaves = Vec::new();
        while let Some(node) = stack.pop() {
            match self.children(node) {
                None => leaves.push(node),
                Some((left, right)) => stack.extend([right, left]),
            }
        }
        leaves
    }

    pub(crate) fn children(&self, cluster: usize) -> Option<(usize, usize)> {
        cluster.checked_sub(self.leaves).map(|join| (self.joins[join].left, self.joins[join].right))
    }

    pub(crate) fn root(&self) -> usize {
        self.leaves + self.joins.len() - 1
    }

    /// The tops of `count` clusters: what the last `count - 1` joins joined.
    pub(crate) fn cut(&self, count: usize) -> Vec<usize> {
        let limit = self.root() + 2 - count;
        let mut stack = vec![self.root()];
        let mut tops = Vec::new();
        while let Some(node) = stack.pop() {
            match self.children(node) {
                Some((left, right)) if node >= limit => stack.extend([right, left]),
                _ => tops.push(node),
            }
        }
        tops
    }

    /// The cluster of each leaf, numbered from 0 in the order of the leaves.
    pub(crate) fn labels(&self, tops: &[usize]) -> Vec<usize> {
        let mut labels = vec![0; self.leaves];
        for (label, &top) in tops.iter().enumerate() {
            for leaf in self.leaves_of(top) {
                labels[leaf] = label;
            }
        }
        labels
    }
}

/// `√((1 - ρ) / 2)` of each pair (Mantegna 1999, scaled to 0..=1).
pub(crate) fn distances(covariance: &Matrix) -> Matrix {
    let (correlation, _) = correlation(covariance);
    correlation.map(|rho| ((1.0 - rho) / 2.0).max(0.0).sqrt())
}
