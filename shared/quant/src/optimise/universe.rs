use super::{
    Problem, RiskMeasure,
    program::{Answer, Verdict},
    risk,
    solution::{Conflict, Conventions, Figures, Outcome, Repair, RiskFigure, Solution, Solver},
};
use crate::{
    Matrix, QuantError, Returns,
    estimate::linear::{cholesky, correlation, dot, eigen, recompose, times_held},
};

/// Eigenvalues of a correlation below this share of the largest are raised to it.
const FLOOR: f64 = 1e-10;

/// A problem's inputs, checked, estimated and repaired.
#[derive(Debug, Clone)]
pub(crate) struct Universe<'a> {
    pub(crate) problem: &'a Problem,
    pub(crate) mean: Vec<f64>,
    pub(crate) covariance: Matrix,
    pub(crate) lower: Vec<f64>,
    pub(crate) upper: Vec<f64>,
    pub(crate) repairs: Vec<Repair>,
}

impl<'a> Universe<'a> {
    pub(crate) fn prepare(problem: &'a Problem) -> Result<Self, QuantError> {
        let history = problem.returns.as_ref();
        let year = problem.periods_per_year;
        if !(year > 0.0 && year.is_finite()) {
            return Err(QuantError::OutOfRange { name: "periods_per_year", range: "above 0", value: year });
        }
        let rate = problem.risk_free_rate;
        if !rate.is_finite() {
            return Err(QuantError::OutOfRange { name: "risk_free_rate", range: "finite", value: rate });
        }
        let covariance = problem.covariance.estimate(history, year)?.matrix;
        let assets = covariance.rows();
        let expected = problem.expected_returns.estimate(history, year)?;
        let counts = [
            ("expected_returns", expected.values.len()),
            ("returns", history.map_or(assets, Returns::assets)),
        ];
        if let Some(&(what, found)) = counts.iter().find(|(_, found)| *found != assets) {
            return Err(QuantError::AssetsMismatch { what, found, expected: assets });
        }
        problem.constraints.check(assets)?;
        let (lower, upper) = problem.constraints.bounds(assets)?;
        let mut repairs = Vec::new();
        if expected.shrinkage_clipped {
            repairs.push(Repair::ShrinkageClipped);
        }
        let covariance = definite(covariance, &mut repairs)?;
        Ok(Self { problem, mean: expected.values, covariance, lower, upper, repairs })
    }

    pub(crate) fn assets(&self) -> usize {
        self.mean.len()
    }

    /// The history, for a method that needs one.
    pub(crate) fn history(&self) -> Result<&'a Returns, QuantError> {
        self.problem.returns.as_ref().ok_or(QuantError::Empty { what: "returns" })
    }

    /// Rows `R` with `Σ = Rᵀ R`, each as pairs of an asset and a value.
    pub(crate) fn root_rows(&self) -> Vec<Vec<(usize, f64)>> {
        let n = self.assets();
        let Some(factor) = cholesky(&self.covariance) else { return Vec::new() };
        let lower = factor.L();
        (0..n).map(|k| (k..n).map(|i| (i, lower[(i, k)])).collect()).collect()
    }

    /// The bounds that can't be met by weights that sum to 1.
    pub(crate) fn bound_conflicts(&self) -> Vec<Conflict> {
        let crossed = (0..self.assets()).filter(|&i| self.lower[i] > self.upper[i]);
        let mut conflicts: Vec<Conflict> = crossed
            .flat_map(|asset| [Conflict::MinimumWeight { asset }, Conflict::MaximumWeight { asset }])
            .collect();
        let assets = 0..self.assets();
        if self.lower.iter().sum::<f64>() > 1.0 + 1e-12 {
            conflicts.push(Conflict::Budget);
            let above = assets.clone().filter(|&i| self.lower[i] > 0.0);
            conflicts.extend(above.map(|asset| Conflict::MinimumWeight { asset }));
        }
        if self.upper.iter().sum::<f64>() < 1.0 - 1e-12 {
            conflicts.push(Conflict::Budget);
            conflicts.extend(assets.map(|asset| Conflict::MaximumWeight { asset }));
        }
        conflicts
    }

    /// The figures of weights.
    pub(crate) fn figures(
        &self,
        weights: &[f64],
        measure: Option<RiskMeasure>,
    ) -> Result<Figures, QuantError> {
        let product = times_held(&self.covariance, weights);
        let variance = dot(weights, &product);
        let (expected_return, volatility) = (dot(weights, &self.mean), variance.max(0.0).sqrt());
        let moves = volatility > 0.0;
        let singles: f64 = (0..self.assets()).map(|i| weights[i] * self.covariance[(i, i)].sqrt()).sum();
        let shares = || weights.iter().zip(&product).map(|(weight, part)| weight * part / variance).collect();
        let risk = match measure {
            None | Some(RiskMeasure::Variance) => None,
            Some(measure) => Some(RiskFigure {
                measure,
                value: risk::value(measure, self.history()?, weights, self.problem.periods_per_year)?,
            }),
        };
        Ok(Figures {
            expected_return,
            volatility,
            sharpe: moves.then(|| (expected_return - self.problem.risk_free_rate) / volatility),
            risk_contributions: moves.then(shares),
            diversification_ratio: moves.then(|| singles / volatility),
            risk,
        })
    }

    /// A solution with weights.
    pub(crate) fn solved(
        self,
        weights: Vec<f64>,
        outcome: Outcome,
        measure: Option<RiskMeasure>,
    ) -> Result<Solution, QuantError> {
        if weights.iter().any(|weight| !weight.is_finite()) {
            return Err(QuantError::Overflow { what: "a weight" });
        }
        let figures = Some(self.figures(&weights, measure)?);
        Ok(Solution { weights: Some(weights), figures, ..self.without_weights(outcome) })
    }

    /// A solution by a formula or an exact algorithm.
    pub(crate) fn exact(self, weights: Vec<f64>, solver: Solver) -> Result<Solution, QuantError> {
        self.solved(weights, Outcome::Solved { solver, iterations: 0 }, None)
    }

    pub(crate) fn infeasible(self, conflicts: Vec<Conflict>) -> Solution {
        self.without_weights(Outcome::Infeasible { conflicts })
    }

    /// A solution from a program's answer, whose weights are the variables from `first` on.
    pub(crate) fn answered(
        self,
        answer: Answer,
        first: usize,
        measure: RiskMeasure,
    ) -> Result<Solution, QuantError> {
        let (solver, iterations) = (Solver::Clarabel, answer.iterations);
        let outcome = match answer.verdict {
            Verdict::Solved => Outcome::Solved { solver, iterations },
            Verdict::SolvedInaccurately => Outcome::SolvedInaccurately { solver, iterations },
            Verdict::Infeasible(conflicts) => return Ok(self.infeasible(conflicts)),
            Verdict::IterationLimit => {
                return Ok(self.without_weights(Outcome::IterationLimit { iterations }));
            }
        };
        let weights = self.tidied(&answer.values[first..first + self.assets()]);
        self.solved(weights, outcome, Some(measure))
    }

    /// Weights of an interior-point method, put exactly within their bounds and onto their sum.
    pub(crate) fn tidied(&self, weights: &[f64]) -> Vec<f64> {
        let bounds = self.lower.iter().zip(&self.upper);
        let mut weights: Vec<f64> =
            weights.iter().zip(bounds).map(|(w, (low, high))| w.clamp(*low, high.max(*low))).collect();
        let missing = 1.0 - weights.iter().sum::<f64>();
        let room = |weights: &[f64], i: usize| {
            if missing > 0.0 { self.upper[i] - weights[i] } else { weights[i] - self.lower[i] }
        };
        let widest = (0..weights.len()).max_by(|&a, &b| room(&weights, a).total_cmp(&room(&weights, b)));
        if let Some(widest) = widest {
            weights[widest] += missing;
        }
        weights
    }

    fn without_weights(self, outcome: Outcome) -> Solution {
        Solution {
            outcome,
            weights: None,
            figures: None,
            clusters: None,
            leaf_order: None,
            black_litterman: None,
            repairs: self.repairs,
            conventions: Conventions::default(),
        }
    }
}

