//! What the samplings promise, against closed forms.

use quant::{
    Matrix, Weights,
    monte_carlo::{Dynamics, Normal, Outcome, Rebalance, Sampling, Settings, Simulation, Specification},
};

use crate::support::{number, oracle, portfolio};

const ALL: [Sampling; 4] = [Sampling::Random, Sampling::Antithetic, Sampling::MomentMatched, Sampling::Sobol];

/// Two assets whose drift is 0 a day for the price, so that the mean profit is 0 exactly.
fn specification(settings: Settings) -> Specification {
    let covariance = [[1e-4, 4e-5], [4e-5, 2.25e-4]];
    Specification {
        weights: Weights::new(vec![0.6, 0.4]).unwrap(),
        dynamics: Dynamics::GeometricBrownianMotion(Normal {
            log_return_mean: vec![-0.5e-4, -1.125e-4],
            covariance: Matrix::from_rows("covariance", &covariance).unwrap(),
        }),
        settings,
    }
}

fn run(specification: Specification) -> Outcome {
    Simulation::prepare(specification).unwrap().outcome().unwrap()
}

fn with(sampling: Sampling, paths: u64, steps: u32, seed: u64) -> Settings {
    Settings { sampling, paths, steps, seed, ..Settings::default() }
}

/// `Var(V_T)` of a portfolio that is bought and held, all prices with mean 1: `Σ w_i w_j (exp(C_ij h) - 1)`.
fn exact_deviation(steps: u32) -> f64 {
    let term = |weight: f64, covariance: f64| weight * ((covariance * f64::from(steps)).exp() - 1.0);
    (term(0.36, 1e-4) + term(0.48, 4e-5) + term(0.16, 2.25e-4)).sqrt()
}

#[test]
fn every_sampling_agrees_with_the_closed_form_within_its_own_errors() {
    for sampling in ALL {
        for (path_statistics, rebalance) in
            [(true, Rebalance::None), (false, Rebalance::None), (true, Rebalance::Daily)]
        {
            let settings = Settings { path_statistics, rebalance, ..with(sampling, 1 << 16, 20, 5) };
            let statistics = run(specification(settings)).statistics;
            let errors = statistics.standard_errors;
            let mean_error = errors.mean.unwrap();
            assert!(
                statistics.mean.abs() <= 4.5 * mean_error,
                "{sampling:?} {} {mean_error}",
                statistics.mean
            );
            if rebalance == Rebalance::None {
                let off = (statistics.standard_deviation - exact_deviation(20)).abs();
                // Matching the second moment moves the deviation by the order of 1/1024.
                let bias = if sampling == Sampling::MomentMatched {
                    2e-4 * statistics.standard_deviation
                } else {
                    0.0
                };
                assert!(off <= 5.0 * errors.standard_deviation.unwrap() + bias, "{sampling:?} {off}");
            }
        }
    }
}

type Figure = fn(&Outcome) -> (f64, Option<f64>);

/// The errors that are told are those that runs with other seeds show.
#[test]
fn standard_errors_are_those_between_seeds() {
    const RUNS: u64 = 60;
    for sampling in ALL {
        let runs: Vec<Outcome> =
            (0..RUNS).map(|seed| run(specification(with(sampling, 1 << 14, 5, 100 + seed)))).collect();
        let figures: [(&str, Figure); 5] = [
            ("mean", |o| (o.statistics.mean, o.statistics.standard_errors.mean)),
            ("deviation", |o| {
                (o.statistics.standard_deviation, o.statistics.standard_errors.standard_deviation)
            }),
            ("loss", |o| {
                (o.statistics.probability_of_loss, o.statistics.standard_errors.probability_of_loss)
            }),
            ("VaR", |o| (o.risk[0].value_at_risk, o.risk[0].standard_errors.value_at_risk)),
            ("CVaR", |o| {
                (o.risk[0].conditional_value_at_risk, o.risk[0].standard_errors.conditional_value_at_risk)
            }),
        ];
        for (name, figure) in figures {
            let values: Vec<f64> = runs.iter().map(|outcome| figure(outcome).0).collect();
            let mean = values.iter().sum::<f64>() / RUNS as f64;
            let spread =
                (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (RUNS - 1) as f64).sqrt();
            let told =
                runs.iter().map(|outcome| figure(outcome).1.unwrap().powi(2)).sum::<f64>() / RUNS as f64;
            let ratio = told.sqrt() / spread;
            assert!((0.65..1.5).contains(&ratio), "{sampling:?} {name}: {ratio}");
        }
    }
}

#[test]
fn antithetic_and_matched_paths_have_an_exact_mean() {
    // The log-return of one asset is linear in the normals, so its mean over the paths is exact.
    let covariance = Matrix::from_rows("covariance", &[[1e-12]]).unwrap();
    for (sampling, tolerance) in
        [(Sampling::Antithetic, 1e-11), (Sampling::MomentMatched, 1e-11), (Sampling::Random, 1.0)]
    {
        let specification = Specification {
            weights: Weights::equal(1).unwrap(),
            dynamics: Dynamics::GeometricBrownianMotion(Normal {
                log_return_mean: vec![0.0],
                covariance: covariance.clone(),
            }),
            settings: with(sampling, 2048, 3, 9),
        };
        // exp(x) = 1 + x + x²/2: the square is 1.5e-12 on average, and the rest is linear.
        let mean = run(specification).statistics.mean;
        assert!((mean - 1.5e-12).abs() < tolerance * 1e-1, "{sampling:?} {mean}");
        if sampling != Sampling::Random {
            assert!(mean.abs() < 5e-12, "{sampling:?} {mean}");
        }
    }
}

