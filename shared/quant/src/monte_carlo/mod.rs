//! Monte Carlo simulation of a portfolio: correlated geometric Brownian motion with full path statistics.
//!
//! A run is a pipeline that can be cut anywhere between blocks, and gives the same bits however it is cut:
//!
//! 1. [`Specification`]: all inputs. [`Specification::from_simple_returns`] estimates drift and covariance.
//! 2. [`Simulation::prepare`] checks it and factors the covariance.
//! 3. [`Simulation::run`] simulates a range of blocks (see [`Simulation::shards`]) into a [`Partial`], in parallel.
//! 4. [`Simulation::reduce`] puts partial results together, in block order, into an [`Outcome`].

#![expect(
    clippy::inline_always,
    reason = "the kernel must be inlined whole into the function that pulp compiles for each instruction set"
)]

mod accumulator;
mod distribution;
mod elementary;
pub(crate) mod generator;
mod histogram;
pub(crate) mod lanes;
mod merged;
mod model;
mod outcome;
mod partial;
mod record;
mod simulation;
mod specification;
mod tile;

pub use model::MAXIMUM_FAN_DAYS;
pub use outcome::{
    Conventions, Drawdown, Fan, FanLine, Outcome, Percentile, ProfitHistogram, QuantileMethod, Risk,
    RiskErrors, Spread, Statistics, StatisticsErrors,
};
pub use partial::Partial;
pub use simulation::Simulation;
pub use specification::{
    EXACT_QUANTILE_PATHS, MAXIMUM_PATHS, MAXIMUM_STEPS, Rebalance, Settings, Specification,
};
