use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::likelihood::{LikelihoodRatio, log_likelihood};

/// Christoffersen's test of independence.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = BacktestIndependence)]
pub struct Independence {
    /// The test, with one degree of freedom.
    pub test: LikelihoodRatio,
    /// How often a day without (0) or with (1) an exception followed one: 00, 01, 10, 11.
    pub transitions: [usize; 4],
}

/// Christoffersen's (1998) test of independence against a first-order Markov chain: with the transitions `n_ij`,
/// `π_i = n_i1/(n_i0 + n_i1)` and `π = (n_01 + n_11)/Σ n`,
/// `LR = -2 ln[L(π) / (L(π_0) L(π_1))]`, chi-squared with one degree of freedom.
///
/// `None` for fewer than two forecasts. Without any exception the ratio is 0.
pub fn christoffersen(hits: &[bool]) -> Option<Independence> {
    if hits.len() < 2 {
        return None;
    }
    let mut transitions = [0usize; 4];
    for pair in hits.windows(2) {
        transitions[2 * usize::from(pair[0]) + usize::from(pair[1])] += 1;
    }
    let [n00, n01, n10, n11] = transitions;
    let best = |hits: usize, misses: usize| {
        let share = hits as f64 / (hits + misses).max(1) as f64;
        log_likelihood(hits, misses, share)
    };
    let independent = best(n01 + n11, n00 + n10);
    let test = LikelihoodRatio::one_degree(-2.0 * (independent - best(n01, n00) - best(n11, n10)));
    Some(Independence { test, transitions })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clusters_are_found() {
        let clustered: Vec<bool> = (0..200).map(|i| i >= 190).collect();
        let found = christoffersen(&clustered).unwrap();
        assert_eq!(found.transitions, [189, 1, 0, 9]);
        assert!(found.test.p_value < 1e-6);
        let spread: Vec<bool> = (0..200).map(|i| i % 20 == 0).collect();
        assert!(christoffersen(&spread).unwrap().test.p_value > 0.2);
        assert!(christoffersen(&[false; 50]).unwrap().test.statistic.abs() < f64::MIN_POSITIVE);
        assert_eq!(christoffersen(&[true]), None);
    }
}
