//! Reports and charts, over HTTP and real prices.

use e2e::{
    Ballast, EFFICIENT_FRONTIER, MONTE_CARLO, OPTIMIZE, PERFORMANCE_ANALYSIS, REBALANCE, STRESS_TEST, Tenant,
    VAR_CVAR, data, fetched, requests, valuation,
};
use serde_json::{Value, json};

const PORTFOLIO: &str = "/api/v1/tasks/reports/portfolio";
const RISK: &str = "/api/v1/tasks/reports/risk";
const VALUATION: &str = "/api/v1/tasks/reports/valuation";

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
    let problem = tenant.get(&format!("/api/v1/tasks/{task}/charts/fan.svg")).await.problem(404);
    assert!(problem.detail().contains("histogram.svg"), "{}", problem.detail());
    let levels = json!({"portfolio_id": id, "confidence_levels": [0.57, 0.995], "num_simulations": 500});
    let task = tenant.submit(MONTE_CARLO, &levels).await;
    tenant.ended(&task).await;
    let chart = tenant.get(&format!("/api/v1/tasks/{task}/charts/histogram.svg")).await.expect(200);
    assert!(chart.body.contains("VaR 57%") && chart.body.contains("VaR 99.5%"), "{}", chart.body);
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
        assert!(problem.pointers().contains(&pointer), "{pointer}");
    }
    let request = json!({"portfolio_id": id, "format": "docx"});
    tenant.post(PORTFOLIO, &request).await.problem(422);
    tenant.post(PORTFOLIO, &json!({"portfolio_id": id, "benchmark": "NONE"})).await.problem(422);
    tenant.post(RISK, &json!({"portfolio_id": id, "benchmark": "SP500"})).await.problem(422);
}

/// A number as pages show it: with so many decimals and groups of thousands.
fn shown(value: &Value, decimals: usize) -> String {
    let digits = format!("{:.decimals$}", value.as_f64().unwrap().abs());
    let (whole, fraction) = digits.split_at(digits.find('.').unwrap_or(digits.len()));
    let groups: Vec<&str> =
        whole.as_bytes().rchunks(3).rev().map(|group| std::str::from_utf8(group).unwrap()).collect();
    let sign = if value.as_f64().unwrap() < 0.0 { "−" } else { "" };
    format!("{sign}{}{fraction}", groups.join(","))
}

fn percent(value: &Value, decimals: usize) -> String {
    format!("{}%", shown(&json!(value.as_f64().unwrap() * 100.0), decimals))
}

