use clarabel::{
    algebra::CscMatrix,
    solver::{DefaultSettingsBuilder, DefaultSolver, IPSolver, SolverStatus, SupportedConeT},
};

use super::{Cone, Program, Row};
use crate::{QuantError, optimise::solution::Conflict};

/// How the solver ended.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Verdict {
    Solved,
    SolvedInaccurately,
    Infeasible(Vec<Conflict>),
    IterationLimit,
}

/// What the solver found.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) verdict: Verdict,
    /// The variables, divided by κ in a homogeneous program.
    pub(crate) values: Vec<f64>,
    /// One a row: equalities, inequalities, cones.
    pub(crate) multipliers: Vec<f64>,
    pub(crate) iterations: u32,
}

impl Program {
    /// Solves the program with Clarabel's interior-point method (Goulart & Chen 2024).
    pub(crate) fn solve(&self) -> Result<Answer, QuantError> {
        let failed = |_| QuantError::Overflow { what: "the optimisation's data" };
        let settings = DefaultSettingsBuilder::default()
            .verbose(false)
            .max_iter(200)
            .tol_gap_abs(1e-11)
            .tol_gap_rel(1e-10)
            .tol_feas(1e-10)
            .reduced_tol_gap_abs(1e-8)
            .reduced_tol_gap_rel(1e-8)
            .reduced_tol_feas(1e-8)
            .max_threads(1)
            .build()
            .map_err(|_| QuantError::Overflow { what: "the solver's settings" })?;
        let rows = self.rows();
        let constants: Vec<f64> = rows.iter().map(|row| row.expression.constant).collect();
        let mut linear = vec![0.0; self.variables];
        for &(variable, coefficient) in &self.linear {
            linear[variable] += coefficient;
        }
        let (quadratic, matrix) = (self.quadratic_matrix(), self.row_matrix(&rows));
        let mut solver =
            DefaultSolver::new(&quadratic, &linear, &matrix, &constants, &self.cone_list(), settings)
                .map_err(failed)?;
        solver.solve();
        let solution = &solver.solution;
        let verdict = match solution.status {
            // "Almost" is Clarabel's own default accuracy of 1e-8 here; more is asked for first.
            SolverStatus::Solved | SolverStatus::AlmostSolved => Verdict::Solved,
            SolverStatus::InsufficientProgress
                if solution.r_prim < 1e-6
                    && solution.r_dual < 1e-6
                    && (solution.obj_val - solution.obj_val_dual).abs()
                        < 1e-6 * (1.0 + solution.obj_val.abs()) =>
            {
                Verdict::SolvedInaccurately
            }
            SolverStatus::PrimalInfeasible | SolverStatus::AlmostPrimalInfeasible => {
                Verdict::Infeasible(conflicts(&rows, &solution.z))
            }
            _ => Verdict::IterationLimit,
        };
        let mut values = solution.x.clone();
        let solved = matches!(verdict, Verdict::Solved | Verdict::SolvedInaccurately);
        if let (Some(homogeniser), true) = (self.homogeniser, solved) {
            let scale = values[homogeniser];
            for value in &mut values {
                *value /= scale;
            }
        }
        if solved && values.iter().any(|value| !value.is_finite()) {
            return Err(QuantError::Overflow { what: "a weight" });
        }
        Ok(Answer { verdict, values, multipliers: solution.z.clone(), iterations: solution.iterations })
    }

    fn rows(&self) -> Vec<&Row> {
        let cones = self.cones.iter().flat_map(|(_, rows)| rows);
        self.equalities.iter().chain(&self.inequalities).chain(cones).collect()
    }

    fn cone_list(&self) -> Vec<SupportedConeT<f64>> {
        let mut cones = vec![
            SupportedConeT::ZeroConeT(self.equalities.len()),
            SupportedConeT::NonnegativeConeT(self.inequalities.len()),
        ];
        cones.extend(self.cones.iter().map(|(cone, rows)| match cone {
            Cone::SecondOrder => SupportedConeT::SecondOrderConeT(rows.len()),
            Cone::Exponential => SupportedConeT::ExponentialConeT(),
        }));
        cones
    }

    fn row_matrix(&self, rows: &[&Row]) -> CscMatrix<f64> {
        let (mut at, mut columns, mut values) = (Vec::new(), Vec::new(), Vec::new());
        for (index, row) in rows.iter().enumerate() {
            for &(variable, coefficient) in row.expression.terms.iter().filter(|term| term.1 != 0.0) {
                at.push(index);
                columns.push(variable);
                values.push(-coefficient);
            }
        }
        CscMatrix::new_from_triplets(rows.len(), self.variables, at, columns, values)
    }

    fn quadratic_matrix(&self) -> CscMatrix<f64> {
        let (mut rows, mut columns, mut values) = (Vec::new(), Vec::new(), Vec::new());
        for &(i, j, value) in &self.quadratic {
            rows.push(i.min(j));
            columns.push(i.max(j));
            values.push(if i == j { 2.0 * value } else { value });
        }
        CscMatrix::new_from_triplets(self.variables, self.variables, rows, columns, values)
    }
}

/// The named constraints with weight in the certificate of infeasibility (Farkas): together they can't be met.
fn conflicts(rows: &[&Row], certificate: &[f64]) -> Vec<Conflict> {
    let largest = certificate.iter().fold(0.0f64, |most, value| most.max(value.abs()));
    let mut found: Vec<Conflict> = Vec::new();
    for (row, value) in rows.iter().zip(certificate) {
        if let Some(source) = &row.source
            && value.abs() > 1e-6 * largest
            && !found.contains(source)
        {
            found.push(source.clone());
        }
    }
    found
}
