//! What must hold for any history.

use proptest::prelude::*;
use quant::{QuantError, var_cvar::var_cvar};

const LEVELS: [f64; 4] = [0.5, 0.9, 0.95, 0.99];

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-11 * (1.0 + a.abs().max(b.abs()))
}

proptest! {
    #[test]
    fn cvar_is_at_least_var(returns in prop::collection::vec(-0.5f64..0.5, 2..400)) {
        let risk = var_cvar(&returns, &LEVELS, &[1, 5]).unwrap();
        for entry in &risk.methods.historical {
            prop_assert!(entry.conditional_value_at_risk >= entry.value_at_risk);
            if let Some(windows) = entry.overlapping {
                prop_assert!(windows.conditional_value_at_risk >= windows.value_at_risk);
            }
        }
        for entry in &risk.methods.parametric_normal {
            prop_assert!(entry.conditional_value_at_risk >= entry.value_at_risk - 1e-15);
        }
        for entry in risk.methods.cornish_fisher.iter().filter(|entry| entry.monotone) {
            prop_assert!(entry.conditional_value_at_risk >= entry.value_at_risk - 1e-15);
        }
    }

    #[test]
    fn figures_move_and_scale_with_the_returns(
        returns in prop::collection::vec(-0.4f64..0.4, 5..200),
        shift in -0.1f64..0.1,
        scale in 0.1f64..3.0,
    ) {
        let changed: Vec<f64> = returns.iter().map(|r| shift + scale * r).collect();
        let (before, after) = (var_cvar(&returns, &LEVELS, &[1]).unwrap(), var_cvar(&changed, &LEVELS, &[1]).unwrap());
        for (a, b) in before.methods.historical.iter().zip(&after.methods.historical) {
            prop_assert!(close(scale * a.value_at_risk - shift, b.value_at_risk));
            prop_assert!(close(scale * a.conditional_value_at_risk - shift, b.conditional_value_at_risk));
        }
        for (a, b) in before.methods.parametric_normal.iter().zip(&after.methods.parametric_normal) {
            prop_assert!(close(scale * a.value_at_risk - shift, b.value_at_risk));
        }
        for (a, b) in before.methods.cornish_fisher.iter().zip(&after.methods.cornish_fisher) {
            prop_assert!((scale * a.value_at_risk - shift - b.value_at_risk).abs() < 1e-9);
        }
    }

    #[test]
    fn the_order_of_days_does_not_matter_over_one_day(returns in prop::collection::vec(-0.4f64..0.4, 3..200)) {
        let mut sorted = returns.clone();
        sorted.sort_by(f64::total_cmp);
        let (a, b) = (var_cvar(&returns, &LEVELS, &[1]).unwrap(), var_cvar(&sorted, &LEVELS, &[1]).unwrap());
        for (a, b) in a.methods.historical.iter().zip(&b.methods.historical) {
            prop_assert_eq!(a.value_at_risk.to_bits(), b.value_at_risk.to_bits());
            prop_assert!(close(a.conditional_value_at_risk, b.conditional_value_at_risk));
        }
    }
}

#[test]
fn a_constant_history_loses_its_mean() {
    let risk = var_cvar(&[0.01; 50], &[0.95], &[1, 10]).unwrap();
    assert_eq!((risk.sample.skewness, risk.sample.excess_kurtosis), (None, None));
    for value in [
        risk.methods.historical[0].value_at_risk,
        risk.methods.parametric_normal[0].conditional_value_at_risk,
        risk.methods.cornish_fisher[0].value_at_risk,
    ] {
        assert!((value + 0.01).abs() < 1e-16);
    }
    assert!(
        (risk.methods.parametric_normal[1].value_at_risk + 0.1).abs() < 1e-15
            && risk.methods.cornish_fisher[1].monotone
    );
}

#[test]
fn bad_input_is_refused() {
    let good = [0.01, -0.02, 0.03];
    assert!(matches!(
        var_cvar(&good[..1], &[0.95], &[1]),
        Err(QuantError::TooFewRows { rows: 1, minimum: 2 })
    ));
    assert!(matches!(var_cvar(&good, &[], &[1]), Err(QuantError::Empty { .. })));
    assert!(matches!(var_cvar(&good, &[0.95], &[]), Err(QuantError::Empty { .. })));
    assert!(matches!(var_cvar(&good, &[0.95], &[0]), Err(QuantError::OutOfRange { name: "horizon", .. })));
    assert!(matches!(var_cvar(&good, &[95.0], &[1]), Err(QuantError::OutOfRange { .. })));
    assert!(matches!(var_cvar(&good, &[f64::NAN], &[1]), Err(QuantError::OutOfRange { .. })));
    assert!(matches!(var_cvar(&[0.1, f64::NAN], &[0.9], &[1]), Err(QuantError::NotFinite { column: 1, .. })));
    assert!(matches!(var_cvar(&[f64::MAX, -f64::MAX], &[0.9], &[1]), Err(QuantError::Overflow { .. })));
}
