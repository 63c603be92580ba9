//! What a client says about a transaction that is to be recorded.

use jiff::civil::{Date, date};
use rust_decimal::Decimal;

use super::{Action, Entry, Kind, Note, Reference, parts::Parts};
use crate::{Invalid, Validation, currency::Currency};

/// The first day that a transaction may have.
const EARLIEST: Date = date(1900, 1, 1);

/// The fields of a transaction, as they were given.
#[derive(Debug, Clone)]
pub struct Fields {
    /// Its kind.
    pub kind: Kind,
    /// Its day.
    pub date: Date,
    /// Its instrument.
    pub symbol: Option<String>,
    /// How many units.
    pub quantity: Option<Decimal>,
    /// The price of a unit.
    pub price: Option<Decimal>,
    /// An amount of money.
    pub amount: Option<Decimal>,
    /// What the broker took.
    pub fee: Option<Decimal>,
    /// New units for old ones: `2:1`.
    pub ratio: Option<String>,
    /// The currency of all amounts.
    pub currency: Option<String>,
    /// What it is called elsewhere.
    pub reference: Option<String>,
    /// What people say about it.
    pub note: Option<String>,
}

/// A transaction that may be recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// Its day.
    pub date: Date,
    /// What happened.
    pub action: Action,
    /// What it is called elsewhere.
    pub reference: Option<Reference>,
    /// What people say about it.
    pub note: Option<Note>,
}

impl Draft {
    /// Checks the fields of a transaction in a portfolio of this currency.
    ///
    /// * `today`: the last day that a transaction may have.
    ///
    /// # Errors
    /// Names every field that is missing, one too many, or can't be taken.
    pub fn parse(fields: Fields, currency: Currency, today: Date) -> Result<Self, Invalid> {
        let mut validation = Validation::new();
        let day = validation.check("/date", day(fields.date, today));
        validation.require(
            fields.currency.as_ref().is_none_or(|given| *given == currency.to_string()),
            "/currency",
            format!("must be the portfolio's currency, {currency}"),
        );
        let reference =
            validation.check("/reference", fields.reference.as_deref().map(Reference::parse).transpose());
        let note = validation.check("/note", fields.note.as_deref().map(Note::parse).transpose());
        let action = Parts { fields, currency, validation: &mut validation }.action();
        let parts = day.zip(action).zip(reference.zip(note));
        validation.finish(parts.map(|((date, action), (reference, note))| Self {
            date,
            action,
            reference,
            note,
        }))
    }

    /// Whether an entry says the same.
    pub fn is(&self, entry: &Entry) -> bool {
        let Self { date, action, reference, note } = self;
        (date, action, reference, note) == (&entry.date, &entry.action, &entry.reference, &entry.note)
    }
}

fn day(date: Date, today: Date) -> Result<Date, String> {
    if date > today {
        Err(format!("must not be in the future, but is {date}"))
    } else if date < EARLIEST {
        Err(format!("must not be before {EARLIEST}, but is {date}"))
    } else {
        Ok(date)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::Split;

    fn fields(kind: Kind) -> Fields {
        Fields {
            kind,
            date: date(2024, 1, 2),
            symbol: None,
            quantity: None,
            price: None,
            amount: None,
            fee: None,
            ratio: None,
            currency: None,
            reference: None,
            note: None,
        }
    }

    fn buy(quantity: &str, price: &str) -> Fields {
        let number = |text: &str| Some(text.parse().unwrap());
        let symbol = Some("aapl".to_owned());
        Fields { symbol, quantity: number(quantity), price: number(price), ..fields(Kind::Buy) }
    }

    fn parse(fields: Fields) -> Result<Draft, Vec<String>> {
        Draft::parse(fields, Currency::parse("USD").unwrap(), date(2024, 1, 2))
            .map_err(|Invalid(errors)| errors.into_iter().map(|error| error.pointer).collect())
    }

    #[test]
    fn a_trade_amounts_to_whole_cents() {
        let Action::Buy(trade) = parse(buy("3", "33.335")).unwrap().action else { panic!("a buy") };
        assert_eq!(
            (trade.amount.to_string(), trade.fee.to_string()),
            ("100.01".to_owned(), "0.00".to_owned())
        );
        assert_eq!(parse(buy("0.00000001", "1")).unwrap_err(), [""]);
        assert_eq!(parse(buy("999999999999", "9999999999")).unwrap_err(), [""]);
    }

    #[test]
    fn only_a_sale_may_bring_nothing() {
        for (quantity, price) in [("0.00000001", "1"), ("10", "0"), ("10", "0.00")] {
            let sell = Fields { kind: Kind::Sell, ..buy(quantity, price) };
            let Action::Sell(trade) = parse(sell).unwrap().action else { panic!("a sale") };
            assert_eq!(trade.amount.to_string(), "0.00");
            assert!(parse(buy(quantity, price)).is_err(), "{quantity} {price}");
        }
        let sell = |quantity, price| parse(Fields { kind: Kind::Sell, ..buy(quantity, price) });
        assert_eq!(sell("0", "0").unwrap_err(), ["/quantity"]);
        assert_eq!(sell("1", "-1").unwrap_err(), ["/price"]);
    }

    #[test]
    fn each_kind_has_its_fields_and_no_others() {
        assert_eq!(parse(fields(Kind::Buy)).unwrap_err(), ["/symbol", "/quantity", "/price"]);
        assert_eq!(parse(fields(Kind::Split)).unwrap_err(), ["/symbol", "/ratio"]);
        assert_eq!(parse(fields(Kind::Deposit)).unwrap_err(), ["/amount"]);
        assert_eq!(parse(fields(Kind::Reversal)).unwrap_err(), ["/kind"]);
        let deposit = Fields { amount: Some(Decimal::ONE), ..buy("1", "1") };
        let deposit = Fields { kind: Kind::Deposit, ..deposit };
        assert_eq!(parse(deposit).unwrap_err(), ["/symbol", "/quantity", "/price"]);
    }

    #[test]
    fn every_fault_is_named_at_once() {
        let bad = Fields {
            date: date(2024, 1, 3),
            symbol: Some("=cmd|x".to_owned()),
            fee: Some("0.001".parse().unwrap()),
            currency: Some("EUR".to_owned()),
            reference: Some(" ".to_owned()),
            note: Some("a\u{7}".to_owned()),
            ..buy("-1", "0")
        };
        assert_eq!(
            parse(bad).unwrap_err(),
            ["/date", "/currency", "/reference", "/note", "/symbol", "/quantity", "/price", "/fee"]
        );
        assert_eq!(parse(Fields { date: date(1899, 12, 31), ..buy("1", "1") }).unwrap_err(), ["/date"]);
    }

    #[test]
    fn a_split_has_two_sides() {
        let split = |ratio: &str| {
            let (symbol, ratio) = (Some("A".to_owned()), Some(ratio.to_owned()));
            parse(Fields { symbol, ratio, ..fields(Kind::Split) })
        };
        assert!(matches!(split("3:2").unwrap().action, Action::Split(Split { new: 3, old: 2, .. })));
        for wrong in ["2", "2:", "0:1", "1:1", "-2:1", "10001:1", "2:1:1"] {
            assert_eq!(split(wrong).unwrap_err(), ["/ratio"], "{wrong}");
        }
    }
}
