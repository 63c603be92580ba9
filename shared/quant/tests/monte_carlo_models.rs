//! Each model does what its name says, on real prices.

use crate::support::{history, number, oracle, portfolio};
use quant::{
    Matrix, QuantError, Returns, Weights,
    estimate::garch::GarchOutcome,
    moments::covariance,
    monte_carlo::{
        Dynamics, FittedModel, ModelChoice, Normal, Outcome, Rebalance, Sampling, Settings, Simulation,
        Specification,
    },
};
use serde_json::Value;

const EVERY: [ModelChoice; 5] = [
    ModelChoice::GeometricBrownianMotion,
    ModelChoice::StudentTCopula { degrees_of_freedom: None },
    ModelChoice::HistoricalBootstrap,
    ModelChoice::StationaryBootstrap { mean_block_length: None },
    ModelChoice::GarchFilteredHistorical,
];

fn run(history: &Returns, weights: Weights, model: ModelChoice, settings: Settings) -> Outcome {
    let specification = Specification::fit(history, weights, model, settings).unwrap();
    Simulation::prepare(specification).unwrap().outcome().unwrap()
}

fn near(what: &str, found: f64, expected: f64, error: f64) {
    assert!(
        (found - expected).abs() <= 4.5 * error,
        "{what}: {found} where {expected} was expected, error {error}"
    );
}

#[test]
fn every_model_has_its_figures_in_order() {
    let history = history();
    for model in EVERY {
        for rebalance in [Rebalance::None, Rebalance::Daily] {
            let settings = Settings { paths: 4000, steps: 21, rebalance, ..Settings::default() };
            let outcome = run(&history, Weights::equal(10).unwrap(), model, settings);
            for risk in &outcome.risk {
                assert!(risk.conditional_value_at_risk >= risk.value_at_risk && risk.value_at_risk > 0.0);
            }
            assert!(outcome.drawdown.unwrap().expected_maximum > 0.0 && outcome.fan.is_some());
            // A month's volatility of these ten stocks, whatever the model.
            let deviation = outcome.statistics.standard_deviation;
            assert!((0.03..0.1).contains(&deviation), "{model:?} {deviation}");
        }
    }
}

/// The mean of `Π (1 + r)` over independent days is `(1 + m)^h`, its second moment `(1 + 2m + m² + s²)^h`.
#[test]
fn the_bootstrap_has_the_moments_of_the_history() {
    let (history, weights) = (history(), Weights::equal(10).unwrap());
    let returns = history.portfolio(&weights).unwrap();
    let days = returns.len() as f64;
    let mean = returns.iter().sum::<f64>() / days;
    let square = returns.iter().map(|value| (1.0 + value) * (1.0 + value)).sum::<f64>() / days;
    let settings = Settings { paths: 200_000, steps: 10, rebalance: Rebalance::Daily, ..Settings::default() };
    for model in
        [ModelChoice::HistoricalBootstrap, ModelChoice::StationaryBootstrap { mean_block_length: Some(1.0) }]
    {
        let statistics = run(&history, weights.clone(), model, settings.clone()).statistics;
        let errors = statistics.standard_errors;
        let exact = (1.0 + mean).powi(10);
        near("mean", statistics.mean + 1.0, exact, errors.mean.unwrap());
        let deviation = (square.powi(10) - exact * exact).sqrt();
        near("deviation", statistics.standard_deviation, deviation, errors.standard_deviation.unwrap());
    }
}

/// One day of a stationary bootstrap is any day; two days have the history's covariance from one day to the next.
#[test]
fn runs_of_days_keep_the_memory_of_the_history() {
    let rows: Vec<[f64; 1]> = (0..400).map(|i| [if i / 20 % 2 == 0 { 0.01 } else { -0.01 }]).collect();
    let history = Returns::from_rows(&rows).unwrap();
    let deviation = |length| {
        let settings =
            Settings { paths: 20_000, steps: 10, rebalance: Rebalance::Daily, ..Settings::default() };
        let model = ModelChoice::StationaryBootstrap { mean_block_length: Some(length) };
        run(&history, Weights::equal(1).unwrap(), model, settings).statistics.standard_deviation
    };
    assert!(deviation(200.0) > 2.0 * deviation(1.0));
}

