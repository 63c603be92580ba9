//! An app that shows codes: offered, then confirmed by a first code.

use axum::extract::State;
use domain::{
    Invalid,
    account::{Assurance::Aal2, User},
    audit::Action,
    factors::{Factors, Totp},
    permission::AccountWrite,
};
use qrcode::{QrCode, render::svg};
use serde::{Deserialize, Serialize};
use store::StoreError;
use utoipa::ToSchema;
use web::{ApiError, Data, Json, ShownOnce, auth::Tenant};

use super::recovery::RecoveryCodes;
use crate::{
    Identity,
    auth::{FRESH, keep_session, parse_code},
    error::AuthError,
    letters::Letter,
    person::Person,
};

/// Bytes of a secret: as many as the hash has, as RFC 4226 recommends.
const SECRET: usize = 20;
const ISSUER: &str = "Ballast";

/// What the app has to learn. It is shown once.
#[derive(Serialize, ToSchema)]
pub(crate) struct TotpOffer {
    /// The secret in base 32, to be typed in.
    secret: String,
    /// The same as a link that apps open.
    #[schema(example = "otpauth://totp/Ballast:user%40example.com?secret=…&issuer=Ballast")]
    otpauth_uri: String,
    /// The same as a QR code to scan, an SVG image.
    qr_svg: String,
}

/// A first code.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConfirmInput {
    /// The six digits that the app shows.
    #[schema(max_length = 100, example = "123456")]
    code: String,
}

/// Offer a second factor
///
/// Makes a secret for an app that shows codes (RFC 6238). It counts once a first code confirms it. Needs a login within the
/// last ten minutes.
#[utoipa::path(
    post,
    path = "/api/v1/auth/factors/totp",
    operation_id = "enrol_totp",
    tag = super::TAG,
    security(("bearer" = ["account:write"])),
    responses(
        (status = 200, description = "The secret, for the app.", body = Data<TotpOffer>),
        (status = 409, description = "There is a confirmed app already; remove it first.")
    )
)]
pub(crate) async fn enrol_totp(
    State(identity): State<Identity>,
    tenant: Tenant<AccountWrite>,
) -> Result<ShownOnce<Data<TotpOffer>>, ApiError> {
    tenant.require_fresh_login(FRESH)?;
    Ok(ShownOnce(Data::new(identity.enrol_totp(&tenant).await?)))
}

/// Confirm a second factor
///
/// Takes a first code of the app. From now on a login needs one, and all other sessions are over. The answer holds recovery
/// codes, which are shown once.
#[utoipa::path(
    post,
    path = "/api/v1/auth/factors/totp/confirm",
    operation_id = "confirm_totp",
    tag = super::TAG,
    security(("bearer" = ["account:write"])),
    request_body = ConfirmInput,
    responses(
        (status = 200, description = "The app is confirmed.", body = Data<RecoveryCodes>),
        (status = 401, description = "The code is wrong or too old, or there were too many attempts."),
        (status = 409, description = "No app was offered, or it was confirmed before.")
    )
)]
pub(crate) async fn confirm_totp(
    State(identity): State<Identity>,
    tenant: Tenant<AccountWrite>,
    Json(body): Json<ConfirmInput>,
) -> Result<ShownOnce<Data<RecoveryCodes>>, ApiError> {
    tenant.require_fresh_login(FRESH)?;
    let code = parse_code(&body.code)?;
    Ok(ShownOnce(Data::new(identity.confirm_totp(&tenant, &code).await?)))
}

impl Identity {
    async fn enrol_totp(&self, tenant: &Tenant<AccountWrite>) -> Result<TotpOffer, AuthError> {
        let user = &tenant.principal.user().entity;
        let (factors, stored) = self.counting_factors(&tenant.principal, user).await?;
        if factors.confirmed_totp().is_some() {
            return Err(AuthError::Conflict("There is a confirmed app already; remove it first."));
        }
        let secret = &self.app.ids.secret()[..SECRET];
        let sealed_secret = self.secrets.seal(&user.id.to_string(), secret, self.app.ids.secret())?;
        let totp = Totp { sealed_secret, confirmed_at: None, last_step: None };
        let offered = Factors { totp: Some(totp), ..factors };
        let mut writes = self.forget_dropped(user, stored.as_ref())?;
        writes.push(self.write_factors(&tenant.principal, stored, &offered)?);
        let audited = tenant.audited(Action::FactorOffered)?;
        audited.with(|event| event.on::<Factors>(user.id)).transact(writes).await?;
        offer(user, secret)
    }

