//! Every reference case is covered by a test, or says in its notes that it is optional.

use crate::support::{oracle, topics};

/// The beginnings of the ids that tests of this crate take, by topic, and where. A case that no line covers fails here.
const COVERED: [(&str, &[&str]); 6] = [
    (
        "moments",
        &[
            // estimate_oracle.rs
            "cov/",
            "mu/", // moments_oracle.rs
            "corr/",
            "psd/",
            "portfolio/stats",
            "factor_model/ols",
            "pca/eigen",
        ],
    ),
    (
        "monte_carlo",
        &[
            // monte_carlo_oracle.rs
            "gbm_buy_and_hold/",
            "gbm_daily_rebalanced/",
            "gbm_max_drawdown/",         // monte_carlo_models.rs
            "iid_bootstrap_rebalanced/", // monte_carlo_sampling.rs
            "european_option/",
            "basket_call/",
        ],
    ),
    (
        "optimise",
        &[
            // optimise_oracle.rs
            "min_volatility/",
            "max_sharpe/",
            "max_quadratic_utility/",
            "efficient_return/",
            "efficient_risk/",
            "min_volatility_l2/",
            "utility_with_transaction_cost/",
            "min_volatility_turnover/",
            "efficient_frontier_20/",
            "closed_form/unconstrained",
            "semivariance/",
            "cvar/",
            "cdar/",
            "naive/inverse",
            "max_diversification/",
            "risk_parity/",
            "hrp/",
            "herc/ward_k3",
            "nco/ward_k3",
            "black_litterman/", // allocation_oracle.rs
            "discrete_allocation/",
        ],
    ),
    (
        "performance",
        &[
            // performance_oracle.rs
            "performance/",
            "attribution/brinson_fachler", // rebalance_oracle.rs
            "rebalance/",
        ],
    ),
    (
        "stress",
        &[
            // stress_oracle.rs
            "factor_shock/",
            "window_replay/",
            "asset_shock/",
            "correlation_stress/",
            "reverse_stress/mixed",
        ],
    ),
    (
        "var_cvar",
        &[
            // var_cvar_oracle.rs, var_cvar_variants.rs, decomposition_oracle.rs and backtest_oracle.rs
            "var_cvar/",
            "decomposition/",
            "risk_measures/",
            "backtest/",
        ],
    ),
];

#[test]
fn every_case_is_covered_or_optional() {
    for (topic, covered) in COVERED {
        let cases = oracle(topic);
        for case in &cases {
            let id = case["id"].as_str().unwrap();
            let optional = case["notes"].as_str().is_some_and(|notes| notes.contains("optional"));
            assert!(
                optional || covered.iter().any(|prefix| id.starts_with(prefix)),
                "{topic}: no test covers {id}"
            );
        }
        for prefix in covered {
            let found = cases.iter().any(|case| case["id"].as_str().unwrap().starts_with(prefix));
            assert!(found, "{topic}: {prefix} covers nothing");
        }
    }
}

/// `dcf.json` belongs to the valuation tests.
#[test]
fn every_topic_is_listed() {
    for topic in topics().into_iter().filter(|topic| topic != "dcf") {
        assert!(COVERED.iter().any(|(listed, _)| *listed == topic), "{topic} has no list of covered cases");
    }
}
