//! Every operation of the description: with no token, with too little permission, and with another tenant's ids.

mod valuation;

use std::collections::BTreeMap;

use domain::role::Role;
use e2e::{Authenticator, Ballast, Client, Tables, Tenant, VAR_CVAR, requests};
use serde_json::{Value, json};

/// What an operation is called with.
struct Call {
    /// The path, with ids that the owner has.
    path: String,
    content: Content,
    /// What another tenant is answered.
    foreign: Foreign,
}

enum Content {
    Nothing,
    Json(Value),
    Csv(&'static str),
}

#[derive(Clone, Copy, PartialEq)]
enum Foreign {
    /// The ids name nothing there.
    NotFound,
    /// There are no ids, or they are names that every tenant gives for itself.
    Own,
    /// There are no ids, and what is sent is refused for its own sake.
    Refused,
    /// No tenant's role is enough.
    Platform,
}

/// What the owner has.
#[derive(Default)]
struct Owned {
    tenant: String,
    user: String,
    session: String,
    key: String,
    passkey: String,
    portfolio: String,
    ledger: String,
    transaction: String,
    task: String,
    valuation: valuation::Owned,
}

impl Owned {
    async fn create(tenant: &Tenant) -> Self {
        let csv = "date,AAPL\n2024-01-02,1\n2024-01-03,2\n";
        tenant.request("POST", "/api/v1/prices").body("text/csv", csv).await.expect(200);
        let portfolio =
            tenant.post("/api/v1/portfolios", &requests::stored_portfolio("Mine")).await.data(201);
        let empty = json!({"name": "Mine, by transactions", "base_currency": "USD", "holdings": []});
        let ledger = tenant.post("/api/v1/portfolios", &empty).await.data(201);
        let ledger = ledger["id"].as_str().unwrap().to_owned();
        let path = format!("/api/v1/portfolios/{ledger}/transactions");
        let transaction = tenant.post(&path, &requests::deposit("100.00")).await.data(201);
        let transaction = transaction["id"].as_str().unwrap().to_owned();
        let task = tenant.submit(VAR_CVAR, &requests::small_var_cvar()).await;
        tenant.ended(&task).await;
        let key = tenant.post("/api/v1/api-keys", &api_key()).await.data(201);
        let passkey = Authenticator::default().add_to(tenant, "Mine").await.data(201);
        let id = |made: &Value| made["id"].as_str().unwrap().to_owned();
        Self {
            tenant: tenant.id.clone(),
            user: tenant.user_id(),
            session: tenant.session_id(),
            key: id(&key),
            passkey: id(&passkey),
            portfolio: id(&portfolio),
            ledger,
            transaction,
            task,
            valuation: valuation::Owned::create(tenant).await,
        }
    }

