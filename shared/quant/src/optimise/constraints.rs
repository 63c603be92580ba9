use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    program::{Cone, Expression, Program},
    solution::Conflict,
    universe::Universe,
};
use crate::QuantError;

/// A limit of weights: one for all assets or one for each.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = WeightBound)]
#[serde(untagged)]
pub enum Bound {
    /// The same for all assets.
    All(f64),
    /// One an asset.
    Each(Vec<f64>),
}

/// Limits of the summed weights of a group or sector.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct GroupLimits {
    /// The group's name, for the answer.
    pub name: String,
    /// The indices of its assets.
    pub assets: Vec<usize>,
    /// The least sum.
    #[serde(default)]
    pub minimum: Option<f64>,
    /// The largest sum.
    #[serde(default)]
    pub maximum: Option<f64>,
}

/// A limit of what is bought and sold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Turnover {
    /// The weights that are held now.
    pub previous: Vec<f64>,
    /// The largest `Σ |w - previous|`, bought and sold together.
    pub maximum: f64,
}

/// A limit of the distance from a benchmark.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Tracking {
    /// The benchmark's weights.
    pub benchmark: Vec<f64>,
    /// The largest annual `√((w - b)ᵀ Σ (w - b))`.
    pub maximum: f64,
}

/// Costs that count against the objective.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Costs {
    /// γ in `γ wᵀw`, which spreads the weights.
    pub l2: f64,
    /// k in `k Σ |w - previous|`.
    pub l1: f64,
    /// The weights that are held now; 0 without them.
    pub previous: Option<Vec<f64>>,
}

/// What the weights must meet, beyond summing to 1.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = OptimisationConstraints)]
#[serde(default)]
pub struct Constraints {
    /// The least weight of an asset; 0 without it.
    pub min_weight_per_asset: Option<Bound>,
    /// The largest weight of an asset; 1 without it.
    pub max_weight_per_asset: Option<Bound>,
    /// Limits of groups or sectors.
    pub groups: Vec<GroupLimits>,
    /// A limit of what is bought and sold.
    pub turnover: Option<Turnover>,
    /// A limit of the distance from a benchmark.
    pub tracking_error: Option<Tracking>,
    /// The largest `Σ |w|`.
    pub gross_exposure: Option<f64>,
    /// The largest `Σ max(-w, 0)`.
    pub short_exposure: Option<f64>,
    /// The largest number of assets held; refused, since it isn't convex.
    pub cardinality: Option<usize>,
    /// Costs that count against the objective.
    pub costs: Costs,
}

impl Constraints {
    pub(crate) fn are_default(&self) -> bool {
        *self == Self::default()
    }

    /// Whether bounds are all there is.
    pub(crate) fn are_bounds(&self) -> bool {
        self.groups.is_empty()
            && self.turnover.is_none()
            && self.tracking_error.is_none()
            && self.gross_exposure.is_none()
            && self.short_exposure.is_none()
            && self.costs == Costs::default()
    }

    /// The bounds of each asset.
    pub(crate) fn bounds(&self, assets: usize) -> Result<(Vec<f64>, Vec<f64>), QuantError> {
        let lower = each(self.min_weight_per_asset.as_ref(), 0.0, "min_weight_per_asset", assets)?;
        let upper = each(self.max_weight_per_asset.as_ref(), 1.0, "max_weight_per_asset", assets)?;
        Ok((lower, upper))
    }

    pub(crate) fn check(&self, assets: usize) -> Result<(), QuantError> {
        if self.cardinality.is_some() {
            return Err(QuantError::Unsupported { what: "a limit of the number of assets (cardinality)" });
        }
        for group in &self.groups {
            if group.assets.is_empty() {
                return Err(QuantError::Empty { what: "a group's assets" });
            }
            if let Some(&asset) = group.assets.iter().find(|&&asset| asset >= assets) {
                let what = "a group";
                return Err(QuantError::AssetsMismatch { what, found: asset + 1, expected: assets });
            }
            for limit in [group.minimum, group.maximum].into_iter().flatten() {
                in_range("a group's limit", limit, f64::MIN)?;
            }
        }
        if let Some(turnover) = &self.turnover {
            covers("turnover.previous", &turnover.previous, assets)?;
            in_range("turnover.maximum", turnover.maximum, 0.0)?;
        }
        if let Some(tracking) = &self.tracking_error {
            covers("tracking_error.benchmark", &tracking.benchmark, assets)?;
            in_range("tracking_error.maximum", tracking.maximum, 0.0)?;
        }
        for limit in [self.gross_exposure, self.short_exposure].into_iter().flatten() {
            in_range("an exposure", limit, 0.0)?;
        }
        in_range("costs.l1", self.costs.l1, 0.0)?;
        in_range("costs.l2", self.costs.l2, 0.0)?;
        self.costs.previous.as_ref().map_or(Ok(()), |previous| covers("costs.previous", previous, assets))
    }

