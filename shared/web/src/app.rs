//! What the stack itself needs; a function's own state holds one.

use platform::{Clock, Context, EnvError, IdSource};
use store::{Store, StoreConfig};

use crate::{
    auth::{TokenConfig, Verifier},
    page::CursorKey,
};

/// The parts that the extractors and layers work with.
#[derive(Clone)]
pub struct App {
    pub(crate) store: Store,
    pub(crate) verifier: Verifier,
    pub(crate) cursor_key: CursorKey,
    /// Tells the time.
    pub clock: Clock,
    /// Makes new ids.
    pub ids: IdSource,
}

impl App {
    /// An app as the context says: the variables of [`StoreConfig`] and [`TokenConfig`], and `CURSOR_SECRET`.
    ///
    /// # Errors
    /// Names the variable that is missing.
    pub fn new(context: &Context) -> Result<Self, EnvError> {
        let Context { env, aws, clock, ids } = context;
        let store = Store::new(aws, StoreConfig::from_env(env)?, clock.clone());
        Ok(Self {
            verifier: Verifier::new(store.public_keys(), TokenConfig::from_env(env)?, clock.clone()),
            cursor_key: CursorKey::new(env.required::<String>("CURSOR_SECRET")?.as_bytes()),
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
}
