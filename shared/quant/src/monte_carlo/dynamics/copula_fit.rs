use serde::{Deserialize, Serialize};
use statrs::{distribution::Continuous, function::gamma::ln_gamma};

use super::student_t::{lower_quantile, student_t};
use crate::{
    Matrix, QuantError,
    estimate::garch::MINIMUM_OBSERVATIONS,
    factor::{Factor, factor},
};

/// The fewest degrees of freedom of a copula.
pub const MINIMUM_DEGREES: f64 = 2.0;
/// The most degrees of freedom that are fitted: beyond, the copula is the normal one for all practical purposes.
pub const MAXIMUM_FITTED_DEGREES: f64 = 200.0;

/// A copula's degrees of freedom by maximum likelihood.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct CopulaFit {
    /// The degrees of freedom.
    pub degrees_of_freedom: f64,
    /// The log-likelihood there.
    pub log_likelihood: f64,
    /// Whether they are at an end of the range, 2 to 200.
    pub at_limit: bool,
}

/// Fits the degrees of freedom of a Student-t copula with the correlation of `covariance` by maximum likelihood of the ranks
/// over `n + 1` (Genest, Ghoudi & Rivest 1995). Assets that are combinations of others are left out; with fewer than two
/// others there is nothing to fit, and the answer is the end of the range, 200.
///
/// * `observations`: days × assets, at least 50 days.
///
/// # Errors
/// `TooFewRows` for fewer than 50 days; those of [`factor`].
pub fn fit_copula(observations: &Matrix, covariance: &Matrix) -> Result<CopulaFit, QuantError> {
    let rows = observations.rows();
    if rows < MINIMUM_OBSERVATIONS {
        return Err(QuantError::TooFewRows { rows, minimum: MINIMUM_OBSERVATIONS });
    }
    let (factor, _) = factor(covariance)?;
    if factor.rank() < 2 {
        let degrees_of_freedom = MAXIMUM_FITTED_DEGREES;
        return Ok(CopulaFit { degrees_of_freedom, log_likelihood: 0.0, at_limit: true });
    }
    let likelihood = Likelihood::new(observations, &factor);
    let at = |log_degrees: f64| likelihood.at(libm::exp(log_degrees));
    let (low, high) = (libm::log(MINIMUM_DEGREES), libm::log(MAXIMUM_FITTED_DEGREES));
    let best = maximise(at, low, high)?;
    let degrees_of_freedom = libm::exp(best).clamp(MINIMUM_DEGREES, MAXIMUM_FITTED_DEGREES);
    let at_limit = best - low < 1e-3 || high - best < 1e-3;
    Ok(CopulaFit { degrees_of_freedom, log_likelihood: likelihood.at(degrees_of_freedom)?, at_limit })
}

/// The place of a single maximum by golden sections.
fn maximise(
    function: impl Fn(f64) -> Result<f64, QuantError>,
    mut low: f64,
    mut high: f64,
) -> Result<f64, QuantError> {
    const GOLDEN: f64 = 0.618_033_988_749_894_9;
    const TOLERANCE: f64 = 1e-4;
    let (mut left, mut right) = (high - GOLDEN * (high - low), low + GOLDEN * (high - low));
    let (mut at_left, mut at_right) = (function(left)?, function(right)?);
    while high - low > TOLERANCE {
        if at_left >= at_right {
            (high, right, at_right) = (right, left, at_left);
            left = high - GOLDEN * (high - low);
            at_left = function(left)?;
        } else {
            (low, left, at_left) = (left, right, at_right);
            right = low + GOLDEN * (high - low);
            at_right = function(right)?;
        }
    }
    Ok(f64::midpoint(low, high))
}

/// The copula's likelihood as a function of the degrees of freedom.
struct Likelihood {
    /// For each day the ranks 1 to n of the independent assets, in the factor's order.
    ranks: Vec<Vec<usize>>,
    /// The factor of the correlation, lower triangular with rows of length 1.
    lower: Vec<Vec<f64>>,
    days: usize,
}

impl Likelihood {
    fn new(observations: &Matrix, factor: &Factor) -> Self {
        let (days, rank) = (observations.rows(), factor.rank());
        let mut ranks = vec![vec![0; rank]; days];
        for (k, &asset) in factor.order()[..rank].iter().enumerate() {
            let column = observations.column(asset);
            let mut order: Vec<usize> = (0..days).collect();
            order.sort_by(|&a, &b| column[a].total_cmp(&column[b]).then(a.cmp(&b)));
            for (position, day) in order.into_iter().enumerate() {
                ranks[day][k] = position + 1;
            }
        }
        let lower = (0..rank).map(|row| {
            let loadings: Vec<f64> = (0..=row).map(|column| factor.loading(row, column)).collect();
            let norm = loadings.iter().map(|loading| loading * loading).sum::<f64>().sqrt();
            loadings.into_iter().map(|loading| loading / norm).collect()
        });
        Self { ranks, lower: lower.collect(), days }
    }

