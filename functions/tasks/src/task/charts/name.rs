use axum::http::StatusCode;
use domain::task::TaskKind;
use serde::{
    Deserialize,
    de::{IntoDeserializer, value::StrDeserializer},
};
use utoipa::ToSchema;
use web::ApiError;

/// A chart's file name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
pub(crate) enum ChartName {
    /// Percentiles of simulated values over time; of `risk/monte-carlo` with path statistics.
    #[serde(rename = "fan.svg")]
    Fan,
    /// Profits and losses at the horizon; of `risk/monte-carlo`. Daily returns; of `risk/var-cvar`. Values a share; of
    /// `valuation/monte-carlo`.
    #[serde(rename = "histogram.svg")]
    Histogram,
    /// The efficient frontier; of `risk/efficient-frontier`.
    #[serde(rename = "frontier.svg")]
    Frontier,
    /// The fall from the highest value so far; of `portfolio/performance-analysis` with dates.
    #[serde(rename = "drawdown.svg")]
    Drawdown,
}

impl ChartName {
    /// The chart of that name, where the results of the kind of task may have one.
    ///
    /// # Errors
    /// 404, which says what charts there are.
    pub fn find(name: &str, kind: TaskKind) -> Result<Self, ApiError> {
        let deserializer: StrDeserializer<'_, serde::de::value::Error> = name.into_deserializer();
        let found = Self::deserialize(deserializer).ok();
        found.filter(|name| charts(kind).iter().any(|(has, _)| has == name)).ok_or_else(|| missing(kind))
    }
}

/// 404: the result has no such chart.
pub(super) fn missing(kind: TaskKind) -> ApiError {
    let names: Vec<&str> = charts(kind).iter().map(|(_, name)| *name).collect();
    let detail = if names.is_empty() {
        format!("The results of {kind} have no charts.")
    } else {
        format!("There is no such chart; those of {kind} are: {}.", names.join(", "))
    };
    ApiError::new(StatusCode::NOT_FOUND, "not-found", detail)
}

fn charts(kind: TaskKind) -> &'static [(ChartName, &'static str)] {
    match kind {
        TaskKind::MonteCarlo => {
            &[(ChartName::Fan, "fan.svg (with path_statistics)"), (ChartName::Histogram, "histogram.svg")]
        }
        TaskKind::VarCvar | TaskKind::ValuationMonteCarlo => &[(ChartName::Histogram, "histogram.svg")],
        TaskKind::EfficientFrontier => &[(ChartName::Frontier, "frontier.svg")],
        TaskKind::PerformanceAnalysis => &[(ChartName::Drawdown, "drawdown.svg (with dates)")],
        TaskKind::StressTest
        | TaskKind::Optimise
        | TaskKind::Rebalance
        | TaskKind::PortfolioReport
        | TaskKind::RiskReport
        | TaskKind::ValuationReport
        | TaskKind::Export => &[],
    }
}
