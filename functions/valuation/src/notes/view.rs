//! Notes as clients see them.

use domain::{
    UserId,
    symbol::Symbol,
    valuation::{Note, NoteVersion},
};
use jiff::Timestamp;
use serde::Serialize;
use store::Stored;
use utoipa::ToSchema;

/// A version of a company's note.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CompanyNote)]
pub(super) struct NoteView {
    /// The company.
    ticker: Symbol,
    /// The Markdown as it was given. It is not made safe for a browser: who renders it has to.
    #[schema(example = "## Thesis\n\nMargins have room.")]
    content: String,
    /// Which version, from 1.
    version: u64,
    /// Who wrote it.
    author: UserId,
    /// When it was written.
    written_at: Timestamp,
}

impl From<Stored<Note>> for NoteView {
    fn from(stored: Stored<Note>) -> Self {
        let version = stored.version.0;
        Self::from(NoteVersion { note: stored.entity, version })
    }
}

impl From<NoteVersion> for NoteView {
    fn from(NoteVersion { note, version }: NoteVersion) -> Self {
        let Note { ticker, content, author, written_at } = note;
        Self { ticker, content, version, author, written_at }
    }
}
