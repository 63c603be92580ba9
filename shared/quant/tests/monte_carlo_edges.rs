//! Small, degenerate and extreme simulations, and bad input.

use quant::{
    Matrix, QuantError, Returns, Weights,
    factor::CovarianceRepair,
    monte_carlo::{Dynamics, Normal, Outcome, Rebalance, Settings, Simulation, Specification},
};

fn specification(weights: &[f64], mean: f64, variance: f64, settings: Settings) -> Specification {
    let assets = weights.len();
    let rows: Vec<Vec<f64>> = (0..assets)
        .map(|i| (0..assets).map(|j| if i == j { variance } else { 0.2 * variance }).collect())
        .collect();
    Specification {
        weights: Weights::new(weights.to_vec()).unwrap(),
        dynamics: Dynamics::GeometricBrownianMotion(Normal {
            log_return_mean: vec![mean; assets],
            covariance: Matrix::from_rows("covariance", &rows).unwrap(),
        }),
        settings,
    }
}

fn outcome(specification: Specification) -> Outcome {
    Simulation::prepare(specification).unwrap().outcome().unwrap()
}

fn settings(paths: u64, steps: u32) -> Settings {
    Settings { initial_value: 100.0, paths, steps, ..Settings::default() }
}

#[test]
fn one_path_of_one_step() {
    for exact_quantile_paths in [0, 1] {
        let result = outcome(specification(
            &[0.5, 0.5],
            0.0,
            1e-4,
            Settings { exact_quantile_paths, ..settings(1, 1) },
        ));
        let loss = -result.statistics.mean;
        assert_eq!((result.statistics.skewness, result.statistics.standard_errors.mean), (None, None));
        assert_eq!(result.risk[0].standard_errors.value_at_risk, None);
        assert!((result.risk[0].value_at_risk - loss).abs() < 1e-12);
        assert!((result.risk[0].conditional_value_at_risk - loss).abs() < 1e-12);
        assert_eq!((result.histogram.counts, result.fan.unwrap().days), (vec![1], vec![0, 1]));
        assert!(result.statistics.standard_deviation.abs() < f64::MIN_POSITIVE);
    }
}

#[test]
fn without_variance_every_path_is_the_mean() {
    for rebalance in [Rebalance::None, Rebalance::Daily] {
        let result =
            outcome(specification(&[0.5, 0.3, 0.2], 1e-3, 0.0, Settings { rebalance, ..settings(500, 10) }));
        assert_eq!(result.covariance_repair, CovarianceRepair::Semidefinite { rank: 0 });
        let profit = 100.0 * (0.01f64.exp() - 1.0);
        assert!(
            (result.statistics.minimum - profit).abs() < 1e-11
                && (result.statistics.maximum - profit).abs() < 1e-11
        );
        assert!(
            result.drawdown.as_ref().unwrap().worst_maximum.abs() < 1e-15
                && result.statistics.probability_of_loss < 1e-15
        );
        assert!((result.risk[0].value_at_risk + profit).abs() < 1e-11);
    }
}

#[test]
fn a_constant_column_and_few_rows_are_repaired_and_said() {
    let rows: Vec<Vec<f64>> = (0..4)
        .map(|t| {
            vec![
                0.01 * (f64::from(t) - 1.3),
                0.0002,
                0.02 * (0.5 - f64::from(t * t % 3)),
                -0.01 * (f64::from(t) - 1.3),
                0.003 * f64::from(t % 2),
            ]
        })
        .collect();
    let history = Returns::from_rows(&rows).unwrap();
    let run = Specification::from_simple_returns(&history, Weights::equal(5).unwrap(), settings(20_000, 5))
        .unwrap();
    let Dynamics::GeometricBrownianMotion(Normal { covariance, .. }) = run.dynamics.clone() else { panic!() };
    let result = outcome(run);
    assert_eq!(result.covariance_repair, CovarianceRepair::Semidefinite { rank: 3 });
    let variance: f64 = covariance.values().iter().sum::<f64>() / 25.0 * 5.0;
    let deviation = result.statistics.standard_deviation / 100.0;
    assert!((deviation / variance.sqrt() - 1.0).abs() < 0.03, "{deviation} {variance}");
}

#[test]
fn a_short_portfolio_can_lose_more_than_all() {
    let held = outcome(specification(&[3.0, -2.0], 0.0, 1e-2, settings(2_000, 100)));
    assert!(held.statistics.minimum < -100.0 && held.drawdown.as_ref().unwrap().worst_maximum > 1.0);
    assert!(held.risk.iter().all(|risk| risk.conditional_value_at_risk >= risk.value_at_risk));
    let daily = outcome(specification(
        &[8.0, -7.0],
        0.0,
        1e-2,
        Settings { rebalance: Rebalance::Daily, ..settings(2_000, 500) },
    ));
    assert!(daily.statistics.minimum < -100.0 && daily.drawdown.as_ref().unwrap().worst_maximum > 1.0);
    let lines = &daily.fan.as_ref().unwrap().lines;
    assert!(
        lines.windows(2).all(|pair| pair[0]
            .values
            .iter()
            .zip(&pair[1].values)
            .all(|(low, high)| low <= high))
    );
}

