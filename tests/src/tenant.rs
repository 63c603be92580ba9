use std::{
    ops::Deref,
    sync::atomic::{AtomicU32, Ordering},
};

use serde_json::{Value, json};

use crate::{Client, token};

/// The password of every user that a test registers.
pub const PASSWORD: &str = "correct horse battery";

/// A tenant's first user, logged in; requests sent through it carry its token.
pub struct Tenant {
    /// Its client.
    pub client: Client,
    /// The tenant's id.
    pub id: String,
    /// What the user logs in with.
    pub email: String,
    /// The token that its client sends.
    pub access_token: String,
    /// The challenge that the mail of its registration answers.
    pub verification: String,
    /// What continues its session.
    pub refresh_token: String,
}

impl Tenant {
    pub(crate) async fn register(visitor: Client) -> Self {
        let email = unique_email();
        let registered = visitor.post("/api/v1/auth/register", &registration(&email)).await.data(201);
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        let access_token = text(&registered["access_token"]);
        Self {
            client: visitor.with_token(&access_token),
            id: text(&registered["tenant"]["id"]),
            email,
            access_token,
            verification: text(&registered["verification"]["challenge_id"]),
            refresh_token: text(&registered["refresh_token"]),
        }
    }
}

impl Tenant {
    /// The user's id, as its token tells it.
    pub fn user_id(&self) -> String {
        self.claim("sub")
    }

    /// The session's id, as its token tells it.
    pub fn session_id(&self) -> String {
        self.claim("sid")
    }

    fn claim(&self, name: &str) -> String {
        token::decode(&self.access_token).1[name].as_str().expect("a text").to_owned()
    }
}

impl Deref for Tenant {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

/// The body of a registration.
pub fn registration(email: &str) -> Value {
    json!({"email": email, "password": PASSWORD, "name": "Ada Lovelace", "tenant_name": "Analytical Capital"})
}

/// An address that no other test has, nor any earlier run.
pub fn unique_email() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let (now, process) = (jiff::Timestamp::now().as_nanosecond(), std::process::id());
    format!("user-{now}-{process}-{}@example.com", COUNT.fetch_add(1, Ordering::Relaxed))
}
