//! Expected returns from a market's weights and an investor's views.

use faer::{Mat, linalg::solvers::Solve};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    BlackLittermanFigures, Objective, RiskMeasure, Solution, mean_risk, naive::normalised,
    unconstrained::solved, universe::Universe,
};
use crate::{
    Matrix, QuantError,
    estimate::linear::{cholesky, dot, times},
    moments::{mean, standard_deviation},
};

fn default_tau() -> f64 {
    0.05
}

fn default_risk_aversion() -> f64 {
    2.5
}

/// A view: the return of a combination of assets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct View {
    /// Pairs of an asset's index and its part: `[[2, 1.0]]` for an absolute view, `[[2, 1.0], [0, -1.0]]` for a relative
    /// one.
    pub parts: Vec<(usize, f64)>,
    /// The annual return that the combination is expected to have, as a fraction.
    pub expected_return: f64,
    /// From 0 (no belief) to 1 (certain), for Idzorek's uncertainty; the default uncertainty without it.
    #[serde(default)]
    pub confidence: Option<f64>,
}

/// A market and views.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = BlackLittermanModel)]
pub struct Model {
    /// The assets' market values, in any unit; the prior is the problem's expected returns without them.
    #[serde(default)]
    pub market_values: Option<Vec<f64>>,
    /// The market's risk aversion δ.
    #[serde(default = "default_risk_aversion")]
    pub risk_aversion: f64,
    /// τ, the uncertainty of the prior.
    #[serde(default = "default_tau")]
    pub tau: f64,
    /// The views.
    #[serde(default)]
    pub views: Vec<View>,
}

/// The market's risk aversion `(m mean(r) - rf) / (m var(r))` (ddof = 1) for m periods a year.
///
/// # Errors
/// `TooFewRows`, `NotFinite`, and `OutOfRange` for returns that don't vary.
pub fn implied_risk_aversion(
    market: &[f64],
    risk_free_rate: f64,
    periods_per_year: f64,
) -> Result<f64, QuantError> {
    let variance = standard_deviation(market, 1)?.powi(2) * periods_per_year;
    if variance > 0.0 {
        return Ok((mean(market)? * periods_per_year - risk_free_rate) / variance);
    }
    Err(QuantError::OutOfRange { name: "the market's variance", range: "above 0", value: variance })
}

/// The Black-Litterman model (Black & Litterman 1992; He & Litterman 1999), and Markowitz on what it finds.
///
/// Prior `π = δ Σ w_market + rf`; with views `P`, `q` and their uncertainty Ω the posterior is
/// `π + τΣPᵀ (τPΣPᵀ + Ω)⁻¹ (q - Pπ)` with covariance `Σ + τΣ - τΣPᵀ (τPΣPᵀ + Ω)⁻¹ PτΣ`. `Ω = diag(τPΣPᵀ)`, or, with a
/// confidence c, `τ (1 - c) / c · pΣpᵀ` (Idzorek 2005 in Walters' closed form); a view without any confidence is left out.
pub(super) fn solve(universe: Universe, model: &Model, objective: Objective) -> Result<Solution, QuantError> {
    let figures = posterior(&universe, model)?;
    let covariance = Matrix::from_rows("the posterior covariance", &figures.posterior_covariance)?;
    let updated = Universe { mean: figures.posterior_returns.clone(), covariance, ..universe };
    let solution = mean_risk::solve(updated, objective, RiskMeasure::Variance)?;
    Ok(Solution { black_litterman: Some(figures), ..solution })
}

