use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{HorizonScaling, ReportSettings, Variant};

/// How the figures are meant. What was not asked for has no convention.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = VarCvarConventions)]
pub struct Conventions {
    /// Units and signs.
    pub units: String,
    /// How the portfolio's returns come from the assets'.
    pub portfolio: String,
    /// How figures of one day become those of a horizon.
    pub horizon_scaling: String,
    /// The method `historical`.
    pub historical: String,
    /// The method `parametric_normal`.
    pub parametric_normal: String,
    /// The method `cornish_fisher`.
    pub cornish_fisher: String,
    /// The method `historical_linear`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub historical_linear: Option<String>,
    /// The method `weighted_historical`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weighted_historical: Option<String>,
    /// The method `filtered_historical`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filtered_historical: Option<String>,
    /// The method `kernel`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kernel: Option<String>,
    /// The method `ewma`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ewma: Option<String>,
    /// The method `student_t`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub student_t: Option<String>,
    /// The risk by asset.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decomposition: Option<String>,
    /// The backtest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backtest: Option<String>,
    /// The other measures of risk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub risk_measures: Option<String>,
}

fn text(text: &str) -> String {
    text.to_owned()
}

impl Default for Conventions {
    fn default() -> Self {
        Self {
            units: text("fractions of the portfolio's value; positive = loss; alpha = 1 - confidence level"),
            portfolio: text("r_t = sum_i w_i R_it of simple daily returns: rebalanced daily to the weights"),
            horizon_scaling: text(
                "by method: distributions scale their moments, the others figures by sqrt(h)",
            ),
            historical: text(
                "VaR = -x_(k), k = ceil(alpha n); CVaR = VaR + sum max(-x - VaR, 0) / (alpha n); times sqrt(horizon)",
            ),
            parametric_normal: text(
                "VaR = -(mu + z sigma), CVaR = -mu + sigma phi(z) / alpha; sigma with ddof = 1; mu h and sigma sqrt(h)",
            ),
            cornish_fisher: text(
                "biased skewness S and excess kurtosis K, sigma with ddof = 1; mu h, sigma sqrt(h), S / sqrt(h), K / h; \
                 not a quantile function where monotone is false",
            ),
            historical_linear: None,
            weighted_historical: None,
            filtered_historical: None,
            kernel: None,
            ewma: None,
            student_t: None,
            decomposition: None,
            backtest: None,
            risk_measures: None,
        }
    }
}

impl Conventions {
    /// The conventions of all that the settings ask for.
    pub(super) fn of(settings: &ReportSettings) -> Self {
        let mut conventions = Self::default();
        if settings.horizon_scaling == HorizonScaling::SquareRootOfTime {
            conventions.horizon_scaling =
                text("every figure of one day times sqrt(h), the mean's part as well");
        }
        for variant in &settings.variants {
            let (place, meaning) = match variant {
                Variant::HistoricalLinear => (
                    &mut conventions.historical_linear,
                    "VaR = -type-7 quantile (NumPy, empyrical); CVaR = -mean of the lowest floor((n-1) alpha) + 1",
                ),
                Variant::WeightedHistorical { .. } => (
                    &mut conventions.weighted_historical,
                    "Boudoukh, Richardson and Whitelaw (1998): p_t = lambda^(n-t) (1-lambda) / (1-lambda^n)",
                ),
                Variant::FilteredHistorical { .. } => (
                    &mut conventions.filtered_historical,
                    "Hull and White (1998): r_t sigma_(n+1) / sigma_t, then as historical",
                ),
                Variant::Kernel => (
                    &mut conventions.kernel,
                    "Gaussian kernel with Silverman's bandwidth 0.9 min(sigma, IQR / 1.34) n^(-1/5)",
                ),
                Variant::Ewma { .. } => (
                    &mut conventions.ewma,
                    "RiskMetrics (1996): mean 0, s2_0 = x_0^2, s2_t = lambda s2_(t-1) + (1-lambda) x_t^2",
                ),
                Variant::StudentT { .. } => (
                    &mut conventions.student_t,
                    "scaled to the sample's variance, s = sigma sqrt((v-2)/v); v = 4 + 6 / K of the sample's excess \
                     kurtosis where it isn't given",
                ),
            };
            *place = Some(text(meaning));
        }
        conventions.decomposition = settings.decomposition.map(|_| {
            text("marginal d risk / d w_i; component w_i times it, which add up to the total; incremental: less the \
                  figure without the position, its weight in cash")
        });
        conventions.backtest = settings.backtest.map(|_| {
            text("forecasts of one day from the window before it; an exception is r_t < -VaR_t; Kupiec (1995), \
                  Christoffersen (1998), Basel's zones over the last 250 forecasts")
        });
        conventions.risk_measures = settings.risk_measures.then(|| {
            text("Riskfolio-Lib's: semideviation and second lower partial moment with ddof = 1, drawdowns of sums \
                  (absolute) and of compounded wealth (relative)")
        });
        conventions
    }
}
