//! Trying again after a lost race.

use std::time::Duration;

use platform::IdSource;

/// How often something is tried while others change the same items.
const ATTEMPTS: u32 = 8;
const FIRST_PAUSE_MILLISECONDS: u64 = 20;

/// The attempts at a write that others may be first at.
#[derive(Debug)]
pub struct Attempts<'a> {
    ids: &'a IdSource,
    made: u32,
}

impl<'a> Attempts<'a> {
    /// No attempt yet.
    pub fn new(ids: &'a IdSource) -> Self {
        Self { ids, made: 0 }
    }

    /// Whether there is one more: at once for the first time, then after pauses by chance that grow, so that two who have met
    /// don't meet again.
    pub async fn next(&mut self) -> bool {
        if self.made > 0 {
            let pause = self.ids.seed() % (FIRST_PAUSE_MILLISECONDS << self.made);
            tokio::time::sleep(Duration::from_millis(pause)).await;
        }
        self.made += 1;
        self.made <= ATTEMPTS
    }
}
