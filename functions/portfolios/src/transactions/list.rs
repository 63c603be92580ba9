//! A portfolio's transactions.

use std::collections::BTreeMap;

use domain::{
    PortfolioId, TransactionId,
    history::Window,
    ledger::{Entry, Kind, LedgerHead, SEGMENT_LENGTH, reversals},
    permission::PortfoliosRead,
    portfolio::Portfolio,
    symbol::Symbol,
};
use jiff::civil::Date;
use serde::Deserialize;
use store::{Position, Scope, StoreError};
use utoipa::IntoParams;
use web::{
    ApiError, Path, Query,
    auth::Tenant,
    page::{self, Paged},
};

use super::view::TransactionView;

/// How many entries are looked through at once for those that a query takes.
const STEP: u32 = 16 * SEGMENT_LENGTH;

/// Which transactions, and which page of them.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct TransactionsQuery {
    /// At most this many entries.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<usize>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
    /// Only those of this day or later.
    #[param(example = "2024-01-01")]
    from: Option<Date>,
    /// Only those of this day or earlier.
    #[param(example = "2024-12-31")]
    to: Option<Date>,
    /// Only those of this instrument.
    #[param(value_type = Option<String>, example = "AAPL")]
    symbol: Option<Symbol>,
    /// Only those of this kind.
    #[param(inline)]
    kind: Option<Kind>,
}

impl TransactionsQuery {
    fn takes_all(&self) -> bool {
        self.from.is_none() && self.to.is_none() && self.symbol.is_none() && self.kind.is_none()
    }

    fn takes(&self, entry: &Entry) -> bool {
        self.from.is_none_or(|from| entry.date >= from)
            && self.to.is_none_or(|to| entry.date <= to)
            && self.symbol.as_ref().is_none_or(|symbol| entry.action.symbol() == Some(symbol))
            && self.kind.is_none_or(|kind| entry.action.kind() == kind)
    }

    /// Tells this list from another of the same route.
    fn filter(&self) -> String {
        let Self { from, to, symbol, kind, .. } = self;
        if self.takes_all() { String::new() } else { format!("{from:?} {to:?} {symbol:?} {kind:?}") }
    }
}

/// List a portfolio's transactions
///
/// As they were recorded, the newest first, in pages. Reversals and what they reverse are all there.
#[utoipa::path(
    get,
    path = "/api/v1/portfolios/{id}/transactions",
    operation_id = "list_transactions",
    tag = super::TAG,
    security(("bearer" = ["portfolios:read"])),
    params(("id" = PortfolioId, Path, description = "The portfolio's id."), TransactionsQuery),
    responses(
        (status = 200, description = "One page of transactions.", body = Paged<TransactionView>),
        (status = 400, description = "The query can't be read, or the cursor is not one of this list."),
        (status = 422, description = "`from` is after `to`.")
    )
)]
pub(super) async fn list(
    tenant: Tenant<PortfoliosRead>,
    Path(id): Path<PortfolioId>,
    Query(query): Query<TransactionsQuery>,
) -> Result<Paged<TransactionView>, ApiError> {
    Window { from: query.from, to: query.to }.check()?;
    let limit = page::limit(query.limit)?;
    let after = tenant.open_cursor(&query.filter(), query.cursor.as_deref())?;
    let scope = tenant.store();
    let head = scope.get::<Portfolio>(&id).await?.entity.ledger.unwrap_or_default();
    let before = after.and_then(|position| position.0.parse().ok()).unwrap_or(u32::MAX).min(head.entries);
    let (mut taken, reversals) = take(&scope, (id, head), before, &query, limit + 1).await?;
    let more = taken.len() > limit;
    taken.truncate(limit);
    let next = taken.last().filter(|_| more).map(|last| Position(last.id.place().to_string()));
    Ok(Paged {
        data: taken.iter().map(|entry| TransactionView::new(entry, &reversals)).collect(),
        next_cursor: next.map(|position| tenant.seal_cursor(&query.filter(), &position)),
    })
}

/// So many entries before a place that the query takes, the newest first, and what reverses which. Where nothing was corrected,
/// no more of the ledger is read than it takes; a correction may come anywhere later.
async fn take(
    scope: &Scope,
    (id, head): (PortfolioId, LedgerHead),
    before: u32,
    query: &TransactionsQuery,
    count: usize,
) -> Result<(Vec<Entry>, BTreeMap<TransactionId, TransactionId>), StoreError> {
    if head.corrected {
        let mut entries = scope.ledger(id, head).await?;
        let reversals = reversals(&entries);
        entries.truncate(before as usize);
        let taken = entries.into_iter().rev().filter(|entry| query.takes(entry)).take(count);
        return Ok((taken.collect(), reversals));
    }
    let step = if query.takes_all() { count as u32 } else { STEP };
    let (mut taken, mut end) = (Vec::new(), before);
    while end > 0 && taken.len() < count {
        let start = end.saturating_sub(step);
        let part = scope.ledger_part(id, start..end).await?;
        taken.extend(part.into_iter().rev().filter(|entry| query.takes(entry)));
        end = start;
    }
    taken.truncate(count);
    Ok((taken, BTreeMap::new()))
}
