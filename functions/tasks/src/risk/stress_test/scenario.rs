use std::collections::BTreeMap;

use domain::{
    Validation,
    risk::{StressFactors, StressScenario, StressShocks},
    text::Name,
};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::portfolio::names::below;

/// Shocks with a name: of assets and groups, or of factors. Shocks are simple returns (-0.2 = -20 %).
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ScenarioRequest {
    /// Its name.
    #[schema(example = "Technology sells off")]
    name: Name,
    /// Shocks of assets, by their names (a stored portfolio's symbols).
    #[serde(default)]
    #[schema(example = json!({"AAPL": -0.35, "MSFT": -0.3}))]
    shocks: BTreeMap<String, f64>,
    /// Shocks of groups, by their names in `groups`. An asset's own shock comes first.
    #[serde(default)]
    #[schema(example = json!({"technology": -0.25}))]
    group_shocks: BTreeMap<String, f64>,
    /// Shocks of factors, by their names in `factors`; they reach the assets through their betas. Alone, without the other two.
    #[serde(default)]
    factor_shocks: BTreeMap<String, f64>,
    /// Whether assets that aren't shocked follow as they usually do (conditional expectation); else they stay.
    #[serde(default)]
    propagate: bool,
}

/// The names that scenarios may use, with the places that they stand for.
pub(super) struct Names<'a> {
    assets: BTreeMap<&'a str, usize>,
    groups: BTreeMap<&'a str, Vec<usize>>,
    factors: Option<BTreeMap<&'a str, usize>>,
}

impl<'a> Names<'a> {
    pub(super) fn new(
        assets: &'a [String],
        groups: &'a BTreeMap<String, Vec<String>>,
        factors: Option<&'a StressFactors>,
        validation: &mut Validation,
    ) -> Self {
        let places =
            |names: &'a [String]| names.iter().enumerate().map(|(at, name)| (name.as_str(), at)).collect();
        let assets: BTreeMap<&str, usize> = places(assets);
        let mut taken: BTreeMap<usize, &str> = BTreeMap::new();
        let mut members = BTreeMap::new();
        for (group, names) in groups {
            let mut places = Vec::new();
            for (index, name) in names.iter().enumerate() {
                let pointer = format!("{}/{index}", below("/groups", group));
                let Some(&place) = assets.get(name.as_str()) else {
                    validation.reject(pointer, format!("the portfolio has no asset {name}"));
                    continue;
                };
                if let Some(other) = taken.insert(place, group) {
                    validation.reject(pointer, format!("{name} is in {other} already"));
                }
                places.push(place);
            }
            members.insert(group.as_str(), places);
        }
        Self { assets, groups: members, factors: factors.map(|factors| places(&factors.names)) }
    }
}

impl ScenarioRequest {
    pub(super) fn parse(
        &self,
        names: &Names<'_>,
        pointer: &str,
        validation: &mut Validation,
    ) -> Option<StressScenario> {
        let by_asset = !self.shocks.is_empty() || !self.group_shocks.is_empty();
        let by_factor = !self.factor_shocks.is_empty();
        validation.require(
            by_asset != by_factor,
            pointer,
            "must have shocks or group_shocks, or else factor_shocks alone",
        );
        validation.require(
            !(by_factor && self.propagate),
            &format!("{pointer}/propagate"),
            "goes with shocks of assets and groups; factors reach every asset",
        );
        let shocks = if by_factor {
            self.factor_shocks(names, pointer, validation)?
        } else {
            let shocks = self.asset_shocks(names, pointer, validation);
            if self.propagate { StressShocks::Propagated(shocks) } else { StressShocks::Assets(shocks) }
        };
        Some(StressScenario { name: self.name.to_string(), shocks })
    }

    fn asset_shocks(
        &self,
        names: &Names<'_>,
        pointer: &str,
        validation: &mut Validation,
    ) -> Vec<Option<f64>> {
        let mut shocks = vec![None; names.assets.len()];
        for (group, &shock) in &self.group_shocks {
            let pointer = below(&format!("{pointer}/group_shocks"), group);
            check(shock, &pointer, validation);
            match names.groups.get(group.as_str()) {
                Some(places) => {
                    for &place in places {
                        shocks[place] = Some(shock);
                    }
                }
                None => validation.reject(pointer, format!("groups has no {group}")),
            }
        }
        for (asset, &shock) in &self.shocks {
            let pointer = below(&format!("{pointer}/shocks"), asset);
            check(shock, &pointer, validation);
            match names.assets.get(asset.as_str()) {
                Some(&place) => shocks[place] = Some(shock),
                None => validation.reject(pointer, format!("the portfolio has no asset {asset}")),
            }
        }
        shocks
    }

    fn factor_shocks(
        &self,
        names: &Names<'_>,
        pointer: &str,
        validation: &mut Validation,
    ) -> Option<StressShocks> {
        let Some(factors) = &names.factors else {
            validation.reject(format!("{pointer}/factor_shocks"), "there are no factors to shock");
            return None;
        };
        let mut shocks = vec![0.0; factors.len()];
        for (factor, &shock) in &self.factor_shocks {
            let pointer = below(&format!("{pointer}/factor_shocks"), factor);
            check(shock, &pointer, validation);
            match factors.get(factor.as_str()) {
                Some(&place) => shocks[place] = shock,
                None => validation.reject(pointer, format!("there is no factor {factor}")),
            }
        }
        Some(StressShocks::Factors(shocks))
    }
}

fn check(shock: f64, pointer: &str, validation: &mut Validation) {
    let detail = format!("must be a simple return from -1 to 100 (-0.2 = -20 %), but is {shock}");
    validation.require((-1.0..=100.0).contains(&shock), pointer, detail);
}
