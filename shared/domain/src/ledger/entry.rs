//! One transaction.

use std::{fmt, str::FromStr};

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{TransactionId, symbol::Symbol};

/// Amounts of money in one entry stay below this, so that quantity times price is an exact decimal.
pub const MAXIMUM_AMOUNT: i64 = 1_000_000_000_000;
/// The units of one trade stay below this.
pub(super) const MAXIMUM_TRADED: i64 = 1_000_000_000_000;

/// An entry of a ledger. Once recorded, it stays as it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Its id, which also tells its place in the ledger and when it was recorded.
    pub id: TransactionId,
    /// From when on it counts.
    pub date: Date,
    /// What happened.
    pub action: Action,
    /// The earlier entry that this one reverses or takes the place of.
    pub corrects: Option<TransactionId>,
    /// What it is called elsewhere, for example by the broker. Of the entries that are called so, all but the last were corrected
    /// by the one after them.
    pub reference: Option<Reference>,
    /// What people say about it.
    pub note: Option<Note>,
}

/// What happened. All amounts are in the portfolio's currency, and above zero, but that a sale may bring nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Action {
    /// Units were bought.
    Buy(Trade),
    /// Units were sold.
    Sell(Trade),
    /// An instrument paid out cash.
    Dividend(Symbol, Decimal),
    /// The owner put in cash.
    Deposit(Decimal),
    /// The owner took out cash.
    Withdrawal(Decimal),
    /// Units of an instrument became more or fewer.
    Split(Split),
    /// Cash was paid for a service, perhaps for that of holding an instrument.
    Fee(Option<Symbol>, Decimal),
    /// An earlier entry, the one that is corrected, does not count.
    Reversal,
}

/// A purchase or a sale.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Trade {
    /// The instrument.
    pub symbol: Symbol,
    /// How many units.
    pub quantity: Decimal,
    /// The price of a unit.
    pub price: Decimal,
    /// Quantity times price, rounded to the currency's smallest unit (half away from zero).
    pub amount: Decimal,
    /// What the broker took; it adds to the cost, and lessens the proceeds. May be zero.
    pub fee: Decimal,
}

/// So many new units for so many old ones.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Split {
    /// The instrument.
    pub symbol: Symbol,
    /// New units.
    pub new: u32,
    /// Old units.
    pub old: u32,
}

/// The kind of a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = TransactionKind)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Units were bought.
    Buy,
    /// Units were sold.
    Sell,
    /// An instrument paid out cash.
    Dividend,
    /// The owner put in cash.
    Deposit,
    /// The owner took out cash.
    Withdrawal,
    /// Units of an instrument became more or fewer.
    Split,
    /// Cash was paid for a service.
    Fee,
    /// An earlier transaction does not count.
    Reversal,
}

impl Action {
    /// Its kind.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Buy(_) => Kind::Buy,
            Self::Sell(_) => Kind::Sell,
            Self::Dividend(..) => Kind::Dividend,
            Self::Deposit(_) => Kind::Deposit,
            Self::Withdrawal(_) => Kind::Withdrawal,
            Self::Split(_) => Kind::Split,
            Self::Fee(..) => Kind::Fee,
            Self::Reversal => Kind::Reversal,
        }
    }

    /// The instrument that it is about, if it is about one.
    pub fn symbol(&self) -> Option<&Symbol> {
        match self {
            Self::Buy(trade) | Self::Sell(trade) => Some(&trade.symbol),
            Self::Dividend(symbol, _) => Some(symbol),
            Self::Split(split) => Some(&split.symbol),
            Self::Fee(symbol, _) => symbol.as_ref(),
            Self::Deposit(_) | Self::Withdrawal(_) | Self::Reversal => None,
        }
    }

    /// The purchase or sale that it is, if it is one.
    pub fn trade(&self) -> Option<&Trade> {
        match self {
            Self::Buy(trade) | Self::Sell(trade) => Some(trade),
            _ => None,
        }
    }

    /// The money that it is about; of a trade without the fee.
    pub fn amount(&self) -> Option<Decimal> {
        match self {
            Self::Buy(trade) | Self::Sell(trade) => Some(trade.amount),
            Self::Dividend(_, amount)
            | Self::Deposit(amount)
            | Self::Withdrawal(amount)
            | Self::Fee(_, amount) => Some(*amount),
            Self::Split(_) | Self::Reversal => None,
        }
    }

    /// New units for old ones, as in `2:1`, if it is a split.
    pub fn ratio(&self) -> Option<String> {
        match self {
            Self::Split(Split { new, old, .. }) => Some(format!("{new}:{old}")),
            _ => None,
        }
    }
}

impl Kind {
    /// All kinds.
    const ALL: [Self; 8] = [
        Self::Buy,
        Self::Sell,
        Self::Dividend,
        Self::Deposit,
        Self::Withdrawal,
        Self::Split,
        Self::Fee,
        Self::Reversal,
    ];
}

/// A text that is no kind of transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be buy, sell, dividend, deposit, withdrawal, split or fee")]
pub struct InvalidKind;

impl FromStr for Kind {
    type Err = InvalidKind;

    fn from_str(text: &str) -> Result<Self, InvalidKind> {
        Self::ALL.into_iter().find(|kind| kind.to_string() == text).ok_or(InvalidKind)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Buy => "buy",
            Self::Sell => "sell",
            Self::Dividend => "dividend",
            Self::Deposit => "deposit",
            Self::Withdrawal => "withdrawal",
            Self::Split => "split",
            Self::Fee => "fee",
            Self::Reversal => "reversal",
        })
    }
}

macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident = $maximum:tt;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
        #[schema(value_type = String, min_length = 1, max_length = $maximum)]
        pub struct $name(String);

        impl $name {
            /// Parses the text.
            ///
            /// # Errors
            /// Says which rule is broken.
            pub fn parse(text: &str) -> Result<Self, &'static str> {
                let text = text.trim();
                if text.is_empty() {
                    Err("must not be empty")
                } else if text.chars().count() > $maximum {
                    Err(concat!("must have at most ", $maximum, " characters"))
                } else if text.chars().any(char::is_control) {
                    Err("must not hold control characters")
                } else {
                    Ok(Self(text.to_owned()))
                }
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
    )*};
}

texts! {
    /// What a transaction is called elsewhere: 1–100 characters after trimming, none of them a control character.
    Reference = 100;
    /// What people say about a transaction: 1–500 characters after trimming, none of them a control character.
    Note = 500;
}