#[test]
fn figures_fit_together_and_scale_with_the_initial_value() {
    let small = outcome(specification(&[0.6, 0.4], 2e-4, 1e-4, settings(5_000, 60)));
    let large = outcome(specification(
        &[0.6, 0.4],
        2e-4,
        1e-4,
        Settings { initial_value: 400.0, ..settings(5_000, 60) },
    ));
    assert_eq!((4.0 * small.risk[0].value_at_risk).to_bits(), large.risk[0].value_at_risk.to_bits());
    assert_eq!(small.total_return, large.total_return);
    assert_eq!(small.histogram.counts.iter().sum::<u64>(), 5_000);
    assert_eq!(small.histogram.edges.len(), small.histogram.counts.len() + 1);
    assert_eq!(
        (
            small.fan.as_ref().unwrap().days.len(),
            small.fan.as_ref().unwrap().days[0],
            *small.fan.as_ref().unwrap().days.last().unwrap()
        ),
        (61, 0, 60)
    );
    let percentiles = &small.final_value.percentiles;
    assert_eq!((percentiles.len(), percentiles[4].percentile), (99, 5));
    assert!(percentiles.is_sorted_by(|a, b| a.value <= b.value));
    assert!((100.0 - percentiles[4].value - small.risk[0].value_at_risk).abs() < 1e-9);
    assert!((percentiles[4].value - small.fan.as_ref().unwrap().lines[0].values[60]).abs() < 1e-9);
}

#[test]
fn a_permutation_of_assets_is_the_same_portfolio() {
    let weights = [0.5, 0.3, 0.2];
    let rows = [[4e-4, 1e-4, 2e-4], [1e-4, 1e-4, 0.0], [2e-4, 0.0, 9e-4]];
    let mean = [1e-3, -2e-3, 3e-3];
    let run = |order: [usize; 3]| {
        let covariance: Vec<Vec<f64>> =
            order.iter().map(|&i| order.iter().map(|&j| rows[i][j]).collect()).collect();
        outcome(Specification {
            weights: Weights::new(order.iter().map(|&i| weights[i]).collect()).unwrap(),
            dynamics: Dynamics::GeometricBrownianMotion(Normal {
                log_return_mean: order.iter().map(|&i| mean[i]).collect(),
                covariance: Matrix::from_rows("covariance", &covariance).unwrap(),
            }),
            settings: settings(50_000, 5),
        })
    };
    let (a, b) = (run([0, 1, 2]), run([2, 0, 1]));
    let error = a.statistics.standard_errors.mean.unwrap();
    assert!((a.statistics.mean - b.statistics.mean).abs() < 6.0 * error);
    let error = a.risk[0].standard_errors.value_at_risk.unwrap();
    assert!((a.risk[0].value_at_risk - b.risk[0].value_at_risk).abs() < 6.0 * error);
}

#[test]
fn partial_results_must_cover_all_blocks_of_this_simulation_in_order() {
    let simulation = Simulation::prepare(specification(&[1.0], 0.0, 1e-4, settings(1_000, 2))).unwrap();
    let blocks = simulation.blocks();
    let part = |range: std::ops::Range<u64>| simulation.run(range).unwrap();
    let swapped = simulation.reduce([part(1..blocks), part(0..1)]);
    assert_eq!(swapped, Err(QuantError::BlocksNotCovered { expected: 0, found: 1 }));
    let short = simulation.reduce([part(0..blocks - 1)]);
    assert_eq!(short, Err(QuantError::BlocksNotCovered { expected: blocks, found: blocks - 1 }));
    let twice = simulation.reduce([part(0..2), part(1..blocks)]);
    assert_eq!(twice, Err(QuantError::BlocksNotCovered { expected: 2, found: 1 }));
    assert!(matches!(simulation.run(0..blocks + 1), Err(QuantError::BlocksOutOfRange { .. })));
    assert!(matches!(simulation.run(1..1), Err(QuantError::BlocksOutOfRange { .. })));
    let other = Simulation::prepare(specification(&[1.0], 0.0, 2e-4, settings(1_000, 2))).unwrap();
    assert_eq!(other.reduce([part(0..blocks)]), Err(QuantError::ForeignPartial));
}

#[test]
fn bad_input_and_overflow_are_refused() {
    let refused = |settings| Simulation::prepare(specification(&[1.0], 0.0, 1e-4, settings)).unwrap_err();
    assert!(matches!(refused(settings(0, 1)), QuantError::OutOfRange { name: "paths", .. }));
    assert!(matches!(refused(settings(100_000_001, 1)), QuantError::OutOfRange { name: "paths", .. }));
    assert!(matches!(refused(settings(1, 0)), QuantError::OutOfRange { name: "steps", .. }));
    assert!(matches!(refused(settings(1, 2521)), QuantError::OutOfRange { name: "steps", .. }));
    let worthless = Settings { initial_value: 0.0, ..settings(1, 1) };
    assert!(matches!(refused(worthless), QuantError::OutOfRange { name: "initial_value", .. }));
    let levels = Settings { confidence_levels: vec![0.95, 1.0], ..settings(1, 1) };
    assert!(matches!(refused(levels), QuantError::OutOfRange { name: "confidence_level", .. }));
    let wild = Simulation::prepare(specification(&[1.0], 800.0, 1e-4, settings(1, 1)));
    assert!(matches!(wild, Err(QuantError::Overflow { .. })));
    let rich = Settings { initial_value: f64::MAX, ..settings(10, 10) };
    let growing = Simulation::prepare(specification(&[1.0], 0.1, 1e-4, rich)).unwrap();
    assert!(matches!(growing.outcome(), Err(QuantError::Overflow { .. })));
    let mut mismatch = specification(&[1.0], 0.0, 1e-4, settings(1, 1));
    mismatch.weights = Weights::equal(2).unwrap();
    assert!(matches!(Simulation::prepare(mismatch), Err(QuantError::AssetsMismatch { .. })));
}
