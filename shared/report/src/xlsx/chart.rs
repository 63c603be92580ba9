use rust_xlsxwriter::{
    Chart, ChartAxisLabelPosition, ChartFont, ChartFormat, ChartLine, ChartMarker, ChartMarkerType,
    ChartSolidFill, ChartType, Worksheet,
};

use super::{
    formula,
    plan::Plan,
    sheet::{clean, colour, pattern},
};
use crate::{
    Format, ReportError,
    document::{Block, ChartKind, Mark, NativeChart, Section},
    drawing::{Colour, palette},
};

const HEIGHT: u32 = 340;
const ROWS: u32 = 18;

/// The column of a sheet's charts: right of all tables.
pub(super) fn column(section: &Section) -> u16 {
    let widths = section.blocks.iter().map(|block| match block {
        Block::Table(table) | Block::Data(table) => table.columns.len(),
        _ => 0,
    });
    widths.max().unwrap_or(0) as u16 + 1
}

/// Inserts a sheet's chart; does nothing for one whose data is not there.
pub(super) fn insert(
    sheet: &mut Worksheet,
    of: &NativeChart,
    plan: &Plan,
    column: u16,
    before: u32,
) -> Result<(), ReportError> {
    let Some(place) = plan.table(of.table) else { return Ok(()) };
    let Some(across) = formula::range(place, of.across) else { return Ok(()) };
    let mut chart = Chart::new(match of.kind {
        ChartKind::Line => ChartType::Line,
        ChartKind::Area => ChartType::Area,
        ChartKind::Column => ChartType::Column,
        ChartKind::Bar => ChartType::Bar,
        ChartKind::Scatter => ChartType::ScatterStraight,
    });
    for ((name, key), ink) in of.series.iter().zip(palette::SERIES) {
        let Some(values) = formula::range(place, key) else { continue };
        let line =
            ChartFormat::new().set_line(ChartLine::new().set_color(colour(ink)).set_width(1.75)).clone();
        let fill = ChartFormat::new().set_solid_fill(ChartSolidFill::new().set_color(colour(ink))).clone();
        let lines = matches!(of.kind, ChartKind::Line | ChartKind::Scatter);
        chart
            .add_series()
            .set_name(plain(name).as_str())
            .set_categories(across.as_str())
            .set_values(values.as_str())
            .set_format(&mut if lines { line } else { fill })
            .set_marker(ChartMarker::new().set_none());
    }
    if let Some(mark) = &of.mark {
        add_mark(&mut chart, mark, plan, palette::SERIES[of.series.len() % palette::SERIES.len()]);
    }
    chart.title().set_name(plain(&of.title).as_str()).set_font(ChartFont::new().set_size(12));
    if of.series.len() < 2 && of.mark.is_none() {
        chart.legend().set_hidden();
    } else {
        chart.legend().set_position(rust_xlsxwriter::ChartLegendPosition::Bottom);
    }
    let format = pattern(of.format);
    chart.x_axis().set_label_position(ChartAxisLabelPosition::Low);
    chart.y_axis().set_num_format(format.as_str());
    match of.kind {
        ChartKind::Line | ChartKind::Area => {
            chart.x_axis().set_date_axis(true).set_num_format("yyyy-mm");
        }
        ChartKind::Bar => {
            // Bars are listed as their table is; the values' axis stays below them.
            chart.x_axis().set_num_format(format.as_str());
            chart.y_axis().set_num_format("General").set_reverse();
        }
        ChartKind::Scatter => {
            let head = place.table.columns.iter().find(|one| one.key == of.across);
            let across = pattern(head.map_or(Format::Number(0), |one| one.format));
            chart.x_axis().set_num_format(across.as_str());
        }
        ChartKind::Column => {}
    }
    chart
        .set_width(620)
        .set_height(HEIGHT)
        .set_alt_text(format!("{}; the data is in the sheet's table.", plain(&of.title)));
    sheet.insert_chart(2 + before * ROWS, column, &chart)?;
    Ok(())
}

/// A series of one point.
fn add_mark(chart: &mut Chart, mark: &Mark, plan: &Plan, ink: Colour) {
    let Some(place) = plan.table(mark.table) else { return };
    let cells = formula::first(place, mark.across).zip(formula::first(place, mark.up));
    let Some((across, up)) = cells else { return };
    let mut marker = ChartMarker::new();
    let fill = ChartSolidFill::new().set_color(colour(ink)).clone();
    marker.set_type(ChartMarkerType::Circle).set_size(9).set_format(ChartFormat::new().set_solid_fill(&fill));
    chart
        .add_series()
        .set_name(plain(&mark.name).as_str())
        .set_categories(across.as_str())
        .set_values(up.as_str())
        .set_marker(&marker);
}

/// A chart takes a name with `!` for a reference to another sheet.
fn plain(name: &str) -> String {
    clean(name).trim_start_matches('=').replace('!', " ")
}
