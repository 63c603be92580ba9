use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{QuantError, Weights};

/// What a portfolio gains or loses under a shock of each asset.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = StressImpact)]
pub struct Impact {
    /// The portfolio's profit or loss, in the notional's currency.
    pub pnl: f64,
    /// The same as a fraction of the notional.
    pub portfolio_return: f64,
    /// Each asset's profit or loss, in the assets' order.
    pub pnl_by_asset: Vec<f64>,
    /// Each asset's shock, as a simple return.
    pub asset_shocks: Vec<f64>,
}

/// Linear revaluation: each asset's profit or loss is `notional · w_i · shock_i`.
///
/// * `shocks`: one an asset, at least -1; 0 for an asset that is not shocked.
/// * `notional`: the portfolio's worth, above 0.
///
/// # Errors
/// `AssetsMismatch`, `NotFinite` for a shock, `OutOfRange` for a shock below -1 or the notional, `Overflow`.
pub fn impact(weights: &Weights, shocks: &[f64], notional: f64) -> Result<Impact, QuantError> {
    check_shocks(shocks)?;
    revalue(weights, shocks, notional)
}

/// The same for shocks that come out of a model, which knows no bound of -1.
pub(super) fn revalue(weights: &Weights, shocks: &[f64], notional: f64) -> Result<Impact, QuantError> {
    if shocks.len() != weights.assets() {
        let (found, expected) = (shocks.len(), weights.assets());
        return Err(QuantError::AssetsMismatch { what: "the shocks", found, expected });
    }
    check_notional(notional)?;
    let parts = weights.as_slice().iter().zip(shocks).map(|(weight, shock)| notional * weight * shock);
    let pnl_by_asset: Vec<f64> = parts.collect();
    let pnl: f64 = pnl_by_asset.iter().sum();
    if !pnl.is_finite() {
        return Err(QuantError::Overflow { what: "the profit or loss" });
    }
    Ok(Impact { pnl, portfolio_return: pnl / notional, pnl_by_asset, asset_shocks: shocks.to_vec() })
}

/// The assets' shocks from those of groups, for example sectors.
///
/// * `groups`: the number of each asset's group, counted from 0; `None` for an asset of no group.
/// * `shocks`: one a group.
///
/// # Errors
/// `OutOfRange` for a group without a shock.
pub fn group_shocks(groups: &[Option<usize>], shocks: &[f64]) -> Result<Vec<f64>, QuantError> {
    let shock = |group: &Option<usize>| match group {
        None => Ok(0.0),
        Some(group) => shocks.get(*group).copied().ok_or(QuantError::OutOfRange {
            name: "group",
            range: "below the number of group shocks",
            value: *group as f64,
        }),
    };
    groups.iter().map(shock).collect()
}

pub(super) fn check_notional(notional: f64) -> Result<(), QuantError> {
    if notional.is_finite() && notional > 0.0 {
        return Ok(());
    }
    Err(QuantError::OutOfRange { name: "notional", range: "above 0", value: notional })
}

pub(super) fn check_shocks(shocks: &[f64]) -> Result<(), QuantError> {
    if let Some(column) = shocks.iter().position(|shock| !shock.is_finite()) {
        return Err(QuantError::NotFinite { what: "the shocks", row: 0, column });
    }
    match shocks.iter().find(|&&shock| shock < -1.0) {
        Some(&value) => Err(QuantError::OutOfRange { name: "shock", range: "at least -1", value }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_groups() {
        let weights = Weights::new(vec![0.5, 0.3, 0.2]).unwrap();
        let shocks = group_shocks(&[Some(1), None, Some(0)], &[0.1, -0.4]).unwrap();
        let result = impact(&weights, &shocks, 1000.0).unwrap();
        assert!((result.pnl + 180.0).abs() < 1e-12 && (result.portfolio_return + 0.18).abs() < 1e-15);
        assert!(group_shocks(&[Some(2)], &[0.1, 0.2]).is_err());
    }

    #[test]
    fn bad_shocks_are_refused() {
        let weights = Weights::equal(2).unwrap();
        assert!(matches!(impact(&weights, &[0.1], 1.0), Err(QuantError::AssetsMismatch { .. })));
        assert!(matches!(
            impact(&weights, &[0.1, -1.1], 1.0),
            Err(QuantError::OutOfRange { name: "shock", .. })
        ));
        assert!(matches!(
            impact(&weights, &[0.1, f64::NAN], 1.0),
            Err(QuantError::NotFinite { column: 1, .. })
        ));
        assert!(matches!(
            impact(&weights, &[0.1, 0.1], 0.0),
            Err(QuantError::OutOfRange { name: "notional", .. })
        ));
    }
}
