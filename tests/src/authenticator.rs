//! A device that makes and uses passkeys (`WebAuthn`, ES256), with the browser before it.

use aws_lc_rs::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ciborium::Value as Cbor;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::{Answer, Client};

const PASSKEYS: &str = "/api/v1/auth/factors/passkeys";
const ORIGIN: &str = "http://localhost:8080";

/// What an authenticator tells of itself in one byte.
pub mod flags {
    /// Somebody was there.
    pub const USER_PRESENT: u8 = 0x01;
    /// It was the owner, by a finger, a face or a PIN.
    pub const USER_VERIFIED: u8 = 0x04;
    /// The passkey may be on several devices.
    pub const BACKUP_ELIGIBLE: u8 = 0x08;
    /// And is.
    pub const BACKED_UP: u8 = 0x10;
    /// A new key goes with it.
    pub const ATTESTED: u8 = 0x40;
}

/// A device with its passkeys.
#[derive(Default)]
pub struct Authenticator {
    passkeys: Vec<Passkey>,
    synced: bool,
}

struct Passkey {
    id: Vec<u8>,
    rp_id: String,
    user_handle: Vec<u8>,
    key: EcdsaKeyPair,
    counter: u32,
}

/// What goes into an answer before it is signed, to be bent by attackers.
pub struct Exchange {
    /// `webauthn.create` or `webauthn.get`.
    pub kind: &'static str,
    /// The challenge, base64url.
    pub challenge: String,
    /// The page's origin, as the browser tells it.
    pub origin: String,
    /// Whether the page is in a frame of another site's.
    pub cross_origin: bool,
    /// For whom the passkey is.
    pub rp_id: String,
    /// What the authenticator tells of itself.
    pub flags: u8,
    /// How often the passkey was used.
    pub counter: u32,
    /// The passkey's id.
    pub id: Vec<u8>,
    /// Whose it is.
    pub user_handle: Option<Vec<u8>>,
}

impl Exchange {
    fn client_data(&self) -> Vec<u8> {
        let data = json!({"type": self.kind, "challenge": self.challenge, "origin": self.origin, "crossOrigin": self.cross_origin});
        data.to_string().into_bytes()
    }

    fn authenticator_data(&self) -> Vec<u8> {
        let hash = Sha256::digest(&self.rp_id);
        [hash.as_slice(), &[self.flags], &self.counter.to_be_bytes()].concat()
    }
}

impl Authenticator {
    /// One whose passkeys are on several devices, and so can't count.
    pub fn synced() -> Self {
        Self { synced: true, ..Self::default() }
    }

    fn flags(&self) -> u8 {
        let own = flags::USER_PRESENT | flags::USER_VERIFIED;
        if self.synced { own | flags::BACKUP_ELIGIBLE | flags::BACKED_UP } else { own }
    }

    /// Makes a passkey.
    pub fn create(&mut self, options: &Value) -> Value {
        self.create_as(options, |_| {})
    }

    /// Makes a passkey, and answers in another way.
    pub fn create_as(&mut self, options: &Value, bend: impl FnOnce(&mut Exchange)) -> Value {
        let asked = &options["public_key"];
        let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap();
        let mut id = vec![0; 20];
        aws_lc_rs::rand::fill(&mut id).unwrap();
        let mut exchange = Exchange {
            kind: "webauthn.create",
            challenge: text(&asked["challenge"]),
            origin: ORIGIN.to_owned(),
            cross_origin: false,
            rp_id: text(&asked["rp"]["id"]),
            flags: self.flags() | flags::ATTESTED,
            counter: u32::from(!self.synced),
            id,
            user_handle: Some(decode(&asked["user"]["id"])),
        };
        bend(&mut exchange);
        let length = u16::try_from(exchange.id.len()).unwrap().to_be_bytes();
        let data = exchange.authenticator_data();
        let data = [&data, &[0; 16][..], &length, &exchange.id, &cose(key.public_key().as_ref())].concat();
        let attestation = Cbor::Map(vec![
            (Cbor::from("fmt"), Cbor::from("none")),
            (Cbor::from("attStmt"), Cbor::Map(Vec::new())),
            (Cbor::from("authData"), Cbor::Bytes(data)),
        ]);
        let answer = json!({
            "id": encode(&exchange.id),
            "rawId": encode(&exchange.id),
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {"credProps": {"rk": true}},
            "response": {
                "attestationObject": encode(&cbor(&attestation)),
                "clientDataJSON": encode(&exchange.client_data()),
                "transports": ["internal"],
            },
        });
        let user_handle = exchange.user_handle.unwrap_or_default();
        let Exchange { id, rp_id, counter, .. } = exchange;
        self.passkeys.push(Passkey { id, rp_id, user_handle, key, counter });
        answer
    }

