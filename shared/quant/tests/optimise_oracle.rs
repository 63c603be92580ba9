//! Agreement with the reference cases of `tests/data/oracle/optimise.json`.

use crate::support::{TICKERS, history, number, oracle};
use quant::{
    Returns,
    estimate::{CovarianceModel, ReturnsModel},
    optimise::{
        Bound, Constraints, Costs, FrontierProblem, GroupLimits, LeafOrder, Linkage, Method, Objective,
        Outcome, ParityMeasure, Problem, RiskMeasure, Solution, Turnover,
        black_litterman::{Model, View, implied_risk_aversion},
        frontier, optimise, unconstrained,
    },
};
use serde_json::Value;

fn case(id: &str) -> Value {
    oracle("optimise").into_iter().find(|case| case["id"] == id).unwrap_or_else(|| panic!("no case {id}"))
}

fn by_ticker(values: &Value) -> Vec<f64> {
    TICKERS.iter().map(|ticker| number(&values[ticker])).collect()
}

fn index(ticker: &str) -> usize {
    TICKERS.iter().position(|name| *name == ticker).unwrap()
}

fn near(what: &str, found: &[f64], expected: &[f64], within: f64) {
    assert_eq!(found.len(), expected.len(), "{what}");
    for (i, (found, expected)) in found.iter().zip(expected).enumerate() {
        assert!((found - expected).abs() <= within, "{what}[{i}]: {found} where {expected}");
    }
}

fn constraints(inputs: &Value) -> Constraints {
    let mut constraints = Constraints::default();
    match inputs["constraints"].as_str().unwrap_or("long_only") {
        "capped" => constraints.max_weight_per_asset = Some(Bound::All(number(&inputs["max_weight"]))),
        "short" => constraints.min_weight_per_asset = Some(Bound::All(-1.0)),
        "sector" => {
            let sectors = inputs["sector_map"].as_object().unwrap();
            let mut names: Vec<&str> = sectors.values().map(|name| name.as_str().unwrap()).collect();
            names.sort_unstable();
            names.dedup();
            constraints.groups = names
                .into_iter()
                .map(|name| GroupLimits {
                    name: name.to_owned(),
                    assets: sectors.iter().filter(|pair| pair.1 == name).map(|pair| index(pair.0)).collect(),
                    minimum: inputs["sector_min"][name].as_f64(),
                    maximum: inputs["sector_max"][name].as_f64(),
                })
                .collect();
        }
        _ => {}
    }
    constraints
}

fn problem(inputs: &Value, method: Method) -> Problem {
    let risk_free_rate = inputs["rf"].as_f64().unwrap_or(0.02);
    Problem { constraints: constraints(inputs), risk_free_rate, ..Problem::new(history(), method) }
}

fn solve(problem: &Problem) -> Solution {
    let solution = optimise(problem).unwrap();
    assert!(matches!(solution.outcome, Outcome::Solved { .. }), "{:?}", solution.outcome);
    solution
}

fn objective(id: &str, inputs: &Value) -> Objective {
    match id.split('/').next().unwrap() {
        "max_sharpe" => Objective::MaximumRatio,
        "max_quadratic_utility" | "utility_with_transaction_cost" => {
            Objective::MaximumUtility { risk_aversion: number(&inputs["risk_aversion"]) }
        }
        "efficient_return" => Objective::EfficientReturn { target_return: number(&inputs["target_return"]) },
        "efficient_risk" => Objective::EfficientRisk { target_risk: number(&inputs["target_vol"]) },
        _ => Objective::MinimumRisk,
    }
}

/// Feasible, no worse than the reference, and the same weights where these are unique.
fn judge(case: &Value, problem: &Problem, solution: &Solution, value: impl Fn(&[f64]) -> f64, better: f64) {
    let id = case["id"].as_str().unwrap();
    let weights = solution.weights.as_ref().unwrap();
    let slack = case["tolerance"]["feasibility"].as_f64().unwrap_or(1e-8);
    assert!((weights.iter().sum::<f64>() - 1.0).abs() <= slack, "{id}: the budget");
    let bound = |bound: &Option<Bound>, default| match bound {
        Some(Bound::All(value)) => *value,
        _ => default,
    };
    let lower = bound(&problem.constraints.min_weight_per_asset, 0.0);
    let upper = bound(&problem.constraints.max_weight_per_asset, 1.0);
    assert!(weights.iter().all(|w| *w >= lower - slack && *w <= upper + slack), "{id}: {weights:?}");
    for group in &problem.constraints.groups {
        let sum: f64 = group.assets.iter().map(|&asset| weights[asset]).sum();
        assert!(group.minimum.is_none_or(|least| sum >= least - slack), "{id}: {}", group.name);
        assert!(group.maximum.is_none_or(|most| sum <= most + slack), "{id}: {}", group.name);
    }
    let expected = number(&case["expected"]["objective"]["value"]);
    let gap = better * (expected - value(weights)) / expected.abs();
    assert!(gap <= number(&case["tolerance"]["objective_rel"]), "{id}: the objective is {gap} off");
    if case["weights_unique"] == true {
        let within = number(&case["tolerance"]["weights_abs"]);
        near(id, weights, &by_ticker(&case["expected"]["weights"]), within);
    }
    let figures = solution.figures.as_ref().unwrap();
    assert!((figures.expected_return - number(&case["expected"]["return"])).abs() < 1e-3, "{id}");
}

