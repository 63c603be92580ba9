//! A valuation with its grids, and a hundred thousand trials of it.
#![allow(missing_docs, clippy::unwrap_used)]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use quant::valuation::{Assumptions, Axes, Distribution, Settings, Simulation, Specification, fade, value};

#[path = "../tests/support/valuation.rs"]
mod model;

fn assumptions() -> Assumptions {
    model::assumptions(fade(0.12, 0.025, 10).unwrap())
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