    /// `Σ ln c(u)`, `c` the density of the multivariate Student-t over the product of its margins.
    fn at(&self, degrees: f64) -> Result<f64, QuantError> {
        let distribution = student_t(degrees)?;
        let (n, assets) = (self.days, self.lower.len() as f64);
        let mut quantiles = vec![0.0; n + 1];
        let mut log_densities = vec![0.0; n + 1];
        for rank in 1..=n.div_ceil(2) {
            let t = lower_quantile(&distribution, degrees, (rank as f64 / (n + 1) as f64).min(0.5))?;
            (quantiles[rank], quantiles[n + 1 - rank]) = (t, -t);
            let density = distribution.ln_pdf(t);
            (log_densities[rank], log_densities[n + 1 - rank]) = (density, density);
        }
        let determinant: f64 =
            self.lower.iter().map(|row| row.last().map_or(0.0, |pivot| libm::log(*pivot))).sum();
        let constant = ln_gamma(f64::midpoint(degrees, assets))
            - ln_gamma(0.5 * degrees)
            - 0.5 * assets * libm::log(degrees * std::f64::consts::PI)
            - determinant;
        let mut sum = n as f64 * constant;
        let mut solved = vec![0.0; self.lower.len()];
        for ranks in &self.ranks {
            let (mut distance, mut margins) = (0.0, 0.0);
            for (k, row) in self.lower.iter().enumerate() {
                let known: f64 = row[..k].iter().zip(&solved).map(|(a, b)| a * b).sum();
                solved[k] = (quantiles[ranks[k]] - known) / row[k];
                distance += solved[k] * solved[k];
                margins += log_densities[ranks[k]];
            }
            sum -= f64::midpoint(degrees, assets) * libm::log1p(distance / degrees) + margins;
        }
        Ok(sum)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Returns, moments::covariance, normal};

    /// Two assets with a correlation of one half; their common scale is that of a Student-t with some degrees of freedom.
    fn sample(degrees: Option<u32>) -> Matrix {
        let mut state = 3u64;
        let mut normal = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            normal::quantile(((state >> 11) as f64 + 0.5) / 2f64.powi(53)).unwrap()
        };
        let rows: Vec<[f64; 2]> = (0..4000)
            .map(|_| {
                let (a, b) = (normal(), normal());
                let square =
                    |n: u32, draw: &mut dyn FnMut() -> f64| (0..n).map(|_| draw().powi(2)).sum::<f64>();
                let scale = degrees.map_or(1.0, |n| (f64::from(n) / square(n, &mut normal)).sqrt());
                [0.01 * (scale * a).tanh(), 0.01 * (scale * (0.5 * a + 0.75f64.sqrt() * b)).tanh()]
            })
            .collect();
        Returns::from_rows(&rows).unwrap().simple().clone()
    }

    #[test]
    fn recovers_degrees_of_freedom_whatever_the_margins() {
        let fit = |degrees| {
            let sample = sample(degrees);
            let (_, covariance) = covariance(&sample).unwrap();
            fit_copula(&sample, &covariance).unwrap()
        };
        let four = fit(Some(4));
        assert!((3.0..5.5).contains(&four.degrees_of_freedom) && !four.at_limit, "{four:?}");
        assert!(fit(None).degrees_of_freedom > 30.0);
    }

    #[test]
    fn one_independent_asset_has_no_copula() {
        let rows: Vec<[f64; 2]> =
            (0..60).map(|i| f64::from(i * 7 % 60) / 1e4).map(|x| [x, 2.0 * x]).collect();
        let matrix = Matrix::from_rows("returns", &rows).unwrap();
        let fit = fit_copula(&matrix, &covariance(&matrix).unwrap().1).unwrap();
        assert!(fit.at_limit);
        let short = Matrix::from_rows("returns", &rows[..40]).unwrap();
        let refused = fit_copula(&short, &covariance(&short).unwrap().1);
        assert!(matches!(refused, Err(QuantError::TooFewRows { rows: 40, minimum: 50 })));
    }
}
