//! Who did what, when, on which thing: an append-only chain of events a tenant.
//!
//! Each record holds the exact bytes that its HMAC-SHA256 was made of, and these name the HMAC of the record before. A head
//! outside the chain tells where it ends, an anchor where it begins after old records were let go. So an edit, a gap, a
//! fork, a cut-off end and a lost key are found, and told apart by [`Checker`].

mod action;
mod check;
mod event;
mod keys;
mod record;

pub use action::Action;
pub use check::{Checker, Fault, FaultKind, Report, Slot};
pub use event::{Actor, AuditEvent, Target};
pub use keys::{AuditKeys, InvalidAuditKeys};
pub use record::{AuditAnchor, AuditHead, AuditRecord, Entry, Link};
