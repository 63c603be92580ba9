//! The relying party of `WebAuthn`: for whom authenticators make passkeys, and from which web pages they may be used.

use domain::{
    account::User,
    passkey::{Ceremony, Passkey},
};
use platform::{Env, EnvError};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use webauthn_rs::{
    Webauthn, WebauthnBuilder,
    prelude::{
        CredentialID, DiscoverableAuthentication, PasskeyRegistration, PublicKeyCredential,
        RegisterPublicKeyCredential, Url, Uuid, WebauthnError,
    },
};
use webauthn_rs_proto::{AllowCredentials, CollectedClientData, ResidentKeyRequirement};

use crate::signing_secret::GUARDED;

const NAME: &str = "Ballast";
/// The machine at hand, which is no place for passkeys of a stage with real users.
const LOCALHOST: &str = "localhost";

/// Who asks authenticators.
pub(crate) struct RelyingParty(Webauthn);

/// What a client hands to its authenticator, and what has to be kept until it comes back.
pub(crate) struct Offer {
    /// The options of `navigator.credentials`, as its JSON has them.
    pub(crate) options: Value,
    /// The state of the ceremony.
    pub(crate) state: String,
}

/// How an assertion was.
pub(crate) enum Checked {
    /// It is the passkey's, whose credential is this from now on.
    Right(String),
    /// It is signed by the passkey, but its counter has been there before: there are two of it.
    Copied,
    /// It is not the passkey's.
    Wrong(WebauthnError),
}

/// Why there is no relying party.
#[derive(Debug, thiserror::Error)]
pub enum RelyingPartyError {
    /// A variable is missing.
    #[error(transparent)]
    Environment(#[from] EnvError),
    /// An origin is none, or one of another host.
    #[error(
        "PASSKEY_ORIGINS must be origins of PASSKEY_RELYING_PARTY's host or of hosts below it, at least one"
    )]
    Origins,
    /// A stage with real users has no host of its own.
    #[error("PASSKEY_RELYING_PARTY=localhost is for one machine; this stage needs the host of its web pages")]
    Localhost,
}

impl RelyingParty {
    /// As `PASSKEY_RELYING_PARTY` (a host) and `PASSKEY_ORIGINS` (separated by spaces) say. On one machine a page may have
    /// any port.
    pub(crate) fn from_env(env: &Env) -> Result<Self, RelyingPartyError> {
        let host: String = env.required("PASSKEY_RELYING_PARTY")?;
        let stage: Option<String> = env.optional("STAGE")?;
        if host == LOCALHOST && stage.is_some_and(|stage| GUARDED.contains(&stage.as_str())) {
            return Err(RelyingPartyError::Localhost);
        }
        let origins: String = env.required("PASSKEY_ORIGINS")?;
        Self::new(&host, &origins)
    }

    fn new(host: &str, origins: &str) -> Result<Self, RelyingPartyError> {
        let wrong = |_| RelyingPartyError::Origins;
        let origins: Vec<Url> = origins
            .split_whitespace()
            .map(|origin| Url::parse(origin).map_err(|_| RelyingPartyError::Origins))
            .collect::<Result<_, _>>()?;
        // The builder holds its first origin against the host, so each is the first once.
        let mut builder = None;
        for origin in &origins {
            let own = WebauthnBuilder::new(host, origin).map_err(wrong)?;
            builder = Some(builder.map_or(own, |all: WebauthnBuilder| all.append_allowed_origin(origin)));
        }
        let builder = builder.ok_or(RelyingPartyError::Origins)?.rp_name(NAME);
        let builder = builder.timeout(Ceremony::LIFETIME.unsigned_abs());
        builder.allow_any_port(host == LOCALHOST).build().map(Self).map_err(wrong)
    }

    /// Asks for a new passkey of this user, on an authenticator that has none of the `known` ones. It has to be one that is
    /// found without an address (a discoverable credential), and to verify its user.
    pub(crate) fn offer_registration(&self, user: &User, known: &[Passkey]) -> Result<Offer, WebauthnError> {
        let handle = Uuid::from_bytes(user.id.to_bytes());
        let known = known.iter().filter_map(credential_id).collect();
        let (mut asked, state) = self.0.start_passkey_registration(
            handle,
            user.email.as_str(),
            &user.name.to_string(),
            Some(known),
        )?;
        if let Some(selection) = &mut asked.public_key.authenticator_selection {
            selection.resident_key = Some(ResidentKeyRequirement::Required);
            selection.require_resident_key = true;
        }
        offer(&asked.public_key, &state)
    }

