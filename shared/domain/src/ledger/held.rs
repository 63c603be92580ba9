//! How much is held of each instrument.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::{Action, fraction};
use crate::{
    Invalid,
    portfolio::{Holding, HoldingSize, Holdings, MAXIMUM_QUANTITY},
    symbol::Symbol,
};

/// The decimals of a quantity; what a split leaves is rounded to them.
pub(super) const QUANTITY_DECIMALS: u32 = 8;

/// The quantities that are held: above zero, one a symbol.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Held(BTreeMap<Symbol, Decimal>);

/// Why a transaction can't be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HeldError {
    /// It sells what is not there.
    #[error("sells {sold} {symbol}, but only {held} are held")]
    Oversold {
        /// The instrument.
        symbol: Symbol,
        /// How many are held.
        held: Decimal,
        /// How many would be sold.
        sold: Decimal,
    },
    /// More would be held than there is a number for.
    #[error("leaves more than {MAXIMUM_QUANTITY} {0}")]
    OutOfRange(Symbol),
}

impl Held {
    /// What a portfolio holds by quantity.
    pub fn of(holdings: &Holdings) -> Self {
        let quantities = holdings.as_slice().iter().filter_map(|holding| match holding.size {
            HoldingSize::Quantity(quantity) => Some((holding.symbol.clone(), quantity)),
            HoldingSize::Weight(_) => None,
        });
        Self(quantities.collect())
    }

    /// The same as a portfolio's holdings, by symbol.
    ///
    /// # Errors
    /// When there are too many.
    pub fn holdings(&self) -> Result<Holdings, Invalid> {
        let holding = |(symbol, &quantity): (&Symbol, &Decimal)| Holding {
            symbol: symbol.clone(),
            size: HoldingSize::Quantity(quantity),
        };
        Holdings::parse(self.0.iter().map(holding).collect())
    }

    /// How much is held of an instrument.
    pub fn quantity(&self, symbol: &Symbol) -> Decimal {
        self.0.get(symbol).copied().unwrap_or_default()
    }

    /// Each instrument that is held, and how much of it.
    pub fn iter(&self) -> impl Iterator<Item = (&Symbol, Decimal)> {
        self.0.iter().map(|(symbol, &quantity)| (symbol, quantity))
    }

    /// What is held after a transaction.
    ///
    /// # Errors
    /// `Oversold` or `OutOfRange`, and then it is held as before.
    pub fn apply(&mut self, action: &Action) -> Result<(), HeldError> {
        let Some(symbol) = action.symbol() else { return Ok(()) };
        let held = self.quantity(symbol);
        let out_of_range = || HeldError::OutOfRange(symbol.clone());
        let now = match action {
            Action::Buy(trade) => held.checked_add(trade.quantity).ok_or_else(out_of_range)?,
            Action::Sell(trade) if trade.quantity > held => {
                let (held, sold) = (held.normalize(), trade.quantity.normalize());
                return Err(HeldError::Oversold { symbol: symbol.clone(), held, sold });
            }
            Action::Sell(trade) => held - trade.quantity,
            Action::Split(split) => scaled(held, split.new, split.old).ok_or_else(out_of_range)?,
            _ => return Ok(()),
        };
        if now > Decimal::from(MAXIMUM_QUANTITY) {
            return Err(out_of_range());
        }
        if now.is_zero() {
            self.0.remove(symbol);
        } else {
            self.0.insert(symbol.clone(), now.normalize());
        }
        Ok(())
    }
}

/// A quantity after a split, rounded to eight decimals.
pub(super) fn scaled(quantity: Decimal, new: u32, old: u32) -> Option<Decimal> {
    let mut quantity = quantity;
    quantity.rescale(QUANTITY_DECIMALS);
    fraction::of(quantity, new.into(), old.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::{Split, Trade};

    fn trade(quantity: i64) -> Trade {
        let (symbol, one) = ("A".parse().unwrap(), Decimal::ONE);
        Trade { symbol, quantity: quantity.into(), price: one, amount: quantity.into(), fee: Decimal::ZERO }
    }

    #[test]
    fn nothing_is_sold_that_is_not_held() {
        let (mut held, symbol) = (Held::default(), "A".parse().unwrap());
        held.apply(&Action::Buy(trade(10))).unwrap();
        let oversold = held.apply(&Action::Sell(trade(11))).unwrap_err();
        assert_eq!(oversold.to_string(), "sells 11 A, but only 10 are held");
        held.apply(&Action::Split(Split { symbol, new: 1, old: 3 })).unwrap();
        assert_eq!(held.quantity(&"A".parse().unwrap()).to_string(), "3.33333333");
        held.apply(&Action::Sell(trade(3))).unwrap();
        assert_eq!(held.quantity(&"A".parse().unwrap()).to_string(), "0.33333333");
    }

    #[test]
    fn what_is_sold_whole_is_no_holding() {
        let mut held = Held::default();
        held.apply(&Action::Buy(trade(10))).unwrap();
        held.apply(&Action::Sell(trade(10))).unwrap();
        assert_eq!(held, Held::default());
        let most = trade(MAXIMUM_QUANTITY);
        held.apply(&Action::Buy(most.clone())).unwrap();
        assert!(matches!(held.apply(&Action::Buy(most)), Err(HeldError::OutOfRange(_))));
    }
}
