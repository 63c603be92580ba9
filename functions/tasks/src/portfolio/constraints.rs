//! What weights must meet.

use std::collections::BTreeMap;

use domain::{Invalid, Validation};
use quant::optimise::{Bound, Constraints, Costs, GroupLimits, Tracking, Turnover};
use serde::Deserialize;
use utoipa::ToSchema;

use super::names::Names;
use crate::state::within;

/// The most groups of one request.
const MAXIMUM_GROUPS: usize = 500;
/// Bounds of weights and of sums of weights.
const WEIGHT: (f64, f64) = (-1e6, 1e6);

/// A limit of weights: one number for all assets, or numbers by name.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(untagged, expecting = "expected a number, or an object of numbers by asset")]
#[schema(example = 0.4)]
pub enum WeightLimit {
    /// The same for all assets.
    All(f64),
    /// By name; the others have the usual limit.
    Each(BTreeMap<String, f64>),
}

/// Limits of the summed weights of a group, such as a sector.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Its name, which the answer repeats where it conflicts.
    #[schema(example = "health care")]
    name: String,
    /// Its assets, by name.
    #[schema(example = json!(["JNJ", "PFE", "UNH"]))]
    assets: Vec<String>,
    /// The least sum of their weights.
    #[schema(example = 0.1)]
    minimum: Option<f64>,
    /// The largest sum of their weights.
    #[schema(example = 0.5)]
    maximum: Option<f64>,
}

/// What the weights must meet, beyond summing to 1, and costs that count against the objective.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = OptimizationConstraints)]
pub struct ConstraintsInput {
    /// The least weight; 0 when not given. A negative one allows short positions.
    min_weight_per_asset: Option<WeightLimit>,
    /// The largest weight; 1 when not given.
    max_weight_per_asset: Option<WeightLimit>,
    /// Limits of groups or sectors.
    #[serde(default, alias = "sectors")]
    groups: Vec<Group>,
    /// The weights that are held now, by name (0 for who is not named), for `max_turnover` and `transaction_cost`; those of
    /// the portfolio when not given.
    #[schema(example = json!({"AAPL": 0.5, "JNJ": 0.3, "CVX": 0.2}))]
    previous_weights: Option<BTreeMap<String, f64>>,
    /// The largest `Σ |weight - previous|`, bought and sold together.
    #[schema(example = 0.3)]
    max_turnover: Option<f64>,
    /// The benchmark's weights, by name (0 for who is not named), for `max_tracking_error`.
    #[schema(example = json!({"AAPL": 0.4, "JNJ": 0.3, "CVX": 0.3}))]
    benchmark_weights: Option<BTreeMap<String, f64>>,
    /// The largest annual tracking error against the benchmark.
    #[schema(example = 0.05)]
    max_tracking_error: Option<f64>,
    /// The largest sum of absolute weights (leverage).
    #[schema(example = 1.6)]
    max_gross_exposure: Option<f64>,
    /// The largest sum of short positions.
    #[schema(example = 0.3)]
    max_short_exposure: Option<f64>,
    /// A limit of the number of assets held is refused: the problem would not be convex, and an approximation would not
    /// keep its word.
    cardinality: Option<u64>,
    /// γ in `γ Σ weight²`, which spreads the weights and counts against the objective.
    #[schema(example = 0.1)]
    l2_penalty: Option<f64>,
    /// k in `k Σ |weight - previous|`, which counts against the objective.
    #[schema(example = 0.001)]
    transaction_cost: Option<f64>,
}

