//! What several kinds of reports have in common.

use super::{Block, Cell, ChartKind, Column, NativeChart, Section, Table, Tile};
use crate::{
    Format,
    chart::{Bars, Fan, HistogramChart},
    font,
    model::{Basis, Contribution, Correlation, Cover, Histogram, Note, RiskMeasure, Simulation, Stress},
    number,
};

/// How wide a figure is on paper, in points.
pub(super) const WIDTH: f64 = 491.0;
/// How wide one of two figures is.
pub(super) const HALF: f64 = 238.0;

pub(super) fn tile(name: &str, value: Cell, format: Format, remark: impl Into<String>) -> Tile {
    Tile { name: name.into(), value: value.shown_as(format), remark: remark.into() }
}

pub(super) fn risk_table(id: &'static str, title: &str, measures: &[RiskMeasure], currency: &str) -> Table {
    let columns = vec![
        Column::new("method", "Method", Format::Text).wide(2.4),
        Column::new("level", "Confidence", Format::Percent(2)),
        Column::new("horizon", "Days", Format::Number(0)).wide(0.6),
        Column::new("var", "VaR", Format::Percent(2)),
        Column::new("cvar", "CVaR", Format::Percent(2)),
        Column::new("var_amount", format!("VaR ({currency})"), Format::Number(0)).wide(1.3),
        Column::new("cvar_amount", format!("CVaR ({currency})"), Format::Number(0)).wide(1.3),
    ];
    let mut table = Table::new(id, title, columns);
    for measure in measures {
        table.rows.push(vec![
            Cell::text(if measure.reliable {
                measure.method.clone()
            } else {
                format!("{} (unreliable)", measure.method)
            }),
            Cell::number(measure.confidence_level),
            Cell::number(measure.horizon as f64),
            Cell::number(measure.value_at_risk),
            Cell::number(measure.conditional_value_at_risk),
            Cell::number(measure.value_at_risk_amount),
            Cell::number(measure.conditional_value_at_risk_amount),
        ]);
    }
    table
}

pub(super) fn contribution_table(contributions: &[Contribution]) -> Table {
    let columns = vec![
        Column::new("symbol", "Holding", Format::Text).wide(1.4),
        Column::new("weight", "Weight", Format::Percent(1)),
        Column::new("marginal", "Marginal volatility", Format::Percent(2)).wide(1.2),
        Column::new("component", "Component", Format::Percent(2)),
        Column::new("share", "Share of risk", Format::Percent(1)),
    ];
    let mut table = Table::new("contributions", "Contributions to volatility, of today's weights", columns);
    for one in contributions {
        table.rows.push(vec![
            Cell::text(&one.symbol),
            Cell::number(one.weight),
            Cell::number(one.marginal),
            Cell::number(one.component).from_formula("{weight}*{marginal}"),
            Cell::number(one.share).from_formula("{component}/SUM({contributions.component})"),
        ]);
    }
    let sum = |of: fn(&Contribution) -> f64| contributions.iter().map(of).sum();
    table.rows.push(vec![
        Cell::text("Total"),
        Cell::number(sum(|one| one.weight)).from_formula("SUM({contributions.weight})"),
        Cell::empty(),
        Cell::number(sum(|one| one.component)).from_formula("SUM({contributions.component})"),
        Cell::number(sum(|one| one.share)).from_formula("SUM({contributions.share})"),
    ]);
    table.total = true;
    table
}

/// Where the risk comes from: the largest shares as a chart, then all in a table, and how holdings move together.
pub(super) fn decomposition(
    section: &mut Section,
    contributions: &[Contribution],
    correlation: Option<&Correlation>,
) {
    const MOST: usize = 20;
    if !contributions.is_empty() {
        let bars: Vec<_> = contributions
            .iter()
            .take(MOST)
            .map(|one| (one.symbol.clone(), one.share, number::percent(one.share, 1)))
            .collect();
        let of_all = of_all(MOST, contributions.len(), ": the");
        let title = format!("Share of the portfolio's volatility, of today's weights{of_all}");
        let chart = Bars { title: &title, bars: &bars };
        section.push(Block::Figure(chart.draw((WIDTH, chart.height()))));
        section.push(Block::Table(contribution_table(contributions)));
    }
    section.blocks.extend(correlation.map(correlation_table).map(Block::Table));
}

