//! The keys that sign access tokens, one generation after the other.
//!
//! A new key is announced before it signs, so that every function knows it by its first token; the old one is taken until
//! its last token has run out. Nobody notices a rotation. It happens by itself every 30 days, at whichever request or daily
//! schedule finds it due, and whenever the platform asks for it.
//!
//! No key follows from a secret that was read when the function began: that one may have leaked, and been replaced since.

use std::sync::{Arc, PoisonError, RwLock};

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use domain::{
    TenantId,
    account::PublicKey,
    audit::{Action, Actor, AuditEvent, AuditKeys},
};
use jiff::{SignedDuration, Timestamp};
use platform::Clock;
use store::{Listing, Order, Scope, Store, StoreError, Stored, VerifiedTenant, Write};

use crate::{Identity, SigningKey, StartError, access_token, signing_secret::SigningSecret};

/// How long a key signs.
const ROTATE_AFTER: SignedDuration = SignedDuration::from_hours(24 * 30);
/// How long a key is known before it signs: every function reads the keys anew each minute.
const NOTICE: SignedDuration = SignedDuration::from_mins(5);
/// How long a key is taken after it has signed for the last time: as long as a token lives, as clocks may differ, and as
/// an instance may have missed the change.
const OVERLAP: SignedDuration = SignedDuration::from_mins(20);
/// How often the ring is compared with what is published.
const REFRESH: SignedDuration = SignedDuration::from_mins(1);

/// When a new key takes over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Takeover {
    /// After its notice, with the old one taken until its tokens are over.
    Announced,
    /// Now, and the old ones are refused from now on, with all their tokens.
    AtOnce,
}

/// The keys of this stage.
#[derive(Clone)]
pub(crate) struct KeyRing {
    published: Scope,
    /// Where it is recorded that a key took over by itself.
    records: Scope,
    audit_keys: AuditKeys,
    secret: SigningSecret,
    clock: Clock,
    present: Arc<RwLock<Present>>,
}

#[derive(Default)]
struct Present {
    /// Ours, with the time from which on each signs; the newest first.
    keys: Vec<(Timestamp, Arc<SigningKey>)>,
    /// What they follow from, as it was last read.
    secret: Arc<str>,
    refreshed_at: Option<Timestamp>,
}

/// Ballast itself, which needs no proof.
struct Platform;

impl VerifiedTenant for Platform {
    fn tenant_id(&self) -> TenantId {
        TenantId::PLATFORM
    }
}

impl KeyRing {
    /// The ring of the stage whose keys follow from `secret`; the first key of that secret is published before this
    /// returns.
    pub(crate) async fn open(
        store: &Store,
        audit_keys: AuditKeys,
        secret: SigningSecret,
        clock: Clock,
    ) -> Result<Self, StartError> {
        let (published, records) = (store.public_keys(), store.tenant(&Platform));
        let ring = Self { published, records, audit_keys, secret, clock, present: Arc::default() };
        let (published, secret) = (ring.published().await?, ring.secret.read().await?);
        if !follows(&published, &secret)? {
            ring.announce(&published, &secret).await?;
        }
        ring.keep(Present { secret, ..Present::default() });
        ring.refresh().await?;
        Ok(ring)
    }

    /// The key that signs at `now`.
    pub(crate) fn signing(&self, now: Timestamp) -> Option<Arc<SigningKey>> {
        let present = self.present.read().unwrap_or_else(PoisonError::into_inner);
        let due = present.keys.iter().find(|(signs_from, _)| *signs_from <= now);
        due.or(present.keys.last()).map(|(_, key)| Arc::clone(key))
    }

    /// All keys that are taken at present, the newest first.
    pub(crate) async fn published(&self) -> Result<Vec<Stored<PublicKey>>, StoreError> {
        let all =
            Listing { limit: 100, order: Order::Ascending, after: None, filters: Vec::new(), group: None };
        let mut keys = self.published.list::<PublicKey>(all).await?.items;
        keys.sort_by_key(|stored| std::cmp::Reverse(stored.entity.generation));
        Ok(keys)
    }

    /// Learns of keys that other instances have announced, and announces the next one when it is time.
    ///
    /// # Errors
    /// `ReplacedSecret` where the newest key is of a secret that is not to be had: then nothing is signed any more.
    pub(crate) async fn refresh(&self) -> Result<(), StartError> {
        let now = self.clock.now();
        let mut published = self.published().await?;
        let mut secret = Arc::clone(&self.present.read().unwrap_or_else(PoisonError::into_inner).secret);
        let newest = published.first().map(|stored| stored.entity.signs_from);
        let due = newest.is_none_or(|signs_from| now.duration_since(signs_from) >= ROTATE_AFTER);
        let known = published.is_empty() || follows(&published, &secret)?;
        if due || !known {
            secret = self.secret.read().await?;
        }
        // Who did not know the newest key's secret may have an outdated one even now, and publishes nothing of it.
        if due && (known || follows(&published, &secret)?) {
            self.announce(&published, &secret).await?;
            published = self.published().await?;
        }
        let replaced = !follows(&published, &secret)?;
        let keys = if replaced { Vec::new() } else { ours(&published, &secret)? };
        self.keep(Present { keys, secret, refreshed_at: Some(now) });
        if replaced { Err(StartError::ReplacedSecret) } else { Ok(()) }
    }

