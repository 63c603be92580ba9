//! A portfolio's books at the end of a day.

use axum::extract::State;
use domain::{
    PortfolioId,
    ledger::{Book, CostMethod, Splits, in_order},
    permission::PortfoliosRead,
    symbol::Symbol,
};
use jiff::civil::Date;
use serde::Deserialize;
use utoipa::IntoParams;
use web::{ApiError, App, Data, Path, Query, auth::Tenant};

use super::{
    closes,
    view::{BookOf, PositionsView},
};
use crate::{days::today, transactions::read_ledger};

/// On which day, and by which method.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct PositionsQuery {
    /// At the end of this day; without it, as of today with all transactions and the last closes.
    #[param(example = "2024-06-28")]
    as_of: Option<Date>,
    /// Which units are sold first.
    #[param(inline, default = "fifo")]
    #[serde(default)]
    cost_method: CostMethod,
}

/// Get a portfolio's positions
///
/// What is held, what it has cost, what it is worth at its last closes, and what was gained, to the cent:
/// `cash + cost = deposits - withdrawals + dividends - fees + realised`. By first in, first out, or by weighted average.
#[utoipa::path(
    get,
    path = "/api/v1/portfolios/{id}/positions",
    operation_id = "get_positions",
    tag = super::TAG,
    security(("bearer" = ["portfolios:read"])),
    params(("id" = PortfolioId, Path, description = "The portfolio's id."), PositionsQuery),
    responses(
        (status = 200, description = "The books.", body = Data<PositionsView>),
        (status = 400, description = "The query can't be read."),
        (status = 409, description = "The portfolio is kept by its holdings; no transactions explain them.")
    )
)]
pub(super) async fn read(
    State(app): State<App>,
    tenant: Tenant<PortfoliosRead>,
    Path(id): Path<PortfolioId>,
    Query(query): Query<PositionsQuery>,
) -> Result<Data<PositionsView>, ApiError> {
    let scope = tenant.store();
    let (portfolio, entries) = read_ledger(&scope, id).await?;
    let counted = in_order(&entries, &[]);
    // Of today, or with what is dated later as it is tomorrow already where it was recorded.
    let last = counted.last().map(|entry| entry.date);
    let as_of = query.as_of.unwrap_or_else(|| Some(today(app.clock.now())).max(last).unwrap_or_default());
    let book = Book::keep(&counted, query.cost_method, Some(as_of)).map_err(ApiError::internal)?;
    let splits = Splits::of(counted.iter().copied().take_while(|entry| entry.date <= as_of));
    let held = book.positions.iter().filter(|(_, position)| !position.quantity().is_zero());
    let held: Vec<Symbol> = held.map(|(symbol, _)| symbol.clone()).collect();
    let prices = closes::load(&scope, held).await?;
    let cost_method = query.cost_method;
    let of = BookOf { portfolio: &portfolio, book, prices, splits, as_of, cost_method };
    Ok(Data::new(PositionsView::new(&of)))
}
