//! A report as sections of text, tables and figures, from which every format is made.

mod cell;
mod common;
mod partial;
mod performance;
mod portfolio;
mod risk;
mod table;
mod valuation;

pub use cell::{Cell, Value};
pub use table::{Column, Table};

use crate::{drawing::Drawing, model::Cover};

/// A report that can be laid out.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// The title page.
    pub cover: Cover,
    /// The figures that the title page shows.
    pub highlights: Vec<Tile>,
    /// What a reader must know before all else; the first section has it too.
    pub warnings: Vec<String>,
    /// In order; a sheet each in a workbook.
    pub sections: Vec<Section>,
}

/// A part of a document.
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    /// Its heading.
    pub title: String,
    /// Its sheet in a workbook, at most 31 characters.
    pub sheet: &'static str,
    /// From the top to the bottom.
    pub blocks: Vec<Block>,
}

impl Section {
    pub(crate) fn new(title: impl Into<String>, sheet: &'static str) -> Self {
        Self { title: title.into(), sheet, blocks: Vec::new() }
    }

    pub(crate) fn push(&mut self, block: Block) -> &mut Self {
        self.blocks.push(block);
        self
    }

    pub(crate) fn paragraph(&mut self, text: impl Into<String>) -> &mut Self {
        self.push(Block::Paragraph(text.into()))
    }
}

/// A part of a section.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// Sentences.
    Paragraph(String),
    /// A topic and sentences on it.
    Note(String, String),
    /// A table, on paper too.
    Table(Table),
    /// A table that only workbooks and CSV have: too long for paper.
    Data(Table),
    /// A picture; workbooks draw their own.
    Figure(Drawing),
    /// Two pictures of half the width.
    Figures(Drawing, Drawing),
    /// A workbook's own chart.
    Chart(NativeChart),
}

/// A key figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Tile {
    /// What it is.
    pub name: String,
    /// The figure.
    pub value: Cell,
    /// What it is to be seen with.
    pub remark: String,
}

/// A chart that a workbook draws from its cells.
#[derive(Debug, Clone, PartialEq)]
pub struct NativeChart {
    /// Above it.
    pub title: String,
    /// How it is drawn.
    pub kind: ChartKind,
    /// The table that its data is in.
    pub table: &'static str,
    /// The column of categories, or of horizontal values.
    pub across: &'static str,
    /// Names, and the columns of values.
    pub series: Vec<(String, &'static str)>,
    /// A single point beside the series.
    pub mark: Option<Mark>,
    /// How the vertical axis is told.
    pub format: crate::Format,
}

/// A point of a chart: two cells in the first row of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// What it is called.
    pub name: String,
    /// The table.
    pub table: &'static str,
    /// The column of its horizontal value.
    pub across: &'static str,
    /// The column of its value.
    pub up: &'static str,
}

/// How a workbook's chart is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChartKind {
    /// Lines over dates.
    Line,
    /// An area over dates.
    Area,
    /// Upright bars.
    Column,
    /// Bars to the right.
    Bar,
    /// Points by two values, joined by lines.
    Scatter,
}
