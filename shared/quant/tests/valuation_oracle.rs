//! Agreement with the cases of `tests/data/oracle/dcf.json`.

use crate::support::{agree, number, oracle};
use jiff::civil::Date;
use quant::{
    QuantError,
    valuation::{
        Assumptions, Axes, Bond, Capital, Claims, Loan, MarginBasis, TerminalMethod, YearAssumptions,
        cost_of_capital, fade, internal_rates, modified_internal_rate, net_present_value, payback,
        profitability_index, value,
    },
};
use serde_json::Value;

fn case(id: &str) -> Value {
    oracle("dcf").into_iter().find(|case| case["id"] == id).unwrap_or_else(|| panic!("no case {id}"))
}

fn numbers(list: &Value) -> Vec<f64> {
    list.as_array().unwrap().iter().map(number).collect()
}

fn assumptions(inputs: &Value) -> Assumptions {
    let year = |growth: f64| YearAssumptions {
        growth,
        margin: number(&inputs["ebit_margin"]),
        tax_rate: number(&inputs["tax"]),
        depreciation: number(&inputs["da_pct"]),
        capital_expenditure: number(&inputs["capex_pct"]),
        working_capital: number(&inputs["nwc_pct"]),
    };
    let mut growth = numbers(&inputs["growth"]);
    if let Some(stage) = inputs.get("stage2") {
        let years = stage["years"].as_u64().unwrap() as usize;
        growth.extend(fade(number(&stage["start_growth"]), number(&stage["end_growth"]), years).unwrap());
    }
    Assumptions {
        revenue: number(&inputs["revenue"]),
        margin_basis: MarginBasis::Ebit,
        years: growth.into_iter().map(year).collect(),
        wacc: number(&inputs["wacc"]),
        terminal_growth: number(&inputs["g"]),
        exit_multiple: Some(number(&inputs["exit_multiple"])),
        terminal_method: TerminalMethod::Gordon,
        mid_year: inputs["mid_year"].as_bool().unwrap_or(false),
        claims: Claims {
            debt: number(&inputs["net_debt"]),
            shares: number(&inputs["shares"]),
            ..Claims::default()
        },
        price: None,
    }
}

fn dcf(case: &Value) -> quant::valuation::Dcf {
    let assumptions = assumptions(&case["inputs"]);
    value(&assumptions, &Axes::around(&assumptions)).unwrap()
}

#[test]
fn every_case_has_its_test() {
    let mut ids: Vec<String> =
        oracle("dcf").iter().map(|case| case["id"].as_str().unwrap().to_owned()).collect();
    ids.retain(|id| !id.starts_with("bond/"));
    assert_eq!(
        ids,
        [
            "dcf/projection",
            "dcf/gordon_end_year",
            "dcf/exit_multiple_end_year",
            "dcf/gordon_mid_year",
            "dcf/exit_multiple_mid_year",
            "dcf/sensitivity_wacc_growth",
            "dcf/sensitivity_wacc_multiple",
            "dcf/three_stage_fade",
            "dcf/invalid_g_ge_wacc",
            "wacc/capm_hamada",
            "cashflow/npv_irr",
            "tvm/loan"
        ]
    );
}

#[test]
fn the_projection_agrees() {
    let case = case("dcf/projection");
    let expected = case["expected"]["years"].as_array().unwrap();
    let years = dcf(&case).years;
    assert_eq!(years.len(), expected.len());
    for (year, expected) in years.iter().zip(expected) {
        for (key, found) in [
            ("revenue", year.revenue),
            ("ebit", year.ebit),
            ("nopat", year.nopat),
            ("da", year.depreciation),
            ("capex", year.capital_expenditure),
            ("dnwc", year.working_capital_change),
            ("fcf", year.free_cash_flow),
            ("ebitda", year.ebitda),
        ] {
            agree(&case, key, found, &expected[key]);
        }
    }
}

