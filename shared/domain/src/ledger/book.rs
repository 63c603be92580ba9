//! The books: what is held, what it has cost, what it has gained, and the cash.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::{Action, CostMethod, Entry, Trade, lots::Lots};
use crate::symbol::Symbol;

/// A ledger's entries summed up to a day. All amounts are exact, in the portfolio's currency.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Book {
    /// What the owner has put in.
    pub deposits: Decimal,
    /// What the owner has taken out.
    pub withdrawals: Decimal,
    /// What the instruments have paid out.
    pub dividends: Decimal,
    /// What services have cost; without the fees of trades, which are part of costs and proceeds.
    pub fees: Decimal,
    /// What sales have brought in beyond the cost of what was sold, after the fees of the trades.
    pub realised: Decimal,
    /// The cash that is left. It is below zero where more was paid than the ledger knows of.
    pub cash: Decimal,
    /// Every instrument that the ledger has, held or not, by symbol.
    pub positions: BTreeMap<Symbol, Position>,
}

/// The books of one instrument.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Position {
    /// What its sales have brought in beyond the cost of what was sold, after fees.
    pub realised: Decimal,
    /// What it has paid out.
    pub dividends: Decimal,
    /// What holding it has cost.
    pub fees: Decimal,
    lots: Lots,
}

/// Sums that no number is large enough for, or a sale of what is not held: not a ledger that was recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the ledger's entries do not add up")]
pub struct NoBook;

impl Position {
    /// How many units are held.
    pub fn quantity(&self) -> Decimal {
        self.lots.quantity
    }

    /// What was paid for the units that are held, with the fees of their purchase.
    pub fn cost(&self) -> Decimal {
        self.lots.cost
    }
}

impl Book {
    /// The books at the end of a day.
    ///
    /// * `entries`: those that count, [in order](super::in_order).
    /// * `as_of`: the day; without it, all entries count.
    ///
    /// # Errors
    /// When the entries don't add up.
    pub fn keep(entries: &[&Entry], method: CostMethod, as_of: Option<Date>) -> Result<Self, NoBook> {
        let mut book = Self::default();
        for entry in entries.iter().take_while(|entry| as_of.is_none_or(|as_of| entry.date <= as_of)) {
            book.enter(&entry.action, method).ok_or(NoBook)?;
        }
        Ok(book)
    }

    fn enter(&mut self, action: &Action, method: CostMethod) -> Option<()> {
        match action {
            Action::Buy(trade) => self.buy(trade, method),
            Action::Sell(trade) => self.sell(trade, method),
            Action::Dividend(symbol, amount) => {
                add(&mut self.position(symbol, method).dividends, *amount)?;
                add(&mut self.dividends, *amount)?;
                add(&mut self.cash, *amount)
            }
            Action::Deposit(amount) => {
                add(&mut self.deposits, *amount)?;
                add(&mut self.cash, *amount)
            }
            Action::Withdrawal(amount) => {
                add(&mut self.withdrawals, *amount)?;
                add(&mut self.cash, -*amount)
            }
            Action::Split(split) => {
                let position = self.position(&split.symbol, method);
                let lost = position.lots.split(split.new, split.old)?;
                add(&mut position.realised, -lost)?;
                add(&mut self.realised, -lost)
            }
            Action::Fee(symbol, amount) => {
                if let Some(symbol) = symbol {
                    add(&mut self.position(symbol, method).fees, *amount)?;
                }
                add(&mut self.fees, *amount)?;
                add(&mut self.cash, -*amount)
            }
            Action::Reversal => Some(()),
        }
    }

    fn buy(&mut self, trade: &Trade, method: CostMethod) -> Option<()> {
        let cost = trade.amount.checked_add(trade.fee)?;
        self.position(&trade.symbol, method).lots.buy(trade.quantity, cost)?;
        add(&mut self.cash, -cost)
    }

    fn sell(&mut self, trade: &Trade, method: CostMethod) -> Option<()> {
        let proceeds = trade.amount.checked_sub(trade.fee)?;
        let position = self.position(&trade.symbol, method);
        let gain = proceeds.checked_sub(position.lots.sell(trade.quantity)?)?;
        add(&mut position.realised, gain)?;
        add(&mut self.realised, gain)?;
        add(&mut self.cash, proceeds)
    }

    fn position(&mut self, symbol: &Symbol, method: CostMethod) -> &mut Position {
        if !self.positions.contains_key(symbol) {
            let position = Position { lots: Lots::new(method), ..Position::default() };
            self.positions.insert(symbol.clone(), position);
        }
        self.positions.entry(symbol.clone()).or_default()
    }
}

fn add(sum: &mut Decimal, amount: Decimal) -> Option<()> {
    *sum = sum.checked_add(amount)?;
    Some(())
}

#[cfg(test)]
mod tests {
    use jiff::{Timestamp, civil::date};

    use super::*;
    use crate::{
        TransactionId,
        ledger::{Split, in_order},
    };

    fn number(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    fn trade(quantity: &str, amount: &str, fee: &str) -> Trade {
        let (symbol, price) = ("A".parse().unwrap(), Decimal::ONE);
        Trade { symbol, quantity: number(quantity), price, amount: number(amount), fee: number(fee) }
    }

    fn ledger() -> Vec<Entry> {
        let actions = [
            (1, Action::Deposit(number("1000.00"))),
            (2, Action::Buy(trade("10", "500.00", "1.00"))),
            (3, Action::Buy(trade("5", "300.00", "0.00"))),
            (4, Action::Split(Split { symbol: "A".parse().unwrap(), new: 2, old: 1 })),
            (5, Action::Sell(trade("21", "700.00", "2.00"))),
            (6, Action::Dividend("A".parse().unwrap(), number("4.50"))),
            (7, Action::Fee(None, number("10.00"))),
            (8, Action::Withdrawal(number("100.00"))),
        ];
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

    fn book(method: CostMethod, as_of: Option<Date>) -> Book {
        Book::keep(&in_order(&ledger(), &[]), method, as_of).unwrap()
    }

    #[test]
    fn costs_and_gains_follow_the_method() {
        let symbol = "A".parse().unwrap();
        let fifo = book(CostMethod::Fifo, None);
        // 20 of the first lot for 501.00, and 1 of the second for a tenth of 300.00.
        assert_eq!(fifo.realised, number("698.00") - number("531.00"));
        assert_eq!(fifo.positions[&symbol].cost(), number("270.00"));
        let average = book(CostMethod::Average, None);
        assert_eq!(average.positions[&symbol].cost(), number("801.00") - number("560.70"));
        assert_eq!(average.realised, number("698.00") - number("560.70"));
        for book in [fifo, average] {
            assert_eq!(book.positions[&symbol].quantity(), number("9"));
            assert_eq!(
                book.cash,
                number("1000.00") - number("801.00") + number("698.00") + number("4.50") - number("110.00")
            );
            let owned = book.cash + book.positions[&symbol].cost();
            assert_eq!(owned, book.deposits - book.withdrawals + book.dividends - book.fees + book.realised);
        }
    }

    #[test]
    fn later_entries_do_not_count_yet() {
        let book = book(CostMethod::Fifo, Some(date(2024, 1, 3)));
        assert_eq!((book.cash, book.realised), (number("199.00"), Decimal::ZERO));
        assert_eq!(book.positions[&"A".parse().unwrap()].quantity(), number("15"));
    }
}
