//! Runs: computed, kept, listed, simulated, deleted; and the reference cases through the API.

use e2e::{
    Ballast, InProcess, Options, data, eventually,
    requests::with,
    valuation::{RUNS, inputs, inputs_of, run, simulated},
};
use jiff::SignedDuration;
use serde_json::{Value, json};

fn agree(case: &Value, key: &str, found: &Value, expected: &Value) {
    let (found, expected) = (found.as_f64().unwrap_or(f64::NAN), expected.as_f64().unwrap());
    assert!(
        (found - expected).abs() <= 1e-9 * (1.0 + expected.abs()),
        "{} {key}: {found} {expected}",
        case["id"]
    );
}

#[tokio::test]
async fn the_reference_cases_agree() {
    let tenant = Ballast::start().await.tenant().await;
    let mut seen = 0;
    for case in data::oracle("dcf", "dcf/") {
        let (id, expected) = (case["id"].as_str().unwrap(), &case["expected"]);
        let body = json!({"inputs": inputs_of(&case)});
        if expected.get("error").is_some() {
            let problem = tenant.post(RUNS, &body).await.problem(422);
            assert_eq!(problem.pointers(), ["/inputs/terminal_growth"]);
            assert!(problem.detail().contains("must be below the WACC of 0.09"), "{}", problem.detail());
            seen += 1;
            continue;
        }
        let valuation = tenant.run(&body).await["result"]["valuation"].clone();
        let method =
            if id.contains("exit_multiple") { &valuation["exit_multiple"] } else { &valuation["gordon"] };
        let figures = [
            ("pv_explicit", &valuation["present_value_of_cash_flows"]),
            ("terminal_value", &method["terminal_value"]),
            ("pv_terminal", &method["present_value"]),
            ("ev", &method["bridge"]["enterprise_value"]),
            ("equity", &method["bridge"]["equity_value"]),
            ("per_share", &method["bridge"]["value_per_share"]),
            ("tv_share", &method["share_of_enterprise_value"]),
            ("implied_exit_multiple", &method["implied_exit_multiple"]),
            ("implied_growth_end_year", &method["implied_growth_end_year"]),
        ];
        for (key, found) in figures.into_iter().filter(|(key, _)| expected[key].is_number()) {
            agree(&case, key, found, &expected[key]);
        }
        let grid = if id.contains("multiple") { "wacc_by_multiple" } else { "wacc_by_growth" };
        let grid = &valuation["sensitivity"][grid];
        for (key, found) in [("per_share", "value_per_share"), ("ev", "enterprise_value")] {
            for (row, expected) in expected[key].as_array().into_iter().flatten().enumerate() {
                for (column, expected) in expected.as_array().unwrap().iter().enumerate() {
                    agree(&case, key, &grid[found][row][column], expected);
                }
            }
        }
        for (year, expected) in valuation["years"]
            .as_array()
            .unwrap()
            .iter()
            .zip(expected["years"].as_array().into_iter().flatten())
        {
            for (key, found) in [
                ("revenue", "revenue"),
                ("ebit", "ebit"),
                ("nopat", "nopat"),
                ("fcf", "free_cash_flow"),
                ("ebitda", "ebitda"),
            ] {
                agree(&case, key, &year[found], &expected[key]);
            }
        }
        for (year, expected) in expected["fcf"].as_array().into_iter().flatten().enumerate() {
            agree(&case, "fcf", &valuation["years"][year]["free_cash_flow"], expected);
        }
        seen += 1;
    }
    assert_eq!(seen, 9);
}

