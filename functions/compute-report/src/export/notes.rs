use domain::{UserId, symbol::Symbol, valuation::Note};
use jiff::Timestamp;
use jobs::JobError;
use serde::Serialize;

use super::{
    field::{plain, text},
    pages::{Entities, Pages, Record, Source},
};

/// A note has up to 100 KB.
const PAGE: usize = 20;

#[derive(Default)]
pub(super) struct Notes(Entities);

#[derive(Serialize)]
pub(super) struct Row {
    ticker: Symbol,
    version: u64,
    author: UserId,
    updated_at: Timestamp,
    content: String,
}

impl Pages for Notes {
    type Row = Row;

    async fn next(&mut self, from: Source<'_>) -> Result<Option<Vec<Row>>, JobError> {
        let page = self.0.next::<Note>(from.store, PAGE).await?;
        let row = |stored: store::Stored<Note>| {
            let Note { ticker, content, author, written_at } = stored.entity;
            Row { ticker, version: stored.version.0, author, updated_at: written_at, content }
        };
        Ok(page.map(|page| page.into_iter().map(row).collect()))
    }
}

impl Record for Row {
    const HEADS: &[&str] = &["ticker", "version", "author", "updated_at", "content"];

    fn fields(&self) -> Vec<String> {
        vec![
            text(self.ticker.to_string()),
            plain(self.version),
            plain(self.author),
            plain(self.updated_at),
            text(&self.content),
        ]
    }
}
