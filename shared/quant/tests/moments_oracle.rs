//! Agreement with the cases of `tests/data/oracle/moments.json` that estimate no expected return and no annual covariance, and
//! with the closed forms of `monte_carlo.json`.

use crate::support::{TICKERS, agree, closes, full_weights, history, number, oracle};
use quant::{
    Matrix, Returns,
    factor::nearest_semidefinite,
    moments::{Correlation, correlation, covariance, principal_components},
    option::{European, Right},
    stress::{FactorModel, nearest_correlation},
};
use serde_json::{Value, from_value};

fn case(id: &str) -> Value {
    oracle("moments").into_iter().find(|case| case["id"] == id).unwrap_or_else(|| panic!("no case {id}"))
}

fn matrix(value: &Value) -> Matrix {
    from_value(value.clone()).unwrap()
}

fn matrix_agrees(case: &Value, key: &str, found: &Matrix) {
    let expected = matrix(&case["expected"][key]);
    assert_eq!((found.rows(), found.columns()), (expected.rows(), expected.columns()));
    for (found, expected) in found.values().iter().zip(expected.values()) {
        agree(case, key, *found, &Value::from(*expected));
    }
}

fn scaled(matrix: &Matrix, factor: f64) -> Matrix {
    let row = |row: usize| matrix.row(row).iter().map(|value| value * factor).collect::<Vec<_>>();
    Matrix::from_rows("matrix", &(0..matrix.rows()).map(row).collect::<Vec<_>>()).unwrap()
}

#[test]
fn covariance_of_log_returns() {
    let (_, daily) = covariance(&history().log()).unwrap();
    matrix_agrees(&case("cov/sample_log"), "matrix", &scaled(&daily, 252.0));
}

#[test]
fn correlations() {
    let history = history();
    for (id, kind) in [
        ("corr/sample", Correlation::Pearson),
        ("corr/spearman", Correlation::Spearman),
        ("corr/kendall", Correlation::Kendall),
    ] {
        matrix_agrees(&case(id), "matrix", &correlation(history.simple(), kind).unwrap());
    }
}

#[test]
fn repairs_of_a_matrix_that_is_no_correlation() {
    let spectral = case("psd/spectral");
    matrix_agrees(
        &spectral,
        "matrix",
        &nearest_semidefinite(&matrix(&spectral["inputs"]["matrix"])).unwrap(),
    );
    let higham = case("psd/higham_nearest_corr");
    let nearest = nearest_correlation(&matrix(&higham["inputs"]["matrix"])).unwrap();
    matrix_agrees(&higham, "matrix", &nearest.correlation);
    agree(&spectral, "min_eig_in", nearest.smallest_eigenvalue, &spectral["expected"]["min_eig_in"]);
    let distance = matrix(&higham["inputs"]["matrix"])
        .values()
        .iter()
        .zip(nearest.correlation.values())
        .map(|(a, b)| (a - b) * (a - b))
        .sum::<f64>();
    agree(&higham, "frobenius_distance", distance.sqrt(), &higham["expected"]["frobenius_distance"]);
}

#[test]
fn a_portfolios_moments() {
    let case = case("portfolio/stats");
    let names = TICKERS.map(str::to_owned);
    let weights = full_weights(&case, &names);
    let (means, daily) = covariance(history().simple()).unwrap();
    let growth = |asset: usize| {
        let column = history().simple().column(asset);
        let logs: f64 = column.iter().map(|value| value.ln_1p()).sum();
        (logs * 252.0 / column.len() as f64).exp_m1()
    };
    let portfolio = |values: &[f64]| values.iter().zip(weights.as_slice()).map(|(a, b)| a * b).sum::<f64>();
    let expected_return = portfolio(&(0..means.len()).map(growth).collect::<Vec<_>>());
    let rows: Vec<f64> = (0..means.len()).map(|i| portfolio(daily.row(i))).collect();
    let volatility = (portfolio(&rows) * 252.0).sqrt();
    agree(&case, "return", expected_return, &case["expected"]["return"]);
    agree(&case, "vol", volatility, &case["expected"]["vol"]);
    let sharpe = (expected_return - number(&case["inputs"]["rf"])) / volatility;
    agree(&case, "sharpe", sharpe, &case["expected"]["sharpe"]);
}

