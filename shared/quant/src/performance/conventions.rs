use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How the figures of a performance analysis are meant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = PerformanceConventions)]
pub struct Conventions {
    /// Units and signs.
    pub units: String,
    /// Growth and volatility.
    pub growth: String,
    /// The risk-free rate of a period.
    pub risk_free: String,
    /// Sharpe, Sortino, Omega and the other ratios.
    pub ratios: String,
    /// Drawdowns.
    pub drawdowns: String,
    /// Value at risk and `CVaR`.
    pub value_at_risk: String,
    /// The figures against a benchmark.
    pub benchmark: String,
}

impl Default for Conventions {
    fn default() -> Self {
        let text = |text: &str| text.to_owned();
        Self {
            units: text("fractions; returns are simple, one a period, oldest first; null = no defined value"),
            growth: text(
                "cumulative = prod(1 + r) - 1; annual = (1 + cumulative)^(p/n) - 1; volatility = std(ddof = 1) sqrt(p)",
            ),
            risk_free: text(
                "annual rate / p for Sharpe, Sortino, alpha and Treynor; (1 + rate)^(1/p) - 1 for Omega",
            ),
            ratios: text(
                "Sharpe = mean(r - f) / std(ddof = 1) sqrt(p); Sortino = mean(r - f) p / downside deviation over all \
                 periods; Omega = gains above f / shortfalls below f; Calmar = annual return / |largest drawdown|; \
                 tail ratio = |q95| / |q5|, type-7 quantiles; skewness and kurtosis unbiased",
            ),
            drawdowns: text(
                "of compounded wealth that is 1 before the first return; depth is negative; indices count values",
            ),
            value_at_risk: text(
                "losses are positive; VaR = minus the type-7 quantile, CVaR = minus the mean of the lowest \
                 floor((n - 1) alpha) + 1 returns",
            ),
            benchmark: text(
                "beta = cov / var; alpha = (1 + mean(r - f - beta (b - f)))^p - 1; information ratio = mean(r - b) / \
                 std(r - b, ddof = 1) sqrt(p); capture = ratio of annual returns on the days with b >= 0, b < 0, all",
            ),
        }
    }
}