    /// All that the owner can read of it.
    async fn read(&self, tenant: &Client) -> Vec<String> {
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

/// A key to be made.
fn api_key() -> Value {
    json!({"name": "Report", "permissions": ["portfolios:read"]})
}

/// A passkey that answers no ceremony.
fn passkey() -> Value {
    let response = json!({
        "attestationObject": "o2Nm",
        "authenticatorData": "SZYN",
        "clientDataJSON": "e30",
        "signature": "MEUC",
    });
    json!({"ceremony_id": "cer_01KAJ5M3S0Q5T3Y9WBQ0V6F2ZN", "credential": {"id": "AQID", "response": response}})
}

/// Every operation; one that is missing here fails the test.
#[allow(clippy::too_many_lines, reason = "a table")]
fn table(owned: &Owned) -> BTreeMap<String, Call> {
    use Content::{Csv, Json, Nothing};
    let Owned {
        tenant,
        user,
        session,
        key,
        passkey: passkey_id,
        portfolio,
        ledger,
        transaction,
        task,
        valuation,
    } = owned;
    let (transactions, of_ledger) = (format!("/api/v1/portfolios/{ledger}/transactions"), |part: &str| {
        format!("/api/v1/portfolios/{ledger}/{part}")
    });
    let by_id = json!({"portfolio_id": portfolio});
    let calls = [
        ("GET /api/v1/auth/me", "/api/v1/auth/me".to_owned(), Nothing, Foreign::Own),
        ("GET /api/v1/auth/sessions", "/api/v1/auth/sessions".to_owned(), Nothing, Foreign::Own),
        (
            "DELETE /api/v1/auth/sessions/{id}",
            format!("/api/v1/auth/sessions/{session}"),
            Nothing,
            Foreign::NotFound,
        ),
        ("POST /api/v1/auth/logout-all", "/api/v1/auth/logout-all".to_owned(), Nothing, Foreign::Own),
        (
            "POST /api/v1/auth/change-password",
            "/api/v1/auth/change-password".to_owned(),
            Json(json!({"current_password": "wrong horse battery", "new_password": "three sleepy otters"})),
            Foreign::Refused,
        ),
        (
            "POST /api/v1/auth/verify-email/code",
            "/api/v1/auth/verify-email/code".to_owned(),
            Nothing,
            Foreign::Own,
        ),
        (
            "POST /api/v1/auth/verify-email",
            "/api/v1/auth/verify-email".to_owned(),
            Json(json!({"challenge_id": "chl_01KAJ5M3S0Q5T3Y9WBQ0V6F2ZN", "code": "123456"})),
            Foreign::Refused,
        ),
        (
            "POST /api/v1/auth/reauthenticate",
            "/api/v1/auth/reauthenticate".to_owned(),
            Json(json!({"password": e2e::PASSWORD})),
            Foreign::Own,
        ),
        ("GET /api/v1/auth/factors", "/api/v1/auth/factors".to_owned(), Nothing, Foreign::Own),
        ("POST /api/v1/auth/factors/totp", "/api/v1/auth/factors/totp".to_owned(), Nothing, Foreign::Own),
        (
            "DELETE /api/v1/auth/factors/totp",
            "/api/v1/auth/factors/totp".to_owned(),
            Nothing,
            Foreign::Refused,
        ),
        (
            "POST /api/v1/auth/factors/totp/confirm",
            "/api/v1/auth/factors/totp/confirm".to_owned(),
            Json(json!({"code": "wrong"})),
            Foreign::Refused,
        ),
        (
            "POST /api/v1/auth/factors/recovery-codes",
            "/api/v1/auth/factors/recovery-codes".to_owned(),
            Nothing,
            Foreign::Refused,
        ),
        (
            "GET /api/v1/auth/factors/passkeys",
            "/api/v1/auth/factors/passkeys".to_owned(),
            Nothing,
            Foreign::Own,
        ),
        (
            "POST /api/v1/auth/factors/passkeys/options",
            "/api/v1/auth/factors/passkeys/options".to_owned(),
            Nothing,
            Foreign::Own,
        ),
        (
            "POST /api/v1/auth/factors/passkeys",
            "/api/v1/auth/factors/passkeys".to_owned(),
            Json(requests::with(passkey(), "/name", json!("Theirs"))),
            Foreign::Refused,
        ),
        (
            "PUT /api/v1/auth/factors/passkeys/{id}",
            format!("/api/v1/auth/factors/passkeys/{passkey_id}"),
            Json(json!({"name": "Theirs"})),
            Foreign::NotFound,
        ),
        (
            "DELETE /api/v1/auth/factors/passkeys/{id}",
            format!("/api/v1/auth/factors/passkeys/{passkey_id}"),
            Nothing,
            Foreign::NotFound,
        ),
        (
            "POST /api/v1/auth/passkeys/reauthenticate/options",
            "/api/v1/auth/passkeys/reauthenticate/options".to_owned(),
            Nothing,
            Foreign::Refused,
        ),
        (
            "POST /api/v1/auth/passkeys/reauthenticate",
            "/api/v1/auth/passkeys/reauthenticate".to_owned(),
            Json(passkey()),
            Foreign::Refused,
        ),
        ("GET /api/v1/users/me", "/api/v1/users/me".to_owned(), Nothing, Foreign::Own),
        ("DELETE /api/v1/users/me", "/api/v1/users/me".to_owned(), Nothing, Foreign::Own),
        ("GET /api/v1/users/me/export", "/api/v1/users/me/export".to_owned(), Nothing, Foreign::Own),
        ("GET /api/v1/users/profile", "/api/v1/users/profile".to_owned(), Nothing, Foreign::Own),
        (
            "PUT /api/v1/users/profile",
            "/api/v1/users/profile".to_owned(),
            Json(json!({"name": "Theirs"})),
            Foreign::Own,
        ),
        (
            "POST /api/v1/users/change-email",
            "/api/v1/users/change-email".to_owned(),
            Json(json!({"email": e2e::unique_email()})),
            Foreign::Own,
        ),
        (
            "POST /api/v1/users/change-email/confirm",
            "/api/v1/users/change-email/confirm".to_owned(),
            Json(json!({"challenge_id": "chl_01KAJ5M3S0Q5T3Y9WBQ0V6F2ZN", "code": "123456"})),
            Foreign::Refused,
        ),
        ("GET /api/v1/users/list", "/api/v1/users/list".to_owned(), Nothing, Foreign::Own),
        (
            "POST /api/v1/users/invite",
            "/api/v1/users/invite".to_owned(),
            Json(json!({"email": e2e::unique_email(), "name": "Grace", "roles": ["viewer"]})),
            // Who has not proven their own address invites nobody.
            Foreign::Refused,
        ),
        (
            "POST /api/v1/users/{id}/invitation",
            format!("/api/v1/users/{user}/invitation"),
            Nothing,
            Foreign::NotFound,
        ),
        ("GET /api/v1/users/{id}", format!("/api/v1/users/{user}"), Nothing, Foreign::NotFound),
        ("DELETE /api/v1/users/{id}", format!("/api/v1/users/{user}"), Nothing, Foreign::NotFound),
        (
            "PUT /api/v1/users/{id}/roles",
            format!("/api/v1/users/{user}/roles"),
            Json(json!({"roles": ["viewer"]})),
            Foreign::NotFound,
        ),
        (
            "POST /api/v1/users/{id}/deactivate",
            format!("/api/v1/users/{user}/deactivate"),
            Nothing,
            Foreign::NotFound,
        ),
        (
            "POST /api/v1/users/{id}/reactivate",
            format!("/api/v1/users/{user}/reactivate"),
            Nothing,
            Foreign::NotFound,
        ),
        ("GET /api/v1/api-keys", "/api/v1/api-keys".to_owned(), Nothing, Foreign::Own),
        ("POST /api/v1/api-keys", "/api/v1/api-keys".to_owned(), Json(api_key()), Foreign::Own),
        ("GET /api/v1/api-keys/{id}", format!("/api/v1/api-keys/{key}"), Nothing, Foreign::NotFound),
        ("DELETE /api/v1/api-keys/{id}", format!("/api/v1/api-keys/{key}"), Nothing, Foreign::NotFound),
        (
            "POST /api/v1/api-keys/{id}/rotate",
            format!("/api/v1/api-keys/{key}/rotate"),
            Json(json!({"overlap_hours": 1})),
            Foreign::NotFound,
        ),
        ("GET /api/v1/tenant", "/api/v1/tenant".to_owned(), Nothing, Foreign::Own),
        (
            "PUT /api/v1/tenant",
            "/api/v1/tenant".to_owned(),
            Json(crate::tenant_settings::settings()),
            Foreign::Own,
        ),
        ("GET /api/v1/tenant/usage", "/api/v1/tenant/usage".to_owned(), Nothing, Foreign::Own),
        ("GET /api/v1/portfolios", "/api/v1/portfolios".to_owned(), Nothing, Foreign::Own),
        (
            "POST /api/v1/portfolios",
            "/api/v1/portfolios".to_owned(),
            Json(requests::stored_portfolio("Theirs")),
            Foreign::Own,
        ),
        (
            "GET /api/v1/portfolios/{id}",
            format!("/api/v1/portfolios/{portfolio}"),
            Nothing,
            Foreign::NotFound,
        ),
        (
            "PUT /api/v1/portfolios/{id}",
            format!("/api/v1/portfolios/{portfolio}"),
            Json(requests::stored_portfolio("Theirs")),
            Foreign::NotFound,
        ),
        (
            "DELETE /api/v1/portfolios/{id}",
            format!("/api/v1/portfolios/{portfolio}"),
            Nothing,
            Foreign::NotFound,
        ),
        ("GET /api/v1/portfolios/{id}/transactions", transactions.clone(), Nothing, Foreign::NotFound),
        (
            "POST /api/v1/portfolios/{id}/transactions",
            transactions.clone(),
            Json(requests::deposit("7.00")),
            Foreign::NotFound,
        ),
        (
            "GET /api/v1/portfolios/{id}/transactions/{transaction_id}",
            format!("{transactions}/{transaction}"),
            Nothing,
            Foreign::NotFound,
        ),
        (
            "POST /api/v1/portfolios/{id}/transactions/{transaction_id}/corrections",
            format!("{transactions}/{transaction}/corrections"),
            Json(json!({})),
            Foreign::NotFound,
        ),
        ("GET /api/v1/portfolios/{id}/positions", of_ledger("positions"), Nothing, Foreign::NotFound),
        ("GET /api/v1/portfolios/{id}/performance", of_ledger("performance"), Nothing, Foreign::NotFound),
        ("GET /api/v1/market-data/report", "/api/v1/market-data/report".to_owned(), Nothing, Foreign::Own),
        ("GET /api/v1/prices/{symbol}", "/api/v1/prices/AAPL".to_owned(), Nothing, Foreign::NotFound),
        (
            "PUT /api/v1/prices/{symbol}",
            "/api/v1/prices/AAPL".to_owned(),
            Csv("date,close\n2024-01-02,7\n"),
            Foreign::Own,
        ),
        ("POST /api/v1/prices", "/api/v1/prices".to_owned(), Csv("date,AAPL\n2024-01-02,7\n"), Foreign::Own),
        (
            "POST /api/v1/tasks/risk/monte-carlo",
            e2e::MONTE_CARLO.to_owned(),
            Json(by_id.clone()),
            Foreign::NotFound,
        ),
        ("POST /api/v1/tasks/risk/var-cvar", VAR_CVAR.to_owned(), Json(by_id), Foreign::NotFound),
        (
            "POST /api/v1/tasks/risk/stress-test",
            e2e::STRESS_TEST.to_owned(),
            Json(json!({"portfolio_id": portfolio, "reverse_stress": [0.1]})),
            Foreign::NotFound,
        ),
        (
            "POST /api/v1/tasks/risk/efficient-frontier",
            e2e::EFFICIENT_FRONTIER.to_owned(),
            Json(json!({"portfolio_id": portfolio})),
            Foreign::NotFound,
        ),
        (
            "POST /api/v1/tasks/portfolio/optimize",
            e2e::OPTIMIZE.to_owned(),
            Json(json!({"portfolio_id": portfolio, "optimization_params": {"method": "hrp"}})),
            Foreign::NotFound,
        ),
        (
            "POST /api/v1/tasks/portfolio/rebalance",
            e2e::REBALANCE.to_owned(),
            Json(json!({"portfolio_id": portfolio, "target_weights": {"AAPL": 1}})),
            Foreign::NotFound,
        ),
        (
            "POST /api/v1/tasks/portfolio/performance-analysis",
            e2e::PERFORMANCE_ANALYSIS.to_owned(),
            Json(json!({"portfolio_id": portfolio})),
            Foreign::NotFound,
        ),
        (
            "POST /api/v1/tasks/reports/portfolio",
            "/api/v1/tasks/reports/portfolio".to_owned(),
            Json(json!({"portfolio_id": portfolio})),
            Foreign::NotFound,
        ),
        (
            "POST /api/v1/tasks/reports/risk",
            "/api/v1/tasks/reports/risk".to_owned(),
            Json(json!({"portfolio_id": portfolio})),
            Foreign::NotFound,
        ),
        ("POST /api/v1/tasks/exports", "/api/v1/tasks/exports".to_owned(), Json(json!({})), Foreign::Own),
        ("GET /api/v1/tasks", "/api/v1/tasks".to_owned(), Nothing, Foreign::Own),
        ("GET /api/v1/tasks/active", "/api/v1/tasks/active".to_owned(), Nothing, Foreign::Own),
        ("GET /api/v1/tasks/{id}/status", format!("/api/v1/tasks/{task}/status"), Nothing, Foreign::NotFound),
        ("GET /api/v1/tasks/{id}/result", format!("/api/v1/tasks/{task}/result"), Nothing, Foreign::NotFound),
        (
            "GET /api/v1/tasks/{id}/charts/{name}",
            format!("/api/v1/tasks/{task}/charts/histogram.svg"),
            Nothing,
            Foreign::NotFound,
        ),
        ("DELETE /api/v1/tasks/{id}", format!("/api/v1/tasks/{task}"), Nothing, Foreign::NotFound),
        ("GET /api/v1/audit", "/api/v1/audit".to_owned(), Nothing, Foreign::Own),
        ("GET /api/v1/audit/verify", "/api/v1/audit/verify".to_owned(), Nothing, Foreign::Own),
        ("GET /api/v1/audit/retention", "/api/v1/audit/retention".to_owned(), Nothing, Foreign::Own),
        (
            "PUT /api/v1/audit/retention",
            "/api/v1/audit/retention".to_owned(),
            Json(json!({"days": 2555})),
            Foreign::Own,
        ),
        ("GET /api/v1/platform/tenants", "/api/v1/platform/tenants".to_owned(), Nothing, Foreign::Platform),
        (
            "GET /api/v1/platform/tenants/{id}",
            format!("/api/v1/platform/tenants/{tenant}"),
            Nothing,
            Foreign::Platform,
        ),
        (
            "PUT /api/v1/platform/tenants/{id}/plan",
            format!("/api/v1/platform/tenants/{tenant}/plan"),
            Json(json!({"tier": "enterprise", "limits": []})),
            Foreign::Platform,
        ),
        (
            "POST /api/v1/platform/tenants/{id}/suspend",
            format!("/api/v1/platform/tenants/{tenant}/suspend"),
            Nothing,
            Foreign::Platform,
        ),
        (
            "POST /api/v1/platform/tenants/{id}/reactivate",
            format!("/api/v1/platform/tenants/{tenant}/reactivate"),
            Nothing,
            Foreign::Platform,
        ),
        (
            "POST /api/v1/platform/signing-keys",
            "/api/v1/platform/signing-keys".to_owned(),
            Json(json!({"withdraw": true})),
            Foreign::Platform,
        ),
        // The last, as it ends the session.
        ("POST /api/v1/auth/logout", "/api/v1/auth/logout".to_owned(), Nothing, Foreign::Own),
    ];
    let calls =
        calls.into_iter().map(|(name, path, content, foreign)| (name, Call { path, content, foreign }));
    calls.chain(valuation.calls()).map(|(name, call)| (name.to_owned(), call)).collect()
}

/// Operations that need no token, and why.
const OPEN: [(&str, &str); 20] = [
    ("GET /", "says where the documentation is"),
    ("GET /.well-known/jwks.json", "public keys are public"),
    ("GET /api/v1/status", "whether the services answer, for who can't log in meanwhile; no tenant's data"),
    ("GET /docs", "the description of the API, which is no secret"),
    ("GET /docs/{file}", "its page's own files, from a fixed list"),
    ("GET /health", "whether the function runs, for load balancers"),
    ("GET /openapi.json", "the description of the API"),
    ("GET /redoc", "the description of the API"),
    ("GET /redoc/{file}", "its page's own files, from a fixed list"),
    (
        "POST /api/v1/auth/forgot-password",
        "who forgot the password can't log in; the same answer for everybody",
    ),
    ("POST /api/v1/auth/login", "the credential is in the body"),
    ("POST /api/v1/auth/passkeys/login", "the passkey is the credential"),
    ("POST /api/v1/auth/passkeys/login/options", "a random challenge, the same for everybody"),
    ("POST /api/v1/auth/passkeys/verify", "the challenge and the passkey are the credential"),
    ("POST /api/v1/auth/passkeys/verify/options", "the challenge of a first factor is the credential"),
    ("POST /api/v1/auth/refresh", "the credential is in the body"),
    ("POST /api/v1/auth/register", "how a tenant begins"),
    ("POST /api/v1/auth/reset-password", "the mailed code is the credential"),
    ("POST /api/v1/auth/verify", "the second factor, or the mailed code, is the credential"),
    ("POST /api/v1/users/accept", "the invitation's secret is the credential"),
];

impl Call {
    async fn send(&self, operation: &str, client: &Client) -> e2e::Answer {
        let request = client.request(operation.split(' ').next().unwrap(), &self.path);
        match &self.content {
            Content::Nothing => request.await,
            Content::Json(body) => request.json(body).await,
            Content::Csv(text) => request.body("text/csv", *text).await,
        }
    }
}

/// The operations of the description with the permission that each needs, if it needs one.
async fn operations(ballast: &Ballast) -> BTreeMap<String, Option<String>> {
    let description = ballast.visitor().get("/openapi.json").await.expect(200).json();
    let mut operations = BTreeMap::new();
    for (path, item) in description["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let permission = operation["security"][0]["bearer"][0].as_str().map(str::to_owned);
            operations.insert(format!("{} {path}", method.to_uppercase()), permission);
        }
    }
    operations
}

#[tokio::test]
async fn every_operation_is_walked() {
    let ballast = Ballast::start().await;
    let table = table(&Owned::default());
    let operations = operations(&ballast).await;
    let (closed, open): (Vec<_>, Vec<_>) =
        operations.iter().partition(|(_, permission)| permission.is_some());
    let names = |operations: Vec<(&String, _)>| {
        operations.into_iter().map(|(name, _)| name.clone()).collect::<Vec<_>>()
    };
    assert_eq!(names(closed), table.keys().cloned().collect::<Vec<_>>());
    assert_eq!(names(open), OPEN.map(|(operation, _)| operation));
}

#[tokio::test]
async fn without_a_token_nothing_is_answered() {
    let ballast = Ballast::start().await;
    let tenant = ballast.tenant().await;
    let owned = Owned::create(&tenant).await;
    let before = owned.read(&tenant).await;
    for (operation, call) in table(&owned) {
        let answer = call.send(&operation, &ballast.visitor()).await;
        assert_eq!((answer.status, answer.header("www-authenticate")), (401, "Bearer"), "{operation}");
        answer.problem(401);
    }
    assert_eq!(owned.read(&tenant).await, before, "nothing changed");
}

/// Every role and none, over every operation: what the role's table does not permit is refused, and does nothing.
#[tokio::test]
async fn with_too_little_permission_nothing_is_done() {
    let Some(ballast) = Tables::start().await else { return };
    let tenant = ballast.tenant().await;
    let owned = Owned::create(&tenant).await;
    let before = owned.read(&tenant).await;
    let operations = operations(&ballast).await;
    let roles = std::iter::once(None).chain(Role::EVERY.map(Some));
    for role in roles {
        let names: Vec<&str> = role.iter().map(|role| role.as_str()).collect();
        ballast.set_roles(&tenant, &names).await;
        for (operation, call) in table(&owned) {
            let permission = operations[&operation].clone().unwrap();
            let permitted = role.is_some_and(|role| role.permits(permission.parse().unwrap()));
            if !permitted {
                let problem = call.send(&operation, &tenant).await.problem(403);
                let told = problem.kind() == "forbidden" && problem.detail().contains(&permission);
                assert!(told, "{operation} as {role:?}: {}", problem.detail());
            } else if operation.starts_with("GET ") {
                let answer = call.send(&operation, &tenant).await;
                // Some ask for more than a role, and say so.
                assert!([200, 400, 404].contains(&answer.status), "{operation} as {role:?}: {}", answer.body);
            }
        }
    }
    ballast.set_roles(&tenant, &["admin"]).await;
    assert_eq!(owned.read(&tenant).await, before, "nothing changed");
}

#[tokio::test]
async fn another_tenants_ids_name_nothing() {
    let ballast = Ballast::start().await;
    let (tenant, other) = (ballast.tenant().await, ballast.tenant().await);
    let owned = Owned::create(&tenant).await;
    let before = owned.read(&tenant).await;
    for (operation, call) in table(&owned) {
        match call.foreign {
            Foreign::NotFound => drop(call.send(&operation, &other).await.problem(404)),
            Foreign::Platform => drop(call.send(&operation, &other).await.problem(403)),
            Foreign::Own | Foreign::Refused => {}
        }
    }
    for (operation, call) in table(&owned) {
        let refused = call.foreign == Foreign::Refused;
        if !refused && call.foreign != Foreign::Own {
            continue;
        }
        // Who logs out, or goes for good, has nothing more to ask for.
        let leaving = operation.contains("logout") || operation == "DELETE /api/v1/users/me";
        let answer = if leaving {
            call.send(&operation, &ballast.tenant().await.client).await
        } else {
            call.send(&operation, &other).await
        };
        let expected = if refused { 400..500 } else { 200..300 };
        assert!(expected.contains(&answer.status), "{operation}: {}", answer.body);
        assert!(
            !answer.body.contains("Mine") && !answer.body.contains(&owned.task),
            "{operation}: {}",
            answer.body
        );
    }
    assert_eq!(owned.read(&tenant).await, before, "nothing changed");
}
