use crate::{QuantError, Returns, moments::mean};

/// The mean return of each asset, annualised: `Π(1 + r)^(m/T) - 1` with compounding (the geometric mean, as
/// `PyPortfolioOpt`), `m · mean(r)` without, for T periods and m periods a year.
///
/// # Errors
/// `Overflow` where a product is no number.
pub fn historical_mean(
    returns: &Returns,
    periods_per_year: f64,
    compounding: bool,
) -> Result<Vec<f64>, QuantError> {
    (0..returns.assets())
        .map(|asset| {
            let column = returns.simple().column(asset);
            if compounding {
                geometric(&column, periods_per_year)
            } else {
                Ok(mean(&column)? * periods_per_year)
            }
        })
        .collect()
}

/// `Π(1 + r)^(m/T) - 1`.
pub(super) fn geometric(returns: &[f64], periods_per_year: f64) -> Result<f64, QuantError> {
    let logarithm: f64 = returns.iter().map(|&value| libm::log1p(value)).sum();
    let annual = libm::expm1(logarithm * periods_per_year / returns.len() as f64);
    annual.is_finite().then_some(annual).ok_or(QuantError::Overflow { what: "a compounded return" })
}
