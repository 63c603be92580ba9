use std::ops::Deref;

use serde_json::Value;

use crate::{Ballast, Options, Tenant, ballast::external, token};

/// The stack under test, whichever that is, with the secret of its access tokens: for tests that bend these.
pub struct Signer {
    ballast: Ballast,
    secret: String,
}

impl Signer {
    /// The stack at `BALLAST_BASE_URL`, whose secret is `BALLAST_SIGNING_SECRET`; or a new one of this test alone. Nothing where
    /// the secret of a running stack is not known.
    pub async fn start() -> Option<Self> {
        let Some(base) = external() else {
            let ballast = Ballast::in_process(Options::default()).await;
            let environment = ballast.stack.as_ref()?.environment();
            let secret =
                &environment.secrets[&environment.variables("IdentityFunction")["SIGNING_SECRET_ARN"]];
            return Some(Self { secret: secret.clone(), ballast });
        };
        let Ok(secret) = std::env::var("BALLAST_SIGNING_SECRET") else {
            eprintln!(
                "skipped: this needs the signing secret of the stack at {base}, as BALLAST_SIGNING_SECRET"
            );
            return None;
        };
        Some(Self { ballast: Ballast::start().await, secret })
    }

    /// The secret that access tokens are signed with.
    pub fn secret(&self) -> &str {
        &self.secret
    }

    /// A validly signed token like the tenant's own, but for one claim.
    pub fn mint(&self, tenant: &Tenant, claim: &str, value: Value) -> String {
        let (header, mut claims) = token::decode(&tenant.access_token);
        claims[claim] = value;
        token::sign(&header, &claims, &self.secret)
    }
}

impl Deref for Signer {
    type Target = Ballast;

    fn deref(&self) -> &Ballast {
        &self.ballast
    }
}
