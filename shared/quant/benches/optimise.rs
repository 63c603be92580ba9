//! Portfolio optimisation at the sizes of docs/PERFORMANCE.md: 500 assets, one thread. The returns follow the model of
//! `shared/bench/bench_peers.py`: a market, ten sectors, and Student-t(5) shocks.
#![allow(missing_docs, clippy::unwrap_used)]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use quant::{
    Matrix, Returns,
    estimate::{CovarianceModel, ReturnsModel},
    optimise::{
        FrontierProblem, LeafOrder, Linkage, Method, Objective, ParityMeasure, Problem, RiskMeasure,
        frontier, optimise,
    },
};

/// A small generator (`SplitMix64`), so that the data is the same everywhere.
struct Source(u64);

impl Source {
    fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64 + 1e-17
    }

    fn normal(&mut self) -> f64 {
        (-2.0 * self.uniform().ln()).sqrt() * (2.0 * std::f64::consts::PI * self.uniform()).cos()
    }

    /// Student-t with five degrees of freedom and a variance of 1.
    fn shock(&mut self) -> f64 {
        let chi: f64 = (0..5).map(|_| self.normal().powi(2)).sum();
        self.normal() / (chi / 5.0).sqrt() * 0.6f64.sqrt()
    }
}

fn history(assets: usize, periods: usize) -> Returns {
    let mut source = Source(7 + assets as u64);
    let loads: Vec<(f64, usize, f64, f64)> = (0..assets)
        .map(|_| {
            let (market, sector) = (1.0 + 0.25 * source.normal(), (source.uniform() * 10.0) as usize);
            (market, sector.min(9), 0.008 + 0.014 * source.uniform(), 0.0004 + 0.0002 * source.normal())
        })
        .collect();
    let rows: Vec<Vec<f64>> = (0..periods)
        .map(|_| {
            let market = 0.011 * source.shock();
            let sectors: Vec<f64> = (0..10).map(|_| 0.006 * source.shock()).collect();
            let mut asset = |&(beta, sector, noise, drift): &(f64, usize, f64, f64)| {
                drift + beta * market + 0.8 * sectors[sector] + noise * source.shock()
            };
            loads.iter().map(&mut asset).map(|value| value.max(-0.9)).collect()
        })
        .collect();
    Returns::from_rows(&rows).unwrap()
}

/// A problem with its estimates made beforehand, as the peers' benchmarks have it.
fn estimated(history: &Returns, method: Method) -> Problem {
    let matrix: Matrix = CovarianceModel::Sample.estimate(Some(history), 252.0).unwrap().matrix;
    let values = ReturnsModel::Mean { compounding: false }.estimate(Some(history), 252.0).unwrap().values;
    let problem = Problem::new(history.clone(), method);
    Problem {
        covariance: CovarianceModel::Given { matrix },
        expected_returns: ReturnsModel::Given { values },
        ..problem
    }
}

fn five_hundred_assets(criterion: &mut Criterion) {
    let returns = history(500, 1260);
    let mut group = criterion.benchmark_group("optimise/500");
    group.sample_size(10);
    let (linkage, leaf_order) = (Linkage::Single, LeafOrder::Tree);
    let measure = ParityMeasure::Volatility;
    let methods = [
        ("minimum_volatility", Method::MeanVariance { objective: Objective::MinimumRisk }),
        ("maximum_sharpe", Method::MeanVariance { objective: Objective::MaximumRatio }),
        ("risk_parity", Method::RiskParity { budgets: None, measure }),
        ("max_diversification", Method::MaxDiversification),
        ("hrp", Method::Hrp { linkage, leaf_order }),
        ("hrp_optimal_order", Method::Hrp { linkage, leaf_order: LeafOrder::Optimal }),
    ];
    for (name, method) in methods {
        let problem = estimated(&returns, method);
        group.bench_function(name, |bencher| bencher.iter(|| optimise(black_box(&problem)).unwrap()));
    }
    let from_returns = Problem::new(returns.clone(), Method::Hrp { linkage, leaf_order });
    group.bench_function("hrp_with_estimates", |bencher| {
        bencher.iter(|| optimise(black_box(&from_returns)).unwrap());
    });
    let problem = estimated(&returns, Method::EqualWeight);
    let asked = FrontierProblem { problem, measure: RiskMeasure::Variance, points: 100, current: None };
    group.bench_function("whole_frontier_and_100_points", |bencher| {
        bencher.iter(|| frontier(black_box(&asked)).unwrap());
    });
    group.bench_function("sample_covariance", |bencher| {
        bencher.iter(|| CovarianceModel::Sample.estimate(Some(black_box(&returns)), 252.0).unwrap());
    });
    group.bench_function("ledoit_wolf", |bencher| {
        let model = CovarianceModel::LedoitWolfConstantVariance;
        bencher.iter(|| model.estimate(Some(black_box(&returns)), 252.0).unwrap());
    });
    let scenarios = history(500, 1000);
    let method = Method::Cvar { objective: Objective::MinimumRisk, confidence_level: 0.95 };
    let problem = estimated(&scenarios, method);
    group.bench_function("minimum_cvar_1000_scenarios", |bencher| {
        bencher.iter(|| optimise(black_box(&problem)).unwrap());
    });
    group.finish();
}

criterion_group!(benches, five_hundred_assets);
criterion_main!(benches);
