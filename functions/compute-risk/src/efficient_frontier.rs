//! Efficient frontiers.

use computations::{
    Answer, ByAsset, Provenance,
    frontier::{Frontier, Input, Point},
    optimisation::Figures,
};
use domain::task::{Failure, PayloadRef};
use quant::optimise::{Conventions, FrontierPoint, frontier};

use crate::failure::not_computable;

/// A frontier that is ready to be traced.
pub struct EfficientFrontier {
    input: Input,
    provenance: Provenance,
}

impl EfficientFrontier {
    pub(crate) fn prepare(input: Input, reference: &PayloadRef) -> Self {
        let provenance = Provenance {
            engine_version: concat!("ballast ", env!("CARGO_PKG_VERSION")).to_owned(),
            input_hash: reference.sha256.clone(),
            assets: input.assets.clone(),
            history_days: input.problem.problem.returns.as_ref().map(quant::Returns::periods),
        };
        Self { input, provenance }
    }

    pub(crate) fn compute(&self) -> Result<Answer<Frontier>, Failure> {
        let assets = &self.input.assets;
        let name = |index: usize| assets.get(index).cloned().unwrap_or_default();
        let solution = frontier(&self.input.problem).map_err(not_computable)?;
        let named = |point: FrontierPoint| self.named(point);
        let result = Frontier {
            outcome: solution.outcome.named(name),
            measure: solution.measure,
            points: solution.points.into_iter().map(named).collect(),
            minimum_risk: solution.minimum_risk.map(named),
            tangency: solution.tangency.map(named),
            current: solution.current.map(named),
            corners: solution.corners,
            repairs: solution.repairs.into_iter().map(|repair| repair.named(name)).collect(),
            incomplete_days: self.input.incomplete_days,
            conventions: Conventions::default(),
        };
        Ok(Answer { result, provenance: self.provenance.clone() })
    }

    fn named(&self, point: FrontierPoint) -> Point {
        let (assets, figures) = (&self.input.assets, point.figures);
        Point {
            target_return: point.target_return,
            risk: point.risk,
            weights: ByAsset::new(assets, point.weights),
            figures: Figures {
                expected_return: figures.expected_return,
                volatility: figures.volatility,
                sharpe: figures.sharpe,
                risk_contributions: figures.risk_contributions.map(|shares| ByAsset::new(assets, shares)),
                diversification_ratio: figures.diversification_ratio,
                risk: figures.risk,
            },
        }
    }
}
