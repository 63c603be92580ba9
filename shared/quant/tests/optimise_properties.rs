//! Properties that hold for any assets.

use proptest::{collection::vec, prelude::*};
use quant::{
    Returns,
    estimate::ReturnsModel,
    optimise::{
        Bound, Conflict, Constraints, FrontierProblem, GroupLimits, LeafOrder, Linkage, Method, Objective,
        Outcome, ParityMeasure, Problem, RiskMeasure, Solution, Turnover, frontier, optimise,
    },
};

const PERIODS: usize = 60;

/// Returns of 2 to 7 assets with a common factor.
fn histories() -> impl Strategy<Value = Returns> {
    (2usize..8).prop_flat_map(|assets| {
        let loads = vec((0.3..1.6f64, 0.004..0.03f64, -0.001..0.002f64), assets);
        let shocks = vec(vec(-1.7..1.7f64, assets + 1), PERIODS);
        (loads, shocks).prop_map(|(loads, shocks)| {
            let rows: Vec<Vec<f64>> = shocks
                .iter()
                .map(|shock| {
                    let asset = |(i, (beta, noise, drift)): (usize, &(f64, f64, f64))| {
                        drift + beta * 0.01 * shock[0] + noise * shock[i + 1]
                    };
                    loads.iter().enumerate().map(asset).collect()
                })
                .collect();
            Returns::from_rows(&rows).unwrap()
        })
    })
}

fn arithmetic(history: Returns, method: Method) -> Problem {
    Problem { expected_returns: ReturnsModel::Mean { compounding: false }, ..Problem::new(history, method) }
}

fn mean_variance(objective: Objective) -> Method {
    Method::MeanVariance { objective }
}

fn methods() -> Vec<Method> {
    let confidence_level = 0.9;
    let objective = Objective::MinimumRisk;
    vec![
        mean_variance(Objective::MinimumRisk),
        mean_variance(Objective::MaximumUtility { risk_aversion: 3.0 }),
        Method::Semivariance { objective, benchmark: 0.0 },
        Method::Cvar { objective, confidence_level },
        Method::Cdar { objective, confidence_level },
        Method::Mad { objective },
        Method::RiskParity { budgets: None, measure: ParityMeasure::Volatility },
        Method::MaxDiversification,
        Method::Hrp { linkage: Linkage::Ward, leaf_order: LeafOrder::Tree },
        Method::Herc { linkage: Linkage::Average, leaf_order: LeafOrder::Optimal, clusters: None },
        Method::Nco { linkage: Linkage::Complete, clusters: None },
        Method::EqualWeight,
        Method::InverseVolatility,
    ]
}

fn weights(solution: &Solution) -> &[f64] {
    solution.weights.as_deref().unwrap_or_else(|| panic!("{:?}", solution.outcome))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn weights_sum_to_one_and_keep_their_bounds(history in histories(), cap in 0.55..1.0f64) {
        for method in methods() {
            let mut problem = arithmetic(history.clone(), method);
            let bounded = matches!(
                problem.method,
                Method::MeanVariance { .. } | Method::Cvar { .. } | Method::MaxDiversification
            );
            let most = if bounded { cap } else { 1.0 };
            if bounded {
                problem.constraints.max_weight_per_asset = Some(Bound::All(cap));
            }
            let solution = optimise(&problem).unwrap();
            let weights = weights(&solution);
            prop_assert!((weights.iter().sum::<f64>() - 1.0).abs() < 1e-9, "{:?}", problem.method);
            prop_assert!(weights.iter().all(|w| *w >= -1e-9 && *w <= most + 1e-9), "{:?}", problem.method);
            let figures = solution.figures.unwrap();
            let shares: f64 = figures.risk_contributions.unwrap().iter().sum();
            prop_assert!((shares - 1.0).abs() < 1e-9);
        }
    }

    #[test]
    fn equal_risk_contributions_are_equal(history in histories()) {
        let measure = ParityMeasure::Volatility;
        let problem = arithmetic(history, Method::RiskParity { budgets: None, measure });
        let shares = optimise(&problem).unwrap().figures.unwrap().risk_contributions.unwrap();
        let equal = 1.0 / shares.len() as f64;
        prop_assert!(shares.iter().all(|share| (share - equal).abs() < 1e-9), "{shares:?}");
    }

    #[test]
    fn frontiers_are_convex_and_monotone(history in histories()) {
        let confidence_level = 0.9;
        let measures = [
            (RiskMeasure::Variance, 1e-9),
            (RiskMeasure::Semivariance { benchmark: 0.0 }, 1e-5),
            (RiskMeasure::Cvar { confidence_level }, 1e-6),
            (RiskMeasure::Cdar { confidence_level }, 1e-6),
        ];
        for (measure, slack) in measures {
            let problem = arithmetic(history.clone(), Method::EqualWeight);
            let solution = frontier(&FrontierProblem { problem, measure, points: 9, current: None }).unwrap();
            prop_assert_eq!(solution.points.len(), 9);
            let risks: Vec<f64> = solution.points.iter().map(|point| point.risk).collect();
            let slack = slack * risks[8].abs().max(1e-3);
            for pair in risks.windows(2) {
                prop_assert!(pair[1] >= pair[0] - slack, "{measure:?} {risks:?}");
            }
            for three in risks.windows(3) {
                prop_assert!(three[0] + three[2] - 2.0 * three[1] >= -2.0 * slack, "{measure:?} {risks:?}");
            }
        }
    }

    #[test]
    fn a_permutation_of_assets_permutes_the_answer(history in histories()) {
        let n = history.assets();
        let rows: Vec<Vec<f64>> =
            (0..PERIODS).map(|t| history.simple().row(t).iter().rev().copied().collect()).collect();
        let reversed = Returns::from_rows(&rows).unwrap();
        let skipped = |method: &Method| matches!(
            method,
            // The leaves' order depends on the assets' order; LP minima need not be unique.
            Method::Hrp { .. } | Method::Cvar { .. } | Method::Cdar { .. } | Method::Mad { .. }
        );
        for method in methods().into_iter().filter(|method| !skipped(method)) {
            let within = if matches!(method, Method::Semivariance { .. }) { 1e-4 } else { 1e-7 };
            let solution = optimise(&arithmetic(history.clone(), method.clone())).unwrap();
            let turned = optimise(&arithmetic(reversed.clone(), method.clone())).unwrap();
            for i in 0..n {
                let (a, b) = (weights(&solution)[i], weights(&turned)[n - 1 - i]);
                prop_assert!((a - b).abs() < within, "{method:?}: {a} {b}");
            }
        }
    }

    #[test]
    fn the_critical_line_agrees_with_the_general_solver(history in histories(), aversion in 0.5..20.0f64) {
        let objectives =
            [Objective::MinimumRisk, Objective::MaximumUtility { risk_aversion: aversion }];
        for objective in objectives {
            let mut problem = arithmetic(history.clone(), mean_variance(objective));
            problem.constraints.min_weight_per_asset = Some(Bound::All(-0.2));
            problem.constraints.max_weight_per_asset = Some(Bound::All(0.8));
            let exact = optimise(&problem).unwrap();
            problem.constraints.gross_exposure = Some(100.0);
            let general = optimise(&problem).unwrap();
            for (a, b) in weights(&exact).iter().zip(weights(&general)) {
                prop_assert!((a - b).abs() < 1e-5, "{objective:?}: {a} {b}");
            }
        }
    }
}