/// The root mean square error of the mean over seeds.
fn error(sampling: Sampling, path_statistics: bool, steps: u32) -> f64 {
    let square = |seed| {
        let settings = Settings { path_statistics, ..with(sampling, 1 << 13, steps, seed) };
        run(specification(settings)).statistics.mean.powi(2)
    };
    ((0..12).map(square).sum::<f64>() / 12.0).sqrt()
}

#[test]
fn other_samplings_have_smaller_errors_with_as_many_paths() {
    for (path_statistics, steps) in [(false, 60), (true, 60)] {
        let random = error(Sampling::Random, path_statistics, steps);
        assert!(error(Sampling::Antithetic, path_statistics, steps) < 0.4 * random);
        assert!(error(Sampling::MomentMatched, path_statistics, steps) < 0.4 * random);
        assert!(error(Sampling::Sobol, path_statistics, steps) < 0.1 * random);
    }
}

#[test]
fn one_exact_step_has_the_law_of_many_steps() {
    let many = run(specification(with(Sampling::Random, 200_000, 30, 1)));
    let one =
        run(specification(Settings { path_statistics: false, ..with(Sampling::Random, 200_000, 30, 2) }));
    assert!(one.drawdown.is_none() && one.fan.is_none() && many.fan.is_some());
    assert_eq!((one.steps, one.paths), (30, 200_000));
    let close = |what: &str, a: f64, b: f64, error: f64| {
        assert!((a - b).abs() <= 4.5 * std::f64::consts::SQRT_2 * error, "{what} {a} {b} {error}");
    };
    let errors = &one.statistics.standard_errors;
    close("mean", one.statistics.mean, many.statistics.mean, errors.mean.unwrap());
    let deviation = errors.standard_deviation.unwrap();
    close("deviation", one.statistics.standard_deviation, many.statistics.standard_deviation, deviation);
    for (a, b) in one.risk.iter().zip(&many.risk) {
        close("VaR", a.value_at_risk, b.value_at_risk, a.standard_errors.value_at_risk.unwrap());
        let error = a.standard_errors.conditional_value_at_risk.unwrap();
        close("CVaR", a.conditional_value_at_risk, b.conditional_value_at_risk, error);
    }
}

/// Prices of calls on a basket and on one stock: with the strike as the initial value, the loss in the worst `P(V < K)` of paths is
/// the put's payoff, and the call follows from the mean.
fn call(specification: &Specification, strike: f64) -> f64 {
    let mut shifted = specification.clone();
    let Dynamics::GeometricBrownianMotion(normal) = &mut shifted.dynamics else { panic!() };
    normal.log_return_mean.iter_mut().for_each(|mean| *mean -= strike.ln());
    let first = run(shifted.clone()).statistics;
    shifted.settings.confidence_levels = vec![1.0 - first.probability_of_loss];
    let risk = &run(shifted).risk[0];
    strike * (first.mean + first.probability_of_loss * risk.conditional_value_at_risk)
}

#[test]
fn options_agree_with_the_oracle() {
    const PATHS: u64 = 1 << 18;
    let mut seen = 0;
    for case in oracle("monte_carlo") {
        let (id, inputs) = (case["id"].as_str().unwrap(), &case["inputs"]);
        let (expected, weights) = match id.split('/').next().unwrap() {
            "basket_call" => (&case["expected"], Some(portfolio(&case))),
            "european_option" => (&case["expected"]["call"], None),
            _ => continue,
        };
        let (years, rate) = (number(&inputs["T_years"]), number(&inputs["r"]));
        let (weights, covariance, spot) = if let Some((history, weights)) = weights {
            let (_, daily) = quant::moments::covariance(&history.log()).unwrap();
            let scaled: Vec<Vec<f64>> = (0..daily.rows())
                .map(|row| daily.row(row).iter().map(|value| value * 252.0 * years).collect())
                .collect();
            (weights, Matrix::from_rows("covariance", &scaled).unwrap(), 1.0)
        } else {
            let variance = number(&inputs["sigma"]).powi(2) * years;
            let covariance = Matrix::from_rows("covariance", &[[variance]]).unwrap();
            (Weights::equal(1).unwrap(), covariance, number(&inputs["spot"]))
        };
        let log_return_mean =
            (0..weights.assets()).map(|i| rate * years - covariance[(i, i)] / 2.0).collect();
        let specification = Specification {
            weights,
            dynamics: Dynamics::GeometricBrownianMotion(Normal { log_return_mean, covariance }),
            settings: Settings { path_statistics: false, ..with(Sampling::Random, PATHS, 1, 20_260_101) },
        };
        let strike = number(&inputs["strike"]) / spot;
        let found = spot * (-rate * years).exp() * call(&specification, strike);
        let error = (number(&expected["mc_se_unit"]) / (PATHS as f64).sqrt())
            .hypot(expected["ref_se"].as_f64().unwrap_or(0.0));
        let z = (found - number(&expected["price"])) / error;
        assert!(z.abs() <= 5.0, "{id}: {found}, {z} standard errors");
        let sobol = Settings { sampling: Sampling::Sobol, ..specification.settings.clone() };
        let precise =
            spot * (-rate * years).exp() * call(&Specification { settings: sobol, ..specification }, strike);
        assert!(
            (precise - number(&expected["price"])).abs() < 0.2 * error,
            "{id}: {precise} with Sobol' points"
        );
        seen += 1;
    }
    assert_eq!(seen, 6);
}
