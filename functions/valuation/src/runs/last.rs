//! The last run.

use axum::extract::State;
use domain::{permission::ValuationRead, symbol::Symbol, valuation::Run};
use serde::Deserialize;
use store::{Listing, Order, StoreError};
use utoipa::IntoParams;
use web::{ApiError, Data, Query, auth::Tenant};

use super::view::RunView;
use crate::Valuation;

/// Of which company.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct LastQuery {
    /// Only runs of this company.
    ticker: Option<Symbol>,
}

/// Get the last run
///
/// The newest of all runs, or of those of one company.
#[utoipa::path(
    get,
    path = "/api/v1/runs/last",
    operation_id = "get_last_run",
    tag = super::TAG,
    security(("bearer" = ["valuation:read"])),
    params(LastQuery),
    responses(
        (status = 200, description = "The run.", body = Data<RunView>),
        (status = 400, description = "The ticker is none."),
        (status = 404, description = "There is no run yet.")
    )
)]
pub(crate) async fn last(
    State(valuation): State<Valuation>,
    tenant: Tenant<ValuationRead>,
    Query(query): Query<LastQuery>,
) -> Result<Data<RunView>, ApiError> {
    let scope = tenant.store();
    let group = query.ticker.map(|ticker| ticker.to_string().into());
    let listing = Listing { limit: 1, order: Order::Descending, after: None, filters: Vec::new(), group };
    let newest = scope.list::<Run>(listing).await?.items.into_iter().next().ok_or(StoreError::NotFound)?;
    Ok(Data::new(RunView::read(&scope, valuation.bucket(), newest).await?))
}
