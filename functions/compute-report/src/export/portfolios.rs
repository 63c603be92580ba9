use domain::{
    PortfolioId,
    currency::Currency,
    portfolio::{KeptBy, Portfolio},
    text::Name,
};
use jiff::Timestamp;
use jobs::JobError;
use serde::Serialize;
use store::Stored;

use super::{
    field::{plain, text},
    pages::{Entities, Pages, Record, Source},
};

/// A portfolio with 500 holdings has some 30 KB.
const PAGE: usize = 50;

#[derive(Default)]
pub(super) struct Portfolios(Entities);

#[derive(Serialize)]
pub(super) struct Row {
    id: PortfolioId,
    name: Name,
    base_currency: Currency,
    kept_by: KeptBy,
    holdings: usize,
    transactions: u32,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl Pages for Portfolios {
    type Row = Row;

    async fn next(&mut self, from: Source<'_>) -> Result<Option<Vec<Row>>, JobError> {
        let page = self.0.next::<Portfolio>(from.store, PAGE).await?;
        Ok(page.map(|page| page.into_iter().map(Row::from).collect()))
    }
}

impl From<Stored<Portfolio>> for Row {
    fn from(stored: Stored<Portfolio>) -> Self {
        let kept_by = stored.entity.kept_by();
        let Portfolio { id, name, base_currency, holdings, ledger } = stored.entity;
        Self {
            id,
            name,
            base_currency,
            kept_by,
            holdings: holdings.as_slice().len(),
            transactions: ledger.map_or(0, |ledger| ledger.entries),
            created_at: stored.created_at,
            updated_at: stored.updated_at,
        }
    }
}

impl Record for Row {
    const HEADS: &[&str] =
        &["id", "name", "base_currency", "kept_by", "holdings", "transactions", "created_at", "updated_at"];

    fn fields(&self) -> Vec<String> {
        let kept_by = match self.kept_by {
            KeptBy::Holdings => "holdings",
            KeptBy::Transactions => "transactions",
        };
        vec![
            plain(self.id),
            text(self.name.to_string()),
            plain(self.base_currency),
            plain(kept_by),
            plain(self.holdings),
            plain(self.transactions),
            plain(self.created_at),
            plain(self.updated_at),
        ]
    }
}
