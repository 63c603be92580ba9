use jiff::civil::Date;
use rust_decimal::{Decimal, prelude::ToPrimitive};

use crate::{Format, number};

/// What a cell holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Nothing, or a figure that can't be told.
    Empty,
    /// Text.
    Text(String),
    /// A finite number.
    Number(f64),
    /// A calendar date.
    Date(Date),
}

/// A cell of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// What it holds.
    pub value: Value,
    /// How it is shown, where that is not its column's way.
    pub format: Option<Format>,
    /// What a workbook computes it from: a formula in which `{table.column}` is a whole column, `{column}` the cell of
    /// the same row, `{^column}` the cell above that, and `{table.column#n}` the nth cell from 0.
    pub formula: Option<String>,
}

impl Cell {
    /// A cell with text.
    pub fn text(text: impl Into<String>) -> Self {
        Self { value: Value::Text(text.into()), format: None, formula: None }
    }

    /// A cell with a number; empty where it is not finite.
    pub fn number(number: f64) -> Self {
        let value = if number.is_finite() { Value::Number(number) } else { Value::Empty };
        Self { value, format: None, formula: None }
    }

    /// A cell with a number, or an empty one.
    pub fn maybe(number: Option<f64>) -> Self {
        Self::number(number.unwrap_or(f64::NAN))
    }

    /// A cell with an exact number.
    pub fn decimal(number: Decimal) -> Self {
        Self::maybe(number.to_f64())
    }

    /// A cell with a date.
    pub fn date(date: Date) -> Self {
        Self { value: Value::Date(date), format: None, formula: None }
    }

    /// An empty cell.
    pub fn empty() -> Self {
        Self { value: Value::Empty, format: None, formula: None }
    }

    /// The same, shown in another way.
    #[must_use]
    pub fn shown_as(self, format: Format) -> Self {
        Self { format: Some(format), ..self }
    }

    /// The same, computed by a workbook.
    #[must_use]
    pub fn from_formula(self, formula: impl Into<String>) -> Self {
        Self { formula: Some(formula.into()), ..self }
    }

    /// The cell as a reader sees it.
    pub fn shown(&self, format: Format) -> String {
        match (&self.value, self.format.unwrap_or(format)) {
            (Value::Empty, _) => "–".into(),
            (Value::Text(text), _) => text.clone(),
            (Value::Number(number), Format::Percent(decimals)) => number::percent(*number, decimals),
            (Value::Number(number), Format::Number(decimals)) => number::grouped(*number, decimals),
            (Value::Number(number), Format::Text | Format::Date) => number.to_string(),
            (Value::Date(date), _) => date.to_string(),
        }
    }

    /// The cell for other programs: a number with all its digits, a date as ISO 8601.
    pub fn raw(&self) -> String {
        match &self.value {
            Value::Empty => String::new(),
            Value::Text(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            Value::Date(date) => date.to_string(),
        }
    }
}
