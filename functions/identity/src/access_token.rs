//! Access tokens: short-lived, signed, read by every function without asking anybody.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    TenantId,
    account::{Session, User},
};
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::{
    Algorithm, Header,
    errors::{Error, ErrorKind},
};
use web::auth::{Claims, TOKEN_TYPE, TokenConfig};

use crate::{SigningKey, key_ring::KeyRing};

/// How long an access token is good for.
pub(crate) const LIFETIME: SignedDuration = SignedDuration::from_mins(15);

/// Makes access tokens.
pub(crate) struct AccessTokens {
    keys: KeyRing,
    config: TokenConfig,
}

/// A token, and how long it lasts.
pub(crate) struct AccessToken {
    pub(crate) token: String,
    pub(crate) expires_in: i64,
}

impl AccessTokens {
    pub(crate) fn new(keys: KeyRing, config: TokenConfig) -> Self {
        Self { keys, config }
    }

    /// A token for a user's session, which it never outlives. `nonce` makes its id.
    pub(crate) fn issue(
        &self,
        user: &User,
        tenant: TenantId,
        session: &Session,
        nonce: [u8; 32],
        now: Timestamp,
    ) -> Result<AccessToken, Error> {
        // A ring has a key from its opening on.
        let key = self.keys.signing(now).ok_or(ErrorKind::InvalidKeyFormat)?;
        let claims = claims(&self.config, user, tenant, session, nonce, now);
        Ok(AccessToken { token: sign(&key, &claims)?, expires_in: claims.exp - claims.iat })
    }
}

fn claims(
    config: &TokenConfig,
    user: &User,
    tenant: TenantId,
    session: &Session,
    nonce: [u8; 32],
    now: Timestamp,
) -> Claims {
    let iat = now.as_second();
    let end = session.expires_at.min(session.idle_until).as_second();
    Claims {
        iss: config.issuer.clone(),
        aud: config.audience.clone(),
        sub: user.id,
        tid: tenant,
        sid: session.id,
        acr: session.assurance,
        auth_time: session.authenticated_at.as_second(),
        jti: URL_SAFE_NO_PAD.encode(&nonce[..16]),
        iat,
        nbf: iat,
        exp: end.min(iat + LIFETIME.as_secs()),
    }
}

/// The claims, signed.
fn sign(key: &SigningKey, claims: &Claims) -> Result<String, Error> {
    let mut header = Header::new(Algorithm::EdDSA);
    header.typ = Some(TOKEN_TYPE.to_owned());
    header.kid = Some(key.kid().to_owned());
    jsonwebtoken::encode(&header, claims, key.private())
}

#[cfg(test)]
mod tests {
    use domain::{account::Assurance, email::Address, role::Role, text::Name};
    use jiff::ToSpan;
    use jsonwebtoken::{DecodingKey, Validation};
    use platform::{Clock, IdSource};

    use super::*;

    fn issue(session_lasts: SignedDuration) -> (SigningKey, Session, Claims) {
        let now = Timestamp::UNIX_EPOCH + 1.hour();
        let ids = IdSource::new(Clock::manual(now));
        let config = TokenConfig { issuer: "urn:test".to_owned(), audience: "urn:test:api".to_owned() };
        let key = SigningKey::derive(&"s".repeat(64), 1).unwrap();
        let address = Address::parse("user@example.com").unwrap();
        let user = User::new(ids.id(), address, Name::parse("User").unwrap(), vec![Role::Admin]);
        let session = Session {
            id: ids.id(),
            user_id: user.id,
            epoch: 0,
            authenticated_at: now,
            assurance: Assurance::Aal1,
            refresh_token_hash: String::new(),
            previous_token_hash: None,
            rotated_at: now,
            idle_until: now + session_lasts,
            expires_at: now + session_lasts,
            ended_at: None,
            user_agent: None,
        };
        let claims = claims(&config, &user, ids.id(), &session, ids.secret(), now);
        (key, session, claims)
    }

    #[test]
    fn a_token_says_who_and_is_verified_by_the_public_half() {
        let (key, session, claims) = issue(SignedDuration::from_hours(1));
        let token = sign(&key, &claims).unwrap();
        let header = jsonwebtoken::decode_header(&token).unwrap();
        assert_eq!((header.typ.as_deref(), header.kid.as_deref()), (Some("at+jwt"), Some(key.kid())));
        let public = DecodingKey::from_ed_components(key.x()).unwrap();
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_audience(&["urn:test:api"]);
        validation.validate_exp = false;
        let claims = jsonwebtoken::decode::<Claims>(&token, &public, &validation).unwrap().claims;
        assert_eq!((claims.sub, claims.sid, claims.acr), (session.user_id, session.id, Assurance::Aal1));
        assert_eq!(claims.exp - claims.iat, 900);
    }

    #[test]
    fn a_token_ends_with_its_session() {
        let claims = issue(SignedDuration::from_secs(30)).2;
        assert_eq!(claims.exp - claims.iat, 30);
    }
}
