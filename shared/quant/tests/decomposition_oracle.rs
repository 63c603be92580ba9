//! Agreement with the cases `decomposition/*` and `risk_measures/*` of `tests/data/oracle/var_cvar.json`.

use crate::support::{agree, agree_option, closes, full_weights, number, oracle};
use quant::{
    Returns,
    decomposition::{Mean, Settings, decompose},
    var_cvar::measures::risk_measures,
};
use serde_json::Value;

fn cases(prefix: &str) -> impl Iterator<Item = Value> {
    let prefix = prefix.to_owned();
    oracle("var_cvar").into_iter().filter(move |case| case["id"].as_str().unwrap().starts_with(&prefix))
}

#[test]
fn decompositions_agree() {
    let closes = closes("prices");
    let returns = Returns::from_prices(&closes.rows).unwrap();
    let mut seen = 0;
    for case in cases("decomposition/") {
        let weights = full_weights(&case, &closes.names);
        let confidence_level = number(&case["inputs"]["confidence"]);
        let settings = Settings { confidence_level, horizon: 1, mean: Mean::Zero };
        let zero = decompose(&returns, &weights, settings).unwrap();
        let sample = decompose(&returns, &weights, Settings { mean: Mean::Sample, ..settings }).unwrap();
        let expected = &case["expected"];
        let volatility = zero.volatility.unwrap();
        agree(&case, "vol_daily", volatility.total, &expected["vol_daily"]);
        let var = zero.normal_value_at_risk.unwrap();
        let cvar = sample.normal_conditional_value_at_risk.unwrap();
        let shares = volatility.share.unwrap();
        let figures = [
            ("marginal_vol", &volatility.marginal),
            ("component_vol", &volatility.component),
            ("component_vol_pct", &shares),
            ("marginal_var_normal_zero_mean", &var.marginal),
            ("component_var_normal_zero_mean", &var.component),
            ("component_cvar_normal_with_mean", &cvar.component),
            ("component_cvar_hist_euler", &zero.historical_conditional_value_at_risk.component),
            ("incremental_var_normal_zero_mean_drop_position_no_renormalise", &var.incremental),
        ];
        for (key, found) in figures {
            for (name, value) in expected[key].as_object().unwrap() {
                let asset = closes.names.iter().position(|own| own == name).unwrap();
                agree(&case, key, found[asset], value);
                seen += 1;
            }
        }
        agree_option(
            &case,
            "diversification_ratio",
            zero.diversification_ratio,
            &expected["diversification_ratio"],
        );
    }
    assert_eq!(seen, 155);
}

#[test]
fn risk_measures_agree() {
    let closes = closes("prices");
    let returns = Returns::from_prices(&closes.rows).unwrap();
    let mut seen = 0;
    for case in cases("risk_measures/") {
        let portfolio = returns.portfolio(&full_weights(&case, &closes.names)).unwrap();
        let level = 1.0 - number(&case["inputs"]["alpha"]);
        let risk = risk_measures(&portfolio, level).unwrap();
        let (absolute, relative) = (risk.absolute_drawdown, risk.relative_drawdown.unwrap());
        let figures = [
            ("alpha", 1.0 - risk.confidence_level),
            ("MAD", risk.mean_absolute_deviation),
            ("SemiDeviation", risk.semi_deviation),
            ("Kurtosis_root", risk.root_fourth_moment),
            ("WR", risk.worst),
            ("LPM1", risk.first_lower_partial_moment),
            ("LPM2", risk.second_lower_partial_moment),
            ("EVaR", risk.entropic_value_at_risk),
            ("EVaR_exact_1d", risk.entropic_value_at_risk),
            ("MDD_Abs", absolute.maximum),
            ("ADD_Abs", absolute.average),
            ("DaR_Abs", absolute.drawdown_at_risk),
            ("CDaR_Abs", absolute.conditional_drawdown_at_risk),
            ("UCI_Abs", absolute.ulcer_index),
            ("MDD_Rel", relative.maximum),
            ("ADD_Rel", relative.average),
            ("DaR_Rel", relative.drawdown_at_risk),
            ("CDaR_Rel", relative.conditional_drawdown_at_risk),
            ("UCI_Rel", relative.ulcer_index),
            ("GMD", risk.gini_mean_difference),
            ("TG", risk.tail_gini),
            ("RG", risk.range),
        ];
        assert_eq!(figures.len(), case["expected"].as_object().unwrap().len());
        for (key, found) in figures {
            agree(&case, key, found, &case["expected"][key]);
            seen += 1;
        }
    }
    assert_eq!(seen, 44);
}
