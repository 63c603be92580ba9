//! The upkeep of tenants' prices.
//!
//! A tenant's turn is an item that the index of what is due finds, so that nobody has to list the tenants. It is worked off a
//! few symbols at a time, and written after each few: a round goes on where it was left, whoever takes it up, and two never
//! work at the same one, as each write needs the version of the one before.

use std::{collections::BTreeSet, time::Duration};

use domain::{
    audit::{Action, Actor, AuditEvent, AuditKeys},
    market_data::{Failure, INTERVAL, PriceUpdate, Round},
    portfolio::Portfolio,
    price::{Close, PriceSeries},
    symbol::Symbol,
};
use futures::future::join_all;
use jiff::{SignedDuration, ToSpan, tz::TimeZone};
use platform::{Clock, IdSource};
use store::{Listing, Order, Scope, Store, StoreError, Stored};
use tokio::time::{Instant, timeout};

use super::{Closes, MarketData, SourceError};
use crate::tenant::Indexed;

/// The most tenants of one call; the rest is due in the next.
const TENANTS: i32 = 20;
/// How many symbols are asked for at once.
const AT_ONCE: usize = 10;
/// How long a call goes on with further symbols.
const BUDGET: Duration = Duration::from_secs(25);
/// How long a symbol may take, with all attempts.
const LIMIT: Duration = Duration::from_secs(20);
/// For how long a tenant is one call's: more than the function has.
const LEASE: SignedDuration = SignedDuration::from_mins(2);
/// How many days of what is known are asked for again, as vendors correct their closes.
const OVERLAP: i64 = 7;

/// What the upkeep works with.
pub(crate) struct Updates<'a> {
    pub(crate) store: &'a Store,
    pub(crate) audit_keys: &'a AuditKeys,
    pub(crate) source: &'a dyn MarketData,
    pub(crate) clock: &'a Clock,
    pub(crate) ids: &'a IdSource,
}

