//! Long work, from the request that asks for it to its result.
//!
//! A client's request becomes a [`Task`](domain::task::Task) and one message ([`submit`]). A [`Worker`] plans it: it is
//! computed at once, or cut into shards with a message each. Each shard keeps its partial result under a key that its number
//! fixes, and marks itself done; the one that completes the set reduces. All steps may happen twice and in any order, and
//! whatever dies is delivered again: see `docs/ARCHITECTURE.md`, "A job's way".

mod batch;
mod dead_letter;
mod error;
pub mod failure;
mod gather;
mod lease;
mod made;
mod message;
mod outcome;
mod queue;
mod revive;
mod shards;
mod submit;
mod work;
mod worker;

pub use batch::{Verdict, each_record, work_off};
pub use dead_letter::bury;
pub use error::JobError;
pub use gather::{Gather, Gathering};
pub use message::{Message, Part, Received};
pub use outcome::outcome;
pub use queue::{Queue, Queues};
pub use revive::{Revived, revive_due};
pub use shards::shards_done;
pub use submit::{Asked, submit};
pub use work::{Shard, Work};
pub use worker::{Worker, WorkerConfig};
