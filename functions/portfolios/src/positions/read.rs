//! A portfolio's books at the end of a day.

use axum::extract::State;
use domain::{
    PortfolioId,
    ledger::{Book, CostMethod, in_order},
    permission::PortfoliosRead,
};
use jiff::civil::Date;
use serde::Deserialize;
use utoipa::IntoParams;
use web::{ApiError, App, Data, Path, Query, auth::Tenant};

use super::{
    load_prices,
    view::{BookOf, PositionsView},
};
use crate::transactions::{read_ledger, today};

/// On which day, and by which method.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct PositionsQuery {
    /// At the end of this day; without it, with all transactions and the last closes.
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
    let book =
        Book::keep(&in_order(&entries, &[]), query.cost_method, query.as_of).map_err(ApiError::internal)?;
    let held = book.positions.iter().filter(|(_, position)| !position.quantity().is_zero());
    let prices = load_prices(&scope, held.map(|(symbol, _)| symbol)).await?;
    let as_of = query.as_of.unwrap_or_else(|| today(app.clock.now()));
    let PositionsQuery { cost_method, .. } = query;
    Ok(Data::new(PositionsView::new(&BookOf { portfolio: &portfolio, book, prices, as_of, cost_method })))
}
