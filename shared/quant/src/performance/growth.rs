use super::must_be_wealth;
use crate::{QuantError, Returns, Weights};

/// The cumulative return `Π (1 + r_t) - 1`.
///
/// # Errors
/// `Empty`, `NotFinite`, `TotalLoss` for a return of -1 or less, `Overflow`.
pub fn cumulative_return(returns: &[f64]) -> Result<f64, QuantError> {
    must_be_wealth(returns)?;
    let value = returns.iter().map(|value| 1.0 + value).product::<f64>() - 1.0;
    if value.is_finite() { Ok(value) } else { Err(QuantError::Overflow { what: "the cumulative return" }) }
}

/// The annual return `(1 + R)^(p/n) - 1` of a cumulative return R over n periods, p of them a year (compound annual growth
/// rate). `None` where it is no number: a short history may grow beyond any.
pub fn annual_return(cumulative: f64, periods: usize, periods_per_year: f64) -> Option<f64> {
    let value = libm::expm1(libm::log1p(cumulative) * periods_per_year / periods as f64);
    value.is_finite().then_some(value)
}

/// The returns of a portfolio that is bought at its weights and then left alone:
/// `V_t = Σ w_i Π_(s<=t) (1 + R_is)`, `r_t = V_t/V_(t-1) - 1`.
///
/// # Errors
/// `AssetsMismatch`; `TotalLoss` in the period in which short positions have used up the value; `Overflow`.
pub fn buy_and_hold(returns: &Returns, weights: &Weights) -> Result<Vec<f64>, QuantError> {
    weights.must_cover(returns.assets())?;
    let mut values = weights.as_slice().to_vec();
    let mut before: f64 = values.iter().sum();
    let mut portfolio = Vec::with_capacity(returns.periods());
    for row in 0..returns.periods() {
        for (value, change) in values.iter_mut().zip(returns.simple().row(row)) {
            *value *= 1.0 + change;
        }
        let after: f64 = values.iter().sum();
        let value = after / before - 1.0;
        if !value.is_finite() {
            return Err(QuantError::Overflow { what: "a portfolio return" });
        }
        if after <= 0.0 {
            return Err(QuantError::TotalLoss { row, column: 0, value });
        }
        portfolio.push(value);
        before = after;
    }
    Ok(portfolio)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn growth_compounds() {
        let cumulative = cumulative_return(&[0.1, -0.1]).unwrap();
        assert!((cumulative + 0.01).abs() < 1e-15);
        assert!((annual_return(cumulative, 2, 4.0).unwrap() - (0.99f64 * 0.99 - 1.0)).abs() < 1e-15);
        assert_eq!(annual_return(1e300, 1, 252.0), None);
        assert!(matches!(cumulative_return(&[-1.0]), Err(QuantError::TotalLoss { row: 0, .. })));
    }

    #[test]
    fn weights_drift_when_left_alone() {
        let returns = Returns::from_rows(&[[1.0, 0.0], [1.0, 0.0]]).unwrap();
        let held = buy_and_hold(&returns, &Weights::equal(2).unwrap()).unwrap();
        assert!((held[0] - 0.5).abs() < 1e-15 && (held[1] - 2.0 / 3.0).abs() < 1e-15);
        let short = buy_and_hold(&returns, &Weights::new(vec![-0.5, 1.5]).unwrap());
        assert!(matches!(short, Err(QuantError::TotalLoss { row: 1, .. })));
    }
}
