/// The smallest share of the sample variance that `ω` may be: the likelihood has no maximum at 0.
const SMALLEST_OMEGA: f64 = 1e-8;
/// The largest `α + β`.
pub(super) const LARGEST_PERSISTENCE: f64 = 0.9999;

/// `ω`, `α` and `β` from three numbers without bounds: `ω` by the exponential, persistence `α + β` and the share of `α`
/// in it by the logistic function.
pub(super) fn parameters(free: [f64; 3]) -> [f64; 3] {
    let logistic = |x: f64| 1.0 / (1.0 + libm::exp(-x));
    let persistence = LARGEST_PERSISTENCE * logistic(free[1]);
    let share = logistic(free[2]);
    [
        libm::exp(free[0].clamp(-30.0, 5.0)).max(SMALLEST_OMEGA),
        persistence * share,
        persistence * (1.0 - share),
    ]
}

/// The inverse of [`parameters`].
pub(super) fn free(omega: f64, alpha: f64, beta: f64) -> [f64; 3] {
    let logit = |p: f64| libm::log(p / (1.0 - p));
    let persistence = alpha + beta;
    [libm::log(omega), logit(persistence / LARGEST_PERSISTENCE), logit(alpha / persistence)]
}

/// `Σ (ln σ²_t + ε²_t / σ²_t)` of surprises with the sample variance 1, where `σ²_1 = 1`: what has to be smallest.
pub(super) fn deviance(squares: &[f64], [omega, alpha, beta]: [f64; 3]) -> f64 {
    const CHUNK: usize = 8;
    let mut variance = 1.0f64;
    let (mut logs, mut sum) = (0.0, 0.0);
    for chunk in squares.chunks(CHUNK) {
        // One logarithm of a product of eight variances, which are all between 1e-8 and 1e30.
        let mut product = 1.0;
        for square in chunk {
            product *= variance;
            sum += square / variance;
            variance = alpha.mul_add(*square, beta.mul_add(variance, omega));
        }
        logs += libm::log(product);
    }
    logs + sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_keep_their_bounds_and_come_back() {
        for [a, b, c] in [[-2.0, 1.0, -3.0], [-60.0, 900.0, -900.0], [40.0, -900.0, 900.0]] {
            let [omega, alpha, beta] = parameters([a, b, c]);
            assert!(omega > 0.0 && alpha >= 0.0 && beta >= 0.0 && alpha + beta <= LARGEST_PERSISTENCE);
        }
        let found = parameters(free(0.05, 0.08, 0.9));
        assert!(found.iter().zip([0.05, 0.08, 0.9]).all(|(a, b)| (a - b).abs() < 1e-12));
    }

    #[test]
    fn without_dynamics_it_is_the_normal_likelihood() {
        let squares = [0.5, 1.5, 1.0, 0.2, 3.0, 0.1, 0.4, 1.1, 0.9];
        let found = deviance(&squares, [1.0, 0.0, 0.0]);
        assert!((found - squares.iter().sum::<f64>()).abs() < 1e-12);
    }
}