#[test]
fn both_terminal_values_agree_by_both_conventions() {
    for convention in ["end_year", "mid_year"] {
        let gordon = case(&format!("dcf/gordon_{convention}"));
        let result = dcf(&gordon);
        let expected = &gordon["expected"];
        for (key, found) in [
            ("pv_explicit", result.present_value_of_cash_flows),
            ("terminal_value", result.gordon.terminal_value),
            ("pv_terminal", result.gordon.present_value),
            ("ev", result.gordon.bridge.enterprise_value),
            ("equity", result.gordon.bridge.equity_value),
            ("per_share", result.gordon.bridge.value_per_share),
            ("tv_share", result.gordon.share_of_enterprise_value.unwrap()),
            ("implied_exit_multiple", result.gordon.implied_exit_multiple.unwrap()),
        ] {
            agree(&gordon, key, found, &expected[key]);
        }
        // The multiple at the end of the last year gives the same value when it is assumed.
        let end_year = result.gordon.implied_exit_multiple_end_year;
        let assumed = Assumptions { exit_multiple: end_year, ..assumptions(&gordon["inputs"]) };
        let assumed = value(&assumed, &Axes::around(&assumed)).unwrap().exit_multiple.unwrap();
        let (found, wanted) = (assumed.bridge.enterprise_value, result.gordon.bridge.enterprise_value);
        assert!((found / wanted - 1.0).abs() < 1e-12, "{convention}: {found} {wanted}");
        let exit = case(&format!("dcf/exit_multiple_{convention}"));
        let result = dcf(&exit);
        let (expected, found) = (&exit["expected"], result.exit_multiple.unwrap());
        for (key, found) in [
            ("pv_explicit", result.present_value_of_cash_flows),
            ("terminal_value", found.terminal_value),
            ("pv_terminal", found.present_value),
            ("ev", found.bridge.enterprise_value),
            ("equity", found.bridge.equity_value),
            ("per_share", found.bridge.value_per_share),
            ("tv_share", found.share_of_enterprise_value.unwrap()),
            ("implied_growth_end_year", found.implied_growth_end_year.unwrap()),
        ] {
            agree(&exit, key, found, &expected[key]);
        }
    }
}

#[test]
fn the_grids_agree() {
    for (id, columns) in
        [("dcf/sensitivity_wacc_growth", "g_grid"), ("dcf/sensitivity_wacc_multiple", "mult_grid")]
    {
        let case = case(id);
        let inputs = &case["inputs"];
        let axes = Axes {
            wacc: numbers(&inputs["wacc_grid"]),
            terminal_growth: numbers(&inputs[columns]),
            exit_multiple: numbers(&inputs[columns]),
        };
        let sensitivity = value(&assumptions(inputs), &axes).unwrap().sensitivity;
        let grid = match columns {
            "g_grid" => sensitivity.wacc_by_growth,
            _ => sensitivity.wacc_by_multiple.unwrap(),
        };
        for (key, found) in [("per_share", &grid.value_per_share), ("ev", &grid.enterprise_value)] {
            let Some(expected) = case["expected"].get(key) else { continue };
            for (row, expected) in found.iter().zip(expected.as_array().unwrap()) {
                for (found, expected) in row.iter().zip(expected.as_array().unwrap()) {
                    agree(&case, key, found.unwrap(), expected);
                }
            }
        }
    }
}

#[test]
fn the_fade_agrees() {
    let case = case("dcf/three_stage_fade");
    let (result, expected) = (dcf(&case), &case["expected"]);
    for (year, growth) in result.years[5..].iter().zip(numbers(&expected["stage2_growth"])) {
        assert!((year.growth - growth).abs() < 1e-15);
    }
    for (year, flow) in result.years.iter().zip(expected["fcf"].as_array().unwrap()) {
        agree(&case, "fcf", year.free_cash_flow, flow);
    }
    for (key, found) in [
        ("pv_explicit", result.present_value_of_cash_flows),
        ("terminal_value", result.gordon.terminal_value),
        ("pv_terminal", result.gordon.present_value),
        ("ev", result.enterprise_value),
        ("equity", result.equity_value),
        ("per_share", result.value_per_share),
        ("tv_share", result.gordon.share_of_enterprise_value.unwrap()),
    ] {
        agree(&case, key, found, &expected[key]);
    }
}

#[test]
fn growth_at_the_wacc_is_refused() {
    let assumptions = assumptions(&case("dcf/invalid_g_ge_wacc")["inputs"]);
    let refused = value(&assumptions, &Axes::around(&assumptions)).unwrap_err();
    assert_eq!(refused, QuantError::GrowthNotBelowWacc { growth: 0.09, wacc: 0.09 });
    assert!(refused.to_string().starts_with("terminal growth must be below the WACC"));
}

