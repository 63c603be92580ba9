use thiserror::Error;

/// Why a report could not be written.
#[derive(Debug, Error)]
pub enum ReportError {
    /// A bundled font could not be read.
    #[error("the font could not be read")]
    Font,
    /// The PDF breaks a rule of PDF/A or PDF/UA.
    #[error("the PDF is not valid: {0}")]
    Pdf(String),
    /// The workbook breaks a rule of its format.
    #[error("the workbook is not valid: {0}")]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
    /// The CSV could not be written.
    #[error("the CSV could not be written: {0}")]
    Csv(String),
    /// The JSON could not be written.
    #[error("the JSON could not be written: {0}")]
    Json(#[from] serde_json::Error),
}