#[test]
fn the_bootstrap_agrees_with_the_oracle() {
    const PATHS: u64 = 400_000;
    let cases: Vec<Value> = oracle("monte_carlo")
        .into_iter()
        .filter(|case| case["id"].as_str().unwrap().starts_with("iid_bootstrap_rebalanced/"))
        .collect();
    assert_eq!(cases.len(), 3);
    for case in cases {
        let (history, weights) = portfolio(&case);
        let expected = &case["expected"];
        let settings = Settings {
            initial_value: number(&case["inputs"]["notional"]),
            steps: number(&case["inputs"]["horizon_days"]) as u32,
            paths: PATHS,
            seed: 20_260_101,
            rebalance: Rebalance::Daily,
            ..Settings::default()
        };
        let outcome = run(&history, weights, ModelChoice::HistoricalBootstrap, settings);
        let error = |unit: &Value, reference: &Value| {
            (number(unit) / (PATHS as f64).sqrt()).hypot(reference.as_f64().unwrap_or(0.0))
        };
        let exact = error(&expected["mean_se_unit"], &Value::Null);
        near("mean", outcome.statistics.mean, number(&expected["mean"]), exact);
        let own = outcome.statistics.standard_errors.standard_deviation.unwrap();
        near("std", outcome.statistics.standard_deviation, number(&expected["std"]), own);
        for (risk, level) in outcome.risk.iter().zip(expected["levels"].as_array().unwrap()) {
            let (var, cvar) = (number(&level["var"]), number(&level["cvar"]));
            near("VaR", risk.value_at_risk, var, error(&level["var_se_unit"], &level["var_ref_se"]));
            let error = error(&level["cvar_se_unit"], &level["cvar_ref_se"]);
            near("CVaR", risk.conditional_value_at_risk, cvar, error);
        }
    }
}

fn copula(degrees_of_freedom: Option<f64>, steps: u32) -> Outcome {
    let covariance = [
        [1e-4, 5e-5, 5e-5, 5e-5],
        [5e-5, 1e-4, 5e-5, 5e-5],
        [5e-5, 5e-5, 1e-4, 5e-5],
        [5e-5, 5e-5, 5e-5, 1e-4],
    ];
    let normal = Normal {
        log_return_mean: vec![0.0; 4],
        covariance: Matrix::from_rows("covariance", &covariance).unwrap(),
    };
    let dynamics = match degrees_of_freedom {
        Some(degrees_of_freedom) => Dynamics::StudentTCopula { normal, degrees_of_freedom, fit: None },
        None => Dynamics::GeometricBrownianMotion(normal),
    };
    let settings =
        Settings { paths: 400_000, steps, confidence_levels: vec![0.95, 0.999], ..Settings::default() };
    let specification = Specification { weights: Weights::equal(4).unwrap(), dynamics, settings };
    Simulation::prepare(specification).unwrap().outcome().unwrap()
}

/// Normal margins, and extreme days together: the tail of the sum is heavier, its variance about the same.
#[test]
fn a_student_t_copula_has_the_heavier_tail() {
    let (normal, four, many) = (copula(None, 1), copula(Some(4.0), 1), copula(Some(1000.0), 1));
    let tail = |outcome: &Outcome| outcome.risk[1].conditional_value_at_risk;
    let error = |outcome: &Outcome| outcome.risk[1].standard_errors.conditional_value_at_risk.unwrap();
    assert!(tail(&four) > 1.08 * tail(&normal), "{} {}", tail(&four), tail(&normal));
    near("many degrees of freedom", tail(&many), tail(&normal), error(&many).hypot(error(&normal)));
    assert!((four.statistics.standard_deviation / normal.statistics.standard_deviation - 1.0).abs() < 0.03);
    assert!(four.statistics.kurtosis.unwrap() > normal.statistics.kurtosis.unwrap() + 0.2);
}

#[test]
fn each_margin_of_the_copula_stays_normal() {
    let rows = [[1e-4, 9e-5], [9e-5, 1e-4]];
    let normal = Normal {
        log_return_mean: vec![1e-3, 0.0],
        covariance: Matrix::from_rows("covariance", &rows).unwrap(),
    };
    let dynamics = Dynamics::StudentTCopula { normal, degrees_of_freedom: 3.0, fit: None };
    let settings =
        Settings { paths: 400_000, steps: 1, confidence_levels: vec![0.99], ..Settings::default() };
    let weights = Weights::new(vec![1.0, 0.0]).unwrap();
    let outcome =
        Simulation::prepare(Specification { weights, dynamics, settings }).unwrap().outcome().unwrap();
    let exact = 1.0 - (1e-3 - 0.01 * 2.326_347_874_040_841f64).exp();
    let risk = &outcome.risk[0];
    near("VaR", risk.value_at_risk, exact, risk.standard_errors.value_at_risk.unwrap());
    let mean = (1e-3f64 + 0.5e-4).exp() - 1.0;
    near("mean", outcome.statistics.mean, mean, outcome.statistics.standard_errors.mean.unwrap());
}

#[test]
fn fitted_parameters_are_told() {
    let (history, weights) = (history(), Weights::equal(10).unwrap());
    let settings = Settings { paths: 200, steps: 5, ..Settings::default() };
    let model = |choice| run(&history, weights.clone(), choice, settings.clone()).model;
    let FittedModel::StudentTCopula { degrees_of_freedom, estimated: true, at_limit: false, log_likelihood } =
        model(ModelChoice::StudentTCopula { degrees_of_freedom: None })
    else {
        panic!()
    };
    assert!(
        (3.0..15.0).contains(&degrees_of_freedom) && log_likelihood.unwrap() > 0.0,
        "{degrees_of_freedom}"
    );
    let FittedModel::StationaryBootstrap { days: 1258, mean_block_length, estimated: true } =
        model(ModelChoice::StationaryBootstrap { mean_block_length: None })
    else {
        panic!()
    };
    assert!((1.0..60.0).contains(&mean_block_length), "{mean_block_length}");
    let FittedModel::GarchFilteredHistorical { parameters, volatilities } =
        model(ModelChoice::GarchFilteredHistorical)
    else {
        panic!()
    };
    assert!(parameters.iter().all(|model| model.outcome == GarchOutcome::Converged && model.alpha > 0.0));
    assert!(volatilities.iter().all(|volatility| (0.005..0.05).contains(volatility)));
}