    async fn confirm_totp(
        &self,
        tenant: &Tenant<AccountWrite>,
        code: &str,
    ) -> Result<RecoveryCodes, AuthError> {
        let person = Person::of(&tenant.principal);
        let before = person.user.entity.clone();
        let (factors, stored) = self.factors(&tenant.principal, before.id).await?;
        let waiting = factors.totp.clone().filter(|totp| totp.confirmed_at.is_none());
        let waiting = waiting.ok_or(AuthError::Conflict("No app waits to be confirmed."))?;
        let admitted = self.gate.code(before.id).await?;
        let step = self.totp_step(before.id, &waiting.sealed_secret, code)?.filter(|_| admitted);
        let step = step.ok_or(AuthError::WrongCode)?;
        self.gate.code_passed(before.id).await?;
        let now = self.app.clock.now();
        let totp = Totp { confirmed_at: Some(now), last_step: Some(step), ..waiting };
        let (codes, hashes) = RecoveryCodes::generate(&self.app.ids);
        let confirmed = Factors { totp: Some(totp), recovery_codes: hashes, ..factors };
        let changed = person.user.map(|user| User { second_factor: true, ..user }.end_sessions());
        let mail = self.mail(
            Some(&before),
            Letter::factor_changed("An app that shows codes was added to your account at Ballast."),
        );
        let own = tenant.store();
        let mut writes = vec![
            self.write_factors(&tenant.principal, stored, &confirmed)?,
            own.write_changed(&changed)?,
            self.write_mail(&person.member, &mail)?,
        ];
        writes.extend(keep_session(tenant, &changed.entity, |session| session.authenticate(Aal2, now))?);
        let audited = tenant.audited(Action::FactorEnrolled)?;
        match audited.changed(Some(&before), Some(&changed.entity)).transact(writes).await {
            Ok(()) => {}
            Err(StoreError::VersionMismatch(_)) => return Err(AuthError::WrongCode),
            Err(error) => return Err(error.into()),
        }
        self.announce(&person.member, &mail).await;
        Ok(codes)
    }
}

fn offer(user: &User, secret: &[u8]) -> Result<TotpOffer, AuthError> {
    let secret = base32(secret);
    let account = percent_encoded(user.email.as_str());
    let otpauth_uri = format!(
        "otpauth://totp/{ISSUER}:{account}?secret={secret}&issuer={ISSUER}&algorithm=SHA1&digits=6&period=30"
    );
    // An address has at most 254 bytes, three times as many when encoded: a QR code holds that.
    let code = QrCode::new(&otpauth_uri).map_err(|error| Invalid::field("/email", error))?;
    let qr_svg = code.render::<svg::Color>().min_dimensions(240, 240).build();
    Ok(TotpOffer { secret, otpauth_uri, qr_svg })
}

/// RFC 4648, without padding.
fn base32(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let bit = |index: usize| bytes.get(index / 8).is_some_and(|byte| byte >> (7 - index % 8) & 1 == 1);
    let digit = |start: usize| (0..5).fold(0, |digit, offset| digit << 1 | usize::from(bit(start + offset)));
    (0..bytes.len() * 8).step_by(5).map(|start| char::from(ALPHABET[digit(start)])).collect()
}

fn percent_encoded(text: &str) -> String {
    let encoded = text.bytes().map(|byte| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    });
    encoded.collect()
}

#[cfg(test)]
mod tests {
    use domain::{email::Address, text::Name};
    use platform::IdSource;

    use super::*;

    #[test]
    fn an_offer_is_what_apps_read() {
        assert_eq!(base32(b"foobar"), "MZXW6YTBOI");
        let address = Address::parse("ada+x@example.com").unwrap();
        let user = User::new(IdSource::default().id(), address, Name::parse("Ada").unwrap(), Vec::new());
        let offer = offer(&user, b"12345678901234567890").unwrap();
        assert_eq!(offer.secret, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert!(offer.otpauth_uri.starts_with("otpauth://totp/Ballast:ada%2Bx%40example.com?secret=GEZ"));
        assert!(offer.qr_svg.contains("<svg"));
    }
}
