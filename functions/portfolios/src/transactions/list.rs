//! A portfolio's transactions.

use domain::{
    Invalid, PortfolioId,
    ledger::{Entry, Kind, LedgerHead, reversals},
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
    fn check(&self) -> Result<(), Invalid> {
        match (self.from, self.to) {
            (Some(from), Some(to)) if from > to => {
                Err(Invalid::field("from", format!("must not be after to ({to}), but is {from}")))
            }
            _ => Ok(()),
        }
    }

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
    query.check()?;
    let limit = page::limit(query.limit)?;
    let after = tenant.open_cursor(&query.filter(), query.cursor.as_deref())?;
    let scope = tenant.store();
    let head = scope.get::<Portfolio>(&id).await?.entity.ledger.unwrap_or_default();
    let before = after.and_then(|position| position.0.parse().ok()).unwrap_or(u32::MAX).min(head.entries);
    let entries = candidates(&scope, id, head, before, query.takes_all().then_some(limit)).await?;
    let reversals = reversals(&entries);
    let taken = entries.iter().rev().filter(|entry| entry.id.place() < before && query.takes(entry));
    let mut taken: Vec<_> = taken.take(limit + 1).collect();
    let more = taken.len() > limit;
    taken.truncate(limit);
    let next = taken.last().filter(|_| more).map(|last| Position(last.id.place().to_string()));
    Ok(Paged {
        data: taken.into_iter().map(|entry| TransactionView::new(entry, &reversals)).collect(),
        next_cursor: next.map(|position| tenant.seal_cursor(&query.filter(), &position)),
    })
}

/// All entries that may be on the page, and on which it depends what became of them.
async fn candidates(
    scope: &Scope,
    id: PortfolioId,
    head: LedgerHead,
    before: u32,
    unfiltered: Option<usize>,
) -> Result<Vec<Entry>, StoreError> {
    match unfiltered {
        Some(limit) if !head.corrected => {
            scope.ledger_part(id, before.saturating_sub(limit as u32 + 1)..before).await
        }
        _ => scope.ledger(id, head).await,
    }
}
