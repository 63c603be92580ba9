//! What an active return is attributed to.

use std::collections::BTreeMap;

use computations::performance::{AttributionInput, History};
use domain::{Invalid, Validation};
use quant::Weights;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::portfolio::names::{Names, below};

const BENCHMARK_WEIGHTS: &str = "/benchmark_weights";

/// Groups of assets, and the benchmark that the portfolio is held against.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AttributionRequest {
    /// Each asset's group, by the asset's name.
    #[schema(example = json!({"AAPL": "technology", "JNJ": "health care", "CVX": "energy"}))]
    groups: BTreeMap<String, String>,
    /// The assets' weights in the benchmark at the start, by name (0 for who is not named); they sum to 1.
    #[schema(example = json!({"AAPL": 0.2, "JNJ": 0.5, "CVX": 0.3}))]
    benchmark_weights: BTreeMap<String, f64>,
}

impl AttributionRequest {
    pub(super) fn parse(&self, history: &History) -> Result<AttributionInput, Invalid> {
        let History::Assets(history) = history else {
            return Err(Invalid::field("", "needs assets: portfolio_id, or assets_data with weights"));
        };
        let names = Names::new(&history.assets);
        let mut validation = Validation::new();
        for name in self.groups.keys() {
            names.place(name, &below("/groups", name), &mut validation);
        }
        let missing: Vec<&str> = history
            .assets
            .iter()
            .map(String::as_str)
            .filter(|name| !self.groups.contains_key(*name))
            .collect();
        let detail = format!("must have a group for each asset, but has none for {}", missing.join(", "));
        validation.require(missing.is_empty(), "/groups", detail);
        let mut groups: Vec<String> = self.groups.values().cloned().collect();
        groups.sort();
        groups.dedup();
        let group_of = history.assets.iter().filter_map(|name| {
            let group = self.groups.get(name)?;
            groups.iter().position(|other| other == group)
        });
        let group_of = group_of.collect();
        let weights = names.or(&self.benchmark_weights, 0.0, BENCHMARK_WEIGHTS, &mut validation);
        let benchmark = validation.check(BENCHMARK_WEIGHTS, Weights::new(weights));
        validation.finish(benchmark.map(|benchmark| AttributionInput { groups, group_of, benchmark }))
    }
}
