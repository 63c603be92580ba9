//! What a check is given, and what it finds.

use serde::Serialize;

use crate::{Entity, audit::AuditRecord};

/// What lies in one place of the chain.
#[derive(Debug, Clone)]
pub struct Slot {
    /// The place, as the store knows it.
    pub key: String,
    /// The record; `None` where what lies there is none.
    pub record: Option<AuditRecord>,
}

/// How the chain differs from what was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// A record is not what was written.
    Edited,
    /// Records between two others are missing.
    Removed,
    /// A record of ours follows another than the one before it, or the head names another branch.
    Forked,
    /// The chain ends before its head.
    Truncated,
    /// A record was made with a key that we don't have, so that nothing can be said of it.
    UnknownKey,
    /// A record of another place or another tenant.
    Misplaced,
    /// The head is missing or none of ours, so that a cut-off end could not be seen.
    HeadLost,
    /// The anchor is missing or none of ours, so that a cut-off beginning could not be seen.
    AnchorLost,
    /// The chain, or its anchor, is not the one of the last checkpoint outside of the table, nor what came after: it was
    /// set back, or written anew.
    RolledBack,
    /// The last checkpoint is none of ours.
    CheckpointLost,
}

/// One fault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Fault {
    /// What is wrong.
    pub kind: FaultKind,
    /// The first record that it concerns.
    pub from: u64,
    /// The last one.
    pub to: u64,
}

/// What a check has found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Report {
    /// Whether nothing is wrong with what was looked at.
    pub intact: bool,
    /// How many records were looked at.
    pub records: u64,
    /// The first that is kept.
    pub first: u64,
    /// The last that was looked at.
    pub last: u64,
    /// The last one's tag: keep it elsewhere, and a chain that was written anew can be told from this one.
    pub mac: String,
    /// The last record that a checkpoint outside of the table vouches for; none before the first checkpoint.
    pub checkpoint: Option<u64>,
    /// What is wrong; the first hundred.
    pub faults: Vec<Fault>,
    /// How many faults there are.
    pub fault_count: u64,
}

impl Slot {
    /// The place of a record as it was written.
    pub fn of(record: AuditRecord) -> Self {
        Self { key: record.key(), record: Some(record) }
    }
}
