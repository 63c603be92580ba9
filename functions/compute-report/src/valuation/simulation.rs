use computations::report::Trials as Simulated;
use quant::valuation::Driver as Assumption;
use report::model::{Driver, Histogram, Percentile, Trials};

const PERCENTILES: [u8; 9] = [1, 5, 10, 25, 50, 75, 90, 95, 99];

pub(super) fn trials(of: &Simulated) -> Option<Trials> {
    let Simulated::Some(outcome) = of else { return None };
    let spread = &outcome.value_per_share;
    let percentiles = spread.percentiles.iter().filter(|one| PERCENTILES.contains(&one.percentile));
    let drivers = outcome.tornado.iter().filter_map(|one| {
        Some(Driver { name: name(one.driver).to_owned(), rank_correlation: one.rank_correlation? })
    });
    Some(Trials {
        count: outcome.trials,
        seed: outcome.seed,
        percentiles: percentiles
            .map(|one| Percentile { percentile: f64::from(one.percentile), value: one.value })
            .collect(),
        histogram: Histogram {
            edges: outcome.histogram.edges.clone(),
            counts: outcome.histogram.counts.clone(),
            mean: spread.mean,
            standard_deviation: spread.standard_deviation,
        },
        drivers: drivers.collect(),
        probability_above_price: outcome.probability_above_price,
    })
}

fn name(of: Assumption) -> &'static str {
    match of {
        Assumption::Growth => "Growth of revenue",
        Assumption::Margin => "Margin",
        Assumption::Wacc => "WACC",
        Assumption::ExitMultiple => "Exit multiple",
    }
}
