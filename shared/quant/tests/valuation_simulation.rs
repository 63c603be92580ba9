//! Simulations of valuations: the same bits however they are cut, known limits, defined answers for undefined trials.

use quant::{
    Matrix, QuantError,
    valuation::{
        Assumptions, Axes, Distribution, Driver, Outcome, Settings, Simulation, Specification,
        TerminalMethod, value,
    },
};

fn assumptions() -> Assumptions {
    crate::support::valuation::assumptions([0.12, 0.1, 0.09, 0.08, 0.06])
}

const NORMAL_GROWTH: Distribution = Distribution::Normal { mean: 0.12, standard_deviation: 0.02 };
const PERT_MARGIN: Distribution = Distribution::Pert { minimum: 0.12, mode: 0.18, maximum: 0.22 };
const TRIANGULAR_WACC: Distribution = Distribution::Triangular { minimum: 0.08, mode: 0.09, maximum: 0.105 };

fn specification(trials: u64, seed: u64) -> Specification {
    let correlation =
        [[1.0, 0.3, 0.0, 0.0], [0.3, 1.0, -0.2, 0.0], [0.0, -0.2, 1.0, 0.0], [0.0, 0.0, 0.0, 1.0]];
    Specification {
        assumptions: assumptions(),
        distributions: [Some(NORMAL_GROWTH), Some(PERT_MARGIN), Some(TRIANGULAR_WACC), None],
        correlation: Some(Matrix::from_rows("correlation", &correlation).unwrap()),
        settings: Settings { trials, seed },
    }
}

fn outcome(specification: Specification) -> Outcome {
    Simulation::prepare(specification).unwrap().outcome().unwrap()
}

fn bits(outcome: &Outcome) -> String {
    serde_json::to_string(outcome).unwrap()
}

#[test]
fn the_bits_depend_on_the_seed_alone() {
    for trials in [1, 63, 4097, 50_000] {
        let simulation = Simulation::prepare(specification(trials, 7)).unwrap();
        let whole = bits(&simulation.outcome().unwrap());
        for shards in [1, 2, 5, 64] {
            let partials: Vec<_> =
                simulation.shards(shards).into_iter().map(|blocks| simulation.run(blocks).unwrap()).collect();
            let stored: Vec<_> = partials
                .iter()
                .map(|partial| postcard::from_bytes(&postcard::to_stdvec(partial).unwrap()).unwrap())
                .collect();
            assert_eq!(
                bits(&simulation.reduce(stored).unwrap()),
                whole,
                "{trials} trials in {shards} shards"
            );
        }
        for threads in [1, 3] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            assert_eq!(pool.install(|| bits(&simulation.outcome().unwrap())), whole);
        }
    }
    assert_ne!(bits(&outcome(specification(1000, 7))), bits(&outcome(specification(1000, 8))));
}

#[test]
fn a_shard_that_is_missing_or_twice_is_refused() {
    let simulation = Simulation::prepare(specification(20_000, 1)).unwrap();
    let parts: Vec<_> =
        simulation.shards(3).into_iter().map(|blocks| simulation.run(blocks).unwrap()).collect();
    for wrong in [vec![0, 1], vec![0, 2], vec![0, 0, 1, 2], vec![1, 0, 2]] {
        let refused = simulation.reduce(wrong.into_iter().map(|part: usize| parts[part].clone()));
        assert!(matches!(refused, Err(QuantError::BlocksNotCovered { .. })));
    }
    assert!(matches!(simulation.run(0..99), Err(QuantError::BlocksOutOfRange { .. })));
}

