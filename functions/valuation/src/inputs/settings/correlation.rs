//! How uncertain assumptions move together.

use domain::{Invalid, Validation};
use quant::QuantError;

use super::SettingsRequest;
use crate::inputs::written::Written;

impl SettingsRequest {
    /// The correlation, and a pointer to what the client wrote of it.
    pub(super) fn correlation(self, validation: &mut Validation) -> (String, Option<Vec<Vec<f64>>>) {
        let mut written = Written::default();
        let names = [
            ("growth_margin_correlation", self.growth_margin_correlation),
            ("growthMarginCorrelation", self.growth_margin_correlation_camel),
            ("corrGM", self.corr_gm),
        ];
        let Some(value) = written.choose(validation, "correlation", names) else {
            return ("/correlation".to_owned(), self.correlation);
        };
        let pointer = format!("/{}", written.name("correlation"));
        let fits = (-1.0..=1.0).contains(&value);
        validation.require(fits, &pointer, format!("must be from -1 to 1, but is {value}"));
        if self.correlation.is_some() {
            validation.reject(pointer.clone(), "must not be given together with correlation");
        }
        let mut rows = vec![vec![0.0; 4]; 4];
        (0..4).for_each(|driver| rows[driver][driver] = 1.0);
        (rows[0][1], rows[1][0]) = (value, value);
        (pointer, Some(rows))
    }
}

/// Where the fault is that only all settings together show.
pub(super) fn refused(error: &QuantError, correlation: &str) -> Invalid {
    match error {
        QuantError::AssetsMismatch { found, .. } => Invalid::field(
            correlation,
            format!("must have 4 rows and columns: growth, margin, wacc, exit_multiple; but has {found}"),
        ),
        QuantError::NotSymmetric { row, column } => Invalid::field(
            correlation,
            format!("must be symmetric, but is not in row {row}, column {column}"),
        ),
        QuantError::NotPositiveSemidefinite { smallest } => Invalid::field(
            correlation,
            format!("must be positive semidefinite, but its smallest eigenvalue is {smallest}"),
        ),
        QuantError::OutOfRange { .. } | QuantError::NegativeVariance { .. } => {
            Invalid::field(correlation, "must have 1 on its diagonal")
        }
        other => Invalid::field("", other),
    }
}
