use std::fmt::Write;

use super::{
    Block, Cell, ChartKind, Column, Document, Mark, NativeChart, Section, Table, Tile,
    common::{
        HALF, WIDTH, decomposition, native, notes_section, risk_table, simulation_section, stress_section,
        tile, value_tile, warn, warnings,
    },
    performance,
};
use crate::{
    Format,
    chart::{Allocation, FrontierChart},
    model::{Basis, Frontier, FrontierPoint, PerformanceFigures, PortfolioReport},
    number,
};
use rust_decimal::{Decimal, prelude::ToPrimitive};

impl From<&PortfolioReport> for Document {
    fn from(report: &PortfolioReport) -> Self {
        let currency = &report.cover.currency;
        let value = report.value.to_f64().unwrap_or(0.0);
        let benchmark = report.history.benchmark.iter().map(|benchmark| benchmark.name.as_str());
        let symbols = report.holdings.iter().map(|holding| holding.symbol.as_str());
        let warnings = warnings(&report.warnings, &report.cover, benchmark.chain(symbols));
        let mut sections = vec![summary(report, &warnings), holdings(report)];
        sections.push(performance::performance(report));
        sections.push(performance::drawdowns(report));
        sections.push(performance::calendar(report));
        sections.push(performance::distribution(report));
        sections.push(risk(report));
        sections.extend(report.simulation.as_ref().map(|of| simulation_section(of, currency)));
        if !report.stress.is_empty() {
            sections.push(stress_section(&report.stress, value, currency));
        }
        sections.extend(report.frontier.as_ref().map(frontier));
        sections.push(notes_section(&report.notes));
        sections.push(performance::daily(report));
        Self { cover: report.cover.clone(), highlights: highlights(report), warnings, sections }
    }
}

fn highlights(report: &PortfolioReport) -> Vec<Tile> {
    let figures = &report.performance;
    let other = report.benchmark_performance.as_ref();
    let name = report.history.benchmark.as_ref().map_or("", |benchmark| benchmark.name.as_str());
    let beside = |value: Option<f64>, format: Format| match value {
        Some(_) => format!("{name}: {}", Cell::maybe(value).shown(format)),
        None => String::new(),
    };
    let percent = Format::Percent(1);
    let (gain, of): (_, fn(&PerformanceFigures) -> Option<f64>) = if performance::is_short(report) {
        ("Hypothetical return, under a year", |of| of.cumulative_return)
    } else {
        ("Hypothetical return a year", |of| of.annual_return)
    };
    let mut tiles = vec![
        value_tile(Cell::decimal(report.value), report.basis, &report.cover.currency),
        tile(gain, Cell::maybe(of(figures)), percent, beside(other.and_then(of), percent)),
        tile(
            &annual(report, "Volatility a year"),
            Cell::maybe(figures.annual_volatility),
            percent,
            beside(other.and_then(|of| of.annual_volatility), percent),
        ),
        tile(
            &annual(report, "Sharpe ratio"),
            Cell::maybe(figures.sharpe),
            Format::Number(2),
            beside(other.and_then(|of| of.sharpe), Format::Number(2)),
        ),
        tile(
            "Maximum drawdown",
            Cell::maybe(figures.max_drawdown),
            percent,
            beside(other.and_then(|of| of.max_drawdown), percent),
        ),
    ];
    if let Some(measure) = report.risk.first() {
        let name = format!("VaR {}, {}", number::confidence(measure.confidence_level), days(measure.horizon));
        let amount =
            format!("{} {}", number::grouped(measure.value_at_risk_amount, 0), report.cover.currency);
        tiles.push(tile(&name, Cell::number(measure.value_at_risk), percent, amount));
    }
    tiles
}

/// The name of an annual figure; of a short history it is an extrapolation.
fn annual(report: &PortfolioReport, name: &str) -> String {
    if performance::is_short(report) {
        format!("{name}, of {}", days(report.history.returns.len()))
    } else {
        name.to_owned()
    }
}

pub(super) fn days(horizon: usize) -> String {
    if horizon == 1 { "1 day".into() } else { format!("{horizon} days") }
}

