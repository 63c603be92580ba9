use std::fmt::Write;

use super::{
    Block, Cell, ChartKind, Column, Document, Section, Table, Tile,
    common::{WIDTH, amounts_chart, histogram_table, native, notes_section, tile, warn, warnings},
};
use crate::{
    Format,
    chart::{Bars, Sensitivity},
    model::{ForecastYear, Grid, TerminalValue, Trials, ValuationReport},
    number,
};

impl From<&ValuationReport> for Document {
    fn from(report: &ValuationReport) -> Self {
        let warnings = warnings(&report.warnings, &report.cover, []);
        let mut sections = vec![summary(report, &warnings), forecast(report), value(report)];
        if !report.sensitivities.is_empty() {
            sections.push(sensitivity(report));
        }
        sections.extend(report.trials.as_ref().map(|trials| simulation(trials, report)));
        sections.push(notes_section(&report.notes));
        Self { cover: report.cover.clone(), highlights: highlights(report), warnings, sections }
    }
}

fn highlights(report: &ValuationReport) -> Vec<Tile> {
    let currency = report.cover.currency.clone();
    let amount = Format::Number(0);
    let mut tiles = vec![tile(
        "Value a share",
        Cell::number(report.value_per_share),
        Format::Number(2),
        currency.clone(),
    )];
    if let Some(price) = report.price {
        tiles.push(tile("Price", Cell::number(price), Format::Number(2), currency.clone()));
        let upside = report.value_per_share / price - 1.0;
        tiles.push(tile("Value over price", Cell::number(upside), Format::Percent(1), ""));
    }
    tiles.push(tile("Enterprise value", Cell::number(report.enterprise_value), amount, currency.clone()));
    tiles.push(tile("Equity value", Cell::number(report.equity_value), amount, currency));
    tiles.push(tile("WACC", Cell::number(report.wacc), Format::Percent(2), ""));
    tiles
}

fn summary(report: &ValuationReport, warnings: &[String]) -> Section {
    let mut section = Section::new("Summary", "Summary");
    let mut text = format!(
        "Discounted at {}, the cash flows of {} are worth {} {} a share.",
        number::percent(report.wacc, 2),
        report.cover.subject,
        number::grouped(report.value_per_share, 2),
        report.cover.currency
    );
    if let Some(growth) = report.implied_growth {
        let _ = write!(
            text,
            " The price implies that revenue grows by {} in each explicit year, all else as assumed.",
            number::percent(growth, 1)
        );
    }
    section.paragraph(text);
    warn(&mut section, warnings);
    let columns = vec![
        Column::new("name", "Assumption", Format::Text).wide(3.0),
        Column::new("value", "Value", Format::Number(2)),
    ];
    let mut table = Table::new("assumptions", "Assumptions", columns);
    for fact in &report.assumptions {
        table.rows.push(vec![Cell::text(&fact.name), Cell::number(fact.value).shown_as(fact.format)]);
    }
    section.push(Block::Table(table));
    section
}

fn forecast(report: &ValuationReport) -> Section {
    let mut section = Section::new("Forecast", "Forecast");
    let amount = Format::Number(1);
    let columns = vec![
        Column::new("year", "Year", Format::Text).wide(0.5),
        Column::new("revenue", "Revenue", amount),
        Column::new("growth", "Growth", Format::Percent(1)).wide(0.8),
        Column::new("ebit", "EBIT", amount),
        Column::new("tax", "Tax", amount).wide(0.9),
        Column::new("depreciation", "D&A", amount).wide(0.9),
        Column::new("capex", "Capex", amount).wide(0.9),
        Column::new("working", "Δ working cap.", amount),
        Column::new("fcf", "Free cash flow", amount),
        Column::new("factor", "Factor", Format::Number(4)).wide(0.8),
        Column::new("present", "Present value", amount),
    ];
    let title = format!("Free cash flow ({})", report.cover.currency);
    let mut table = Table::new("forecast", title, columns);
    for one in &report.forecast {
        table.rows.push(year(one));
    }
    section.push(Block::Table(table));
    section.push(native("Free cash flow", ChartKind::Column, "forecast", "year", "fcf", Format::Number(0)));
    section
}

fn year(of: &ForecastYear) -> Vec<Cell> {
    let growth = Cell::number(of.growth);
    let growth = if of.year == 1 { growth } else { growth.from_formula("{revenue}/{^revenue}-1") };
    vec![
        Cell::text(of.year.to_string()),
        Cell::number(of.revenue),
        growth,
        Cell::number(of.ebit),
        Cell::number(of.tax),
        Cell::number(of.depreciation),
        Cell::number(of.capital_expenditure),
        Cell::number(of.working_capital_change),
        Cell::number(of.free_cash_flow).from_formula("{ebit}-{tax}+{depreciation}-{capex}-{working}"),
        Cell::number(of.discount_factor),
        Cell::number(of.present_value).from_formula("{fcf}*{factor}"),
    ]
}

