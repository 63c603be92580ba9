//! Portfolios.

use std::collections::HashSet;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{
    Entity, Invalid, PortfolioId, Validation, currency::Currency, ledger::LedgerHead, symbol::Symbol,
    text::Name,
};

/// The most holdings of one portfolio.
pub const MAXIMUM_HOLDINGS: usize = 500;
/// How far the weights' sum may be from one.
pub const WEIGHT_TOLERANCE: f64 = 1e-6;
/// The most units of one holding, long or short: its value at the highest price is still an exact decimal.
pub const MAXIMUM_QUANTITY: i64 = 1_000_000_000_000_000;
/// The largest weight of one holding, long or short.
pub const MAXIMUM_WEIGHT: i64 = 1_000;

/// A named list of holdings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Portfolio {
    /// Its id.
    pub id: PortfolioId,
    /// Its name.
    pub name: Name,
    /// The currency that its value is told in.
    pub base_currency: Currency,
    /// What it holds.
    pub holdings: Holdings,
    /// Its ledger, if it is kept by transactions: the holdings then follow from them, and are not changed otherwise.
    #[serde(default)]
    pub ledger: Option<LedgerHead>,
}

/// What a portfolio's holdings are known from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum KeptBy {
    /// They were given, and are replaced as a whole.
    Holdings,
    /// They follow from the transactions of the portfolio's ledger.
    Transactions,
}

impl Portfolio {
    /// What its holdings are known from.
    pub fn kept_by(&self) -> KeptBy {
        if self.ledger.is_some() { KeptBy::Transactions } else { KeptBy::Holdings }
    }

    /// What takes its place when a client replaces it by `wanted`. A ledger stays, and with it what follows from it.
    ///
    /// # Errors
    /// Where a portfolio that is kept by transactions would get another currency or other holdings.
    pub fn replaced_by(self, wanted: Self) -> Result<Self, Invalid> {
        let mut validation = Validation::new();
        if self.ledger.is_some() {
            validation.require(
                wanted.base_currency == self.base_currency,
                "/base_currency",
                format!("must stay {}, which the portfolio's transactions are in", self.base_currency),
            );
            validation.require(
                wanted.holdings.amount_to(&self.holdings),
                "/holdings",
                "must stay as they are, as they follow from the portfolio's transactions",
            );
        }
        validation.finish(Some(Self { ledger: self.ledger, ..wanted }))
    }
}

impl Entity for Portfolio {
    const KIND: &'static str = "PORTFOLIO";
    type Key = PortfolioId;

    fn key(&self) -> String {
        self.id.to_string()
    }
}

/// How much of one instrument is held.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HoldingSize {
    /// A number of units; negative when sold short.
    Quantity(Decimal),
    /// A share of the portfolio's value (0.05 = 5 %); negative when sold short.
    Weight(Decimal),
}

impl HoldingSize {
    /// The size that exactly one of the two tells.
    ///
    /// # Errors
    /// Names the field that is out of range.
    pub fn parse(quantity: Option<Decimal>, weight: Option<Decimal>) -> Result<Self, Invalid> {
        let within = |value: Decimal, maximum: i64, pointer: &str| {
            let detail = || format!("must be from -{maximum} to {maximum}, but is {value}");
            if value.abs() <= maximum.into() { Ok(value) } else { Err(Invalid::field(pointer, detail())) }
        };
        match (quantity, weight) {
            (Some(quantity), None) => within(quantity, MAXIMUM_QUANTITY, "/quantity").map(Self::Quantity),
            (None, Some(weight)) => within(weight, MAXIMUM_WEIGHT, "/weight").map(Self::Weight),
            _ => Err(Invalid::field("", "must have exactly one of quantity and weight")),
        }
    }
}

/// One position.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Holding {
    /// The instrument.
    pub symbol: Symbol,
    /// How much of it.
    pub size: HoldingSize,
}

/// Holdings that fit together: each symbol once, all by quantity or all by weight, weights that sum to 1.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Holdings(Vec<Holding>);

