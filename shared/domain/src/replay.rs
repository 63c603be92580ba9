//! Past prices of a portfolio's holdings, to be lived through once more.

use jiff::{SignedDuration, civil::Date};

use crate::{
    Invalid,
    history::{common_days, number},
    portfolio::Portfolio,
    price::{Close, PriceSeries},
    risk::StressReplay,
};

/// A gap between closes that is longer than any holiday.
const LONGEST_GAP: SignedDuration = SignedDuration::from_hours(24 * 10);

/// The closes of a portfolio's holdings from one day to another, both included, on the days that all have.
///
/// * `prices`: one series a holding, in the holdings' order, [adjusted](crate::ledger::Splits::adjust) for the splits that the
///   portfolio's ledger has; `None` where the tenant has loaded none.
///
/// # Errors
/// Names each holding that has no closes over more than ten days of the window.
pub fn replay(
    portfolio: &Portfolio,
    prices: &[Option<PriceSeries>],
    name: String,
    (first, last): (Date, Date),
) -> Result<StressReplay, Invalid> {
    let windows: Vec<&[Close]> = prices
        .iter()
        .map(|series| {
            series.as_ref().map_or(&[][..], |series: &PriceSeries| series.window(Some(first), Some(last)))
        })
        .collect();
    let missing: Vec<String> = portfolio
        .holdings
        .as_slice()
        .iter()
        .zip(&windows)
        .filter(|(_, closes)| !covers(closes, first, last))
        .map(|(holding, _)| holding.symbol.to_string())
        .collect();
    let (days, closes) = common_days(&windows);
    if !missing.is_empty() {
        let detail = format!("the prices from {first} to {last} are missing for {}", missing.join(", "));
        return Err(Invalid::field("", detail));
    }
    if days.len() < 2 {
        return Err(Invalid::field(
            "",
            format!("the holdings share fewer than 2 closes from {first} to {last}"),
        ));
    }
    let prices = closes.into_iter().map(|row| row.into_iter().map(number).collect()).collect();
    Ok(StressReplay { name, dates: days, prices })
}

fn covers(closes: &[Close], first: Date, last: Date) -> bool {
    let days: Vec<Date> =
        std::iter::once(first).chain(closes.iter().map(|close| close.date)).chain([last]).collect();
    !closes.is_empty() && days.windows(2).all(|days| days[1].duration_since(days[0]) <= LONGEST_GAP)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use rust_decimal::Decimal;

    use super::*;
    use crate::{
        currency::Currency,
        portfolio::{Holding, HoldingSize, Holdings},
        text::Name,
    };

    fn series(symbol: &str, days: &[i8]) -> Option<PriceSeries> {
        let closes = days.iter().map(|&day| Close { date: date(2024, 1, day), close: (100 + day).into() });
        PriceSeries::parse(symbol.parse().unwrap(), closes.collect()).ok()
    }

    fn of(prices: &[Option<PriceSeries>]) -> Result<StressReplay, Invalid> {
        let holding = |symbol: &str| Holding {
            symbol: symbol.parse().unwrap(),
            size: HoldingSize::Weight(Decimal::new(5, 1)),
        };
        let portfolio = Portfolio {
            id: "pfl_01KAJ5M3S0Q5T3Y9WBQ0V6F2ZN".parse().unwrap(),
            name: Name::parse("test").unwrap(),
            base_currency: Currency::parse("USD").unwrap(),
            holdings: Holdings::parse(vec![holding("A"), holding("B")]).unwrap(),
            ledger: None,
        };
        replay(&portfolio, prices, "January".to_owned(), (date(2024, 1, 2), date(2024, 1, 20)))
    }

    #[test]
    fn the_window_has_the_days_that_all_share() {
        let prices = [series("A", &[1, 2, 9, 12, 20, 25]), series("B", &[2, 9, 11, 20])];
        let replay = of(&prices).unwrap();
        assert_eq!(replay.dates, [date(2024, 1, 2), date(2024, 1, 9), date(2024, 1, 20)]);
        assert_eq!(replay.prices[0], [102.0, 102.0]);
    }

    #[test]
    fn missing_prices_are_named() {
        let refused = |prices: &[Option<PriceSeries>]| of(prices).unwrap_err().0.remove(0).detail;
        let whole = || series("A", &[2, 10, 20]);
        let expected = "the prices from 2024-01-02 to 2024-01-20 are missing for B";
        assert_eq!(refused(&[whole(), None]), expected);
        assert_eq!(refused(&[whole(), series("B", &[2, 3, 15, 20])]), expected, "a gap");
        assert_eq!(refused(&[whole(), series("B", &[2, 9])]), expected, "an early end");
        assert!(refused(&[None, series("B", &[21])]).ends_with("A, B"));
    }
}
