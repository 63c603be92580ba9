//! What a ledger was worth, day by day.

use std::collections::BTreeMap;

use jiff::{ToSpan, civil::Date};
use rust_decimal::{Decimal, prelude::ToPrimitive};
use serde::{Deserialize, Serialize};

use super::{Action, Entry, Held, HeldError};
use crate::{price::PriceSeries, symbol::Symbol};

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
    /// Whether the day has a return. A dividend or a fee that comes when nothing is left, of instruments that were sold before,
    /// is the owner's, but no return of a portfolio.
    pub has_return: bool,
}

/// What the owner is taken to put in and to take out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Flows {
    /// What the ledger has as deposits and withdrawals; cash is part of the portfolio.
    #[default]
    Recorded,
    /// Purchases and fees are paid from outside, sales and dividends are paid out: for ledgers that know only trades. Deposits
    /// and withdrawals don't count, and there is no cash.
    Implied,
}

/// What the last price is that an instrument was held at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PricedBy {
    /// A close.
    Close,
    /// That of a trade, which no close has followed.
    Trade,
}

/// What a ledger was worth at the end of each day that has an entry or a close, from the first entry to a day.
///
/// An instrument is worth its last close, or the price of its last trade where that is later; on a day with both, the close
/// counts. A split makes the price that it finds smaller or larger too, so closes are those of their day, not adjusted for later
/// splits.
///
/// Instruments are added one by one, so that never more than one series is needed at a time.
#[derive(Debug)]
pub struct DailyValues<'a> {
    flows: Flows,
    entries: &'a [&'a Entry],
    of_symbols: BTreeMap<&'a Symbol, Vec<&'a Entry>>,
    first: Date,
    last: Date,
    /// One a calendar day.
    days: Vec<Day>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Day {
    holdings: f64,
    /// Whether it has an entry or a close.
    is_told: bool,
}

impl<'a> DailyValues<'a> {
    /// The values of a ledger to which its instruments are yet to be added.
    ///
    /// * `entries`: those that count, [in order](super::in_order).
    pub fn new(entries: &'a [&'a Entry], last: Date, flows: Flows) -> Self {
        let entries = &entries[..entries.partition_point(|entry| entry.date <= last)];
        let first = entries.first().map_or(last, |entry| entry.date);
        let days = if entries.is_empty() { 0 } else { days_from(first, last) + 1 };
        let mut values = Self {
            flows,
            entries,
            of_symbols: BTreeMap::new(),
            first,
            last,
            days: vec![Day::default(); days],
        };
        for entry in entries {
            values.days[days_from(first, entry.date)].is_told = true;
            if let Some(symbol) = entry.action.symbol() {
                values.of_symbols.entry(symbol).or_default().push(entry);
            }
        }
        values
    }

    /// The instruments that are to be added, in this order.
    pub fn symbols(&self) -> impl Iterator<Item = &'a Symbol> + use<'a> {
        self.of_symbols.keys().copied().collect::<Vec<_>>().into_iter()
    }

    /// Adds what was held of an instrument, and tells what priced it in the end.
    ///
    /// # Errors
    /// When more is sold than is held: not a ledger that was recorded.
    pub fn add(&mut self, symbol: &Symbol, prices: Option<&PriceSeries>) -> Result<PricedBy, HeldError> {
        let window = |from, to| prices.map(|prices| prices.window(from, to)).unwrap_or_default();
        let mut entries = self.of_symbols.remove(symbol).unwrap_or_default().into_iter().peekable();
        let mut closes = window(Some(self.first), Some(self.last)).iter().peekable();
        let before = self.first.yesterday().ok().and_then(|day| window(None, Some(day)).last());
        let mut price = before.map_or(0.0, |close| number(close.close));
        let (mut held, mut priced_by) = (Held::default(), PricedBy::Close);
        loop {
            let next = [entries.peek().map(|entry| entry.date), closes.peek().map(|close| close.date)];
            let Some(date) = next.into_iter().flatten().min() else { return Ok(priced_by) };
            while let Some(entry) = entries.next_if(|entry| entry.date <= date) {
                held.apply(&entry.action)?;
                price = price_after(price, &entry.action);
                if entry.action.trade().is_some() && !held.quantity(symbol).is_zero() {
                    priced_by = PricedBy::Trade;
                }
            }
            let from = days_from(self.first, date);
            if let Some(close) = closes.next_if(|close| close.date <= date) {
                (price, priced_by) = (number(close.close), PricedBy::Close);
                self.days[from].is_told = true;
            }
            let worth = number(held.quantity(symbol)) * price;
            let next = [entries.peek().map(|entry| entry.date), closes.peek().map(|close| close.date)];
            let to =
                next.into_iter().flatten().min().map_or(self.days.len(), |date| days_from(self.first, date));
            if worth != 0.0 {
                self.days[from..to].iter_mut().for_each(|day| day.holdings += worth);
            }
        }
    }

    /// The values, when all instruments were added.
    pub fn finish(self) -> Vec<DailyValue> {
        let mut entries = self.entries.iter().peekable();
        let (mut cash, mut before) = (Decimal::ZERO, Worth::default());
        let mut values = Vec::new();
        let dates = self.first.series(1.day());
        for (date, day) in dates.zip(&self.days).filter(|(_, day)| day.is_told) {
            let (mut flow, mut traded) = (Flow::default(), false);
            while let Some(entry) = entries.next_if(|entry| entry.date <= date) {
                traded |= entry.action.trade().is_some();
                match self.flows {
                    Flows::Recorded => {
                        cash += cash_flow(&entry.action);
                        flow.record(&entry.action);
                    }
                    Flows::Implied => flow.imply(&entry.action),
                }
            }
            let (deposited, withdrawn) = flow.numbers();
            let now = Worth { holdings: day.holdings, all: number(cash) + day.holdings };
            let has_return =
                traded || !before.is_nothing() || now.holdings != 0.0 || (now.all != 0.0 && deposited != 0.0);
            values.push(DailyValue { date, value: now.all, deposited, withdrawn, has_return });
            before = now;
        }
        values
    }
}