fn covariance() -> quant::Matrix {
    CovarianceModel::Sample.estimate(Some(&history()), 252.0).unwrap().matrix
}

fn mean() -> Vec<f64> {
    ReturnsModel::default().estimate(Some(&history()), 252.0).unwrap().values
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn variance(weights: &[f64]) -> f64 {
    let covariance = covariance();
    (0..weights.len()).map(|i| weights[i] * dot(covariance.row(i), weights)).sum()
}

#[test]
fn mean_variance_in_every_case() {
    let mut seen = 0;
    let kinds =
        ["min_volatility", "max_sharpe", "max_quadratic_utility", "efficient_return", "efficient_risk"];
    for case in oracle("optimise") {
        let id = case["id"].as_str().unwrap();
        let kind = id.split('/').next().unwrap();
        if !kinds.contains(&kind) {
            continue;
        }
        let inputs = &case["inputs"];
        let problem = problem(inputs, Method::MeanVariance { objective: objective(id, inputs) });
        let (mean, better) =
            (mean(), if kind == "min_volatility" || kind == "efficient_return" { -1.0 } else { 1.0 });
        let value = |w: &[f64]| match kind {
            "max_sharpe" => (dot(&mean, w) - 0.02) / variance(w).sqrt(),
            "max_quadratic_utility" => dot(&mean, w) - 0.5 * number(&inputs["risk_aversion"]) * variance(w),
            "efficient_risk" => dot(&mean, w),
            _ => variance(w).sqrt(),
        };
        let solution = solve(&problem);
        judge(&case, &problem, &solution, value, better);
        // The same by the general solver: a group that doesn't bind keeps the critical line away.
        let mut general = problem.clone();
        let all = GroupLimits { name: "all".into(), assets: vec![0, 1], minimum: Some(-9.0), maximum: None };
        general.constraints.groups.push(all);
        judge(&case, &general, &solve(&general), value, better);
        seen += 1;
    }
    assert_eq!(seen, 36);
}

#[test]
fn costs_and_turnover() {
    for id in ["min_volatility_l2/long_only", "min_volatility_l2/capped"] {
        let case = case(id);
        let mut problem =
            problem(&case["inputs"], Method::MeanVariance { objective: Objective::MinimumRisk });
        problem.constraints.costs = Costs { l2: 0.1, ..Costs::default() };
        judge(&case, &problem, &solve(&problem), |w| variance(w) + 0.1 * dot(w, w), -1.0);
    }
    let distance = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| (a - b).abs()).sum::<f64>();
    let case_ = case("utility_with_transaction_cost/long_only");
    let held = by_ticker(&case_["inputs"]["w_prev"]);
    let objective = Objective::MaximumUtility { risk_aversion: 5.0 };
    let mut costly = problem(&case_["inputs"], Method::MeanVariance { objective });
    costly.constraints.costs = Costs { l1: 0.01, previous: Some(held.clone()), l2: 0.0 };
    let utility = |w: &[f64]| dot(&mean(), w) - 2.5 * variance(w) - 0.01 * distance(w, &held);
    judge(&case_, &costly, &solve(&costly), utility, 1.0);
    for (id, maximum) in [("min_volatility_turnover/0.1", 0.1), ("min_volatility_turnover/0.25", 0.25)] {
        let case = case(id);
        let mut problem =
            problem(&case["inputs"], Method::MeanVariance { objective: Objective::MinimumRisk });
        problem.constraints.turnover = Some(Turnover { previous: held.clone(), maximum });
        let solution = solve(&problem);
        judge(&case, &problem, &solution, |w| variance(w).sqrt(), -1.0);
        assert!(distance(solution.weights.as_ref().unwrap(), &held) <= maximum + 1e-8);
    }
}

