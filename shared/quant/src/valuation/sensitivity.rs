use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Assumptions,
    bridge::{equity, per_share},
    projection::{Discounting, OperatingYear, discount},
    terminal::{exit, gordon},
};
use crate::QuantError;

/// The most values along one side of a grid.
pub const MAXIMUM_AXIS: usize = 21;

/// The values along the sides of the grids.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Axes {
    /// Costs of capital.
    pub wacc: Vec<f64>,
    /// Growth rates of the perpetuity.
    pub terminal_growth: Vec<f64>,
    /// Exit multiples; not used without an assumed one.
    pub exit_multiple: Vec<f64>,
}

impl Axes {
    /// Five values each around the assumptions, which are in the middle: WACC and growth in steps of half a percentage point,
    /// multiples in steps of 1, or of a quarter of those below 4, so that all of them are positive.
    pub fn around(assumptions: &Assumptions) -> Self {
        let steps = |middle: f64, step: f64| (-2..=2).map(|k| f64::from(k).mul_add(step, middle)).collect();
        Self {
            wacc: steps(assumptions.wacc, 0.005),
            terminal_growth: steps(assumptions.terminal_growth, 0.005),
            exit_multiple: assumptions
                .exit_multiple
                .map(|multiple| steps(multiple, (0.25 * multiple).min(1.0)))
                .unwrap_or_default(),
        }
    }

    pub(super) fn check(&self) -> Result<(), QuantError> {
        let axes = [
            ("wacc", &self.wacc),
            ("terminal_growth", &self.terminal_growth),
            ("exit_multiple", &self.exit_multiple),
        ];
        for (name, axis) in axes {
            if axis.len() > MAXIMUM_AXIS {
                return Err(QuantError::OutOfRange {
                    name,
                    range: "at most 21 values",
                    value: axis.len() as f64,
                });
            }
            if let Some(column) = axis.iter().position(|value| !value.is_finite()) {
                return Err(QuantError::NotFinite { what: name, row: 0, column });
            }
        }
        Ok(())
    }
}

/// The value for other costs of capital, growth rates and multiples, all else being as assumed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Sensitivity {
    /// With a growing perpetuity: rows by WACC, columns by its growth. The explicit years' growth stays.
    pub wacc_by_growth: Grid,
    /// With an exit multiple: rows by WACC, columns by the multiple; null when no multiple is assumed.
    pub wacc_by_multiple: Option<Grid>,
}

/// Values over two assumptions. A cell is null where there is no value: growth at or above the WACC, or a WACC or multiple that
/// is not positive.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = SensitivityGrid)]
pub struct Grid {
    /// The costs of capital, one a row.
    pub wacc: Vec<f64>,
    /// The growth rates or multiples, one a column.
    pub columns: Vec<f64>,
    /// The enterprise value, row by row.
    pub enterprise_value: Vec<Vec<Option<f64>>>,
    /// The value a share, row by row.
    pub value_per_share: Vec<Vec<Option<f64>>>,
}

pub(super) fn sensitivity(assumptions: &Assumptions, flows: &[OperatingYear], axes: &Axes) -> Sensitivity {
    let last = flows.last().copied().unwrap_or_default();
    let grid = |columns: &[f64], value: &dyn Fn(f64, f64) -> Option<f64>| {
        let row =
            |wacc: &f64| -> Vec<Option<f64>> { columns.iter().map(|&column| value(*wacc, column)).collect() };
        let enterprise_value: Vec<_> = axes.wacc.iter().map(row).collect();
        let share = |value: &Option<f64>| {
            value.map(|value| per_share(equity(value, &assumptions.claims), &assumptions.claims))
        };
        Grid {
            wacc: axes.wacc.clone(),
            columns: columns.to_vec(),
            value_per_share: enterprise_value.iter().map(|row| row.iter().map(share).collect()).collect(),
            enterprise_value,
        }
    };
    let discounted = |wacc: f64| {
        let discounting = Discounting::new(wacc, assumptions.mid_year);
        (discounting, discount(discounting, flows.iter().map(|flow| flow.free_cash_flow)))
    };
    let by_growth = |wacc: f64, growth: f64| {
        let (_, discounted) = discounted(wacc);
        let defined = wacc > 0.0 && wacc > growth && growth > -1.0;
        let total = || discounted.present_value + gordon(&last, discounted, wacc, growth).present_value;
        defined.then(total).filter(|value| value.is_finite())
    };
    let by_multiple = |wacc: f64, multiple: f64| {
        let (discounting, discounted) = discounted(wacc);
        let total =
            || discounted.present_value + exit(&last, discounted, discounting, multiple).present_value;
        (wacc > 0.0 && multiple > 0.0).then(total).filter(|value| value.is_finite())
    };
    Sensitivity {
        wacc_by_growth: grid(&axes.terminal_growth, &by_growth),
        wacc_by_multiple: assumptions.exit_multiple.map(|_| grid(&axes.exit_multiple, &by_multiple)),
    }
}
