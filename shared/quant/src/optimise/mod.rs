//! Portfolio optimisation: weights from expected returns, covariances and histories.
//!
//! [`optimise`] answers a whole request; the outcome is data. Weights are fractions of the portfolio's value and sum to
//! one. Problems with bounds per asset alone are solved exactly by the critical-line algorithm, all other convex problems
//! by Clarabel's interior-point method, risk parity by Newton's method.

pub mod black_litterman;
mod cluster;
mod constraints;
mod critical_line;
mod cvar_large;
mod cvar_parity;
mod diversification;
pub mod frontier;
mod herc;
mod hrp;
mod mean_risk;
mod naive;
mod nco;
mod problem;
mod program;
mod risk;
mod risk_parity;
mod solution;
pub mod unconstrained;
mod universe;

pub use cluster::{LeafOrder, Linkage};
pub use constraints::{Bound, Constraints, Costs, GroupLimits, Tracking, Turnover};
pub use frontier::{FrontierPoint, FrontierProblem, FrontierSolution, frontier};
pub use problem::{Method, Objective, ParityMeasure, Problem};
pub use risk::RiskMeasure;
pub use solution::{
    BlackLittermanFigures, Conflict, Conventions, Figures, Outcome, Repair, RiskFigure, Solution, Solver,
};

use crate::QuantError;
use universe::Universe;

/// Solves a portfolio problem.
///
/// An infeasible problem is no error: the solution's outcome says so and names the constraints that conflict.
///
/// # Errors
/// `Unsupported` for a cardinality limit, and for constraints or costs of a method that has none; `AssetsMismatch`,
/// `OutOfRange`, `NotFinite`, `NotSymmetric`, `NegativeVariance`, `Empty` for bad inputs; `Overflow` where no answer is a
/// number.
pub fn optimise(problem: &Problem) -> Result<Solution, QuantError> {
    let universe = Universe::prepare(problem)?;
    if !problem.method.takes_constraints() && !problem.constraints.are_default() {
        return Err(QuantError::Unsupported { what: "constraints and costs with this method" });
    }
    match &problem.method {
        Method::MeanVariance { objective } => mean_risk::solve(universe, *objective, RiskMeasure::Variance),
        Method::Semivariance { objective, benchmark } => {
            mean_risk::solve(universe, *objective, RiskMeasure::Semivariance { benchmark: *benchmark })
        }
        Method::Cvar { objective, confidence_level } => {
            mean_risk::solve(universe, *objective, RiskMeasure::Cvar { confidence_level: *confidence_level })
        }
        Method::Cdar { objective, confidence_level } => {
            mean_risk::solve(universe, *objective, RiskMeasure::Cdar { confidence_level: *confidence_level })
        }
        Method::Mad { objective } => mean_risk::solve(universe, *objective, RiskMeasure::Mad),
        Method::RiskParity { budgets, measure } => match measure {
            ParityMeasure::Volatility => risk_parity::solve(universe, budgets.as_deref()),
            ParityMeasure::Cvar { confidence_level } => {
                cvar_parity::solve(universe, budgets.as_deref(), *confidence_level)
            }
        },
        Method::MaxDiversification => diversification::solve(universe),
        Method::Hrp { linkage, leaf_order } => hrp::solve(universe, *linkage, *leaf_order),
        Method::Herc { linkage, leaf_order, clusters } => {
            herc::solve(universe, *linkage, *leaf_order, *clusters)
        }
        Method::Nco { linkage, clusters } => nco::solve(universe, *linkage, *clusters),
        Method::BlackLitterman { model, objective } => black_litterman::solve(universe, model, *objective),
        Method::EqualWeight => naive::equal_weight(universe),
        Method::InverseVolatility => naive::inverse_volatility(universe),
        Method::InverseVariance => naive::inverse_variance(universe),
    }
}
