//! What the demo needs: its user, real prices, a portfolio. What a data folder already has is used again.

use local::BoxError;
use reqwest::StatusCode;
use serde::Deserialize;
use serde_json::json;

use super::{
    api::{Api, Refused},
    number::grouped,
};

pub const EMAIL: &str = "user@example.com";
/// No secret: the stack listens on this machine only. The same password stands as the example in the API's description.
pub const PASSWORD: &str = "correct horse battery";
const TENANT: &str = "Analytical Capital";
const PORTFOLIO: &str = "Core equities";
const PRICES: &str = include_str!("../../../../../tests/data/prices/prices.csv");
const HOLDINGS: [(&str, &str); 8] = [
    ("AAPL", "1200"),
    ("BAC", "3000"),
    ("CVX", "600"),
    ("HD", "350"),
    ("JNJ", "700"),
    ("KO", "1500"),
    ("MSFT", "650"),
    ("UNH", "220"),
];

/// The demo's tenant, ready to be worked with.
pub struct Demo {
    pub portfolio_id: String,
    /// What the mail of the registration answers, where the user was registered just now.
    pub verification: Option<Asked>,
}

/// A challenge that a mailed code answers.
#[derive(Deserialize)]
pub struct Asked {
    pub challenge_id: String,
}

#[derive(Deserialize)]
struct Tokens {
    access_token: String,
    verification: Option<Asked>,
}

#[derive(Deserialize)]
struct Series {
    symbol: String,
    rows: u64,
    from: String,
    to: String,
}

#[derive(Deserialize)]
struct Portfolio {
    id: String,
    name: String,
}

/// Logs in, loads the prices and finds or makes the portfolio; tells each step.
pub async fn prepare(api: &mut Api) -> Result<Demo, BoxError> {
    let Tokens { access_token, verification } = enter(api).await?;
    api.token = access_token;
    println!("\n  Tenant      {TENANT}: {EMAIL}, password \"{PASSWORD}\"");

    let loaded: Vec<Series> = api.post_csv("/api/v1/prices", PRICES).await?;
    let symbols: Vec<&str> = loaded.iter().map(|series| series.symbol.as_str()).collect();
    if let Some(first) = loaded.first() {
        let rows = grouped(first.rows as f64, 0);
        println!("  Prices      {rows} daily closes each of {}", symbols.join(" "));
        println!("              {} to {}", first.from, first.to);
    }

    let portfolio = portfolio(api).await?;
    println!("  Portfolio   {PORTFOLIO}: {} holdings, {}\n", HOLDINGS.len(), portfolio.id);
    Ok(Demo { portfolio_id: portfolio.id, verification })
}

/// Registers, or logs in where a data folder knows the user already.
async fn enter(api: &Api) -> Result<Tokens, BoxError> {
    let user = json!({ "email": EMAIL, "password": PASSWORD, "name": "Ada Lovelace", "tenant_name": TENANT });
    match api.post("/api/v1/auth/register", &user).await {
        Err(error) if is_conflict(&error) => {
            api.post("/api/v1/auth/login", &json!({ "email": EMAIL, "password": PASSWORD })).await
        }
        entered => entered,
    }
}

fn is_conflict(error: &BoxError) -> bool {
    error.downcast_ref::<Refused>().is_some_and(|refused| refused.status == StatusCode::CONFLICT)
}

async fn portfolio(api: &Api) -> Result<Portfolio, BoxError> {
    let known: Vec<Portfolio> = api.get("/api/v1/portfolios?limit=200").await?;
    if let Some(portfolio) = known.into_iter().find(|portfolio| portfolio.name == PORTFOLIO) {
        return Ok(portfolio);
    }
    let holdings = HOLDINGS.map(|(symbol, quantity)| json!({ "symbol": symbol, "quantity": quantity }));
    let new = json!({ "name": PORTFOLIO, "base_currency": "USD", "holdings": holdings });
    api.post("/api/v1/portfolios", &new).await
}
