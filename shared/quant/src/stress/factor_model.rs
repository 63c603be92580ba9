use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Impact,
    impact::{check_shocks, revalue},
    significance::{Significance, TStatistics},
    solve::Solver,
};
use crate::{
    QuantError, Returns, Weights,
    moments::{covariance, mean},
};

/// A linear model of the assets' returns: `R_i = a_i + Σ_f β_if F_f + e_i`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct FactorModel {
    /// The intercepts, one an asset, per period.
    pub intercepts: Vec<f64>,
    /// The betas, one row an asset, one column a factor.
    pub betas: Vec<Vec<f64>>,
    /// The share of each asset's variance that the factors explain; null for a constant asset.
    pub r_squared: Vec<Option<f64>>,
    /// The variance of each asset's residuals per period, over `periods - factors - 1` degrees of freedom.
    pub residual_variances: Vec<f64>,
    /// How far the coefficients are from 0, one entry an asset.
    pub t_statistics: Vec<TStatistics>,
    /// Factors that are combinations of others (or constant): their betas are 0.
    pub redundant_factors: Vec<usize>,
}

/// What a portfolio gains or loses under shocks of factors.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct FactorImpact {
    /// By asset, and as a whole.
    pub impact: Impact,
    /// Each factor's part of the profit or loss, in the factors' order; they add up to the whole.
    pub pnl_by_factor: Vec<f64>,
    /// The portfolio's betas.
    pub portfolio_betas: Vec<f64>,
}

impl FactorModel {
    /// Ordinary least squares with an intercept, `β_i = C_ff⁻¹ c_fi` with sample covariances; collinear factors are left out.
    ///
    /// * `assets`, `factors`: simple returns of the same periods, more of them than factors.
    ///
    /// # Errors
    /// `LengthMismatch` for other periods, `TooFewRows` for no more periods than factors and 1, `Overflow`.
    pub fn fit(assets: &Returns, factors: &Returns) -> Result<Self, QuantError> {
        let (periods, count) = (assets.periods(), factors.assets());
        if factors.periods() != periods {
            let found = factors.periods();
            return Err(QuantError::LengthMismatch { what: "the factors", found, expected: periods });
        }
        if periods < count + 2 {
            return Err(QuantError::TooFewRows { rows: periods, minimum: count + 2 });
        }
        let (factor_means, matrix) = covariance(factors.simple())?;
        let solver = Solver::new(&matrix)?;
        let mut model = Self {
            intercepts: Vec::new(),
            betas: Vec::new(),
            r_squared: Vec::new(),
            residual_variances: Vec::new(),
            t_statistics: Vec::new(),
            redundant_factors: solver.redundant(),
        };
        let significance = Significance::new(&solver, &factor_means, periods, &model.redundant_factors);
        let centred =
            |column: Vec<f64>, mean: f64| column.into_iter().map(|value| value - mean).collect::<Vec<_>>();
        let factor_columns: Vec<Vec<f64>> =
            (0..count).map(|factor| centred(factors.simple().column(factor), factor_means[factor])).collect();
        for asset in 0..assets.assets() {
            let column = assets.simple().column(asset);
            let own_mean = mean(&column)?;
            let own = centred(column, own_mean);
            let cross: Vec<f64> =
                factor_columns.iter().map(|factor| covary(&own, factor)).collect::<Result<_, _>>()?;
            let betas = solver.solve(&cross);
            let explained: f64 = betas.iter().zip(&cross).map(|(beta, value)| beta * value).sum();
            let total = covary(&own, &own)?;
            let share = explained / total;
            let variance = significance.residual_variance(total, explained);
            let predicted: f64 = betas.iter().zip(&factor_means).map(|(beta, mean)| beta * mean).sum();
            let intercept = own_mean - predicted;
            model.residual_variances.push(variance);
            model.t_statistics.push(significance.of(intercept, &betas, variance));
            model.intercepts.push(intercept);
            model.betas.push(betas);
            model.r_squared.push(share.is_finite().then(|| share.clamp(0.0, 1.0)));
        }
        Ok(model)
    }

