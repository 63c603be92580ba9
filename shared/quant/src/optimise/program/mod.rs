//! A convex conic program, built row by row and solved by Clarabel.

mod solve;

pub(crate) use solve::{Answer, Verdict};

use super::solution::Conflict;

/// `Σ coefficient · variable + constant`.
#[derive(Debug, Clone)]
pub(crate) struct Expression {
    pub(crate) terms: Vec<(usize, f64)>,
    pub(crate) constant: f64,
}

impl Expression {
    pub(crate) fn new(terms: Vec<(usize, f64)>, constant: f64) -> Self {
        Self { terms, constant }
    }
}

/// A cone in which a block of expressions has to be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Cone {
    /// The first is at least the Euclidean norm of the others.
    SecondOrder,
    /// `y exp(x / y) ≤ z` of the three.
    Exponential,
}

#[derive(Debug, Clone)]
struct Row {
    expression: Expression,
    source: Option<Conflict>,
}

/// `min Σ q x + Σ p x_i x_j` subject to rows and cones. A homogeneous program has one more variable κ by which every
/// constant is multiplied (Charnes & Cooper 1962), for objectives that are ratios.
#[derive(Debug, Clone)]
pub(crate) struct Program {
    variables: usize,
    homogeniser: Option<usize>,
    linear: Vec<(usize, f64)>,
    quadratic: Vec<(usize, usize, f64)>,
    equalities: Vec<Row>,
    inequalities: Vec<Row>,
    cones: Vec<(Cone, Vec<Row>)>,
}

impl Program {
    pub(crate) fn new(homogeneous: bool) -> Self {
        let mut program = Self {
            variables: usize::from(homogeneous),
            homogeniser: homogeneous.then_some(0),
            linear: Vec::new(),
            quadratic: Vec::new(),
            equalities: Vec::new(),
            inequalities: Vec::new(),
            cones: Vec::new(),
        };
        if homogeneous {
            program.inequalities.push(Row { expression: Expression::new(vec![(0, 1.0)], 0.0), source: None });
        }
        program
    }

    /// The variable κ of a homogeneous program.
    pub(crate) fn homogeniser(&self) -> Option<usize> {
        self.homogeniser
    }

    /// New variables, and the first one's index.
    pub(crate) fn variables(&mut self, count: usize) -> usize {
        self.variables += count;
        self.variables - count
    }

    /// Adds `Σ q x` to the objective.
    pub(crate) fn minimise_linear(&mut self, terms: impl IntoIterator<Item = (usize, f64)>) {
        self.linear.extend(terms);
    }

    /// Adds `Σ p x_i x_j` to the objective: each pair once, an off-diagonal one with both entries' sum.
    pub(crate) fn minimise_quadratic(&mut self, terms: impl IntoIterator<Item = (usize, usize, f64)>) {
        self.quadratic.extend(terms);
    }

    pub(crate) fn equal_zero(&mut self, expression: Expression, source: Option<Conflict>) {
        let expression = self.homogenised(expression);
        self.equalities.push(Row { expression, source });
    }

    pub(crate) fn at_least_zero(&mut self, expression: Expression, source: Option<Conflict>) {
        let expression = self.homogenised(expression);
        self.inequalities.push(Row { expression, source });
    }

    /// A row whose constant is not multiplied by κ.
    pub(crate) fn at_least_zero_as_is(&mut self, expression: Expression, source: Option<Conflict>) {
        self.inequalities.push(Row { expression, source });
    }

    pub(crate) fn in_cone(&mut self, cone: Cone, expressions: Vec<Expression>, source: Option<&Conflict>) {
        let rows = expressions
            .into_iter()
            .map(|expression| Row { expression: self.homogenised(expression), source: source.cloned() })
            .collect();
        self.cones.push((cone, rows));
    }

    /// `|x - reference|` as new variables, one for each; gives the first one's index.
    pub(crate) fn absolute(&mut self, first: usize, references: &[f64]) -> usize {
        let size = self.variables(references.len());
        for (i, reference) in references.iter().enumerate() {
            let (size, x) = (size + i, first + i);
            self.at_least_zero(Expression::new(vec![(size, 1.0), (x, -1.0)], *reference), None);
            self.at_least_zero(Expression::new(vec![(size, 1.0), (x, 1.0)], -reference), None);
        }
        size
    }

    fn homogenised(&self, mut expression: Expression) -> Expression {
        if let Some(homogeniser) = self.homogeniser
            && expression.constant != 0.0
        {
            expression.terms.push((homogeniser, expression.constant));
            expression.constant = 0.0;
        }
        expression
    }
}
