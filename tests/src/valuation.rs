//! Bodies of requests for valuations.

use serde_json::{Value, json};

use crate::Client;

/// Where runs are.
pub const RUNS: &str = "/api/v1/runs";
/// Where scenarios are.
pub const SCENARIOS: &str = "/api/v1/scenarios";

/// The inputs of the reference cases, with an exit multiple and a price.
pub fn inputs() -> Value {
    json!({
        "ticker": "AAPL", "revenue": "1000", "growth": [0.12, 0.1, 0.09, 0.08, 0.06], "ebit_margin": 0.18,
        "tax_rate": 0.25, "depreciation": 0.04, "capital_expenditure": 0.05, "working_capital": 0.1,
        "wacc": 0.09, "terminal_growth": 0.025, "exit_multiple": 11, "debt": "350", "shares": "120",
        "price": "18.00"
    })
}

/// A run of these inputs.
pub fn run() -> Value {
    json!({"inputs": inputs()})
}

/// A run that is simulated by so many trials.
pub fn simulated(trials: u64) -> Value {
    json!({"inputs": inputs(), "mc_settings": {"trials": trials, "volPP": 2, "marginVolPP": 1, "corrGM": 0.3, "seed": 42}})
}

/// A scenario of this name.
pub fn scenario(name: &str) -> Value {
    json!({"name": name, "inputs": inputs()})
}

/// The inputs of a reference case.
pub fn inputs_of(case: &Value) -> Value {
    let given = &case["inputs"];
    let mut inputs = json!({
        "ticker": "ORACLE", "revenue": given["revenue"], "growth": given["growth"],
        "ebit_margin": given["ebit_margin"], "tax_rate": given["tax"], "depreciation": given["da_pct"],
        "capital_expenditure": given["capex_pct"], "working_capital": given["nwc_pct"], "wacc": given["wacc"],
        "terminal_growth": given["g"], "exit_multiple": given["exit_multiple"], "net_debt": given["net_debt"],
        "shares": given["shares"], "mid_year": given["mid_year"].as_bool().unwrap_or(false)
    });
    if let Some(stage) = given.get("stage2") {
        inputs["fade"] =
            json!({"years": stage["years"], "start": stage["start_growth"], "end": stage["end_growth"]});
    }
    let grid = [("wacc_grid", "wacc"), ("g_grid", "terminal_growth"), ("mult_grid", "exit_multiple")];
    for (name, axis) in grid.into_iter().filter(|(name, _)| given.get(name).is_some()) {
        inputs["sensitivity"][axis] = given[name].clone();
    }
    inputs
}

impl Client {
    /// A new run.
    pub async fn run(&self, body: &Value) -> Value {
        self.post(RUNS, body).await.data(201)
    }
}