fn value(report: &ValuationReport) -> Section {
    let mut section = Section::new("Value", "Value");
    let amount = Format::Number(1);
    let columns = vec![
        Column::new("method", "Terminal value by", Format::Text).wide(1.6),
        Column::new("value", "At the end", amount),
        Column::new("present", "Today", amount),
        Column::new("share", "Share of EV", Format::Percent(1)),
        Column::new("enterprise", "Enterprise value", amount),
        Column::new("per_share", "Value a share", Format::Number(2)),
    ];
    let mut table = Table::new("terminal", "Terminal value", columns);
    for one in &report.terminal_values {
        table.rows.push(vec![
            Cell::text(&one.method),
            Cell::number(one.value),
            Cell::number(one.present_value),
            share_of(one),
            Cell::number(one.enterprise_value).from_formula("SUM({forecast.present})+{present}"),
            Cell::number(one.value_per_share),
        ]);
    }
    section.push(Block::Table(table));
    let bars: Vec<_> = report
        .bridge
        .iter()
        .map(|one| (one.name.clone(), one.amount, number::grouped(one.amount, 1)))
        .collect();
    let chart = Bars { title: "From enterprise value to equity value", bars: &bars };
    section.push(Block::Figure(chart.draw((WIDTH, chart.height()))));
    section.push(Block::Table(bridge(report)));
    let columns = vec![
        Column::new("name", "Implied multiple", Format::Text).wide(3.0),
        Column::new("value", "Value", Format::Number(1)),
    ];
    let mut table = Table::new("multiples", "What the value implies", columns);
    for one in &report.multiples {
        table.rows.push(vec![Cell::text(&one.name), Cell::number(one.value)]);
    }
    if !table.rows.is_empty() {
        section.push(Block::Table(table));
    }
    section
}

fn share_of(terminal: &TerminalValue) -> Cell {
    match terminal.share_of_enterprise_value {
        Some(share) => Cell::number(share).from_formula("{present}/{enterprise}"),
        None => Cell::empty(),
    }
}

fn bridge(report: &ValuationReport) -> Table {
    let columns = vec![
        Column::new("name", "Item", Format::Text).wide(3.0),
        Column::new("amount", format!("Amount ({})", report.cover.currency), Format::Number(1)),
    ];
    let mut table = Table::new("bridge", "Bridge to equity value", columns);
    for (index, one) in report.bridge.iter().enumerate() {
        let amount = Cell::number(one.amount);
        let sums = one.total && index > 0;
        let formula = || format!("SUM({{bridge.amount#0}}:{{bridge.amount#{}}})", index - 1);
        let amount = if sums { amount.from_formula(formula()) } else { amount };
        table.rows.push(vec![Cell::text(&one.name), amount]);
    }
    table.total = report.bridge.last().is_some_and(|one| one.total);
    table
}

fn sensitivity(report: &ValuationReport) -> Section {
    let mut section = Section::new("Sensitivity", "Sensitivity");
    section.paragraph("The value of a share where two assumptions differ and all others stay as they are.");
    for (index, grid) in report.sensitivities.iter().enumerate() {
        let text = |values: &[f64], format| -> Vec<String> {
            values.iter().map(|value| Cell::number(*value).shown(format)).collect()
        };
        let chart = Sensitivity {
            row_name: &grid.row_name,
            rows: &text(&grid.rows, grid.row_format),
            column_name: &grid.column_name,
            columns: &text(&grid.columns, grid.column_format),
            values: &grid.values,
            centre: report.value_per_share,
        };
        section.push(Block::Figure(chart.draw((WIDTH, chart.height()))));
        section.push(Block::Data(grid_table(grid, index)));
    }
    section
}

fn grid_table(grid: &Grid, index: usize) -> Table {
    const IDS: [&str; 4] = ["grid_1", "grid_2", "grid_3", "grid_4"];
    let title = format!("Value a share by {} (down) and {} (across)", grid.row_name, grid.column_name);
    let mut columns = vec![Column::new("row", &grid.row_name, grid.row_format).wide(1.3)];
    for value in &grid.columns {
        let head = Cell::number(*value).shown(grid.column_format);
        columns.push(Column::new("value", head, Format::Number(2)));
    }
    let mut table = Table::new(IDS[index % IDS.len()], title, columns);
    for (name, values) in grid.rows.iter().zip(&grid.values) {
        let mut row = vec![Cell::number(*name)];
        row.extend(values.iter().map(|value| Cell::maybe(*value)));
        table.rows.push(row);
    }
    table
}

fn simulation(trials: &Trials, report: &ValuationReport) -> Section {
    let mut section = Section::new("Monte Carlo", "Monte Carlo");
    let mut text = format!(
        "{} trials with seed {}: the same seed gives the same trials.",
        number::grouped(trials.count as f64, 0),
        trials.seed
    );
    if let Some(above) = trials.probability_above_price {
        let _ =
            write!(text, " In {} of them a share is worth more than its price.", number::percent(above, 1));
    }
    section.paragraph(text);
    let mut marks = vec![("Value of the run".to_owned(), report.value_per_share)];
    marks.extend(report.price.map(|price| ("Price".to_owned(), price)));
    let unit = format!("{} a share", report.cover.currency);
    section.push(Block::Figure(amounts_chart("Simulated value a share", &trials.histogram, &marks, &unit)));
    let columns = vec![
        Column::new("percentile", "Percentile", Format::Text),
        Column::new("value", "Value a share", Format::Number(2)),
    ];
    let mut table = Table::new("percentiles", "By percentile", columns);
    for one in &trials.percentiles {
        table.rows.push(vec![Cell::text(format!("{}%", one.percentile)), Cell::number(one.value)]);
    }
    section.push(Block::Table(table));
    if !trials.drivers.is_empty() {
        let bars: Vec<_> = trials
            .drivers
            .iter()
            .map(|one| (one.name.clone(), one.rank_correlation, number::grouped(one.rank_correlation, 2)))
            .collect();
        let chart = Bars { title: "What the value depends on (rank correlation)", bars: &bars };
        section.push(Block::Figure(chart.draw((WIDTH, chart.height()))));
    }
    section.push(Block::Data(histogram_table(&trials.histogram, Format::Number(2))));
    section.push(native("Count", ChartKind::Column, "histogram", "from", "count", Format::Number(0)));
    section
}
