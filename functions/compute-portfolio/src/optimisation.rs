//! Optimisations.

use computations::{
    ByAsset,
    optimisation::{BlackLitterman, Figures, Input, Optimisation},
};
use quant::{
    QuantError,
    optimise::{self, BlackLittermanFigures},
};

pub(crate) fn compute(input: &Input) -> Result<Optimisation, QuantError> {
    let solution = optimise::optimise(&input.problem)?;
    let assets = &input.assets;
    let name = |index: usize| assets.get(index).cloned().unwrap_or_default();
    Ok(Optimisation {
        outcome: solution.outcome.named(name),
        weights: solution.weights.map(|weights| ByAsset::new(assets, weights)),
        figures: solution.figures.map(|figures| named_figures(assets, figures)),
        clusters: solution.clusters.map(|clusters| ByAsset::new(assets, clusters)),
        leaf_order: solution.leaf_order.map(|order| order.into_iter().map(name).collect()),
        black_litterman: solution.black_litterman.map(|figures| named_model(assets, figures)),
        repairs: solution.repairs.into_iter().map(|repair| repair.named(name)).collect(),
        incomplete_days: input.incomplete_days,
        conventions: solution.conventions,
    })
}

fn named_figures(assets: &[String], figures: optimise::Figures) -> Figures {
    Figures {
        expected_return: figures.expected_return,
        volatility: figures.volatility,
        sharpe: figures.sharpe,
        risk_contributions: figures.risk_contributions.map(|shares| ByAsset::new(assets, shares)),
        diversification_ratio: figures.diversification_ratio,
        risk: figures.risk,
    }
}

fn named_model(assets: &[String], figures: BlackLittermanFigures) -> BlackLitterman {
    BlackLitterman {
        prior: ByAsset::new(assets, figures.prior),
        posterior_returns: ByAsset::new(assets, figures.posterior_returns),
        posterior_covariance: figures.posterior_covariance,
        omega: figures.omega,
        implied_weights: figures.implied_weights.map(|weights| ByAsset::new(assets, weights)),
    }
}
