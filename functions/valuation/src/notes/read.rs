//! The note about a company, now or as it was.

use domain::{
    permission::ValuationRead,
    symbol::Symbol,
    valuation::{Note, NoteVersion},
};
use serde::Deserialize;
use utoipa::IntoParams;
use web::{ApiError, Data, Path, Query, auth::Tenant, etag::Versioned};

use super::view::NoteView;

/// Which version.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct VersionQuery {
    /// An earlier version, from 1; the present one when not given.
    #[param(minimum = 1)]
    version: Option<u64>,
}

/// Get the note about a company
///
/// As it is now or, with `version`, as it was. The `ETag` is always that of the present version.
#[utoipa::path(
    get,
    path = "/api/v1/notes/{ticker}",
    operation_id = "get_note",
    tag = super::TAG,
    security(("bearer" = ["valuation:read"])),
    params(
        ("ticker" = Symbol, Path, description = "The company's symbol."),
        ("If-None-Match" = Option<String>, Header, description = "An `ETag` that the client has the note of."),
        VersionQuery
    ),
    responses(
        (
            status = 200,
            description = "The note.",
            body = Data<NoteView>,
            headers(("ETag" = String, description = "The present version, for `If-Match` and `If-None-Match`."))
        ),
        (status = 304, description = "It is as the client has it."),
        (status = 400, description = "The version is no number."),
        (status = 404, description = "There is no note about the company, or not this version.")
    )
)]
pub(super) async fn read(
    tenant: Tenant<ValuationRead>,
    Path(ticker): Path<Symbol>,
    Query(query): Query<VersionQuery>,
) -> Result<Versioned<NoteView>, ApiError> {
    let scope = tenant.store();
    let note = scope.get::<Note>(&ticker).await?;
    let Some(version) = query.version else { return Ok(Versioned::view(note)) };
    let earlier = scope.get::<NoteVersion>(&NoteVersion::key_of(&ticker, version)).await?;
    Ok(note.map(|_| NoteView::from(earlier.entity)).into())
}
