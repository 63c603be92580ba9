use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A likelihood ratio test.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct LikelihoodRatio {
    /// Minus twice the logarithm of the ratio, chi-squared under the hypothesis.
    pub statistic: f64,
    /// The probability of a statistic at least as large under the hypothesis. Small = the model is doubtful.
    pub p_value: f64,
}

impl LikelihoodRatio {
    /// With one degree of freedom: `P(χ²_1 > x) = erfc(√(x/2))`.
    pub(super) fn one_degree(statistic: f64) -> Self {
        let statistic = statistic.max(0.0);
        Self { statistic, p_value: libm::erfc((0.5 * statistic).sqrt()) }
    }

    /// With two degrees of freedom: `P(χ²_2 > x) = exp(-x/2)`.
    pub(super) fn two_degrees(statistic: f64) -> Self {
        Self { statistic, p_value: libm::exp(-0.5 * statistic) }
    }
}

/// `hits ln p + misses ln(1 - p)`, where `0 ln 0 = 0`.
pub(super) fn log_likelihood(hits: usize, misses: usize, probability: f64) -> f64 {
    let term = |count: usize, logarithm: f64| if count == 0 { 0.0 } else { count as f64 * logarithm };
    term(hits, libm::log(probability)) + term(misses, libm::log1p(-probability))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_critical_values() {
        assert!((LikelihoodRatio::one_degree(3.841_458_820_694_124).p_value - 0.05).abs() < 1e-14);
        assert!((LikelihoodRatio::two_degrees(5.991_464_547_107_979).p_value - 0.05).abs() < 1e-14);
        assert!(log_likelihood(0, 0, 0.0).abs() < f64::MIN_POSITIVE);
    }
}