#[test]
fn principal_components_of_returns() {
    let case = case("pca/eigen");
    let found = principal_components(history().simple()).unwrap();
    let first: Vec<f64> = found.vectors.column(0).iter().map(|value| value.abs()).collect();
    for (key, values) in [
        ("eigenvalues_daily", &found.variances),
        ("explained_ratio", &found.shares),
        ("first_vector_abs", &first),
    ] {
        let expected = case["expected"][key].as_array().unwrap();
        assert_eq!(expected.len(), values.len());
        for (value, expected) in values.iter().zip(expected) {
            agree(&case, key, *value, expected);
        }
    }
}

#[test]
fn a_factor_model_by_least_squares() {
    let case = case("factor_model/ols");
    let expected = &case["expected"];
    let factors = closes("factors");
    let (assets, factor_returns) = (history(), Returns::from_prices(&factors.rows).unwrap());
    let model = FactorModel::fit(&assets, &factor_returns).unwrap();
    let (_, factor_covariance) = covariance(factor_returns.simple()).unwrap();
    matrix_agrees(&case, "factor_cov_daily", &factor_covariance);
    for (i, name) in TICKERS.iter().enumerate() {
        let (variance, t) = (model.residual_variances[i], &model.t_statistics[i]);
        agree(&case, "alpha_daily", model.intercepts[i], &expected["alpha_daily"][name]);
        agree(&case, "r2", model.r_squared[i].unwrap(), &expected["r2"][name]);
        agree(&case, "residual_var_ddof_p", variance, &expected["residual_var_ddof_p"][name]);
        agree(&case, "t_stats", t.intercept.unwrap(), &expected["t_stats"][name]["const"]);
        for ((factor, beta), t) in factors.names.iter().zip(&model.betas[i]).zip(&t.betas) {
            agree(&case, "betas", *beta, &expected["betas"][name][factor]);
            agree(&case, "t_stats", t.unwrap(), &expected["t_stats"][name][factor]);
        }
    }
    let modelled = matrix(&expected["model_cov_daily"]);
    for i in 0..TICKERS.len() {
        for j in 0..TICKERS.len() {
            let common: f64 = (0..factors.names.len())
                .flat_map(|a| (0..factors.names.len()).map(move |b| (a, b)))
                .map(|(a, b)| model.betas[i][a] * factor_covariance[(a, b)] * model.betas[j][b])
                .sum();
            let found = if i == j { common + model.residual_variances[i] } else { common };
            agree(&case, "model_cov_daily", found, &Value::from(modelled[(i, j)]));
        }
    }
}

#[test]
fn european_options() {
    let mut seen = 0;
    for mut case in oracle("monte_carlo") {
        if !case["id"].as_str().unwrap().starts_with("european_option/") {
            continue;
        }
        case["tolerance"] = case["tolerance"]["closed_form"].take();
        let inputs = &case["inputs"];
        for (name, right) in [("call", Right::Call), ("put", Right::Put)] {
            let option = European {
                right,
                spot: number(&inputs["spot"]),
                strike: number(&inputs["strike"]),
                volatility: number(&inputs["sigma"]),
                rate: number(&inputs["r"]),
                years: number(&inputs["T_years"]),
            };
            let found = option.value().unwrap();
            let expected = &case["expected"][name];
            for (key, found) in [
                ("price", found.price),
                ("delta", found.delta),
                ("gamma", found.gamma),
                ("vega", found.vega),
                ("theta_per_year", found.theta),
                ("rho", found.rho),
            ] {
                agree(&case, key, found, &expected[key]);
            }
            assert!(European { years: 0.0, ..option }.value().is_err());
            seen += 1;
        }
    }
    assert_eq!(seen, 6);
}
