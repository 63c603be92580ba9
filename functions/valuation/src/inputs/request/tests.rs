use serde_json::{Value, json};

use domain::Invalid;

use super::InputsRequest;
use crate::inputs::Inputs;

fn base() -> Value {
    json!({
        "ticker": "aapl", "revenue": "1000", "growth": [0.12, 0.1, 0.09, 0.08, 0.06], "ebit_margin": 0.18,
        "tax_rate": 0.25, "depreciation": 0.04, "capital_expenditure": 0.05, "working_capital": 0.1,
        "wacc": 0.09, "terminal_growth": 0.025, "debt": 350, "shares": 120
    })
}

fn with(changes: &Value) -> Value {
    let mut body = base();
    for (name, value) in changes.as_object().unwrap() {
        if value.is_null() {
            body.as_object_mut().unwrap().remove(name);
        } else {
            body[name] = value.clone();
        }
    }
    body
}

fn parse(changes: &Value) -> Result<Inputs, Vec<(String, String)>> {
    let request: InputsRequest = serde_json::from_value(with(changes)).unwrap();
    let pairs = |Invalid(errors)| errors.into_iter().map(|error| (error.pointer, error.detail)).collect();
    request.parse().map_err(pairs)
}

fn pointers(changes: &Value) -> Vec<String> {
    parse(changes).unwrap_err().into_iter().map(|(pointer, _)| pointer).collect()
}

#[test]
fn every_name_and_unit_says_the_same() {
    let base = parse(&json!({})).unwrap();
    for alias in [
        json!({"wacc": null, "waccPct": 9}),
        json!({"ebit_margin": null, "ebitMargin": 0.18}),
        json!({"ebit_margin": null, "ebitMarginPct": [18, 18, 18, 18, 18]}),
        json!({"tax_rate": null, "taxRatePct": 25}),
        json!({"terminal_growth": null, "termGrowth": 0.025}),
        json!({"terminal_growth": null, "terminalGrowth": 0.025}),
        json!({"terminal_growth": null, "termGrowthPct": 2.5}),
        json!({"debt": null, "netDebt": 350}),
        json!({"midYear": false}),
        json!({"capital_expenditure": null, "capitalExpenditure": 0.05}),
        json!({"working_capital": null, "workingCapital": [0.1, 0.1, 0.1, 0.1, 0.1]}),
        json!({"minorityInterest": 0, "terminalMethod": "gordon"}),
    ] {
        assert_eq!(parse(&alias).unwrap(), base, "{alias}");
    }
    let faded = parse(&json!({"growth": null, "growth_y1": 0.08, "years": 3})).unwrap();
    assert!((faded.growth[1] - 0.0525).abs() < 1e-15);
    assert_eq!((faded.growth.len(), faded.growth[0], faded.growth[2]), (3, 0.08, 0.025));
    for alias in [json!({"growthY1": 0.08}), json!({"growthY1Pct": 8})] {
        let mut changes = json!({"growth": null, "years": 3});
        changes.as_object_mut().unwrap().extend(alias.as_object().unwrap().clone());
        assert_eq!(parse(&changes).unwrap(), faded);
    }
    let cash = parse(&json!({"debt": null, "netDebt": -50})).unwrap();
    assert_eq!((cash.debt, cash.cash), (0.into(), 50.into()));
}

#[test]
fn camel_case_names_are_taken_within_parts_too() {
    let snake = json!({"risk_free_rate": 0.035, "beta": 1.15, "equity_risk_premium": 0.05, "cost_of_debt": 0.055,
        "tax_rate": 0.25, "debt_weight": 0.2, "target_debt_weight": 0.3});
    let camel = json!({"riskFreeRate": 0.035, "beta": 1.15, "equityRiskPremium": 0.05, "costOfDebt": 0.055,
        "taxRate": 0.25, "debtWeight": 0.2, "targetDebtWeight": 0.3});
    let own = json!({"wacc": null, "capital": snake, "exit_multiple": 9,
        "sensitivity": {"wacc": [0.08], "terminal_growth": [0.02], "exit_multiple": [9]}});
    let alias = json!({"wacc": null, "capital": camel, "exitMultiple": 9,
        "sensitivity": {"wacc": [0.08], "terminalGrowth": [0.02], "exitMultiple": [9]}});
    assert_eq!(parse(&alias).unwrap(), parse(&own).unwrap());
}

