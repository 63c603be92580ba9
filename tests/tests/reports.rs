//! Reports and charts, over HTTP and real prices.

use e2e::{Ballast, EFFICIENT_FRONTIER, MONTE_CARLO, PERFORMANCE_ANALYSIS, Tenant, VAR_CVAR, data, requests};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

const PORTFOLIO: &str = "/api/v1/tasks/reports/portfolio";
const RISK: &str = "/api/v1/tasks/reports/risk";

async fn with_portfolio() -> (Ballast, Tenant, String) {
    let ballast = Ballast::start().await;
    let tenant = ballast.tenant().await;
    for csv in [data::prices_csv(), data::benchmark_csv()] {
        tenant.request("POST", "/api/v1/prices").body("text/csv", csv).await.expect(200);
    }
    let portfolio = tenant.post("/api/v1/portfolios", &requests::stored_portfolio("Core")).await.data(201);
    let id = portfolio["id"].as_str().unwrap().to_owned();
    (ballast, tenant, id)
}

/// The file behind an address, fetched as anybody would: without a token.
async fn fetched(file: &Value) -> Vec<u8> {
    let answer = reqwest::get(file["url"].as_str().unwrap()).await.unwrap();
    assert_eq!(answer.status().as_u16(), 200, "{file}");
    assert_eq!(answer.headers()["content-type"], file["content_type"].as_str().unwrap());
    let disposition = answer.headers()["content-disposition"].to_str().unwrap().to_owned();
    assert!(disposition.starts_with("attachment; filename=\"reports-"), "{disposition}");
    let bytes = answer.bytes().await.unwrap().to_vec();
    assert_eq!(bytes.len() as u64, file["size"].as_u64().unwrap());
    let hash: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hash, file["sha256"].as_str().unwrap());
    bytes
}

#[tokio::test]
async fn a_report_is_made_in_every_format_and_once() {
    let (_ballast, tenant, id) = with_portfolio().await;
    let request = |format: &str| json!({"portfolio_id": id, "format": format, "benchmark": "SP500", "num_simulations": 500, "risk_free_rate": 0.02});
    let starts: [(&str, &[u8]); 4] =
        [("pdf", b"%PDF-1.7"), ("xlsx", b"PK"), ("json", b"{"), ("csv", b"\xef\xbb\xbfReport,")];
    for (format, start) in starts {
        let file = tenant.compute(PORTFOLIO, &request(format)).await;
        assert!(fetched(&file).await.starts_with(start), "{format}");
        let again = tenant.compute(PORTFOLIO, &request(format)).await;
        assert_eq!(file["sha256"], again["sha256"], "{format}");
    }
    let risk =
        tenant.compute(RISK, &json!({"portfolio_id": id, "format": "pdf", "num_simulations": 500})).await;
    assert!(fetched(&risk).await.starts_with(b"%PDF-1.7"));
}

#[tokio::test]
async fn a_report_has_the_figures_of_the_tasks() {
    let (_ballast, tenant, id) = with_portfolio().await;
    let request = json!({
        "portfolio_id": id, "format": "json", "benchmark": "SP500", "num_simulations": 1_000, "seed": 42,
        "risk_free_rate": 0.02
    });
    let file = tenant.compute(PORTFOLIO, &request).await;
    let report: Value = serde_json::from_slice(&fetched(&file).await).unwrap();
    let near = |pointer: &str, expected: &Value| {
        let (found, expected) =
            (report.pointer(pointer).unwrap().as_f64().unwrap(), expected.as_f64().unwrap());
        assert!(
            (found - expected).abs() <= 1e-9 * expected.abs().max(1.0),
            "{pointer}: {found}, not {expected}"
        );
    };
    let request = json!({"portfolio_id": id, "benchmark": {"symbol": "SP500"}, "risk_free_rate": 0.02});
    let analysis = tenant.compute(PERFORMANCE_ANALYSIS, &request).await;
    near("/performance/annual_return", &analysis["figures"]["annual_return"]);
    near("/performance/sharpe", &analysis["ratios"]["sharpe"]);
    near("/performance/beta", &analysis["benchmark"]["beta"]);
    near("/drawdowns/0/depth", &analysis["drawdowns"][0]["depth"]);
    let risk = tenant.compute(VAR_CVAR, &json!({"portfolio_id": id})).await;
    near("/risk/0/value_at_risk", &risk["methods"]["historical"][0]["value_at_risk"]);
    let request = json!({"portfolio_id": id, "num_simulations": 1_000, "seed": 42});
    let simulation = tenant.compute(MONTE_CARLO, &request).await;
    near("/simulation/risk/0/value_at_risk_amount", &simulation["risk"][0]["value_at_risk"]);
    let request = json!({"portfolio_id": id, "points": 30, "risk_free_rate": 0.02});
    let frontier = tenant.compute(EFFICIENT_FRONTIER, &request).await;
    near("/frontier/points/7/volatility", &frontier["points"][7]["figures"]["volatility"]);
    near("/frontier/portfolios/2/expected_return", &frontier["tangency"]["figures"]["expected_return"]);
}

