//! Refresh tokens: `<tenant>.<user>.<session>.<secret>.<tag>`, of which only a hash is kept.
//!
//! The ids are no secret: they stand in access tokens and in the audit log. The tag, a keyed hash of all before it, tells
//! an old token of ours, whose return means theft, from one that somebody made up, which means nothing.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{SessionId, TenantId, UserId, digest::sha256_hex};

use crate::{error::AuthError, secrets::Secrets};

/// What the tags are good for.
const PURPOSE: &str = "refresh token";
const LONGEST: usize = 320;

/// A session id with the ids that lead to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SessionName {
    pub(crate) tenant: TenantId,
    pub(crate) user: UserId,
    pub(crate) session: SessionId,
}

/// A refresh token of ours, though perhaps an old one. It can't be printed by accident: there is no `Debug`.
pub(crate) struct RefreshToken {
    name: SessionName,
    text: String,
}

impl RefreshToken {
    /// A new token that continues a session; `secret` is what nobody else can know.
    pub(crate) fn new(name: SessionName, secret: [u8; 32], secrets: &Secrets) -> Self {
        let ids = [name.tenant.to_string(), name.user.to_string(), name.session.to_string()];
        let ulids = ids.map(|id| id[4..].to_owned());
        let text = format!("{}.{}", ulids.join("."), URL_SAFE_NO_PAD.encode(secret));
        let tag = secrets.tag(PURPOSE, &text);
        Self { name, text: format!("{text}.{tag}") }
    }

    /// The token with this text, if it was ever one of ours.
    ///
    /// # Errors
    /// `InvalidRefreshToken` for everything else, before anything is read or written for it.
    pub(crate) fn open(text: &str, secrets: &Secrets) -> Result<Self, AuthError> {
        let tagged = text.rsplit_once('.').filter(|_| text.len() <= LONGEST);
        let ours = tagged.filter(|(body, tag)| secrets.is_tag(tag, PURPOSE, body));
        let name = ours.and_then(|(body, _)| SessionName::parse(body));
        let name = name.ok_or(AuthError::InvalidRefreshToken)?;
        Ok(Self { name, text: text.to_owned() })
    }

    /// The tenant that it belongs to.
    pub(crate) fn tenant(&self) -> TenantId {
        self.name.tenant
    }

    /// The user that it belongs to.
    pub(crate) fn user(&self) -> UserId {
        self.name.user
    }

    /// The session that it continues, or has continued.
    pub(crate) fn session(&self) -> SessionId {
        self.name.session
    }

    /// The same session's next token.
    pub(crate) fn next(&self, secret: [u8; 32], secrets: &Secrets) -> Self {
        Self::new(self.name, secret, secrets)
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

impl SessionName {
    /// The ids before the secret.
    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('.');
        let mut part = |prefix: &str| parts.next().map(|ulid| format!("{prefix}_{ulid}"));
        Some(Self {
            tenant: part("ten")?.parse().ok()?,
            user: part("usr")?.parse().ok()?,
            session: part("ses")?.parse().ok()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use platform::IdSource;

    use super::*;

    fn secrets(character: &str) -> Secrets {
        character.repeat(32).parse().ok().unwrap()
    }

    #[test]
    fn a_token_names_its_session_and_is_known_by_its_hash() {
        let (ids, secrets) = (IdSource::default(), secrets("x"));
        let name = SessionName { tenant: ids.id(), user: ids.id(), session: ids.id() };
        let token = RefreshToken::new(name, ids.secret(), &secrets);
        let (hash, text) = (token.hash(), token.into_text());
        let presented = RefreshToken::open(&text, &secrets).ok().unwrap();
        assert_eq!(presented.name, name);
        assert_eq!(presented.hash(), hash);
        assert_ne!(presented.next(ids.secret(), &secrets).hash(), hash);
    }

    #[test]
    fn what_we_never_made_is_no_token() {
        let (ids, ours) = (IdSource::default(), secrets("x"));
        let name = SessionName { tenant: ids.id(), user: ids.id(), session: ids.id() };
        let text = RefreshToken::new(name, ids.secret(), &ours).into_text();
        let foreign = RefreshToken::new(name, ids.secret(), &secrets("y")).into_text();
        let other = RefreshToken::new(name, ids.secret(), &ours).into_text();
        let (body, tag) = text.rsplit_once('.').unwrap();
        let (other_body, _) = other.rsplit_once('.').unwrap();
        let moved = format!("{other_body}.{tag}");
        let long = format!("{body}{}.{tag}", "x".repeat(300));
        for wrong in ["", ".", "....", "abc", "a.b.c.d.e", body, &foreign, &moved, &long, &format!("{text}=")]
        {
            assert!(RefreshToken::open(wrong, &ours).is_err(), "{wrong}");
        }
    }
}
