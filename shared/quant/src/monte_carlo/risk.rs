use super::{
    distribution::Distribution,
    outcome::{Risk, RiskErrors},
    replicates::Replicates,
};
use crate::rank::rank;

/// Value at risk and conditional value at risk of the returns of a distribution, times a value.
pub(super) fn risk(
    distribution: &Distribution,
    confidence_level: f64,
    value: f64,
    replicates: Option<&Replicates>,
) -> Risk {
    let n = distribution.count();
    let alpha = 1.0 - confidence_level;
    let k = rank(alpha, n);
    let quantile = distribution.order_statistic(k);
    let tail = distribution.tail(k);
    let beyond = tail.shortfall / (alpha * n as f64);
    let sampling = n as f64 * alpha * (1.0 - alpha);
    let reach = sampling.sqrt().ceil() as u64;
    let (low, high) = (k.saturating_sub(reach).max(1), (k + reach).min(n));
    let spacing = distribution.order_statistic(high) - distribution.order_statistic(low);
    let density = spacing / (high - low).max(1) as f64;
    let var_error = density * sampling.sqrt();
    let cvar_error = ((tail.variance + (1.0 - alpha) * beyond * beyond) / (alpha * n as f64)).sqrt();
    Risk {
        confidence_level,
        value_at_risk: -quantile * value,
        conditional_value_at_risk: (beyond - quantile) * value,
        standard_errors: match replicates {
            None => RiskErrors {
                value_at_risk: (n > 1).then_some(var_error * value),
                conditional_value_at_risk: (n > 1).then_some(cvar_error * value),
            },
            Some(replicates) => RiskErrors {
                value_at_risk: replicates
                    .rank_error(quantile)
                    .map(|error| error * n as f64 * density * value),
                conditional_value_at_risk: replicates.shortfall_error(quantile).map(|e| e / alpha * value),
            },
        },
    }
}