#[tokio::test]
async fn a_run_is_kept_as_it_was_computed() {
    let tenant = Ballast::start().await.tenant().await;
    let body = with(run(), "/timestamp", json!("2026-01-02T03:04:05Z"));
    let answer = tenant.post(RUNS, &body).await.expect(201);
    let location = answer.header("location").to_owned();
    let created = answer.data(201);
    assert_eq!(location, format!("{RUNS}/{}", created["id"].as_str().unwrap()));
    let figures =
        json!({"enterprise_value": "2479.05", "equity_value": "2129.05", "value_per_share": "17.7421"});
    assert_eq!((&created["figures"], &created["currency"]), (&figures, &json!("USD")));
    assert_eq!(
        (&created["simulation"], &created["timestamp"]),
        (&Value::Null, &json!("2026-01-02T03:04:05Z"))
    );
    let result = &created["result"];
    assert_eq!(
        (&result["inputs"]["revenue"], &result["inputs"]["tax_rate"]),
        (&json!("1000"), &json!([0.25, 0.25, 0.25, 0.25, 0.25]))
    );
    let valuation = &result["valuation"];
    assert!((valuation["upside"].as_f64().unwrap() - (17.742_068_012_495_345 / 18.0 - 1.0)).abs() < 1e-12);
    assert_eq!(valuation["reverse"]["growth"]["outcome"], "unique");
    assert_eq!(
        valuation["sensitivity"]["wacc_by_growth"]["value_per_share"][2][2],
        valuation["value_per_share"]
    );
    assert_eq!(valuation["warnings"], json!(["growth_drops_after_last_year"]));

    let read = tenant.get(&location).await.expect(200);
    assert_eq!(read.body, tenant.get(&format!("{RUNS}/last")).await.expect(200).body);
    assert_eq!(read.data(200), created);
    let again = json!({"inputs": result["inputs"]});
    assert_eq!(tenant.run(&again).await["result"], *result, "inputs can be sent again as they were answered");

    tenant.delete(&location).await.expect(204);
    for path in [location.as_str(), "/api/v1/runs/run_01KAJ5M3S0Q5T3Y9WBQ0V6F2ZN", "/api/v1/runs/x"] {
        tenant.get(path).await.problem(404);
        tenant.delete(path).await.problem(404);
    }
}

#[tokio::test]
async fn runs_are_listed_by_company_the_newest_first() {
    let tenant = Ballast::start().await.tenant().await;
    tenant.get(&format!("{RUNS}/last")).await.problem(404);
    for (ticker, wacc) in [("AAPL", 0.08), ("BRK.B", 0.081), ("AAPL", 0.082), ("AAPL", 0.083)] {
        let body = with(with(run(), "/inputs/ticker", json!(ticker)), "/inputs/wacc", json!(wacc));
        tenant.run(&body).await;
    }
    let wacc = |run: &Value| run["result"]["valuation"]["wacc"].clone();
    let last = |query: &str| {
        let request = tenant.get(&format!("{RUNS}/last{query}"));
        async { wacc(&request.await.data(200)) }
    };
    assert_eq!((last("").await, last("?ticker=brk.b").await), (json!(0.083), json!(0.081)));
    tenant.get(&format!("{RUNS}/last?ticker=MSFT")).await.problem(404);
    let (mut tickers, mut cursor) = (Vec::new(), Some(String::new()));
    while let Some(next) = cursor {
        let page = tenant.get(&format!("{RUNS}?ticker=AAPL&limit=2{next}")).await.expect(200).json();
        tickers.extend(page["data"].as_array().unwrap().iter().map(|run| run["ticker"].clone()));
        assert!(page["data"][0].get("result").is_none(), "lists are short");
        cursor = page["next_cursor"].as_str().map(|cursor| format!("&cursor={cursor}"));
        if let Some(cursor) = &cursor {
            tenant.get(&format!("{RUNS}?ticker=BRK.B{cursor}")).await.problem(400);
        }
    }
    assert_eq!(tickers, ["AAPL", "AAPL", "AAPL"]);
    assert_eq!(tenant.get(RUNS).await.data(200).as_array().unwrap().len(), 4);
    for query in ["limit=0", "limit=201", "ticker=a%20b", "ticker=", "unknown=1", "cursor=x"] {
        tenant.get(&format!("{RUNS}?{query}")).await.problem(400);
    }
}