#[test]
fn without_spread_every_trial_is_the_base_case() {
    let fixed = |value| Some(Distribution::Normal { mean: value, standard_deviation: 0.0 });
    for method in [TerminalMethod::Gordon, TerminalMethod::ExitMultiple] {
        let base = Assumptions { terminal_method: method, ..assumptions() };
        let multiple = if method == TerminalMethod::ExitMultiple { fixed(11.0) } else { None };
        let found = outcome(Specification {
            distributions: [fixed(0.12), fixed(0.18), fixed(0.09), multiple],
            assumptions: base.clone(),
            ..specification(500, 1)
        });
        let expected = value(&base, &Axes::around(&base)).unwrap().value_per_share;
        let spread = &found.value_per_share;
        for figure in [spread.mean, spread.minimum, spread.maximum, spread.percentiles[49].value] {
            assert!((figure / expected - 1.0).abs() < 1e-12, "{figure} {expected}");
        }
        assert_eq!(
            found.histogram.counts.iter().sum::<u64>() + found.histogram.below + found.histogram.above,
            500
        );
        assert_eq!(found.probability_above_price, Some(f64::from(u8::from(expected > 18.0))));
        assert_eq!(found.undefined.trials, 0);
    }
}

#[test]
fn percentiles_and_histogram_fit_the_trials() {
    let found = outcome(specification(100_000, 42));
    let spread = &found.value_per_share;
    assert!(spread.percentiles.windows(2).all(|pair| pair[0].value <= pair[1].value));
    assert!(spread.minimum <= spread.percentiles[0].value && spread.percentiles[98].value <= spread.maximum);
    let histogram = &found.histogram;
    assert_eq!(histogram.counts.iter().sum::<u64>() + histogram.below + histogram.above, 100_000);
    assert!(histogram.below <= 500 && histogram.above <= 500 && histogram.edges.len() == 51);
    let errors = found.standard_errors.mean.unwrap();
    assert!((errors - spread.standard_deviation / 100_000f64.sqrt()).abs() < 1e-12);
    let probability = found.probability_above_price.unwrap();
    let below =
        spread.percentiles.iter().filter(|percentile| percentile.value <= 18.0).count() as f64 / 100.0;
    assert!((probability - (1.0 - below)).abs() < 0.011);
}

/// With one normal driver that the value is linear in, the value is normal too, and moves exactly with it.
#[test]
fn a_linear_driver_gives_its_own_distribution() {
    let mut assumptions = assumptions();
    assumptions.claims.options.clear();
    let slope = |margin: f64| {
        let mut moved = assumptions.clone();
        moved.years.iter_mut().for_each(|year| year.margin += margin);
        value(&moved, &Axes::around(&moved)).unwrap().value_per_share
    };
    let (middle, slope) = (slope(0.0), (slope(0.01) - slope(-0.01)) / 0.02);
    let found = outcome(Specification {
        assumptions: assumptions.clone(),
        distributions: [
            None,
            Some(Distribution::Normal { mean: 0.18, standard_deviation: 0.01 }),
            None,
            None,
        ],
        correlation: None,
        settings: Settings { trials: 200_000, seed: 3 },
    });
    let deviation = slope * 0.01;
    let spread = &found.value_per_share;
    assert!((spread.mean - middle).abs() < 5.0 * deviation / 200_000f64.sqrt());
    assert!((spread.standard_deviation / deviation - 1.0).abs() < 0.01);
    for (percentile, quantile) in [(5, -1.644_853_6), (50, 0.0), (95, 1.644_853_6)] {
        let found = spread.percentiles[percentile - 1].value;
        assert!((found - (middle + quantile * deviation)).abs() < 0.02 * deviation, "{percentile}");
    }
    let bar = &found.tornado[0];
    assert!((bar.rank_correlation.unwrap() - 1.0).abs() < 1e-12 && bar.driver == Driver::Margin);
    assert!(bar.value_at_low < middle && middle < bar.value_at_high);
}

