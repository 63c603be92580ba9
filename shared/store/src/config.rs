//! Where the state is kept.

use platform::{Env, EnvError};

/// Names of the tables.
#[derive(Debug, Clone)]
pub struct StoreConfig {
    /// The table for all that must last.
    pub state_table: String,
    /// The table for leases, idempotency records and other things that pass.
    pub transient_table: String,
}

impl StoreConfig {
    /// Reads `STATE_TABLE` and `TRANSIENT_TABLE`.
    ///
    /// # Errors
    /// Names the variable that is missing.
    pub fn from_env(env: &Env) -> Result<Self, EnvError> {
        Ok(Self {
            state_table: env.required("STATE_TABLE")?,
            transient_table: env.required("TRANSIENT_TABLE")?,
        })
    }
}
