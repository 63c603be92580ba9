//! Many series in one call.

use axum::extract::State;
use domain::{Invalid, audit::Action, permission::PricesWrite, price::PriceSeries};
use jiff::civil::Date;
use web::{ApiError, App, Data, Text, auth::Tenant};

use super::{input::LoadInput, merge::merge, table, view::SeriesSummary};
use crate::days::latest;

/// Load closes
///
/// Adds the closes of up to 25 symbols to what is loaded; where both have a day, the new close wins. All are loaded or
/// none: one bad row refuses the whole load, and the answer names it (`/rows/17` in CSV, counted from 0 without the header,
/// with its line; `/series/0/closes/17` in JSON). CSV has the header `date,SYM1,SYM2,…`; an empty cell says that the symbol
/// has no close on that day.
///
/// Load closes as they were on their day, in the units that were traded then, and none of the future. A portfolio that is kept
/// by transactions has its splits among them: risk, optimisation and performance adjust the closes from before a split, so that
/// it is no loss and no gain. That needs every split since the first close, also those from before the first purchase. For
/// instruments that are only held by portfolios that are kept by holdings, which know of no splits, load closes that are adjusted
/// already. Closes have no currency: they are taken to be in that of the portfolio that holds the symbol.
#[utoipa::path(
    post,
    path = "/api/v1/prices",
    operation_id = "load_prices",
    tag = super::TAG,
    security(("bearer" = ["prices:write"])),
    request_body(
        description = "Up to 25 symbols with at most 15,000 closes each, by ascending date.",
        content(
            (
                LoadInput = "application/json",
                example = json!({"series": [{"symbol": "AAPL", "closes": [{"date": "2024-01-02", "close": "185.64"}]}]})
            ),
            (String = "text/csv", example = "date,AAPL,MSFT\n2024-01-02,185.64,370.87\n2024-01-03,184.25,\n")
        )
    ),
    responses(
        (status = 200, description = "What is loaded now of each symbol.", body = Data<Vec<SeriesSummary>>),
        (status = 409, description = "Others kept changing the same series; nothing was done. Try again."),
        (status = 413, description = "The body is larger than 6 MB, or a series would get too long.")
    )
)]
pub(super) async fn load(
    State(app): State<App>,
    tenant: Tenant<PricesWrite>,
    body: Text<LoadInput>,
) -> Result<Data<Vec<SeriesSummary>>, ApiError> {
    let loaded = parse(body, latest(app.clock.now()))?;
    Ok(Data::new(merge(&tenant.audited(Action::PricesLoaded)?, &loaded, &app.ids).await?))
}

fn parse(body: Text<LoadInput>, latest: Date) -> Result<Vec<PriceSeries>, Invalid> {
    match body {
        Text::Csv(text) => table::parse(&text, latest),
        Text::Json(input) => input.parse(latest),
    }
}
