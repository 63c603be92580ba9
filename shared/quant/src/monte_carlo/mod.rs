//! Monte Carlo simulation of a portfolio with full path statistics: correlated geometric Brownian motion, a Student-t copula,
//! the historical and the stationary bootstrap, and historical simulation filtered by GARCH.
//!
//! A run is a pipeline that can be cut anywhere between blocks, and gives the same bits however it is cut:
//!
//! 1. [`Specification`]: all inputs. [`Specification::fit`] fits one of the models to a history.
//! 2. [`Simulation::prepare`] checks it and makes the model ready.
//! 3. [`Simulation::run`] simulates a range of blocks (see [`Simulation::shards`]) into a [`Partial`], in parallel.
//! 4. [`Simulation::reduce`] puts partial results together, in block order, into an [`Outcome`].

#![expect(
    clippy::inline_always,
    reason = "the kernel must be inlined whole into the function that pulp compiles for each instruction set"
)]

mod accumulator;
mod distribution;
mod dynamics;
mod elementary;
mod fingerprint;
pub(crate) mod generator;
mod histogram;
pub(crate) mod lanes;
mod matched;
mod merged;
mod model;
mod outcome;
mod partial;
mod process;
mod record;
mod replicates;
mod risk;
mod sampling;
mod simulation;
mod sobol;
mod specification;
mod step;
mod tile;

pub use dynamics::{
    CopulaFit, Dynamics, FittedModel, MAXIMUM_FITTED_DEGREES, MINIMUM_DEGREES, ModelChoice, Normal,
    fit_copula, optimal_block_length,
};
pub use matched::MOMENT_GROUP;
pub use model::MAXIMUM_FAN_DAYS;
pub use outcome::{
    Conventions, Drawdown, Fan, FanLine, Outcome, Percentile, ProfitHistogram, QuantileMethod, Risk,
    RiskErrors, Spread, Statistics, StatisticsErrors,
};
pub use partial::Partial;
pub use sampling::Sampling;
pub use simulation::Simulation;
pub use sobol::MAXIMUM_DIMENSIONS as MAXIMUM_SOBOL_DIMENSIONS;
pub use specification::{
    EXACT_QUANTILE_PATHS, MAXIMUM_PATHS, MAXIMUM_STEPS, MINIMUM_SOBOL_PATHS, Rebalance, Settings,
    Specification,
};
