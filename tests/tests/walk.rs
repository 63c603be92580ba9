//! Every operation of the description: with no token, with too little permission, and with another tenant's ids.

mod valuation;

use std::collections::BTreeMap;

use e2e::{Ballast, Client, InProcess, Options, Tenant, VAR_CVAR, requests};
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
}

/// What the owner has.
#[derive(Default)]
struct Owned {
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
        Self {
            portfolio: portfolio["id"].as_str().unwrap().to_owned(),
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
            format!("/api/v1/tasks/{}/status", self.task),
            format!("/api/v1/tasks/{}/result", self.task),
            "/api/v1/prices/AAPL".to_owned(),
        ]
        .into_iter()
        .chain(self.valuation.paths())
        {
            all.push(tenant.get(&path).await.expect(200).body);
        }
        all
    }
}

/// Every operation; one that is missing here fails the test.
fn table(owned: &Owned) -> BTreeMap<String, Call> {
    use Content::{Csv, Json, Nothing};
    let Owned { portfolio, ledger, transaction, task, valuation } = owned;
    let (transactions, of_ledger) = (format!("/api/v1/portfolios/{ledger}/transactions"), |part: &str| {
        format!("/api/v1/portfolios/{ledger}/{part}")
    });
    let by_id = json!({"portfolio_id": portfolio});
    let calls = [
        ("GET /api/v1/auth/me", "/api/v1/auth/me".to_owned(), Nothing, Foreign::Own),
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
        ("GET /api/v1/tasks", "/api/v1/tasks".to_owned(), Nothing, Foreign::Own),
        ("GET /api/v1/tasks/active", "/api/v1/tasks/active".to_owned(), Nothing, Foreign::Own),
        ("GET /api/v1/tasks/{id}/status", format!("/api/v1/tasks/{task}/status"), Nothing, Foreign::NotFound),
        ("GET /api/v1/tasks/{id}/result", format!("/api/v1/tasks/{task}/result"), Nothing, Foreign::NotFound),
        ("DELETE /api/v1/tasks/{id}", format!("/api/v1/tasks/{task}"), Nothing, Foreign::NotFound),
        // The last, as it ends the session.
        ("POST /api/v1/auth/logout", "/api/v1/auth/logout".to_owned(), Nothing, Foreign::Own),
    ];
    let calls =
        calls.into_iter().map(|(name, path, content, foreign)| (name, Call { path, content, foreign }));
    calls.chain(valuation.calls()).map(|(name, call)| (name.to_owned(), call)).collect()
}

/// Operations that need no token.
const OPEN: [&str; 11] = [
    "GET /",
    "GET /api/v1/status",
    "GET /docs",
    "GET /docs/{file}",
    "GET /health",
    "GET /openapi.json",
    "GET /redoc",
    "GET /redoc/{file}",
    "POST /api/v1/auth/login",
    "POST /api/v1/auth/refresh",
    "POST /api/v1/auth/register",
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
    assert_eq!(names(open), OPEN);
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

#[tokio::test]
async fn with_too_little_permission_nothing_is_done() {
    let Some(ballast) = InProcess::start(Options::default()).await else { return };
    let tenant = ballast.tenant().await;
    let owned = Owned::create(&tenant).await;
    let before = owned.read(&tenant).await;
    let nobody = tenant.with_token(&ballast.mint(&tenant, "roles", json!([])));
    let viewer = tenant.with_token(&ballast.mint(&tenant, "roles", json!(["viewer"])));
    let operations = operations(&ballast).await;
    let mut seen = 0;
    for (operation, call) in table(&owned) {
        let permission = operations[&operation].clone().unwrap();
        let problem = call.send(&operation, &nobody).await.problem(403);
        assert!(problem.detail().contains(&permission), "{operation}: {}", problem.detail());
        let writes = permission.ends_with(":write") && permission != "account:write";
        if writes {
            assert_eq!(call.send(&operation, &viewer).await.problem(403).kind(), "forbidden", "{operation}");
        } else {
            let answer = call.send(&operation, &viewer).await;
            assert!([200, 204].contains(&answer.status), "{operation}: {}", answer.body);
            seen += 1;
        }
    }
    assert_eq!(seen, 20, "what a viewer may do");
    assert_eq!(owned.read(&tenant).await, before, "nothing changed");
}

#[tokio::test]
async fn another_tenants_ids_name_nothing() {
    let ballast = Ballast::start().await;
    let (tenant, other) = (ballast.tenant().await, ballast.tenant().await);
    let owned = Owned::create(&tenant).await;
    let before = owned.read(&tenant).await;
    let (foreign, own): (Vec<_>, Vec<_>) =
        table(&owned).into_iter().partition(|(_, call)| call.foreign == Foreign::NotFound);
    for (operation, call) in foreign {
        call.send(&operation, &other).await.problem(404);
    }
    for (operation, call) in own {
        let answer = call.send(&operation, &other).await;
        assert!(answer.status < 300, "{operation}: {}", answer.body);
        assert!(
            !answer.body.contains("Mine") && !answer.body.contains(&owned.task),
            "{operation}: {}",
            answer.body
        );
    }
    assert_eq!(owned.read(&tenant).await, before, "nothing changed");
}