#[test]
fn the_copula_correlates_ranks_and_the_tornado_is_sorted() {
    let found = outcome(specification(100_000, 5));
    let tornado = &found.tornado;
    assert_eq!(tornado.len(), 3);
    assert!(
        tornado
            .windows(2)
            .all(|pair| pair[0].rank_correlation.unwrap().abs() >= pair[1].rank_correlation.unwrap().abs())
    );
    let of = |driver| tornado.iter().find(|bar| bar.driver == driver).unwrap().rank_correlation.unwrap();
    assert!(of(Driver::Growth) > 0.0 && of(Driver::Margin) > 0.0 && of(Driver::Wacc) < 0.0);
    let sum: f64 = tornado.iter().map(|bar| bar.share_of_squares.unwrap()).sum();
    assert!((sum - 1.0).abs() < 1e-12);
    let alone = outcome(Specification { correlation: None, ..specification(100_000, 5) });
    assert!(alone.value_per_share.standard_deviation < found.value_per_share.standard_deviation);
}

#[test]
fn trials_without_a_value_are_counted_and_left_out() {
    let wide = |distributions| Specification { distributions, correlation: None, ..specification(20_000, 9) };
    let normal = |mean, standard_deviation| Some(Distribution::Normal { mean, standard_deviation });
    let found = outcome(wide([None, None, normal(0.04, 0.02), None]));
    let undefined = found.undefined;
    // P(N(0.04, 0.02) <= 0.025) = Φ(-0.75) = 0.2266.
    assert!((undefined.share - 0.2266).abs() < 0.015 && undefined.trials == undefined.wacc_not_above_growth);
    assert!(!bits(&found).contains("NaN") && found.value_per_share.mean.is_finite());
    let sunk = outcome(wide([normal(-0.5, 0.4), None, None, None])).undefined;
    assert!(sunk.growth_at_most_minus_one > 0 && sunk.wacc_not_above_growth == 0);
    let none = Simulation::prepare(wide([None, None, normal(0.02, 0.0), None])).unwrap().outcome();
    assert!(matches!(none, Err(QuantError::Empty { .. })));
}

/// A value of `1 / (WACC - g)` has no mean where trials come as near to g as they like.
#[test]
fn trials_near_growth_are_counted_and_left_out_so_that_the_mean_converges() {
    let wacc = Some(Distribution::Normal { mean: 0.05, standard_deviation: 0.01 });
    let run = |seed, assumptions| {
        let distributions = [None, None, wacc, None];
        outcome(Specification {
            assumptions,
            distributions,
            correlation: None,
            settings: Settings { trials: 50_000, seed },
        })
    };
    let near = Assumptions { wacc: 0.035, ..assumptions() };
    let greatest = value(&near, &Axes::around(&near)).unwrap().value_per_share;
    let outcomes: Vec<Outcome> = (1..=8).map(|seed| run(seed, assumptions())).collect();
    let mean = outcomes.iter().map(|found| found.value_per_share.mean).sum::<f64>() / 8.0;
    for found in &outcomes {
        // Φ(-1.5) - Φ(-2.5) = 0.0606 are near growth, Φ(-2.5) = 0.0062 not above it.
        assert!((found.near_growth.share - 0.0606).abs() < 0.005, "{:?}", found.near_growth);
        assert!((found.undefined.share - 0.0062).abs() < 0.002, "{:?}", found.undefined);
        assert_eq!((found.near_growth.least_spread, found.warnings.len()), (0.01, 1));
        assert!(found.value_per_share.maximum <= greatest * (1.0 + 1e-9));
        let error = found.standard_errors.mean.unwrap();
        assert!((found.value_per_share.mean - mean).abs() < 4.0 * error, "{found:?} {mean}");
        assert!((error / outcomes[0].standard_errors.mean.unwrap() - 1.0).abs() < 0.1);
    }
    let exit =
        run(1, Assumptions { terminal_method: TerminalMethod::ExitMultiple, ..assumptions() }).near_growth;
    assert_eq!(exit.trials, 0, "an exit multiple has a value at any WACC");
    let safe = outcome(specification(1000, 1));
    assert!(safe.warnings.is_empty() && safe.near_growth.trials == 0);
}