fn summary(report: &PortfolioReport, warnings: &[String]) -> Section {
    let mut section = Section::new("Summary", "Summary");
    section.paragraph(sentences(report));
    warn(&mut section, warnings);
    let largest: Vec<_> = report.holdings.iter().map(|one| (one.symbol.clone(), one.weight)).collect();
    let by_holding = Allocation { title: "Allocation by holding", shares: &largest };
    let first = report.allocation.first().map(|breakdown| {
        let shares: Vec<_> =
            breakdown.shares.iter().map(|share| (share.name.clone(), share.weight)).collect();
        (format!("Allocation by {}", breakdown.name.to_lowercase()), shares)
    });
    match first {
        Some((title, shares)) => {
            let other = Allocation { title: &title, shares: &shares };
            let height = by_holding.height().max(other.height());
            section.push(Block::Figures(by_holding.draw((HALF, height)), other.draw((HALF, height))));
        }
        None => {
            section.push(Block::Figure(by_holding.draw((WIDTH, by_holding.height()))));
        }
    }
    let columns = vec![
        Column::new("name", "Assumption", Format::Text).wide(3.0),
        Column::new("value", "Value", Format::Number(0)),
    ];
    let mut assumptions = Table::new("assumptions", "Assumptions", columns);
    let rate = Cell::number(report.history.risk_free_rate).shown_as(Format::Percent(2));
    assumptions.rows.push(vec![Cell::text("Risk-free rate, a year"), rate]);
    let periods = Cell::number(report.history.periods_per_year);
    assumptions.rows.push(vec![Cell::text("Trading days a year"), periods]);
    if let Some(cash) = report.cash {
        let name = format!("Cash beside the holdings, not counted ({})", report.cover.currency);
        assumptions.rows.push(vec![Cell::text(name), Cell::decimal(cash).shown_as(Format::Number(2))]);
    }
    section.push(Block::Table(assumptions));
    section
}

fn sentences(report: &PortfolioReport) -> String {
    let figures = &report.performance;
    let shown = |value: Option<f64>| Cell::maybe(value).shown(Format::Percent(1));
    let short = performance::is_short(report);
    let yearly = |value| if short { String::new() } else { format!(", {} a year", shown(value)) };
    let amount = |value: Decimal| {
        format!("{} {}", number::grouped(value.to_f64().unwrap_or(0.0), 2), report.cover.currency)
    };
    let (subject, count, day) = (&report.cover.subject, report.holdings.len(), report.cover.as_of);
    let value = amount(report.value);
    let mut text = match report.basis {
        Basis::Market => format!("{subject} is worth {value} in {count} holdings on {day}."),
        Basis::Invested => {
            format!("{subject} has {value} invested in {count} holdings on {day}, without its cash.")
        }
        Basis::Notional => format!(
            "{subject} is held by weight in {count} holdings; amounts are those of a notional {value} on {day}."
        ),
    };
    if let Some(cash) = report.cash {
        let _ = write!(text, " Beside them is {} of cash.", amount(cash));
    }
    if let Some(period) = report.cover.period {
        let _ = write!(
            text,
            " Held as it is from {} to {}, it would have returned {} in all{}, at a volatility of {} a year.",
            period.from,
            period.to,
            shown(figures.cumulative_return),
            yearly(figures.annual_return),
            shown(figures.annual_volatility)
        );
    }
    if let (Some(benchmark), Some(other)) = (&report.history.benchmark, &report.benchmark_performance) {
        let _ = write!(
            text,
            " {} returned {}{} at {}.",
            benchmark.name,
            shown(other.cumulative_return),
            yearly(other.annual_return),
            shown(other.annual_volatility)
        );
    }
    if let Some(worst) = report.drawdowns.first() {
        let _ = write!(
            text,
            " The deepest fall was {}, from {} to {}.",
            shown(Some(worst.depth)),
            worst.peak,
            worst.trough
        );
    }
    text
}

fn holdings(report: &PortfolioReport) -> Section {
    let mut section = Section::new("Holdings", "Holdings");
    let currency = &report.cover.currency;
    let columns = vec![
        Column::new("symbol", "Symbol", Format::Text).wide(1.3),
        Column::new("quantity", "Quantity", Format::Number(2)).wide(1.1),
        Column::new("price", format!("Price ({currency})"), Format::Number(2)).wide(1.1),
        Column::new("value", format!("Value ({currency})"), Format::Number(2)).wide(1.4),
        Column::new("weight", "Weight", Format::Percent(1)).wide(0.8),
        Column::new("return", "Return, period", Format::Percent(1)),
        Column::new("volatility", "Volatility", Format::Percent(1)).wide(0.9),
    ];
    let mut table = Table::new("holdings", "What is held", columns);
    for one in &report.holdings {
        let value = Cell::decimal(one.value);
        let counted = one.quantity.is_some() && one.price.is_some();
        let value = if counted { value.from_formula("{quantity}*{price}") } else { value };
        table.rows.push(vec![
            Cell::text(&one.symbol),
            one.quantity.map_or_else(Cell::empty, Cell::decimal),
            one.price.map_or_else(Cell::empty, Cell::decimal),
            value,
            Cell::number(one.weight).from_formula("{value}/SUM({holdings.value})"),
            Cell::maybe(one.total_return),
            Cell::maybe(one.volatility),
        ]);
    }
    table.rows.push(vec![
        Cell::text("Total"),
        Cell::empty(),
        Cell::empty(),
        Cell::decimal(report.value).from_formula("SUM({holdings.value})"),
        Cell::number(report.holdings.iter().map(|one| one.weight).sum())
            .from_formula("SUM({holdings.weight})"),
        Cell::empty(),
        Cell::empty(),
    ]);
    table.total = true;
    section.push(Block::Table(table));
    section.push(native("Weight", ChartKind::Bar, "holdings", "symbol", "weight", Format::Percent(0)));
    section
}

