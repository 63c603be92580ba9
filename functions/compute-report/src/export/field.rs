//! Fields of CSV rows.

use std::fmt::Display;

/// Text that people wrote, of which no spreadsheet makes a formula.
pub(super) fn text(of: impl AsRef<str>) -> String {
    report::csv::guarded(of.as_ref())
}

/// The same, or nothing.
pub(super) fn maybe_text(of: Option<impl AsRef<str>>) -> String {
    of.map(text).unwrap_or_default()
}

/// A number, a day, an id: as it is.
pub(super) fn plain(of: impl Display) -> String {
    of.to_string()
}

/// The same, or nothing.
pub(super) fn maybe_plain(of: Option<impl Display>) -> String {
    of.map(plain).unwrap_or_default()
}
