//! What must hold for any stress test.

use proptest::prelude::*;
use quant::{
    Matrix, Returns, Weights,
    moments::covariance,
    stress::{
        CorrelationStress, Correlations, FactorModel, impact, nearest_correlation, propagate, replay,
        reverse_stress, stress_correlations,
    },
};

fn rows() -> impl Strategy<Value = Vec<Vec<f64>>> {
    prop::collection::vec(prop::collection::vec(-0.2f64..0.2, 4), 20..80)
}

fn weights() -> impl Strategy<Value = Weights> {
    prop::collection::vec(0.01f64..1.0, 4).prop_map(|raw| {
        let sum: f64 = raw.iter().sum();
        Weights::new(raw.iter().map(|value| value / sum).collect()).unwrap()
    })
}

proptest! {
    #[test]
    fn the_reverse_stress_is_the_smallest(rows in rows(), weights in weights(), loss in 0.05f64..0.9, tilt in -0.1f64..0.1) {
        let returns = Returns::from_rows(&rows).unwrap();
        let (_, matrix) = covariance(returns.simple()).unwrap();
        let stress = reverse_stress(&matrix, &weights, loss).unwrap().unwrap();
        let w = weights.as_slice();
        let lost: f64 = stress.asset_shocks.iter().zip(w).map(|(shock, weight)| shock * weight).sum();
        prop_assert!((lost + loss).abs() < 1e-12);
        // Another shock with the same loss: its distance, by the same conditional expectation, is no smaller.
        let mut other = stress.asset_shocks.clone();
        other[0] += tilt;
        other[1] -= tilt * w[0] / w[1];
        prop_assume!(other.iter().chain(&stress.asset_shocks).all(|&shock| shock >= -1.0));
        let distance = |shocks: &[f64]| {
            // xᵀ C⁻¹ x through the conditional expectations of an added variable with covariance x.
            let mut wide = Matrix::zeros(5, 5);
            for i in 0..4 {
                for j in 0..4 {
                    wide[(i, j)] = matrix[(i, j)];
                }
                wide[(i, 4)] = shocks[i];
                wide[(4, i)] = shocks[i];
            }
            let mut given: Vec<Option<f64>> = shocks.iter().copied().map(Some).collect();
            given.push(None);
            propagate(&wide, &given).unwrap().shocks[4].sqrt()
        };
        prop_assert!((distance(&stress.asset_shocks) / stress.mahalanobis_distance - 1.0).abs() < 1e-6);
        prop_assert!(distance(&other) >= stress.mahalanobis_distance * (1.0 - 1e-6));
    }

    #[test]
    fn factor_parts_add_up(assets in rows(), shocks in prop::collection::vec(-0.5f64..0.5, 2), weights in weights()) {
        let factors: Vec<Vec<f64>> = assets.iter().map(|row| vec![row[0] + row[1], row[2] - 0.3 * row[3]]).collect();
        prop_assume!(assets.len() > 4);
        let (assets, factors) = (Returns::from_rows(&assets).unwrap(), Returns::from_rows(&factors).unwrap());
        let model = FactorModel::fit(&assets, &factors).unwrap();
        let result = model.impact(&weights, &shocks, 1e6).unwrap();
        prop_assert!((result.pnl_by_factor.iter().sum::<f64>() - result.impact.pnl).abs() < 1e-6);
        prop_assert!((result.impact.pnl_by_asset.iter().sum::<f64>() - result.impact.pnl).abs() < 1e-6);
        prop_assert!(model.r_squared.iter().all(|share| share.is_some_and(|share| (0.0..=1.0).contains(&share))));
    }

    #[test]
    fn the_nearest_correlation_is_one(entries in prop::collection::vec(-1.0f64..1.0, 10)) {
        let mut matrix = Matrix::zeros(5, 5);
        let mut next = entries.iter();
        for i in 0..5 {
            matrix[(i, i)] = 1.0;
            for j in 0..i {
                let value = *next.next().unwrap();
                matrix[(i, j)] = value;
                matrix[(j, i)] = value;
            }
        }
        let nearest = nearest_correlation(&matrix).unwrap();
        prop_assert!(nearest.converged);
        let again = nearest_correlation(&nearest.correlation).unwrap();
        prop_assert!(again.smallest_eigenvalue > -1e-12 && again.largest_change < 1e-9);
        prop_assert!(nearest.correlation.values().iter().all(|value| value.abs() <= 1.0));
    }

    #[test]
    fn tighter_correlations_raise_the_risk_of_long_portfolios(rows in rows(), weights in weights(), k in 0.0f64..1.0) {
        let (_, matrix) = covariance(Returns::from_rows(&rows).unwrap().simple()).unwrap();
        let of = |strength| {
            let stress = CorrelationStress {
                correlations: Correlations::TowardsOne { strength },
                volatility_multiple: 1.0,
                confidence_level: 0.99,
                horizon: 1,
            };
            stress_correlations(&matrix, &weights, &stress, 1.0).unwrap()
        };
        let (base, some, all) = (of(0.0), of(k), of(1.0));
        prop_assert!(some.stressed_value_at_risk >= base.value_at_risk - 1e-12);
        prop_assert!(all.stressed_value_at_risk >= some.stressed_value_at_risk - 1e-12);
    }

    #[test]
    fn a_replay_is_the_shock_of_its_ends(rows in rows(), weights in weights()) {
        let mut prices = vec![vec![100.0; 4]];
        for row in &rows {
            let last = prices.last().unwrap().clone();
            prices.push(last.iter().zip(row).map(|(price, change)| price * (1.0 + change)).collect());
        }
        let matrix = Matrix::from_rows("prices", &prices).unwrap();
        let result = replay(&matrix, &weights, 1e6).unwrap();
        let direct = impact(&weights, &result.impact.asset_shocks, 1e6).unwrap();
        prop_assert!((direct.pnl - result.impact.pnl).abs() < 1e-6);
        prop_assert!(result.max_drawdown <= result.impact.portfolio_return.min(0.0) + 1e-12);
        prop_assert!(result.max_drawdown <= result.worst_return.min(0.0) + 1e-12 && result.ruined.is_none());
    }
}
