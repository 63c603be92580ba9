use std::collections::BTreeMap;

use rust_xlsxwriter::utility::row_col_to_cell_absolute;

use crate::{
    Document,
    document::{Block, Section, Table},
};

/// The row of a sheet's first block; above it is the title.
pub(super) const FIRST: u32 = 2;

/// Where each table is, so that formulas on any sheet can name its cells.
pub(super) struct Plan<'a> {
    tables: BTreeMap<&'static str, Place<'a>>,
}

/// Where a table's data is.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub sheet: &'static str,
    /// The row of the first data.
    pub first: u32,
    pub table: &'a Table,
}

impl<'a> Plan<'a> {
    pub fn new(document: &'a Document) -> Self {
        let mut tables = BTreeMap::new();
        for section in &document.sections {
            let mut row = FIRST;
            for block in &section.blocks {
                if let Block::Table(table) | Block::Data(table) = block {
                    let place = Place { sheet: section.sheet, first: row + 2, table };
                    tables.entry(table.id).or_insert(place);
                }
                row += rows(block);
            }
        }
        Self { tables }
    }

    pub fn table(&self, id: &str) -> Option<&Place<'a>> {
        self.tables.get(id)
    }

    /// The range of each table with its heads.
    pub fn ranges(&self) -> impl Iterator<Item = (&'static str, String)> {
        self.tables.iter().filter(|(_, place)| !place.table.rows.is_empty()).map(|(id, place)| {
            let last = place.first + place.table.rows.len() as u32 - 1;
            let columns = place.table.columns.len() as u16 - 1;
            let (from, to) =
                (row_col_to_cell_absolute(place.first - 1, 0), row_col_to_cell_absolute(last, columns));
            (*id, format!("'{}'!{from}:{to}", place.sheet))
        })
    }
}

impl Place<'_> {
    /// The number of a column.
    pub fn column(&self, key: &str) -> Option<u16> {
        self.table.columns.iter().position(|column| column.key == key).map(|index| index as u16)
    }

    /// The row of the last data; a sum is not data.
    pub fn last(&self) -> u32 {
        (self.first + self.table.data_rows() as u32).saturating_sub(1).max(self.first)
    }
}

/// How many rows a block takes, with an empty one after it.
pub(super) fn rows(block: &Block) -> u32 {
    match block {
        Block::Paragraph(_) => 2,
        Block::Note(..) => 1,
        Block::Table(table) | Block::Data(table) => table.rows.len() as u32 + 3,
        Block::Figure(_) | Block::Figures(..) | Block::Chart(_) => 0,
    }
}

/// The only table of a section, if it has no other.
pub(super) fn only_table(section: &Section) -> Option<&Table> {
    let mut tables = section.blocks.iter().filter_map(|block| match block {
        Block::Table(table) | Block::Data(table) => Some(table),
        _ => None,
    });
    let first = tables.next();
    first.filter(|_| tables.next().is_none())
}
