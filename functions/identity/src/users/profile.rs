//! What a user tells of itself.

use domain::{
    Invalid, Validation,
    account::{Profile, User},
    audit::Action,
    permission::{AccountRead, AccountWrite},
    text::Name,
};
use serde::{Deserialize, Serialize};
use store::Stored;
use utoipa::ToSchema;
use web::{
    ApiError, Data, Json,
    auth::Tenant,
    etag::{IfMatch, Versioned},
};

/// A person's own account of itself.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Profile)]
pub(crate) struct ProfileView {
    /// What the person is called.
    name: Name,
    /// What the person does.
    job_title: Option<Name>,
    /// A telephone number.
    phone: Option<String>,
    /// The language to be addressed in (BCP 47).
    locale: Option<String>,
    /// Where the person's day begins (IANA).
    time_zone: Option<String>,
}

impl From<Stored<User>> for ProfileView {
    fn from(stored: Stored<User>) -> Self {
        let User { name, profile, .. } = stored.entity;
        let Profile { job_title, phone, locale, time_zone } = profile;
        Self { name, job_title, phone, locale, time_zone }
    }
}

/// A profile to take the other's place.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProfileInput {
    /// What the person is called.
    #[schema(min_length = 1, max_length = 200, example = "Ada Lovelace")]
    name: String,
    /// What the person does.
    #[schema(min_length = 1, max_length = 200, example = "Portfolio manager")]
    job_title: Option<String>,
    /// A telephone number in international form (E.164).
    #[schema(pattern = r"^\+[0-9]{6,15}$", example = "+442071234567")]
    phone: Option<String>,
    /// The language to be addressed in (BCP 47).
    #[schema(pattern = "^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$", example = "en-GB")]
    locale: Option<String>,
    /// Where the person's day begins (IANA).
    #[schema(example = "Europe/London")]
    time_zone: Option<String>,
}

impl ProfileInput {
    fn parse(self) -> Result<(Name, Profile), Invalid> {
        let mut validation = Validation::new();
        let name = validation.check("/name", Name::parse(&self.name));
        let job_title = self.job_title.and_then(|text| validation.check("/job_title", Name::parse(&text)));
        let is = |text: &Option<String>, holds: fn(&str) -> bool| text.as_deref().is_none_or(holds);
        validation.require(is(&self.phone, is_phone), "/phone", "must be a number such as +442071234567");
        validation.require(is(&self.locale, is_locale), "/locale", "must be a language tag such as en-GB");
        validation.require(
            is(&self.time_zone, is_time_zone),
            "/time_zone",
            "must be a time zone such as Europe/London",
        );
        let profile =
            Profile { job_title, phone: self.phone, locale: self.locale, time_zone: self.time_zone };
        validation.finish(name.map(|name| (name, profile)))
    }
}

fn is_phone(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or_default();
    (6..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_locale(text: &str) -> bool {
    let mut tags = text.split('-');
    let first = tags.next().unwrap_or_default();
    text.len() <= 35
        && (2..=3).contains(&first.len())
        && first.bytes().all(|byte| byte.is_ascii_alphabetic())
        && tags
            .all(|tag| (2..=8).contains(&tag.len()) && tag.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

/// The form only: the list of zones changes more often than we do.
fn is_time_zone(text: &str) -> bool {
    let fits = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_+-".contains(&byte))
    };
    text.len() <= 64 && text.split('/').count() <= 3 && text.split('/').all(fits)
}

/// Show the profile
///
/// What the user tells of itself.
#[utoipa::path(
    get,
    path = "/api/v1/users/profile",
    operation_id = "show_profile",
    tag = super::TAG,
    security(("bearer" = ["account:read"])),
    responses((
        status = 200,
        description = "The profile.",
        body = Data<ProfileView>,
        headers(("ETag" = String, description = "The user's version, for `If-Match`."))
    ))
)]
pub(crate) async fn profile(tenant: Tenant<AccountRead>) -> Versioned<ProfileView> {
    Versioned::view(tenant.principal.user().clone())
}

/// Replace the profile
///
/// Sets all that the user tells of itself; what is missing is forgotten. Address, roles and team are not part of it.
#[utoipa::path(
    put,
    path = "/api/v1/users/profile",
    operation_id = "replace_profile",
    tag = super::TAG,
    security(("bearer" = ["account:write"])),
    params(("If-Match" = Option<String>, Header, description = "The `ETag` of the version to replace.")),
    request_body = ProfileInput,
    responses(
        (
            status = 200,
            description = "The new profile.",
            body = Data<ProfileView>,
            headers(("ETag" = String, description = "The user's new version."))
        ),
        (status = 412, description = "It was changed since; nothing was done.")
    )
)]
pub(crate) async fn replace_profile(
    tenant: Tenant<AccountWrite>,
    seen: IfMatch,
    Json(body): Json<ProfileInput>,
) -> Result<Versioned<ProfileView>, ApiError> {
    let (name, profile) = body.parse()?;
    let before = tenant.principal.user();
    seen.check(before.version)?;
    let changed = before.clone().map(|user| User { name, profile, ..user });
    let written = tenant.audited(Action::UserChanged)?.replace(&before.entity, changed).await?;
    Ok(Versioned::view(written))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_wrong_field_is_named() {
        let text = |text: &str| Some(text.to_owned());
        let input = ProfileInput {
            name: String::new(),
            job_title: text("a\nb"),
            phone: text("020 7123"),
            locale: text("en_GB"),
            time_zone: text("../etc/passwd"),
        };
        let Err(Invalid(errors)) = input.parse() else { panic!("must be refused") };
        let pointers: Vec<_> = errors.iter().map(|error| error.pointer.as_str()).collect();
        assert_eq!(pointers, ["/name", "/job_title", "/phone", "/locale", "/time_zone"]);
        assert!(
            is_phone("+442071234567") && is_locale("zh-Hant-TW") && is_time_zone("America/Argentina/Salta")
        );
    }
}
