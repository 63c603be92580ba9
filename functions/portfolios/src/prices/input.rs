//! Closes as JSON.

use std::collections::HashSet;

use domain::{
    Invalid, Validation,
    decimal::DecimalInput,
    price::{Close, PriceSeries},
    symbol::Symbol,
};
use jiff::civil::Date;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::days;

/// The most series of one load; what is loaded together is written together.
const MAXIMUM_SERIES: usize = 25;

/// One day's close.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CloseInput {
    /// The trading day.
    #[schema(example = "2024-01-02")]
    #[serde(deserialize_with = "days::deserialize")]
    date: Date,
    /// The closing price: above zero, with at most 8 decimals.
    close: DecimalInput,
}

/// The closes of one symbol.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ClosesInput {
    /// By ascending date.
    #[schema(min_items = 1, max_items = 15_000)]
    closes: Vec<CloseInput>,
}

/// The closes of a symbol, and the symbol.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SeriesInput {
    /// The instrument.
    symbol: Symbol,
    /// By ascending date.
    #[schema(min_items = 1, max_items = 15_000)]
    closes: Vec<CloseInput>,
}

/// The closes of several symbols.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LoadInput {
    /// Each symbol once.
    #[schema(min_items = 1, max_items = 25)]
    series: Vec<SeriesInput>,
}

impl ClosesInput {
    /// The series of a symbol.
    ///
    /// * `latest`: the last day that a close may have.
    ///
    /// # Errors
    /// Names the first bad row.
    pub(super) fn parse(self, symbol: Symbol, latest: Date) -> Result<PriceSeries, Invalid> {
        parse(symbol, self.closes, latest)
    }
}

impl LoadInput {
    /// All series.
    ///
    /// * `latest`: the last day that a close may have.
    ///
    /// # Errors
    /// Names a symbol that stands twice, or the first bad row of each series.
    pub(super) fn parse(self, latest: Date) -> Result<Vec<PriceSeries>, Invalid> {
        let symbols = self.series.iter().map(|series| &series.symbol);
        check_symbols(symbols, "/series", |index| format!("/series/{index}/symbol"))?;
        let mut validation = Validation::new();
        let mut all = Vec::with_capacity(self.series.len());
        for (index, series) in self.series.into_iter().enumerate() {
            let parsed = parse(series.symbol, series.closes, latest);
            all.extend(validation.nest(&format!("/series/{index}"), parsed));
        }
        validation.finish(Some(all))
    }
}

fn parse(symbol: Symbol, closes: Vec<CloseInput>, latest: Date) -> Result<PriceSeries, Invalid> {
    let rows = closes.len();
    let closes = closes.into_iter().map(|input| Close { date: input.date, close: input.close.0 });
    let parsed = PriceSeries::parse(symbol, closes.collect()).and_then(|series| series.not_after(latest));
    parsed.map_err(|fault| {
        let pointer = if fault.row < rows { format!("/closes/{}", fault.row) } else { "/closes".to_owned() };
        Invalid::field(pointer, fault.reason)
    })
}

/// Checks that there are symbols, not too many, and each once.
///
/// # Errors
/// Points to `all`, or to each symbol that stands there again.
pub(super) fn check_symbols<'a>(
    symbols: impl ExactSizeIterator<Item = &'a Symbol>,
    all: &str,
    pointer: impl Fn(usize) -> String,
) -> Result<(), Invalid> {
    if !(1..=MAXIMUM_SERIES).contains(&symbols.len()) {
        let detail = format!("must have 1 to {MAXIMUM_SERIES} symbols, but has {}", symbols.len());
        return Err(Invalid::field(all, detail));
    }
    let mut validation = Validation::new();
    let mut seen = HashSet::new();
    for (index, symbol) in symbols.enumerate() {
        if !seen.insert(symbol) {
            validation.reject(pointer(index), format!("{symbol} stands here twice"));
        }
    }
    validation.finish(Some(()))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn series(symbol: &str, closes: &[(&str, &str)]) -> SeriesInput {
        let close = |&(date, close): &(&str, &str)| CloseInput {
            date: date.parse().unwrap(),
            close: close.parse().unwrap(),
        };
        SeriesInput { symbol: symbol.parse().unwrap(), closes: closes.iter().map(close).collect() }
    }

    fn faults(series: Vec<SeriesInput>) -> Vec<String> {
        let Err(Invalid(errors)) = LoadInput { series }.parse(date(2024, 1, 31)) else { return Vec::new() };
        errors.into_iter().map(|error| error.pointer).collect()
    }

    #[test]
    fn a_bad_row_is_named() {
        let good = series("A", &[("2024-01-02", "1"), ("2024-01-03", "2")]);
        let late = series("B", &[("2024-01-03", "1"), ("2024-01-02", "2")]);
        let free = series("C", &[("2024-01-02", "0")]);
        let empty = series("D", &[]);
        let future = series("E", &[("2024-01-31", "1"), ("2024-02-01", "1")]);
        assert_eq!(
            faults(vec![good, late, free, empty, future]),
            ["/series/1/closes/1", "/series/2/closes/0", "/series/3/closes", "/series/4/closes/1"]
        );
    }

    #[test]
    fn a_symbol_stands_once() {
        let one = || series("A", &[("2024-01-02", "1")]);
        assert_eq!(faults(vec![one(), series("a", &[("2024-01-02", "1")])]), ["/series/1/symbol"]);
        assert_eq!(faults(vec![]), ["/series"]);
        assert!(faults(vec![one()]).is_empty());
    }
}
