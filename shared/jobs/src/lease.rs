//! Leases: one worker at a time computes a part, for as long as its function may run.
//!
//! They only save work. Parts may be computed twice, even at once: their results are the same, and are kept once.

use domain::{Entity, TaskId, digest::sha256_hex};
use jiff::SignedDuration;
use platform::{Clock, IdSource};
use serde::{Deserialize, Serialize};
use store::{Claim, Scope};

use crate::{JobError, Part};

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Lease {
    part: String,
    owner: String,
}

impl Entity for Lease {
    const KIND: &'static str = "LEASE";
    type Key = str;

    fn key(&self) -> String {
        self.part.clone()
    }
}

impl Lease {
    /// Takes the lease of a part.
    ///
    /// # Errors
    /// `Leased` while somebody else holds it.
    pub(crate) async fn take(
        store: &Scope,
        (task, part): (TaskId, Part),
        time: SignedDuration,
        (clock, ids): (&Clock, &IdSource),
    ) -> Result<Self, JobError> {
        let part = match part {
            Part::Plan => format!("{task}#plan"),
            Part::Shard(shard) => format!("{task}#{shard}"),
            Part::Reduce => format!("{task}#reduce"),
        };
        let lease = Self { part, owner: sha256_hex(ids.secret()) };
        match store.claim(&lease, clock.now() + time).await? {
            Claim::Held => Ok(lease),
            Claim::Taken(..) => Err(JobError::Leased),
        }
    }

    /// Gives the lease back.
    pub(crate) async fn release(self, store: &Scope) {
        // A lease that can't be given back lapses by itself.
        if let Err(error) = store.release_claim::<Self>(&self.part, &self.owner).await {
            tracing::warn!(%error, part = self.part, "a lease was not given back");
        }
    }
}