#[test]
fn the_cost_of_capital_agrees() {
    let case = case("wacc/capm_hamada");
    let inputs = &case["inputs"];
    let (equity, debt, target) = (number(&inputs["E"]), number(&inputs["D"]), number(&inputs["target_DE"]));
    let built = cost_of_capital(&Capital {
        risk_free_rate: number(&inputs["rf"]),
        beta: number(&inputs["beta_l"]),
        equity_risk_premium: number(&inputs["erp"]),
        cost_of_debt: number(&inputs["kd"]),
        tax_rate: number(&inputs["tax"]),
        debt_weight: debt / (debt + equity),
        target_debt_weight: Some(target / (1.0 + target)),
    })
    .unwrap();
    for (key, found) in [
        ("cost_of_equity", built.cost_of_equity),
        ("wacc", built.wacc),
        ("unlevered_beta", built.unlevered_beta),
        ("relevered_beta", built.relevered_beta.unwrap()),
        ("wacc_at_target", built.wacc_at_target.unwrap()),
        ("cost_of_equity_at_target", built.cost_of_equity_at_target.unwrap()),
    ] {
        agree(&case, key, found, &case["expected"][key]);
    }
    assert!((built.discount_rate() - built.wacc_at_target.unwrap()).abs() < f64::EPSILON);
}

#[test]
fn cash_flows_agree() {
    let case = case("cashflow/npv_irr");
    let inputs = &case["inputs"];
    let (amounts, rate) = (numbers(&inputs["flows"]), number(&inputs["rate"]));
    let at =
        |first: i32| -> Vec<(f64, f64)> { (first..).map(f64::from).zip(amounts.iter().copied()).collect() };
    let dates = inputs["dates"]
        .as_array()
        .unwrap()
        .iter()
        .map(|date| date.as_str().unwrap().parse::<Date>().unwrap());
    let dates: Vec<Date> = dates.collect();
    let day = |date: &Date| f64::from(dates[0].until(*date).unwrap().get_days()) / 365.0;
    let dated: Vec<(f64, f64)> = dates.iter().map(day).zip(amounts.iter().copied()).collect();
    let unique = |rates: Vec<f64>| {
        assert_eq!(rates.len(), 1);
        rates[0]
    };
    let flows = at(0);
    for (key, found) in [
        ("npv_first_flow_at_0", net_present_value(rate, &flows).unwrap()),
        ("npv_excel_first_flow_at_1", net_present_value(rate, &at(1)).unwrap()),
        ("irr", unique(internal_rates(&flows).unwrap())),
        (
            "mirr",
            modified_internal_rate(&flows, number(&inputs["finance_rate"]), number(&inputs["reinvest_rate"]))
                .unwrap(),
        ),
        ("xnpv", net_present_value(rate, &dated).unwrap()),
        ("xirr", unique(internal_rates(&dated).unwrap())),
        ("payback_period_linear", payback(&flows).unwrap().unwrap()),
        ("profitability_index", profitability_index(rate, &flows).unwrap()),
    ] {
        agree(&case, key, found, &case["expected"][key]);
    }
}

#[test]
fn the_loan_agrees() {
    let case = case("tvm/loan");
    let inputs = &case["inputs"];
    let loan =
        Loan::new(number(&inputs["pv"]), number(&inputs["rate"]), number(&inputs["nper"]) as u32).unwrap();
    let (interest, principal) = loan.split(1).unwrap();
    for (key, found) in [
        ("pmt", loan.payment()),
        ("interest_1", interest),
        ("principal_1", principal),
        ("interest_181", loan.split(181).unwrap().0),
        ("fv_after_120", loan.balance(120).unwrap()),
    ] {
        agree(&case, key, found, &case["expected"][key]);
    }
    assert!(loan.balance(360).unwrap().abs() < 1e-6);
}

#[test]
fn bonds_agree() {
    let cases: Vec<Value> =
        oracle("dcf").into_iter().filter(|case| case["id"].as_str().unwrap().starts_with("bond/")).collect();
    assert_eq!(cases.len(), 3);
    for case in cases {
        let inputs = &case["inputs"];
        let bond = Bond {
            coupon: number(&inputs["coupon"]),
            years: number(&inputs["years"]) as u32,
            frequency: number(&inputs["freq"]) as u32,
            face: number(&inputs["face"]),
        };
        let figures = bond.at_yield(number(&inputs["yield"])).unwrap();
        for (key, found) in [
            ("clean_price", figures.price),
            ("macaulay", figures.macaulay),
            ("modified", figures.modified),
            ("convexity", figures.convexity),
            ("bpv", figures.basis_point_value),
        ] {
            agree(&case, key, found, &case["expected"][key]);
        }
    }
}
