//! The upkeep of a tenant's prices: when they are next asked for, how far it has come, and how it went.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{Entity, IndexEntry, symbol::Symbol};

/// How long after a round the next one begins.
pub const INTERVAL: SignedDuration = SignedDuration::from_hours(24);
/// The most symbols of one round.
pub const MAXIMUM_SYMBOLS: usize = 2_000;
/// The most failures that are told of one by one.
pub const MAXIMUM_FAILURES: usize = 500;

/// A tenant's turn to have its prices updated. It exists as soon as the tenant has had a portfolio.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PriceUpdate {
    /// When maintenance has to look at it.
    pub due_at: Timestamp,
    /// The round that is under way.
    pub round: Option<Round>,
    /// How the last one went.
    pub report: Option<UpdateReport>,
    /// The symbol that the next round begins with, where the last one had to leave some out.
    pub next_first: Option<Symbol>,
}

/// A round under way: it is worked off a few symbols at a time, and goes on where it was left.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Round {
    /// The symbols yet to be asked for.
    pub waiting: BTreeSet<Symbol>,
    /// What has become of the others.
    pub report: UpdateReport,
    /// The symbol that the round after it begins with.
    pub next_first: Option<Symbol>,
}

/// How a round went.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct UpdateReport {
    /// Where the closes come from.
    #[schema(example = "https://data.example.com")]
    pub source: String,
    /// When the round began.
    pub started_at: Timestamp,
    /// When it had asked for all symbols.
    pub finished_at: Timestamp,
    /// How many symbols were asked for.
    #[schema(example = 12)]
    pub symbols: usize,
    /// How many were answered with closes.
    #[schema(example = 11)]
    pub updated: usize,
    /// How many could not be updated.
    #[schema(example = 1)]
    pub failed: usize,
    /// How many were left out, as the portfolios hold more than 2,000.
    #[schema(example = 0)]
    pub left_out: usize,
    /// Which could not be updated, and why; at most 500.
    pub failures: Vec<UpdateFailure>,
}

/// A symbol that could not be updated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct UpdateFailure {
    /// The symbol.
    pub symbol: Symbol,
    /// Why.
    #[schema(example = "the source has no closes of this symbol")]
    pub reason: String,
}

impl PriceUpdate {
    /// The only key there is: a tenant has one.
    pub const KEY: &'static str = "PRICES";

    /// A tenant's first turn.
    pub fn new(now: Timestamp) -> Self {
        Self { due_at: now, round: None, report: None, next_first: None }
    }
}

impl Entity for PriceUpdate {
    const KIND: &'static str = "UPDATE";
    type Key = str;

    fn key(&self) -> String {
        Self::KEY.to_owned()
    }

    fn index_entries(&self) -> Vec<IndexEntry> {
        vec![IndexEntry::Due(self.due_at)]
    }
}

impl Round {
    /// A round over these symbols: so many of them as one may have, from `first` on and then from the beginning.
    pub fn new(source: String, symbols: BTreeSet<Symbol>, first: Option<&Symbol>, now: Timestamp) -> Self {
        let all = symbols.len();
        let (before, from) = symbols.into_iter().partition::<Vec<_>, _>(|symbol| Some(symbol) < first);
        let mut turn = from.into_iter().chain(before);
        let symbols: BTreeSet<Symbol> = turn.by_ref().take(MAXIMUM_SYMBOLS).collect();
        let next_first = turn.next();
        let report = UpdateReport {
            source,
            started_at: now,
            finished_at: now,
            symbols: symbols.len(),
            updated: 0,
            failed: 0,
            left_out: all - symbols.len(),
            failures: Vec::new(),
        };
        Self { waiting: symbols, report, next_first }
    }

    /// The next symbols to ask for.
    pub fn next(&self, count: usize) -> Vec<Symbol> {
        self.waiting.iter().take(count).cloned().collect()
    }

    /// A symbol was updated, or could not be.
    pub fn settle(&mut self, symbol: Symbol, outcome: Result<(), String>) {
        self.waiting.remove(&symbol);
        match outcome {
            Ok(()) => self.report.updated += 1,
            Err(reason) => {
                self.report.failed += 1;
                if self.report.failures.len() < MAXIMUM_FAILURES {
                    self.report.failures.push(UpdateFailure { symbol, reason });
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round(first: Option<&Symbol>) -> Round {
        let symbols = (0..MAXIMUM_SYMBOLS + 3).map(|n| format!("S{n:05}").parse().unwrap()).collect();
        Round::new("test".to_owned(), symbols, first, Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn what_one_round_leaves_out_comes_first_in_the_next() {
        let symbol = |n: usize| format!("S{n:05}").parse::<Symbol>().unwrap();
        let first = round(None);
        assert_eq!(first.next_first, Some(symbol(MAXIMUM_SYMBOLS)));
        let second = round(first.next_first.as_ref());
        assert_eq!(second.next_first, Some(symbol(MAXIMUM_SYMBOLS - 3)));
        for n in [0, MAXIMUM_SYMBOLS, MAXIMUM_SYMBOLS + 2] {
            assert!(second.waiting.contains(&symbol(n)), "{n}");
        }
        assert_eq!(second.waiting.len(), MAXIMUM_SYMBOLS);
    }

    #[test]
    fn a_round_ends_when_every_symbol_is_settled() {
        let mut round = round(None);
        while let Some(symbol) = round.next(1).pop() {
            round.settle(symbol, Err("no".to_owned()));
        }
        let UpdateReport { symbols, failed, left_out, failures, .. } = round.report;
        assert_eq!(
            (symbols, failed, left_out, failures.len()),
            (MAXIMUM_SYMBOLS, MAXIMUM_SYMBOLS, 3, MAXIMUM_FAILURES)
        );
    }
}
