use serde::{Deserialize, Serialize};

/// A task's figures, and what is needed to have them again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Computed<R> {
    /// The figures.
    #[serde(flatten)]
    pub figures: R,
    /// Where they come from.
    pub provenance: Provenance,
}

/// What makes a result repeatable: the same input and engine give the same figures to the last bit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Provenance {
    /// The version of the engine that computed it.
    #[schema(example = "ballast 0.1.0")]
    pub engine_version: String,
    /// SHA-256 of the complete input: weights, returns and parameters with the seed.
    pub input_hash: String,
    /// The assets' names, in the order of the weights.
    pub assets: Vec<String>,
    /// The assets' weights as they were used.
    pub weights: Vec<f64>,
    /// The number of days of history.
    pub history_days: usize,
}
