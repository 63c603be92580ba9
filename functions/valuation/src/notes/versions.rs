//! The versions of a note.

use domain::{
    UserId,
    permission::ValuationRead,
    symbol::Symbol,
    valuation::{Note, NoteVersion},
};
use futures::{StreamExt, TryStreamExt, stream};
use jiff::Timestamp;
use serde::Serialize;
use store::{Position, StoreError, Stored};
use utoipa::ToSchema;
use web::{
    ApiError, Path, Query,
    auth::Tenant,
    page::{self, PageQuery, Paged},
};

/// How many versions are read at once.
const AT_ONCE: usize = 16;
/// A page ends with the version that brings the texts read for it to so many bytes.
const PAGE_BYTES: usize = 1_000_000;

/// A version of a note, without its text.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NoteVersion)]
pub(super) struct VersionView {
    /// Which version, from 1.
    version: u64,
    /// The length of its text in bytes of UTF-8.
    #[schema(example = 1742)]
    bytes: usize,
    /// Who wrote it.
    author: UserId,
    /// When it was written.
    written_at: Timestamp,
}

impl From<Stored<NoteVersion>> for VersionView {
    fn from(stored: Stored<NoteVersion>) -> Self {
        let NoteVersion { note: Note { content, author, written_at, .. }, version } = stored.entity;
        Self { version, bytes: content.len(), author, written_at }
    }
}

/// List the versions of the note about a company
///
/// The newest first, in pages, without their texts. A page has fewer than `limit` where the texts come to a megabyte before.
#[utoipa::path(
    get,
    path = "/api/v1/notes/{ticker}/versions",
    operation_id = "list_note_versions",
    tag = super::TAG,
    security(("bearer" = ["valuation:read"])),
    params(("ticker" = Symbol, Path, description = "The company's symbol."), PageQuery),
    responses(
        (status = 200, description = "One page of versions.", body = Paged<VersionView>),
        (status = 400, description = "The limit is out of range, or the cursor is not one of this list."),
        (status = 404, description = "There is no note about the company.")
    )
)]
pub(super) async fn versions(
    tenant: Tenant<ValuationRead>,
    Path(ticker): Path<Symbol>,
    Query(query): Query<PageQuery>,
) -> Result<Paged<VersionView>, ApiError> {
    let limit = page::limit(query.limit)? as u64;
    let before =
        tenant.open_cursor("", query.cursor.as_deref())?.and_then(|position| position.0.parse().ok());
    let scope = tenant.store();
    let newest = scope.get::<Note>(&ticker).await?.version.0;
    // They are numbered without gaps, so the keys of a page are known.
    let last = before.map_or(newest, |before: u64| newest.min(before.saturating_sub(1)));
    let first = last.saturating_sub(limit - 1).max(1);
    let read = async |version| {
        let found = scope.get::<NoteVersion>(&NoteVersion::key_of(&ticker, version)).await?;
        Ok::<_, StoreError>(VersionView::from(found))
    };
    let mut versions = stream::iter((first..=last).rev()).map(read).buffered(AT_ONCE);
    let (mut data, mut bytes) = (Vec::new(), 0);
    while bytes < PAGE_BYTES
        && let Some(version) = versions.try_next().await?
    {
        bytes += version.bytes;
        data.push(version);
    }
    let oldest = data.last().map(|version| version.version).filter(|&version| version > 1);
    let next_cursor = oldest.map(|version| tenant.seal_cursor("", &Position(version.to_string())));
    Ok(Paged { data, next_cursor })
}
