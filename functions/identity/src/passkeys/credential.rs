//! What authenticators answer, as browsers write it down (`PublicKeyCredential.toJSON()`).
//!
//! Browsers add members with time, so those that are not known are not looked at. What is known is bounded before anything
//! is parsed.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{Invalid, Validation};
use serde::Deserialize;
use utoipa::ToSchema;
use webauthn_rs::prelude::{PublicKeyCredential, RegisterPublicKeyCredential};
use webauthn_rs_proto::{AuthenticatorAssertionResponseRaw, AuthenticatorAttestationResponseRaw};

/// The longest of each, in bytes. An attestation is not asked for, so its object holds little more than the key.
const ID: usize = 1023;
const CLIENT_DATA: usize = 4096;
const ATTESTATION: usize = 4096;
const AUTHENTICATOR_DATA: usize = 2048;
const SIGNATURE: usize = 1024;
const USER_HANDLE: usize = 64;

/// What `navigator.credentials.create` has made, as its `toJSON()` tells it.
#[derive(Deserialize, ToSchema)]
pub(crate) struct NewCredential {
    /// The id that the authenticator gave it, base64url without padding.
    #[schema(max_length = 1364, example = "cGFzc2tleS1vZi1hZGEtbGFwdG9w")]
    id: String,
    /// What the authenticator says of it.
    response: AttestationResponse,
}

/// What an authenticator says of a new key pair.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct AttestationResponse {
    /// The public key and what goes with it, CBOR in base64url.
    #[schema(
        max_length = 5462,
        example = "o2NmbXRkbm9uZWdhdHRTdG10oGhhdXRoRGF0YVikSZYN5YgOjGh0NBcPZHZgW4_krrmihjLHmVzzuoMdl2NFAAAAAQ"
    )]
    attestation_object: String,
    /// What the browser says of the exchange, JSON in base64url.
    #[serde(rename = "clientDataJSON")]
    #[schema(max_length = 5462, example = "eyJ0eXBlIjoid2ViYXV0aG4uY3JlYXRlIiwiY2hhbGxlbmdlIjoicFRxMm1CIn0")]
    client_data_json: String,
}

/// What `navigator.credentials.get` has answered, as its `toJSON()` tells it.
#[derive(Deserialize, ToSchema)]
pub(crate) struct Assertion {
    /// Which passkey it was, base64url without padding.
    #[schema(max_length = 1364, example = "cGFzc2tleS1vZi1hZGEtbGFwdG9w")]
    id: String,
    /// What it has signed.
    response: AssertionResponse,
}

/// What a passkey has signed, and its signature.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct AssertionResponse {
    /// What the authenticator says of itself, base64url.
    #[schema(max_length = 2731, example = "SZYN5YgOjGh0NBcPZHZgW4_krrmihjLHmVzzuoMdl2MFAAAAAg")]
    authenticator_data: String,
    /// What the browser says of the exchange, JSON in base64url.
    #[serde(rename = "clientDataJSON")]
    #[schema(max_length = 5462, example = "eyJ0eXBlIjoid2ViYXV0aG4uZ2V0IiwiY2hhbGxlbmdlIjoicFRxMm1CIn0")]
    client_data_json: String,
    /// The signature of both, base64url.
    #[schema(max_length = 1366, example = "MEUCIQDkVv9Qb1-yj2Y6fXo1cVbJ3p4cQqS5uJY9wqKc8wIgT0r3f0b6yQ")]
    signature: String,
    /// Whose passkey the authenticator says that it is, base64url.
    #[schema(max_length = 86, example = "AZrkWhS8u19h5Np-JuAbbw")]
    user_handle: Option<String>,
}

