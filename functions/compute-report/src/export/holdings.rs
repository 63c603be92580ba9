use domain::{
    PortfolioId,
    portfolio::{Holding, HoldingSize, Portfolio},
    symbol::Symbol,
};
use jobs::JobError;
use rust_decimal::Decimal;
use serde::Serialize;

use super::{
    field::{maybe_plain, plain, text},
    pages::{Entities, Pages, Record, Source},
};

const PAGE: usize = 50;

#[derive(Default)]
pub(super) struct Holdings(Entities);

#[derive(Serialize)]
pub(super) struct Row {
    portfolio_id: PortfolioId,
    symbol: Symbol,
    quantity: Option<Decimal>,
    weight: Option<Decimal>,
}

impl Pages for Holdings {
    type Row = Row;

    async fn next(&mut self, from: Source<'_>) -> Result<Option<Vec<Row>>, JobError> {
        let page = self.0.next::<Portfolio>(from.store, PAGE).await?;
        Ok(page.map(|page| page.iter().flat_map(|stored| rows(&stored.entity)).collect()))
    }
}

fn rows(of: &Portfolio) -> impl Iterator<Item = Row> {
    of.holdings.as_slice().iter().map(|Holding { symbol, size }| {
        let (quantity, weight) = match *size {
            HoldingSize::Quantity(quantity) => (Some(quantity), None),
            HoldingSize::Weight(weight) => (None, Some(weight)),
        };
        Row { portfolio_id: of.id, symbol: symbol.clone(), quantity, weight }
    })
}

impl Record for Row {
    const HEADS: &[&str] = &["portfolio_id", "symbol", "quantity", "weight"];

    fn fields(&self) -> Vec<String> {
        vec![
            plain(self.portfolio_id),
            text(self.symbol.to_string()),
            maybe_plain(self.quantity),
            maybe_plain(self.weight),
        ]
    }
}