    /// Uses the passkey that is asked for; where any will do, the last one.
    pub fn get(&mut self, options: &Value) -> Value {
        self.get_as(options, |_| {})
    }

    /// Uses a passkey, and answers in another way.
    pub fn get_as(&mut self, options: &Value, bend: impl FnOnce(&mut Exchange)) -> Value {
        let asked = &options["public_key"];
        let (flags, step) = (self.flags(), u32::from(!self.synced));
        let allowed: Vec<Vec<u8>> =
            asked["allowCredentials"].as_array().unwrap().iter().map(|one| decode(&one["id"])).collect();
        let wanted = |passkey: &&mut Passkey| allowed.is_empty() || allowed.contains(&passkey.id);
        let own = self.passkeys.iter_mut().rev().find(wanted).expect("a passkey that is asked for");
        own.counter += step;
        let mut exchange = Exchange {
            kind: "webauthn.get",
            challenge: text(&asked["challenge"]),
            origin: ORIGIN.to_owned(),
            cross_origin: false,
            rp_id: own.rp_id.clone(),
            flags,
            counter: own.counter,
            id: own.id.clone(),
            user_handle: Some(own.user_handle.clone()),
        };
        bend(&mut exchange);
        let (data, client_data) = (exchange.authenticator_data(), exchange.client_data());
        let signed = [data.as_slice(), &Sha256::digest(&client_data)].concat();
        let signature = own.key.sign(&SystemRandom::new(), &signed).unwrap();
        json!({
            "id": encode(&exchange.id),
            "rawId": encode(&exchange.id),
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
            "response": {
                "authenticatorData": encode(&data),
                "clientDataJSON": encode(&client_data),
                "signature": encode(signature.as_ref()),
                "userHandle": exchange.user_handle.map(|handle| encode(&handle)),
            },
        })
    }

    /// Makes a passkey for whoever is logged in.
    pub async fn add_to(&mut self, client: &Client, name: &str) -> Answer {
        let options = client.request("POST", &format!("{PASSKEYS}/options")).await.data(200);
        let credential = self.create(&options);
        let body = json!({"ceremony_id": options["ceremony_id"], "name": name, "credential": credential});
        client.post(PASSKEYS, &body).await
    }

    /// Logs in with a passkey, and nothing else.
    pub async fn log_in(&mut self, client: &Client) -> Answer {
        let client = client.without_token();
        let options = client.request("POST", "/api/v1/auth/passkeys/login/options").await.data(200);
        let body = json!({"ceremony_id": options["ceremony_id"], "credential": self.get(&options)});
        client.post("/api/v1/auth/passkeys/login", &body).await
    }
}

/// A P-256 public key as COSE has it (RFC 9053, section 7.1.1); `point` is uncompressed.
fn cose(point: &[u8]) -> Vec<u8> {
    let (x, y) = point[1..].split_at(32);
    let parameter = |name: i32, value: Cbor| (Cbor::from(name), value);
    cbor(&Cbor::Map(vec![
        parameter(1, Cbor::from(2)),
        parameter(3, Cbor::from(-7)),
        parameter(-1, Cbor::from(1)),
        parameter(-2, Cbor::from(x)),
        parameter(-3, Cbor::from(y)),
    ]))
}

fn cbor(value: &Cbor) -> Vec<u8> {
    let mut bytes = Vec::new();
    ciborium::into_writer(value, &mut bytes).unwrap();
    bytes
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn decode(value: &Value) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(value.as_str().expect("a text")).unwrap()
}
