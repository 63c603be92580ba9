//! The gate before a secret is looked at: it counts failures, and lets nobody try too often.
//!
//! An attempt is counted before its secret is compared, so that a thousand at once are a thousand. Each counts for the
//! account together with the address, and for the account alone. The account's count keeps out only addresses from which
//! its owner has not logged in of late: nobody can lock an owner out from elsewhere. Unknown accounts are counted as known
//! ones are, and a locked one is answered like a wrong password after the same work.

use domain::{
    attempts::{Attempts, Patience},
    digest::sha256_hex,
};
use platform::{Clock, Env, EnvError};
use store::{Scope, StoreError, Stored};
use web::App;

/// How many failed logins of one address are free in a quarter of an hour, unless `LOGIN_FAILURES_PER_ADDRESS` says so.
const FAILURES_PER_ADDRESS: u32 = 100;
/// How often a count is written anew while others move it. Who loses as often as this is one of a crowd, and gets no try.
const RACES: u32 = 12;

/// Counts attempts.
#[derive(Clone)]
pub(crate) struct Gate {
    counts: Scope,
    clock: Clock,
    failures_per_address: u32,
}

/// An attempt that was counted.
pub(crate) struct Attempt {
    /// Whether it may succeed.
    pub(crate) admitted: bool,
    /// Whether it was the one that locked the account.
    pub(crate) locks: bool,
    /// How often it failed before, in a row.
    pub(crate) failures: u32,
    pair: String,
    account: String,
    address: String,
}

/// One key's count.
struct Count {
    before: Attempts,
    after: Attempts,
}

impl Gate {
    pub(crate) fn new(app: &App, env: &Env) -> Result<Self, EnvError> {
        let failures_per_address =
            env.optional("LOGIN_FAILURES_PER_ADDRESS")?.unwrap_or(FAILURES_PER_ADDRESS);
        Ok(Self {
            counts: app.store().accounts().transient(),
            clock: app.clock.clone(),
            failures_per_address,
        })
    }

    /// Counts an attempt to log in to `account`, whether there is one or not, from `address`.
    pub(crate) async fn login(&self, account: &str, address: &str) -> Result<Attempt, StoreError> {
        let key = |parts: &[&str]| sha256_hex(parts.join(" "));
        let (pair, whole, from) =
            (key(&["pair", account, address]), key(&["account", account]), key(&["address", address]));
        let (pair_count, account_count, address_count) = tokio::try_join!(
            // On the heap, as the three together are large.
            Box::pin(self.count(&pair, Patience::PAIR)),
            Box::pin(self.count(&whole, Patience::ACCOUNT)),
            Box::pin(self.find(&from)),
        )?;
        let now = self.clock.now();
        let crowded = pair_count.is_none() || account_count.is_none();
        let locked = |count: &Option<Count>| count.as_ref().is_some_and(|count| count.before.is_locked(now));
        let trusted = pair_count.as_ref().is_some_and(|count| count.before.is_trusted(now));
        let busy = address_count.is_some_and(|stored| stored.entity.is_locked(now));
        let held = locked(&pair_count) || busy || (locked(&account_count) && !trusted);
        let locks = account_count
            .as_ref()
            .is_some_and(|count| !count.before.is_locked(now) && count.after.is_locked(now));
        let failures = account_count.map_or(0, |count| count.before.failures);
        Ok(Attempt { admitted: !crowded && !held, locks, failures, pair, account: whole, address: from })
    }

    /// Forgets the failures of who got in.
    pub(crate) async fn passed(&self, attempt: &Attempt) -> Result<(), StoreError> {
        let now = self.clock.now();
        let succeed = |attempts: Attempts| attempts.succeed(now);
        let forget = |attempts: Attempts| Attempts { expires_at: now, ..Attempts::none(attempts.key, now) };
        tokio::try_join!(self.change(&attempt.pair, succeed), self.change(&attempt.account, forget))?;
        Ok(())
    }

    /// Counts a failure for the address, whatever account it tried.
    pub(crate) async fn failed(&self, attempt: &Attempt) -> Result<(), StoreError> {
        self.count(&attempt.address, Patience::address(self.failures_per_address)).await?;
        Ok(())
    }

    /// Counts an answer to a challenge for `whom`; whether it may be right.
    pub(crate) async fn code(&self, whom: &str) -> Result<bool, StoreError> {
        let count = self.count(&code_key(whom), Patience::CODE).await?;
        Ok(count.is_some_and(|count| !count.before.is_locked(self.clock.now())))
    }

    /// Forgets the wrong answers of who gave a right one.
    pub(crate) async fn code_passed(&self, whom: &str) -> Result<(), StoreError> {
        let now = self.clock.now();
        self.change(&code_key(whom), |attempts| Attempts::none(attempts.key, now)).await
    }

    /// Counts a mail to `account`, whether there is one or not; whether one more may be sent.
    pub(crate) async fn mail(&self, account: &str) -> Result<bool, StoreError> {
        let count = self.count(&sha256_hex(format!("mail {account}")), Patience::MAIL).await?;
        Ok(count.is_some_and(|count| !count.before.is_locked(self.clock.now())))
    }

    /// Lets everybody try again: the owner has proven to read the mailbox.
    pub(crate) async fn unlock(&self, account: &str) -> Result<(), StoreError> {
        let now = self.clock.now();
        let key = sha256_hex(["account", account].join(" "));
        self.change(&key, |attempts| Attempts::none(attempts.key, now)).await
    }

    async fn find(&self, key: &str) -> Result<Option<Stored<Attempts>>, StoreError> {
        self.counts.find::<Attempts>(key).await
    }

    /// Counts a failure in advance; `None` where too many others count at the same time.
    async fn count(&self, key: &str, patience: Patience) -> Result<Option<Count>, StoreError> {
        let now = self.clock.now();
        self.try_change(key, |attempts| attempts.fail(patience, now)).await
    }

    async fn change(&self, key: &str, change: impl Fn(Attempts) -> Attempts) -> Result<(), StoreError> {
        // A count that is not forgotten only costs its owner a little patience.
        self.try_change(key, change).await.map(|_| ())
    }

    async fn try_change(
        &self,
        key: &str,
        change: impl Fn(Attempts) -> Attempts,
    ) -> Result<Option<Count>, StoreError> {
        for _ in 0..RACES {
            let found = self.find(key).await?;
            let none = || Attempts::none(key.to_owned(), self.clock.now());
            let before = found.as_ref().map_or_else(none, |stored| stored.entity.clone());
            let after = change(before.clone());
            let written = match found {
                Some(stored) => self.counts.replace(stored.map(|_| after.clone())).await.map(|_| ()),
                None => self.counts.create(after.clone()).await.map(|_| ()),
            };
            match written {
                Ok(()) => return Ok(Some(Count { before, after })),
                Err(
                    StoreError::AlreadyExists
                    | StoreError::VersionMismatch(_)
                    | StoreError::NotFound
                    | StoreError::Contended,
                ) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }
}

fn code_key(whom: &str) -> String {
    sha256_hex(format!("code {whom}"))
}
