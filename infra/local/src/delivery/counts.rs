use std::sync::atomic::{AtomicU64, Ordering};

/// What became of the messages of a function so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Deliveries {
    /// Calls of the worker.
    pub calls: u64,
    /// Messages handed to it, copies included.
    pub messages: u64,
    /// Messages delivered a second time on purpose.
    pub copies: u64,
    /// Calls that ended in an error, a panic or a timeout.
    pub failed: u64,
    /// Calls that were killed on purpose.
    pub killed: u64,
    /// Messages deleted after they were worked off.
    pub deleted: u64,
}

#[derive(Debug, Default)]
pub(crate) struct Counts {
    pub(super) calls: AtomicU64,
    pub(super) messages: AtomicU64,
    pub(super) copies: AtomicU64,
    pub(super) failed: AtomicU64,
    pub(super) killed: AtomicU64,
    pub(super) deleted: AtomicU64,
}

impl Counts {
    pub(super) fn add(counter: &AtomicU64, count: usize) {
        counter.fetch_add(count as u64, Ordering::Relaxed);
    }

    pub(crate) fn read(&self) -> Deliveries {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Deliveries {
            calls: read(&self.calls),
            messages: read(&self.messages),
            copies: read(&self.copies),
            failed: read(&self.failed),
            killed: read(&self.killed),
            deleted: read(&self.deleted),
        }
    }
}