    /// The new passkey that an authenticator has made, as text.
    pub(crate) fn finish_registration(
        &self,
        state: &str,
        made: &RegisterPublicKeyCredential,
    ) -> Result<String, WebauthnError> {
        let state: PasskeyRegistration = read(state)?;
        write(&self.0.finish_passkey_registration(made, &state)?)
    }

    /// Asks for a proof by one of these passkeys; by whichever there is, where there are none to choose from.
    pub(crate) fn offer_authentication(&self, among: &[Passkey]) -> Result<Offer, WebauthnError> {
        let (mut asked, state) = self.0.start_discoverable_authentication()?;
        let allowed =
            |id: CredentialID| AllowCredentials { type_: "public-key".to_owned(), id, transports: None };
        asked.public_key.allow_credentials = among.iter().filter_map(credential_id).map(allowed).collect();
        offer(&asked.public_key, &state)
    }

    /// Checks a proof by this passkey: challenge, origin, relying party, that its user is there and was verified, signature,
    /// counter.
    pub(crate) fn check(&self, state: &str, passkey: &Passkey, shown: &PublicKeyCredential) -> Checked {
        let checked = || {
            let state: DiscoverableAuthentication = read(state)?;
            let mut credential: webauthn_rs::prelude::Passkey = read(&passkey.credential)?;
            refuse_frame(shown)?;
            let result = self.0.finish_discoverable_authentication_v2(shown, state, &credential)?;
            credential.update_credential(&result);
            write(&credential)
        };
        match checked() {
            Ok(credential) => Checked::Right(credential),
            Err(WebauthnError::CredentialPossibleCompromise) => Checked::Copied,
            Err(error) => Checked::Wrong(error),
        }
    }
}

/// Refuses what was signed in a frame of another site's page, which the library lets pass where a passkey is used.
fn refuse_frame(shown: &PublicKeyCredential) -> Result<(), WebauthnError> {
    let said: CollectedClientData =
        serde_json::from_slice(&shown.response.client_data_json).map_err(WebauthnError::ParseJSONFailure)?;
    if said.cross_origin == Some(true) { Err(WebauthnError::CredentialCrossOrigin) } else { Ok(()) }
}

fn offer(options: &impl Serialize, state: &impl Serialize) -> Result<Offer, WebauthnError> {
    let options = serde_json::to_value(options).map_err(WebauthnError::ParseJSONFailure)?;
    Ok(Offer { options, state: write(state)? })
}

fn write(value: &impl Serialize) -> Result<String, WebauthnError> {
    serde_json::to_string(value).map_err(WebauthnError::ParseJSONFailure)
}

fn read<T: DeserializeOwned>(text: &str) -> Result<T, WebauthnError> {
    serde_json::from_str(text).map_err(WebauthnError::ParseJSONFailure)
}

fn credential_id(passkey: &Passkey) -> Option<CredentialID> {
    super::credential::decode(&passkey.credential_id)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn from_env(variables: &[(&str, &str)]) -> Result<RelyingParty, RelyingPartyError> {
        let own = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        RelyingParty::from_env(&Env::from(own.collect::<BTreeMap<_, _>>()))
    }

    #[test]
    fn every_origin_is_one_of_the_host() {
        for (host, origins) in [
            ("localhost", "http://localhost:8080"),
            ("example.com", "https://example.com https://app.example.com"),
        ] {
            assert!(RelyingParty::new(host, origins).is_ok(), "{host}: {origins}");
        }
        for (host, origins) in [
            ("example.com", ""),
            ("example.com", "nowhere"),
            ("example.com", "https://evil-example.com"),
            ("example.com", "https://example.com https://example.com.evil.com"),
        ] {
            assert!(matches!(RelyingParty::new(host, origins), Err(RelyingPartyError::Origins)), "{origins}");
        }
    }

    #[test]
    fn a_stage_with_real_users_has_a_host_of_its_own() {
        let of = |stage| {
            from_env(&[
                ("STAGE", stage),
                ("PASSKEY_RELYING_PARTY", "localhost"),
                ("PASSKEY_ORIGINS", "http://localhost:8080"),
            ])
        };
        assert!(of("dev").is_ok());
        for stage in GUARDED {
            assert!(matches!(of(stage), Err(RelyingPartyError::Localhost)), "{stage}");
        }
    }

    #[test]
    fn what_is_asked_for_is_found_without_an_address_and_verifies_its_user() {
        let party = RelyingParty::new("localhost", "http://localhost:8080").unwrap();
        let asked = party.offer_authentication(&[]).unwrap().options;
        assert_eq!(asked["userVerification"], "required");
        assert_eq!((&asked["rpId"], &asked["timeout"]), (&"localhost".into(), &300_000.into()));
        assert_eq!(asked["allowCredentials"], serde_json::json!([]));
    }
}
