//! Who did what, when, on which thing: an append-only chain of events a tenant.
//!
//! Each record holds the exact bytes that its HMAC-SHA256 was made of, and these name the HMAC of the record before. A head
//! outside the chain tells where it ends, an anchor where it begins after old records were let go, and a checkpoint outside
//! of the table how far it had come. So an edit, a gap, a fork, a cut-off end, a chain that was set back and a lost key are
//! found, and told apart by [`Checker`].

mod action;
mod anchor;
mod check;
mod checkpoint;
mod event;
mod keys;
mod record;

pub use action::Action;
pub use anchor::AuditAnchor;
pub use check::{Checker, Fault, FaultKind, Report, Slot};
pub use checkpoint::Checkpoint;
pub use event::{Actor, AuditEvent, Target};
pub use keys::{AuditKeys, InvalidAuditKeys};
pub use record::{AuditHead, AuditRecord, Entry, Link};
