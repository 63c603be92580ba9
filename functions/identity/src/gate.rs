//! The gate before a secret is looked at: it counts failures, and lets nobody try too often.
//!
//! An attempt is counted before its secret is compared, so that a thousand at once are a thousand. Each counts for the
//! account together with the address, and for the account alone. The counts of the account and of the address keep out
//! only addresses from which its owner has not logged in of late: nobody can lock an owner out from elsewhere. Who comes
//! from the owner's own address, behind the same router, can hold up the owner there, for a quarter of an hour at a time;
//! a new password by mail lifts that. Unknown accounts are counted as known ones are, and a locked one is answered like a
//! wrong password after the same work.
//!
//! Mails that strangers ask for are counted the same way, and besides by address, whatever accounts they are for. Codes of an
//! app are counted by their user, as only who has given the first factor gets to answer; codes by mail have their five tries,
//! and count for the address that guesses.

use domain::{
    UserId,
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

/// A mail that was counted.
#[derive(Clone, Copy)]
pub(crate) struct Mailing {
    /// Whether it may be sent.
    pub(crate) admitted: bool,
    /// Whether an address of the owner's asks for it.
    pub(crate) trusted: bool,
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
        let (pair, whole, from) =
            (key(&["pair", account, address]), key(&["account", account]), key(&["address", address]));
        let (pair_count, account_count, address_count) = tokio::try_join!(
            // On the heap, as the three together are large.
            Box::pin(self.count(&pair, Patience::PAIR)),
            Box::pin(self.count(&whole, Patience::ACCOUNT)),
            Box::pin(self.find(&from)),
        )?;
        let now = self.clock.now();
        let trusted = pair_count.as_ref().is_some_and(|count| count.before.is_trusted(now));
        let busy = address_count.is_some_and(|stored| stored.entity.is_locked(now));
        let admitted =
            self.admits(pair_count.as_ref()) && (trusted || (!busy && self.admits(account_count.as_ref())));
        let locks = account_count
            .as_ref()
            .is_some_and(|count| !count.before.is_locked(now) && count.after.is_locked(now));
        let failures = account_count.map_or(0, |count| count.before.failures);
        Ok(Attempt { admitted, locks, failures, pair, account: whole, address: from })
    }

    /// Whether what was counted lets one more try; a crowd does not.
    fn admits(&self, count: Option<&Count>) -> bool {
        count.is_some_and(|count| !count.before.is_locked(self.clock.now()))
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

    /// Whether too many guesses came from this address.
    pub(crate) async fn is_busy(&self, address: &str) -> Result<bool, StoreError> {
        let found = self.find(&key(&["address", address])).await?;
        Ok(found.is_some_and(|stored| stored.entity.is_locked(self.clock.now())))
    }

    /// Counts a wrong code for the address, whatever account it was for.
    pub(crate) async fn code_failed(&self, address: &str) -> Result<(), StoreError> {
        self.count(&key(&["address", address]), Patience::address(self.failures_per_address)).await?;
        Ok(())
    }

    /// Counts a code of an app, of a user who has given the first factor; whether it may be right.
    pub(crate) async fn code(&self, user: UserId) -> Result<bool, StoreError> {
        let count = self.count(&code_key(user), Patience::CODE).await?;
        Ok(self.admits(count.as_ref()))
    }

    /// Forgets the wrong codes of who gave a right one.
    pub(crate) async fn code_passed(&self, user: UserId) -> Result<(), StoreError> {
        let now = self.clock.now();
        self.change(&code_key(user), |attempts| Attempts::none(attempts.key, now)).await
    }

    /// Counts a mail to `account`, whether there is one or not, that somebody at `address` asks for. Strangers share what
    /// an account gets; an address of the owner's has its own measure.
    pub(crate) async fn mail(&self, account: &str, address: &str) -> Result<Mailing, StoreError> {
        let login = key(&["pair", account, address]);
        let trusted =
            self.find(&login).await?.is_some_and(|stored| stored.entity.is_trusted(self.clock.now()));
        let own = self.count(&key(&["mail", account, address]), Patience::MAIL).await?;
        let mut admitted = self.admits(own.as_ref());
        // What one has too much of takes nothing from the others.
        if admitted && !trusted {
            let from = self.count(&key(&["mails", address]), Patience::MAILS_OF_ADDRESS).await?;
            admitted = self.admits(from.as_ref());
        }
        if admitted && !trusted {
            let shared = self.count(&key(&["mail", account]), Patience::MAILS).await?;
            admitted = self.admits(shared.as_ref());
        }
        Ok(Mailing { admitted, trusted })
    }

    /// Counts a mail to `account` that somebody who is logged in asks for; whether it may be sent.
    pub(crate) async fn mail_of(&self, sender: &str, account: &str) -> Result<bool, StoreError> {
        let count = self.count(&key(&["mail", account, sender]), Patience::MAIL).await?;
        Ok(self.admits(count.as_ref()))
    }

    /// Counts a mail to an address of its choice that a user asks for who has proven none yet; whether it may be sent.
    pub(crate) async fn mail_of_unproven(&self, user: UserId) -> Result<bool, StoreError> {
        let count = self.count(&key(&["unproven", &user.to_string()]), Patience::UNPROVEN).await?;
        Ok(self.admits(count.as_ref()))
    }

    /// Lets everybody try again, and who is at `address` at once: the owner has proven to read the mailbox. Gives whether
    /// that lifted a lock.
    pub(crate) async fn unlock(&self, account: &str, address: &str) -> Result<bool, StoreError> {
        let now = self.clock.now();
        let (pair, whole) = (key(&["pair", account, address]), key(&["account", account]));
        let forget = |attempts: Attempts| Attempts::none(attempts.key, now);
        let ((), count) = tokio::try_join!(self.change(&pair, forget), self.try_change(&whole, forget))?;
        Ok(count.is_some_and(|count| count.before.is_locked(now)))
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

fn key(parts: &[&str]) -> String {
    sha256_hex(parts.join(" "))
}

fn code_key(user: UserId) -> String {
    key(&["code", &user.to_string()])
}