#[test]
fn frontiers_of_twenty_points() {
    for id in
        ["efficient_frontier_20/long_only", "efficient_frontier_20/capped", "efficient_frontier_20/sector"]
    {
        let case = case(id);
        let problem = problem(&case["inputs"], Method::EqualWeight);
        let solution =
            frontier(&FrontierProblem { problem, measure: RiskMeasure::Variance, points: 20, current: None })
                .unwrap();
        for (found, expected) in solution.points.iter().zip(case["expected"]["points"].as_array().unwrap()) {
            near(id, &[found.target_return], &[number(&expected["target_return"])], 1e-8);
            let volatility = number(&expected["vol"]);
            assert!(found.risk <= volatility * (1.0 + 1e-7), "{id}: {} above {volatility}", found.risk);
            let weights: Vec<f64> = expected["weights"].as_array().unwrap().iter().map(number).collect();
            near(id, &found.weights, &weights, 1e-5);
        }
        assert_eq!(solution.points.len(), 20);
        let tangency = solution.tangency.unwrap().figures.sharpe.unwrap();
        assert!(solution.points.iter().all(|point| point.figures.sharpe.unwrap() <= tangency + 1e-9));
    }
}

#[test]
fn without_bounds_by_formula() {
    let case = case("closed_form/unconstrained");
    let least = unconstrained::minimum_variance(&covariance()).unwrap();
    near("gmv", &least, &by_ticker(&case["expected"]["gmv_weights"]), 1e-8);
    let tangency = unconstrained::tangency(&mean(), &covariance(), 0.02).unwrap();
    near("tangency", &tangency, &by_ticker(&case["expected"]["tangency_weights"]), 1e-8);
}

#[test]
fn measures_over_scenarios() {
    for case in oracle("optimise") {
        let id = case["id"].as_str().unwrap();
        let inputs = &case["inputs"];
        let (kind, goal) = id.split_once('/').unwrap_or((id, ""));
        let target = |name: &str| match goal {
            "efficient_return" => Objective::EfficientReturn { target_return: number(&inputs["ret"]) },
            "efficient_risk" => Objective::EfficientRisk { target_risk: number(&inputs[name]) },
            _ => Objective::MinimumRisk,
        };
        let beta = || number(&inputs["beta"]);
        let method = match kind {
            "semivariance" => Method::Semivariance { objective: target("semidev"), benchmark: 0.0 },
            "cvar" => Method::Cvar { objective: target("cvar"), confidence_level: beta() },
            "cdar" => Method::Cdar { objective: target("cdar"), confidence_level: beta() },
            _ => continue,
        };
        let problem = problem(inputs, method);
        let solution = solve(&problem);
        let (mean, risk) = (mean(), solution.figures.as_ref().unwrap().risk.as_ref().unwrap().value);
        let efficient = goal == "efficient_risk";
        let value = |w: &[f64]| if efficient { dot(&mean, w) } else { risk };
        judge(&case, &problem, &solution, value, if efficient { 1.0 } else { -1.0 });
        if efficient {
            let most = ["semidev", "cvar", "cdar"]
                .iter()
                .find_map(|name| (name.starts_with(&kind[..4])).then(|| inputs[*name].as_f64()).flatten());
            assert!(most.is_none_or(|most| risk <= most + 1e-7), "{id}: {risk}");
        }
    }
}

#[test]
fn naive_parity_and_diversification() {
    let inverse = case("naive/inverse");
    let found = |method| solve(&Problem::new(history(), method)).weights.unwrap();
    let expected = |name: &str| by_ticker(&inverse["expected"][name]);
    near("inverse variance", &found(Method::InverseVariance), &expected("inverse_variance"), 1e-9);
    near("inverse volatility", &found(Method::InverseVolatility), &expected("inverse_volatility"), 1e-9);
    near("equal", &found(Method::EqualWeight), &[0.1; 10], 1e-15);

    let diverse = case("max_diversification/long_only");
    let problem = problem(&diverse["inputs"], Method::MaxDiversification);
    let covariance = covariance();
    let ratio =
        |w: &[f64]| (0..10).map(|i| w[i] * covariance[(i, i)].sqrt()).sum::<f64>() / variance(w).sqrt();
    let solution = solve(&problem);
    judge(&diverse, &problem, &solution, ratio, 1.0);
    let figure = solution.figures.unwrap().diversification_ratio.unwrap();
    near("ratio", &[figure], &[number(&diverse["expected"]["objective"]["value"])], 1e-9);

    for id in ["risk_parity/variance_equal", "risk_parity/variance_budget"] {
        let case = case(id);
        let budgets = Some(by_ticker(&case["inputs"]["budgets"]));
        let measure = ParityMeasure::Volatility;
        let solution = solve(&Problem::new(history(), Method::RiskParity { budgets, measure }));
        near(id, solution.weights.as_ref().unwrap(), &by_ticker(&case["expected"]["weights"]), 1e-6);
        let shares = solution.figures.unwrap().risk_contributions.unwrap();
        near(id, &shares, &by_ticker(&case["expected"]["risk_contributions"]), 1e-7);
    }
    let tail = case("risk_parity/cvar_equal");
    let measure = ParityMeasure::Cvar { confidence_level: 0.95 };
    let solution = optimise(&Problem::new(history(), Method::RiskParity { budgets: None, measure })).unwrap();
    near("cvar parity", &solution.weights.unwrap(), &by_ticker(&tail["expected"]["weights"]), 2e-3);
}

