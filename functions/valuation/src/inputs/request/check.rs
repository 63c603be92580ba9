//! What is wrong with inputs, told by the names under which they were given.

use std::collections::HashSet;

use domain::{Invalid, Validation};
use quant::valuation::{MAXIMUM_AXIS, faults};

use super::InputsRequest;
use crate::inputs::{Inputs, path::Path, written::Written};

impl InputsRequest {
    /// Refuses figures in percent that look like fractions. In a list, one that does may be meant among others that don't.
    pub(super) fn check_percents(&self, validation: &mut Validation) {
        let one = |figure: Option<f64>| figure.map(Path::One);
        for (name, path, least, fraction) in [
            ("growthY1Pct", one(self.growth_y1_percent), 0.1, "growth_y1"),
            ("ebitMarginPct", self.ebit_margin_percent.clone(), 1.0, "ebit_margin"),
            ("taxRatePct", self.tax_rate_percent.clone(), 1.0, "tax_rate"),
            ("waccPct", one(self.wacc_percent), 1.0, "wacc"),
            ("termGrowthPct", one(self.term_growth_percent), 0.1, "terminal_growth"),
        ] {
            let figures = match path {
                None => Vec::new(),
                Some(Path::One(figure)) => vec![figure],
                Some(Path::Each(figures)) => figures,
            };
            let given: Vec<f64> = figures.into_iter().filter(|figure| *figure != 0.0).collect();
            if let Some(figure) = given.first()
                && given.iter().all(|figure| figure.abs() < least)
            {
                let detail = format!(
                    "must be in percent (9 means 9 %), but {figure} looks like a fraction; give {fraction} if so little is meant"
                );
                validation.reject(format!("/{name}"), detail);
            }
        }
    }
}

/// The rules of the model, with each fault where the client wrote what is at fault.
pub(super) fn check(validation: &mut Validation, written: &Written, inputs: &Inputs) {
    match inputs.assumptions() {
        Err(Invalid(errors)) => {
            for error in errors {
                validation.reject(error.pointer, error.detail);
            }
        }
        Ok((assumptions, built)) => {
            let mut seen = HashSet::new();
            for fault in faults(&assumptions) {
                let pointer = match fault.field {
                    "wacc" if built.is_some() => "/capital".to_owned(),
                    _ => written.pointer(&fault),
                };
                if seen.insert(pointer.clone()) {
                    let percent = written.name(fault.field).ends_with("Pct");
                    validation.reject(pointer, if percent { fault.in_percent() } else { fault.to_string() });
                }
            }
        }
    }
    let axes = inputs.sensitivity.iter().flat_map(|axes| {
        [
            ("wacc", &axes.wacc),
            ("terminal_growth", &axes.terminal_growth),
            ("exit_multiple", &axes.exit_multiple),
        ]
    });
    for (name, axis) in axes {
        let count = axis.as_ref().map_or(1, Vec::len);
        let pointer = format!("/sensitivity/{name}");
        let reason = format!("must have 1 to {MAXIMUM_AXIS} values, but has {count}");
        validation.require((1..=MAXIMUM_AXIS).contains(&count), &pointer, reason);
        let multiples = name == "exit_multiple";
        let (low, high, range) = if multiples {
            (f64::MIN_POSITIVE, 200.0, "multiples above 0 and at most 200")
        } else {
            (-0.5, 0.5, "fractions of at most 0.5")
        };
        let fits = axis.iter().flatten().all(|value| (low..=high).contains(value));
        validation.require(fits, &pointer, format!("must be {range}"));
        let unused = multiples && axis.is_some() && inputs.exit_multiple.is_none();
        validation.require(!unused, &pointer, "needs an exit_multiple, as there is no such grid otherwise");
    }
}
