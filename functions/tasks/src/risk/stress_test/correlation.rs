use domain::{
    Validation,
    risk::{CorrelationStress, StressedCorrelations},
};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{risk::levels, state::within};

/// Tighter correlations and higher volatilities: exactly one of `strength` and `correlation`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CorrelationStressRequest {
    /// Each correlation ρ becomes ρ + k (1 - ρ): 0 leaves all, 1 makes all 1, below 0 drives them apart. From -1 to 1.
    #[schema(minimum = -1, maximum = 1, example = 0.5)]
    strength: Option<f64>,
    /// Correlations of one's own, assets × assets; repaired to the nearest correlation matrix where they are none.
    correlation: Option<Vec<Vec<f64>>>,
    /// What each volatility is multiplied by, 0 to 100; 1 when not given.
    #[schema(minimum = 0, maximum = 100, example = 1.5)]
    volatility_multiple: Option<f64>,
    /// Where the value at risk is told, between 0 and 1; 0.99 when not given.
    #[schema(example = 0.99)]
    confidence_level: Option<f64>,
    /// Its horizon in trading days, 1–2,520; one day when not given.
    #[schema(minimum = 1, maximum = 2520, example = 1)]
    horizon: Option<u32>,
}

impl CorrelationStressRequest {
    /// What can be checked without the portfolio.
    pub(super) fn check(&self, pointer: &str, validation: &mut Validation) {
        validation.require(
            self.strength.is_some() != self.correlation.is_some(),
            pointer,
            "must have exactly one of strength and correlation",
        );
        let strength = within(self.strength.unwrap_or(0.0), -1.0, 1.0);
        validation.check(&format!("{pointer}/strength"), strength);
        let multiple = within(self.volatility_multiple.unwrap_or(1.0), 0.0, 100.0);
        validation.check(&format!("{pointer}/volatility_multiple"), multiple);
        levels::check(self.level(), &format!("{pointer}/confidence_level"), validation);
        validation.check(&format!("{pointer}/horizon"), within(self.horizon.unwrap_or(1), 1, 2520));
    }

    pub(super) fn parse(
        &self,
        assets: usize,
        pointer: &str,
        validation: &mut Validation,
    ) -> Option<CorrelationStress> {
        let correlations = match (self.strength, &self.correlation) {
            (Some(strength), _) => StressedCorrelations::TowardsOne(strength),
            (None, Some(rows)) => {
                check_matrix(rows, assets, &format!("{pointer}/correlation"), validation);
                StressedCorrelations::Given(rows.clone())
            }
            (None, None) => return None,
        };
        Some(CorrelationStress {
            correlations,
            volatility_multiple: self.volatility_multiple.unwrap_or(1.0),
            confidence_level: self.level(),
            horizon: self.horizon.unwrap_or(1),
        })
    }

    fn level(&self) -> f64 {
        self.confidence_level.unwrap_or(0.99)
    }
}

fn check_matrix(rows: &[Vec<f64>], assets: usize, pointer: &str, validation: &mut Validation) {
    if rows.len() != assets {
        let detail = format!("must have {assets} rows, one an asset, but has {}", rows.len());
        return validation.reject(pointer, detail);
    }
    if let Some(row) = rows.iter().position(|row| row.len() != assets) {
        let detail = format!("must have {assets} correlations, but has {}", rows[row].len());
        return validation.reject(format!("{pointer}/{row}"), detail);
    }
    for (i, row) in rows.iter().enumerate() {
        if (row[i] - 1.0).abs() > 1e-9 {
            return validation.reject(format!("{pointer}/{i}/{i}"), "must be 1: an asset with itself");
        }
        for (j, &value) in row[..i].iter().enumerate() {
            let symmetric = (value - rows[j][i]).abs() <= 1e-10;
            if !(symmetric && (-1.0..=1.0).contains(&value)) {
                let detail = "must be from -1 to 1, and the same both ways";
                return validation.reject(format!("{pointer}/{i}/{j}"), detail);
            }
        }
    }
}
