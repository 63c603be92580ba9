//! From a stored portfolio and stored prices to weights and returns.

use std::ops::Range;

use jiff::civil::Date;
use rust_decimal::{Decimal, prelude::ToPrimitive};

use crate::{
    Invalid,
    portfolio::{HoldingSize, Portfolio},
    price::{Close, PriceSeries},
    risk::AssetHistory,
};

/// The days that a history is taken from; both ends are included, both may be open.
#[derive(Debug, Clone, Copy, Default)]
pub struct Window {
    /// The first day.
    pub from: Option<Date>,
    /// The last day.
    pub to: Option<Date>,
}

impl Window {
    /// Checks that it does not end before it begins.
    ///
    /// # Errors
    /// Points to the query's `from`.
    pub fn check(self) -> Result<Self, Invalid> {
        match (self.from, self.to) {
            (Some(from), Some(to)) if from > to => {
                Err(Invalid::field("from", format!("must not be after to ({to}), but is {from}")))
            }
            _ => Ok(self),
        }
    }
}

/// A portfolio's history, and what the portfolio was worth at its end.
#[derive(Debug, Clone, PartialEq)]
pub struct PortfolioHistory {
    /// Weights and returns.
    pub history: AssetHistory,
    /// The days of the closes that the returns lie between: one more than there are returns. None where they aren't known.
    pub days: Vec<Date>,
    /// The market value at the window's last close; nothing for a portfolio that is held by weight.
    pub market_value: Option<Decimal>,
}

/// Joins a portfolio with the prices of its holdings.
///
/// Returns are simple and daily, between consecutive days on which all holdings have a close. A portfolio that is held by
/// quantity gets its weights from the closes of the window's last such day.
///
/// * `prices`: one series a holding, in the holdings' order, [adjusted](crate::ledger::Splits::adjust) for the splits that the
///   portfolio's ledger has; `None` where the tenant has loaded none.
///
/// # Errors
/// Points to `/portfolio_id`, and says which prices are missing or too few.
pub fn join(
    portfolio: &Portfolio,
    prices: &[Option<PriceSeries>],
    window: Window,
) -> Result<PortfolioHistory, Invalid> {
    join_with_factors(portfolio, prices, &[], window).map(|(history, _)| history)
}

/// The same with the returns of factors, which have to have a close on the days that count as well.
///
/// Gives the portfolio's history and the factors' returns of the same days: rows are days, columns are factors.
///
/// # Errors
/// As [`join`].
pub fn join_with_factors(
    portfolio: &Portfolio,
    prices: &[Option<PriceSeries>],
    factors: &[PriceSeries],
    window: Window,
) -> Result<(PortfolioHistory, Vec<Vec<f64>>), Invalid> {
    let refuse = |detail: String| Err(Invalid::field("/portfolio_id", detail));
    let holdings = portfolio.holdings.as_slice();
    if holdings.is_empty() {
        return refuse("the portfolio has no holdings".to_owned());
    }
    let missing: Vec<String> = holdings
        .iter()
        .zip(prices)
        .filter(|(_, series)| series.is_none())
        .map(|(holding, _)| holding.symbol.to_string())
        .collect();
    if !missing.is_empty() {
        return refuse(format!("no prices are loaded for {}", missing.join(", ")));
    }
    let windows: Vec<&[Close]> =
        prices.iter().flatten().chain(factors).map(|series| series.window(window.from, window.to)).collect();
    let (days, closes) = common_days(&windows);
    if closes.len() < 3 {
        return refuse(format!(
            "the holdings share {} days of prices in this window, but need at least 3",
            closes.len()
        ));
    }
    let (weights, market_value) = weights(portfolio, closes.last().map(Vec::as_slice).unwrap_or_default())?;
    let returns = |columns: Range<usize>| -> Vec<Vec<f64>> {
        let simple = |(before, after): (&Decimal, &Decimal)| number(*after) / number(*before) - 1.0;
        let row = |days: &[Vec<Decimal>]| {
            days[0][columns.clone()].iter().zip(&days[1][columns.clone()]).map(simple).collect()
        };
        closes.windows(2).map(row).collect()
    };
    let assets = holdings.iter().map(|holding| holding.symbol.to_string()).collect();
    let history =
        AssetHistory::parse(assets, weights, returns(0..holdings.len())).map_err(|Invalid(errors)| {
            let details: Vec<String> =
                errors.into_iter().map(|error| format!("{} {}", error.pointer, error.detail)).collect();
            Invalid::field("/portfolio_id", details.join("; "))
        })?;
    let factors = returns(holdings.len()..holdings.len() + factors.len());
    Ok((PortfolioHistory { history, days, market_value }, factors))
}

