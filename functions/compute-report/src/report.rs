//! All reports as one kind of work.

use computations::{
    Kept,
    report::{Content, Input, ReportFormat},
};
use domain::task::{Failure, PayloadRef, TaskKind};
use jobs::{
    Shard, Work,
    failure::{not_computable, unreadable},
};
use report::{FileFormat, Report};

use crate::{figures::Subject, portfolio, risk, valuation};

/// Reports. Each takes a second at most, so none is cut.
#[derive(Debug)]
pub struct ReportWork;

impl Work for ReportWork {
    type Job = (Input, PayloadRef);

    fn prepare(&self, _: TaskKind, input: &[u8], reference: &PayloadRef) -> Result<Self::Job, Failure> {
        Ok((Input::from_bytes(input).map_err(unreadable)?, reference.clone()))
    }

    fn shards(&self, _: &Self::Job) -> u32 {
        1
    }

    fn compute(&self, _: &Self::Job, _: Shard) -> Result<Vec<u8>, Failure> {
        Ok(Vec::new())
    }

    fn reduce(&self, (input, reference): &Self::Job, _: Vec<Vec<u8>>) -> Result<Vec<u8>, Failure> {
        let report = match &input.content {
            Content::Portfolio(subject) => {
                let subject = Subject { of: subject, input, reference };
                Report::Portfolio(Box::new(portfolio::report(subject).map_err(not_computable)?))
            }
            Content::Risk(subject) => {
                let subject = Subject { of: subject, input, reference };
                Report::Risk(Box::new(risk::report(subject).map_err(not_computable)?))
            }
            Content::Valuation(run) => {
                Report::Valuation(Box::new(valuation::report(run, (input, reference))))
            }
        };
        report.render(format(input.format)).map(|file| file.bytes).map_err(|error| {
            tracing::error!(%error, "a report could not be laid out");
            not_computable("The report could not be laid out in this format.")
        })
    }

    fn content_type(&self, (input, _): &Self::Job) -> Option<&'static str> {
        Some(format(input.format).content_type())
    }
}

fn format(format: ReportFormat) -> FileFormat {
    match format {
        ReportFormat::Pdf => FileFormat::Pdf,
        ReportFormat::Xlsx => FileFormat::Xlsx,
        ReportFormat::Json => FileFormat::Json,
        ReportFormat::Csv => FileFormat::Csv,
    }
}
