//! Transactions as clients see them.

use std::collections::BTreeMap;

use domain::{
    TransactionId,
    ledger::{Entry, Kind, Note, Reference},
    symbol::Symbol,
};
use jiff::{Timestamp, civil::Date};
use rust_decimal::Decimal;
use serde::Serialize;
use utoipa::ToSchema;

/// A transaction, as it was recorded.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Transaction)]
pub(super) struct TransactionView {
    /// Its id.
    pub(super) id: TransactionId,
    /// What happened.
    kind: Kind,
    /// The day from which on it counts.
    date: Date,
    /// The instrument.
    #[serde(skip_serializing_if = "Option::is_none")]
    symbol: Option<Symbol>,
    /// A number of units.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "100")]
    quantity: Option<Decimal>,
    /// The price of a unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "185.64")]
    price: Option<Decimal>,
    /// An amount of money; of a trade, quantity times price to the cent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "18564.00")]
    amount: Option<Decimal>,
    /// What the broker took of a trade.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "1.00")]
    fee: Option<Decimal>,
    /// New units for old ones.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2:1")]
    ratio: Option<String>,
    /// The earlier transaction that this one reverses, or takes the place of.
    #[serde(skip_serializing_if = "Option::is_none")]
    corrects: Option<TransactionId>,
    /// The later transaction that reverses this one, which no longer counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    reversed_by: Option<TransactionId>,
    /// What it is called elsewhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<Reference>,
    /// What people say about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<Note>,
    /// When it was recorded.
    recorded_at: Timestamp,
}

impl TransactionView {
    /// An entry, and what became of it.
    pub(super) fn new(entry: &Entry, reversals: &BTreeMap<TransactionId, TransactionId>) -> Self {
        Self { reversed_by: reversals.get(&entry.id).copied(), ..Self::from(entry) }
    }
}

impl From<&Entry> for TransactionView {
    fn from(entry: &Entry) -> Self {
        let trade = entry.action.trade();
        Self {
            id: entry.id,
            kind: entry.action.kind(),
            date: entry.date,
            symbol: entry.action.symbol().cloned(),
            quantity: trade.map(|trade| trade.quantity),
            price: trade.map(|trade| trade.price),
            amount: entry.action.amount(),
            fee: trade.map(|trade| trade.fee),
            ratio: entry.action.ratio(),
            corrects: entry.corrects,
            reversed_by: None,
            reference: entry.reference.clone(),
            note: entry.note.clone(),
            recorded_at: entry.id.recorded_at(),
        }
    }
}
