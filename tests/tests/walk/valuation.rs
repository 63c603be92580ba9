//! The rows of valuations.

use e2e::{
    Tenant,
    valuation::{RUNS, SCENARIOS, run, scenario},
};
use serde_json::json;

use super::call::{Call, not_found, own};

/// What the owner has of valuations.
#[derive(Default)]
pub(super) struct Owned {
    run: String,
    scenario: String,
}

impl Owned {
    pub(super) async fn create(tenant: &Tenant) -> Self {
        let run = tenant.run(&run()).await;
        let scenarios = tenant.post(SCENARIOS, &json!({"scenarios": [scenario("Mine")]})).await.data(201);
        tenant.post("/api/v1/notes/AAPL", &json!({"content": "Mine"})).await.expect(200);
        let id = |value: &serde_json::Value| value["id"].as_str().unwrap().to_owned();
        Self { run: id(&run), scenario: id(&scenarios[0]) }
    }

    /// Where the owner reads it.
    pub(super) fn paths(&self) -> [String; 3] {
        [format!("{RUNS}/{}", self.run), SCENARIOS.to_owned(), "/api/v1/notes/AAPL".to_owned()]
    }

    pub(super) fn calls(&self) -> Vec<Call> {
        let Self { run: a_run, scenario: a_scenario } = self;
        vec![
            own("GET /api/v1/runs"),
            own("POST /api/v1/runs").json(run()),
            not_found("GET /api/v1/runs/last"),
            not_found("GET /api/v1/runs/{id}").at(a_run),
            not_found("DELETE /api/v1/runs/{id}").at(a_run),
            not_found("POST /api/v1/tasks/reports/valuation").json(json!({"run_id": a_run})),
            own("GET /api/v1/scenarios"),
            own("POST /api/v1/scenarios").json(json!({"scenarios": [scenario("Theirs")]})),
            own("GET /api/v1/scenarios/compare").query("ticker=AAPL"),
            not_found("PUT /api/v1/scenarios/{id}").at(a_scenario).json(scenario("Theirs")),
            not_found("DELETE /api/v1/scenarios/{id}").at(a_scenario),
            not_found("GET /api/v1/notes/{ticker}").at("AAPL"),
            not_found("GET /api/v1/notes/{ticker}/versions").at("AAPL"),
            own("POST /api/v1/notes/{ticker}").at("AAPL").json(json!({"content": "Theirs"})),
        ]
    }
}
