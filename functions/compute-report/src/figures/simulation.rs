use quant::{
    QuantError,
    monte_carlo::{self, ModelChoice, Outcome, Specification},
};
use report::model::{Band, Histogram, Percentile, RiskMeasure, Simulation};

use super::Subject;

const PERCENTILES: [u8; 9] = [1, 5, 10, 25, 50, 75, 90, 95, 99];

/// A simulated future, as a Monte Carlo task of the same portfolio, seed and number of paths has it.
pub(crate) fn simulation(subject: Subject) -> Result<Simulation, QuantError> {
    let settings = &subject.of.settings;
    let settings = monte_carlo::Settings {
        initial_value: subject.value(),
        steps: settings.time_horizon,
        paths: settings.num_simulations,
        seed: settings.seed,
        confidence_levels: settings.confidence_levels.clone(),
        ..monte_carlo::Settings::default()
    };
    let (returns, weights) = (&subject.of.returns, subject.of.weights.clone());
    let specification = Specification::fit(returns, weights, ModelChoice::GeometricBrownianMotion, settings)?;
    let outcome = monte_carlo::Simulation::prepare(specification)?.outcome()?;
    Ok(told(&outcome))
}

fn told(outcome: &Outcome) -> Simulation {
    let value = outcome.initial_value;
    let fan = outcome.fan.as_ref();
    let band = |line: &monte_carlo::FanLine| Band {
        percentile: f64::from(line.percentile),
        values: line.values.clone(),
    };
    let percentile = |one: &monte_carlo::Percentile| Percentile {
        percentile: f64::from(one.percentile),
        value: one.value,
    };
    let spread = &outcome.final_value;
    Simulation {
        model: "correlated geometric Brownian motion, bought and held".into(),
        paths: outcome.paths,
        horizon: outcome.steps as usize,
        seed: outcome.seed,
        steps: fan.map(|fan| fan.days.iter().map(|day| f64::from(*day)).collect()).unwrap_or_default(),
        bands: fan.map(|fan| fan.lines.iter().map(band).collect()).unwrap_or_default(),
        terminal: Histogram {
            edges: outcome.histogram.edges.iter().map(|profit| value + profit).collect(),
            counts: outcome.histogram.counts.clone(),
            mean: spread.mean,
            standard_deviation: spread.standard_deviation,
        },
        percentiles: spread
            .percentiles
            .iter()
            .filter(|one| PERCENTILES.contains(&one.percentile))
            .map(percentile)
            .collect(),
        probability_of_loss: outcome.statistics.probability_of_loss,
        risk: outcome
            .risk
            .iter()
            .map(|one| RiskMeasure {
                method: "Monte Carlo".into(),
                reliable: true,
                confidence_level: one.confidence_level,
                horizon: outcome.steps as usize,
                value_at_risk: one.value_at_risk / value,
                conditional_value_at_risk: one.conditional_value_at_risk / value,
                value_at_risk_amount: one.value_at_risk,
                conditional_value_at_risk_amount: one.conditional_value_at_risk,
            })
            .collect(),
    }
}
