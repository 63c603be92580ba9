//! What the stack itself needs; a function's own state holds one.

use domain::{
    audit::{Action, Actor, AuditEvent, AuditKeys},
    limit::Limits,
};
use platform::{Clock, Context, EnvError, IdSource};
use store::{Store, StoreConfig};

use crate::{
    ApiError, Origin,
    auth::{Known, TokenConfig, Verifier},
    cors::Origins,
    page::CursorKey,
};

/// The parts that the extractors and layers work with.
#[derive(Clone)]
pub struct App {
    pub(crate) store: Store,
    pub(crate) verifier: Verifier,
    pub(crate) cursor_key: CursorKey,
    pub(crate) limits: Limits,
    pub(crate) origins: Origins,
    pub(crate) known: Known,
    audit_keys: Option<AuditKeys>,
    /// The stage: API keys of another one are refused.
    pub stage: String,
    /// Tells the time.
    pub clock: Clock,
    /// Makes new ids.
    pub ids: IdSource,
}

impl App {
    /// An app as the context says: the variables of [`StoreConfig`] and [`TokenConfig`], `CURSOR_SECRET` and `AUDIT_KEYS`;
    /// `STAGE`, `RATE_LIMITS` and `ALLOWED_ORIGINS` where they are set.
    ///
    /// # Errors
    /// Names the variable that is missing.
    pub fn new(context: &Context) -> Result<Self, EnvError> {
        Ok(Self { audit_keys: Some(context.env.required("AUDIT_KEYS")?), ..Self::without_audit(context)? })
    }

    /// The same for a function that changes nothing, and so has no `AUDIT_KEYS`.
    ///
    /// # Errors
    /// Names the variable that is missing.
    pub fn without_audit(context: &Context) -> Result<Self, EnvError> {
        let Context { env, aws, clock, ids } = context;
        let store = Store::new(aws, StoreConfig::from_env(env)?, clock.clone());
        Ok(Self {
            verifier: Verifier::new(store.public_keys(), TokenConfig::from_env(env)?, clock.clone()),
            cursor_key: CursorKey::new(env.required::<String>("CURSOR_SECRET")?.as_bytes()),
            limits: env.optional("RATE_LIMITS")?.unwrap_or_default(),
            origins: Origins::from_env(env)?,
            known: Known::default(),
            audit_keys: None,
            stage: env.optional("STAGE")?.unwrap_or_else(|| "local".to_owned()),
            store,
            clock: clock.clone(),
            ids: ids.clone(),
        })
    }

    /// Connects to the store and reads the public keys while Lambda still gives the start-up its full speed. A failure is
    /// none yet: it shows, and is told, at first use.
    pub async fn warm(&self) {
        let _ = self.verifier.reload().await;
    }

    /// The store, for the function that owns what lies before tenants.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// What events are recorded with.
    ///
    /// # Errors
    /// 500 in a function that was built without.
    pub fn audit_keys(&self) -> Result<&AuditKeys, ApiError> {
        self.audit_keys.as_ref().ok_or_else(|| ApiError::internal(NoAuditKeys))
    }

    /// The event of an action by somebody.
    ///
    /// # Errors
    /// 500 in a function that was built without the keys.
    pub fn event(&self, origin: &Origin, action: Action, actor: Actor) -> Result<AuditEvent, ApiError> {
        let address = origin.address.map(|address| address.to_string());
        let event = AuditEvent::new(action, actor);
        Ok(event.from(self.audit_keys()?, address.as_deref(), &origin.request_id))
    }
}

#[derive(Debug, thiserror::Error)]
#[error("this function has no AUDIT_KEYS, and so may change nothing")]
struct NoAuditKeys;
