//! Reports as documents to hand on, with no I/O.
//!
//! A report is a model, plain figures in [`model`]. From it comes a [`Document`]: sections of text, tables and figures.
//! Every format is made from one of the two: JSON is the model, PDF, XLSX and CSV show the document. The same model gives
//! the same bytes.

pub mod chart;
pub mod csv;
pub mod document;
pub mod drawing;
mod error;
pub mod font;
pub mod model;
mod number;
mod pdf;
mod render;
mod text;
mod xlsx;

pub use document::Document;
pub use error::ReportError;
pub use number::{Format, confidence};
pub use render::{FileFormat, Rendered, Report};
