//! From the fields of a transaction to what happened.

use rust_decimal::{Decimal, RoundingStrategy::MidpointAwayFromZero};

use super::{
    Action, Fields, Kind, MAXIMUM_AMOUNT, Split, Trade, entry::MAXIMUM_TRADED, held::QUANTITY_DECIMALS,
};
use crate::{
    Validation,
    currency::Currency,
    price::{MAXIMUM_PRICE, MAXIMUM_SCALE},
    symbol::Symbol,
};

/// The most units on one side of a split.
const MAXIMUM_SPLIT: u32 = 10_000;

/// The fields that make up an action. What is taken is gone, so that what is left is one too many.
pub(super) struct Parts<'a> {
    pub(super) fields: Fields,
    pub(super) currency: Currency,
    pub(super) validation: &'a mut Validation,
}

impl Parts<'_> {
    pub(super) fn action(mut self) -> Option<Action> {
        let action = match self.fields.kind {
            Kind::Buy => self.trade().map(Action::Buy),
            Kind::Sell => self.trade().map(Action::Sell),
            Kind::Dividend => {
                self.symbol().zip(self.amount()).map(|(symbol, amount)| Action::Dividend(symbol, amount))
            }
            Kind::Deposit => self.amount().map(Action::Deposit),
            Kind::Withdrawal => self.amount().map(Action::Withdrawal),
            Kind::Split => self.split().map(Action::Split),
            Kind::Fee if self.fields.symbol.is_none() => {
                self.amount().map(|amount| Action::Fee(None, amount))
            }
            Kind::Fee => {
                self.symbol().zip(self.amount()).map(|(symbol, amount)| Action::Fee(Some(symbol), amount))
            }
            Kind::Reversal => {
                self.validation
                    .reject("/kind", "a reversal is recorded by correcting the transaction that it reverses");
                return None;
            }
        };
        self.refuse_what_is_left();
        action
    }

    fn trade(&mut self) -> Option<Trade> {
        let (symbol, quantity, price, fee) = (self.symbol(), self.quantity(), self.price(), self.fee());
        let (quantity, price) = quantity.zip(price)?;
        let amount = self.traded(quantity, price);
        let ((symbol, amount), fee) = symbol.zip(amount).zip(fee)?;
        Some(Trade { symbol, quantity, price, amount, fee })
    }

    /// What a trade amounts to; exact until it is rounded, as the bounds of its factors leave it 28 digits. Only a sale may bring
    /// nothing: what is worth less than a cent, or nothing any more, has to leave somehow.
    fn traded(&mut self, quantity: Decimal, price: Decimal) -> Option<Decimal> {
        let amount = quantity
            .checked_mul(price)
            .filter(|amount| *amount < MAXIMUM_AMOUNT.into())
            .map(|amount| amount.round_dp_with_strategy(self.currency.decimals(), MidpointAwayFromZero));
        match amount {
            Some(amount) if amount > Decimal::ZERO || self.is_sale() => Some(self.in_smallest_units(amount)),
            _ => {
                let unit = Decimal::new(i64::from(!self.is_sale()), self.currency.decimals());
                let detail =
                    format!("quantity times price must be from {unit} to less than {MAXIMUM_AMOUNT}");
                self.validation.reject("", detail);
                None
            }
        }
    }

    fn is_sale(&self) -> bool {
        self.fields.kind == Kind::Sell
    }

    fn symbol(&mut self) -> Option<Symbol> {
        let symbol = self.fields.symbol.take();
        let symbol = self.needed("/symbol", symbol)?;
        self.validation.check("/symbol", symbol.parse())
    }

    fn quantity(&mut self) -> Option<Decimal> {
        let quantity = self.fields.quantity.take();
        let quantity = self.needed("/quantity", quantity)?;
        self.bounded("/quantity", quantity, MAXIMUM_TRADED, QUANTITY_DECIMALS)
    }

    fn price(&mut self) -> Option<Decimal> {
        let price = self.fields.price.take();
        let price = self.needed("/price", price)?;
        if price.is_zero() && self.is_sale() {
            return Some(Decimal::ZERO);
        }
        self.bounded("/price", price, MAXIMUM_PRICE, MAXIMUM_SCALE)
    }

    fn amount(&mut self) -> Option<Decimal> {
        let amount = self.fields.amount.take();
        let amount = self.needed("/amount", amount)?;
        self.money("/amount", amount)
    }

    fn fee(&mut self) -> Option<Decimal> {
        match self.fields.fee.take() {
            Some(fee) if !fee.is_zero() => self.money("/fee", fee),
            _ => Some(self.in_smallest_units(Decimal::ZERO)),
        }
    }

    fn split(&mut self) -> Option<Split> {
        let (symbol, ratio) = (self.symbol(), self.fields.ratio.take());
        let ratio = self.needed("/ratio", ratio)?;
        let (new, old) = self.validation.check("/ratio", parse_ratio(&ratio))?;
        symbol.map(|symbol| Split { symbol, new, old })
    }

    fn money(&mut self, pointer: &str, amount: Decimal) -> Option<Decimal> {
        let amount = self.bounded(pointer, amount, MAXIMUM_AMOUNT, self.currency.decimals())?;
        Some(self.in_smallest_units(amount))
    }

    /// The same amount, written with all decimals of its currency.
    fn in_smallest_units(&self, mut amount: Decimal) -> Decimal {
        amount.rescale(self.currency.decimals());
        amount
    }

    fn bounded(&mut self, pointer: &str, value: Decimal, below: i64, decimals: u32) -> Option<Decimal> {
        let value = value.normalize();
        let fits = value > Decimal::ZERO && value < below.into() && value.scale() <= decimals;
        self.validation.require(
            fits,
            pointer,
            format!("must be above 0 and below {below}, with at most {decimals} decimals, but is {value}"),
        );
        fits.then_some(value)
    }

    fn needed<T>(&mut self, pointer: &str, value: Option<T>) -> Option<T> {
        self.validation.require(value.is_some(), pointer, format!("is needed for a {}", self.fields.kind));
        value
    }

    fn refuse_what_is_left(self) {
        let Fields { kind, symbol, quantity, price, amount, fee, ratio, .. } = self.fields;
        let left = [
            ("/symbol", symbol.is_some()),
            ("/quantity", quantity.is_some()),
            ("/price", price.is_some()),
            ("/amount", amount.is_some()),
            ("/fee", fee.is_some()),
            ("/ratio", ratio.is_some()),
        ];
        for (pointer, is_left) in left {
            self.validation.require(!is_left, pointer, format!("is no part of a {kind}"));
        }
    }
}

fn parse_ratio(text: &str) -> Result<(u32, u32), String> {
    let parts = text.split_once(':').and_then(|(new, old)| Some((new.parse().ok()?, old.parse().ok()?)));
    let within = |units: u32| (1..=MAXIMUM_SPLIT).contains(&units);
    match parts {
        Some((new, old)) if within(new) && within(old) && new != old => Ok((new, old)),
        _ => Err(format!(
            "must be new units to old ones, such as 2:1, both whole numbers from 1 to {MAXIMUM_SPLIT} that differ"
        )),
    }
}
