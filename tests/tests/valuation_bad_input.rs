//! Valuations that can't be: each is refused with its unit and its place, and nothing is kept.

use e2e::{
    Ballast, Tenant,
    requests::with,
    valuation::{RUNS, inputs, run, simulated},
};
use serde_json::{Value, json};

async fn refused(tenant: &Tenant, body: &Value, pointer: &str, reason: &str) {
    let problem = tenant.post(RUNS, body).await.problem(422);
    assert_eq!(problem.pointers(), [pointer], "{body}: {problem:?}");
    assert!(problem.about(pointer).contains(reason), "{problem:?}");
}

#[tokio::test]
async fn figures_out_of_range_are_told_with_their_unit() {
    let tenant = Ballast::start().await.tenant().await;
    for (name, value, reason) in [
        ("wacc", json!(9), "a fraction above 0 and at most 0.5 (0.09 means 9 %), but is 9"),
        ("wacc", json!(0), "above 0"),
        ("wacc", json!(-0.1), "above 0"),
        ("terminal_growth", json!(2.5), "a fraction from -0.2 to 0.2"),
        ("terminal_growth", json!(0.09), "must be below the WACC of 0.09, but is 0.09"),
        ("terminal_growth", json!(0.15), "must be below the WACC of 0.09, but is 0.15"),
        ("tax_rate", json!(25), "(0.25 means 25 %)"),
        ("ebit_margin", json!(18), "(0.2 means 20 %)"),
        ("depreciation", json!(-0.01), "from 0 to 1"),
        ("growth", json!(12), "(0.08 means 8 %), but is 12"),
        ("revenue", json!("0"), "above 0"),
        ("revenue", json!("-1000"), "above 0"),
        ("revenue", json!("1e400"), "decimal"),
        ("shares", json!(0), "above 0"),
        ("debt", json!("-1"), "from 0"),
        ("price", json!("0"), "above 0"),
        ("exit_multiple", json!(0), "above 0"),
        ("ticker", json!("A B"), "symbol"),
        ("ticker", json!("../x"), "symbol"),
        ("ticker", json!("=1+1;"), "symbol"),
        ("ticker", json!("AÄ"), "symbol"),
        ("currency", json!("dollars"), "ISO 4217"),
        ("growthY2", json!(0.1), "unknown field"),
        ("waccPct", json!(9), "together with wacc"),
        ("years", json!(4), ""),
        ("options", json!([{"count": 1}]), "missing field"),
    ] {
        let body = with(run(), &format!("/inputs/{name}"), value);
        let pointer = match name {
            "years" => "/inputs/growth".to_owned(),
            "options" => "/inputs/options/0".to_owned(),
            name => format!("/inputs/{name}"),
        };
        refused(&tenant, &body, &pointer, reason).await;
    }
    for growth in [json!([]), json!(vec![0.01; 21])] {
        refused(&tenant, &with(run(), "/inputs/growth", growth), "/inputs/growth", "1 to 20 years").await;
    }
    refused(&tenant, &with(run(), "/inputs/growth", json!([0.1, 8, 0.1])), "/inputs/growth/1", "but is 8")
        .await;
    refused(&tenant, &with(run(), "/timestamp", json!("2999-01-01T00:00:00Z")), "/timestamp", "future").await;
    refused(&tenant, &with(run(), "/timestamp", json!("yesterday")), "/timestamp", "").await;
    refused(&tenant, &with(run(), "/more", json!(1)), "/more", "unknown field").await;
    assert_eq!(tenant.get(RUNS).await.data(200), json!([]), "nothing was kept");
}

#[tokio::test]
async fn a_fault_is_told_once_and_in_the_unit_of_its_name() {
    let tenant = Ballast::start().await.tenant().await;
    let without = |name: &str| {
        let mut body = run();
        body["inputs"].as_object_mut().unwrap().remove(name);
        body
    };
    let fade = json!({"years": 5, "end": 2.5});
    refused(&tenant, &with(run(), "/inputs/fade", fade), "/inputs/fade/end", "but is 2.5").await;
    let body = with(
        with(without("growth"), "/inputs/growth_y1", json!(0.08)),
        "/inputs/terminal_growth",
        json!(2.5),
    );
    refused(&tenant, &body, "/inputs/terminal_growth", "but is 2.5").await;
    let percent = with(without("wacc"), "/inputs/waccPct", json!(900));
    refused(&tenant, &percent, "/inputs/waccPct", "at most 50 (9 means 9 %), but is 900").await;
    let net = with(without("debt"), "/inputs/netDebt", json!(2e15));
    refused(&tenant, &net, "/inputs/netDebt", "from -1e15 to 1e15").await;
    let axes = json!({"exit_multiple": [9, 10]});
    let body = with(without("exit_multiple"), "/inputs/sensitivity", axes);
    refused(&tenant, &body, "/inputs/sensitivity/exit_multiple", "needs an exit_multiple").await;
}

#[tokio::test]
async fn all_faults_are_told_at_once() {
    let tenant = Ballast::start().await.tenant().await;
    let body = json!({"inputs": {"ticker": "AAPL", "ebit_margin": 18, "wacc": 9, "terminal_growth": 2.5}});
    let problem = tenant.post(RUNS, &body).await.problem(422);
    let pointers = ["growth", "tax_rate", "revenue", "shares", "ebit_margin", "wacc", "terminal_growth"];
    assert_eq!(problem.pointers(), pointers.map(|name| format!("/inputs/{name}")));
    assert!(
        problem.about("/inputs/wacc").contains("fraction")
            && problem.about("/inputs/shares") == "is required"
    );
}

