//! A portfolio's returns.

use std::collections::BTreeSet;

use axum::extract::State;
use domain::{
    Invalid, PortfolioId,
    ledger::{daily_values, in_order},
    permission::PortfoliosRead,
    symbol::Symbol,
};
use jiff::civil::Date;
use serde::Deserialize;
use utoipa::IntoParams;
use web::{ApiError, App, Data, Path, Query, auth::Tenant};

use super::view::PerformanceView;
use crate::{
    positions::load_prices,
    transactions::{read_ledger, today},
};

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
}

impl PerformanceQuery {
    fn check(&self) -> Result<(), Invalid> {
        match (self.from, self.to) {
            (Some(from), Some(to)) if from > to => {
                Err(Invalid::field("from", format!("must not be after to ({to}), but is {from}")))
            }
            _ => Ok(()),
        }
    }
}

/// Get a portfolio's performance
///
/// The time-weighted and the money-weighted return of a portfolio that is kept by transactions, and what it was worth at the
/// end of each day with a transaction or a close. What the owner puts in counts from the start of its day, what is taken out
/// until the end of it. Dividends and fees are part of the return.
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
    query.check()?;
    let scope = tenant.store();
    let (portfolio, entries) = read_ledger(&scope, id).await?;
    let counted = in_order(&entries, &[]);
    let to = query.to.unwrap_or_else(|| today(app.clock.now()));
    let until = counted.iter().filter(|entry| entry.date <= to);
    let symbols: BTreeSet<&Symbol> = until.filter_map(|entry| entry.action.symbol()).collect();
    let prices = load_prices(&scope, symbols.iter().copied()).await?;
    let values = daily_values(&counted, &prices, to).map_err(ApiError::internal)?;
    let from = query.from.map_or(0, |from| values.partition_point(|day| day.date < from));
    let without_closes = symbols.into_iter().filter(|symbol| !prices.contains_key(symbol)).cloned().collect();
    Ok(Data::new(PerformanceView::new(portfolio.base_currency, &values, from, without_closes)))
}
