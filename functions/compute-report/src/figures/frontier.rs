use quant::{
    QuantError, Weights,
    moments::standard_deviation,
    optimise::{self, FrontierProblem, Method, Objective, Problem, RiskMeasure},
};
use report::model::{Frontier, FrontierPoint, Trade};

use super::{DAYS, Subject};

const POINTS: usize = 30;

/// The portfolio among all that could be made of its holdings, as an efficient-frontier task of the same portfolio has it.
///
/// `None` for a single holding, or where there is no frontier.
pub(crate) fn frontier(subject: Subject) -> Result<Option<Frontier>, QuantError> {
    let of = subject.of;
    if of.holdings.len() < 2 {
        return Ok(None);
    }
    let rate = of.settings.risk_free_rate;
    let method = Method::MeanVariance { objective: Objective::MinimumRisk };
    let problem = Problem { risk_free_rate: rate, ..Problem::new(of.returns.clone(), method) };
    let current = Some(of.weights.as_slice().to_vec());
    let measure = RiskMeasure::Variance;
    let found = optimise::frontier(&FrontierProblem { problem, measure, points: POINTS, current })?;
    if found.points.is_empty() {
        return Ok(None);
    }
    let point = |name: &str, of: &optimise::FrontierPoint| FrontierPoint {
        name: name.to_owned(),
        volatility: of.figures.volatility,
        expected_return: of.figures.expected_return,
        sharpe: of.figures.sharpe,
    };
    let marked = [
        ("This portfolio", &found.current),
        ("Least volatility", &found.minimum_risk),
        ("Largest Sharpe ratio", &found.tangency),
    ];
    let proposed = found.tangency.as_ref().or(found.minimum_risk.as_ref());
    Ok(Some(Frontier {
        points: found.points.iter().map(|one| point("", one)).collect(),
        portfolios: marked.into_iter().filter_map(|(name, one)| Some(point(name, one.as_ref()?))).collect(),
        assets: assets(subject)?,
        trades: proposed.map(|one| trades(subject, &one.weights)).unwrap_or_default(),
    }))
}

fn trades(subject: Subject, proposed: &[f64]) -> Vec<Trade> {
    let now = subject.of.weights.as_slice();
    let each = subject.symbols().into_iter().zip(now).zip(proposed);
    each.map(|((symbol, current), proposed)| Trade { symbol, current: *current, proposed: *proposed })
        .collect()
}

/// Each holding by itself.
fn assets(subject: Subject) -> Result<Vec<FrontierPoint>, QuantError> {
    let of = subject.of;
    let symbols = subject.symbols();
    let mut points = Vec::with_capacity(symbols.len());
    for (asset, name) in symbols.into_iter().enumerate() {
        let returns = of.returns.simple().column(asset);
        let mut weights = vec![0.0; of.holdings.len()];
        weights[asset] = 1.0;
        let alone = Weights::new(weights)?;
        let total = quant::performance::cumulative_return(&of.returns.portfolio(&alone)?)?;
        let gain = quant::performance::annual_return(total, returns.len(), DAYS);
        let volatility = standard_deviation(&returns, 1)? * DAYS.sqrt();
        if let Some(expected_return) = gain {
            let ratio = (expected_return - of.settings.risk_free_rate) / volatility;
            let sharpe = ratio.is_finite().then_some(ratio);
            points.push(FrontierPoint { name, volatility, expected_return, sharpe });
        }
    }
    Ok(points)
}