#[tokio::test]
async fn a_file_s_address_names_that_file_alone() {
    let (_ballast, tenant, id) = with_portfolio().await;
    let file =
        tenant.compute(RISK, &json!({"portfolio_id": id, "format": "csv", "num_simulations": 500})).await;
    let url = file["url"].as_str().unwrap();
    let other = url.replacen(&tenant.id.to_lowercase(), "ten_01kaj5m3s0q5t3y9wbq0v6f2zn", 1);
    assert_ne!(url, other, "the address lies in the tenant's own part");
    let (bare, _) = url.split_once('?').unwrap();
    for forged in [other.as_str(), bare] {
        assert!(reqwest::get(forged).await.unwrap().status().is_client_error(), "{forged}");
    }
}

#[tokio::test]
async fn charts_are_pictures_that_run_nothing() {
    let (_ballast, tenant, id) = with_portfolio().await;
    let by_id = json!({"portfolio_id": id});
    for (task, charts) in [
        (MONTE_CARLO, ["fan", "histogram"].as_slice()),
        (EFFICIENT_FRONTIER, &["frontier"]),
        (PERFORMANCE_ANALYSIS, &["drawdown"]),
    ] {
        let task = tenant.submit(task, &by_id).await;
        tenant.ended(&task).await;
        for chart in charts {
            let answer = tenant.get(&format!("/api/v1/tasks/{task}/charts/{chart}.svg")).await.expect(200);
            assert_eq!(answer.header("content-type"), "image/svg+xml");
            assert!(answer.header("content-security-policy").contains("default-src 'none'"));
            assert!(answer.body.starts_with("<svg ") && answer.body.contains("<desc"), "{}", answer.body);
        }
        tenant.get(&format!("/api/v1/tasks/{task}/charts/pie.svg")).await.problem(404);
    }
    let task = tenant.submit(VAR_CVAR, &by_id).await;
    tenant.ended(&task).await;
    tenant.get(&format!("/api/v1/tasks/{task}/charts/histogram.svg")).await.expect(200);
    tenant.get(&format!("/api/v1/tasks/{task}/charts/fan.svg")).await.problem(404);
}

#[tokio::test]
async fn bad_requests_are_told_all_their_faults() {
    let (_ballast, tenant, id) = with_portfolio().await;
    let request = json!({
        "portfolio_id": id, "risk_free_rate": 99, "num_simulations": 1, "time_horizon": 0, "confidence_levels": [95]
    });
    let problem = tenant.post(PORTFOLIO, &request).await.problem(422);
    let pointers = ["/risk_free_rate", "/num_simulations", "/time_horizon", "/confidence_levels/0"];
    for pointer in pointers {
        assert!(problem.pointers().iter().any(|found| *found == pointer), "{pointer}");
    }
    let request = json!({"portfolio_id": id, "format": "docx"});
    tenant.post(PORTFOLIO, &request).await.problem(422);
    tenant.post(PORTFOLIO, &json!({"portfolio_id": id, "benchmark": "NONE"})).await.problem(422);
    tenant.post(RISK, &json!({"portfolio_id": id, "benchmark": "SP500"})).await.problem(422);
}