impl ConstraintsInput {
    /// The constraints, with assets by their place.
    ///
    /// * `current`: the weights that are held now, where they are known.
    pub(crate) fn parse(self, names: &Names, current: Option<Vec<f64>>) -> Result<Constraints, Invalid> {
        let mut validation = Validation::new();
        validation.require(
            self.cardinality.is_none(),
            "/cardinality",
            "is not supported: a limit of the number of assets makes the problem non-convex; limit their weights",
        );
        validation.require(
            self.groups.len() <= MAXIMUM_GROUPS,
            "/groups",
            format!("must have at most {MAXIMUM_GROUPS} groups, but has {}", self.groups.len()),
        );
        let minimum = limit(self.min_weight_per_asset, 0.0, names, "/min_weight_per_asset", &mut validation);
        let maximum = limit(self.max_weight_per_asset, 1.0, names, "/max_weight_per_asset", &mut validation);
        let groups = self.groups.into_iter().enumerate();
        let groups = groups.map(|(index, group)| group.parse(index, names, &mut validation)).collect();
        let mut amount = |value: Option<f64>, pointer: &str| {
            value.and_then(|value| validation.check(pointer, within(value, 0.0, 1e6)))
        };
        let max_turnover = amount(self.max_turnover, "/max_turnover");
        let max_tracking_error = amount(self.max_tracking_error, "/max_tracking_error");
        let gross_exposure = amount(self.max_gross_exposure, "/max_gross_exposure");
        let short_exposure = amount(self.max_short_exposure, "/max_short_exposure");
        let l1 = amount(self.transaction_cost, "/transaction_cost").unwrap_or(0.0);
        let l2 = amount(self.l2_penalty, "/l2_penalty").unwrap_or(0.0);
        let wanted = max_turnover.is_some() || l1 > 0.0;
        let pointer = "/previous_weights";
        let given = self.previous_weights.map(|given| names.or(&given, 0.0, pointer, &mut validation));
        validation.require(wanted || given.is_none(), pointer, "goes with max_turnover or transaction_cost");
        let previous = if wanted { given.or(current) } else { None };
        validation.require(
            !wanted || previous.is_some(),
            pointer,
            "must be given for max_turnover and transaction_cost, unless portfolio_id is",
        );
        let pointer = "/benchmark_weights";
        let benchmark = self.benchmark_weights.map(|given| names.or(&given, 0.0, pointer, &mut validation));
        validation.require(
            benchmark.is_some() == max_tracking_error.is_some(),
            pointer,
            "must be given together with max_tracking_error",
        );
        validation.finish(Some(Constraints {
            min_weight_per_asset: minimum,
            max_weight_per_asset: maximum,
            groups,
            turnover: previous
                .clone()
                .zip(max_turnover)
                .map(|(previous, maximum)| Turnover { previous, maximum }),
            tracking_error: benchmark
                .zip(max_tracking_error)
                .map(|(benchmark, maximum)| Tracking { benchmark, maximum }),
            gross_exposure,
            short_exposure,
            cardinality: None,
            costs: Costs { l2, l1, previous: previous.filter(|_| l1 > 0.0) },
        }))
    }
}

impl Group {
    fn parse(self, index: usize, names: &Names, validation: &mut Validation) -> GroupLimits {
        let pointer = format!("/groups/{index}");
        validation.require(
            (1..=100).contains(&self.name.chars().count()),
            &format!("{pointer}/name"),
            "must have 1 to 100 characters",
        );
        validation.require(!self.assets.is_empty(), &format!("{pointer}/assets"), "must name an asset");
        validation.require(
            self.minimum.is_some() || self.maximum.is_some(),
            &pointer,
            "must have a minimum or a maximum",
        );
        for (value, field) in [(self.minimum, "minimum"), (self.maximum, "maximum")] {
            if let Some(value) = value {
                validation.check(&format!("{pointer}/{field}"), within(value, WEIGHT.0, WEIGHT.1));
            }
        }
        let mut assets: Vec<usize> = Vec::with_capacity(self.assets.len());
        for (place, name) in self.assets.iter().enumerate() {
            let pointer = format!("{pointer}/assets/{place}");
            let Some(asset) = names.place(name, &pointer, validation) else { continue };
            validation.require(!assets.contains(&asset), &pointer, format!("{name} is named twice"));
            assets.push(asset);
        }
        GroupLimits { name: self.name, assets, minimum: self.minimum, maximum: self.maximum }
    }
}

fn limit(
    limit: Option<WeightLimit>,
    usual: f64,
    names: &Names,
    pointer: &str,
    validation: &mut Validation,
) -> Option<Bound> {
    let bound = match limit? {
        WeightLimit::All(value) => Bound::All(value),
        WeightLimit::Each(values) => Bound::Each(names.or(&values, usual, pointer, validation)),
    };
    let values = match &bound {
        Bound::All(value) => std::slice::from_ref(value),
        Bound::Each(values) => values,
    };
    for value in values {
        validation.check(pointer, within(*value, WEIGHT.0, WEIGHT.1));
    }
    Some(bound)
}
