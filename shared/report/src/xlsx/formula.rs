use rust_xlsxwriter::utility::{row_col_to_cell, row_col_to_cell_absolute};

use super::plan::{Place, Plan};
use crate::document::Table;

/// A cell's formula with references in the place of names; `None` where a name is not known.
///
/// * `{column}`: the cell of the same row; `{^column}`: the cell above it.
/// * `{table.column}`: the whole column; `{table.column#n}`: its nth cell from 0.
pub(super) fn resolved(formula: &str, plan: &Plan, table: &Table, row: u32) -> Option<String> {
    let mut text = String::from("=");
    let mut rest = formula;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}')?;
        text.push_str(before);
        text.push_str(&reference(name, plan, table, row)?);
        rest = after;
    }
    text.push_str(rest);
    Some(text)
}

fn reference(name: &str, plan: &Plan, table: &Table, row: u32) -> Option<String> {
    let Some((id, column)) = name.split_once('.') else {
        let (column, row) = match name.strip_prefix('^') {
            Some(column) => (column, row.checked_sub(1)?),
            None => (name, row),
        };
        let column = table.columns.iter().position(|one| one.key == column)?;
        return Some(row_col_to_cell(row, column as u16));
    };
    let place = plan.table(id)?;
    if let Some((column, index)) = column.split_once('#') {
        let cell = row_col_to_cell_absolute(place.first + index.parse::<u32>().ok()?, place.column(column)?);
        return Some(format!("'{}'!{cell}", place.sheet));
    }
    range(place, column)
}

/// The first cell of a column's data.
pub(super) fn first(place: &Place, column: &str) -> Option<String> {
    let cell = row_col_to_cell_absolute(place.first, place.column(column)?);
    Some(format!("'{}'!{cell}", place.sheet))
}

/// A column's data.
pub(super) fn range(place: &Place, column: &str) -> Option<String> {
    let column = place.column(column)?;
    let (first, last) =
        (row_col_to_cell_absolute(place.first, column), row_col_to_cell_absolute(place.last(), column));
    Some(format!("'{}'!{first}:{last}", place.sheet))
}