fn posterior(universe: &Universe, model: &Model) -> Result<BlackLittermanFigures, QuantError> {
    let sigma = &universe.covariance;
    let n = universe.assets();
    check(model, n)?;
    let prior: Vec<f64> = match &model.market_values {
        None => universe.mean.clone(),
        Some(values) => times(sigma, &normalised(values.clone()))
            .iter()
            .map(|value| model.risk_aversion * value + universe.problem.risk_free_rate)
            .collect(),
    };
    let views: Vec<&View> = model.views.iter().filter(|view| view.confidence != Some(0.0)).collect();
    let k = views.len();
    let picks: Vec<Vec<f64>> = views.iter().map(|view| row(view, n)).collect();
    let images: Vec<Vec<f64>> =
        picks.iter().map(|pick| times(sigma, pick).iter().map(|value| model.tau * value).collect()).collect();
    let omega: Vec<f64> = (0..k)
        .map(|i| views[i].confidence.map_or(1.0, |c| (1.0 - c) / c) * dot(&picks[i], &images[i]))
        .collect();
    let mut posterior_returns = prior.clone();
    let mut covariance: Vec<Vec<f64>> =
        (0..n).map(|i| sigma.row(i).iter().map(|value| (1.0 + model.tau) * value).collect()).collect();
    if k > 0 {
        let mut middle = Matrix::zeros(k, k);
        for i in 0..k {
            for j in 0..k {
                middle[(i, j)] = dot(&picks[i], &images[j]);
            }
            middle[(i, i)] += omega[i];
        }
        let range = "no repeated or contradictory certain ones";
        let factor =
            cholesky(&middle).ok_or(QuantError::OutOfRange { name: "views", range, value: k as f64 })?;
        let surprise = Mat::from_fn(k, 1, |i, _| views[i].expected_return - dot(&picks[i], &prior));
        let pull = factor.solve(surprise);
        let shrink = factor.solve(Mat::from_fn(k, n, |view, asset| images[view][asset]));
        for (i, posterior_return) in posterior_returns.iter_mut().enumerate() {
            *posterior_return += (0..k).map(|view| images[view][i] * pull[(view, 0)]).sum::<f64>();
            for (j, value) in covariance[i].iter_mut().enumerate() {
                *value -= (0..k).map(|view| images[view][i] * shrink[(view, j)]).sum::<f64>();
            }
        }
        for i in 1..n {
            let (above, row) = covariance.split_at_mut(i);
            for (value, other) in row[0].iter_mut().zip(above) {
                *value = other[i];
            }
        }
    }
    let direction = solved(sigma, &posterior_returns)?;
    let implied_weights = (direction.iter().sum::<f64>() != 0.0).then(|| normalised(direction));
    Ok(BlackLittermanFigures {
        prior,
        posterior_returns,
        posterior_covariance: covariance,
        omega,
        implied_weights,
    })
}

fn row(view: &View, assets: usize) -> Vec<f64> {
    let mut row = vec![0.0; assets];
    for &(asset, part) in &view.parts {
        row[asset] += part;
    }
    row
}

fn check(model: &Model, assets: usize) -> Result<(), QuantError> {
    let above_zero = |name, value: f64| {
        let range = "above 0";
        let fine = value > 0.0 && value.is_finite();
        if fine { Ok(()) } else { Err(QuantError::OutOfRange { name, range, value }) }
    };
    above_zero("risk_aversion", model.risk_aversion)?;
    above_zero("tau", model.tau)?;
    if let Some(values) = &model.market_values {
        if values.len() != assets {
            let (what, found) = ("market_values", values.len());
            return Err(QuantError::AssetsMismatch { what, found, expected: assets });
        }
        values.iter().try_for_each(|&value| above_zero("a market value", value))?;
    }
    for view in &model.views {
        if let Some(&(asset, _)) = view.parts.iter().find(|(asset, _)| *asset >= assets) {
            return Err(QuantError::AssetsMismatch { what: "a view", found: asset + 1, expected: assets });
        }
        let size: f64 = row(view, assets).iter().map(|part| part.abs()).sum();
        above_zero("the size of a view", size)?;
        if !view.expected_return.is_finite() {
            let (name, range, value) = ("a view's expected_return", "finite", view.expected_return);
            return Err(QuantError::OutOfRange { name, range, value });
        }
        if let Some(value) = view.confidence.filter(|value| !(0.0..=1.0).contains(value)) {
            let (name, range) = ("a view's confidence", "from 0 to 1");
            return Err(QuantError::OutOfRange { name, range, value });
        }
    }
    Ok(())
}
