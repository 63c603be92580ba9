//! The rows of tasks.

use serde_json::{Value, json};

use super::call::{Call, not_found, own};
use super::owned::Owned;

pub(super) fn calls(Owned { portfolio, task, .. }: &Owned) -> Vec<Call> {
    let with = |name: &str, value: Value| json!({"portfolio_id": portfolio, name: value});
    let alone = json!({"portfolio_id": portfolio});
    vec![
        not_found("POST /api/v1/tasks/risk/monte-carlo").json(alone.clone()),
        not_found("POST /api/v1/tasks/risk/var-cvar").json(alone.clone()),
        not_found("POST /api/v1/tasks/risk/stress-test").json(with("reverse_stress", json!([0.1]))),
        not_found("POST /api/v1/tasks/risk/efficient-frontier").json(alone.clone()),
        not_found("POST /api/v1/tasks/portfolio/optimize")
            .json(with("optimization_params", json!({"method": "hrp"}))),
        not_found("POST /api/v1/tasks/portfolio/rebalance").json(with("target_weights", json!({"AAPL": 1}))),
        not_found("POST /api/v1/tasks/portfolio/performance-analysis").json(alone.clone()),
        not_found("POST /api/v1/tasks/reports/portfolio").json(alone.clone()),
        not_found("POST /api/v1/tasks/reports/risk").json(alone),
        own("POST /api/v1/tasks/exports").json(json!({})),
        own("GET /api/v1/tasks"),
        own("GET /api/v1/tasks/active"),
        not_found("GET /api/v1/tasks/{id}/status").at(task),
        not_found("GET /api/v1/tasks/{id}/result").at(task),
        not_found("GET /api/v1/tasks/{id}/charts/{name}").at(task).at("histogram.svg"),
        not_found("DELETE /api/v1/tasks/{id}").at(task),
    ]
}
