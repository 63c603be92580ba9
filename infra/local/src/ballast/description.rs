//! The API's description: all functions' operations in one OpenAPI 3.1 document.

use utoipa::openapi::{
    InfoBuilder, License, OpenApi, OpenApiBuilder,
    tag::{Tag, TagBuilder},
};

/// What a newcomer reads first.
const INTRODUCTION: &str = include_str!("introduction.md");
/// The parts of the API, in the order in which they are read.
const TAGS: [(&str, &str); 14] = [
    ("auth", "Accounts and sessions: the way to a token."),
    ("users", "The people of a tenant."),
    ("api-keys", "How programs get in."),
    ("tenant", "The team itself: its settings and its usage."),
    ("platform", "What runs the platform: tenants and signing keys, for `super_admin` alone."),
    ("audit", "Who did what, and the proof that nobody changed it since."),
    ("portfolios", "Named lists of holdings, by quantity or by weight."),
    ("transactions", "A portfolio's ledger, and what follows from it: positions, gains, returns."),
    ("prices", "Daily closes, which portfolios are valued with."),
    ("valuation", "What companies are worth: runs, scenarios and notes."),
    ("risk", "Calculations to submit. Each becomes a task."),
    ("reports", "Documents to hand on: PDF, workbooks, JSON, CSV."),
    ("portfolio", "Optimisations, rebalancing and analyses to submit. Each becomes a task."),
    ("tasks", "Follow, fetch and cancel what was submitted."),
];

/// Two functions that describe different things by one name.
#[derive(Debug, thiserror::Error)]
#[error("{function} describes another {name} than a function before it; name one of them differently")]
pub struct Clash {
    function: &'static str,
    name: String,
}

/// The description of each function with routes, by its logical id in the template.
pub fn descriptions() -> [(&'static str, OpenApi); 8] {
    [
        ("IdentityFunction", identity::door().into_openapi()),
        ("AccountsFunction", identity::accounts().into_openapi()),
        ("PasskeysFunction", identity::passkeys().into_openapi()),
        ("AuditFunction", audit::openapi()),
        ("PortfoliosFunction", portfolios::openapi()),
        ("TasksFunction", tasks::openapi()),
        ("ValuationFunction", valuation::openapi()),
        ("SystemFunction", system::openapi()),
    ]
}

/// The description of all.
///
/// # Errors
/// When two functions name different things alike.
pub fn description() -> Result<OpenApi, Clash> {
    let info = InfoBuilder::new()
        .title("Ballast")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(INTRODUCTION))
        .license(Some(License::new("Proprietary")))
        .build();
    let tag =
        |(name, text): (&str, &str)| -> Tag { TagBuilder::new().name(name).description(Some(text)).build() };
    let mut all = OpenApiBuilder::new().info(info).tags(Some(TAGS.map(tag))).build();
    for (function, own) in descriptions() {
        check(&all, function, &own)?;
        all.merge(own);
    }
    web::openapi::complete(&mut all);
    Ok(all)
}

/// A merge keeps the first of two schemas with one name, which is right only where they are the same.
fn check(all: &OpenApi, function: &'static str, own: &OpenApi) -> Result<(), Clash> {
    let schemas = |api: &OpenApi| api.components.clone().unwrap_or_default().schemas;
    let known = schemas(all);
    let differs = |(name, schema): &(String, _)| known.get(name).is_some_and(|known| known != schema);
    match schemas(own).into_iter().find(differs) {
        Some((name, _)) => Err(Clash { function, name }),
        None => Ok(()),
    }
}

/// The description as it is written to `functions/system/openapi.json`.
///
/// # Errors
/// When two functions name different things alike, or what they describe is no JSON.
pub fn document() -> Result<String, crate::BoxError> {
    Ok(serde_json::to_string_pretty(&description()?)? + "\n")
}
