use serde::Serialize;
use utoipa::ToSchema;

/// A task's result, and what is needed to have it again.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Answer<R> {
    /// The result.
    #[serde(flatten)]
    pub result: R,
    /// Where it comes from.
    pub provenance: Provenance,
}

/// What makes a result repeatable: the same input and engine give the same figures to the last bit.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = PortfolioProvenance)]
pub struct Provenance {
    /// The version that computed it.
    #[schema(example = "ballast 0.1.0")]
    pub engine_version: String,
    /// SHA-256 of the complete input.
    pub input_hash: String,
    /// The assets' names, in the order in which they were taken.
    #[schema(example = json!(["AAPL", "CVX", "JNJ"]))]
    pub assets: Vec<String>,
    /// The number of returns that the figures come from; null where none were needed.
    pub history_days: Option<usize>,
}
