//! The rows of a CSV text, and where each stands in it.

use std::fmt::Display;

use csv::{Error, ErrorKind, Position, Reader, ReaderBuilder, StringRecord};
use domain::Invalid;

/// A reader of the text, which has a header, and the rows yet to be read.
pub(crate) fn open(text: &str) -> (Reader<&[u8]>, Rows<'_>) {
    let text = text.trim_start_matches('\u{feff}');
    (ReaderBuilder::new().from_reader(text.as_bytes()), Rows { text, starts: Vec::new() })
}

/// Where each row begins in the text, to say so when one is bad.
pub(crate) struct Rows<'a> {
    text: &'a str,
    starts: Vec<u64>,
}

impl Rows<'_> {
    /// The number of the row that was just read, from 0.
    pub(crate) fn begin(&mut self, record: &StringRecord) -> usize {
        self.starts.push(record.position().map_or(0, Position::byte));
        self.starts.len() - 1
    }

    /// The row is bad.
    pub(crate) fn fault(&self, row: usize, reason: impl Display) -> Invalid {
        Invalid::field(format!("/rows/{row}"), format!("line {}: {reason}", self.line(row)))
    }

    /// The line on which the row begins, from 1.
    pub(crate) fn line(&self, row: usize) -> usize {
        let start = self.starts.get(row).and_then(|start| usize::try_from(*start).ok()).unwrap_or_default();
        // A reader's record begins where the one before ended, so blank lines come first.
        let record = self.text.get(start..).unwrap_or_default().trim_start_matches(['\r', '\n']);
        let before = &self.text[..self.text.len() - record.len()];
        1 + before.matches('\n').count()
    }

    /// The row that comes next can't be read.
    pub(crate) fn unreadable(&mut self, error: &Error) -> Invalid {
        let row = self.starts.len();
        self.starts.extend(error.position().map(Position::byte));
        match error.kind() {
            ErrorKind::UnequalLengths { expected_len, len, .. } => {
                self.fault(row, format!("must have {expected_len} cells like the header, but has {len}"))
            }
            _ => self.fault(row, error),
        }
    }
}
