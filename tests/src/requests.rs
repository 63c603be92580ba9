//! Bodies of requests that many tests send.

use serde_json::{Value, json};

use crate::data;

/// Three assets and four days.
pub fn small_portfolio() -> Value {
    json!({
        "weights": [0.4, 0.3, 0.3],
        "historical_returns": [
            [0.011, -0.004, 0.002], [-0.007, 0.003, 0.001], [0.004, 0.001, -0.002], [-0.012, 0.006, 0.005]
        ]
    })
}

/// A simulation that takes no time.
pub fn small_simulation() -> Value {
    json!({"portfolio_data": small_portfolio(), "num_simulations": 1000, "time_horizon": 5, "seed": 1})
}

/// VaR and CVaR of the small portfolio.
pub fn small_var_cvar() -> Value {
    json!({"portfolio_data": small_portfolio(), "confidence_levels": [0.9], "horizons": [1, 10]})
}

/// A portfolio of the first three symbols of the shared prices, with the returns of all days.
pub fn real_portfolio() -> Value {
    json!({"weights": [0.4, 0.3, 0.3], "historical_returns": data::returns(&data::symbols()[..3])})
}

/// A portfolio to be stored, held by weight.
pub fn stored_portfolio(name: &str) -> Value {
    json!({
        "name": name,
        "base_currency": "USD",
        "holdings": [
            {"symbol": "AAPL", "weight": "0.5"}, {"symbol": "JNJ", "weight": "0.3"}, {"symbol": "CVX", "weight": "0.2"}
        ]
    })
}

/// Cash that the owner puts into a portfolio.
pub fn deposit(amount: &str) -> Value {
    json!({"kind": "deposit", "date": "2024-01-02", "amount": amount})
}

/// `body` with one field at `pointer` set.
pub fn with(mut body: Value, pointer: &str, value: Value) -> Value {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    body.pointer_mut(parent).unwrap()[name] = value;
    body
}
