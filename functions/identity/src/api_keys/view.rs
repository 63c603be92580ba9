//! API keys as clients see them.

use domain::{
    ApiKeyId, UserId,
    api_key::{ApiKey, ApiKeyText},
    text::Name,
};
use jiff::Timestamp;
use serde::Serialize;
use store::Stored;
use utoipa::ToSchema;

/// A key, without its secret.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ApiKey)]
pub(crate) struct ApiKeyView {
    /// Its id.
    pub(crate) id: ApiKeyId,
    /// Whom it acts for.
    user_id: UserId,
    /// What it is called.
    name: Name,
    /// What it may do, as far as its user may.
    permissions: Vec<String>,
    /// The end of its text.
    #[schema(example = "7Q2M")]
    hint: String,
    /// When it was made.
    created_at: Timestamp,
    /// When it ends.
    expires_at: Timestamp,
    /// When it was last used, to the hour.
    last_used_at: Option<Timestamp>,
    /// Until when the secret before the last rotation is taken.
    previous_until: Option<Timestamp>,
}

impl From<Stored<ApiKey>> for ApiKeyView {
    fn from(stored: Stored<ApiKey>) -> Self {
        let created_at = stored.created_at;
        let key = stored.entity;
        Self {
            id: key.id,
            user_id: key.user_id,
            name: key.name,
            permissions: key.permissions,
            hint: key.hint,
            created_at,
            expires_at: key.expires_at,
            last_used_at: key.last_used_at,
            previous_until: key.previous.map(|previous| previous.until),
        }
    }
}

/// A key with its secret, which is shown this once.
#[derive(Serialize, ToSchema)]
pub(crate) struct NewApiKey {
    #[serde(flatten)]
    pub(crate) view: ApiKeyView,
    /// Send it as `X-Api-Key: <key>`, or like an access token. Nobody can show it again.
    #[schema(example = "blst_prod_01M7ZK…_9V3K…")]
    key: String,
}

impl NewApiKey {
    pub(crate) fn new(stored: Stored<ApiKey>, text: &ApiKeyText) -> Self {
        Self { view: stored.into(), key: text.expose() }
    }
}
