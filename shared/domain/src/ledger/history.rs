//! What a ledger was worth, day by day.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use rust_decimal::{Decimal, prelude::ToPrimitive};

use super::{Action, Entry, Held, HeldError};
use crate::{
    price::{Close, PriceSeries},
    symbol::Symbol,
};

/// A day's end, in the portfolio's currency. These are figures for statistics, as precise as a double.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DailyValue {
    /// The day.
    pub date: Date,
    /// Holdings at their last closes, and cash.
    pub value: f64,
    /// What the owner put in on this day.
    pub deposited: f64,
    /// What the owner took out on this day.
    pub withdrawn: f64,
}

/// What a ledger was worth at the end of each day that has an entry or a close, from the first entry to a day.
///
/// An instrument is worth its last close; before its first, and without any, the price of its last trade. A split makes the
/// price that it finds smaller or larger too, so closes are those of their day, not adjusted for later splits.
///
/// * `entries`: those that count, [in order](super::in_order).
/// * `prices`: the closes of the ledger's instruments, as far as there are any.
///
/// # Errors
/// When more is sold than is held: not a ledger that was recorded.
pub fn daily_values(
    entries: &[&Entry],
    prices: &BTreeMap<Symbol, PriceSeries>,
    to: Date,
) -> Result<Vec<DailyValue>, HeldError> {
    let Some(first) = entries.first().map(|entry| entry.date) else { return Ok(Vec::new()) };
    let window = |series: &'_ PriceSeries| series.window(Some(first), Some(to)).to_vec();
    let windows: BTreeMap<&Symbol, Vec<Close>> =
        prices.iter().map(|(symbol, series)| (symbol, window(series))).collect();
    let mut days: BTreeSet<Date> = windows.values().flatten().map(|close| close.date).collect();
    days.extend(entries.iter().map(|entry| entry.date).filter(|date| *date <= to));
    let mut market = Market::before(first, prices);
    let mut cursors: BTreeMap<&Symbol, std::iter::Peekable<std::slice::Iter<'_, Close>>> =
        windows.iter().map(|(symbol, closes)| (*symbol, closes.iter().peekable())).collect();
    let (mut held, mut cash) = (Held::default(), Decimal::ZERO);
    let mut entries = entries.iter().peekable();
    let mut values = Vec::with_capacity(days.len());
    for date in days {
        let (mut deposited, mut withdrawn) = (Decimal::ZERO, Decimal::ZERO);
        while let Some(entry) = entries.next_if(|entry| entry.date <= date) {
            held.apply(&entry.action)?;
            market.learn(&entry.action);
            cash += cash_flow(&entry.action);
            match entry.action {
                Action::Deposit(amount) => deposited += amount,
                Action::Withdrawal(amount) => withdrawn += amount,
                _ => {}
            }
        }
        for (symbol, closes) in &mut cursors {
            if let Some(close) = closes.next_if(|close| close.date <= date) {
                market.close(symbol, close);
            }
        }
        let worth = |(symbol, quantity): (&Symbol, Decimal)| number(quantity) * market.price(symbol);
        let value = number(cash) + held.iter().map(worth).sum::<f64>();
        values.push(DailyValue { date, value, deposited: number(deposited), withdrawn: number(withdrawn) });
    }
    Ok(values)
}

/// The last known prices.
struct Market(BTreeMap<Symbol, Price>);

#[derive(Clone, Copy)]
struct Price {
    price: f64,
    is_close: bool,
}

impl Market {
    /// The last closes before a day.
    fn before(day: Date, prices: &BTreeMap<Symbol, PriceSeries>) -> Self {
        let last = |series: &PriceSeries| {
            let before = series.closes().partition_point(|close| close.date < day);
            series.closes()[..before].last().map(|close| Price { price: number(close.close), is_close: true })
        };
        Self(prices.iter().filter_map(|(symbol, series)| Some((symbol.clone(), last(series)?))).collect())
    }

    fn learn(&mut self, action: &Action) {
        match action {
            Action::Buy(trade) | Action::Sell(trade) => {
                let price = Price { price: number(trade.price), is_close: false };
                let known = self.0.entry(trade.symbol.clone()).or_insert(price);
                if !known.is_close {
                    *known = price;
                }
            }
            Action::Split(split) => {
                if let Some(known) = self.0.get_mut(&split.symbol) {
                    known.price *= f64::from(split.old) / f64::from(split.new);
                }
            }
            _ => {}
        }
    }

    fn close(&mut self, symbol: &Symbol, close: &Close) {
        self.0.insert(symbol.clone(), Price { price: number(close.close), is_close: true });
    }

    fn price(&self, symbol: &Symbol) -> f64 {
        self.0.get(symbol).map_or(0.0, |known| known.price)
    }
}

fn cash_flow(action: &Action) -> Decimal {
    match action {
        Action::Buy(trade) => -trade.amount - trade.fee,
        Action::Sell(trade) => trade.amount - trade.fee,
        Action::Dividend(_, amount) | Action::Deposit(amount) => *amount,
        Action::Withdrawal(amount) | Action::Fee(_, amount) => -*amount,
        Action::Split(_) | Action::Reversal => Decimal::ZERO,
    }
}

fn number(decimal: Decimal) -> f64 {
    decimal.to_f64().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use jiff::{Timestamp, civil::date};

    use super::*;
    use crate::{
        TransactionId,
        ledger::{Split, Trade, in_order},
    };

    #[test]
    fn closes_trades_and_splits_make_the_price() {
        let (symbol, two) = ("A".parse::<Symbol>().unwrap(), Decimal::TWO);
        let trade = Trade {
            symbol: symbol.clone(),
            quantity: 10.into(),
            price: two,
            amount: 20.into(),
            fee: Decimal::ZERO,
        };
        let actions = [
            (1, Action::Deposit(100.into())),
            (1, Action::Buy(trade)),
            (3, Action::Split(Split { symbol: symbol.clone(), new: 2, old: 1 })),
            (5, Action::Withdrawal(30.into())),
        ];
        let entry = |(place, (day, action))| Entry {
            id: TransactionId::at(place, Timestamp::UNIX_EPOCH, &mut rand::rng()),
            date: date(2024, 1, day),
            action,
            corrects: None,
            reference: None,
            note: None,
        };
        let entries: Vec<Entry> = (0..).zip(actions).map(entry).collect();
        let close = |day, close: i64| Close { date: date(2024, 1, day), close: close.into() };
        let series = PriceSeries::parse(symbol.clone(), vec![close(2, 4), close(4, 3), close(6, 9)]).unwrap();
        let prices = BTreeMap::from([(symbol, series)]);
        let values = daily_values(&in_order(&entries, &[]), &prices, date(2024, 1, 5)).unwrap();
        let told: Vec<_> = values.iter().map(|day| (day.date.day(), day.value as i64)).collect();
        assert_eq!(told, [(1, 100), (2, 120), (3, 120), (4, 140), (5, 110)]);
        assert_eq!((values[0].deposited as i64, values[4].withdrawn as i64), (100, 30));
        let unpriced = daily_values(&in_order(&entries, &[]), &BTreeMap::new(), date(2024, 1, 5)).unwrap();
        assert_eq!(unpriced.last().map(|day| day.value as i64), Some(70));
    }
}
