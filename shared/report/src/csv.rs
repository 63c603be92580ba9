//! CSV, for spreadsheets and other programs.

use crate::{
    Document, ReportError,
    document::{Block, Cell, Table, Value},
};

/// All tables of a document, one below the other: its id, its title, its heads, its rows, an empty line.
pub(crate) fn render(document: &Document) -> Result<Vec<u8>, ReportError> {
    // A byte order mark: without it, spreadsheets take the file for one in a code page of their own.
    let mut bytes = "\u{feff}".as_bytes().to_vec();
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(&mut bytes);
    let cover = &document.cover;
    let facts = [
        ("Report", cover.title.clone()),
        ("Subject", cover.subject.clone()),
        ("Organisation", cover.organisation.clone()),
        ("Currency", cover.currency.clone()),
        ("As of", cover.as_of.to_string()),
        ("Generated on", cover.generated_on.to_string()),
        ("Reference", cover.reference.clone()),
    ];
    let failed = |error: csv::Error| ReportError::Csv(error.to_string());
    for (name, value) in facts {
        writer.write_record([name, &guarded(&value)]).map_err(failed)?;
    }
    writer.write_record([""]).map_err(failed)?;
    writer.write_record(["key_figures", "Key figures"]).map_err(failed)?;
    writer.write_record(["Figure", "Value", "Remark"]).map_err(failed)?;
    for tile in &document.highlights {
        writer
            .write_record([guarded(&tile.name), field(&tile.value), guarded(&tile.remark)])
            .map_err(failed)?;
    }
    if !document.warnings.is_empty() {
        writer.write_record([""]).map_err(failed)?;
        writer.write_record(["warnings", "Please note"]).map_err(failed)?;
        writer.write_record(["Warning"]).map_err(failed)?;
    }
    for warning in &document.warnings {
        writer.write_record([guarded(warning)]).map_err(failed)?;
    }
    for block in document.sections.iter().flat_map(|section| &section.blocks) {
        if let Block::Table(table) | Block::Data(table) = block {
            write(&mut writer, table).map_err(failed)?;
        }
    }
    writer.flush().map_err(|error| ReportError::Csv(error.to_string()))?;
    drop(writer);
    Ok(bytes)
}

fn write(writer: &mut csv::Writer<&mut Vec<u8>>, table: &Table) -> Result<(), csv::Error> {
    writer.write_record([""])?;
    writer.write_record([guarded(table.id), guarded(&table.title)])?;
    writer.write_record(table.columns.iter().map(|column| guarded(&column.title)))?;
    for row in &table.rows {
        writer.write_record(row.iter().map(field))?;
    }
    Ok(())
}

fn field(cell: &Cell) -> String {
    match &cell.value {
        Value::Text(text) => guarded(text),
        _ => cell.raw(),
    }
}

/// Text that no spreadsheet takes for a formula (OWASP, CSV injection): what begins like one gets an apostrophe.
///
/// For text alone: a negative number begins like a formula and is none.
pub fn guarded(text: &str) -> String {
    let formula = text
        .trim_start_matches([' ', '\u{feff}', '\u{a0}'])
        .starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    if formula { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::{field, guarded};
    use crate::document::Cell;

    #[test]
    fn text_that_looks_like_a_formula_is_guarded_and_numbers_are_not() {
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", " =1"] {
            assert!(guarded(text).starts_with('\''), "{text:?}");
        }
        assert_eq!(guarded("A-1"), "A-1");
        assert_eq!(field(&Cell::number(-1.5)), "-1.5");
        assert_eq!(field(&Cell::text("-1.5")), "'-1.5");
    }
}
