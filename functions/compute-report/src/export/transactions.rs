use domain::{
    PortfolioId, TransactionId,
    currency::Currency,
    ledger::{Entry, Kind, SEGMENT_LENGTH},
    portfolio::Portfolio,
    symbol::Symbol,
};
use jiff::{Timestamp, civil::Date};
use jobs::JobError;
use rust_decimal::Decimal;
use serde::Serialize;

use super::{
    field::{maybe_plain, maybe_text, plain, text},
    pages::{Entities, Pages, Record, Source},
};

const PORTFOLIOS: usize = 50;
/// An entry has up to 3 KB; they are read a segment a call, so many calls at once.
const ENTRIES: u32 = 16 * SEGMENT_LENGTH;

/// The ledgers of all portfolios, one after the other, as far as they went when the portfolio was read.
#[derive(Default)]
pub(super) struct Transactions {
    portfolios: Entities,
    waiting: Vec<Ledger>,
}

/// What is left of a ledger.
struct Ledger {
    portfolio: PortfolioId,
    currency: Currency,
    from: u32,
    until: u32,
}

#[derive(Serialize)]
pub(super) struct Row {
    portfolio_id: PortfolioId,
    id: TransactionId,
    kind: Kind,
    date: Date,
    symbol: Option<Symbol>,
    quantity: Option<Decimal>,
    price: Option<Decimal>,
    amount: Option<Decimal>,
    fee: Option<Decimal>,
    currency: Currency,
    ratio: Option<String>,
    corrects: Option<TransactionId>,
    reference: Option<String>,
    note: Option<String>,
    recorded_at: Timestamp,
}

impl Pages for Transactions {
    type Row = Row;

    async fn next(&mut self, from: Source<'_>) -> Result<Option<Vec<Row>>, JobError> {
        loop {
            if let Some(ledger) = self.waiting.last_mut() {
                let end = ledger.until.min(ledger.from + ENTRIES);
                let entries = from.store.ledger_part(ledger.portfolio, ledger.from..end).await?;
                let rows = entries.iter().map(|entry| Row::new(ledger, entry)).collect();
                ledger.from = end;
                if end == ledger.until {
                    self.waiting.pop();
                }
                return Ok(Some(rows));
            }
            let page = self.portfolios.next::<Portfolio>(from.store, PORTFOLIOS).await?;
            let Some(page) = page else { return Ok(None) };
            self.waiting = page.iter().rev().filter_map(|stored| Ledger::of(&stored.entity)).collect();
        }
    }
}

impl Ledger {
    fn of(portfolio: &Portfolio) -> Option<Self> {
        let head = portfolio.ledger.filter(|head| head.entries > 0)?;
        let currency = portfolio.base_currency;
        Some(Self { portfolio: portfolio.id, currency, from: 0, until: head.entries })
    }
}

impl Row {
    fn new(of: &Ledger, entry: &Entry) -> Self {
        let trade = entry.action.trade();
        Self {
            portfolio_id: of.portfolio,
            id: entry.id,
            kind: entry.action.kind(),
            date: entry.date,
            symbol: entry.action.symbol().cloned(),
            quantity: trade.map(|trade| trade.quantity),
            price: trade.map(|trade| trade.price),
            amount: entry.action.amount(),
            fee: trade.map(|trade| trade.fee),
            currency: of.currency,
            ratio: entry.action.ratio(),
            corrects: entry.corrects,
            reference: entry.reference.as_ref().map(|reference| reference.as_str().to_owned()),
            note: entry.note.as_ref().map(|note| note.as_str().to_owned()),
            recorded_at: entry.id.recorded_at(),
        }
    }
}

impl Record for Row {
    const HEADS: &[&str] = &[
        "portfolio_id",
        "id",
        "kind",
        "date",
        "symbol",
        "quantity",
        "price",
        "amount",
        "fee",
        "currency",
        "ratio",
        "corrects",
        "reference",
        "note",
        "recorded_at",
    ];

    fn fields(&self) -> Vec<String> {
        vec![
            plain(self.portfolio_id),
            plain(self.id),
            plain(self.kind),
            plain(self.date),
            self.symbol.as_ref().map(|symbol| text(symbol.to_string())).unwrap_or_default(),
            maybe_plain(self.quantity),
            maybe_plain(self.price),
            maybe_plain(self.amount),
            maybe_plain(self.fee),
            plain(self.currency),
            maybe_plain(self.ratio.as_ref()),
            maybe_plain(self.corrects),
            maybe_text(self.reference.as_ref()),
            maybe_text(self.note.as_ref()),
            plain(self.recorded_at),
        ]
    }
}
