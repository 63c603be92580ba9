//! A request while it is read.

use domain::{Validation, decimal::DecimalInput};
use quant::valuation::growth_fault;
use rust_decimal::Decimal;

use crate::inputs::{
    path::Path,
    written::{Named, Written},
};

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

    /// The one value of an assumption that may be given under several names.
    pub(super) fn choose<T>(
        &mut self,
        field: &'static str,
        names: impl IntoIterator<Item = Named<T>>,
    ) -> Option<T> {
        self.written.choose(&mut self.validation, field, names)
    }

    pub(super) fn amount(
        &mut self,
        field: &'static str,
        names: impl IntoIterator<Item = Named<DecimalInput>>,
    ) -> Decimal {
        self.choose(field, names).map(|value| value.0).unwrap_or_default()
    }

    /// One figure for each of the years; 0 when not given.
    pub(super) fn ratio(
        &mut self,
        field: &'static str,
        names: impl IntoIterator<Item = Named<Path>>,
        years: usize,
    ) -> Vec<f64> {
        let path = self.choose(field, names).unwrap_or(Path::One(0.0));
        self.path(field, path, years)
    }

    /// A growth at an end of `fade`, or what it is when not given.
    pub(super) fn faded(&mut self, end: &str, given: Option<f64>, otherwise: f64) -> f64 {
        if let Some(fault) = given.and_then(growth_fault) {
            self.validation.reject(format!("/fade/{end}"), fault);
        }
        sound(given.unwrap_or(otherwise))
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

/// A growth that others are made from, or a stand-in where it is at fault itself: that is told once, where it was given.
pub(super) fn sound(growth: f64) -> f64 {
    if growth_fault(growth).is_some() { 0.0 } else { growth }
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