/// What a title adds where not all is shown.
fn of_all(most: usize, count: usize, before: &str) -> String {
    if count > most { format!("{before} {most} largest of {count} holdings") } else { String::new() }
}

fn correlation_table(correlation: &Correlation) -> Table {
    // More than that can't be read on a page; CSV and workbooks have no such limit.
    const MOST: usize = 14;
    let mut columns = vec![Column::new("symbol", "Holding", Format::Text).wide(1.2)];
    for (index, symbol) in correlation.symbols.iter().enumerate() {
        let column = Column::new("correlation", symbol, Format::Number(2));
        columns.push(if index < MOST { column } else { column.unprinted() });
    }
    let of_all = of_all(MOST, correlation.symbols.len(), ", on paper of the");
    let mut table = Table::new("correlation", format!("Correlation of daily returns{of_all}"), columns);
    table.heat = true;
    table.printed_rows = MOST;
    for (symbol, row) in correlation.symbols.iter().zip(&correlation.matrix) {
        let mut cells = vec![Cell::text(symbol)];
        cells.extend(row.iter().map(|value| Cell::number(*value)));
        table.rows.push(cells);
    }
    table
}

pub(super) fn stress_section(stress: &[Stress], value: f64, currency: &str) -> Section {
    let mut section = Section::new("Stress tests", "Stress");
    section.paragraph(
        "What the holdings as they are would gain or lose at once in each scenario, without any trade in between.",
    );
    let bars: Vec<_> =
        stress.iter().map(|one| (one.name.clone(), one.change, number::percent(one.change, 1))).collect();
    let chart = Bars { title: "Change of value by scenario", bars: &bars };
    if !bars.is_empty() && bars.len() <= 24 {
        section.push(Block::Figure(chart.draw((WIDTH, chart.height()))));
    }
    let columns = vec![
        Column::new("name", "Scenario", Format::Text).wide(1.7),
        Column::new("description", "What happens", Format::Text).wide(3.4),
        Column::new("change", "Change", Format::Percent(1)).wide(0.8),
        Column::new("amount", format!("Amount ({currency})"), Format::Number(0)).wide(1.2),
    ];
    let mut table = Table::new("stress", "Scenarios", columns);
    for one in stress {
        table.rows.push(vec![
            Cell::text(&one.name),
            Cell::text(&one.description),
            Cell::number(one.change).from_formula(format!("{{amount}}/{value}")),
            Cell::number(one.amount),
        ]);
    }
    section.push(Block::Table(table));
    section.push(native("Change of value", ChartKind::Bar, "stress", "name", "change", Format::Percent(1)));
    section
}

pub(super) fn simulation_section(simulation: &Simulation, currency: &str) -> Section {
    let mut section = Section::new("Monte Carlo simulation", "Simulation");
    section.paragraph(format!(
        "{} futures of {} trading days, {}, seed {}: the same seed gives the same futures. {} of them end below today's \
         value.",
        number::grouped(simulation.paths as f64, 0),
        simulation.horizon,
        simulation.model,
        simulation.seed,
        number::percent(simulation.probability_of_loss, 1),
    ));
    let bands: Vec<_> = simulation.bands.iter().map(|band| (band.percentile, band.values.clone())).collect();
    let fan = Fan { steps: &simulation.steps, bands: &bands, unit: "trading days", currency };
    section.push(Block::Figure(fan.draw((WIDTH, 225.0))));
    let title = format!("Value after {} trading days", simulation.horizon);
    section.push(Block::Figure(amounts_chart(&title, &simulation.terminal, &[], currency)));
    let columns = vec![
        Column::new("percentile", "Percentile", Format::Text),
        Column::new("value", format!("Value ({currency})"), Format::Number(0)),
    ];
    let mut table = Table::new("percentiles", format!("{title}, by percentile"), columns);
    for one in &simulation.percentiles {
        table.rows.push(vec![Cell::text(format!("{}%", one.percentile)), Cell::number(one.value)]);
    }
    section.push(Block::Table(table));
    if !simulation.risk.is_empty() {
        let title = "Risk at the horizon, from the simulation";
        section.push(Block::Table(risk_table("simulated_risk", title, &simulation.risk, currency)));
    }
    section.push(Block::Data(fan_table(simulation)));
    let series = [("Percentile 5%", "p5"), ("Median", "p50"), ("Percentile 95%", "p95")];
    section.push(Block::Chart(NativeChart {
        title: "Simulated value".into(),
        kind: ChartKind::Scatter,
        table: "fan",
        across: "step",
        series: series.map(|(name, key)| (name.to_owned(), key)).to_vec(),
        mark: None,
        format: Format::Number(0),
    }));
    section
}

