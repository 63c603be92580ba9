use serde::{Deserialize, Serialize};

use crate::{
    Document, ReportError, csv,
    model::{PortfolioReport, RiskReport, ValuationReport},
    pdf, xlsx,
};

/// The format of a report's file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileFormat {
    /// PDF/A-2a and PDF/UA-1, A4.
    Pdf,
    /// A workbook with live formulas and charts.
    Xlsx,
    /// The model.
    Json,
    /// All tables, one below the other.
    Csv,
}

/// A report of any kind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Report {
    /// Of a portfolio.
    Portfolio(Box<PortfolioReport>),
    /// Of a valuation.
    Valuation(Box<ValuationReport>),
    /// Of a portfolio's risk.
    Risk(Box<RiskReport>),
}

/// A file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Its media type.
    pub content_type: &'static str,
}

impl FileFormat {
    /// The ending of the file's name.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Xlsx => "xlsx",
            Self::Json => "json",
            Self::Csv => "csv",
        }
    }

    /// The file's media type.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Json => "application/json",
            Self::Csv => "text/csv; charset=utf-8",
        }
    }
}

impl Report {
    /// The report as sections of text, tables and figures.
    pub fn document(&self) -> Document {
        match self {
            Self::Portfolio(report) => report.as_ref().into(),
            Self::Valuation(report) => report.as_ref().into(),
            Self::Risk(report) => report.as_ref().into(),
        }
    }

    /// The report as a file.
    ///
    /// # Errors
    /// [`ReportError`] where the file would break its format's rules; no figure or text of a report should.
    pub fn render(&self, format: FileFormat) -> Result<Rendered, ReportError> {
        let bytes = match format {
            FileFormat::Pdf => pdf::render(&self.document())?,
            FileFormat::Xlsx => xlsx::render(&self.document())?,
            FileFormat::Csv => csv::render(&self.document())?,
            FileFormat::Json => serde_json::to_vec(self)?,
        };
        Ok(Rendered { bytes, content_type: format.content_type() })
    }
}
