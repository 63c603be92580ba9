use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{QuantError, Weights};

/// The attribution of an active return to groups.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Attribution {
    /// The portfolio's return.
    pub portfolio_return: f64,
    /// The benchmark's return.
    pub benchmark_return: f64,
    /// Their difference: the sum of all effects.
    pub active_return: f64,
    /// The groups, in the order of their numbers.
    pub groups: Vec<GroupEffects>,
}

/// A group's part of the active return. A return is null where the group has no weight.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct GroupEffects {
    /// The portfolio's weight in the group.
    pub portfolio_weight: f64,
    /// The benchmark's weight in the group.
    pub benchmark_weight: f64,
    /// The portfolio's return within the group.
    pub portfolio_return: Option<f64>,
    /// The benchmark's return within the group.
    pub benchmark_return: Option<f64>,
    /// From holding more or less of the group than the benchmark.
    pub allocation: f64,
    /// From other assets within the group than the benchmark.
    pub selection: f64,
    /// From both at once.
    pub interaction: f64,
}

/// Brinson–Fachler (1985) attribution over one period, in which both portfolios are bought and held: with weights w and
/// returns r of a group in the portfolio (P) and the benchmark (B), and the benchmark's return R,
/// allocation `(w_P - w_B)(r_B - R)`, selection `w_B (r_P - r_B)`, interaction `(w_P - w_B)(r_P - r_B)`.
///
/// A group without weight on one side takes the other side's return: the whole effect is then allocation.
///
/// * `groups`: the number of each asset's group, counted from 0.
/// * `returns`: each asset's return over the period.
///
/// # Errors
/// `AssetsMismatch` for lists of other lengths, `NotFinite`, `OutOfRange` for a group that is too large a number or whose
/// long and short weights cancel, `Overflow`.
pub fn brinson_fachler(
    portfolio: &Weights,
    benchmark: &Weights,
    returns: &[f64],
    groups: &[usize],
) -> Result<Attribution, QuantError> {
    let assets = portfolio.assets();
    for (what, found) in
        [("the benchmark", benchmark.assets()), ("the returns", returns.len()), ("the groups", groups.len())]
    {
        if found != assets {
            return Err(QuantError::AssetsMismatch { what, found, expected: assets });
        }
    }
    if let Some(column) = returns.iter().position(|value| !value.is_finite()) {
        return Err(QuantError::NotFinite { what: "the returns", row: 0, column });
    }
    let count = groups.iter().max().map_or(0, |&last| last.saturating_add(1));
    if count > assets {
        let value = count as f64 - 1.0;
        return Err(QuantError::OutOfRange { name: "group", range: "below the number of assets", value });
    }
    let ours = sides(portfolio, returns, groups, count)?;
    let theirs = sides(benchmark, returns, groups, count)?;
    let portfolio_return: f64 = ours.iter().map(|side| side.gain).sum();
    let benchmark_return: f64 = theirs.iter().map(|side| side.gain).sum();
    let active_return = portfolio_return - benchmark_return;
    if !active_return.is_finite() {
        return Err(QuantError::Overflow { what: "the active return" });
    }
    let effects = ours.iter().zip(&theirs).map(|(our, their)| {
        let (own, other) = (our.value.or(their.value), their.value.or(our.value));
        let (own, other) = (own.unwrap_or(0.0), other.unwrap_or(0.0));
        let more = our.weight - their.weight;
        GroupEffects {
            portfolio_weight: our.weight,
            benchmark_weight: their.weight,
            portfolio_return: our.value,
            benchmark_return: their.value,
            allocation: more * (other - benchmark_return),
            selection: their.weight * (own - other),
            interaction: more * (own - other),
        }
    });
    Ok(Attribution { portfolio_return, benchmark_return, active_return, groups: effects.collect() })
}

/// One side's weight, contribution and return of a group.
#[derive(Clone, Copy, Default)]
struct Side {
    weight: f64,
    gross: f64,
    gain: f64,
    value: Option<f64>,
}

fn sides(
    weights: &Weights,
    returns: &[f64],
    groups: &[usize],
    count: usize,
) -> Result<Vec<Side>, QuantError> {
    let mut sides = vec![Side::default(); count];
    for ((&weight, &value), &group) in weights.as_slice().iter().zip(returns).zip(groups) {
        let side = &mut sides[group];
        side.weight += weight;
        side.gross += weight.abs();
        side.gain += weight * value;
    }
    for side in &mut sides {
        if side.gross > 0.0 && side.weight.abs() <= 1e-12 * side.gross {
            let range = "a group whose weights don't cancel";
            return Err(QuantError::OutOfRange { name: "weight", range, value: side.weight });
        }
        side.value = (side.gross > 0.0).then(|| side.gain / side.weight);
    }
    Ok(sides)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn effects_add_up_also_for_a_group_that_one_side_lacks() {
        let portfolio = Weights::new(vec![0.5, 0.2, 0.3, 0.0]).unwrap();
        let benchmark = Weights::new(vec![0.3, 0.3, 0.0, 0.4]).unwrap();
        let result = brinson_fachler(&portfolio, &benchmark, &[0.1, -0.2, 0.05, 0.3], &[0, 0, 1, 2]).unwrap();
        let sum: f64 = result.groups.iter().map(|g| g.allocation + g.selection + g.interaction).sum();
        assert!((sum - result.active_return).abs() < 1e-15);
        assert_eq!((result.groups[1].benchmark_return, result.groups[2].portfolio_return), (None, None));
        assert!(result.groups[1].selection.abs() + result.groups[1].interaction.abs() < f64::MIN_POSITIVE);
    }

    #[test]
    fn refuses_what_does_not_fit() {
        let equal = Weights::equal(2).unwrap();
        assert!(brinson_fachler(&equal, &Weights::equal(3).unwrap(), &[0.1, 0.1], &[0, 0]).is_err());
        assert!(brinson_fachler(&equal, &equal, &[0.1, 0.1], &[0, 9]).is_err());
        assert!(brinson_fachler(&equal, &equal, &[0.1, f64::NAN], &[0, 0]).is_err());
        let hedged = Weights::new(vec![0.5, -0.5, 1.0]).unwrap();
        let cancelled = brinson_fachler(&hedged, &hedged, &[0.1, 0.2, 0.3], &[0, 0, 1]);
        assert!(matches!(cancelled, Err(QuantError::OutOfRange { .. })));
    }
}