/// The variance of the first day is the models' forecast; far ahead it is the long-run variance.
#[test]
fn filtered_simulation_starts_from_todays_volatility() {
    let history = history();
    let choice = ModelChoice::GarchFilteredHistorical;
    let mut weights = vec![0.0; 10];
    weights[0] = 1.0;
    let settings = Settings { paths: 200_000, steps: 1, ..Settings::default() };
    let outcome = run(&history, Weights::new(weights).unwrap(), choice, settings);
    let FittedModel::GarchFilteredHistorical { volatilities, .. } = &outcome.model else { panic!() };
    let ratio = outcome.statistics.standard_deviation / volatilities[0];
    assert!((ratio - 1.0).abs() < 0.03, "{ratio}");
}

#[test]
fn degenerate_histories_have_a_defined_answer() {
    let rows: Vec<[f64; 3]> =
        (0..60).map(|i| f64::from(i * 7 % 13) / 500.0 - 0.012).map(|x| [x, 0.001, 2.0 * x]).collect();
    let history = Returns::from_rows(&rows).unwrap();
    for model in EVERY {
        let settings = Settings { paths: 500, steps: 5, ..Settings::default() };
        let outcome = run(&history, Weights::equal(3).unwrap(), model, settings);
        assert!(outcome.statistics.standard_deviation > 0.0, "{model:?}");
    }
    let short = Returns::from_rows(&rows[..20]).unwrap();
    for (model, fits) in EVERY.into_iter().zip([true, false, true, true, false]) {
        let specification =
            Specification::fit(&short, Weights::equal(3).unwrap(), model, Settings::default());
        match specification {
            Ok(_) => assert!(fits),
            Err(error) => {
                assert_eq!((error, fits), (QuantError::TooFewRows { rows: 20, minimum: 50 }, false));
            }
        }
    }
}

#[test]
fn what_does_not_go_together_is_refused() {
    let history = history();
    let refused = |model, settings: Settings| {
        let specification =
            Specification::fit(&history, Weights::equal(10).unwrap(), model, settings).unwrap();
        Simulation::prepare(specification).unwrap_err()
    };
    let with = |sampling| Settings { sampling, paths: 2048, ..Settings::default() };
    let brownian = ModelChoice::GeometricBrownianMotion;
    for sampling in [Sampling::Antithetic, Sampling::MomentMatched, Sampling::Sobol] {
        let error = refused(ModelChoice::HistoricalBootstrap, with(sampling));
        assert!(matches!(error, QuantError::Unsupported { .. }));
    }
    let odd = Settings { paths: 2047, ..with(Sampling::Antithetic) };
    assert!(matches!(refused(brownian, odd), QuantError::OutOfRange { name: "paths", .. }));
    let few = Settings { paths: 1000, ..with(Sampling::Sobol) };
    assert!(matches!(refused(brownian, few), QuantError::OutOfRange { name: "paths", .. }));
    let long = Settings { steps: 410, ..with(Sampling::Sobol) };
    assert!(matches!(refused(brownian, long), QuantError::OutOfRange { .. }));
    let last = Settings { path_statistics: false, ..Settings::default() };
    assert!(matches!(refused(EVERY[1], last.clone()), QuantError::Unsupported { .. }));
    let daily = Settings { rebalance: Rebalance::Daily, ..last };
    assert!(matches!(refused(brownian, daily), QuantError::Unsupported { .. }));
    let degrees = ModelChoice::StudentTCopula { degrees_of_freedom: Some(1.5) };
    assert!(matches!(
        refused(degrees, Settings::default()),
        QuantError::OutOfRange { name: "degrees_of_freedom", .. }
    ));
    let length = ModelChoice::StationaryBootstrap { mean_block_length: Some(2000.0) };
    assert!(matches!(
        refused(length, Settings::default()),
        QuantError::OutOfRange { name: "mean_block_length", .. }
    ));
}

#[test]
fn the_copula_keeps_the_correlation_of_normal_scores() {
    let history = history();
    let (_, covariance) = covariance(&history.log()).unwrap();
    let settings = Settings { paths: 100_000, steps: 1, ..Settings::default() };
    let weights = Weights::equal(10).unwrap();
    let outcome =
        run(&history, weights, ModelChoice::StudentTCopula { degrees_of_freedom: Some(5.0) }, settings);
    let variance = covariance.values().iter().sum::<f64>() / 100.0;
    assert!((outcome.statistics.standard_deviation / variance.sqrt() - 1.0).abs() < 0.04);
}
