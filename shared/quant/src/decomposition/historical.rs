use super::{Contributions, Settings};
use crate::{QuantError, Returns, rank::rank, var_cvar::historical};

/// Contributions to the historical value at risk and `CVaR` ([`historical`]).
///
/// The day at the quantile is the value at risk's derivative, the tail's days weighted as in `CVaR` (the boundary day with
/// what is missing to the mass α) are that of `CVaR`: `∂CVaR/∂w_i = -Σ_k q_k R_ki`.
pub(super) fn contributions(
    returns: &Returns,
    weights: &[f64],
    portfolio: &[f64],
    settings: Settings,
) -> Result<(Contributions, Contributions), QuantError> {
    let n = portfolio.len();
    let alpha = 1.0 - settings.confidence_level;
    let root = f64::from(settings.horizon).sqrt();
    let at_quantile = rank(alpha, n as u64) as usize - 1;
    let mut order: Vec<usize> = (0..n).collect();
    let by_loss =
        |&left: &usize, &right: &usize| portfolio[left].total_cmp(&portfolio[right]).then(left.cmp(&right));
    order.select_nth_unstable_by(at_quantile, by_loss);
    let mass = alpha * n as f64;
    let boundary = order[at_quantile];
    let assets = 0..weights.len();
    let loss = |day: usize, asset: usize| -returns.simple()[(day, asset)] * root;
    let var_marginal: Vec<f64> = assets.clone().map(|asset| loss(boundary, asset)).collect();
    let cvar_marginal: Vec<f64> = assets
        .clone()
        .map(|asset| {
            let tail: f64 = order[..at_quantile].iter().map(|&day| loss(day, asset)).sum();
            tail / mass + (1.0 - at_quantile as f64 / mass) * loss(boundary, asset)
        })
        .collect();
    let levels = [settings.confidence_level];
    let total = historical(portfolio, &levels, 1)?[0];
    let mut var_without = Vec::with_capacity(weights.len());
    let mut cvar_without = Vec::with_capacity(weights.len());
    for asset in assets {
        let rest: Vec<f64> =
            (0..n).map(|day| portfolio[day] - weights[asset] * returns.simple()[(day, asset)]).collect();
        let risk = historical(&rest, &levels, 1)?[0];
        var_without.push(risk.value_at_risk * root);
        cvar_without.push(risk.conditional_value_at_risk * root);
    }
    Ok((
        Contributions::new(total.value_at_risk * root, var_marginal, weights, &var_without)?,
        Contributions::new(total.conditional_value_at_risk * root, cvar_marginal, weights, &cvar_without)?,
    ))
}
