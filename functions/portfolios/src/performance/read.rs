//! A portfolio's returns.

use std::pin::pin;

use axum::extract::State;
use domain::{
    PortfolioId,
    history::Window,
    ledger::{DailyValues, Flows, PricedBy, in_order},
    permission::PortfoliosRead,
};
use futures::TryStreamExt;
use jiff::civil::Date;
use serde::Deserialize;
use utoipa::IntoParams;
use web::{ApiError, App, Data, Path, Query, auth::Tenant};

use super::view::{Kept, PerformanceView};
use crate::{days::today, positions::series_of, transactions::read_ledger};

/// Which days.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct PerformanceQuery {
    /// The first day; without it, that of the first transaction.
    #[param(example = "2024-01-01")]
    from: Option<Date>,
    /// The last day; without it, today.
    #[param(example = "2024-12-31")]
    to: Option<Date>,
    /// What counts as put in and taken out.
    #[param(inline, default = "recorded")]
    #[serde(default)]
    flows: Flows,
}

/// Get a portfolio's performance
///
/// The time-weighted and the money-weighted return of a portfolio that is kept by transactions, and what it was worth at the
/// end of each day with a transaction or a close. What the owner puts in counts from the start of its day, what is taken out
/// until the end of it. Dividends and fees are part of the return; where they come when nothing is left of what they are for,
/// they count for the money-weighted one only. The time-weighted return leaves out days on which nothing was in the portfolio,
/// the money-weighted one those before the first money and after the last.
///
/// An instrument is valued at its last close, or at the price of its last trade if no close has followed that.
///
/// A ledger that knows only trades, with no deposits that paid for them, has no time-weighted return, as its cash is below zero.
/// With `flows=implied`, purchases and fees count as paid from outside, and sales and dividends as paid out.
#[utoipa::path(
    get,
    path = "/api/v1/portfolios/{id}/performance",
    operation_id = "get_performance",
    tag = super::TAG,
    security(("bearer" = ["portfolios:read"])),
    params(("id" = PortfolioId, Path, description = "The portfolio's id."), PerformanceQuery),
    responses(
        (status = 200, description = "Returns and daily values.", body = Data<PerformanceView>),
        (status = 400, description = "A date can't be read."),
        (status = 409, description = "The portfolio is kept by its holdings; no transactions explain them."),
        (status = 422, description = "`from` is after `to`.")
    )
)]
pub(super) async fn read(
    State(app): State<App>,
    tenant: Tenant<PortfoliosRead>,
    Path(id): Path<PortfolioId>,
    Query(query): Query<PerformanceQuery>,
) -> Result<Data<PerformanceView>, ApiError> {
    let window = Window { from: query.from, to: query.to }.check()?;
    let scope = tenant.store();
    let (portfolio, entries) = read_ledger(&scope, id).await?;
    let counted = in_order(&entries, &[]);
    // Today, or what is dated later as it is tomorrow already where it was recorded.
    let today = today(app.clock.now()).max(counted.last().map(|entry| entry.date).unwrap_or_default());
    let to = window.to.map_or(today, |to| to.min(today));
    let mut values = DailyValues::new(&counted, to, query.flows);
    let mut without_closes = Vec::new();
    // One series after the other, as all of them together may be more than there is room for.
    let mut series = pin!(series_of(&scope, values.symbols().cloned()));
    while let Some((symbol, series)) = series.try_next().await? {
        let priced_by = values.add(&symbol, series.as_ref()).map_err(ApiError::internal)?;
        without_closes.extend((priced_by == PricedBy::Trade).then_some(symbol));
    }
    let values = values.finish();
    let from = window.from.map_or(0, |from| values.partition_point(|day| day.date < from));
    let of = Kept { currency: portfolio.base_currency, flows: query.flows, without_closes };
    Ok(Data::new(PerformanceView::new(of, &values, from)))
}