/// What there is at the end of a day.
#[derive(Default)]
struct Worth {
    holdings: f64,
    /// With the cash.
    all: f64,
}

impl Worth {
    fn is_nothing(&self) -> bool {
        self.holdings == 0.0 && self.all == 0.0
    }
}

/// What goes in and out on a day.
#[derive(Default)]
struct Flow {
    deposited: Decimal,
    withdrawn: Decimal,
}

impl Flow {
    fn record(&mut self, action: &Action) {
        match action {
            Action::Deposit(amount) => self.deposited += amount,
            Action::Withdrawal(amount) => self.withdrawn += amount,
            _ => {}
        }
    }

    fn imply(&mut self, action: &Action) {
        if matches!(action, Action::Deposit(_) | Action::Withdrawal(_)) {
            return;
        }
        let flow = cash_flow(action);
        self.deposited += (-flow).max(Decimal::ZERO);
        self.withdrawn += flow.max(Decimal::ZERO);
    }

    fn numbers(&self) -> (f64, f64) {
        (number(self.deposited), number(self.withdrawn))
    }
}

/// The last known price of an instrument after an entry that it was `known` before.
fn price_after(known: f64, action: &Action) -> f64 {
    match action {
        Action::Buy(trade) | Action::Sell(trade) => number(trade.price),
        Action::Split(split) => known * f64::from(split.old) / f64::from(split.new),
        _ => known,
    }
}

