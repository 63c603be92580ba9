//! The rows of valuations.

use e2e::{
    Tenant,
    valuation::{RUNS, SCENARIOS, run, scenario},
};
use serde_json::json;

use super::{Call, Content, Foreign};

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

    pub(super) fn calls(&self) -> Vec<(&'static str, Call)> {
        let (a_run, a_scenario) = (format!("{RUNS}/{}", self.run), format!("{SCENARIOS}/{}", self.scenario));
        let note = "/api/v1/notes/AAPL".to_owned();
        let nothing = |path, foreign| Call { path, content: Content::Nothing, foreign };
        let json = |path, body, foreign| Call { path, content: Content::Json(body), foreign };
        let several = json!({"scenarios": [scenario("Theirs")]});
        let report = "/api/v1/tasks/reports/valuation".to_owned();
        vec![
            ("GET /api/v1/runs", nothing(RUNS.to_owned(), Foreign::Own)),
            ("POST /api/v1/runs", json(RUNS.to_owned(), run(), Foreign::Own)),
            ("GET /api/v1/runs/last", nothing(format!("{RUNS}/last"), Foreign::NotFound)),
            ("GET /api/v1/runs/{id}", nothing(a_run.clone(), Foreign::NotFound)),
            ("DELETE /api/v1/runs/{id}", nothing(a_run, Foreign::NotFound)),
            (
                "POST /api/v1/tasks/reports/valuation",
                json(report, json!({"run_id": self.run}), Foreign::NotFound),
            ),
            ("GET /api/v1/scenarios", nothing(SCENARIOS.to_owned(), Foreign::Own)),
            ("POST /api/v1/scenarios", json(SCENARIOS.to_owned(), several, Foreign::Own)),
            (
                "GET /api/v1/scenarios/compare",
                nothing(format!("{SCENARIOS}/compare?ticker=AAPL"), Foreign::Own),
            ),
            ("PUT /api/v1/scenarios/{id}", json(a_scenario.clone(), scenario("Theirs"), Foreign::NotFound)),
            ("DELETE /api/v1/scenarios/{id}", nothing(a_scenario, Foreign::NotFound)),
            ("GET /api/v1/notes/{ticker}", nothing(note.clone(), Foreign::NotFound)),
            ("GET /api/v1/notes/{ticker}/versions", nothing(format!("{note}/versions"), Foreign::NotFound)),
            ("POST /api/v1/notes/{ticker}", json(note, json!({"content": "Theirs"}), Foreign::Own)),
        ]
    }
}
