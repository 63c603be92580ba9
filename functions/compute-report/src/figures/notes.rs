use report::model::Note;

use super::Subject;

/// How figures are meant.
pub(crate) fn notes(subject: Subject) -> Vec<Note> {
    let settings = &subject.of.settings;
    let held = if subject.is_by_weight() {
        "The history is that of today's weights, bought at its first close and left alone since, so that weights follow \
         prices"
    } else {
        "The history is that of today's quantities, held throughout"
    };
    let note = |topic: &str, text: String| Note { topic: topic.to_owned(), text };
    vec![
        note(
            "Returns",
            format!(
                "Simple daily returns between days on which all holdings have a closing price. {held}; it is hypothetical, and \
                 not the history of the account: there are no trades, fees, taxes, cash or cash flows in it. Dividends count \
                 as far as the stored prices are adjusted for them."
            ),
        ),
        note(
            "Annual figures",
            format!(
                "A year has 252 trading days. Annual return = (1 + cumulative)^(252/n) − 1; volatility = standard deviation \
                 (ddof = 1) times √252; risk-free rate {} a year, {} / 252 a day. Sharpe = mean(r − f) / σ · √252 (Sharpe \
                 1994); Sortino divides by the downside deviation over all days (Sortino & Price 1994); Calmar = annual \
                 return / |maximum drawdown|; Omega = gains over shortfalls (Keating & Shadwick 2002); skewness and kurtosis \
                 are unbiased.",
                settings.risk_free_rate, settings.risk_free_rate
            ),
        ),
        note(
            "Benchmark",
            "Beta = cov(r, b) / var(b); alpha is Jensen's, compounded to a year; tracking error = standard deviation of r − b \
             times √252; capture ratios compare annual returns on the days on which the benchmark gains, or loses."
                .into(),
        ),
        note(
            "Value at risk",
            "Of today's weights; losses are positive. Historical: order statistics of the history. Normal: mean and standard \
             deviation of the history. Cornish-Fisher: adds its skewness and kurtosis. Student t: degrees of freedom from \
             the history's kurtosis. EWMA: exponentially weighted volatility with λ = 0.94, mean zero (RiskMetrics 1996). \
             CVaR is the mean loss beyond VaR (Rockafellar & Uryasev 2002). Horizons above a day: distributions scale their \
             moments, histories by the square root of time."
                .into(),
        ),
        note(
            "Contributions to risk",
            "Euler's: weight times the derivative of volatility with the weight; they add up to the portfolio's volatility \
             (Litterman 1996; Tasche 1999)."
                .into(),
        ),
        note(
            "Simulation",
            format!(
                "Correlated geometric Brownian motion with the mean and covariance of the history's daily log-returns, {} \
                 paths, bought and held. Normal returns have thinner tails than markets do. The seed makes the same paths \
                 again.",
                settings.num_simulations
            ),
        ),
        note(
            "Efficient frontier",
            "Long only, fully invested, by the critical line algorithm (Markowitz 1952); expected returns are the compounded \
             means of the history, the covariance is the sample's. Means are the weakest of all estimates: the standard \
             error of a mean over five years at 20% volatility is 9% a year."
                .into(),
        ),
    ]
}
