use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::finite;
use crate::{
    QuantError,
    sum::sum_by,
    var_cvar::{historical, must_be_returns},
};

/// Measures of a history's drawdowns, as fractions.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct DrawdownMeasures {
    /// The largest drawdown.
    pub maximum: f64,
    /// The mean drawdown over all periods, also those at a peak.
    pub average: f64,
    /// The drawdown that is not exceeded with the confidence level's probability (`DaR`).
    pub drawdown_at_risk: f64,
    /// The mean drawdown beyond it (`CDaR`).
    pub conditional_drawdown_at_risk: f64,
    /// The root of the mean squared drawdown (Ulcer index).
    pub ulcer_index: f64,
}

/// The drawdown of each period, `max_(s<=t) S_s - S_t` of the uncompounded sum of returns `S`, which starts at 0.
///
/// # Errors
/// `Empty`, `NotFinite`, `Overflow` for a sum that is no number.
pub fn absolute_drawdowns(returns: &[f64]) -> Result<Vec<f64>, QuantError> {
    must_be_returns(returns)?;
    let (mut sum, mut peak) = (0.0f64, 0.0f64);
    let step = |value: &f64| {
        sum += value;
        peak = peak.max(sum);
        finite(peak - sum)
    };
    returns.iter().map(step).collect()
}

/// The drawdown of each period, `1 - W_t / max_(s<=t) W_s` of the compounded wealth `W`, which starts at 1.
///
/// # Errors
/// `Empty`, `NotFinite`, `TotalLoss` for a return of -1 or less, `Overflow` for a wealth that is no number.
pub fn relative_drawdowns(returns: &[f64]) -> Result<Vec<f64>, QuantError> {
    must_be_returns(returns)?;
    let (mut wealth, mut peak) = (1.0f64, 1.0f64);
    let step = |(row, &value): (usize, &f64)| {
        if value <= -1.0 {
            return Err(QuantError::TotalLoss { row, column: 0, value });
        }
        wealth *= 1.0 + value;
        peak = peak.max(wealth);
        finite((peak - wealth) / peak)
    };
    returns.iter().enumerate().map(step).collect()
}

/// Measures of drawdowns: maximum, mean, `DaR` and `CDaR` (the value at risk and `CVaR` of [`historical`] with drawdowns as
/// losses; Chekhlov, Uryasev & Zabarankin 2005) and the Ulcer index `√(Σ d² / n)` (Martin & `McCann` 1989).
///
/// # Errors
/// `Empty`, `NotFinite`, `OutOfRange` for the level, `Overflow`.
pub fn drawdown_measures(drawdowns: &[f64], confidence_level: f64) -> Result<DrawdownMeasures, QuantError> {
    let negated: Vec<f64> = drawdowns.iter().map(|drawdown| -drawdown).collect();
    let risk = historical(&negated, &[confidence_level], 1)?[0];
    let n = drawdowns.len() as f64;
    Ok(DrawdownMeasures {
        maximum: drawdowns.iter().copied().fold(0.0, f64::max),
        average: finite(sum_by(drawdowns, |drawdown| drawdown) / n)?,
        drawdown_at_risk: risk.value_at_risk,
        conditional_drawdown_at_risk: risk.conditional_value_at_risk,
        ulcer_index: finite((sum_by(drawdowns, |drawdown| drawdown * drawdown) / n).sqrt())?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compounded_and_not() {
        let returns = [0.1, -0.5, 0.5];
        let absolute = absolute_drawdowns(&returns).unwrap();
        let relative = relative_drawdowns(&returns).unwrap();
        for (found, expected) in
            absolute.iter().zip([0.0, 0.5, 0.0]).chain(relative.iter().zip([0.0, 0.5, 0.25]))
        {
            assert!((found - expected).abs() < 1e-15);
        }
        let measures = drawdown_measures(&relative, 0.5).unwrap();
        assert!((measures.maximum - 0.5).abs() < 1e-15 && (measures.average - 0.25).abs() < 1e-15);
        assert!((measures.ulcer_index - (0.3125f64 / 3.0).sqrt()).abs() < 1e-15);
    }

    #[test]
    fn a_rise_has_none_and_a_total_loss_no_wealth() {
        let measures = drawdown_measures(&absolute_drawdowns(&[0.01; 20]).unwrap(), 0.95).unwrap();
        assert!(measures.maximum.abs() + measures.conditional_drawdown_at_risk.abs() < f64::MIN_POSITIVE);
        assert!(matches!(relative_drawdowns(&[0.1, -1.0]), Err(QuantError::TotalLoss { row: 1, .. })));
    }
}
