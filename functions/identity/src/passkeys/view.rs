//! Passkeys as clients see them.

use domain::{PasskeyId, passkey::Passkey, text::Name};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// A passkey, of which only the user's device knows the secret.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Passkey)]
pub(crate) struct PasskeyView {
    /// Its id.
    pub(crate) id: PasskeyId,
    /// What the user calls it.
    name: Name,
    /// The id that its authenticator gave it, base64url without padding.
    #[schema(example = "cGFzc2tleS1vZi1hZGEtbGFwdG9w")]
    credential_id: String,
    /// When it was added.
    added_at: Timestamp,
    /// When it last let the user in.
    last_used_at: Option<Timestamp>,
}

impl From<Passkey> for PasskeyView {
    fn from(passkey: Passkey) -> Self {
        let Passkey { id, name, credential_id, added_at, last_used_at, .. } = passkey;
        Self { id, name, credential_id, added_at, last_used_at }
    }
}

/// A new passkey, and recovery codes where it is the first second factor.
#[derive(Serialize, ToSchema)]
pub(crate) struct NewPasskey {
    #[serde(flatten)]
    pub(crate) view: PasskeyView,
    /// Codes that are each good for one login without a second factor, shown this once; `null` where there are some already.
    #[schema(example = json!(["K7QM-2XVA-9PLC-4RTD-H8WE-ZN3B"]))]
    pub(crate) recovery_codes: Option<Vec<String>>,
}