#[tokio::test]
async fn every_name_and_unit_gives_the_same_value() {
    let tenant = Ballast::start().await.tenant().await;
    let value = tenant.run(&run()).await["result"]["valuation"]["value_per_share"].clone();
    for (own, alias, figure) in [
        ("wacc", "waccPct", json!(9)),
        ("ebit_margin", "ebitMargin", json!(0.18)),
        ("ebit_margin", "ebitMarginPct", json!(18)),
        ("tax_rate", "taxRate", json!(0.25)),
        ("terminal_growth", "termGrowth", json!(0.025)),
        ("terminal_growth", "termGrowthPct", json!(2.5)),
        ("exit_multiple", "exitMultiple", json!(11)),
        ("debt", "netDebt", json!(350)),
        ("capital_expenditure", "capitalExpenditure", json!(0.05)),
        ("working_capital", "workingCapital", json!(0.1)),
    ] {
        let mut body = with(run(), &format!("/inputs/{alias}"), figure);
        body["inputs"].as_object_mut().unwrap().remove(own);
        assert_eq!(tenant.run(&body).await["result"]["valuation"]["value_per_share"], value, "{alias}");
    }
    let mut faded = inputs();
    faded.as_object_mut().unwrap().remove("growth");
    let [own, camel, percent] = [("growth_y1", 0.08), ("growthY1", 0.08), ("growthY1Pct", 8.0)]
        .map(|(name, growth)| json!({"inputs": with(faded.clone(), &format!("/{name}"), json!(growth))}));
    let expected = tenant.run(&own).await["result"].clone();
    let growth = expected["inputs"]["growth"].as_array().unwrap();
    assert_eq!((growth.len(), &growth[0], &growth[4]), (5, &json!(0.08), &json!(0.025)));
    assert!((growth[2].as_f64().unwrap() - 0.0525).abs() < 1e-15);
    for body in [camel, percent] {
        assert_eq!(tenant.run(&body).await["result"], expected);
    }
}

#[tokio::test]
async fn a_cost_of_capital_is_built_step_by_step() {
    let tenant = Ballast::start().await.tenant().await;
    let case = data::oracle("dcf", "wacc/").remove(0);
    let (given, expected) = (&case["inputs"], &case["expected"]);
    let number = |name: &str| given[name].as_f64().unwrap();
    let mut body = run();
    body["inputs"].as_object_mut().unwrap().remove("wacc");
    body["inputs"]["capital"] = json!({
        "risk_free_rate": given["rf"], "beta": given["beta_l"], "equity_risk_premium": given["erp"],
        "cost_of_debt": given["kd"], "tax_rate": given["tax"], "debt_weight": number("D") / (number("D") + number("E")),
        "target_debt_weight": number("target_DE") / (1.0 + number("target_DE"))
    });
    let result = tenant.run(&body).await["result"].clone();
    for key in [
        "cost_of_equity",
        "wacc",
        "unlevered_beta",
        "relevered_beta",
        "wacc_at_target",
        "cost_of_equity_at_target",
    ] {
        agree(&case, key, &result["cost_of_capital"][key], &expected[key]);
    }
    assert_eq!(result["valuation"]["wacc"], result["cost_of_capital"]["wacc_at_target"]);
}

#[tokio::test]
async fn a_simulation_is_repeatable_to_the_last_bit() {
    let tenant = Ballast::start().await.tenant().await;
    let first = tenant.run(&simulated(20_000)).await;
    let second = tenant.run(&simulated(20_000)).await;
    let simulation = &first["simulation"];
    assert_eq!((&simulation["status"], simulation), (&json!("SUCCESS"), &second["simulation"]));
    let outcome = &simulation["outcome"];
    assert_eq!((&outcome["trials"], &outcome["seed"]), (&json!(20_000), &json!(42)));
    assert_eq!(outcome["value_per_share"]["percentiles"].as_array().unwrap().len(), 99);
    assert_eq!(outcome["undefined"]["trials"], 0);
    let drivers: Vec<_> = outcome["tornado"].as_array().unwrap().iter().map(|bar| &bar["driver"]).collect();
    assert_eq!(drivers.len(), 2);
    let settings = &first["result"]["mc_settings"];
    assert_eq!(settings["distributions"]["growth"]["standard_deviation"], 0.02);
    assert_eq!(settings["correlation"][0][1], 0.3);
    let camel = json!({"trials": 20_000, "seed": 42, "growthMarginCorrelation": 0.3, "distributions": {
        "growth": {"kind": "normal", "standardDeviation": 0.02}}, "marginVolatility": 0.01});
    let renamed = tenant.run(&with(simulated(20_000), "/mc_settings", camel)).await;
    assert_eq!(&renamed["simulation"], simulation);
    let other = tenant.run(&with(simulated(20_000), "/mc_settings/seed", json!(43))).await;
    assert_ne!(other["simulation"]["outcome"], *outcome);
    let mut unseeded = simulated(100);
    unseeded["mc_settings"].as_object_mut().unwrap().remove("seed");
    let drawn = tenant.run(&unseeded).await;
    assert_eq!(drawn["result"]["mc_settings"]["seed"], drawn["simulation"]["outcome"]["seed"]);
}

