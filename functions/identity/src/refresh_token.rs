//! Refresh tokens: `<tenant>.<user>.<session>.<secret>`, of which only a hash is kept.

use std::str::FromStr;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{SessionId, TenantId, UserId, digest::sha256_hex};

use crate::error::AuthError;

/// A session id with the ids that lead to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SessionName {
    pub(crate) tenant: TenantId,
    pub(crate) user: UserId,
    pub(crate) session: SessionId,
}

/// A refresh token, ours or presented as such. It can't be printed by accident: there is no `Debug`.
pub(crate) struct RefreshToken {
    name: SessionName,
    text: String,
}

impl RefreshToken {
    /// A new token that continues a session; `secret` is what nobody else can know.
    pub(crate) fn new(name: SessionName, secret: [u8; 32]) -> Self {
        let ids = [name.tenant.to_string(), name.user.to_string(), name.session.to_string()];
        let ulids = ids.map(|id| id[4..].to_owned());
        Self { name, text: format!("{}.{}", ulids.join("."), URL_SAFE_NO_PAD.encode(secret)) }
    }

    /// The tenant that it says it belongs to.
    pub(crate) fn tenant(&self) -> TenantId {
        self.name.tenant
    }

    /// The user that it says it belongs to.
    pub(crate) fn user(&self) -> UserId {
        self.name.user
    }

    /// The session that it says it continues.
    pub(crate) fn session(&self) -> SessionId {
        self.name.session
    }

    /// The same session's next token.
    pub(crate) fn next(&self, secret: [u8; 32]) -> Self {
        Self::new(self.name, secret)
    }

    /// What is kept of it.
    pub(crate) fn hash(&self) -> String {
        sha256_hex(&self.text)
    }

    /// The text that the client keeps.
    pub(crate) fn into_text(self) -> String {
        self.text
    }
}

impl FromStr for RefreshToken {
    type Err = AuthError;

    fn from_str(text: &str) -> Result<Self, AuthError> {
        const LONGEST: usize = 256;
        let invalid = || AuthError::InvalidRefreshToken;
        let mut parts = text.splitn(4, '.');
        let mut part = || parts.next().filter(|_| text.len() <= LONGEST).ok_or_else(invalid);
        let name = SessionName {
            tenant: format!("ten_{}", part()?).parse().map_err(|_| invalid())?,
            user: format!("usr_{}", part()?).parse().map_err(|_| invalid())?,
            session: format!("ses_{}", part()?).parse().map_err(|_| invalid())?,
        };
        part()?;
        Ok(Self { name, text: text.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use platform::IdSource;

    use super::*;

    #[test]
    fn a_token_names_its_session_and_is_known_by_its_hash() {
        let ids = IdSource::default();
        let name = SessionName { tenant: ids.id(), user: ids.id(), session: ids.id() };
        let token = RefreshToken::new(name, ids.secret());
        let (hash, text) = (token.hash(), token.into_text());
        let presented: RefreshToken = text.parse().ok().unwrap();
        assert_eq!(presented.name, name);
        assert_eq!(presented.hash(), hash);
        assert_ne!(presented.next(ids.secret()).hash(), hash);
        assert_ne!(format!("{text}=").parse::<RefreshToken>().ok().unwrap().hash(), hash);
    }

    #[test]
    fn what_names_no_session_is_no_token() {
        let long = format!("{0}.{0}.{0}.{1}", "01KAJ5M3S0Q5T3Y9WBQ0V6F2ZN", "x".repeat(300));
        for wrong in ["", ".", "...", "abc", "a.b.c.d", "01KAJ5M3S0Q5T3Y9WBQ0V6F2ZN.abc", &long] {
            assert!(wrong.parse::<RefreshToken>().is_err(), "{wrong}");
        }
    }
}
