//! What must hold for any report of value at risk and any stress test as a whole.

use proptest::prelude::*;
use quant::{
    QuantError, Returns, Weights,
    decomposition::Settings,
    stress::{CorrelationStress, Correlations, Scenario, Shocks, StressTestSettings, stress_test},
    var_cvar::{HorizonScaling, ReportSettings, Variant, VolatilityFilter, report, var_cvar},
};

fn rows() -> impl Strategy<Value = Vec<Vec<f64>>> {
    prop::collection::vec(prop::collection::vec(-0.2f64..0.2, 4), 60..120)
}

fn weights() -> impl Strategy<Value = Weights> {
    prop::collection::vec(0.01f64..1.0, 4).prop_map(|raw| {
        let sum: f64 = raw.iter().sum();
        Weights::new(raw.iter().map(|value| value / sum).collect()).unwrap()
    })
}

fn turned(rows: &[Vec<f64>], weights: &Weights) -> (Returns, Weights) {
    let rows: Vec<Vec<f64>> = rows.iter().map(|row| row.iter().rev().copied().collect()).collect();
    let weights = Weights::new(weights.as_slice().iter().rev().copied().collect()).unwrap();
    (Returns::from_rows(&rows).unwrap(), weights)
}

fn everything() -> ReportSettings {
    ReportSettings {
        variants: vec![
            Variant::HistoricalLinear,
            Variant::WeightedHistorical { lambda: 0.98 },
            Variant::FilteredHistorical { volatility: VolatilityFilter::Garch },
            Variant::Kernel,
            Variant::Ewma { lambda: 0.94 },
            Variant::StudentT { degrees_of_freedom: None },
        ],
        decomposition: Some(Settings::default()),
        risk_measures: true,
        ..ReportSettings::new(vec![0.9, 0.99], vec![1, 10])
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn a_plain_report_is_the_usual_one(rows in rows(), weights in weights()) {
        let returns = Returns::from_rows(&rows).unwrap();
        let plain = report(&returns, &weights, &ReportSettings::new(vec![0.95], vec![1, 5])).unwrap();
        let usual = var_cvar(&returns.portfolio(&weights).unwrap(), &[0.95], &[1, 5]).unwrap();
        prop_assert_eq!(&plain.figures, &usual);
        prop_assert!(plain.decomposition.is_none() && plain.backtest.is_none() && plain.risk_measures.is_empty());
        let all = report(&returns, &weights, &everything()).unwrap();
        prop_assert_eq!(all.figures.methods.student_t.len(), 4);
        prop_assert_eq!(all.risk_measures.len(), 2);
        let text = serde_json::to_string(&all).unwrap();
        prop_assert!(!text.contains("NaN") && !text.contains("inf"));
    }

    #[test]
    fn the_square_root_of_time_scales_every_figure(rows in rows(), weights in weights(), horizon in 2u32..250) {
        let returns = Returns::from_rows(&rows).unwrap();
        let scaling = HorizonScaling::SquareRootOfTime;
        let settings = ReportSettings { horizon_scaling: scaling, horizons: vec![1, horizon], ..everything() };
        let methods = report(&returns, &weights, &settings).unwrap().figures.methods;
        let root = f64::from(horizon).sqrt();
        for at in 0..2 {
            let pairs = [
                (methods.parametric_normal[at].value_at_risk, methods.parametric_normal[at + 2].value_at_risk),
                (methods.cornish_fisher[at].value_at_risk, methods.cornish_fisher[at + 2].value_at_risk),
                (methods.student_t[at].value_at_risk, methods.student_t[at + 2].value_at_risk),
                (methods.historical[at].value_at_risk, methods.historical[at + 2].value_at_risk),
                (methods.kernel[at].value_at_risk, methods.kernel[at + 2].value_at_risk),
            ];
            for (one, many) in pairs {
                prop_assert!((one * root - many).abs() <= 1e-12 * many.abs());
            }
        }
    }

    #[test]
    fn a_permutation_of_the_assets_permutes_a_stress_test(rows in rows(), weights in weights(), shock in -0.9f64..0.5) {
        let settings = |at: usize| {
            let mut shocks = vec![None; 4];
            shocks[at] = Some(shock);
            StressTestSettings {
                notional: 1e6,
                scenarios: vec![Scenario { name: "one".to_owned(), shocks: Shocks::Propagated(shocks) }],
                correlation_stress: vec![CorrelationStress {
                    correlations: Correlations::TowardsOne { strength: -0.8 },
                    volatility_multiple: 2.0,
                    confidence_level: 0.99,
                    horizon: 10,
                }],
                reverse_stress: vec![0.2],
                ..StressTestSettings::default()
            }
        };
        let returns = Returns::from_rows(&rows).unwrap();
        let one = stress_test(&returns, &weights, &settings(0)).unwrap();
        let (returns, weights) = turned(&rows, &weights);
        let other = stress_test(&returns, &weights, &settings(3)).unwrap();
        let close = |a: f64, b: f64| (a - b).abs() <= 1e-6 * a.abs().max(1.0);
        prop_assert!(close(one.scenarios[0].impact.pnl, other.scenarios[0].impact.pnl));
        let shocks = one.scenarios[0].impact.asset_shocks.iter().zip(other.scenarios[0].impact.asset_shocks.iter().rev());
        for (a, b) in shocks {
            prop_assert!((a - b).abs() < 1e-9);
        }
        let risk = |test: &quant::stress::StressTest| test.correlation_stress[0].stressed_value_at_risk;
        prop_assert!(close(risk(&one), risk(&other)));
        let lost = one.reverse_stress[0].impact.as_ref().unwrap();
        prop_assert!((lost.pnl + 2e5).abs() < 1e-6, "exactly what was asked for");
    }
}

#[test]
fn what_does_not_fit_is_refused() {
    let returns = Returns::from_rows(&[[0.1, 0.2], [0.0, 0.1], [0.1, 0.0]]).unwrap();
    let equal = Weights::equal(2).unwrap();
    let three = report(&returns, &Weights::equal(3).unwrap(), &ReportSettings::new(vec![0.95], vec![1]));
    assert!(matches!(three, Err(QuantError::AssetsMismatch { .. })));
    let none = report(&returns, &equal, &ReportSettings::new(vec![0.95], vec![]));
    assert_eq!(none, Err(QuantError::Empty { what: "horizons" }));
    let unshockable = StressTestSettings {
        notional: 1.0,
        scenarios: vec![Scenario { name: "factors".to_owned(), shocks: Shocks::Factors(vec![0.1]) }],
        ..StressTestSettings::default()
    };
    assert_eq!(stress_test(&returns, &equal, &unshockable), Err(QuantError::Empty { what: "factors" }));
}