impl Holdings {
    /// Checks a list of holdings; no holdings at all is a portfolio yet to be filled.
    ///
    /// # Errors
    /// Names each holding that can't be taken by its index.
    pub fn parse(holdings: Vec<Holding>) -> Result<Self, Invalid> {
        let mut validation = Validation::new();
        validation.require(
            holdings.len() <= MAXIMUM_HOLDINGS,
            "",
            format!("must have at most {MAXIMUM_HOLDINGS} holdings"),
        );
        let mut seen = HashSet::new();
        let mut weights = Decimal::ZERO;
        let mut weighted = 0;
        for (index, holding) in holdings.iter().enumerate() {
            validation.require(
                seen.insert(&holding.symbol),
                &format!("/{index}/symbol"),
                format!("{} is held twice", holding.symbol),
            );
            if let HoldingSize::Weight(weight) = holding.size {
                weights = weights.checked_add(weight).unwrap_or(Decimal::MAX);
                weighted += 1;
            }
        }
        if weighted == 0 {
            return validation.finish(Some(Self(holdings)));
        }
        validation.require(weighted == holdings.len(), "", "must be all by quantity or all by weight");
        let off = f64::try_from(weights - Decimal::ONE).unwrap_or(f64::MAX);
        validation.require(
            off.abs() <= WEIGHT_TOLERANCE,
            "",
            format!("weights must sum to 1, but sum to {}", weights.normalize()),
        );
        validation.finish(Some(Self(holdings)))
    }

    /// Whether these are the same holdings, in any order.
    fn amount_to(&self, others: &Self) -> bool {
        self.0.len() == others.0.len() && self.0.iter().all(|holding| others.0.contains(holding))
    }

    /// The positions, in the client's order.
    pub fn as_slice(&self) -> &[Holding] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weight(symbol: &str, weight: &str) -> Holding {
        Holding { symbol: symbol.parse().unwrap(), size: HoldingSize::Weight(weight.parse().unwrap()) }
    }

    #[test]
    fn weights_sum_to_one_and_the_answer_says_the_sum() {
        assert!(Holdings::parse(vec![weight("A", "1.3"), weight("B", "-0.3")]).is_ok());
        let Invalid(errors) = Holdings::parse(vec![weight("A", "0.5"), weight("B", "0.4")]).unwrap_err();
        assert_eq!(errors[0].detail, "weights must sum to 1, but sum to 0.9");
    }

    #[test]
    fn a_size_is_told_in_one_way_and_has_bounds() {
        let pointer = |quantity: Option<i64>, weight: Option<i64>| {
            let size = HoldingSize::parse(quantity.map(Decimal::from), weight.map(Decimal::from));
            size.err().map(|Invalid(errors)| errors[0].pointer.clone())
        };
        assert_eq!(pointer(Some(-100), None), None);
        assert_eq!(pointer(None, Some(1)), None);
        assert_eq!(pointer(None, None).as_deref(), Some(""));
        assert_eq!(pointer(Some(1), Some(1)).as_deref(), Some(""));
        assert_eq!(pointer(Some(MAXIMUM_QUANTITY + 1), None).as_deref(), Some("/quantity"));
        assert_eq!(pointer(None, Some(-MAXIMUM_WEIGHT - 1)).as_deref(), Some("/weight"));
    }

    #[test]
    fn what_follows_from_transactions_stays() {
        let holding = |symbol: &str, quantity: i64| Holding {
            symbol: symbol.parse().unwrap(),
            size: HoldingSize::Quantity(quantity.into()),
        };
        let portfolio = |name: &str, currency: &str, holdings: Vec<Holding>| Portfolio {
            id: "pfl_01KAJ5M3S0Q5T3Y9WBQ0V6F2ZN".parse().unwrap(),
            name: Name::parse(name).unwrap(),
            base_currency: Currency::parse(currency).unwrap(),
            holdings: Holdings::parse(holdings).unwrap(),
            ledger: None,
        };
        let (one, two) = (holding("A", 1), holding("B", 2));
        let plain = portfolio("Old", "USD", vec![one.clone(), two.clone()]);
        let kept = Portfolio { ledger: Some(LedgerHead::default()), ..plain.clone() };
        let renamed = kept.clone().replaced_by(portfolio("New", "USD", vec![two, one.clone()])).unwrap();
        assert_eq!((renamed.name.to_string().as_str(), renamed.kept_by()), ("New", KeptBy::Transactions));
        let other = portfolio("New", "EUR", vec![one]);
        let Invalid(errors) = kept.replaced_by(other.clone()).unwrap_err();
        assert_eq!(
            errors.iter().map(|error| &*error.pointer).collect::<Vec<_>>(),
            ["/base_currency", "/holdings"]
        );
        assert_eq!(plain.replaced_by(other.clone()), Ok(other));
    }

    #[test]
    fn a_symbol_is_held_once() {
        let Invalid(errors) = Holdings::parse(vec![weight("A", "0.5"), weight("A", "0.5")]).unwrap_err();
        assert_eq!(errors[0].pointer, "/1/symbol");
    }
}