/// The days that all series have, and their closes: rows are days, columns are series.
pub(crate) fn common_days(series: &[&[Close]]) -> (Vec<Date>, Vec<Vec<Decimal>>) {
    let Some((first, others)) = series.split_first() else { return (Vec::new(), Vec::new()) };
    let mut positions = vec![0; others.len()];
    let mut days = Vec::with_capacity(first.len());
    let mut rows = Vec::with_capacity(first.len());
    for day in *first {
        let mut row = vec![day.close];
        for (position, other) in positions.iter_mut().zip(others) {
            *position += other[*position..].partition_point(|close| close.date < day.date);
            row.extend(other.get(*position).filter(|close| close.date == day.date).map(|close| close.close));
        }
        if row.len() == series.len() {
            days.push(day.date);
            rows.push(row);
        }
    }
    (days, rows)
}

fn weights(portfolio: &Portfolio, last: &[Decimal]) -> Result<(Vec<f64>, Option<Decimal>), Invalid> {
    let mut values = Vec::with_capacity(last.len());
    for (holding, close) in portfolio.holdings.as_slice().iter().zip(last) {
        match holding.size {
            HoldingSize::Weight(weight) => values.push(weight),
            HoldingSize::Quantity(quantity) => {
                let value = quantity.checked_mul(*close);
                values.push(
                    value.ok_or_else(|| {
                        Invalid::field("/portfolio_id", "a holding's value is out of range")
                    })?,
                );
            }
        }
    }
    if matches!(portfolio.holdings.as_slice(), [first, ..] if matches!(first.size, HoldingSize::Weight(_))) {
        return Ok((values.into_iter().map(number).collect(), None));
    }
    let total =
        values.iter().try_fold(Decimal::ZERO, |sum, value| sum.checked_add(*value)).unwrap_or_default();
    if total <= Decimal::ZERO {
        return Err(Invalid::field(
            "/portfolio_id",
            "the portfolio's market value must be above zero to have weights",
        ));
    }
    Ok((values.into_iter().map(|value| number(value) / number(total)).collect(), Some(total)))
}

pub(crate) fn number(decimal: Decimal) -> f64 {
    decimal.to_f64().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::{
        currency::Currency,
        portfolio::{Holding, Holdings},
        text::Name,
    };

    fn series(symbol: &str, closes: &[(i8, i64)]) -> Option<PriceSeries> {
        let closes =
            closes.iter().map(|&(day, close)| Close { date: date(2024, 1, day), close: close.into() });
        PriceSeries::parse(symbol.parse().unwrap(), closes.collect()).ok()
    }

    fn portfolio(sizes: &[(&str, HoldingSize)]) -> Portfolio {
        let holdings = sizes.iter().map(|&(symbol, size)| Holding { symbol: symbol.parse().unwrap(), size });
        Portfolio {
            id: "pfl_01KAJ5M3S0Q5T3Y9WBQ0V6F2ZN".parse().unwrap(),
            name: Name::parse("test").unwrap(),
            base_currency: Currency::parse("USD").unwrap(),
            holdings: Holdings::parse(holdings.collect()).unwrap(),
            ledger: None,
        }
    }

    #[test]
    fn only_days_that_all_share_count() {
        let two =
            portfolio(&[("A", HoldingSize::Quantity(1.into())), ("B", HoldingSize::Quantity(2.into()))]);
        let prices = [
            series("A", &[(1, 100), (2, 110), (3, 99), (5, 198)]),
            series("B", &[(1, 10), (3, 20), (4, 1), (5, 51)]),
        ];
        let joined = join(&two, &prices, Window::default()).unwrap();
        assert_eq!(joined.history.returns.len(), 2);
        assert_eq!(joined.days, [date(2024, 1, 1), date(2024, 1, 3), date(2024, 1, 5)]);
        assert!((joined.history.returns[0][0] - -0.01).abs() < 1e-15);
        assert_eq!(joined.market_value, Some(300.into()));
        assert!((joined.history.weights[0] - 0.66).abs() < 1e-15);
    }

    #[test]
    fn missing_prices_are_named() {
        let one = portfolio(&[("A", HoldingSize::Weight(1.into()))]);
        let Invalid(errors) = join(&one, &[None], Window::default()).unwrap_err();
        assert_eq!(errors[0].detail, "no prices are loaded for A");
        let few = join(&one, &[series("A", &[(1, 1), (2, 1)])], Window::default());
        assert!(few.unwrap_err().0[0].detail.contains("share 2 days"));
    }
}