#[test]
fn a_spread_of_a_percentage_point_is_enough_however_it_is_rounded() {
    let fixed = Some(Distribution::Normal { mean: 0.03, standard_deviation: 0.0 });
    let at = |terminal_growth| {
        let assumptions = Assumptions { terminal_growth, ..assumptions() };
        let specification =
            Specification { assumptions, distributions: [None, None, fixed, None], ..specification(10, 1) };
        Simulation::prepare(specification).unwrap().outcome()
    };
    assert_eq!(at(0.02).unwrap().near_growth.trials, 0);
    assert!(matches!(at(0.0201), Err(QuantError::Empty { .. })));
}

#[test]
fn an_assumption_that_is_always_the_same_moves_nothing() {
    let mut correlation = [[0.0; 4]; 4];
    (0..4).for_each(|driver| correlation[driver][driver] = 1.0);
    (correlation[0][1], correlation[1][0]) = (0.9, 0.9);
    let found = outcome(Specification {
        distributions: [
            Some(Distribution::Normal { mean: 0.12, standard_deviation: 0.0 }),
            Some(PERT_MARGIN),
            None,
            None,
        ],
        correlation: Some(Matrix::from_rows("correlation", &correlation).unwrap()),
        ..specification(20_000, 3)
    });
    let [margin, growth] = &found.tornado[..] else { panic!("{:?}", found.tornado) };
    assert_eq!((margin.driver, margin.share_of_squares), (Driver::Margin, Some(1.0)));
    assert_eq!(
        (growth.driver, growth.rank_correlation, growth.share_of_squares),
        (Driver::Growth, None, Some(0.0))
    );
    for value in [growth.value_at_low, growth.value_at_high] {
        assert!((value / found.value_per_share.mean - 1.0).abs() < 1e-9, "{growth:?}");
    }
}

#[test]
fn what_can_not_be_simulated_is_refused() {
    let refused = |change: &dyn Fn(&mut Specification)| {
        let mut specification = specification(10, 1);
        change(&mut specification);
        Simulation::prepare(specification).unwrap_err()
    };
    let matrix = |rows: [[f64; 4]; 4]| Some(Matrix::from_rows("correlation", &rows).unwrap());
    let identity = [[1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0], [0.0, 0.0, 0.0, 1.0]];
    let mut indefinite = identity;
    for (i, j, value) in [(0, 1, 0.9), (0, 2, -0.9), (1, 2, 0.9)] {
        (indefinite[i][j], indefinite[j][i]) = (value, value);
    }
    let error = refused(&|specification| specification.correlation = matrix(indefinite));
    assert!(
        matches!(error, QuantError::NotPositiveSemidefinite { smallest } if (smallest - -0.8).abs() < 1e-9)
    );
    let mut lopsided = identity;
    lopsided[0][1] = 0.5;
    assert!(matches!(refused(&|s| s.correlation = matrix(lopsided)), QuantError::NotSymmetric { .. }));
    let mut scaled = identity;
    scaled[2][2] = 2.0;
    assert!(matches!(refused(&|s| s.correlation = matrix(scaled)), QuantError::OutOfRange { .. }));
    let small = Matrix::from_rows("correlation", &[[1.0]]).unwrap();
    assert!(matches!(refused(&|s| s.correlation = Some(small.clone())), QuantError::AssetsMismatch { .. }));
    assert!(matches!(refused(&|s| s.settings.trials = 0), QuantError::OutOfRange { .. }));
    assert!(matches!(refused(&|s| s.settings.trials = 1_000_001), QuantError::OutOfRange { .. }));
    assert!(matches!(refused(&|s| s.distributions[3] = Some(NORMAL_GROWTH)), QuantError::Unsupported { .. }));
    assert!(matches!(refused(&|s| s.assumptions.wacc = 0.02), QuantError::GrowthNotBelowWacc { .. }));
    let singular =
        matrix([[1.0, 1.0, 0.0, 0.0], [1.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, -1.0], [0.0, 0.0, -1.0, 1.0]]);
    let semidefinite = Specification { correlation: singular, ..specification(100, 1) };
    assert!(Simulation::prepare(semidefinite).unwrap().outcome().is_ok());
}
