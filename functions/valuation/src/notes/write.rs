//! Another version of a note.

use axum::extract::State;
use domain::{
    Invalid,
    audit::Action,
    permission::ValuationWrite,
    symbol::Symbol,
    valuation::{Note, NoteVersion},
};
use serde::Deserialize;
use store::{Audited, StoreError, Version};
use utoipa::ToSchema;
use web::{
    ApiError, Data, Json, Path,
    auth::Tenant,
    etag::{IfMatch, Versioned},
};

use super::view::NoteView;
use crate::Valuation;

/// A note's text.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NoteRequest {
    /// Markdown, at most 100,000 bytes of UTF-8. It is kept as it is given.
    #[schema(example = "## Thesis\n\nMargins have room.")]
    content: String,
}

/// Write the note about a company
///
/// Adds a version; earlier ones stay. The text that is there already adds none. Once there is a note, `If-Match` is required with the `ETag` that the change was made
/// from, so that auto-save never overwrites a colleague.
#[utoipa::path(
    post,
    path = "/api/v1/notes/{ticker}",
    operation_id = "write_note",
    tag = super::TAG,
    security(("bearer" = ["valuation:write"])),
    params(
        ("ticker" = Symbol, Path, description = "The company's symbol."),
        ("If-Match" = Option<String>, Header, description = "The `ETag` of the version that the change was made from.")
    ),
    request_body(content = NoteRequest, example = json!({"content": "## Thesis\n\nMargins have room."})),
    responses(
        (
            status = 200,
            description = "The note as it is now.",
            body = Data<NoteView>,
            headers(("ETag" = String, description = "Its version, for the next `If-Match`."))
        ),
        (status = 412, description = "It was changed since; nothing was done."),
        (status = 428, description = "There is a note, and `If-Match` is missing; nothing was done.")
    )
)]
pub(super) async fn write(
    State(valuation): State<Valuation>,
    tenant: Tenant<ValuationWrite>,
    Path(ticker): Path<Symbol>,
    seen: IfMatch,
    Json(body): Json<NoteRequest>,
) -> Result<Versioned<NoteView>, ApiError> {
    Note::check(&body.content).map_err(|reason| Invalid::field("/content", reason))?;
    let note = Note { ticker, content: body.content, author: tenant.user_id(), written_at: valuation.now() };
    add(&tenant.audited(Action::NoteWritten)?, &valuation, note, seen).await
}

/// Writes the note and its version together. Who comes second learns that there was a first, and changes nothing.
async fn add(
    audited: &Audited,
    valuation: &Valuation,
    note: Note,
    seen: IfMatch,
) -> Result<Versioned<NoteView>, ApiError> {
    let scope = audited.scope();
    let mut attempts = valuation.attempts();
    while attempts.next().await {
        let current = scope.find::<Note>(&note.ticker).await?;
        let version = current.as_ref().map_or(0, |current| current.version.0);
        if current.is_some() {
            seen.required()?;
        }
        seen.check(Version(version))?;
        if let Some(current) = &current
            && current.entity.content == note.content
        {
            return Ok(Versioned::view(current.clone()));
        }
        let before = current.as_ref().map(|current| current.entity.clone());
        let head = match current {
            None => scope.write_new(&note)?,
            Some(current) => scope.write_changed(&current.map(|_| note.clone()))?,
        };
        let added = NoteVersion { note: note.clone(), version: version + 1 };
        let audited = audited.clone().changed(before.as_ref(), Some(&note));
        match audited.transact(vec![head, scope.write_new(&added)?]).await {
            Err(error) if error.is_lost_race() => {}
            Err(error) => return Err(error.into()),
            // Not the note as it is now, which may be a colleague's already.
            Ok(()) => {
                let version = Version(added.version);
                return Ok(Versioned::new(added.into(), version));
            }
        }
    }
    Err(StoreError::Contended.into())
}
