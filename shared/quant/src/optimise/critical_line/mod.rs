//! The critical-line algorithm: the whole mean-variance frontier under bounds, exactly.

mod free;
mod point;
mod trace;

pub(crate) use point::Corner;
pub(crate) use trace::trace;

/// All corner portfolios of a frontier, from the maximum-return portfolio (the largest λ) to the minimum-variance
/// portfolio (λ = 0). Between two neighbours the weights are linear in λ.
#[derive(Debug, Clone)]
pub(crate) struct CriticalLine {
    pub(crate) corners: Vec<Corner>,
}
