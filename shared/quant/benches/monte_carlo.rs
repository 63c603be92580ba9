//! Simulation of a portfolio with full path statistics.
//!
//! Equicorrelated assets with volatilities from 20 to 40 % a year, as in the C program that the targets come from.
#![allow(missing_docs, clippy::unwrap_used)]

use std::{hint::black_box, time::Duration};

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use quant::{
    Matrix, Weights,
    monte_carlo::{Dynamics, Normal, Rebalance, Settings, Simulation, Specification},
};

fn simulation(assets: usize, paths: u64, rebalance: Rebalance) -> Simulation {
    let volatility = |i: usize| (0.2 + 0.2 * i as f64 / (assets as f64 - 1.0)) / 252f64.sqrt();
    let covariance = |i, j| volatility(i) * volatility(j) * if i == j { 1.0 } else { 0.4 };
    let rows: Vec<Vec<f64>> = (0..assets).map(|i| (0..assets).map(|j| covariance(i, j)).collect()).collect();
    let specification = Specification {
        weights: Weights::equal(assets).unwrap(),
        dynamics: Dynamics::GeometricBrownianMotion(Normal {
            log_return_mean: (0..assets).map(|i| 0.07 / 252.0 - covariance(i, i) / 2.0).collect(),
            covariance: Matrix::from_rows("covariance", &rows).unwrap(),
        }),
        settings: Settings { paths, rebalance, ..Settings::default() },
    };
    Simulation::prepare(specification).unwrap()
}

fn measure(criterion: &mut Criterion, paths: u64, assets: &[usize], samples: usize) {
    let mut group = criterion.benchmark_group(format!("monte_carlo/{paths}x252"));
    group.sample_size(samples).warm_up_time(Duration::from_millis(500));
    for threads in [1, 2] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        for &assets in assets {
            for rebalance in [Rebalance::None, Rebalance::Daily] {
                let simulation = simulation(assets, paths, rebalance);
                let name = BenchmarkId::new(format!("{rebalance:?}/{threads}"), assets);
                group.bench_function(name, |bencher| {
                    bencher.iter(|| pool.install(|| black_box(simulation.outcome().unwrap())));
                });
            }
        }
    }
    group.finish();
}

fn small(criterion: &mut Criterion) {
    measure(criterion, 10_000, &[3, 10, 50], 30);
}

fn large(criterion: &mut Criterion) {
    measure(criterion, 1_000_000, &[3, 10], 10);
}

criterion_group!(benches, small, large);
criterion_main!(benches);
