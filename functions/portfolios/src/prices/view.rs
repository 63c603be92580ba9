//! Price series as clients see them.

use domain::{
    price::{Close, PriceSeries},
    symbol::Symbol,
};
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::Serialize;
use store::Stored;
use utoipa::ToSchema;

/// The closes of one symbol.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PriceSeries)]
pub(super) struct SeriesView {
    /// The instrument.
    symbol: Symbol,
    /// By ascending date.
    closes: Vec<CloseView>,
}

/// One day's close.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Close)]
struct CloseView {
    /// The trading day.
    #[schema(example = "2024-01-02")]
    date: Date,
    /// The closing price.
    #[schema(value_type = String, example = "185.64")]
    close: Decimal,
}

/// What is loaded of one symbol.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SeriesSummary {
    /// The instrument.
    #[schema(example = "AAPL")]
    symbol: Symbol,
    /// How many closes there are.
    #[schema(example = 7560)]
    rows: usize,
    /// The first day with a close.
    #[schema(example = "1994-01-03")]
    from: Option<Date>,
    /// The last day with a close.
    #[schema(example = "2024-01-02")]
    to: Option<Date>,
}

impl SeriesView {
    /// A series from one day to another, both included, both optional.
    pub(super) fn window(series: PriceSeries, from: Option<Date>, to: Option<Date>) -> Self {
        let closes = series.window(from, to).iter().map(|&Close { date, close }| CloseView { date, close });
        Self { closes: closes.collect(), symbol: series.symbol }
    }
}

impl From<&PriceSeries> for SeriesSummary {
    fn from(series: &PriceSeries) -> Self {
        let closes = series.closes();
        Self {
            symbol: series.symbol.clone(),
            rows: closes.len(),
            from: closes.first().map(|close| close.date),
            to: closes.last().map(|close| close.date),
        }
    }
}

impl From<Stored<PriceSeries>> for SeriesSummary {
    fn from(stored: Stored<PriceSeries>) -> Self {
        Self::from(&stored.entity)
    }
}
