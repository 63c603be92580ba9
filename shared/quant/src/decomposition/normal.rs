use super::{Contributions, Mean, Settings};
use crate::{Matrix, QuantError, normal};

/// The derivatives of a normal portfolio's figures.
///
/// With `σ = √(wᵀ C w)`: `∂σ/∂w = C w / σ`, `VaR = -(wᵀμ h + z_α σ √h)` and `CVaR = -wᵀμ h + σ √h φ(z_α)/α`.
pub(super) struct Normal<'a> {
    weights: &'a [f64],
    means: Vec<f64>,
    deviations: Vec<f64>,
    gradient: Vec<f64>,
    total: f64,
    without: Vec<f64>,
    z: f64,
    alpha: f64,
}

impl<'a> Normal<'a> {
    /// `None` where the portfolio's returns are constant but for rounding.
    pub(super) fn of(
        means: &[f64],
        covariance: &Matrix,
        weights: &'a [f64],
        settings: Settings,
    ) -> Result<Option<Self>, QuantError> {
        let assets = weights.len();
        let product: Vec<f64> =
            (0..assets).map(|i| (0..assets).map(|j| covariance[(i, j)] * weights[j]).sum()).collect();
        let variance: f64 = weights.iter().zip(&product).map(|(weight, value)| weight * value).sum();
        let gross: f64 = (0..assets).map(|i| weights[i] * weights[i] * covariance[(i, i)]).sum();
        if variance <= 1e-15 * gross || variance <= 0.0 {
            return Ok(None);
        }
        let periods = f64::from(settings.horizon);
        let root = periods.sqrt();
        let total = variance.sqrt();
        let without = |i: usize| {
            let rest =
                variance - 2.0 * weights[i] * product[i] + weights[i] * weights[i] * covariance[(i, i)];
            rest.max(0.0).sqrt() * root
        };
        let drift = match settings.mean {
            Mean::Zero => 0.0,
            Mean::Sample => periods,
        };
        let alpha = 1.0 - settings.confidence_level;
        Ok(Some(Self {
            weights,
            means: means.iter().map(|mean| drift * mean).collect(),
            deviations: (0..assets).map(|i| covariance[(i, i)].sqrt() * root).collect(),
            gradient: product.iter().map(|value| value / total * root).collect(),
            total: total * root,
            without: (0..assets).map(without).collect(),
            z: normal::quantile(alpha)?,
            alpha,
        }))
    }

    pub(super) fn volatility(&self) -> Result<Contributions, QuantError> {
        Contributions::new(self.total, self.gradient.clone(), self.weights, &self.without)
    }

    pub(super) fn value_at_risk(&self) -> Result<Contributions, QuantError> {
        self.shifted(-self.z)
    }

    pub(super) fn conditional(&self) -> Result<Contributions, QuantError> {
        self.shifted(normal::density(self.z) / self.alpha)
    }

    /// `None` with a short position.
    pub(super) fn diversification_ratio(&self) -> Option<f64> {
        let mean: f64 = self.weights.iter().zip(&self.deviations).map(|(weight, value)| weight * value).sum();
        self.weights.iter().all(|&weight| weight >= 0.0).then_some(mean / self.total)
    }

    /// `-wᵀμ + multiple · σ`.
    fn shifted(&self, multiple: f64) -> Result<Contributions, QuantError> {
        let gains: Vec<f64> =
            self.weights.iter().zip(&self.means).map(|(weight, mean)| weight * mean).collect();
        let gain: f64 = gains.iter().sum();
        let marginal =
            self.gradient.iter().zip(&self.means).map(|(slope, mean)| multiple * slope - mean).collect();
        let without: Vec<f64> =
            self.without.iter().zip(&gains).map(|(sigma, own)| multiple * sigma - (gain - own)).collect();
        Contributions::new(multiple * self.total - gain, marginal, self.weights, &without)
    }
}
