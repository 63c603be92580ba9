//! Value at risk of a million scenarios.
#![allow(missing_docs, clippy::unwrap_used)]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use quant::var_cvar::{historical, var_cvar};

fn scenarios() -> Vec<f64> {
    let mut state = 1u64;
    let mut uniform = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1u64 << 53) as f64
    };
    (0..1_000_000).map(|_| 0.01 * ((0..6).map(|_| uniform()).sum::<f64>() - 3.0)).collect()
}

fn a_million(criterion: &mut Criterion) {
    let returns = scenarios();
    criterion.bench_function("var_cvar/1000000/historical_95", |bencher| {
        bencher.iter(|| historical(black_box(&returns), &[0.95], 1).unwrap());
    });
    criterion.bench_function("var_cvar/1000000/historical_90_95_99", |bencher| {
        bencher.iter(|| historical(black_box(&returns), &[0.9, 0.95, 0.99], 1).unwrap());
    });
    criterion.bench_function("var_cvar/1000000/three_methods", |bencher| {
        bencher.iter(|| var_cvar(black_box(&returns), &[0.95, 0.99], &[1]).unwrap());
    });
}

criterion_group!(benches, a_million);
criterion_main!(benches);
