//! A whole series.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use domain::{Invalid, audit::Action, permission::PricesWrite, price::PriceSeries, symbol::Symbol};
use jiff::civil::Date;
use store::{Audited, StoreError, Stored, Version};
use web::{
    ApiError, App, Created, Data, Path, Text,
    auth::Tenant,
    etag::{IfMatch, Versioned},
};

use super::{input::ClosesInput, table, view::SeriesSummary};
use crate::days::latest;

/// A series that is stored, for the first time or anew.
pub(super) enum Written {
    Created(Stored<PriceSeries>),
    Replaced(Stored<PriceSeries>),
}

impl IntoResponse for Written {
    fn into_response(self) -> Response {
        match self {
            Self::Created(stored) => Created {
                // The only character of a symbol that a path can't hold as it is.
                location: format!("/api/v1/prices/{}", stored.entity.symbol).replace('^', "%5E"),
                version: Some(stored.version),
                data: SeriesSummary::from(stored),
            }
            .into_response(),
            Self::Replaced(stored) => Versioned::<SeriesSummary>::view(stored).into_response(),
        }
    }
}

/// Replace a symbol's closes
///
/// Puts these closes in the place of all that were loaded for the symbol before. One bad row refuses them all, and the
/// answer names it. CSV has the header `date,close`. The closes are those of their day, as for loading.
#[utoipa::path(
    put,
    path = "/api/v1/prices/{symbol}",
    operation_id = "replace_prices",
    tag = super::TAG,
    security(("bearer" = ["prices:write"])),
    params(
        ("symbol" = Symbol, Path, description = "The instrument's symbol."),
        ("If-Match" = Option<String>, Header, description = "The `ETag` of the version to replace.")
    ),
    request_body(
        description = "At most 15,000 closes, by ascending date.",
        content(
            (
                ClosesInput = "application/json",
                example = json!({"closes": [{"date": "2024-01-02", "close": "185.64"}]})
            ),
            (String = "text/csv", example = "date,close\n2024-01-02,185.64\n2024-01-03,184.25\n")
        )
    ),
    responses(
        (
            status = 200,
            description = "The closes took the place of others.",
            body = Data<SeriesSummary>,
            headers(("ETag" = String, description = "The series' new version."))
        ),
        (
            status = 201,
            description = "These are the first closes of the symbol.",
            body = Data<SeriesSummary>,
            headers(
                ("Location" = String, description = "Where the closes are."),
                ("ETag" = String, description = "The series' version.")
            )
        ),
        (status = 412, description = "The series was changed since; nothing was done.")
    )
)]
pub(super) async fn replace(
    State(app): State<App>,
    tenant: Tenant<PricesWrite>,
    Path(symbol): Path<Symbol>,
    seen: IfMatch,
    body: Text<ClosesInput>,
) -> Result<Written, ApiError> {
    let series = parse(symbol, body, latest(app.clock.now()))?;
    Ok(write(&tenant.audited(Action::PricesReplaced)?, &series, seen).await?)
}

fn parse(symbol: Symbol, body: Text<ClosesInput>, latest: Date) -> Result<PriceSeries, Invalid> {
    match body {
        Text::Csv(text) => table::parse_one(symbol, &text, latest),
        Text::Json(closes) => closes.parse(symbol, latest),
    }
}

/// Writes over the version that the client has seen, or over whatever is there when it named none.
async fn write(audited: &Audited, series: &PriceSeries, seen: IfMatch) -> Result<Written, StoreError> {
    loop {
        let current = audited.scope().find::<PriceSeries>(&series.symbol).await?;
        seen.check(current.as_ref().map_or(Version(0), |current| current.version))?;
        let written = match current {
            Some(current) => {
                let before = current.entity.clone();
                audited.replace(&before, current.map(|_| series.clone())).await.map(Written::Replaced)
            }
            None => audited.create(series.clone()).await.map(Written::Created),
        };
        match written {
            Err(StoreError::VersionMismatch(_) | StoreError::AlreadyExists | StoreError::NotFound)
                if !seen.is_given() => {}
            done => return done,
        }
    }
}