    /// Adds the constraints on the weights, variables `first` and on, and gives the variable of the L1 cost's first trade.
    pub(crate) fn add(&self, program: &mut Program, first: usize, universe: &Universe) -> Option<usize> {
        let n = universe.assets();
        let all = |sign: f64| (0..n).map(move |i| (first + i, sign)).collect::<Vec<_>>();
        program.equal_zero(Expression::new(all(1.0), -1.0), Some(Conflict::Budget));
        for (asset, (&lower, &upper)) in universe.lower.iter().zip(&universe.upper).enumerate() {
            let (least, most) = (Conflict::MinimumWeight { asset }, Conflict::MaximumWeight { asset });
            program.at_least_zero(Expression::new(vec![(first + asset, 1.0)], -lower), Some(least));
            program.at_least_zero(Expression::new(vec![(first + asset, -1.0)], upper), Some(most));
        }
        for group in &self.groups {
            let sum = |sign: f64| group.assets.iter().map(|i| (first + i, sign)).collect::<Vec<_>>();
            let name = || group.name.clone();
            if let Some(minimum) = group.minimum {
                let source = Conflict::GroupMinimum { group: name() };
                program.at_least_zero(Expression::new(sum(1.0), -minimum), Some(source));
            }
            if let Some(maximum) = group.maximum {
                let source = Conflict::GroupMaximum { group: name() };
                program.at_least_zero(Expression::new(sum(-1.0), maximum), Some(source));
            }
        }
        let limit = |program: &mut Program, size: usize, maximum: f64, source: Conflict| {
            let terms = (0..n).map(|i| (size + i, -1.0)).collect();
            program.at_least_zero(Expression::new(terms, maximum), Some(source));
        };
        if let Some(turnover) = &self.turnover {
            let size = program.absolute(first, &turnover.previous);
            limit(program, size, turnover.maximum, Conflict::Turnover);
        }
        if let Some(gross) = self.gross_exposure {
            let size = program.absolute(first, &vec![0.0; n]);
            limit(program, size, gross, Conflict::GrossExposure);
        }
        if let Some(short) = self.short_exposure {
            let size = program.variables(n);
            for i in 0..n {
                program.at_least_zero(Expression::new(vec![(size + i, 1.0)], 0.0), None);
                program.at_least_zero(Expression::new(vec![(size + i, 1.0), (first + i, 1.0)], 0.0), None);
            }
            limit(program, size, short, Conflict::ShortExposure);
        }
        if let Some(tracking) = &self.tracking_error {
            let mut rows = vec![Expression::new(Vec::new(), tracking.maximum)];
            rows.extend(universe.root_rows().into_iter().map(|row| {
                let constant = -row.iter().map(|&(i, value)| value * tracking.benchmark[i]).sum::<f64>();
                Expression::new(row.into_iter().map(|(i, value)| (first + i, value)).collect(), constant)
            }));
            program.in_cone(Cone::SecondOrder, rows, Some(&Conflict::TrackingError));
        }
        (self.costs.l1 > 0.0).then(|| {
            let held = self.costs.previous.clone().unwrap_or_else(|| vec![0.0; n]);
            program.absolute(first, &held)
        })
    }
}

fn each(
    bound: Option<&Bound>,
    default: f64,
    what: &'static str,
    assets: usize,
) -> Result<Vec<f64>, QuantError> {
    let values = match bound {
        None => vec![default; assets],
        Some(Bound::All(value)) => vec![*value; assets],
        Some(Bound::Each(values)) => values.clone(),
    };
    covers(what, &values, assets)?;
    Ok(values)
}

fn covers(what: &'static str, values: &[f64], assets: usize) -> Result<(), QuantError> {
    if values.len() != assets {
        return Err(QuantError::AssetsMismatch { what, found: values.len(), expected: assets });
    }
    match values.iter().position(|value| !value.is_finite()) {
        Some(column) => Err(QuantError::NotFinite { what, row: 0, column }),
        None => Ok(()),
    }
}

fn in_range(name: &'static str, value: f64, least: f64) -> Result<(), QuantError> {
    if value.is_finite() && value >= least {
        return Ok(());
    }
    Err(QuantError::OutOfRange { name, range: "a number of at least 0", value })
}
