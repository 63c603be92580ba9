use crate::{QuantError, moments::mean, sum::sum_by, var_cvar::must_be_returns};

/// Annual downside deviation `√(Σ min(r_t - m, 0)² / n) √p`, over all n periods (Sortino & Price 1994).
///
/// * `minimum`: the acceptable return m of one period.
///
/// # Errors
/// `Empty`, `NotFinite`, `Overflow`.
pub fn downside_deviation(returns: &[f64], minimum: f64, periods_per_year: f64) -> Result<f64, QuantError> {
    must_be_returns(returns)?;
    let squares = sum_by(returns, |value| {
        let short = (value - minimum).min(0.0);
        short * short
    });
    let value = (squares / returns.len() as f64 * periods_per_year).sqrt();
    if value.is_finite() { Ok(value) } else { Err(QuantError::Overflow { what: "the downside deviation" }) }
}

/// Sortino ratio `mean(r - m) p / downside deviation`. `None` where nothing falls short of m.
///
/// # Errors
/// `Empty`, `NotFinite`, `Overflow`.
pub fn sortino(returns: &[f64], minimum: f64, periods_per_year: f64) -> Result<Option<f64>, QuantError> {
    let deviation = downside_deviation(returns, minimum, periods_per_year)?;
    let value = (mean(returns)? - minimum) * periods_per_year / deviation;
    Ok(value.is_finite().then_some(value))
}

/// Omega ratio `Σ max(r - L, 0) / Σ max(L - r, 0)` (Keating & Shadwick 2002). `None` where nothing falls short of L.
///
/// # Errors
/// `Empty`, `NotFinite`.
pub fn omega(returns: &[f64], threshold: f64) -> Result<Option<f64>, QuantError> {
    must_be_returns(returns)?;
    let above = sum_by(returns, |value| (value - threshold).max(0.0));
    let below = sum_by(returns, |value| (threshold - value).max(0.0));
    let value = above / below;
    Ok(value.is_finite().then_some(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_shortfalls_count() {
        let returns = [0.03, -0.01, 0.02, -0.02];
        let deviation = downside_deviation(&returns, 0.0, 4.0).unwrap();
        assert!((deviation - 5e-4f64.sqrt()).abs() < 1e-15);
        assert!((sortino(&returns, 0.0, 4.0).unwrap().unwrap() - 0.02 / deviation).abs() < 1e-12);
        assert!((omega(&returns, 0.0).unwrap().unwrap() - 5.0 / 3.0).abs() < 1e-12);
    }

    #[test]
    fn without_shortfall_there_is_no_ratio() {
        assert_eq!((sortino(&[0.1, 0.2], 0.0, 252.0), omega(&[0.1, 0.2], 0.0)), (Ok(None), Ok(None)));
        assert!(matches!(omega(&[], 0.0), Err(QuantError::Empty { .. })));
    }
}
