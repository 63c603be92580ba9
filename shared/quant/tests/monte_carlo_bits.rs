//! The same inputs and seed give the same bits, however the work is shared out.

use quant::{
    Matrix, Weights,
    monte_carlo::{
        Dynamics, ModelChoice, Normal, Outcome, Partial, QuantileMethod, Rebalance, Sampling, Settings,
        Simulation, Specification,
    },
};

const PATHS: u64 = 20_000;

fn specification(rebalance: Rebalance, exact: bool, seed: u64) -> Specification {
    let covariance = [[1e-4, 4e-5, 2e-5], [4e-5, 2e-4, -3e-5], [2e-5, -3e-5, 3e-4]];
    Specification {
        weights: Weights::new(vec![0.7, 0.6, -0.3]).unwrap(),
        dynamics: Dynamics::GeometricBrownianMotion(Normal {
            log_return_mean: vec![3e-4, 2e-4, -1e-4],
            covariance: Matrix::from_rows("covariance", &covariance).unwrap(),
        }),
        settings: Settings {
            initial_value: 1e6,
            steps: 30,
            paths: PATHS,
            seed,
            rebalance,
            exact_quantile_paths: if exact { PATHS } else { 0 },
            ..Settings::default()
        },
    }
}

fn bits(outcome: &Outcome) -> String {
    serde_json::to_string(outcome).unwrap()
}

fn on_threads<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(work)
}

#[test]
fn shards_and_threads_leave_every_bit_alone() {
    for rebalance in [Rebalance::None, Rebalance::Daily] {
        for exact in [true, false] {
            let simulation = Simulation::prepare(specification(rebalance, exact, 1)).unwrap();
            let whole = on_threads(1, || simulation.outcome().unwrap());
            assert_eq!(whole.quantile_method == QuantileMethod::Exact, exact);
            for shards in [1, 4, 64] {
                let ranges = simulation.shards(shards);
                assert_eq!(ranges.len() as u64, shards);
                for threads in [1, 2] {
                    let run = |blocks| on_threads(threads, || simulation.run(blocks).unwrap());
                    let stored = ranges.iter().cloned().map(run).map(|partial| {
                        let bytes = postcard::to_stdvec(&partial).unwrap();
                        postcard::from_bytes::<Partial>(&bytes).unwrap()
                    });
                    assert_eq!(bits(&simulation.reduce(stored).unwrap()), bits(&whole));
                }
            }
        }
    }
}

/// Every model and every sampling, in a size that ends amid a block, a group and a replicate.
#[test]
fn every_model_and_sampling_gives_the_same_bits() {
    let history = crate::support::history();
    let settings = Settings { initial_value: 1e6, steps: 7, paths: 3340, seed: 3, ..Settings::default() };
    let models = [
        ModelChoice::StudentTCopula { degrees_of_freedom: Some(4.5) },
        ModelChoice::HistoricalBootstrap,
        ModelChoice::StationaryBootstrap { mean_block_length: Some(5.0) },
        ModelChoice::GarchFilteredHistorical,
    ];
    let brownian = ModelChoice::GeometricBrownianMotion;
    let samplings = [Sampling::Antithetic, Sampling::MomentMatched, Sampling::Sobol];
    let cases = models
        .map(|model| (model, Sampling::Random))
        .into_iter()
        .chain([(models[0], Sampling::Antithetic)])
        .chain(samplings.map(|sampling| (brownian, sampling)));
    for (model, sampling) in cases {
        for (rebalance, path_statistics) in
            [(Rebalance::None, true), (Rebalance::Daily, true), (Rebalance::None, false)]
        {
            if !path_statistics && model != brownian {
                continue;
            }
            let settings = Settings { sampling, rebalance, path_statistics, ..settings.clone() };
            let weights = Weights::equal(10).unwrap();
            let specification = Specification::fit(&history, weights, model, settings).unwrap();
            let simulation = Simulation::prepare(specification).unwrap();
            let whole = on_threads(1, || simulation.outcome().unwrap());
            for (shards, threads) in [(2, 1), (3, 2), (64, 3)] {
                let run = |blocks| on_threads(threads, || simulation.run(blocks).unwrap());
                let partials: Vec<_> = simulation.shards(shards).into_iter().map(run).collect();
                assert_eq!(
                    bits(&simulation.reduce(partials).unwrap()),
                    bits(&whole),
                    "{model:?} {sampling:?}"
                );
            }
        }
    }
}

#[test]
fn a_partial_result_has_the_same_bytes_on_any_number_of_threads() {
    let simulation = Simulation::prepare(specification(Rebalance::None, true, 1)).unwrap();
    let bytes =
        |threads| on_threads(threads, || postcard::to_stdvec(&simulation.run(3..40).unwrap()).unwrap());
    assert_eq!(bytes(1), bytes(2));
}

#[test]
fn another_seed_is_another_run_and_more_paths_continue_it() {
    let outcome =
        |seed| Simulation::prepare(specification(Rebalance::None, true, seed)).unwrap().outcome().unwrap();
    assert_ne!(outcome(1).statistics.mean.to_bits(), outcome(2).statistics.mean.to_bits());
    let one = |paths| {
        let mut specification = specification(Rebalance::None, true, 9);
        specification.settings.paths = paths;
        Simulation::prepare(specification).unwrap().outcome().unwrap().statistics
    };
    assert_eq!(one(1).mean.to_bits(), one(1).maximum.to_bits());
    assert!(one(70).minimum <= one(1).minimum && one(70).maximum >= one(1).maximum);
}

/// Locks the random numbers: a change of these bits is a change of every stored result.
#[test]
fn the_first_paths_are_known() {
    let mut specification = specification(Rebalance::Daily, true, 42);
    specification.settings.paths = 2;
    let statistics = Simulation::prepare(specification).unwrap().outcome().unwrap().statistics;
    let bits = (statistics.minimum.to_bits(), statistics.maximum.to_bits());
    assert_eq!(bits, (0x40dc_c8fd_2cee_597d, 0x40f9_5bd9_d6b8_247e));
}
