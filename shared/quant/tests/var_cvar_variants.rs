//! Agreement of the variants of value at risk with `tests/data/oracle/var_cvar.json`, and what must hold for any history.

use crate::support::{agree, number, oracle, portfolio};
use proptest::prelude::*;
use quant::var_cvar::{
    Sample, VolatilityFilter, ewma, filtered_historical, historical_linear, kernel, student_t,
    weighted_historical,
};

#[test]
fn every_variant_agrees_at_every_level_and_horizon() {
    let mut seen = 0;
    for case in oracle("var_cvar") {
        if !case["id"].as_str().unwrap().starts_with("var_cvar/") {
            continue;
        }
        let (returns, weights) = portfolio(&case);
        let returns = returns.portfolio(&weights).unwrap();
        let sample = Sample::of(&returns).unwrap();
        for level in case["expected"]["levels"].as_array().unwrap() {
            let (confidence, horizon) = (number(&level["confidence"]), number(&level["horizon_days"]) as u32);
            let linear = historical_linear(&returns, &[confidence], horizon).unwrap()[0];
            agree(&case, "linear var", linear.value_at_risk, &level["hist_linear_sqrt_time"]["var"]);
            agree(
                &case,
                "linear cvar",
                linear.conditional_value_at_risk,
                &level["hist_linear_sqrt_time"]["cvar"],
            );
            let t = student_t(&sample, confidence, horizon, number(&level["student_t"]["df"])).unwrap();
            agree(&case, "t var", t.value_at_risk, &level["student_t"]["var"]);
            agree(&case, "t cvar", t.conditional_value_at_risk, &level["student_t"]["cvar"]);
            let smoothed = ewma(&returns, confidence, horizon, number(&level["ewma"]["lambda"])).unwrap();
            agree(&case, "ewma var", smoothed.value_at_risk, &level["ewma"]["var"]);
            agree(&case, "ewma volatility", smoothed.volatility, &case["expected"]["ewma_vol_daily"]);
            if let Some(windows) = level.get("hist_overlap") {
                let horizon = horizon as usize;
                let compound = |window: &[f64]| window.iter().map(|r| 1.0 + r).product::<f64>() - 1.0;
                let compounded: Vec<f64> = returns.windows(horizon).map(compound).collect();
                let linear = historical_linear(&compounded, &[confidence], 1).unwrap()[0];
                agree(&case, "overlap var", linear.value_at_risk, &windows["var_linear"]);
                agree(&case, "overlap cvar", linear.conditional_value_at_risk, &windows["cvar_linear"]);
            }
            seen += 1;
        }
    }
    assert_eq!(seen, 30);
}

type Figures = (f64, f64);

fn all(returns: &[f64], level: f64) -> [Figures; 4] {
    let weighted = weighted_historical(returns, level, 1, 0.98).unwrap();
    let filter = VolatilityFilter::Ewma { lambda: 0.94 };
    let filtered = filtered_historical(returns, &[level], 1, filter).unwrap()[0];
    let kernel = kernel(returns, level, 1).unwrap();
    let smoothed = ewma(returns, level, 1, 0.94).unwrap();
    [
        (weighted.value_at_risk, weighted.conditional_value_at_risk),
        (kernel.value_at_risk, kernel.conditional_value_at_risk),
        (filtered.value_at_risk, filtered.conditional_value_at_risk),
        (smoothed.value_at_risk, smoothed.conditional_value_at_risk),
    ]
}

proptest! {
    #[test]
    fn cvar_is_at_least_var_and_both_scale(
        returns in prop::collection::vec(-0.4f64..0.4, 5..150),
        level in 0.5f64..0.995,
        scale in 0.1f64..3.0,
        shift in -0.1f64..0.1,
    ) {
        let before = all(&returns, level);
        let scaled = all(&returns.iter().map(|r| scale * r).collect::<Vec<_>>(), level);
        for ((var, cvar), (scaled_var, scaled_cvar)) in before.iter().zip(scaled) {
            prop_assert!(*cvar >= var - 1e-12);
            prop_assert!((scale * var - scaled_var).abs() < 1e-9 && (scale * cvar - scaled_cvar).abs() < 1e-9);
        }
        let shifted = all(&returns.iter().map(|r| shift + r).collect::<Vec<_>>(), level);
        for ((var, cvar), (shifted_var, shifted_cvar)) in before.iter().zip(shifted).take(2) {
            prop_assert!((var - shift - shifted_var).abs() < 1e-9 && (cvar - shift - shifted_cvar).abs() < 1e-9);
        }
    }
}
