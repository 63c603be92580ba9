//! What must hold for the decomposition of any portfolio.

use proptest::prelude::*;
use quant::{
    QuantError, Returns, Weights,
    decomposition::{Mean, Settings, decompose},
    var_cvar::var_cvar,
};

fn rows() -> impl Strategy<Value = Vec<Vec<f64>>> {
    prop::collection::vec(prop::collection::vec(-0.2f64..0.2, 4), 30..120)
}

fn weights() -> impl Strategy<Value = Weights> {
    prop::collection::vec(-0.3f64..1.0, 4).prop_filter_map("weights of nothing", |raw| {
        let sum: f64 = raw.iter().sum();
        (sum > 0.2).then(|| Weights::new(raw.iter().map(|value| value / sum).collect()).unwrap())
    })
}

proptest! {
    #[test]
    fn components_add_up(rows in rows(), weights in weights(), horizon in 1u32..20) {
        let returns = Returns::from_rows(&rows).unwrap();
        let settings = Settings { confidence_level: 0.9, horizon, mean: Mean::Sample };
        let parts = decompose(&returns, &weights, settings).unwrap();
        let risk = var_cvar(&returns.portfolio(&weights).unwrap(), &[0.9], &[horizon]).unwrap().methods;
        let totals = [
            (parts.normal_value_at_risk.unwrap(), risk.parametric_normal[0].value_at_risk),
            (parts.normal_conditional_value_at_risk.unwrap(), risk.parametric_normal[0].conditional_value_at_risk),
            (parts.historical_value_at_risk, risk.historical[0].value_at_risk),
            (parts.historical_conditional_value_at_risk, risk.historical[0].conditional_value_at_risk),
        ];
        for (part, total) in totals {
            prop_assert!((part.total - total).abs() < 1e-12);
            prop_assert!((part.component.iter().sum::<f64>() - total).abs() < 1e-12);
            if let Some(share) = part.share {
                prop_assert!((share.iter().sum::<f64>() - 1.0).abs() < 1e-9);
            }
        }
        let volatility = parts.volatility.unwrap();
        prop_assert!((volatility.component.iter().sum::<f64>() - volatility.total).abs() < 1e-12);
    }

    #[test]
    fn a_permutation_of_the_assets_permutes_the_answer(rows in rows(), weights in weights()) {
        let reversed: Vec<Vec<f64>> = rows.iter().map(|row| row.iter().rev().copied().collect()).collect();
        let turned = Weights::new(weights.as_slice().iter().rev().copied().collect()).unwrap();
        let settings = Settings::default();
        let plain = decompose(&Returns::from_rows(&rows).unwrap(), &weights, settings).unwrap();
        let turned = decompose(&Returns::from_rows(&reversed).unwrap(), &turned, settings).unwrap();
        let pairs = [
            (plain.volatility.unwrap(), turned.volatility.unwrap()),
            (plain.historical_conditional_value_at_risk, turned.historical_conditional_value_at_risk),
        ];
        for (plain, turned) in pairs {
            for (a, b) in plain.component.iter().zip(turned.component.iter().rev()) {
                prop_assert!((a - b).abs() < 1e-12);
            }
            for (a, b) in plain.incremental.iter().zip(turned.incremental.iter().rev()) {
                prop_assert!((a - b).abs() < 1e-12);
            }
        }
    }
}

#[test]
fn a_constant_portfolio_has_no_volatility_to_decompose() {
    let hedged: Vec<[f64; 2]> =
        (0..50).map(|i| [f64::from(i % 7) / 100.0, -f64::from(i % 7) / 100.0]).collect();
    let parts =
        decompose(&Returns::from_rows(&hedged).unwrap(), &Weights::equal(2).unwrap(), Settings::default());
    let parts = parts.unwrap();
    assert!(parts.volatility.is_none() && parts.normal_value_at_risk.is_none());
    assert_eq!((parts.diversification_ratio, parts.historical_value_at_risk.share), (None, None));
}

#[test]
fn bad_input_is_refused() {
    let returns = Returns::from_rows(&[[0.1, 0.2], [0.0, 0.1]]).unwrap();
    let equal = Weights::equal(2).unwrap();
    let three = decompose(&returns, &Weights::equal(3).unwrap(), Settings::default());
    assert!(matches!(three, Err(QuantError::AssetsMismatch { .. })));
    let level = Settings { confidence_level: 95.0, ..Settings::default() };
    assert!(matches!(decompose(&returns, &equal, level), Err(QuantError::OutOfRange { .. })));
    let horizon = Settings { horizon: 0, ..Settings::default() };
    assert!(matches!(decompose(&returns, &equal, horizon), Err(QuantError::OutOfRange { .. })));
}