impl NewCredential {
    pub(super) fn parse(self) -> Result<RegisterPublicKeyCredential, Invalid> {
        let mut validation = Validation::new();
        let raw_id = bytes(&mut validation, "/id", &self.id, ID);
        let object = &self.response.attestation_object;
        let object = bytes(&mut validation, "/response/attestationObject", object, ATTESTATION);
        let client_data = client_data(&mut validation, &self.response.client_data_json);
        let parts = raw_id.zip(object).zip(client_data);
        validation.finish(parts.map(|((raw_id, attestation_object), client_data_json)| {
            RegisterPublicKeyCredential {
                id: encode(&raw_id),
                raw_id,
                response: AuthenticatorAttestationResponseRaw {
                    attestation_object,
                    client_data_json,
                    transports: None,
                },
                type_: "public-key".to_owned(),
                extensions: webauthn_rs_proto::RegistrationExtensionsClientOutputs::default(),
            }
        }))
    }
}

impl Assertion {
    pub(super) fn parse(self) -> Result<PublicKeyCredential, Invalid> {
        let mut validation = Validation::new();
        let response = &self.response;
        let raw_id = bytes(&mut validation, "/id", &self.id, ID);
        let data = &response.authenticator_data;
        let data = bytes(&mut validation, "/response/authenticatorData", data, AUTHENTICATOR_DATA);
        let client_data = client_data(&mut validation, &response.client_data_json);
        let signature = bytes(&mut validation, "/response/signature", &response.signature, SIGNATURE);
        let handle = response.user_handle.as_ref();
        let user_handle =
            handle.and_then(|handle| bytes(&mut validation, "/response/userHandle", handle, USER_HANDLE));
        let parts = raw_id.zip(data).zip(client_data).zip(signature);
        validation.finish(parts.map(|(((raw_id, authenticator_data), client_data_json), signature)| {
            PublicKeyCredential {
                id: encode(&raw_id),
                raw_id,
                response: AuthenticatorAssertionResponseRaw {
                    authenticator_data,
                    client_data_json,
                    signature,
                    user_handle,
                },
                extensions: webauthn_rs_proto::AuthenticationExtensionsClientOutputs::default(),
                type_: "public-key".to_owned(),
            }
        }))
    }
}

fn client_data(validation: &mut Validation, text: &str) -> Option<Vec<u8>> {
    bytes(validation, "/response/clientDataJSON", text, CLIENT_DATA)
}

fn bytes(validation: &mut Validation, pointer: &str, text: &str, maximum: usize) -> Option<Vec<u8>> {
    // Four characters are three bytes.
    let fits = text.len() <= maximum.saturating_mul(4).div_ceil(3);
    let decoded = decode(text).filter(|bytes| fits && !bytes.is_empty());
    let wanted = || format!("must be base64url without padding, 1 to {maximum} bytes");
    validation.check(pointer, decoded.ok_or_else(wanted))
}

/// The text of bytes.
pub(super) fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The bytes of a text.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn assertion(id: &str, signature: &str) -> Value {
        json!({
            "id": id,
            "rawId": id,
            "type": "public-key",
            "clientExtensionResults": {},
            "authenticatorAttachment": "platform",
            "response": {"authenticatorData": "AAAA", "clientDataJSON": "e30", "signature": signature, "userHandle": "AAAA"}
        })
    }

    fn pointers(value: Value) -> Vec<String> {
        let parsed = serde_json::from_value::<Assertion>(value).unwrap().parse();
        parsed
            .err()
            .map_or_else(Vec::new, |Invalid(errors)| errors.into_iter().map(|error| error.pointer).collect())
    }

    #[test]
    fn what_browsers_write_is_read_and_what_is_too_long_is_not() {
        assert!(pointers(assertion("AQID", "AQID")).is_empty());
        assert_eq!(pointers(assertion("AQI=", "")), ["/id", "/response/signature"]);
        assert_eq!(pointers(assertion("a b", &"A".repeat(1368))), ["/id", "/response/signature"]);
        assert!(pointers(assertion(&"A".repeat(1364), &"A".repeat(1364))).is_empty());
    }
}