#[tokio::test]
async fn a_large_simulation_is_a_task_whose_outcome_the_run_shows() {
    let tenant = Ballast::start().await.tenant().await;
    let created = tenant.run(&simulated(150_000)).await;
    let task = created["task_id"].as_str().unwrap();
    let result = tenant.result(task).await;
    assert_eq!(tenant.status(task).await["type"], "valuation/monte-carlo");
    assert_eq!((&result["trials"], &result["seed"]), (&json!(150_000), &json!(42)));
    let path = format!("{RUNS}/{}", created["id"].as_str().unwrap());
    let read = eventually("the outcome", || async {
        let read = tenant.get(&path).await.data(200);
        read["simulation"]["outcome"].is_object().then_some(read)
    })
    .await;
    assert_eq!((&read["simulation"]["status"], &read["simulation"]["outcome"]), (&json!("SUCCESS"), &result));
    assert_eq!(read["result"], created["result"]);
    let again = tenant.run(&simulated(150_000)).await;
    assert_eq!(tenant.result(again["task_id"].as_str().unwrap()).await, result, "the same bits");
}

#[tokio::test]
async fn an_outcome_stays_with_its_run_when_the_task_is_forgotten() {
    let Some(ballast) = InProcess::start(Options::default()).await else { return };
    let tenant = ballast.tenant().await;
    let created = tenant.run(&simulated(150_000)).await;
    let task = created["task_id"].as_str().unwrap();
    let result = tenant.result(task).await;
    ballast.maintain_after(SignedDuration::from_secs(30)).await;
    ballast.maintain_after(SignedDuration::from_mins(2)).await;
    ballast.delete_item(&tenant, "TASK", task).await;
    let read = tenant.get(&format!("{RUNS}/{}", created["id"].as_str().unwrap())).await.data(200);
    assert_eq!((&read["simulation"]["status"], &read["simulation"]["outcome"]), (&json!("SUCCESS"), &result));
}

#[tokio::test]
async fn trials_without_a_value_are_told() {
    let tenant = Ballast::start().await.tenant().await;
    let body = json!({"inputs": inputs(), "mc_settings": {"trials": 5000, "seed": 1,
        "distributions": {"wacc": {"kind": "normal", "mean": 0.04, "standard_deviation": 0.02}}}});
    let created = tenant.run(&body).await;
    let undefined = &created["simulation"]["outcome"]["undefined"];
    assert!(
        undefined["share"].as_f64().unwrap() > 0.1
            && undefined["trials"] == undefined["wacc_not_above_growth"]
    );
    let outcome = &created["simulation"]["outcome"];
    assert!(outcome["near_growth"]["share"].as_f64().unwrap() > 0.1, "{outcome}");
    assert_eq!(
        (&outcome["near_growth"]["least_spread"], &outcome["warnings"]),
        (&json!(0.01), &json!(["trials_left_out"]))
    );
    let fixed = json!({"kind": "normal", "mean": 0.02, "standard_deviation": 0});
    let never = with(body, "/mc_settings/distributions/wacc", fixed);
    assert_eq!(tenant.post(RUNS, &never).await.problem(422).pointers(), ["/mc_settings"]);
}
