//! Files that were made before: the same input gives the same bytes, so they are made once.

use domain::{Entity, task::PayloadRef};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use store::{Scope, StoreError};

/// With the time that a task is kept, less than the time that its file is.
const RETENTION: SignedDuration = SignedDuration::from_hours(24 * 7);

#[derive(Debug, Serialize, Deserialize)]
struct Made {
    /// The version that made it, and the hash of its input.
    from: String,
    file: PayloadRef,
    expires_at: Timestamp,
}

impl Entity for Made {
    const KIND: &'static str = "FILE";
    type Key = str;

    fn key(&self) -> String {
        self.from.clone()
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.expires_at)
    }
}

/// The file that was made of an input by this version.
pub(crate) async fn find(store: &Scope, input: &PayloadRef) -> Result<Option<PayloadRef>, StoreError> {
    let made = store.find::<Made>(&key(input)).await?;
    Ok(made.map(|made| made.entity.file))
}

/// Remembers the file that was made of an input.
pub(crate) async fn keep(
    store: &Scope,
    input: &PayloadRef,
    file: &PayloadRef,
    now: Timestamp,
) -> Result<(), StoreError> {
    store.put(&Made { from: key(input), file: file.clone(), expires_at: now + RETENTION }).await
}

fn key(input: &PayloadRef) -> String {
    format!("{}#{}", env!("CARGO_PKG_VERSION"), input.sha256)
}