#[test]
fn hierarchies() {
    let linkages = [("single", Linkage::Single), ("average", Linkage::Average), ("ward", Linkage::Ward)];
    for (name, linkage) in linkages {
        let case = case(&format!("hrp/{name}"));
        let orders = [
            (LeafOrder::Tree, "weights", "leaf_order"),
            (LeafOrder::Optimal, "weights_optimal_leaf_order", "leaf_order_optimal"),
        ];
        for (leaf_order, weights, order) in orders {
            let solution = solve(&Problem::new(history(), Method::Hrp { linkage, leaf_order }));
            let order: Vec<usize> = case["expected"][order]
                .as_array()
                .unwrap()
                .iter()
                .map(|name| index(name.as_str().unwrap()))
                .collect();
            assert_eq!(solution.leaf_order.unwrap(), order, "{name} {leaf_order:?}");
            near(name, &solution.weights.unwrap(), &by_ticker(&case["expected"][weights]), 1e-9);
        }
    }
    let partition = |labels: &[usize]| -> Vec<Vec<bool>> {
        labels.iter().map(|a| labels.iter().map(|b| a == b).collect()).collect()
    };
    let (linkage, clusters) = (Linkage::Ward, Some(3));
    let methods = [
        ("herc/ward_k3", Method::Herc { linkage, leaf_order: LeafOrder::Tree, clusters }, 1e-6),
        ("nco/ward_k3", Method::Nco { linkage, clusters }, 1e-4),
    ];
    for (id, method, within) in methods {
        let case = case(id);
        let solution = solve(&Problem::new(history(), method));
        let expected: Vec<usize> =
            by_ticker(&case["expected"]["clusters"]).iter().map(|c| *c as usize).collect();
        assert_eq!(partition(&solution.clusters.unwrap()), partition(&expected), "{id}");
        near(id, &solution.weights.unwrap(), &by_ticker(&case["expected"]["weights"]), within);
    }
}

#[test]
fn black_litterman() {
    let prior = case("black_litterman/prior");
    let rows: Vec<[f64; 1]> =
        crate::support::column("benchmark", "SP500").iter().map(|price| [*price]).collect();
    let market = Returns::from_prices(&rows).unwrap().simple().column(0);
    let aversion = implied_risk_aversion(&market, 0.02, 252.0).unwrap();
    near(
        "aversion",
        &[aversion],
        &[number(&prior["expected"]["market_implied_risk_aversion_of_benchmark"])],
        1e-9,
    );
    for id in ["absolute_default_omega", "absolute_idzorek", "relative_default_omega"] {
        let case = case(&format!("black_litterman/{id}"));
        let (inputs, expected) = (&case["inputs"], &case["expected"]);
        let numbers = |value: &Value| value.as_array().unwrap().iter().map(number).collect::<Vec<_>>();
        let picks: Vec<Vec<f64>> = expected["P"].as_array().unwrap().iter().map(numbers).collect();
        let views = picks
            .iter()
            .zip(numbers(&expected["Q"]))
            .enumerate()
            .map(|(i, (pick, expected_return))| View {
                parts: pick.iter().copied().enumerate().filter(|part| part.1 != 0.0).collect(),
                expected_return,
                confidence: inputs["confidences"][i].as_f64(),
            })
            .collect();
        let market_values = Some(by_ticker(&prior["inputs"]["market_caps"]));
        let model = Model { market_values, risk_aversion: 2.5, tau: 0.05, views };
        let objective = Objective::MaximumRatio;
        let solution = solve(&problem(inputs, Method::BlackLitterman { model, objective }));
        let figures = solution.black_litterman.unwrap();
        near(id, &figures.prior, &by_ticker(&prior["expected"]["prior"]), 1e-9);
        near(id, &figures.omega, &numbers(&expected["omega_diag"]), 1e-10);
        near(id, &figures.posterior_returns, &by_ticker(&expected["posterior_returns"]), 1e-9);
        for (found, expected) in
            figures.posterior_covariance.iter().zip(expected["posterior_cov"].as_array().unwrap())
        {
            near(id, found, &numbers(expected), 1e-9);
        }
        near(id, &figures.implied_weights.unwrap(), &by_ticker(&expected["bl_weights"]), 1e-8);
        near(
            id,
            &solution.weights.unwrap(),
            &by_ticker(&expected["max_sharpe_long_only_on_posterior"]),
            1e-5,
        );
    }
}
