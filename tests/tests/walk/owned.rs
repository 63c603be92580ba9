//! What the owner has, and nobody else may reach.

use e2e::{Authenticator, Client, Tenant, VAR_CVAR, requests};
use serde_json::{Value, json};

use super::{identity, valuation};

#[derive(Default)]
pub(super) struct Owned {
    pub(super) tenant: String,
    pub(super) user: String,
    pub(super) session: String,
    pub(super) key: String,
    pub(super) passkey: String,
    pub(super) portfolio: String,
    pub(super) ledger: String,
    pub(super) transaction: String,
    pub(super) task: String,
    pub(super) valuation: valuation::Owned,
}

impl Owned {
    pub(super) async fn create(tenant: &Tenant) -> Self {
        let csv = "date,AAPL\n2024-01-02,1\n2024-01-03,2\n";
        tenant.request("POST", "/api/v1/prices").body("text/csv", csv).await.expect(200);
        let id = |made: Value| made["id"].as_str().unwrap().to_owned();
        let portfolio = tenant.post("/api/v1/portfolios", &requests::stored_portfolio("Mine")).await;
        let empty = json!({"name": "Mine, by transactions", "base_currency": "USD", "holdings": []});
        let ledger = id(tenant.post("/api/v1/portfolios", &empty).await.data(201));
        let path = format!("/api/v1/portfolios/{ledger}/transactions");
        let transaction = tenant.post(&path, &requests::deposit("100.00")).await;
        let task = tenant.submit(VAR_CVAR, &requests::small_var_cvar()).await;
        tenant.ended(&task).await;
        let key = tenant.post("/api/v1/api-keys", &identity::api_key()).await;
        let passkey = Authenticator::default().add_to(tenant, "Mine").await;
        Self {
            tenant: tenant.id.clone(),
            user: tenant.user_id(),
            session: tenant.session_id(),
            key: id(key.data(201)),
            passkey: id(passkey.data(201)),
            portfolio: id(portfolio.data(201)),
            ledger,
            transaction: id(transaction.data(201)),
            task,
            valuation: valuation::Owned::create(tenant).await,
        }
    }

    /// All that the owner can read of it.
    pub(super) async fn read(&self, tenant: &Client) -> Vec<String> {
        let mut all = Vec::new();
        for path in [
            format!("/api/v1/portfolios/{}", self.portfolio),
            format!("/api/v1/portfolios/{}/transactions", self.ledger),
            format!("/api/v1/portfolios/{}/positions", self.ledger),
            format!("/api/v1/users/{}", self.user),
            format!("/api/v1/api-keys/{}", self.key),
            format!("/api/v1/tasks/{}/status", self.task),
            format!("/api/v1/tasks/{}/result", self.task),
            "/api/v1/prices/AAPL".to_owned(),
            "/api/v1/auth/factors/passkeys".to_owned(),
        ]
        .into_iter()
        .chain(self.valuation.paths())
        {
            all.push(tenant.get(&path).await.expect(200).body);
        }
        all
    }
}
