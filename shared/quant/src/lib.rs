//! Numerics of Ballast: pure functions over numbers, with no I/O, no clock and no global state.
//!
//! Rates, returns and weights are fractions (0.05 = 5 %), one step is one trading day, risk figures are positive when they
//! are losses. No NaN and no infinity comes in or out: a [`QuantError`] says what was wrong and where.
//!
//! ```
//! use quant::{Returns, Weights, monte_carlo::{Settings, Simulation, Specification}, var_cvar::var_cvar};
//!
//! let history = Returns::from_rows(&[[0.01, 0.02], [-0.02, 0.01], [0.015, -0.01], [0.0, 0.005]])?;
//! let weights = Weights::new(vec![0.6, 0.4])?;
//!
//! let risk = var_cvar(&history.portfolio(&weights)?, &[0.95, 0.99], &[1, 10])?;
//! assert!(risk.methods.historical[0].conditional_value_at_risk >= risk.methods.historical[0].value_at_risk);
//!
//! let settings = Settings { initial_value: 1e6, paths: 1000, steps: 21, seed: 7, ..Settings::default() };
//! let simulation = Simulation::prepare(Specification::from_simple_returns(&history, weights, settings)?)?;
//! let partials = simulation.shards(4).into_iter().map(|blocks| simulation.run(blocks)).collect::<Result<Vec<_>, _>>()?;
//! let outcome = simulation.reduce(partials)?;
//! assert_eq!(outcome, simulation.outcome()?);
//! # Ok::<(), quant::QuantError>(())
//! ```

pub mod backtest;
pub mod decomposition;
mod error;
pub mod estimate;
pub mod factor;
mod matrix;
pub mod moments;
pub mod monte_carlo;
pub mod normal;
pub mod optimise;
pub mod option;
pub mod performance;
mod rank;
pub mod rebalance;
mod returns;
mod root;
pub mod stress;
mod sum;
pub mod valuation;
pub mod var_cvar;
mod weights;

pub use error::QuantError;
pub use matrix::Matrix;
pub use returns::Returns;
pub use weights::{WEIGHT_SUM_TOLERANCE, Weights};
