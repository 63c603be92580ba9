//! The upkeep of a tenant's prices: when they are next asked for, how far it has come, and how it went.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{Entity, IndexEntry, symbol::Symbol};

/// How long after a round the next one begins.
pub const INTERVAL: SignedDuration = SignedDuration::from_hours(24);
/// How long after each pass of a round those symbols are asked for again that the source did not answer for.
pub const PAUSES: [SignedDuration; 2] = [SignedDuration::from_mins(15), SignedDuration::from_hours(1)];
/// The longest that a source may have such a pass wait.
pub const MAXIMUM_PAUSE: SignedDuration = SignedDuration::from_hours(6);
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
    /// Those of the others that may be answered in a later pass.
    #[serde(default)]
    pub again: BTreeSet<Symbol>,
    /// How long the source has such a pass wait.
    #[serde(default)]
    pub wait: SignedDuration,
    /// How many passes there were before this one.
    #[serde(default)]
    pub passes: usize,
}

/// Why a symbol could not be updated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Why.
    pub reason: String,
    /// After how long it is worth another try at the earliest, if it is.
    pub retry: Option<SignedDuration>,
}

impl Failure {
    /// One that another try would not change.
    pub fn lasting(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), retry: None }
    }

    /// One that may be over soon.
    pub fn passing(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), retry: Some(SignedDuration::ZERO) }
    }
}

/// How a round went.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct UpdateReport {
    /// Where the closes come from.
    #[schema(example = "https://data.example.com")]
    pub source: String,
    /// When the round began.
    pub started_at: Timestamp,
    /// When it had last asked for all symbols.
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
    /// How many rows were left out, as they are of days to come.
    #[schema(example = 0, required = true)]
    #[serde(default)]
    pub future_rows: usize,
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
            future_rows: 0,
            failures: Vec::new(),
        };
        let (again, wait) = (BTreeSet::new(), SignedDuration::ZERO);
        Self { waiting: symbols, report, next_first, again, wait, passes: 0 }
    }

    /// The next pass, over the symbols that may be answered then, and how long it has to wait; none after the last.
    #[must_use]
    pub fn next_pass(&self) -> Option<(Self, SignedDuration)> {
        let pause = PAUSES.get(self.passes).filter(|_| !self.again.is_empty())?;
        let mut report = self.report.clone();
        report.failed -= self.again.len();
        report.failures.retain(|failure| !self.again.contains(&failure.symbol));
        let next = Self {
            waiting: self.again.clone(),
            report,
            next_first: self.next_first.clone(),
            again: BTreeSet::new(),
            wait: SignedDuration::ZERO,
            passes: self.passes + 1,
        };
        Some((next, self.wait.clamp(*pause, MAXIMUM_PAUSE)))
    }

    /// The next symbols to ask for.
    pub fn next(&self, count: usize) -> Vec<Symbol> {
        self.waiting.iter().take(count).cloned().collect()
    }

    /// A symbol was updated, without rows of days to come, or could not be.
    pub fn settle(&mut self, symbol: Symbol, outcome: Result<usize, Failure>) {
        self.waiting.remove(&symbol);
        match outcome {
            Ok(future_rows) => {
                self.report.updated += 1;
                self.report.future_rows += future_rows;
            }
            Err(Failure { reason, retry }) => {
                if let Some(wait) = retry {
                    self.again.insert(symbol.clone());
                    self.wait = self.wait.max(wait);
                }
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
            round.settle(symbol, Err(Failure::lasting("no")));
        }
        let UpdateReport { symbols, failed, left_out, failures, .. } = round.report;
        assert_eq!(
            (symbols, failed, left_out, failures.len()),
            (MAXIMUM_SYMBOLS, MAXIMUM_SYMBOLS, 3, MAXIMUM_FAILURES)
        );
    }

    #[test]
    fn what_is_not_answered_is_asked_for_again_and_then_no_more() {
        let symbols = ["A", "B", "C", "D"].map(|symbol| symbol.parse::<Symbol>().unwrap());
        let mut round = Round::new("test".to_owned(), symbols.clone().into(), None, Timestamp::UNIX_EPOCH);
        let [a, b, c, d] = symbols;
        round.settle(a, Ok(1));
        round.settle(b.clone(), Err(Failure::lasting("no")));
        round.settle(c.clone(), Err(Failure::passing("busy")));
        let hours = SignedDuration::from_hours;
        let slow = Failure { retry: Some(hours(3)), ..Failure::passing("slow") };
        round.settle(d.clone(), Err(slow));
        assert_eq!(round.report.failed, 3);
        let (mut second, pause) = round.next_pass().unwrap();
        assert_eq!((pause, &second.waiting), (hours(3), &BTreeSet::from([c.clone(), d.clone()])));
        second.settle(c, Ok(2));
        second.settle(d.clone(), Err(Failure { retry: Some(hours(99)), ..Failure::passing("slow") }));
        let counts = |round: &Round| (round.report.updated, round.report.failed, round.report.future_rows);
        assert_eq!(counts(&second), (2, 2, 3));
        let (mut third, pause) = second.next_pass().unwrap();
        assert_eq!((pause, counts(&third)), (MAXIMUM_PAUSE, (2, 1, 3)));
        third.settle(d, Err(Failure::passing("slow")));
        assert_eq!((third.next_pass(), counts(&third)), (None, (2, 2, 3)));
        let reasons = third.report.failures.iter().map(|failure| &*failure.reason);
        assert_eq!(reasons.collect::<Vec<_>>(), ["no", "slow"]);
        assert_eq!(third.report.failures[0].symbol, b);
    }
}