/// The covariance, made positive definite where it isn't.
fn definite(mut covariance: Matrix, repairs: &mut Vec<Repair>) -> Result<Matrix, QuantError> {
    check(&covariance)?;
    let n = covariance.rows();
    let mean_variance = (0..n).map(|i| covariance[(i, i)]).sum::<f64>() / n as f64;
    if mean_variance <= 0.0 {
        let range = "above 0 for at least one asset";
        return Err(QuantError::OutOfRange { name: "a variance", range, value: mean_variance });
    }
    for asset in 0..n {
        if covariance[(asset, asset)] <= 1e-12 * mean_variance {
            covariance[(asset, asset)] = 1e-12 * mean_variance;
            repairs.push(Repair::ConstantAsset { asset });
        }
    }
    let (correlation, deviations) = correlation(&covariance);
    if let Some(factor) = cholesky(&correlation) {
        let lower = factor.L();
        if (0..n).all(|i| lower[(i, i)] * lower[(i, i)] > FLOOR) {
            return Ok(covariance);
        }
    }
    let (mut values, vectors) = eigen(&correlation)?;
    let floor = FLOOR * values[n - 1];
    let (smallest, raised) = (values[0], values.iter().filter(|&&value| value < floor).count());
    for value in &mut values {
        *value = value.max(floor);
    }
    let mut repaired = recompose(&values, &vectors);
    let diagonal: Vec<f64> = (0..n).map(|i| repaired[(i, i)].sqrt()).collect();
    let mut largest_change = 0.0f64;
    for i in 0..n {
        for j in 0..n {
            let value = if i == j { 1.0 } else { repaired[(i, j)] / (diagonal[i] * diagonal[j]) };
            largest_change = largest_change.max((value - correlation[(i, j)]).abs());
            repaired[(i, j)] = value * deviations[i] * deviations[j];
        }
    }
    if raised > 0 {
        repairs.push(Repair::EigenvaluesRaised { raised, smallest, floor, largest_change });
    }
    Ok(repaired)
}

fn check(covariance: &Matrix) -> Result<(), QuantError> {
    let n = covariance.rows();
    if covariance.columns() != n {
        let (what, found) = ("the covariance", covariance.columns());
        return Err(QuantError::AssetsMismatch { what, found, expected: n });
    }
    for row in 0..n {
        if covariance[(row, row)] < 0.0 {
            return Err(QuantError::NegativeVariance { asset: row });
        }
        for column in 0..row {
            let scale = (covariance[(row, row)] * covariance[(column, column)]).sqrt();
            if (covariance[(row, column)] - covariance[(column, row)]).abs() > 1e-10 * scale {
                return Err(QuantError::NotSymmetric { row, column });
            }
        }
    }
    Ok(())
}