impl Updates<'_> {
    /// Goes on with the tenants whose turn it is, as far as a call's time reaches.
    pub(crate) async fn run(&self) -> Result<(), StoreError> {
        let end = Instant::now() + BUDGET;
        for (tenant, due) in self.store.due::<PriceUpdate>(self.clock.now(), TENANTS).await? {
            if Instant::now() >= end {
                break;
            }
            let scope = self.store.tenant(&Indexed::by_the_store(tenant));
            match self.update(&scope, due, end).await {
                // Another call has it.
                Ok(()) | Err(StoreError::VersionMismatch(_) | StoreError::NotFound) => {}
                // It is due again when its lease has ended, and the others' turn comes.
                Err(error) => tracing::error!(%tenant, %error, "a tenant's prices could not be updated"),
            }
        }
        Ok(())
    }

    async fn update(&self, scope: &Scope, due: Stored<PriceUpdate>, end: Instant) -> Result<(), StoreError> {
        let mut update = self.keep(scope, due, None).await?;
        let first = update.entity.next_first.as_ref();
        let mut round = match update.entity.round.clone() {
            Some(round) => round,
            None => Round::new(self.source.name(), symbols(scope).await?, first, self.clock.now()),
        };
        while !round.waiting.is_empty() {
            if Instant::now() >= end {
                let now = self.clock.now();
                scope.replace(update.map(|update| PriceUpdate { due_at: now, ..update })).await?;
                return Ok(());
            }
            let symbols = round.next(AT_ONCE);
            let outcomes = join_all(symbols.iter().map(|symbol| self.update_symbol(scope, symbol))).await;
            for (symbol, outcome) in symbols.into_iter().zip(outcomes) {
                round.settle(symbol, outcome?);
            }
            update = self.keep(scope, update, Some(round.clone())).await?;
        }
        self.finish(scope, update, round).await
    }

    /// Writes how far the round has come, and that it is still this call's.
    async fn keep(
        &self,
        scope: &Scope,
        update: Stored<PriceUpdate>,
        round: Option<Round>,
    ) -> Result<Stored<PriceUpdate>, StoreError> {
        let due_at = self.clock.now() + LEASE;
        let kept = update.map(|update| PriceUpdate { due_at, round: round.or(update.round), ..update });
        scope.replace(kept).await
    }

    /// Reports, and has those asked for again in a while that the source did not answer for.
    async fn finish(
        &self,
        scope: &Scope,
        update: Stored<PriceUpdate>,
        round: Round,
    ) -> Result<(), StoreError> {
        let now = self.clock.now();
        let (next_first, mut report) = (round.next_first.clone(), round.report.clone());
        report.finished_at = now;
        tracing::info!(symbols = report.symbols, failed = report.failed, "prices were updated");
        let (round, due_at) = match round.next_pass() {
            Some((next, pause)) => (Some(next), now + pause),
            None => (None, report.started_at + INTERVAL),
        };
        scope
            .replace(update.map(|_| PriceUpdate { due_at, round, report: Some(report), next_first }))
            .await?;
        Ok(())
    }

    /// Adds the new closes of a symbol to what is there, and tells how many rows were left out. The inner result is the symbol's
    /// own.
    async fn update_symbol(
        &self,
        scope: &Scope,
        symbol: &Symbol,
    ) -> Result<Result<usize, Failure>, StoreError> {
        match self.try_update_symbol(scope, symbol).await {
            Ok(future_rows) => Ok(Ok(future_rows)),
            Err(Failed::Symbol(failure)) => Ok(Err(failure)),
            Err(Failed::Store(StoreError::Contended)) => {
                Ok(Err(Failure::passing("others kept changing its closes")))
            }
            Err(Failed::Store(error @ (StoreError::Corrupt(_) | StoreError::TooLarge))) => {
                tracing::error!(%symbol, %error, "a price series could not be updated");
                Ok(Err(Failure::lasting("its stored closes can't be read or added to")))
            }
            Err(Failed::Store(error)) => Err(error),
        }
    }

    async fn try_update_symbol(&self, scope: &Scope, symbol: &Symbol) -> Result<usize, Failed> {
        let known = scope.find::<PriceSeries>(symbol).await?.map(|known| known.entity);
        let known = known.as_ref().map(PriceSeries::closes).unwrap_or_default();
        let today = self.clock.now().to_zoned(TimeZone::UTC).date();
        let from = known.last().and_then(|last| last.date.min(today).checked_sub(OVERLAP.days()).ok());
        let asked = timeout(LIMIT, self.source.closes(symbol, from)).await;
        let asked = asked.unwrap_or_else(|_| Err(SourceError::unavailable("it took too long")));
        let Closes { closes, future_rows } = asked.map_err(Failure::from)?;
        let new = news(closes, known);
        if new.is_empty() {
            return Ok(future_rows);
        }
        let series = PriceSeries::parse(symbol.clone(), new);
        let series = series.map_err(|row| Failure::from(SourceError::Unusable(row.to_string())))?;
        let merge = |old: PriceSeries, new: &PriceSeries| {
            old.merge(new.clone()).map_err(|row| Failed::Symbol(Failure::lasting(row.to_string())))
        };
        let event = AuditEvent::new(Action::PricesUpdated, Actor::System);
        scope.audited(self.audit_keys, event).merge(&[series], merge, self.ids).await?;
        Ok(future_rows)
    }
}

/// Why a symbol was not updated.
enum Failed {
    /// A reason of its own, whatever becomes of the others.
    Symbol(Failure),
    /// The store did not do its part.
    Store(StoreError),
}

impl From<Failure> for Failed {
    fn from(failure: Failure) -> Self {
        Self::Symbol(failure)
    }
}

impl From<StoreError> for Failed {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// The closes that say something new.
fn news(mut closes: Vec<Close>, known: &[Close]) -> Vec<Close> {
    closes.retain(|close| {
        let place = known.binary_search_by_key(&close.date, |known| known.date);
        place.ok().and_then(|place| known.get(place)) != Some(close)
    });
    closes
}

/// The symbols that a tenant's portfolios hold.
async fn symbols(scope: &Scope) -> Result<BTreeSet<Symbol>, StoreError> {
    const PAGE: usize = 100;
    let (mut symbols, mut after) = (BTreeSet::new(), None);
    loop {
        let listing =
            Listing { limit: PAGE, order: Order::Ascending, after, filters: Vec::new(), group: None };
        let page = scope.list::<Portfolio>(listing).await?;
        let holdings = page.items.iter().flat_map(|portfolio| portfolio.entity.holdings.as_slice());
        symbols.extend(holdings.map(|holding| holding.symbol.clone()));
        after = page.next;
        if after.is_none() {
            return Ok(symbols);
        }
    }
}