fn text(pdf: &[u8]) -> String {
    let text = pdf_extract::extract_text_from_mem(pdf).unwrap();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn pages_say_what_the_json_result_says() {
    let (_ballast, tenant, id) = with_portfolio().await;
    let request = |format: &str| json!({"portfolio_id": id, "format": format, "benchmark": "SP500", "num_simulations": 500, "risk_free_rate": 0.02});
    let json = fetched(&tenant.compute(PORTFOLIO, &request("json")).await).await;
    let report: Value = serde_json::from_slice(&json).unwrap();
    let pages = text(&fetched(&tenant.compute(PORTFOLIO, &request("pdf")).await).await);
    let figures = [
        percent(&report["performance"]["annual_return"], 2),
        percent(&report["performance"]["annual_volatility"], 2),
        shown(&report["performance"]["sharpe"], 2),
        percent(&report["drawdowns"][0]["depth"], 1),
        percent(&report["risk"][0]["value_at_risk"], 2),
        percent(&report["risk"][0]["conditional_value_at_risk"], 2),
        percent(&report["stress"][0]["change"], 1),
        shown(&report["simulation"]["percentiles"][4]["value"], 0),
    ];
    for figure in figures {
        assert!(pages.contains(&figure), "{figure} is on no page");
    }
}

#[tokio::test]
async fn a_valuation_s_report_has_the_figures_of_its_run() {
    let tenant = Ballast::start().await.tenant().await;
    let run = tenant.run(&valuation::simulated(2_000)).await;
    let request = |format: &str| json!({"run_id": run["id"], "format": format});
    let file = tenant.compute(VALUATION, &request("json")).await;
    let report: Value = serde_json::from_slice(&fetched(&file).await).unwrap();
    let (dcf, outcome) = (&run["result"]["valuation"], &run["simulation"]["outcome"]);
    let near = |pointer: &str, expected: &Value| {
        let (found, expected) =
            (report.pointer(pointer).unwrap().as_f64().unwrap(), expected.as_f64().unwrap());
        assert!((found - expected).abs() <= 1e-12 * expected.abs(), "{pointer}: {found}, not {expected}");
    };
    near("/value_per_share", &dcf["value_per_share"]);
    near("/enterprise_value", &dcf["enterprise_value"]);
    near("/implied_growth", &dcf["reverse"]["growth"]["annual"]);
    near("/forecast/4/free_cash_flow", &dcf["years"][4]["free_cash_flow"]);
    near("/terminal_values/0/present_value", &dcf["gordon"]["present_value"]);
    near("/terminal_values/1/value_per_share", &dcf["exit_multiple"]["bridge"]["value_per_share"]);
    near("/sensitivities/0/values/2/2", &dcf["sensitivity"]["wacc_by_growth"]["value_per_share"][2][2]);
    near("/trials/percentiles/4/value", &outcome["value_per_share"]["percentiles"][49]["value"]);
    near("/trials/drivers/0/rank_correlation", &outcome["tornado"][0]["rank_correlation"]);
    let bridge = report["bridge"].as_array().unwrap();
    let sum: f64 = bridge[..4].iter().map(|item| item["amount"].as_f64().unwrap()).sum();
    assert!((sum - bridge[4]["amount"].as_f64().unwrap()).abs() < 1e-9);
    let pages = text(&fetched(&tenant.compute(VALUATION, &request("pdf")).await).await);
    for figure in [
        shown(&dcf["value_per_share"], 2),
        shown(&dcf["years"][2]["free_cash_flow"], 1),
        shown(&dcf["gordon"]["terminal_value"], 1),
        percent(&dcf["reverse"]["growth"]["annual"], 1),
    ] {
        assert!(pages.contains(&figure), "{figure} is on no page");
    }
    for (format, start) in [("xlsx", b"PK".as_slice()), ("csv", b"\xef\xbb\xbfReport,")] {
        let file = tenant.compute(VALUATION, &request(format)).await;
        assert!(fetched(&file).await.starts_with(start), "{format}");
        assert_eq!(file["sha256"], tenant.compute(VALUATION, &request(format)).await["sha256"]);
    }
}

#[tokio::test]
async fn a_valuation_by_multiple_without_a_price_has_a_report_too() {
    let tenant = Ballast::start().await.tenant().await;
    let mut body = valuation::run();
    body["inputs"]["terminal_method"] = json!("exit_multiple");
    body["inputs"]["options"] = json!([{"count": "5", "strike": "12.00"}]);
    body["inputs"].as_object_mut().unwrap().remove("price");
    let run = tenant.run(&body).await;
    let file = tenant.compute(VALUATION, &json!({"run_id": run["id"], "format": "json"})).await;
    let report: Value = serde_json::from_slice(&fetched(&file).await).unwrap();
    assert_eq!(report["bridge"][0]["amount"], report["terminal_values"][1]["enterprise_value"]);
    assert_eq!((&report["price"], &report["trials"]), (&Value::Null, &Value::Null));
    tenant.compute(VALUATION, &json!({"run_id": run["id"]})).await;
}

#[tokio::test]
async fn a_valuation_s_report_needs_a_run() {
    let ballast = Ballast::start().await;
    let (tenant, other) = (ballast.tenant().await, ballast.tenant().await);
    let run = tenant.run(&valuation::run()).await;
    other.post(VALUATION, &json!({"run_id": run["id"]})).await.problem(404);
    tenant.post(VALUATION, &json!({"run_id": "run_01KAJ5M3S0Q5T3Y9WBQ0V6F2ZN"})).await.problem(404);
    for wrong in [json!({}), json!({"run_id": "x"}), json!({"run_id": run["id"], "benchmark": "SP500"})] {
        tenant.post(VALUATION, &wrong).await.problem(422);
    }
}

#[tokio::test]
async fn what_shows_holdings_takes_the_permission_to_see_them() {
    let (_ballast, tenant, id) = with_portfolio().await;
    let key = async |permissions: &[&str]| {
        let wanted = json!({"name": "Reports", "permissions": permissions, "expires_in_days": 1});
        let made = tenant.post("/api/v1/api-keys", &wanted).await.data(201);
        tenant.with_token(made["key"].as_str().unwrap())
    };
    let blind = key(&["tasks:read", "tasks:write"]).await;
    let seeing = key(&["tasks:read", "tasks:write", "portfolios:read"]).await;
    let by_id = json!({"portfolio_id": id});
    let optimise = json!({"portfolio_id": id, "optimization_params": {"method": "equal_weight"}});
    let rebalance = json!({"portfolio_id": id, "target_weights": {"AAPL": 1.0}});
    let stress = json!({"portfolio_id": id, "reverse_stress": [0.25]});
    for (route, request) in [
        (PORTFOLIO, &by_id),
        (RISK, &by_id),
        (MONTE_CARLO, &by_id),
        (VAR_CVAR, &by_id),
        (STRESS_TEST, &stress),
        (EFFICIENT_FRONTIER, &by_id),
        (PERFORMANCE_ANALYSIS, &by_id),
        (OPTIMIZE, &optimise),
        (REBALANCE, &rebalance),
    ] {
        let problem = blind.post(route, request).await.problem(403);
        assert!(problem.detail().contains("portfolios:read"), "{route}: {}", problem.detail());
    }
    let quick = json!({"portfolio_id": id, "format": "csv", "num_simulations": 500});
    for (route, request, chart) in
        [(PORTFOLIO, &quick, None), (RISK, &quick, None), (MONTE_CARLO, &by_id, Some("fan"))]
    {
        let task = seeing.submit(route, request).await;
        seeing.ended(&task).await;
        let result = format!("/api/v1/tasks/{task}/result");
        let chart = chart.map(|chart| format!("/api/v1/tasks/{task}/charts/{chart}.svg"));
        for path in std::iter::once(result).chain(chart) {
            blind.get(&path).await.problem(403);
            seeing.get(&path).await.expect(200);
        }
    }
    let simulated = valuation::simulated(100_001);
    let run = tenant.run(&simulated).await;
    let task = run["task_id"].as_str().unwrap();
    tenant.ended(task).await;
    for path in ["result", "charts/histogram.svg"] {
        let path = format!("/api/v1/tasks/{task}/{path}");
        seeing.get(&path).await.problem(403);
        tenant.get(&path).await.expect(200);
    }
}

#[tokio::test]
async fn a_report_that_would_take_too_long_is_refused() {
    let (_ballast, tenant, _) = with_portfolio().await;
    let factors = data::factors_csv();
    tenant.request("POST", "/api/v1/prices").body("text/csv", factors.clone()).await.expect(200);
    let symbols = factors.lines().next().unwrap().split(',').skip(1).map(str::to_owned);
    let symbols = data::symbols().into_iter().chain(symbols);
    let holdings: Vec<Value> = symbols.map(|symbol| json!({"symbol": symbol, "quantity": "1"})).collect();
    let wide = json!({"name": "Wide", "base_currency": "USD", "holdings": holdings});
    let id = tenant.post("/api/v1/portfolios", &wide).await.data(201)["id"].clone();
    let request = json!({"portfolio_id": id, "num_simulations": 200_000, "time_horizon": 2_520});
    for report in [PORTFOLIO, RISK] {
        let problem = tenant.post(report, &request).await.problem(422);
        assert_eq!(problem.pointers(), ["/num_simulations"], "{}", problem.detail());
    }
}

#[tokio::test]
async fn cash_is_told_beside_what_is_invested() {
    let (_ballast, tenant, _) = with_portfolio().await;
    let empty = json!({"name": "By transactions", "base_currency": "USD", "holdings": []});
    let ledger = tenant.post("/api/v1/portfolios", &empty).await.data(201);
    let id = ledger["id"].as_str().unwrap();
    let path = format!("/api/v1/portfolios/{id}/transactions");
    tenant.post(&path, &requests::deposit("100000.00")).await.expect(201);
    let buy =
        json!({"kind": "buy", "date": "2024-01-03", "symbol": "AAPL", "quantity": "10", "price": "100"});
    tenant.post(&path, &buy).await.expect(201);
    let request = |format: &str| json!({"portfolio_id": id, "format": format, "num_simulations": 500, "to": "2022-12-28"});
    let json = fetched(&tenant.compute(PORTFOLIO, &request("json")).await).await;
    let report: Value = serde_json::from_slice(&json).unwrap();
    assert_eq!((&report["basis"], &report["cash"]), (&json!("invested"), &json!("99000.00")));
    let told = |warning: &str| report["warnings"].to_string().contains(warning);
    assert!(told("without its cash") && !told("The last day on which"), "{}", report["warnings"]);
    let csv = String::from_utf8(fetched(&tenant.compute(PORTFOLIO, &request("csv")).await).await).unwrap();
    assert!(csv.contains("Invested, without cash") && csv.contains("without its cash"), "{csv}");
}
