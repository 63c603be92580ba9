//! Tables that are read page by page.

use domain::Entity;
use jobs::JobError;
use serde::Serialize;
use store::{Bucket, Listing, Order, Position, Scope, Stored};

/// Where rows come from.
#[derive(Clone, Copy)]
pub(super) struct Source<'a> {
    pub(super) store: &'a Scope,
    pub(super) bucket: &'a Bucket,
}

/// The rows of a table, from the first.
pub(super) trait Pages: Default + Send {
    /// A row, as JSON has it.
    type Row: Serialize + Send + Sync;

    /// The next rows; none after the last.
    fn next(
        &mut self,
        from: Source<'_>,
    ) -> impl Future<Output = Result<Option<Vec<Self::Row>>, JobError>> + Send;
}

/// A row, as CSV has it.
pub(super) trait Record {
    /// What the fields are called.
    const HEADS: &[&str];

    /// The fields: text that is guarded, and what is none.
    fn fields(&self) -> Vec<String>;
}

/// The entities of a kind, some at a time, the oldest first.
#[derive(Default)]
pub(super) struct Entities {
    after: Option<Position>,
    ended: bool,
}

impl Entities {
    /// The next ones, at most so many; none after the last.
    pub(super) async fn next<E: Entity>(
        &mut self,
        store: &Scope,
        limit: usize,
    ) -> Result<Option<Vec<Stored<E>>>, JobError> {
        if self.ended {
            return Ok(None);
        }
        let after = self.after.take();
        let listing = Listing { limit, order: Order::Ascending, after, filters: Vec::new(), group: None };
        let page = store.list::<E>(listing).await?;
        self.ended = page.next.is_none();
        self.after = page.next;
        Ok(Some(page.items))
    }
}
