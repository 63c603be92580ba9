//! What the routes work with.

use axum::extract::FromRef;
use platform::{Context, EnvError};
use store::Checkpoints;
use web::App;

/// The function's state.
#[derive(Clone)]
pub struct Audit {
    pub(crate) app: App,
    pub(crate) checkpoints: Checkpoints,
}

impl Audit {
    /// The state as the context says: the variables of [`App`], and `AUDIT_BUCKET`.
    ///
    /// # Errors
    /// Names the variable that is missing.
    pub fn new(context: &Context) -> Result<Self, EnvError> {
        Ok(Self { app: App::new(context)?, checkpoints: Checkpoints::from_env(context)? })
    }

    /// Connects to the store while Lambda still gives the start-up its full speed.
    pub async fn warm(&self) {
        self.app.warm().await;
    }
}

impl FromRef<Audit> for App {
    fn from_ref(audit: &Audit) -> Self {
        audit.app.clone()
    }
}