fn three_assets() -> Returns {
    let row = |t: i32| {
        let t = f64::from(t);
        [0.01 * (t * 1.7).sin() + 0.002, 0.02 * (t * 2.3).cos(), 0.015 * (t * 0.9 + 1.0).sin()]
    };
    Returns::from_rows(&(0..80).map(row).collect::<Vec<_>>()).unwrap()
}

fn conflicts(problem: &Problem) -> Vec<Conflict> {
    match optimise(problem).unwrap().outcome {
        Outcome::Infeasible { conflicts } => conflicts,
        outcome => panic!("{outcome:?}"),
    }
}

#[test]
fn infeasible_problems_name_what_conflicts() {
    let mut problem = arithmetic(three_assets(), mean_variance(Objective::MinimumRisk));
    problem.constraints.max_weight_per_asset = Some(Bound::All(0.3));
    assert!(conflicts(&problem).contains(&Conflict::Budget));

    let group =
        |name: &str, assets, minimum, maximum| GroupLimits { name: name.into(), assets, minimum, maximum };
    let groups = vec![group("a", vec![0, 1], Some(0.8), None), group("b", vec![2], Some(0.5), None)];
    problem.constraints = Constraints { groups, ..Constraints::default() };
    let found = conflicts(&problem);
    let expected = |group: &str| Conflict::GroupMinimum { group: group.into() };
    assert!(found.contains(&expected("a")) && found.contains(&expected("b")), "{found:?}");

    problem.constraints = Constraints::default();
    problem.method = mean_variance(Objective::EfficientReturn { target_return: 9.0 });
    assert_eq!(conflicts(&problem), [Conflict::TargetReturn]);
    problem.method = mean_variance(Objective::EfficientRisk { target_risk: 1e-4 });
    assert_eq!(conflicts(&problem), [Conflict::TargetRisk]);
    problem.method = mean_variance(Objective::MaximumRatio);
    problem.risk_free_rate = 9.0;
    assert_eq!(conflicts(&problem), [Conflict::RiskFreeRate]);
    problem.method = mean_variance(Objective::MinimumRisk);
    problem.constraints.turnover = Some(Turnover { previous: vec![2.0, 2.0, 2.0], maximum: 0.1 });
    assert!(conflicts(&problem).contains(&Conflict::Turnover));
}

#[test]
fn what_can_not_be_done_is_refused() {
    let mut problem = arithmetic(three_assets(), mean_variance(Objective::MinimumRisk));
    problem.constraints.cardinality = Some(2);
    assert!(optimise(&problem).unwrap_err().to_string().contains("cardinality"));
    problem.method = Method::EqualWeight;
    problem.constraints = Constraints { gross_exposure: Some(1.0), ..Constraints::default() };
    assert!(optimise(&problem).unwrap_err().to_string().contains("not supported"));
    problem.method = Method::RiskParity { budgets: Some(vec![0.5, 0.5]), measure: ParityMeasure::Volatility };
    problem.constraints = Constraints::default();
    assert!(optimise(&problem).is_err());
}

#[test]
fn singular_and_constant_assets_are_repaired_and_said() {
    let rows: Vec<[f64; 4]> = (0..80)
        .map(|t| {
            let row = three_assets();
            let row = row.simple().row(t).to_vec();
            [row[0], row[0], row[1], 0.0001]
        })
        .collect();
    let history = Returns::from_rows(&rows).unwrap();
    for method in methods() {
        let solution = optimise(&arithmetic(history.clone(), method.clone())).unwrap();
        let sum: f64 = weights(&solution).iter().sum();
        assert!(
            (sum - 1.0).abs() < 1e-9 && !solution.repairs.is_empty(),
            "{method:?} {:?}",
            solution.repairs
        );
    }
}