fn risk(report: &PortfolioReport) -> Section {
    let mut section = Section::new("Risk", "Risk");
    section.paragraph(
        "Value at risk is the loss that is not exceeded with the given confidence; conditional value at risk is the mean \
         of the losses beyond it. The methods differ in what they assume about returns: a wide spread between them is \
         itself a warning.",
    );
    let title = "Value at risk and conditional value at risk";
    section.push(Block::Table(risk_table("risk", title, &report.risk, &report.cover.currency)));
    decomposition(&mut section, &report.contributions, report.correlation.as_ref());
    section
}

fn frontier(frontier: &Frontier) -> Section {
    let mut section = Section::new("Efficient frontier", "Frontier");
    section.paragraph(
        "The line holds the portfolios of these holdings that have the least volatility for their expected return, long \
         only and fully invested. Expected returns are estimates from the period: they are far less certain than \
         volatilities.",
    );
    let points: Vec<_> = frontier.points.iter().map(|one| (one.volatility, one.expected_return)).collect();
    let named = |all: &[FrontierPoint]| -> Vec<(String, f64, f64)> {
        all.iter().map(|one| (one.name.clone(), one.volatility, one.expected_return)).collect()
    };
    let (portfolios, assets) = (named(&frontier.portfolios), named(&frontier.assets));
    let chart = FrontierChart { points: &points, portfolios: &portfolios, assets: &assets };
    section.push(Block::Figure(chart.draw((WIDTH, 250.0))));
    section.push(Block::Table(points_table("portfolios", "Portfolios of note", &frontier.portfolios)));
    if !frontier.trades.is_empty() {
        let last = frontier.portfolios.last().map_or("the frontier", |one| one.name.as_str());
        let columns = vec![
            Column::new("symbol", "Holding", Format::Text).wide(1.5),
            Column::new("current", "Now", Format::Percent(1)),
            Column::new("proposed", "There", Format::Percent(1)),
            Column::new("change", "Change", Format::Percent(1)),
        ];
        let mut table = Table::new("trades", format!("From the portfolio to: {last}"), columns);
        for one in &frontier.trades {
            table.rows.push(vec![
                Cell::text(&one.symbol),
                Cell::number(one.current),
                Cell::number(one.proposed),
                Cell::number(one.proposed - one.current).from_formula("{proposed}-{current}"),
            ]);
        }
        section.push(Block::Table(table));
    }
    let mut points = points_table("frontier", "Points of the frontier", &frontier.points);
    points.columns.remove(0);
    for row in &mut points.rows {
        row.remove(0);
    }
    section.push(Block::Data(points));
    let series = vec![("Efficient frontier".to_owned(), "return")];
    section.push(Block::Chart(NativeChart {
        title: "Efficient frontier".into(),
        kind: ChartKind::Scatter,
        table: "frontier",
        across: "volatility",
        series,
        mark: frontier.portfolios.first().map(|own| Mark {
            name: own.name.clone(),
            table: "portfolios",
            across: "volatility",
            up: "return",
        }),
        format: Format::Percent(0),
    }));
    section
}

fn points_table(id: &'static str, title: &str, points: &[FrontierPoint]) -> Table {
    let columns = vec![
        Column::new("name", "Portfolio", Format::Text).wide(2.0),
        Column::new("volatility", "Volatility a year", Format::Percent(2)),
        Column::new("return", "Expected return a year", Format::Percent(2)),
        Column::new("sharpe", "Sharpe ratio", Format::Number(2)),
    ];
    let mut table = Table::new(id, title, columns);
    for one in points {
        table.rows.push(vec![
            Cell::text(&one.name),
            Cell::number(one.volatility),
            Cell::number(one.expected_return),
            Cell::maybe(one.sharpe),
        ]);
    }
    table
}
