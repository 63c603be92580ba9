//! The figures of reports, from the numerics that also answer the risk and portfolio tasks.

mod cover;
mod frontier;
mod history;
mod notes;
mod risk;
mod simulation;
mod stress;

use ::report::model::Basis;
use computations::report::{self, Input};
use domain::task::PayloadRef;

pub(crate) use cover::{cover, plain_cover, warnings};
pub(crate) use frontier::frontier;
pub(crate) use history::History;
pub(crate) use notes::notes;
pub(crate) use risk::Risk;
pub(crate) use simulation::simulation;
pub(crate) use stress::stress;

/// The trading days of a year.
pub(crate) const DAYS: f64 = 252.0;

/// What a report is about.
#[derive(Clone, Copy)]
pub(crate) struct Subject<'a> {
    pub of: &'a report::Subject,
    pub input: &'a Input,
    pub reference: &'a PayloadRef,
}

impl Subject<'_> {
    /// What the portfolio is worth.
    pub fn value(&self) -> f64 {
        rust_decimal::prelude::ToPrimitive::to_f64(&self.of.value).unwrap_or(0.0)
    }

    /// What that stands for.
    pub fn basis(&self) -> Basis {
        if self.is_by_weight() {
            Basis::Notional
        } else if self.of.cash.is_some() {
            Basis::Invested
        } else {
            Basis::Market
        }
    }

    /// Whether shares of a value are held, and no quantities.
    pub fn is_by_weight(&self) -> bool {
        self.of.holdings.iter().any(|holding| holding.quantity.is_none())
    }

    /// The assets' symbols.
    pub fn symbols(&self) -> Vec<String> {
        self.of.holdings.iter().map(|holding| holding.symbol.clone()).collect()
    }
}
