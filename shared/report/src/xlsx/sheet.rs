use rust_xlsxwriter::{
    Color, ConditionalFormat3ColorScale, Format as CellFormat, FormatAlign, FormatBorder, Formula, Worksheet,
};

use super::{
    chart, formula,
    plan::{FIRST, Plan, only_table, rows},
};
use crate::{
    Document, Format, ReportError,
    document::{Block, Cell, Section, Table, Tile, Value},
    drawing::{Colour, palette},
    text,
};

/// How many columns a paragraph spans.
const PARAGRAPH: u16 = 7;

/// A sheet that tells what the workbook is.
pub(super) fn cover(sheet: &mut Worksheet, document: &Document) -> Result<(), ReportError> {
    let of = &document.cover;
    sheet.set_name("Report")?;
    sheet.set_column_width(0, 24)?.set_column_width(1, 44)?.set_column_width(2, 34)?;
    sheet.write_string_with_format(0, 0, &of.title, &title())?;
    let mut facts = vec![
        ("Subject", of.subject.clone()),
        ("Organisation", of.organisation.clone()),
        ("Currency", of.currency.clone()),
        ("As of", of.as_of.to_string()),
    ];
    if let Some(period) = of.period {
        facts.push(("Period", format!("{} to {}, {} returns", period.from, period.to, period.observations)));
    }
    facts.push(("Generated on", of.generated_on.to_string()));
    facts.push(("Software", format!("Ballast {}", of.engine)));
    facts.push(("Reference", of.reference.clone()));
    for (row, (name, value)) in (FIRST..).zip(facts) {
        sheet.write_string_with_format(row, 0, name, &CellFormat::new().set_bold())?;
        sheet.write_string(row, 1, clean(&value))?;
    }
    let row = FIRST + 10;
    tiles(sheet, &document.highlights, row)?;
    let row = row + document.highlights.len() as u32 + 2;
    sheet.write_string_with_format(row, 0, "Sheets", &CellFormat::new().set_bold())?;
    for (row, section) in (row..).zip(&document.sections) {
        let link = format!("internal:'{}'!A1", section.sheet);
        sheet.write_url_with_text(row, 1, link.as_str(), section.title.as_str())?;
    }
    print_setup(sheet, document);
    Ok(())
}

/// A section: its title, then each block below the other.
pub(super) fn section(
    sheet: &mut Worksheet,
    section: &Section,
    document: &Document,
    plan: &Plan,
) -> Result<(), ReportError> {
    sheet.set_name(section.sheet)?;
    sheet.write_string_with_format(0, 0, &section.title, &title())?;
    set_widths(sheet, section)?;
    let mut row = FIRST;
    let mut charts = 0;
    for block in &section.blocks {
        match block {
            Block::Paragraph(text) => {
                let format = CellFormat::new().set_text_wrap().set_align(FormatAlign::Top);
                sheet.merge_range(row, 0, row, PARAGRAPH - 1, &clean(text), &format)?;
                set_text_height(sheet, text, 12 * usize::from(PARAGRAPH), row)?;
            }
            Block::Note(topic, text) => note(sheet, topic, text, row)?,
            Block::Table(of) | Block::Data(of) => table(sheet, of, plan, row)?,
            Block::Chart(of) => {
                chart::insert(sheet, of, plan, chart::column(section), charts)?;
                charts += 1;
            }
            Block::Figure(_) | Block::Figures(..) => {}
        }
        row += rows(block);
    }
    match only_table(section).and_then(|table| plan.table(table.id)) {
        Some(place) => {
            sheet.set_freeze_panes(place.first, 1)?;
            sheet.set_repeat_rows(place.first - 1, place.first - 1)?;
        }
        None => {
            sheet.set_freeze_panes(1, 0)?;
        }
    }
    print_setup(sheet, document);
    Ok(())
}

fn table(sheet: &mut Worksheet, table: &Table, plan: &Plan, row: u32) -> Result<(), ReportError> {
    sheet.write_string_with_format(row, 0, clean(&table.title), &CellFormat::new().set_bold())?;
    for (column, head) in table.columns.iter().enumerate() {
        let align = if head.is_numeric() { FormatAlign::Right } else { FormatAlign::Left };
        let format = head_format().set_align(align);
        sheet.write_string_with_format(row + 1, column as u16, clean(&head.title), &format)?;
    }
    let first = row + 2;
    for (index, cells) in table.rows.iter().enumerate() {
        let row = first + index as u32;
        let total = table.total && index + 1 == table.rows.len();
        for (column, (cell, of)) in cells.iter().zip(&table.columns).enumerate() {
            let mut format = number_format(cell.format.unwrap_or(of.format));
            if total {
                format = format.set_bold().set_border_top(FormatBorder::Thin);
            }
            write(sheet, table, plan, (row, column as u16), cell, &format)?;
        }
    }
    if table.heat && !table.rows.is_empty() {
        let scale = ConditionalFormat3ColorScale::new()
            .set_minimum_color(colour(palette::VERMILION))
            .set_midpoint(rust_xlsxwriter::ConditionalFormatType::Number, 0)
            .set_midpoint_color(colour(palette::WHITE))
            .set_maximum_color(colour(palette::SKY));
        let (last, columns) = (first + table.rows.len() as u32 - 1, table.columns.len() as u16 - 1);
        sheet.add_conditional_format(first, 1, last, columns, &scale)?;
    }
    Ok(())
}

