//! Simulation models and samplings beside plain geometric Brownian motion, and the fit of GARCH(1,1).
#![allow(missing_docs, clippy::unwrap_used)]

use std::{hint::black_box, time::Duration};

use criterion::{Criterion, criterion_group, criterion_main};
use quant::{
    Returns, Weights,
    estimate::garch::garch,
    monte_carlo::{ModelChoice, Sampling, Settings, Simulation, Specification},
};

/// Five years of ten assets whose volatility comes and goes.
fn history() -> Returns {
    let mut state = 1u64;
    let mut uniform = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / 2f64.powi(53) - 0.5
    };
    let rows: Vec<Vec<f64>> = (0..1258)
        .map(|day| {
            let scale = 0.02 + 0.015 * (f64::from(day) / 60.0).sin();
            let market = uniform();
            (0..10).map(|_| scale * (market + uniform())).collect()
        })
        .collect();
    Returns::from_rows(&rows).unwrap()
}

fn one_thread(criterion: &mut Criterion, name: &str, model: ModelChoice, settings: Settings) {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let specification = Specification::fit(&history(), Weights::equal(10).unwrap(), model, settings).unwrap();
    let simulation = Simulation::prepare(specification).unwrap();
    let mut group = criterion.benchmark_group("monte_carlo_models");
    group.sample_size(10).warm_up_time(Duration::from_millis(500));
    group.bench_function(name, |bencher| {
        bencher.iter(|| pool.install(|| black_box(simulation.outcome().unwrap())));
    });
    group.finish();
}

fn models(criterion: &mut Criterion) {
    for (name, model) in [
        ("geometric_brownian_motion", ModelChoice::GeometricBrownianMotion),
        ("student_t_copula", ModelChoice::StudentTCopula { degrees_of_freedom: Some(5.0) }),
        ("historical_bootstrap", ModelChoice::HistoricalBootstrap),
        ("stationary_bootstrap", ModelChoice::StationaryBootstrap { mean_block_length: Some(10.0) }),
        ("garch_filtered_historical", ModelChoice::GarchFilteredHistorical),
    ] {
        one_thread(criterion, &format!("{name}/10000x252x10"), model, Settings::default());
    }
}

fn samplings(criterion: &mut Criterion) {
    for (name, sampling) in [
        ("antithetic", Sampling::Antithetic),
        ("moment_matched", Sampling::MomentMatched),
        ("sobol", Sampling::Sobol),
    ] {
        let settings = Settings { sampling, ..Settings::default() };
        let model = ModelChoice::GeometricBrownianMotion;
        one_thread(criterion, &format!("{name}/10000x252x10"), model, settings);
    }
}

fn final_values(criterion: &mut Criterion) {
    for (name, sampling) in [("random", Sampling::Random), ("sobol", Sampling::Sobol)] {
        let settings = Settings { paths: 1_000_000, path_statistics: false, sampling, ..Settings::default() };
        let model = ModelChoice::GeometricBrownianMotion;
        one_thread(criterion, &format!("final_values_{name}/1000000x10"), model, settings);
    }
}

fn fits(criterion: &mut Criterion) {
    let returns = history().log().column(0);
    criterion.bench_function("garch/1258", |bencher| bencher.iter(|| garch(black_box(&returns)).unwrap()));
}

criterion_group!(benches, models, samplings, final_values, fits);
criterion_main!(benches);
