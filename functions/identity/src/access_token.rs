//! Access tokens: short-lived, signed, read by every function without asking anybody.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::account::{Session, User};
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::{Algorithm, Header, errors::Error};
use web::auth::{Claims, TOKEN_TYPE, TokenConfig};

use crate::SigningKey;

/// How long an access token is good for.
const LIFETIME: SignedDuration = SignedDuration::from_mins(15);

/// Makes access tokens.
pub(crate) struct AccessTokens {
    signing_key: SigningKey,
    config: TokenConfig,
    header: Header,
}

/// A token, and how long it lasts.
pub(crate) struct AccessToken {
    pub(crate) token: String,
    pub(crate) expires_in: i64,
}

impl AccessTokens {
    pub(crate) fn new(signing_key: SigningKey, config: TokenConfig) -> Self {
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some(TOKEN_TYPE.to_owned());
        header.kid = Some(signing_key.public().kid.clone());
        Self { signing_key, config, header }
    }

    /// A token for a user's session, which it never outlives. `nonce` makes its id.
    pub(crate) fn issue(
        &self,
        user: &User,
        session: &Session,
        nonce: [u8; 32],
        now: Timestamp,
    ) -> Result<AccessToken, Error> {
        let iat = now.as_second();
        let exp = session.expires_at.as_second().min(iat + LIFETIME.as_secs());
        let claims = Claims {
            iss: self.config.issuer.clone(),
            aud: self.config.audience.clone(),
            sub: user.id,
            tid: session.tenant_id,
            sid: session.id,
            roles: user.roles.clone(),
            jti: URL_SAFE_NO_PAD.encode(&nonce[..16]),
            iat,
            exp,
        };
        let token = jsonwebtoken::encode(&self.header, &claims, self.signing_key.private())?;
        Ok(AccessToken { token, expires_in: exp - iat })
    }
}

#[cfg(test)]
mod tests {
    use domain::{email::Email, role::Role, text::Name};
    use jiff::ToSpan;
    use jsonwebtoken::{DecodingKey, Validation};
    use platform::{Clock, IdSource};

    use super::*;

    fn issue(session_lasts: SignedDuration) -> (AccessTokens, Session, AccessToken) {
        let now = Timestamp::UNIX_EPOCH + 1.hour();
        let ids = IdSource::new(Clock::manual(now));
        let config = TokenConfig { issuer: "urn:test".to_owned(), audience: "urn:test:api".to_owned() };
        let tokens = AccessTokens::new(SigningKey::derive(&"s".repeat(64)).unwrap(), config);
        let user = User {
            id: ids.id(),
            email: Email::parse("user@example.com").unwrap(),
            name: Name::parse("User").unwrap(),
            roles: vec![Role::Admin],
            password_hash: String::new(),
        };
        let session = Session {
            id: ids.id(),
            tenant_id: ids.id(),
            user_id: user.id,
            refresh_token_hash: String::new(),
            expires_at: now + session_lasts,
            ended_at: None,
        };
        let token = tokens.issue(&user, &session, ids.secret(), now).unwrap();
        (tokens, session, token)
    }

    #[test]
    fn a_token_says_who_and_is_verified_by_the_public_half() {
        let (tokens, session, AccessToken { token, expires_in }) = issue(SignedDuration::from_hours(1));
        let header = jsonwebtoken::decode_header(&token).unwrap();
        let public = tokens.signing_key.public();
        assert_eq!((header.typ.as_deref(), header.kid.as_ref()), (Some("at+jwt"), Some(&public.kid)));
        let key = DecodingKey::from_ed_components(&public.x).unwrap();
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_audience(&["urn:test:api"]);
        validation.validate_exp = false;
        let claims = jsonwebtoken::decode::<Claims>(&token, &key, &validation).unwrap().claims;
        assert_eq!((claims.tid, claims.sub, claims.sid), (session.tenant_id, session.user_id, session.id));
        assert_eq!((expires_in, claims.exp - claims.iat), (900, 900));
    }

    #[test]
    fn a_token_ends_with_its_session() {
        assert_eq!(issue(SignedDuration::from_secs(30)).2.expires_in, 30);
    }
}
