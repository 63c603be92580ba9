use serde::{Deserialize, Serialize};

use crate::{Invalid, Validation, portfolio::WEIGHT_TOLERANCE};

/// The most assets of one risk task.
pub const MAXIMUM_ASSETS: usize = 500;
/// The most rows of history of one risk task.
pub const MAXIMUM_HISTORY: usize = 20_000;

/// A portfolio's weights and the history of its assets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AssetHistory {
    /// One name an asset, for reading only.
    pub assets: Vec<String>,
    /// One weight an asset, as a fraction of the portfolio's value; they sum to 1, short positions are negative.
    pub weights: Vec<f64>,
    /// Simple daily returns: rows are days, columns are assets.
    pub returns: Vec<Vec<f64>>,
}

impl AssetHistory {
    /// Checks weights and returns against each other.
    ///
    /// # Errors
    /// Points to each weight or row that can't be taken, below `/weights` and `/historical_returns`.
    pub fn parse(assets: Vec<String>, weights: Vec<f64>, returns: Vec<Vec<f64>>) -> Result<Self, Invalid> {
        let mut validation = Validation::new();
        check_weights(&mut validation, &weights);
        check_returns(&mut validation, &returns, weights.len());
        validation.finish(Some(Self { assets, weights, returns }))
    }
}

fn check_weights(validation: &mut Validation, weights: &[f64]) {
    const POINTER: &str = "/weights";
    validation.require(
        (1..=MAXIMUM_ASSETS).contains(&weights.len()),
        POINTER,
        format!("must have 1 to {MAXIMUM_ASSETS} weights, but has {}", weights.len()),
    );
    let out_of_range = |weight: &f64| weight.is_nan() || weight.abs() > 1e6;
    for (asset, weight) in weights.iter().enumerate().filter(|(_, weight)| out_of_range(weight)) {
        validation
            .reject(format!("{POINTER}/{asset}"), format!("must be a number within ±1e6, but is {weight}"));
    }
    let sum: f64 = weights.iter().sum();
    validation.require(
        weights.is_empty() || (sum - 1.0).abs() <= WEIGHT_TOLERANCE,
        POINTER,
        format!("must sum to 1 (within {WEIGHT_TOLERANCE}), but sum to {}", round_to_9_decimals(sum)),
    );
}

fn check_returns(validation: &mut Validation, returns: &[Vec<f64>], assets: usize) {
    const POINTER: &str = "/historical_returns";
    validation.require(
        (2..=MAXIMUM_HISTORY).contains(&returns.len()),
        POINTER,
        format!("must have 2 to {MAXIMUM_HISTORY} rows (days), but has {}", returns.len()),
    );
    for (day, row) in returns.iter().enumerate() {
        if row.len() != assets {
            validation.reject(
                format!("{POINTER}/{day}"),
                format!("must have one return for each of the {assets} weights, but has {}", row.len()),
            );
            // One ragged row is enough to see what is wrong; thousands of the same error help nobody.
            return;
        }
        for (asset, value) in row.iter().enumerate() {
            if !(*value > -1.0 && *value <= 100.0) {
                validation.reject(
                    format!("{POINTER}/{day}/{asset}"),
                    format!("must be a simple return above -1 and at most 100, but is {value}"),
                );
                return;
            }
        }
    }
}

fn round_to_9_decimals(value: f64) -> f64 {
    (value * 1e9).round() / 1e9
}

#[cfg(test)]
mod tests {
    use super::*;

    fn errors(weights: &[f64], returns: &[&[f64]]) -> Vec<(String, String)> {
        let returns = returns.iter().map(|row| row.to_vec()).collect();
        match AssetHistory::parse(vec![], weights.to_vec(), returns) {
            Ok(_) => vec![],
            Err(Invalid(errors)) => errors.into_iter().map(|e| (e.pointer, e.detail)).collect(),
        }
    }

    #[test]
    fn a_sound_history_is_taken() {
        assert!(errors(&[1.3, -0.3], &[&[0.1, 0.2], &[0.0, -0.99]]).is_empty());
    }

    #[test]
    fn each_fault_is_named() {
        assert_eq!(
            errors(&[0.5, 0.4], &[&[0.1, 0.2], &[0.1, 0.2]])[0].1,
            "must sum to 1 (within 0.000001), but sum to 0.9"
        );
        assert_eq!(errors(&[1.0], &[&[0.1]])[0].0, "/historical_returns");
        assert_eq!(errors(&[1.0], &[&[0.1], &[0.1, 0.2]])[0].0, "/historical_returns/1");
        assert_eq!(errors(&[1.0], &[&[0.1], &[f64::NAN]])[0].0, "/historical_returns/1/0");
        assert_eq!(errors(&[1.0], &[&[0.1], &[-1.0]])[0].0, "/historical_returns/1/0");
        assert_eq!(errors(&[f64::INFINITY], &[&[0.1], &[0.1]])[0].0, "/weights/0");
        assert_eq!(errors(&[], &[&[], &[]])[0].0, "/weights");
    }
}