    /// The profit or loss under shocks of the factors: `shock_i = Σ_f β_if shock_f`, without intercept.
    ///
    /// # Errors
    /// `AssetsMismatch` for weights or shocks that don't fit the model, `NotFinite`, `OutOfRange`, `Overflow`.
    pub fn impact(
        &self,
        weights: &Weights,
        shocks: &[f64],
        notional: f64,
    ) -> Result<FactorImpact, QuantError> {
        weights.must_cover(self.betas.len())?;
        let factors = self.betas.first().map_or(0, Vec::len);
        if shocks.len() != factors {
            return Err(QuantError::AssetsMismatch {
                what: "the factor shocks",
                found: shocks.len(),
                expected: factors,
            });
        }
        check_shocks(shocks)?;
        let asset_shock = |betas: &Vec<f64>| betas.iter().zip(shocks).map(|(beta, shock)| beta * shock).sum();
        let asset_shocks: Vec<f64> = self.betas.iter().map(asset_shock).collect();
        let portfolio_betas: Vec<f64> = (0..factors)
            .map(|f| {
                weights.as_slice().iter().zip(&self.betas).map(|(weight, betas)| weight * betas[f]).sum()
            })
            .collect();
        Ok(FactorImpact {
            impact: revalue(weights, &asset_shocks, notional)?,
            pnl_by_factor: portfolio_betas
                .iter()
                .zip(shocks)
                .map(|(beta, shock)| notional * beta * shock)
                .collect(),
            portfolio_betas,
        })
    }
}

/// The sample covariance of two columns of deviations.
fn covary(left: &[f64], right: &[f64]) -> Result<f64, QuantError> {
    let sum: f64 = left.iter().zip(right).map(|(left, right)| left * right).sum();
    let value = sum / (left.len() - 1) as f64;
    if value.is_finite() { Ok(value) } else { Err(QuantError::Overflow { what: "a covariance" }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recovers_an_exact_model_and_leaves_out_a_copy() {
        let factors: Vec<[f64; 3]> = (0..20)
            .map(|i| (f64::from(i * 7 % 11) / 100.0, f64::from(i * 5 % 13) / 200.0))
            .map(|(a, b)| [a, b, 2.0 * a])
            .collect();
        let assets: Vec<[f64; 2]> = factors.iter().map(|f| [0.001 + 1.5 * f[0] - 0.5 * f[1], 0.25]).collect();
        let (assets, factors) = (Returns::from_rows(&assets).unwrap(), Returns::from_rows(&factors).unwrap());
        let model = FactorModel::fit(&assets, &factors).unwrap();
        assert_eq!(model.redundant_factors.len(), 1);
        assert!(
            (model.intercepts[0] - 0.001).abs() < 1e-12
                && (model.betas[0][0] + 2.0 * model.betas[0][2] - 1.5).abs() < 1e-12
        );
        assert!((model.r_squared[0].unwrap() - 1.0).abs() < 1e-12 && model.r_squared[1].is_none());
        let redundant = model.redundant_factors[0];
        assert!(model.t_statistics.iter().all(|asset| asset.betas[redundant].is_none()));
        let weights = Weights::new(vec![2.0, -1.0]).unwrap();
        let result = model.impact(&weights, &[0.1, 0.0, 0.2], 100.0).unwrap();
        assert!((result.impact.pnl - 30.0).abs() < 1e-9);
        assert!((result.pnl_by_factor.iter().sum::<f64>() - result.impact.pnl).abs() < 1e-9);
    }

    #[test]
    fn needs_the_same_periods_and_enough_of_them() {
        let two = Returns::from_rows(&[[0.1, 0.2], [0.0, 0.1]]).unwrap();
        let three = Returns::from_rows(&[[0.1], [0.2], [0.0]]).unwrap();
        assert!(matches!(FactorModel::fit(&two, &three), Err(QuantError::LengthMismatch { .. })));
        assert!(matches!(FactorModel::fit(&two, &two), Err(QuantError::TooFewRows { rows: 2, minimum: 4 })));
    }
}
