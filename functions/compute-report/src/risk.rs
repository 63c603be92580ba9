//! The report of a portfolio's risk.

use quant::QuantError;
use report::model::RiskReport;

use crate::figures::{Risk, Subject, cover, notes, simulation, stress, warnings};

pub(crate) fn report(subject: Subject) -> Result<RiskReport, QuantError> {
    let risk = Risk::of(subject)?;
    let warnings = warnings(subject, &risk);
    Ok(RiskReport {
        cover: cover("Risk report", subject),
        value: subject.value(),
        basis: subject.basis(),
        measures: risk.measures,
        distribution: risk.distribution,
        contributions: risk.contributions,
        correlation: risk.correlation,
        simulation: Some(simulation(subject)?),
        stress: stress(subject)?,
        notes: notes(subject),
        warnings,
    })
}
