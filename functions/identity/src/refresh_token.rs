//! Refresh tokens: `<session id>.<secret>`, of which only a hash is kept.

use std::str::FromStr;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{SessionId, account::Session, digest::sha256_hex};
use subtle::ConstantTimeEq;

use crate::error::AuthError;

/// A refresh token, ours or presented as such. It can't be printed by accident: there is no `Debug`.
pub(crate) struct RefreshToken {
    session: SessionId,
    text: String,
}

impl RefreshToken {
    /// A new token that continues a session; `secret` is what nobody else can know.
    pub(crate) fn new(session: SessionId, secret: [u8; 32]) -> Self {
        Self { session, text: format!("{session}.{}", URL_SAFE_NO_PAD.encode(secret)) }
    }

    /// The session that it says it continues.
    pub(crate) fn session(&self) -> SessionId {
        self.session
    }

    /// What is kept of it.
    pub(crate) fn hash(&self) -> String {
        sha256_hex(&self.text)
    }

    /// Whether it is the one that may be used next.
    pub(crate) fn continues(&self, session: &Session) -> bool {
        self.hash().as_bytes().ct_eq(session.refresh_token_hash.as_bytes()).into()
    }

    /// The text that the client keeps.
    pub(crate) fn into_text(self) -> String {
        self.text
    }
}

impl FromStr for RefreshToken {
    type Err = AuthError;

    fn from_str(text: &str) -> Result<Self, AuthError> {
        let (session, _) = text.split_once('.').ok_or(AuthError::InvalidRefreshToken)?;
        let session = session.parse().map_err(|_| AuthError::InvalidRefreshToken)?;
        Ok(Self { session, text: text.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use jiff::{Timestamp, ToSpan};
    use platform::IdSource;

    use super::*;

    #[test]
    fn only_the_very_token_continues_its_session() {
        let ids = IdSource::default();
        let id: SessionId = ids.id();
        let token = RefreshToken::new(id, ids.secret());
        let session = Session {
            id,
            tenant_id: ids.id(),
            user_id: ids.id(),
            refresh_token_hash: token.hash(),
            expires_at: Timestamp::UNIX_EPOCH + 1.hour(),
            ended_at: None,
        };
        assert!(token.continues(&session));
        assert!(!RefreshToken::new(id, ids.secret()).continues(&session));
        let text = token.into_text();
        let presented: RefreshToken = text.parse().ok().unwrap();
        assert_eq!(presented.session(), id);
        assert!(presented.continues(&session));
        assert!(!format!("{text}=").parse::<RefreshToken>().ok().unwrap().continues(&session));
    }

    #[test]
    fn what_names_no_session_is_no_token() {
        for wrong in ["", ".", "abc", "ses_1.abc", "usr_01KAJ5M3S0Q5T3Y9WBQ0V6F2ZN.abc"] {
            assert!(wrong.parse::<RefreshToken>().is_err(), "{wrong}");
        }
    }
}
