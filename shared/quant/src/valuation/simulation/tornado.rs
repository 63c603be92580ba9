use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Driver, Simulation,
    rank_correlation::{ascending, correlation, ranks},
};

/// How the value moves with one assumption.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = DriverRankCorrelation)]
pub struct RankCorrelation {
    /// Which assumption.
    pub driver: Driver,
    /// Spearman's rank correlation of its draws and the value; null where either has no spread, like an assumption that is
    /// drawn with a standard deviation of 0.
    pub rank_correlation: Option<f64>,
    /// Its square over the sum of all squares: roughly, its part in the spread of the value.
    pub share_of_squares: Option<f64>,
    /// The mean value of the trials with the lowest tenth of the draws.
    pub value_at_low: f64,
    /// The mean value of the trials with the highest tenth of the draws.
    pub value_at_high: f64,
}

/// The bars of the uncertain assumptions, the strongest first. `values` has NaN where a trial is left out, `defined` has
/// the others, and `order` their places in ascending order.
pub(super) fn tornado(
    simulation: &Simulation,
    values: &[f64],
    defined: &[f64],
    order: &[u32],
) -> Vec<RankCorrelation> {
    let by_value = ranks(defined, order);
    let normals = simulation.normals();
    let tenth = defined.len().div_ceil(10);
    let bar = |driver: Driver| {
        let of_defined = normals.iter().zip(values).filter(|(_, value)| !value.is_nan());
        let constant = simulation.samplers[driver as usize].is_constant();
        let draw = |normals: &[f64; 4]| if constant { 0.0 } else { normals[driver as usize] };
        let draws: Vec<f64> = of_defined.map(|(normals, _)| draw(normals)).collect();
        let by_draw = ascending(&draws);
        let mean = |places: &[u32]| {
            places.iter().map(|&place| defined[place as usize]).sum::<f64>() / places.len() as f64
        };
        // Which draws are lowest is chance where all are the same.
        let tenth = if constant { defined.len() } else { tenth };
        RankCorrelation {
            driver,
            rank_correlation: correlation(&ranks(&draws, &by_draw), &by_value),
            share_of_squares: None,
            value_at_low: mean(&by_draw[..tenth]),
            value_at_high: mean(&by_draw[by_draw.len() - tenth..]),
        }
    };
    let uncertain = |driver: &Driver| simulation.specification.distributions[*driver as usize].is_some();
    let mut bars: Vec<RankCorrelation> = Driver::ALL.into_iter().filter(uncertain).map(bar).collect();
    let square = |bar: &RankCorrelation| bar.rank_correlation.unwrap_or_default().powi(2);
    let total: f64 = bars.iter().map(square).sum();
    for bar in &mut bars {
        bar.share_of_squares = (total > 0.0).then(|| square(bar) / total);
    }
    bars.sort_by(|left, right| square(right).total_cmp(&square(left)));
    bars
}
