use super::likelihood::{LikelihoodRatio, log_likelihood};
use crate::{QuantError, var_cvar::check_confidence_levels};

/// Kupiec's (1995) test of the proportion of failures: with x exceptions in n forecasts and `α = 1 - level`,
/// `LR = -2 ln[(1-α)^(n-x) α^x / ((1-x/n)^(n-x) (x/n)^x)]`, chi-squared with one degree of freedom.
///
/// # Errors
/// `Empty` without forecasts, `OutOfRange` for the level or for more exceptions than forecasts.
pub fn kupiec(
    exceptions: usize,
    forecasts: usize,
    confidence_level: f64,
) -> Result<LikelihoodRatio, QuantError> {
    check_confidence_levels(&[confidence_level])?;
    if forecasts == 0 {
        return Err(QuantError::Empty { what: "forecasts" });
    }
    if exceptions > forecasts {
        let value = exceptions as f64;
        return Err(QuantError::OutOfRange { name: "exceptions", range: "at most the forecasts", value });
    }
    let observed = exceptions as f64 / forecasts as f64;
    let misses = forecasts - exceptions;
    let promised = log_likelihood(exceptions, misses, 1.0 - confidence_level);
    Ok(LikelihoodRatio::one_degree(-2.0 * (promised - log_likelihood(exceptions, misses, observed))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_as_promised_is_no_evidence() {
        let test = kupiec(5, 100, 0.95).unwrap();
        assert!(test.statistic < 1e-12 && test.p_value > 0.999);
        let none = kupiec(0, 250, 0.99).unwrap();
        assert!((none.statistic - 5.025_167_926_750_725).abs() < 1e-12);
        assert!(kupiec(250, 250, 0.99).unwrap().p_value < 1e-100);
        assert!(kupiec(0, 0, 0.99).is_err() && kupiec(2, 1, 0.99).is_err());
    }
}