    fn keep(&self, present: Present) {
        *self.present.write().unwrap_or_else(PoisonError::into_inner) = present;
    }

    /// Publishes the next key, unless another instance is first.
    async fn announce(&self, published: &[Stored<PublicKey>], secret: &str) -> Result<(), StartError> {
        let now = self.clock.now();
        // The very first key, and the first of a new secret, have nobody to wait for.
        let signs_from = if follows(published, secret)? { now + NOTICE } else { now };
        let event = AuditEvent::new(Action::SigningKeyRotated, Actor::System);
        let audited = self.records.audited(&self.audit_keys, event);
        match audited.transact(self.succession(published, secret, signs_from, OVERLAP)?).await {
            Ok(())
            | Err(StoreError::AlreadyExists | StoreError::VersionMismatch(_) | StoreError::Contended) => {
                Ok(())
            }
            Err(error) => Err(error.into()),
        }
    }

    /// The writes by which a new key takes over; [`KeyRing::refresh`] takes notice of them.
    pub(crate) async fn rotation(&self, takeover: Takeover) -> Result<Vec<Write>, StartError> {
        let now = self.clock.now();
        let (published, secret) = (self.published().await?, self.secret.read().await?);
        match takeover {
            Takeover::Announced => self.succession(&published, &secret, now + NOTICE, OVERLAP),
            Takeover::AtOnce => self.succession(&published, &secret, now, SignedDuration::ZERO),
        }
    }

    /// A new key that signs from a time on, and the end of all before it a while later.
    fn succession(
        &self,
        published: &[Stored<PublicKey>],
        secret: &str,
        signs_from: Timestamp,
        overlap: SignedDuration,
    ) -> Result<Vec<Write>, StartError> {
        let newest = published.first().map_or(0, |stored| stored.entity.generation);
        let next = SigningKey::derive(secret, newest + 1)?;
        let end = signs_from + overlap;
        let mut writes = vec![self.published.write_new(&next.public(signs_from))?];
        for old in published.iter().filter(|old| old.entity.retires_at.is_none_or(|at| at > end)) {
            let retired = old.clone().map(|key| PublicKey { retires_at: Some(end), ..key });
            writes.push(self.published.write_changed(&retired)?);
        }
        Ok(writes)
    }

    fn is_stale(&self) -> bool {
        let present = self.present.read().unwrap_or_else(PoisonError::into_inner);
        present.refreshed_at.is_none_or(|at| self.clock.now().duration_since(at) >= REFRESH)
    }
}

/// Whether the newest of the published keys follows from this secret.
fn follows(published: &[Stored<PublicKey>], secret: &str) -> Result<bool, StartError> {
    let newest = published.first().map(|stored| &stored.entity);
    newest.map_or(Ok(false), |newest| Ok(SigningKey::derive(secret, newest.generation)?.kid() == newest.kid))
}

/// Those of the published keys that follow from this secret; others are of a secret that was replaced.
fn ours(
    published: &[Stored<PublicKey>],
    secret: &str,
) -> Result<Vec<(Timestamp, Arc<SigningKey>)>, StartError> {
    let mut keys = Vec::new();
    for PublicKey { kid, generation, signs_from, .. } in published.iter().map(|stored| &stored.entity) {
        let key = SigningKey::derive(secret, *generation)?;
        if key.kid() == kid {
            keys.push((*signs_from, Arc::new(key)));
        }
    }
    Ok(keys)
}

/// Keeps the ring up to date, ahead of the handlers that sign. Should the store fail, the present key goes on.
pub(crate) async fn keep(State(identity): State<Identity>, request: Request, next: Next) -> Response {
    if identity.keys.is_stale()
        && let Err(error) = identity.keys.refresh().await
    {
        tracing::warn!(%error, "the signing keys could not be compared with the published ones");
    }
    next.run(request).await
}

const _: () = assert!(
    OVERLAP.as_secs()
        >= access_token::LIFETIME.as_secs() + web::auth::CLOCK_SKEW.as_secs() + REFRESH.as_secs(),
    "a key must be taken as long as its last token lives"
);
