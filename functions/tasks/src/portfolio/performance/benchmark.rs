//! What a portfolio is compared with.

use domain::{
    Invalid,
    price::{Close, PriceSeries},
    symbol::Symbol,
};
use rust_decimal::prelude::ToPrimitive;
use serde::Deserialize;
use store::Scope;
use utoipa::ToSchema;
use web::ApiError;

use super::history::{Found, simple_returns};
use crate::state::invalid;

const POINTER: &str = "/benchmark/symbol";

/// A benchmark: exactly one of the three.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BenchmarkInput {
    /// The symbol of stored prices; it needs a history with days.
    #[schema(example = "SP500")]
    pub(super) symbol: Option<Symbol>,
    /// Simple returns, one for each of the portfolio's.
    #[schema(example = json!([0.009, -0.004, 0.002, -0.008]))]
    returns: Option<Vec<f64>>,
    /// Values or prices, one more than the portfolio has returns.
    #[schema(example = json!([3822.39, 3844.82, 3829.25, 3783.22]))]
    values: Option<Vec<f64>>,
}

/// The benchmark's returns, one for each of the portfolio's.
pub(super) async fn returns(
    benchmark: Option<BenchmarkInput>,
    history: &Found,
    store: &Scope,
) -> Result<Option<Vec<f64>>, ApiError> {
    let Some(benchmark) = benchmark else { return Ok(None) };
    let (pointer, returns) = match (benchmark.symbol, benchmark.returns, benchmark.values) {
        (Some(_), None, None) if history.benchmark.is_some() => (POINTER, history.benchmark.clone()),
        (Some(symbol), None, None) => (POINTER, Some(stored(&symbol, history, store).await?)),
        (None, Some(returns), None) => ("/benchmark/returns", Some(returns)),
        (None, None, Some(values)) => {
            ("/benchmark/values", Some(simple_returns(&values, "/benchmark/values")?))
        }
        _ => return Err(invalid("/benchmark", "must have exactly one of symbol, returns and values")),
    };
    let returns = returns.unwrap_or_default();
    if returns.len() != history.periods() {
        let detail =
            format!("must be of the portfolio's {} returns, but is of {}", history.periods(), returns.len());
        return Err(invalid(pointer, &detail));
    }
    if let Some(place) = returns.iter().position(|&value| value <= -1.0) {
        let detail = format!("must be a simple return above -1, but is {}", returns[place]);
        return Err(invalid(&format!("{pointer}/{place}"), &detail));
    }
    Ok(Some(returns))
}

/// The stored prices of a benchmark.
pub(super) async fn prices(symbol: &Symbol, store: &Scope) -> Result<PriceSeries, ApiError> {
    let series = store.find::<PriceSeries>(symbol).await?;
    let missing = || invalid(POINTER, &format!("no prices are loaded for {symbol}"));
    series.map(|series| series.entity).ok_or_else(missing)
}

/// The returns of stored prices between the history's days, each of which needs a close.
async fn stored(symbol: &Symbol, history: &Found, store: &Scope) -> Result<Vec<f64>, ApiError> {
    let Some(dates) = &history.dates else {
        return Err(invalid(POINTER, "needs the days of the history; give dates"));
    };
    let series = prices(symbol, store).await?;
    let closes = series.closes();
    let close = |date| closes.binary_search_by_key(date, |close: &Close| close.date).ok();
    let prices = dates.iter().map(|date| {
        let found = close(date).and_then(|place| closes[place].close.to_f64());
        found.ok_or_else(|| Invalid::field(POINTER, format!("{symbol} has no close on {date}")))
    });
    Ok(simple_returns(&prices.collect::<Result<Vec<_>, _>>()?, POINTER)?)
}
