//! Stress tests.

use domain::{
    risk::{self, StressShocks, StressedCorrelations},
    task::Failure,
};
use quant::{
    Matrix, QuantError, Returns, Weights,
    stress::{
        self, CorrelationStress, Correlations, ReplayWindow, Scenario, Shocks, StressTestSettings,
        stress_test,
    },
};

use crate::{failure::not_computable, risk::numbers};

/// A stress test that is ready to run.
pub struct StressTest {
    returns: Returns,
    weights: Weights,
    settings: StressTestSettings,
}

impl StressTest {
    pub(crate) fn prepare(input: risk::StressTest) -> Result<Self, Failure> {
        let (returns, weights) = numbers(input.portfolio)?;
        let (factor_names, factors) = match input.factors {
            Some(factors) => (factors.names, Some(Returns::from_rows(&factors.returns))),
            None => (Vec::new(), None),
        };
        let replays = input.replays.into_iter().map(replay).collect::<Result<_, _>>();
        let correlation_stress =
            input.correlation_stress.into_iter().map(correlation).collect::<Result<_, _>>();
        let settings = StressTestSettings {
            notional: input.notional,
            scenarios: input.scenarios.into_iter().map(scenario).collect(),
            factor_names,
            factors: factors.transpose().map_err(not_computable)?,
            replays: replays.map_err(not_computable)?,
            correlation_stress: correlation_stress.map_err(not_computable)?,
            reverse_stress: input.reverse_stress,
        };
        Ok(Self { returns, weights, settings })
    }

    pub(crate) fn compute(&self) -> Result<stress::StressTest, Failure> {
        stress_test(&self.returns, &self.weights, &self.settings).map_err(not_computable)
    }
}

fn scenario(scenario: risk::StressScenario) -> Scenario {
    let shocks = match scenario.shocks {
        StressShocks::Assets(shocks) => Shocks::Assets(shocks),
        StressShocks::Propagated(shocks) => Shocks::Propagated(shocks),
        StressShocks::Factors(shocks) => Shocks::Factors(shocks),
    };
    Scenario { name: scenario.name, shocks }
}

fn replay(replay: risk::StressReplay) -> Result<ReplayWindow, QuantError> {
    let prices = Matrix::from_rows("prices", &replay.prices)?;
    Ok(ReplayWindow { name: replay.name, dates: replay.dates, prices })
}

fn correlation(stress: risk::CorrelationStress) -> Result<CorrelationStress, QuantError> {
    let correlations = match stress.correlations {
        StressedCorrelations::TowardsOne(strength) => Correlations::TowardsOne { strength },
        StressedCorrelations::Given(rows) => {
            Correlations::Given { correlation: Matrix::from_rows("correlation", &rows)? }
        }
    };
    Ok(CorrelationStress {
        correlations,
        volatility_multiple: stress.volatility_multiple,
        confidence_level: stress.confidence_level,
        horizon: stress.horizon,
    })
}
