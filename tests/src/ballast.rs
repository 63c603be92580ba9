use std::{sync::Arc, time::Duration};

use local::Stack;

use crate::{Client, Options, Tenant};

/// The stack under test. It runs as long as somebody has it, or one of its clients.
pub struct Ballast {
    base: String,
    http: reqwest::Client,
    pub(crate) stack: Option<Arc<Stack>>,
}

impl Ballast {
    /// The stack at `BALLAST_BASE_URL`, or a new one of this test alone.
    pub async fn start() -> Self {
        match external() {
            Some(base) => Self::new(base, None),
            None => Self::in_process(Options::default()).await,
        }
    }

    pub(crate) async fn in_process(options: Options) -> Self {
        let stack = options.start().await;
        Self::new(stack.base_url().to_owned(), Some(Arc::new(stack)))
    }

    fn new(base: String, stack: Option<Arc<Stack>>) -> Self {
        // Longer than the longest wait that a request may ask for.
        let http = reqwest::Client::builder().timeout(Duration::from_mins(1)).build().unwrap();
        Self { base, http, stack }
    }

    /// A client that nobody knows, at another address of this machine: `127.0.0.2` and so on.
    pub fn visitor_from(&self, address: [u8; 4]) -> Client {
        let client = reqwest::Client::builder().local_address(Some(std::net::IpAddr::from(address)));
        let http = client.timeout(Duration::from_mins(1)).build().unwrap();
        Client::new(http, self.base.clone(), self.stack.clone())
    }

    /// A client that nobody knows.
    pub fn visitor(&self) -> Client {
        Client::new(self.http.clone(), self.base.clone(), self.stack.clone())
    }

    /// A new tenant and its first user, logged in.
    pub async fn tenant(&self) -> Tenant {
        Tenant::register(self.visitor()).await
    }

    /// Where the API answers.
    pub fn base_url(&self) -> &str {
        &self.base
    }

    /// Whether requests come through a gateway that is not ours, and that answers some of them itself.
    pub fn has_foreign_gateway(&self) -> bool {
        self.stack.is_none()
    }
}

/// The base URL of a stack that runs already.
pub(crate) fn external() -> Option<String> {
    let base = std::env::var("BALLAST_BASE_URL").ok()?;
    (!base.is_empty()).then(|| base.trim_end_matches('/').to_owned())
}
