//! Agreement with the reference cases of `tests/data/oracle/moments.json`.

use crate::support::{history, number, oracle};
use quant::{
    Matrix, Returns,
    estimate::{
        CovarianceModel, ReturnsModel,
        covariance::{denoised, ewma, gerber},
        expected::{bayes_stein, james_stein},
    },
};
use serde_json::{Value, from_value};

const DAYS: f64 = 252.0;

fn case(id: &str) -> Value {
    oracle("moments").into_iter().find(|case| case["id"] == id).unwrap_or_else(|| panic!("no case {id}"))
}

fn agree(case: &Value, what: &str, found: f64, expected: f64) {
    let tolerance = |name: &str| case["tolerance"][name].as_f64().unwrap_or(0.0);
    let within = tolerance("abs") + tolerance("rel") * expected.abs();
    assert!((found - expected).abs() <= within, "{} {what}: {found} where {expected}", case["id"]);
}

fn matrix_agrees(id: &str, found: &Matrix) {
    let case = case(id);
    let expected: Matrix = from_value(case["expected"]["matrix"].clone()).unwrap();
    for (i, (found, expected)) in found.values().iter().zip(expected.values()).enumerate() {
        agree(&case, &format!("entry {i}"), *found, *expected);
    }
}

fn means_agree(id: &str, found: &[f64], name: &str) {
    let case = case(id);
    for (found, (ticker, expected)) in found.iter().zip(case["expected"][name].as_object().unwrap()) {
        agree(&case, ticker, *found, number(expected));
    }
}

fn estimate(model: &ReturnsModel) -> Vec<f64> {
    model.estimate(Some(&history()), DAYS).unwrap().values
}

#[test]
fn annual_covariances() {
    use CovarianceModel::{
        Exponential, LedoitWolfConstantCorrelation, LedoitWolfConstantVariance, LedoitWolfSingleFactor, Oas,
        Sample, Semi, Shrunk,
    };
    let cases = [
        ("cov/sample", Sample),
        ("cov/exp", Exponential { span: 180.0 }),
        ("cov/semi", Semi { benchmark: 7.9e-5 }),
        ("cov/shrunk_0.2", Shrunk { intensity: 0.2 }),
        ("cov/ledoit_wolf_constant_variance", LedoitWolfConstantVariance),
        ("cov/ledoit_wolf_single_factor", LedoitWolfSingleFactor),
        ("cov/ledoit_wolf_constant_correlation", LedoitWolfConstantCorrelation),
        ("cov/oas", Oas),
    ];
    for (id, model) in cases {
        let found = model.estimate(Some(&history()), DAYS).unwrap();
        matrix_agrees(id, &found.matrix);
        if let Some(shrinkage) = case(id)["expected"]["shrinkage"].as_f64() {
            agree(&case(id), "shrinkage", found.shrinkage.unwrap(), shrinkage);
        }
    }
}

#[test]
fn covariances_of_a_day() {
    matrix_agrees("cov/skfolio_ew_daily", &ewma(&history(), 40.0).unwrap());
    matrix_agrees("cov/skfolio_gerber_daily", &gerber(&history(), 0.5).unwrap());
    matrix_agrees("cov/skfolio_denoise_daily", &denoised(&history()).unwrap());
}

#[test]
fn expected_returns() {
    means_agree("mu/mean_geometric", &estimate(&ReturnsModel::Mean { compounding: true }), "mu");
    means_agree("mu/mean_arithmetic", &estimate(&ReturnsModel::Mean { compounding: false }), "mu");
    means_agree("mu/ema", &estimate(&ReturnsModel::Ema { span: 500.0, compounding: true }), "mu");
    let averaged = ReturnsModel::Ema { span: 500.0, compounding: false };
    means_agree("mu/ema", &estimate(&averaged), "mu_not_compounded");
    let benchmark = crate::support::column("benchmark", "SP500");
    let rows: Vec<[f64; 1]> = benchmark.iter().map(|price| [*price]).collect();
    let market = Some(Returns::from_prices(&rows).unwrap().simple().column(0));
    let capm = |market| ReturnsModel::Capm { risk_free_rate: 0.02, market, compounding: true };
    means_agree("mu/capm_benchmark", &estimate(&capm(market)), "mu");
    means_agree("mu/capm_equal_weight", &estimate(&capm(None)), "mu");
    means_agree("mu/bayes_stein_daily", &bayes_stein(&history(), 1.0).unwrap().values, "mu");
}

/// The library's intensity is negative here; ours is clipped, and says so (the case's notes ask for it).
#[test]
fn james_stein_clips_its_intensity() {
    let found = james_stein(&history(), DAYS).unwrap();
    assert!(found.shrinkage_clipped);
    assert_eq!(found.shrinkage, Some(0.0));
    means_agree("mu/mean_arithmetic", &found.values, "mu");
}
