use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How the figures are meant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = StressConventions)]
pub struct Conventions {
    /// Units and signs.
    pub units: String,
    /// How shocks become profit and loss.
    pub revaluation: String,
    /// How assets follow that aren't shocked.
    pub propagation: String,
    /// How factors move assets.
    pub factors: String,
    /// How past prices are replayed.
    pub replay: String,
    /// How correlations are stressed.
    pub correlation: String,
    /// What the smallest shock is.
    pub reverse: String,
}

impl Default for Conventions {
    fn default() -> Self {
        let text = |text: &str| text.to_owned();
        Self {
            units: text(
                "shocks are simple returns (-0.2 = -20 %); pnl is in the notional's currency, negative = money lost; \
                 a value at risk is positive when it is a loss",
            ),
            revaluation: text(
                "linear: pnl_i = notional w_i shock_i; an asset that is not shocked has a shock of 0",
            ),
            propagation: text(
                "E[r_u | r_s] = C_us C_ss^-1 r_s, zero means, sample covariance (ddof = 1) of daily returns",
            ),
            factors: text(
                "betas by ordinary least squares with an intercept; shock_i = sum_f beta_if shock_f",
            ),
            replay: text("bought at the first close of the window, held to the last; drawdown on closes"),
            correlation: text(
                "rho' = rho + k (1 - rho), sigma' = m sigma; repaired to the nearest correlation matrix (Higham 2002); \
                 normal value at risk with zero mean, sqrt(h)",
            ),
            reverse: text(
                "the most likely normal shock d with w'd = -loss: -loss C w / (w'C w), at the Mahalanobis distance \
                 loss / sqrt(w'C w) in standard deviations of a day",
            ),
        }
    }
}