#[tokio::test]
async fn simulations_that_can_not_be_are_refused() {
    let tenant = Ballast::start().await.tenant().await;
    let settings = |settings: Value| json!({"inputs": inputs(), "mc_settings": settings});
    let correlated =
        |rows: Value| settings(json!({"volPP": 2, "marginVolPP": 1, "waccVolPP": 1, "correlation": rows}));
    let indefinite = json!([[1, 0.9, -0.9, 0], [0.9, 1, 0.9, 0], [-0.9, 0.9, 1, 0], [0, 0, 0, 1]]);
    let lopsided = json!([[1, 0.5, 0, 0], [0.4, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]);
    let growth = |distribution: Value| settings(json!({"distributions": {"growth": distribution}}));
    for (body, pointer, reason) in [
        (correlated(indefinite), "/correlation", "positive semidefinite"),
        (correlated(lopsided), "/correlation", "symmetric"),
        (
            correlated(json!([[2, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]])),
            "/correlation",
            "1 on its diagonal",
        ),
        (correlated(json!([[1, 0], [0, 1]])), "/correlation", "4 rows"),
        (correlated(json!([[1, 0, 0], [0]])), "/correlation", "row 1"),
        (settings(json!({"volPP": 2, "corrGM": 1.5})), "/corrGM", "from -1 to 1"),
        (settings(json!({"trials": 0, "volPP": 2})), "/trials", "1 to 1000000"),
        (settings(json!({"trials": 1_000_001, "volPP": 2})), "/trials", "1 to 1000000"),
        (settings(json!({"volPP": 2, "seed": 1_u64 << 53})), "/seed", "9007199254740991"),
        (settings(json!({"volPP": 200})), "/volPP", "percentage points"),
        (settings(json!({"growth_volatility": 2})), "/growth_volatility", "as a fraction"),
        (settings(json!({"volPP": 2, "growth_volatility": 0.02})), "/growth_volatility", "together"),
        (settings(json!({"trials": 10})), "", "at least one assumption uncertain"),
        (
            growth(json!({"kind": "lognormal", "mean": -0.1, "standard_deviation": 0.1})),
            "/distributions/growth/mean",
            "above 0",
        ),
        // Its variance is beyond any number, and its draws are none.
        (
            growth(json!({"kind": "lognormal", "mean": 1e-200, "standard_deviation": 0.05})),
            "/distributions/growth/standard_deviation",
            "at most 10 times the mean",
        ),
        (
            settings(
                json!({"distributions": {"wacc": {"kind": "normal", "mean": 9, "standard_deviation": 2}}}),
            ),
            "/distributions/wacc/mean",
            "a fraction above 0 and at most 0.5 (0.09 means 9 %), but is 9",
        ),
        (
            growth(json!({"kind": "normal", "standard_deviation": 2})),
            "/distributions/growth/standard_deviation",
            "0.02 means 2 percentage points",
        ),
        (
            growth(json!({"kind": "pert", "minimum": 5, "maximum": 20})),
            "/distributions/growth/minimum",
            "0.08 means 8 %",
        ),
        (settings(json!({"volPP": 0.02})), "/volPP", "looks like a fraction"),
        (
            growth(json!({"kind": "triangular", "minimum": 0.2, "maximum": 0.1})),
            "/distributions/growth/maximum",
            "above",
        ),
        (
            growth(json!({"kind": "pert", "minimum": 0.2, "maximum": 0.3})),
            "/distributions/growth/mode",
            "from the minimum",
        ),
        (
            growth(json!({"kind": "normal", "standard_deviation": -1})),
            "/distributions/growth/standard_deviation",
            "from 0",
        ),
        (growth(json!({"kind": "uniform", "minimum": 0})), "/distributions/growth/kind", "unknown variant"),
        (
            settings(
                json!({"distributions": {"exit_multiple": {"kind": "pert", "minimum": 9, "maximum": 13}}}),
            ),
            "/distributions/exit_multiple",
            "terminal method",
        ),
    ] {
        let problem = tenant.post(RUNS, &body).await.problem(422);
        let pointer = format!("/mc_settings{pointer}");
        // A volatility given twice is told at one of its names.
        let pointers = problem.pointers();
        assert_eq!(pointers.len(), 1, "{body}: {problem:?}");
        assert!(pointers[0] == pointer || pointers[0] == "/mc_settings/volPP", "{body}: {problem:?}");
        let told = problem.about(pointers[0]);
        assert!(told.contains(reason), "{told}");
    }
    let mut without =
        settings(json!({"distributions": {"exit_multiple": {"kind": "pert", "minimum": 9, "maximum": 13}}}));
    without["inputs"].as_object_mut().unwrap().remove("exit_multiple");
    let problem = tenant.post(RUNS, &without).await.problem(422);
    let pointer = "/mc_settings/distributions/exit_multiple";
    assert_eq!(problem.pointers(), [pointer]);
    assert!(problem.about(pointer).contains("needs the terminal method"), "{problem:?}");
    assert!(tenant.task_ids().await.is_empty() && tenant.get(RUNS).await.data(200) == json!([]));
    let exit = with(simulated(100), "/inputs/terminal_method", json!("exit_multiple"));
    let pert = json!({"exit_multiple": {"kind": "pert", "minimum": 9, "maximum": 13}});
    tenant.run(&with(exit, "/mc_settings/distributions", pert)).await;
}