#[test]
fn inputs_can_be_sent_again_as_they_were_answered() {
    let inputs =
        parse(&json!({"options": [{"count": 5, "strike": "12.50"}], "price": 18, "exit_multiple": 11,
        "fade": {"years": 5}, "sensitivity": {"wacc": [0.08, 0.09]}}))
        .unwrap();
    assert_eq!(inputs.growth.len(), 10);
    let again: InputsRequest = serde_json::from_value(serde_json::to_value(&inputs).unwrap()).unwrap();
    assert_eq!(again.parse().unwrap(), inputs);
}

#[test]
fn a_mixed_up_unit_is_named_where_it_was_written() {
    let errors = parse(&json!({"wacc": 9})).unwrap_err();
    assert_eq!(errors[0].0, "/wacc");
    assert!(errors[0].1.contains("fraction") && errors[0].1.contains("0.09 means 9 %"), "{errors:?}");
    assert_eq!(pointers(&json!({"wacc": null, "waccPct": 900})), ["/waccPct"]);
    assert_eq!(pointers(&json!({"growth": null, "growthY1": 8})), ["/growthY1"]);
    assert_eq!(pointers(&json!({"wacc": null, "waccPct": 0.09})), ["/waccPct", "/terminal_growth"]);
    assert_eq!(pointers(&json!({"tax_rate": null, "taxRatePct": 0.25})), ["/taxRatePct"]);
    assert_eq!(pointers(&json!({"ebit_margin": null, "ebitMarginPct": 0.18})), ["/ebitMarginPct"]);
    assert_eq!(pointers(&json!({"growth": null, "growthY1Pct": 0.08})), ["/growthY1Pct"]);
    assert_eq!(pointers(&json!({"terminal_growth": null, "termGrowthPct": 0.025})), ["/termGrowthPct"]);
    assert!(parse(&json!({"terminal_growth": null, "termGrowthPct": 0.5})).is_ok());
    assert_eq!(pointers(&json!({"growth": [0.1, 12, 0.1]})), ["/growth/1"]);
    assert_eq!(pointers(&json!({"ebit_margin": 18, "tax_rate": 25})), ["/ebit_margin", "/tax_rate"]);
    assert_eq!(pointers(&json!({"terminal_growth": 0.09})), ["/terminal_growth"]);
    assert!(parse(&json!({"terminal_growth": 0.1})).unwrap_err()[0].1.contains("below the WACC of 0.09"));
}

#[test]
fn a_growth_at_fault_is_told_once_where_it_was_given() {
    for (changes, pointer) in [
        (json!({"growth": null, "growth_y1": 0.08, "terminal_growth": 2.5}), "/terminal_growth"),
        (json!({"growth": null, "growthY1Pct": 8, "terminal_growth": 2.5}), "/terminal_growth"),
        (json!({"growth": null, "growth_y1": 8}), "/growth_y1"),
        (json!({"fade": {"years": 5, "end": 2.5}}), "/fade/end"),
        (json!({"fade": {"years": 5, "start": 3}}), "/fade/start"),
        (json!({"fade": {"years": 5}, "terminal_growth": 2.5}), "/terminal_growth"),
        (json!({"growth": [0.1, 12], "fade": {"years": 5}}), "/growth/1"),
    ] {
        assert_eq!(pointers(&changes), [pointer], "{changes}");
    }
}

#[test]
fn what_was_given_in_percent_is_told_in_percent() {
    for (changes, told) in [
        (
            json!({"wacc": null, "waccPct": 900}),
            "must be in percent above 0 and at most 50 (9 means 9 %), but is 900",
        ),
        (
            json!({"growth": null, "growthY1Pct": 207}),
            "must be in percent from -99 to 200 (8 means 8 %), but is 207",
        ),
        (
            json!({"ebit_margin": null, "ebitMarginPct": 107}),
            "must be in percent from -200 to 100 (20 means 20 %), but is 107",
        ),
        (
            json!({"tax_rate": null, "taxRatePct": 101}),
            "must be in percent from 0 to 100 (25 means 25 %), but is 101",
        ),
        (
            json!({"terminal_growth": null, "termGrowthPct": 30}),
            "must be in percent from -20 to 20 (2.5 means 2.5 %), but is 30",
        ),
        (json!({"terminal_growth": null, "termGrowthPct": 14}), "must be below the WACC of 9 %, but is 14 %"),
    ] {
        assert_eq!(parse(&changes).unwrap_err()[0].1, told, "{changes}");
    }
}