fn days_from(first: Date, date: Date) -> usize {
    usize::try_from(first.duration_until(date).as_hours() / 24).unwrap_or_default()
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
        price::Close,
    };

    fn entries(actions: impl IntoIterator<Item = (i8, Action)>) -> Vec<Entry> {
        let entry = |(place, (day, action))| Entry {
            id: TransactionId::at(place, Timestamp::UNIX_EPOCH, &mut rand::rng()),
            date: date(2024, 1, day),
            action,
            corrects: None,
            reference: None,
            note: None,
        };
        (0..).zip(actions).map(entry).collect()
    }

    fn values(entries: &[Entry], flows: Flows, prices: Option<&PriceSeries>) -> Vec<DailyValue> {
        let entries = in_order(entries, &[]);
        let mut values = DailyValues::new(&entries, date(2024, 1, 5), flows);
        for symbol in values.symbols() {
            values.add(symbol, prices).unwrap();
        }
        values.finish()
    }

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
        let entries = entries(actions);
        let close = |day, close: i64| Close { date: date(2024, 1, day), close: close.into() };
        let series = PriceSeries::parse(symbol, vec![close(2, 4), close(4, 3), close(6, 9)]).unwrap();
        let found = values(&entries, Flows::Recorded, Some(&series));
        let told: Vec<_> = found.iter().map(|day| (day.date.day(), day.value as i64)).collect();
        assert_eq!(told, [(1, 100), (2, 120), (3, 120), (4, 140), (5, 110)]);
        assert_eq!((found[0].deposited as i64, found[4].withdrawn as i64), (100, 30));
        assert!(found.iter().all(|day| day.has_return));
        let unpriced = values(&entries, Flows::Recorded, None);
        assert_eq!(unpriced.last().map(|day| day.value as i64), Some(70));
        assert_eq!(values(&[], Flows::Recorded, None), []);
    }

    fn trade(symbol: &Symbol, quantity: i64, price: i64) -> Trade {
        Trade {
            symbol: symbol.clone(),
            quantity: quantity.into(),
            price: price.into(),
            amount: (quantity * price).into(),
            fee: Decimal::ZERO,
        }
    }

    #[test]
    fn implied_flows_are_what_trades_cost_and_bring() {
        let symbol = "A".parse::<Symbol>().unwrap();
        let trade = |quantity, price| Trade { fee: Decimal::ONE, ..trade(&symbol, quantity, price) };
        let entries = entries([
            (1, Action::Fee(None, 7.into())),
            (2, Action::Buy(trade(10, 20))),
            (2, Action::Deposit(1_000.into())),
            (3, Action::Dividend(symbol.clone(), 5.into())),
            (4, Action::Sell(trade(10, 30))),
        ]);
        let found = values(&entries, Flows::Implied, None);
        let told = found.iter().map(|day| (day.value as i64, day.deposited as i64, day.withdrawn as i64));
        assert_eq!(told.collect::<Vec<_>>(), [(0, 7, 0), (200, 201, 0), (200, 0, 5), (0, 0, 299)]);
        assert_eq!(found.iter().map(|day| day.has_return).collect::<Vec<_>>(), [false, true, true, true]);
    }

    #[test]
    fn the_last_of_closes_and_trades_is_the_price() {
        let symbol = "A".parse::<Symbol>().unwrap();
        let trade = |quantity, price| trade(&symbol, quantity, price);
        let close = |day, close: i64| Close { date: date(2024, 1, day), close: close.into() };
        let priced = |actions: Vec<(i8, Action)>, closes: Vec<Close>| {
            let (entries, series) = (entries(actions), PriceSeries::parse(symbol.clone(), closes).unwrap());
            let entries = in_order(&entries, &[]);
            let mut values = DailyValues::new(&entries, date(2024, 1, 5), Flows::Implied);
            let priced_by = values.add(&symbol, Some(&series)).unwrap();
            (values.finish().iter().map(|day| day.value as i64).collect::<Vec<_>>(), priced_by)
        };
        let (bought, sold) = ((2, Action::Buy(trade(5, 200))), (4, Action::Sell(trade(5, 300))));
        assert_eq!(priced(vec![bought.clone()], vec![close(1, 100)]), (vec![1000], PricedBy::Trade));
        let closes = vec![close(1, 100), close(2, 210), close(3, 220)];
        assert_eq!(priced(vec![bought.clone()], closes.clone()), (vec![1050, 1100], PricedBy::Close));
        // What it was sold at is no price that it is held at.
        assert_eq!(
            priced(vec![bought.clone(), sold.clone()], closes),
            (vec![1050, 1100, 0], PricedBy::Close)
        );
        assert_eq!(priced(vec![bought, sold], vec![close(1, 100)]), (vec![1000, 0], PricedBy::Trade));
    }

    #[test]
    fn what_comes_when_nothing_is_left_is_no_return() {
        let symbol = "A".parse::<Symbol>().unwrap();
        let dividend = || Action::Dividend(symbol.clone(), 24.into());
        let has_return = |actions: Vec<(i8, Action)>, flows| {
            let days = values(&entries(actions), flows, None);
            days.iter().map(|day| day.has_return).collect::<Vec<_>>()
        };
        let deposit = |amount: i64| Action::Deposit(amount.into());
        let withdrawal = |amount: i64| Action::Withdrawal(amount.into());
        let fee = || Action::Fee(None, 4.into());
        assert_eq!(has_return(vec![(1, dividend()), (1, fee())], Flows::Implied), [false]);
        assert_eq!(has_return(vec![(1, fee())], Flows::Implied), [false]);
        let emptied = vec![(1, deposit(9)), (2, withdrawal(9)), (3, dividend()), (4, withdrawal(24))];
        assert_eq!(has_return(emptied, Flows::Recorded), [true, true, false, true]);
        let paid_for = vec![(1, deposit(9)), (2, withdrawal(9)), (3, deposit(4)), (3, fee())];
        assert_eq!(has_return(paid_for, Flows::Recorded), [true, true, false]);
        // The fee of opening an account is one of what was put in.
        assert_eq!(has_return(vec![(1, deposit(9)), (1, fee())], Flows::Recorded), [true]);
    }
}
