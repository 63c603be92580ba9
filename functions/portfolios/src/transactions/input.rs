//! Transactions as JSON.

use std::fmt;

use domain::{
    Invalid,
    currency::Currency,
    decimal::DecimalInput,
    ledger::{Draft, Fields, Kind},
};
use jiff::civil::Date;
use serde::{
    Deserialize, Deserializer,
    de::{
        MapAccess, SeqAccess, Visitor,
        value::{MapAccessDeserializer, SeqAccessDeserializer},
    },
};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ArrayBuilder, OneOfBuilder, Ref, RefOr, schema::Schema},
};

use crate::days;

/// A transaction to be recorded: `kind` and `date`, and what its kind needs.
///
/// `buy`, `sell`: `symbol`, `quantity`, `price`, perhaps a `fee`. `dividend`: `symbol`, `amount`. `deposit`, `withdrawal`:
/// `amount`. `split`: `symbol`, `ratio`. `fee`: `amount`, perhaps a `symbol`.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewTransaction)]
pub(super) struct TransactionInput {
    /// What happened; a reversal is recorded by a correction.
    #[schema(inline, example = "buy")]
    pub(super) kind: Kind,
    /// The day from which on it counts; within a day, transactions count in the order in which they were recorded.
    #[schema(example = "2024-01-02")]
    #[serde(deserialize_with = "days::deserialize")]
    pub(super) date: Date,
    /// The instrument.
    #[schema(pattern = "^[A-Za-z0-9.^=_-]{1,20}$", example = "AAPL")]
    pub(super) symbol: Option<String>,
    /// A number of units: above zero, with at most 8 decimals.
    pub(super) quantity: Option<DecimalInput>,
    /// The price of a unit: above zero, with at most 8 decimals. What is worthless is sold at 0.
    pub(super) price: Option<DecimalInput>,
    /// An amount of money: above zero, in whole cents (or whatever the currency's smallest unit is).
    pub(super) amount: Option<DecimalInput>,
    /// What the broker took of a trade, in whole cents: it adds to what is bought and lessens what is sold for.
    pub(super) fee: Option<DecimalInput>,
    /// New units for old ones.
    #[schema(pattern = "^[0-9]{1,5}:[0-9]{1,5}$", example = "2:1")]
    pub(super) ratio: Option<String>,
    /// The currency of all amounts: the portfolio's.
    #[schema(pattern = "^[A-Z]{3}$", example = "USD")]
    pub(super) currency: Option<String>,
    /// What it is called elsewhere, for example by the broker. The same transaction with the same reference is recorded once.
    #[schema(min_length = 1, max_length = 100, example = "broker-20240102-0017")]
    pub(super) reference: Option<String>,
    /// What people say about it.
    #[schema(min_length = 1, max_length = 500)]
    pub(super) note: Option<String>,
}

impl TransactionInput {
    /// The transaction, in a portfolio of this currency.
    ///
    /// # Errors
    /// Names every field that can't be taken.
    pub(super) fn parse(&self, currency: Currency, today: Date) -> Result<Draft, Invalid> {
        let decimal = |input: Option<DecimalInput>| input.map(|DecimalInput(value)| value);
        let fields = Fields {
            kind: self.kind,
            date: self.date,
            symbol: self.symbol.clone(),
            quantity: decimal(self.quantity),
            price: decimal(self.price),
            amount: decimal(self.amount),
            fee: decimal(self.fee),
            ratio: self.ratio.clone(),
            currency: self.currency.clone(),
            reference: self.reference.clone(),
            note: self.note.clone(),
        };
        Draft::parse(fields, currency, today)
    }
}

/// One transaction, or many that are recorded together.
#[derive(Debug)]
pub(super) enum TransactionsInput {
    One(Box<TransactionInput>),
    Many(Vec<TransactionInput>),
}

impl<'de> Deserialize<'de> for TransactionsInput {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // By hand: an untagged enum would tell neither which field is wrong nor why.
        deserializer.deserialize_any(OneOrMany)
    }
}

struct OneOrMany;

impl<'de> Visitor<'de> for OneOrMany {
    type Value = TransactionsInput;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a transaction, or an array of transactions")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<TransactionsInput, A::Error> {
        TransactionInput::deserialize(MapAccessDeserializer::new(map))
            .map(Box::new)
            .map(TransactionsInput::One)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, sequence: A) -> Result<TransactionsInput, A::Error> {
        Vec::deserialize(SeqAccessDeserializer::new(sequence)).map(TransactionsInput::Many)
    }
}

impl PartialSchema for TransactionsInput {
    fn schema() -> RefOr<Schema> {
        let one = || Ref::from_schema_name(TransactionInput::name());
        let many =
            ArrayBuilder::new().items(one()).min_items(Some(1)).max_items(Some(super::batch::MAXIMUM_LOAD));
        OneOfBuilder::new().item(one()).item(many).into()
    }
}

impl ToSchema for TransactionsInput {
    fn name() -> std::borrow::Cow<'static, str> {
        "NewTransactions".into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((TransactionInput::name().into_owned(), TransactionInput::schema()));
        TransactionInput::schemas(schemas);
    }
}
