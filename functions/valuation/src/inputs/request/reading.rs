//! A request while it is read.

use domain::{Validation, decimal::DecimalInput};
use rust_decimal::Decimal;

use crate::inputs::{path::Path, written::Written};

/// Smaller rates are as good as none, and not every store keeps them.
const SMALLEST_RATE: f64 = 1e-15;

/// A request on its way to inputs: what is wrong so far, and under which names things were given.
#[derive(Default)]
pub(super) struct Reading {
    pub(super) validation: Validation,
    pub(super) written: Written,
}

impl Reading {
    /// The value, or a stand-in that breaks no other rule with the fault noted.
    pub(super) fn required<T>(&mut self, field: &str, value: Option<T>, stand_in: T) -> T {
        value.unwrap_or_else(|| {
            self.validation.reject(format!("/{field}"), "is required");
            stand_in
        })
    }

    pub(super) fn amount(&mut self, field: &'static str, value: Option<DecimalInput>) -> Decimal {
        let _ = self.written.choose(&mut self.validation, field, [(field, value)]);
        value.map(|value| value.0).unwrap_or_default()
    }

    /// One figure for each of the years.
    pub(super) fn path(&mut self, field: &'static str, path: Path, years: usize) -> Vec<f64> {
        if matches!(path, Path::Each(_)) {
            self.written.as_list(field);
        }
        let stand_in = if field == "tax_rate" { 0.25 } else { 0.0 };
        let pointer = format!("/{}", self.written.name(field));
        let path = self.validation.check(&pointer, path.over(years)).unwrap_or_else(|| vec![stand_in; years]);
        path.into_iter().map(kept).collect()
    }
}

/// What percent mean.
pub(super) fn fraction(percent: f64) -> f64 {
    percent / 100.0
}

pub(super) fn fractions(percent: Path) -> Path {
    match percent {
        Path::One(figure) => Path::One(fraction(figure)),
        Path::Each(figures) => Path::Each(figures.into_iter().map(fraction).collect()),
    }
}

/// A rate as it is kept.
pub(super) fn kept(rate: f64) -> f64 {
    if rate.abs() < SMALLEST_RATE { 0.0 } else { rate }
}
