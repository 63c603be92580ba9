use super::Cell;
use crate::Format;

/// A table.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Tells it from the document's other tables.
    pub id: &'static str,
    /// Above it.
    pub title: String,
    /// From the left to the right.
    pub columns: Vec<Column>,
    /// As many cells each as there are columns.
    pub rows: Vec<Vec<Cell>>,
    /// How many rows are on paper, from the first; workbooks and CSV have all.
    pub printed_rows: usize,
    /// Whether the last row sums up the others.
    pub total: bool,
    /// Whether numbers are coloured by their size, around zero.
    pub heat: bool,
}

/// A column.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// What formulas call it.
    pub key: &'static str,
    /// Its head.
    pub title: String,
    /// How its cells are shown.
    pub format: Format,
    /// How wide it is, beside the others.
    pub share: f64,
    /// Whether it is on paper too.
    pub printed: bool,
}

impl Column {
    /// A column of one share.
    pub fn new(key: &'static str, title: impl Into<String>, format: Format) -> Self {
        Self { key, title: title.into(), format, share: 1.0, printed: true }
    }

    /// The same, wider or narrower.
    #[must_use]
    pub fn wide(self, share: f64) -> Self {
        Self { share, ..self }
    }

    /// The same, for workbooks and CSV only.
    #[must_use]
    pub fn unprinted(self) -> Self {
        Self { printed: false, ..self }
    }

    /// Whether its cells are set against its right edge.
    pub fn is_numeric(&self) -> bool {
        matches!(self.format, Format::Number(_) | Format::Percent(_))
    }
}

impl Table {
    /// A table without rows.
    pub fn new(id: &'static str, title: impl Into<String>, columns: Vec<Column>) -> Self {
        Self {
            id,
            title: title.into(),
            columns,
            rows: Vec::new(),
            printed_rows: usize::MAX,
            total: false,
            heat: false,
        }
    }

    /// The rows that are on paper.
    pub fn printed(&self) -> &[Vec<Cell>] {
        &self.rows[..self.printed_rows.min(self.rows.len())]
    }

    /// The rows that hold data: all but the sum.
    pub fn data_rows(&self) -> usize {
        self.rows.len() - usize::from(self.total)
    }
}
