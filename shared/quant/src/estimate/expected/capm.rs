use super::historical::geometric;
use crate::{QuantError, Returns, moments::mean};

/// The capital asset pricing model (Sharpe 1964): `rf + β (m - rf)`, with `β = cov(r, market) / var(market)` (ddof = 1)
/// and the market's annual return m, compounded or averaged.
///
/// * `market`: the market's returns in the same periods; without them the assets' equally weighted mean.
///
/// # Errors
/// `AssetsMismatch` for a market of another number of periods, `NotFinite`, `OutOfRange` for a market that doesn't move.
pub fn capm(
    returns: &Returns,
    market: Option<&[f64]>,
    risk_free_rate: f64,
    periods_per_year: f64,
    compounding: bool,
) -> Result<Vec<f64>, QuantError> {
    let periods = returns.periods();
    let market = match market {
        Some(market) => market.to_vec(),
        None => (0..periods).map(|row| mean(returns.simple().row(row))).collect::<Result<Vec<_>, _>>()?,
    };
    if market.len() != periods {
        return Err(QuantError::AssetsMismatch { what: "market", found: market.len(), expected: periods });
    }
    let centre = mean(&market)?;
    let variance: f64 = market.iter().map(|value| (value - centre).powi(2)).sum();
    if variance <= 0.0 || market.iter().any(|&value| value <= -1.0) {
        let range = "returns above -1 that are not all equal";
        return Err(QuantError::OutOfRange { name: "market", range, value: variance });
    }
    let annual = if compounding { geometric(&market, periods_per_year)? } else { centre * periods_per_year };
    (0..returns.assets())
        .map(|asset| {
            let column = returns.simple().column(asset);
            let own = mean(&column)?;
            let products = column.iter().zip(&market).map(|(r, m)| (r - own) * (m - centre));
            Ok(risk_free_rate + products.sum::<f64>() / variance * (annual - risk_free_rate))
        })
        .collect()
}
