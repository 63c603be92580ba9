use crate::{
    QuantError,
    monte_carlo::{dynamics::NormalScores, generator::Generator, lanes::Row, model::Pair},
};

/// A Student-t copula over normal margins. The drivers give correlated normals `y`; `t = y √(ν/W)` with one `W ~ χ²_ν` a path
/// and day is multivariate Student-t, and `m_i + σ_i Φ⁻¹(T_ν(t_i))` has the normal margin again.
#[derive(Debug, Clone)]
pub(in crate::monte_carlo) struct Copula {
    degrees: f64,
    scores: NormalScores,
    /// Means and standard deviations, one pair of assets each.
    margins: Vec<[[f64; 2]; 2]>,
}

impl Copula {
    /// Takes the means and deviations out of the pairs, whose loadings become those of the correlation.
    pub(in crate::monte_carlo) fn new(pairs: &mut [Pair], degrees: f64) -> Result<Self, QuantError> {
        let margin = |pair: &mut Pair| {
            let square =
                |side: usize| pair.loadings.iter().map(|loading| loading[side] * loading[side]).sum();
            let deviations = [0, 1].map(square).map(f64::sqrt);
            for loading in &mut pair.loadings {
                for side in 0..2 {
                    loading[side] =
                        if deviations[side] > 0.0 { loading[side] / deviations[side] } else { 0.0 };
                }
            }
            [std::mem::take(&mut pair.means), deviations]
        };
        let margins = pairs.iter_mut().map(margin).collect();
        Ok(Self { degrees, scores: NormalScores::new(degrees)?, margins })
    }

    /// The factor `√(ν/W)` of a day.
    #[inline(always)]
    pub(in crate::monte_carlo) fn scales(&self, generator: &mut Generator, scales: &mut Row) {
        generator.chi_squared(self.degrees, scales);
        for scale in &mut scales.0 {
            *scale = (self.degrees / *scale).sqrt();
        }
    }

    /// From correlated normals to log-returns, for one pair of assets.
    #[inline(always)]
    pub(in crate::monte_carlo) fn apply(&self, pair: usize, scales: &Row, rows: &mut [Row; 2]) {
        let [means, deviations] = self.margins[pair];
        for side in 0..2 {
            for (value, scale) in rows[side].0.iter_mut().zip(&scales.0) {
                *value = deviations[side].mul_add(self.scores.of(*value * scale), means[side]);
            }
        }
    }
}
