//! The rows of portfolios and prices.

use e2e::requests;
use serde_json::json;

use super::call::{Call, not_found, own};
use super::owned::Owned;

pub(super) fn calls(Owned { portfolio, ledger, transaction, .. }: &Owned) -> Vec<Call> {
    let theirs = requests::stored_portfolio("Theirs");
    vec![
        own("GET /api/v1/portfolios"),
        own("POST /api/v1/portfolios").json(theirs.clone()),
        not_found("GET /api/v1/portfolios/{id}").at(portfolio),
        not_found("PUT /api/v1/portfolios/{id}").at(portfolio).json(theirs),
        not_found("DELETE /api/v1/portfolios/{id}").at(portfolio),
        not_found("GET /api/v1/portfolios/{id}/transactions").at(ledger),
        not_found("POST /api/v1/portfolios/{id}/transactions").at(ledger).json(requests::deposit("7.00")),
        not_found("GET /api/v1/portfolios/{id}/transactions/{transaction_id}").at(ledger).at(transaction),
        not_found("POST /api/v1/portfolios/{id}/transactions/{transaction_id}/corrections")
            .at(ledger)
            .at(transaction)
            .json(json!({})),
        not_found("GET /api/v1/portfolios/{id}/positions").at(ledger),
        not_found("GET /api/v1/portfolios/{id}/performance").at(ledger),
        own("GET /api/v1/market-data/report"),
        not_found("GET /api/v1/prices/{symbol}").at("AAPL"),
        own("PUT /api/v1/prices/{symbol}").at("AAPL").csv("date,close\n2024-01-02,7\n"),
        own("POST /api/v1/prices").csv("date,AAPL\n2024-01-02,7\n"),
    ]
}
