//! Every operation of the description: with no token, with too little permission, and with another tenant's ids.

mod call;
mod identity;
mod owned;
mod portfolios;
mod tasks;
mod valuation;

use std::collections::BTreeMap;

use domain::role::Role;
use e2e::{Ballast, Tables};

use call::{Call, Foreign};
use owned::Owned;

/// Every operation that needs a token; one that is missing here fails the test.
fn table(owned: &Owned) -> Vec<Call> {
    let mut calls = identity::calls(owned);
    calls.extend(identity::calls_of_tenants(owned));
    calls.extend(portfolios::calls(owned));
    calls.extend(tasks::calls(owned));
    calls.extend(owned.valuation.calls());
    calls.sort_by_key(|call| call.operation);
    calls
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
    assert_eq!(names(closed), table.iter().map(|call| call.operation).collect::<Vec<_>>());
    assert_eq!(names(open), OPEN.map(|(operation, _)| operation));
}

#[tokio::test]
async fn without_a_token_nothing_is_answered() {
    let ballast = Ballast::start().await;
    let tenant = ballast.tenant().await;
    let owned = Owned::create(&tenant).await;
    let before = owned.read(&tenant).await;
    for call in table(&owned) {
        let answer = call.send(&ballast.visitor()).await;
        assert_eq!((answer.status, answer.header("www-authenticate")), (401, "Bearer"), "{}", call.operation);
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
    // Which the platform's routes ask for besides.
    ballast.give_second_factor(&tenant).await;
    let roles = std::iter::once(None).chain(Role::EVERY.map(Some));
    for role in roles {
        let names: Vec<&str> = role.iter().map(|role| role.as_str()).collect();
        ballast.set_roles(&tenant, &names).await;
        for call in table(&owned) {
            let operation = call.operation;
            let permission = operations[operation].clone().unwrap();
            let permitted = role.is_some_and(|role| role.permits(permission.parse().unwrap()));
            if !permitted {
                let problem = call.send(&tenant).await.problem(403);
                let told = problem.kind() == "forbidden" && problem.detail().contains(&permission);
                assert!(told, "{operation} as {role:?}: {}", problem.detail());
            } else if operation.starts_with("GET ") {
                let answer = call.send(&tenant).await;
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
    for call in table(&owned) {
        match call.foreign {
            Foreign::NotFound => drop(call.send(&other).await.problem(404)),
            Foreign::Platform => drop(call.send(&other).await.problem(403)),
            Foreign::Own | Foreign::Refused => {}
        }
    }
    for call in table(&owned) {
        let operation = call.operation;
        let refused = call.foreign == Foreign::Refused;
        if !refused && call.foreign != Foreign::Own {
            continue;
        }
        // Who logs out, or goes for good, has nothing more to ask for.
        let leaving = operation.contains("logout") || operation == "DELETE /api/v1/users/me";
        let answer =
            if leaving { call.send(&ballast.tenant().await.client).await } else { call.send(&other).await };
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
