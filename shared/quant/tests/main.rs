//! Numerics against reference values and properties: one program, so that everything is linked once.
#![expect(clippy::panic, clippy::unwrap_used, reason = "these are tests, with their helpers")]

mod allocation_oracle;
mod backtest_oracle;
mod cvar_large;
mod decomposition_oracle;
mod decomposition_properties;
mod estimate_oracle;
mod moments_oracle;
mod monte_carlo_bits;
mod monte_carlo_edges;
mod monte_carlo_models;
mod monte_carlo_oracle;
mod monte_carlo_sampling;
mod optimise_oracle;
mod optimise_properties;
mod oracle_coverage;
mod performance_oracle;
mod performance_properties;
mod rebalance_oracle;
mod rebalance_properties;
mod report_properties;
mod stress_oracle;
mod stress_properties;
mod support;
mod valuation_oracle;
mod valuation_properties;
mod valuation_simulation;
mod var_cvar_oracle;
mod var_cvar_properties;
mod var_cvar_variants;
