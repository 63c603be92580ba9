//! A scenario, as it is sent, kept and answered.

use domain::{Entity, IndexEntry, Invalid, ScenarioId, Validation, symbol::Symbol, text::Name};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use store::Stored;
use utoipa::ToSchema;

use crate::inputs::{Inputs, InputsRequest};

/// Named assumptions about a company.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Scenario {
    pub(super) id: ScenarioId,
    /// As in the inputs; here, lists are grouped by it.
    pub(super) ticker: Symbol,
    pub(super) name: Name,
    pub(super) inputs: Inputs,
}

impl Entity for Scenario {
    const KIND: &'static str = "SCENARIO";
    type Key = ScenarioId;

    fn key(&self) -> String {
        self.id.to_string()
    }

    fn index_entries(&self) -> Vec<IndexEntry> {
        vec![IndexEntry::Group(self.ticker.to_string().into())]
    }
}

/// A scenario to be kept, or to take another's place.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ValuationScenarioRequest)]
pub(super) struct ScenarioRequest {
    /// What it is called.
    #[schema(min_length = 1, max_length = 200, example = "Base case")]
    name: String,
    /// What is assumed: the same as for a run.
    inputs: InputsRequest,
}

impl ScenarioRequest {
    /// The scenario with this id.
    ///
    /// # Errors
    /// Names every field that can't be taken.
    pub(super) fn parse(self, id: ScenarioId) -> Result<Scenario, Invalid> {
        let mut validation = Validation::new();
        let name = validation.check("/name", Name::parse(&self.name));
        // One that can't be valued is of no use later.
        let valued = |inputs: Inputs| inputs.value().map(|_| inputs);
        let inputs = validation.nest("/inputs", self.inputs.parse().and_then(valued));
        let parts = name.zip(inputs);
        let scenario =
            |(name, inputs): (Name, Inputs)| Scenario { id, ticker: inputs.ticker.clone(), name, inputs };
        validation.finish(parts.map(scenario))
    }
}

/// A scenario.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ValuationScenario)]
pub(super) struct ScenarioView {
    /// Its id.
    id: ScenarioId,
    /// What it is called.
    name: Name,
    /// What is assumed, as it was understood.
    inputs: Inputs,
    /// Its version, for `If-Match`.
    #[schema(example = "\"v1\"")]
    etag: String,
    /// When it was first kept.
    created_at: Timestamp,
    /// When it was last changed.
    updated_at: Timestamp,
}

impl From<Stored<Scenario>> for ScenarioView {
    fn from(stored: Stored<Scenario>) -> Self {
        let Scenario { id, name, inputs, .. } = stored.entity;
        let etag = format!("\"v{}\"", stored.version);
        Self { id, name, inputs, etag, created_at: stored.created_at, updated_at: stored.updated_at }
    }
}
