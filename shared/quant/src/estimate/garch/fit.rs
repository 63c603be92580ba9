use super::{
    Garch, GarchOutcome,
    likelihood::{deviance, free, parameters},
    simplex::minimise,
};
use crate::{QuantError, moments::mean, sum::sum_by};

/// The fewest returns that a GARCH model is fitted to.
pub const MINIMUM_OBSERVATIONS: usize = 50;
/// `(α, β)` from which the search may start; the likeliest is taken.
const STARTS: [(f64, f64); 6] = [(0.05, 0.9), (0.1, 0.8), (0.03, 0.96), (0.2, 0.6), (0.05, 0.5), (0.02, 0.1)];

/// Fits a GARCH(1,1) model to returns by Gaussian quasi maximum likelihood (Bollerslev & Wooldridge 1992), with the mean and
/// the variance before the first return taken from the sample.
///
/// `ω >= 1e-8` of the sample variance, `α, β >= 0` and `α + β <= 0.9999` are kept by a change of variables; the search is a
/// simplex from the likeliest of six starts, so equal returns have an equal answer. Constant returns have the model without
/// variance, see [`GarchOutcome::Constant`].
///
/// * `returns`: simple or log-returns, one a period, oldest first.
///
/// # Errors
/// `TooFewRows` for fewer than [`MINIMUM_OBSERVATIONS`], `NotFinite`, `Overflow`.
pub fn garch(returns: &[f64]) -> Result<Garch, QuantError> {
    let rows = returns.len();
    if rows < MINIMUM_OBSERVATIONS {
        return Err(QuantError::TooFewRows { rows, minimum: MINIMUM_OBSERVATIONS });
    }
    let mean = mean(returns)?;
    let variance = sum_by(returns, |value| (value - mean) * (value - mean)) / rows as f64;
    if !variance.is_finite() {
        return Err(QuantError::Overflow { what: "a variance" });
    }
    // Rounding of the mean is no variance.
    if variance <= (1e-13 * mean).powi(2) {
        let outcome = GarchOutcome::Constant;
        let (omega, alpha, beta, initial_variance) = (0.0, 0.0, 0.0, 0.0);
        return Ok(Garch { mean, omega, alpha, beta, initial_variance, log_likelihood: None, outcome });
    }
    let squares: Vec<f64> = returns.iter().map(|value| (value - mean) * (value - mean) / variance).collect();
    let at = |free| deviance(&squares, parameters(free));
    let start = STARTS
        .map(|(alpha, beta)| free(1.0 - alpha - beta, alpha, beta))
        .into_iter()
        .min_by(|a, b| at(*a).total_cmp(&at(*b)))
        .unwrap_or_default();
    // A simplex can collapse early; a second one from its end is cheap.
    let first = minimise(at, start, 0.5);
    let minimum = minimise(at, first.at, 0.25);
    let [omega, alpha, beta] = parameters(minimum.at);
    let constant = libm::log(2.0 * std::f64::consts::PI * variance);
    Ok(Garch {
        mean,
        omega: omega * variance,
        alpha,
        beta,
        initial_variance: variance,
        log_likelihood: Some(-0.5 * (minimum.value + rows as f64 * constant)),
        outcome: if minimum.converged { GarchOutcome::Converged } else { GarchOutcome::IterationLimit },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns of a known model, with normals from a small congruential generator.
    fn simulated(periods: usize, omega: f64, alpha: f64, beta: f64) -> Vec<f64> {
        let mut state = 1u64;
        let mut uniform = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            ((state >> 11) as f64 + 0.5) / 2f64.powi(53)
        };
        let mut variance = omega / (1.0 - alpha - beta);
        (0..periods)
            .map(|_| {
                let surprise = crate::normal::quantile(uniform()).unwrap() * variance.sqrt();
                variance = omega + alpha * surprise * surprise + beta * variance;
                0.0005 + surprise
            })
            .collect()
    }

    #[test]
    fn recovers_a_known_model() {
        let returns = simulated(20_000, 2e-6, 0.08, 0.9);
        let found = garch(&returns).unwrap();
        assert_eq!(found.outcome, GarchOutcome::Converged);
        assert!((found.alpha - 0.08).abs() < 0.015 && (found.beta - 0.9).abs() < 0.02, "{found:?}");
        assert!((found.long_run_variance() / 1e-4 - 1.0).abs() < 0.15);
        let filtered = found.filter(&returns);
        let square = filtered.residuals.iter().map(|z| z * z).sum::<f64>() / 20_000.0;
        assert!((square - 1.0).abs() < 0.01 && filtered.forecast > 0.0);
        assert_eq!(filtered.variances.len(), returns.len());
    }

    #[test]
    fn scale_changes_only_the_scale() {
        let returns = simulated(1000, 2e-6, 0.1, 0.85);
        let tenfold: Vec<f64> = returns.iter().map(|value| 10.0 * value).collect();
        let (one, ten) = (garch(&returns).unwrap(), garch(&tenfold).unwrap());
        assert!((one.alpha - ten.alpha).abs() < 1e-4 && (one.beta - ten.beta).abs() < 1e-4);
        assert!((100.0 * one.omega / ten.omega - 1.0).abs() < 1e-3);
    }

    #[test]
    fn short_constant_and_bad_returns_have_a_defined_answer() {
        let short = garch(&[0.01; 49]);
        assert_eq!(short, Err(QuantError::TooFewRows { rows: 49, minimum: 50 }));
        let constant = garch(&[0.001; 60]).unwrap();
        assert_eq!(constant.outcome, GarchOutcome::Constant);
        assert!(constant.filter(&[0.001; 60]).residuals.iter().all(|z| z.abs() < f64::MIN_POSITIVE));
        let mut bad = vec![0.01; 60];
        bad[7] = f64::NAN;
        assert!(matches!(garch(&bad), Err(QuantError::NotFinite { .. })));
        let alternating: Vec<f64> = (0..60).map(|i| if i % 2 == 0 { 0.01 } else { -0.01 }).collect();
        let found = garch(&alternating).unwrap();
        assert!(found.alpha + found.beta <= 0.9999 && found.omega > 0.0);
    }
}
