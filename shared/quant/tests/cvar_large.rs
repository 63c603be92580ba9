//! Minimum CVaR of many assets and scenarios, which is solved a part at a time, against the whole program.

use quant::{
    Returns,
    optimise::{Constraints, GroupLimits, Method, Objective, Outcome, Problem, Solution, optimise},
};

const ASSETS: usize = 100;
const PERIODS: usize = 500;

/// Assets with a common factor and their own noise, from a small congruential generator.
fn history() -> Returns {
    let mut state = 5u64;
    let mut noise = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / 2f64.powi(53) - 0.5
    };
    let rows: Vec<Vec<f64>> = (0..PERIODS)
        .map(|_| {
            let market = noise();
            (0..ASSETS)
                .map(|asset| {
                    let at = asset as f64 / ASSETS as f64;
                    0.0002 + 0.0006 * at + 0.02 * (0.3 + at) * market + (0.01 + 0.02 * at) * noise()
                })
                .collect()
        })
        .collect();
    Returns::from_rows(&rows).unwrap()
}

fn risk(solution: &Solution) -> f64 {
    assert!(matches!(solution.outcome, Outcome::Solved { .. }), "{:?}", solution.outcome);
    solution.figures.as_ref().unwrap().risk.as_ref().unwrap().value
}

#[test]
fn a_part_at_a_time_has_the_same_answer_as_the_whole() {
    for objective in [Objective::MinimumRisk, Objective::EfficientReturn { target_return: 0.15 }] {
        let mut problem = Problem::new(history(), Method::Cvar { objective, confidence_level: 0.95 });
        let part = optimise(&problem).unwrap();
        // A limit that never binds: with it the program is solved as a whole.
        let all = GroupLimits {
            name: "all".to_owned(),
            assets: (0..ASSETS).collect(),
            minimum: None,
            maximum: Some(1.5),
        };
        problem.constraints = Constraints { groups: vec![all], ..Constraints::default() };
        let whole = optimise(&problem).unwrap();
        let (part_risk, whole_risk) = (risk(&part), risk(&whole));
        assert!((part_risk / whole_risk - 1.0).abs() < 1e-6, "{objective:?}: {part_risk} {whole_risk}");
        let weights = part.weights.unwrap();
        assert!((weights.iter().sum::<f64>() - 1.0).abs() < 1e-9 && weights.iter().all(|w| *w >= 0.0));
    }
}