fn fan_table(simulation: &Simulation) -> Table {
    let mut columns = vec![Column::new("step", "Trading day", Format::Number(0))];
    for band in &simulation.bands {
        let key = match band.percentile {
            5.0 => "p5",
            50.0 => "p50",
            95.0 => "p95",
            _ => "percentile",
        };
        columns.push(Column::new(key, format!("{}%", band.percentile), Format::Number(2)));
    }
    let mut table = Table::new("fan", "Percentiles of the simulated value as time goes on", columns);
    for (index, step) in simulation.steps.iter().enumerate() {
        let mut cells = vec![Cell::number(*step)];
        cells.extend(simulation.bands.iter().map(|band| Cell::maybe(band.values.get(index).copied())));
        table.rows.push(cells);
    }
    table
}

pub(super) fn amounts_chart(
    title: &str,
    histogram: &Histogram,
    marks: &[(String, f64)],
    unit: &str,
) -> crate::drawing::Drawing {
    HistogramChart {
        title,
        unit,
        edges: &histogram.edges,
        counts: &histogram.counts,
        normal: None,
        marks,
        percent: false,
    }
    .draw((WIDTH, 195.0))
}

pub(super) fn histogram_table(histogram: &Histogram, format: Format) -> Table {
    let columns = vec![
        Column::new("from", "From", format),
        Column::new("to", "To", format),
        Column::new("count", "Count", Format::Number(0)),
        Column::new("share", "Share", Format::Percent(2)),
    ];
    let mut table = Table::new("histogram", "Distribution, by bin", columns);
    let total = histogram.counts.iter().sum::<u64>() as f64;
    for (pair, count) in histogram.edges.windows(2).zip(&histogram.counts) {
        table.rows.push(vec![
            Cell::number(pair[0]),
            Cell::number(pair[1]),
            Cell::number(*count as f64),
            Cell::number(*count as f64 / total).from_formula("{count}/SUM({histogram.count})"),
        ]);
    }
    table
}

/// What a reader must know: of the data, and of names that the pages can't show.
pub(super) fn warnings<'a>(
    told: &[String],
    cover: &'a Cover,
    names: impl IntoIterator<Item = &'a str>,
) -> Vec<String> {
    let mut warnings = told.to_vec();
    let mut names = [cover.subject.as_str(), &cover.organisation].into_iter().chain(names);
    if !names.all(font::shows) {
        warnings.push(
            "The typeface of the pages lacks characters of a name: a box stands for each. Other formats have the name \
             as it is."
                .into(),
        );
    }
    warnings
}

pub(super) fn warn(section: &mut Section, warnings: &[String]) {
    for warning in warnings {
        section.push(Block::Note("Please note".into(), warning.clone()));
    }
}

/// A tile of what a portfolio is worth, as far as the report counts it.
pub(super) fn value_tile(value: Cell, basis: Basis, currency: &str) -> Tile {
    let name = match basis {
        Basis::Market => "Value",
        Basis::Invested => "Invested, without cash",
        Basis::Notional => "Notional value",
    };
    tile(name, value, Format::Number(0), currency)
}

pub(super) fn notes_section(notes: &[Note]) -> Section {
    let mut section = Section::new("Methods, data and disclaimer", "Notes");
    for note in notes {
        section.push(Block::Note(note.topic.clone(), note.text.clone()));
    }
    section.push(Block::Note("Disclaimer".into(), DISCLAIMER.into()));
    section
}

pub(super) fn native(
    title: &str,
    kind: ChartKind,
    table: &'static str,
    across: &'static str,
    column: &'static str,
    format: Format,
) -> Block {
    let series = vec![(title.to_owned(), column)];
    Block::Chart(NativeChart { title: title.into(), kind, table, across, series, mark: None, format })
}

const DISCLAIMER: &str = "This report was computed from the data that its reader's organisation stored. It is information, not investment advice, not an offer and not a recommendation to buy or sell. Past performance and \
simulated results do not tell future results. Figures are estimates that depend on the data, the period and the methods \
above; fees, taxes, market impact and liquidity are left out unless a section says otherwise. Prices may be wrong, late or \
missing. Nobody should decide on the grounds of this report alone.";