#[test]
fn a_small_figure_among_percents_is_no_mix_up() {
    let margins = |list: Value| json!({"ebit_margin": null, "ebitMarginPct": list});
    let inputs = parse(&margins(json!([-8, 0.5, 6, 10, 12]))).unwrap();
    assert_eq!(inputs.ebit_margin.unwrap(), [-0.08, 0.005, 0.06, 0.1, 0.12]);
    assert_eq!(pointers(&margins(json!([-0.08, 0, 0.06, 0.1, 0.12]))), ["/ebitMarginPct"]);
    assert!(parse(&margins(json!([0, 0, 0, 0, 0]))).is_ok());
}

#[test]
fn rates_next_to_nothing_are_kept_as_none() {
    let kept = parse(&json!({"wacc": null,
        "capital": {"risk_free_rate": 1e-200, "beta": 1, "equity_risk_premium": 0.05, "cost_of_debt": 1e-300,
            "tax_rate": 1e-131, "debt_weight": 1e-200, "target_debt_weight": 1e-200},
        "sensitivity": {"wacc": [1e-200, 0.09], "terminal_growth": [-1e-200]}}))
    .unwrap();
    let text = serde_json::to_string(&kept).unwrap();
    assert!(!text.contains("e-"), "{text}");
}

#[test]
fn all_faults_are_told_at_once() {
    let all = json!({"ticker": "a b", "revenue": 0, "shares": -1, "debt": -5, "price": 0, "currency": "usd"});
    assert_eq!(pointers(&all), ["/ticker", "/currency", "/revenue", "/debt", "/shares", "/price"]);
    let missing = json!({"revenue": null, "growth": null, "ebit_margin": null, "tax_rate": null, "wacc": null,
        "terminal_growth": null, "shares": null});
    let expected =
        ["/terminal_growth", "/growth", "/ebit_margin", "/wacc", "/tax_rate", "/revenue", "/shares"];
    assert_eq!(pointers(&missing), expected);
    let twice = json!({"waccPct": 9, "growthY1": 0.1, "ebitda_margin": 0.2, "net_debt": 1});
    assert_eq!(pointers(&twice), ["/debt", "/growthY1", "/ebitda_margin", "/waccPct"]);
    assert_eq!(pointers(&json!({"tax_rate": [0.1], "years": 4})), ["/growth", "/tax_rate"]);
    assert_eq!(pointers(&json!({"fade": {"years": 16}})), ["/fade/years"]);
    assert_eq!(pointers(&json!({"years": 21})), ["/years"]);
    assert_eq!(pointers(&json!({"terminal_method": "exit_multiple"})), ["/exit_multiple"]);
    assert_eq!(pointers(&json!({"options": [{"count": -1, "strike": 1}]})), ["/options/0/count"]);
    assert_eq!(pointers(&json!({"sensitivity": {"wacc": []}})), ["/sensitivity/wacc"]);
    let multiples = json!({"exit_multiple": 11, "sensitivity": {"exit_multiple": [0, 11]}});
    assert_eq!(pointers(&multiples), ["/sensitivity/exit_multiple"]);
    let unused = json!({"sensitivity": {"exit_multiple": [10, 11]}});
    assert_eq!(pointers(&unused), ["/sensitivity/exit_multiple"]);
    for (name, net) in [("net_debt", 2e15), ("netDebt", -2e15)] {
        let mut changes = json!({"debt": null});
        changes[name] = json!(net);
        assert_eq!(pointers(&changes), [format!("/{name}")]);
    }
}

#[test]
fn a_cost_of_capital_is_built_or_refused() {
    let capital = json!({"risk_free_rate": 0.035, "beta": 1.15, "equity_risk_premium": 0.05, "cost_of_debt": 0.055,
        "tax_rate": 0.25, "debt_weight": 0.2});
    let built = parse(&json!({"wacc": null, "capital": capital})).unwrap();
    assert!((built.assumptions().unwrap().0.wacc - 0.08225).abs() < 1e-15);
    let mut percent = capital.clone();
    percent["cost_of_debt"] = json!(5.5);
    assert_eq!(pointers(&json!({"wacc": null, "capital": percent})), ["/capital/cost_of_debt"]);
    assert_eq!(pointers(&json!({"capital": capital})), ["/capital"]);
}