fn write(
    sheet: &mut Worksheet,
    table: &Table,
    plan: &Plan,
    (row, column): (u32, u16),
    cell: &Cell,
    format: &CellFormat,
) -> Result<(), ReportError> {
    let formula = cell.formula.as_ref().and_then(|formula| formula::resolved(formula, plan, table, row));
    match (&cell.value, formula) {
        (Value::Number(number), Some(formula)) => {
            let formula = Formula::new(formula).set_result(number.to_string());
            sheet.write_formula_with_format(row, column, formula, format)?;
        }
        (Value::Number(number), None) => {
            sheet.write_number_with_format(row, column, *number, format)?;
        }
        (Value::Text(text), _) => {
            sheet.write_string_with_format(row, column, clean(text), format)?;
        }
        (Value::Date(date), _) => {
            let format = number_format(Format::Date).merge(format);
            sheet.write_datetime_with_format(row, column, *date, &format)?;
        }
        (Value::Empty, _) => {
            sheet.write_blank(row, column, format)?;
        }
    }
    Ok(())
}

fn tiles(sheet: &mut Worksheet, tiles: &[Tile], row: u32) -> Result<(), ReportError> {
    for (column, head) in ["Key figure", "Value", "Remark"].into_iter().enumerate() {
        sheet.write_string_with_format(row, column as u16, head, &head_format())?;
    }
    for (row, tile) in (row + 1..).zip(tiles) {
        sheet.write_string(row, 0, clean(&tile.name))?;
        if let Value::Number(number) = tile.value.value {
            let format = number_format(tile.value.format.unwrap_or(Format::Number(2)));
            let format = format.set_align(FormatAlign::Left);
            sheet.write_number_with_format(row, 1, number, &format)?;
        }
        sheet.write_string(row, 2, clean(&tile.remark))?;
    }
    Ok(())
}

fn note(sheet: &mut Worksheet, topic: &str, text: &str, row: u32) -> Result<(), ReportError> {
    let top = CellFormat::new().set_align(FormatAlign::Top);
    sheet.set_column_width(0, 26)?.set_column_width(1, 110)?;
    sheet.write_string_with_format(row, 0, clean(topic), &top.clone().set_bold())?;
    sheet.write_string_with_format(row, 1, clean(text), &top.set_text_wrap())?;
    set_text_height(sheet, text, 105, row)
}

/// Makes room for wrapped text, as not every reader does so by itself.
fn set_text_height(sheet: &mut Worksheet, text: &str, across: usize, row: u32) -> Result<(), ReportError> {
    let lines = text.chars().count().div_ceil(across).max(1);
    sheet.set_row_height(row, 15.5 * lines as f64)?;
    Ok(())
}

fn set_widths(sheet: &mut Worksheet, section: &Section) -> Result<(), ReportError> {
    const MOST: usize = 48;
    let mut widths: Vec<usize> = Vec::new();
    let mut fit = |column: usize, text: &str| {
        if widths.len() <= column {
            widths.resize(column + 1, 10);
        }
        widths[column] = widths[column].max((text.chars().count() + 2).min(MOST));
    };
    for block in &section.blocks {
        let (Block::Table(table) | Block::Data(table)) = block else { continue };
        for (column, head) in table.columns.iter().enumerate() {
            fit(column, &head.title);
            for cell in table.rows.iter().take(200).filter_map(|row| row.get(column)) {
                fit(column, &cell.shown(head.format));
            }
        }
    }
    for (column, width) in widths.iter().enumerate() {
        sheet.set_column_width(column as u16, *width as f64)?;
    }
    Ok(())
}

fn print_setup(sheet: &mut Worksheet, document: &Document) {
    let subject = text::shortened(&text::line(&document.cover.subject), 60).replace('&', "&&");
    sheet
        .set_paper_size(9)
        .set_landscape()
        .set_print_fit_to_pages(1, 0)
        .set_header(format!("&L{subject}&R&A"))
        .set_footer(format!("&LReference {}&RPage &P of &N", document.cover.reference.replace('&', "&&")));
}

fn title() -> CellFormat {
    CellFormat::new().set_bold().set_font_size(16).set_font_color(colour(palette::NAVY))
}

fn head_format() -> CellFormat {
    CellFormat::new()
        .set_bold()
        .set_font_color(colour(palette::WHITE))
        .set_background_color(colour(palette::NAVY))
        .set_align(FormatAlign::VerticalCenter)
}

pub(super) fn pattern(format: Format) -> String {
    let decimals = |count: u8| match count {
        0 => String::new(),
        count => format!(".{}", "0".repeat(count.into())),
    };
    match format {
        Format::Text => "General".into(),
        Format::Percent(count) => format!("0{}%", decimals(count)),
        Format::Number(count) => format!("#,##0{}", decimals(count)),
        Format::Date => "yyyy-mm-dd".into(),
    }
}

fn number_format(format: Format) -> CellFormat {
    CellFormat::new().set_num_format(pattern(format))
}

pub(super) fn colour(Colour(red, green, blue): Colour) -> Color {
    Color::RGB(u32::from(red) << 16 | u32::from(green) << 8 | u32::from(blue))
}

/// Text that fits in a cell.
pub(super) fn clean(raw: &str) -> String {
    text::shortened(&text::line(raw), 32_000)
}
