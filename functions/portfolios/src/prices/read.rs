//! A series, or a part of it.

use domain::{history::Window, permission::PricesRead, price::PriceSeries, symbol::Symbol};
use jiff::civil::Date;
use serde::Deserialize;
use utoipa::IntoParams;
use web::{ApiError, Data, Path, Query, auth::Tenant, etag::Versioned};

use super::view::SeriesView;

/// Which days.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct WindowQuery {
    /// The first day; without it, the first that is loaded.
    #[param(example = "2024-01-01")]
    from: Option<Date>,
    /// The last day; without it, the last that is loaded.
    #[param(example = "2024-12-31")]
    to: Option<Date>,
}

/// Get a symbol's closes
///
/// By ascending date, from `from` to `to`, both included.
#[utoipa::path(
    get,
    path = "/api/v1/prices/{symbol}",
    operation_id = "get_prices",
    tag = super::TAG,
    security(("bearer" = ["prices:read"])),
    params(
        ("symbol" = Symbol, Path, description = "The instrument's symbol."),
        ("If-None-Match" = Option<String>, Header, description = "An `ETag` that the client has the closes of."),
        WindowQuery
    ),
    responses(
        (
            status = 200,
            description = "The closes; none where the window has no trading day.",
            body = Data<SeriesView>,
            headers(("ETag" = String, description = "The series' version, for `If-Match` and `If-None-Match`."))
        ),
        (status = 304, description = "The series is as the client has it."),
        (status = 400, description = "A date can't be read."),
        (status = 422, description = "`from` is after `to`.")
    )
)]
pub(super) async fn read(
    tenant: Tenant<PricesRead>,
    Path(symbol): Path<Symbol>,
    Query(WindowQuery { from, to }): Query<WindowQuery>,
) -> Result<Versioned<SeriesView>, ApiError> {
    let window = Window { from, to }.check()?;
    let stored = tenant.store().get::<PriceSeries>(&symbol).await?;
    Ok(stored.map(|series| SeriesView::window(series, window.from, window.to)).into())
}
