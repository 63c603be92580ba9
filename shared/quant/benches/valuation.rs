//! A valuation with its grids, and a hundred thousand trials of it.
#![allow(missing_docs, clippy::unwrap_used)]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use quant::valuation::{
    Assumptions, Axes, Claims, Distribution, MarginBasis, OptionTranche, Settings, Simulation, Specification,
    TerminalMethod, YearAssumptions, fade, value,
};

fn assumptions() -> Assumptions {
    let year = |growth| YearAssumptions {
        growth,
        margin: 0.18,
        tax_rate: 0.25,
        depreciation: 0.04,
        capital_expenditure: 0.05,
        working_capital: 0.1,
    };
    Assumptions {
        revenue: 1000.0,
        margin_basis: MarginBasis::Ebit,
        years: fade(0.12, 0.025, 10).unwrap().into_iter().map(year).collect(),
        wacc: 0.09,
        terminal_growth: 0.025,
        exit_multiple: Some(11.0),
        terminal_method: TerminalMethod::Gordon,
        mid_year: true,
        claims: Claims {
            debt: 350.0,
            shares: 120.0,
            options: vec![OptionTranche { count: 5.0, strike: 12.0 }],
            ..Claims::default()
        },
        price: Some(18.0),
    }
}

fn dcf(criterion: &mut Criterion) {
    let assumptions = assumptions();
    let axes = Axes::around(&assumptions);
    criterion.bench_function("valuation/run_10_years_with_grids_and_reverse", |bencher| {
        bencher.iter(|| value(black_box(&assumptions), &axes).unwrap());
    });
}

fn simulation(criterion: &mut Criterion) {
    let specification = Specification {
        assumptions: assumptions(),
        distributions: [
            Some(Distribution::Normal { mean: 0.12, standard_deviation: 0.02 }),
            Some(Distribution::Pert { minimum: 0.12, mode: 0.18, maximum: 0.22 }),
            Some(Distribution::Triangular { minimum: 0.08, mode: 0.09, maximum: 0.105 }),
            None,
        ],
        correlation: None,
        settings: Settings { trials: 100_000, seed: 1 },
    };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    criterion.bench_function("valuation/100000_trials_1_thread", |bencher| {
        bencher.iter(|| {
            pool.install(|| Simulation::prepare(black_box(specification.clone())).unwrap().outcome().unwrap())
        });
    });
}

criterion_group!(benches, dcf, simulation);
criterion_main!(benches);
