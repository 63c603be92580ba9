//! The history of a portfolio: its growth, its drawdowns, its returns by month, their distribution.

use super::{
    Block, Cell, ChartKind, Column, NativeChart, Section, Table,
    common::{HALF, WIDTH, histogram_table, native},
    partial::Partial,
};
use crate::{
    Format,
    chart::{EquityCurve, HistogramChart, MONTHS, MonthlyReturns, RollingFigure, Underwater},
    drawing::palette,
    model::{PerformanceFigures, PortfolioReport},
    number,
};

pub(super) fn performance(report: &PortfolioReport) -> Section {
    let mut section = Section::new("Performance", "Performance");
    section.paragraph(
        "Hypothetical: what the holdings as they are would have returned, held throughout. It is not the history of the \
         account.",
    );
    let history = &report.history;
    let wealth = wealth(&history.returns);
    let benchmark = history.benchmark.as_ref();
    let other = benchmark.map(|benchmark| self::wealth(&benchmark.returns));
    let curve = EquityCurve {
        dates: &history.dates,
        portfolio: &wealth,
        benchmark: benchmark.zip(other.as_deref()).map(|(of, values)| (of.name.as_str(), values)),
    };
    section.push(Block::Figure(curve.draw((WIDTH, 185.0))));
    section.push(Block::Table(metrics(report)));
    let mut series = vec![("Portfolio".to_owned(), "index")];
    series.extend(benchmark.map(|benchmark| (benchmark.name.clone(), "benchmark_index")));
    section.push(Block::Chart(NativeChart {
        title: "Growth of 100".into(),
        kind: ChartKind::Line,
        table: "daily",
        across: "date",
        series,
        mark: None,
        format: Format::Number(0),
    }));
    section
}

/// Whether there is less than a year of history, which annual figures extrapolate.
pub(super) fn is_short(report: &PortfolioReport) -> bool {
    (report.history.returns.len() as f64) < report.history.periods_per_year
}

pub(super) fn drawdowns(report: &PortfolioReport) -> Section {
    let mut section = Section::new("Drawdowns", "Drawdowns");
    let history = &report.history;
    let values = underwater(&wealth(&history.returns));
    let chart = Underwater { dates: &history.dates, drawdowns: &values };
    section.push(Block::Figure(chart.draw((WIDTH, 170.0))));
    let columns = vec![
        Column::new("peak", "Peak", Format::Date).wide(1.2),
        Column::new("trough", "Trough", Format::Date).wide(1.2),
        Column::new("recovery", "Recovery", Format::Date).wide(1.2),
        Column::new("depth", "Depth", Format::Percent(1)),
        Column::new("length", "Trading days", Format::Number(0)),
    ];
    let mut table = Table::new("drawdowns", "The deepest drawdowns", columns);
    for one in &report.drawdowns {
        table.rows.push(vec![
            Cell::date(one.peak),
            Cell::date(one.trough),
            one.recovery.map_or_else(|| Cell::text("not yet"), Cell::date),
            Cell::number(one.depth),
            Cell::number(one.length as f64),
        ]);
    }
    section.push(Block::Table(table));
    section.push(native("Drawdown", ChartKind::Area, "daily", "date", "drawdown", Format::Percent(0)));
    section
}

pub(super) fn calendar(report: &PortfolioReport) -> Section {
    let mut section = Section::new("Calendar returns", "Calendar");
    let months: Vec<_> = report.monthly_returns.iter().map(|one| (one.year, one.month, one.value)).collect();
    let years: Vec<_> = report.yearly_returns.iter().map(|one| (one.year, one.value)).collect();
    let partial = Partial::of(&report.history.dates);
    let chart = MonthlyReturns {
        months: &months,
        years: &years,
        partial_months: &partial.months,
        partial_years: &partial.years,
    };
    section.push(Block::Figure(chart.draw((WIDTH, chart.height()))));
    if let (false, Some(from), Some(to)) =
        (partial.months.is_empty(), report.history.dates.first(), report.history.dates.last())
    {
        section.paragraph(format!("* A part of it only: the history is from {from} to {to}."));
    }
    let columns = vec![
        Column::new("year", "Year", Format::Text),
        Column::new("portfolio", "Portfolio", Format::Percent(1)),
        Column::new("benchmark", "Benchmark", Format::Percent(1)),
        Column::new("difference", "Difference", Format::Percent(1)),
    ];
    let mut table = Table::new("years", "Calendar years", columns);
    for one in &report.yearly_returns {
        let difference = one.benchmark.map(|benchmark| one.value - benchmark);
        let difference = match difference {
            None => Cell::empty(),
            Some(value) => Cell::number(value).from_formula("{portfolio}-{benchmark}"),
        };
        let year = Cell::text(partial.named(one.year));
        table.rows.push(vec![year, Cell::number(one.value), Cell::maybe(one.benchmark), difference]);
    }
    section.push(Block::Table(table));
    section.push(Block::Data(months_table(report, &partial)));
    let mut series = vec![("Portfolio".to_owned(), "portfolio")];
    if let Some(benchmark) = &report.history.benchmark {
        series.push((benchmark.name.clone(), "benchmark"));
    }
    section.push(Block::Chart(NativeChart {
        title: "Calendar years".into(),
        kind: ChartKind::Column,
        table: "years",
        across: "year",
        series,
        mark: None,
        format: Format::Percent(0),
    }));
    section
}

/// A row a year, from whose months the workbook computes its return.
fn months_table(report: &PortfolioReport, partial: &Partial) -> Table {
    const KEYS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let mut columns = vec![Column::new("year", "Year", Format::Text)];
    columns.extend(KEYS.iter().zip(MONTHS).map(|(key, name)| Column::new(key, name, Format::Percent(1))));
    columns.push(Column::new("total", "Year", Format::Percent(1)));
    let mut table = Table::new("months", "Monthly returns", columns);
    table.heat = true;
    let product = KEYS.map(|key| format!("(1+{{{key}}})")).join("*");
    for year in &report.yearly_returns {
        let mut row = vec![Cell::empty(); 14];
        row[0] = Cell::text(partial.named(year.year));
        for one in report.monthly_returns.iter().filter(|one| one.year == year.year) {
            if let Some(cell) = row.get_mut(one.month.clamp(1, 12) as usize) {
                *cell = Cell::number(one.value);
            }
        }
        row[13] = Cell::number(year.value).from_formula(format!("{product}-1"));
        table.rows.push(row);
    }
    table
}

pub(super) fn distribution(report: &PortfolioReport) -> Section {
    let mut section = Section::new("Distribution and rolling figures", "Distribution");
    let histogram = &report.distribution;
    let marks: Vec<_> = report
        .risk
        .iter()
        .find(|measure| measure.horizon == 1)
        .map(|measure| {
            let name = format!("VaR {}", number::confidence(measure.confidence_level));
            (name, -measure.value_at_risk)
        })
        .into_iter()
        .collect();
    let chart = HistogramChart {
        title: "Distribution of daily returns",
        unit: "return of a day",
        edges: &histogram.edges,
        counts: &histogram.counts,
        normal: Some((histogram.mean, histogram.standard_deviation)),
        marks: &marks,
        percent: true,
    };
    section.push(Block::Figure(chart.draw((WIDTH, 195.0))));
    section.push(Block::Data(histogram_table(histogram, Format::Percent(2))));
    section.push(native("Count", ChartKind::Column, "histogram", "from", "count", Format::Number(0)));
    if let Some(rolling) = &report.rolling {
        let (volatility, sharpe) = (
            format!("Volatility over {} days", rolling.window),
            format!("Sharpe ratio over {} days", rolling.window),
        );
        let percent = RollingFigure {
            title: &volatility,
            dates: &rolling.dates,
            values: &rolling.volatility,
            percent: true,
            colour: palette::BLUE,
        };
        let ratios: Vec<f64> = rolling.sharpe.iter().map(|value| value.unwrap_or(f64::NAN)).collect();
        let ratio = RollingFigure {
            title: &sharpe,
            values: &ratios,
            percent: false,
            colour: palette::GREEN,
            ..percent
        };
        section.push(Block::Figures(percent.draw((HALF, 150.0)), ratio.draw((HALF, 150.0))));
        section.push(Block::Data(rolling_table(report)));
    }
    section
}

fn rolling_table(report: &PortfolioReport) -> Table {
    let columns = vec![
        Column::new("date", "Date", Format::Date),
        Column::new("volatility", "Volatility", Format::Percent(2)),
        Column::new("sharpe", "Sharpe", Format::Number(2)),
    ];
    let mut table = Table::new("rolling", "Over a moving window", columns);
    if let Some(rolling) = &report.rolling {
        for ((date, volatility), sharpe) in rolling.dates.iter().zip(&rolling.volatility).zip(&rolling.sharpe)
        {
            table.rows.push(vec![Cell::date(*date), Cell::number(*volatility), Cell::maybe(*sharpe)]);
        }
    }
    table
}

/// The daily series, from which the workbook computes the index and the drawdown.
pub(super) fn daily(report: &PortfolioReport) -> Section {
    let mut section = Section::new("Daily series", "Daily");
    let history = &report.history;
    let mut columns = vec![
        Column::new("date", "Date", Format::Date),
        Column::new("return", "Return", Format::Percent(3)),
        Column::new("index", "Index", Format::Number(3)),
        Column::new("peak", "Peak", Format::Number(3)),
        Column::new("drawdown", "Drawdown", Format::Percent(2)),
    ];
    let benchmark = history.benchmark.as_ref();
    if let Some(benchmark) = benchmark {
        columns.push(Column::new("benchmark", &benchmark.name, Format::Percent(3)));
        columns.push(Column::new("benchmark_index", "Benchmark index", Format::Number(3)));
    }
    let mut table = Table::new("daily", "Daily series", columns);
    let (own, mut peak) = (wealth(&history.returns), 0.0_f64);
    let other = benchmark.map(|benchmark| wealth(&benchmark.returns));
    for (index, date) in history.dates.iter().enumerate() {
        peak = peak.max(own[index]);
        let (value, below) = (Cell::number(own[index]), Cell::number(own[index] / peak - 1.0));
        let mut row = vec![Cell::date(*date)];
        if index == 0 {
            row.extend([Cell::empty(), value.clone(), value, below]);
        } else {
            row.extend([
                Cell::number(history.returns[index - 1]),
                value.from_formula("{^index}*(1+{return})"),
                Cell::number(peak).from_formula("MAX({^peak},{index})"),
                below.from_formula("{index}/{peak}-1"),
            ]);
        }
        if let Some((benchmark, other)) = benchmark.zip(other.as_ref()) {
            let value = Cell::number(other[index]);
            if index == 0 {
                row.extend([Cell::empty(), value]);
            } else {
                row.push(Cell::number(benchmark.returns[index - 1]));
                row.push(value.from_formula("{^benchmark_index}*(1+{benchmark})"));
            }
        }
        table.rows.push(row);
    }
    section.push(Block::Data(table));
    section
}

/// A figure of a history.
type Get = fn(&PerformanceFigures) -> Option<f64>;

/// How a workbook computes a figure from the daily series.
type Formula = Option<&'static str>;

fn metrics(report: &PortfolioReport) -> Table {
    const PERIODS: &str = "{assumptions.value#1}";
    let columns = vec![
        Column::new("name", "Figure", Format::Text).wide(2.0),
        Column::new("portfolio", "Portfolio", Format::Percent(2)),
        Column::new("benchmark", "Benchmark", Format::Percent(2)),
        Column::new("check", "Portfolio, from the daily series", Format::Percent(2)).unprinted(),
    ];
    let title = if is_short(report) {
        "Figures of the period; it is less than a year, so annual ones are extrapolated"
    } else {
        "Figures of the period"
    };
    let mut table = Table::new("metrics", title, columns);
    let last = report.history.returns.len();
    let (percent, ratio) = (Format::Percent(2), Format::Number(2));
    let total = format!("{{daily.index#{last}}}/{{daily.index#0}}-1");
    let annual = format!("({{daily.index#{last}}}/{{daily.index#0}})^({PERIODS}/COUNT({{daily.return}}))-1");
    let volatility = format!("STDEV({{daily.return}})*SQRT({PERIODS})");
    let sharpe = format!(
        "(AVERAGE({{daily.return}})-{{assumptions.value#0}}/{PERIODS})/STDEV({{daily.return}})*SQRT({PERIODS})"
    );
    let calmar = format!("({annual})/ABS(MIN({{daily.drawdown}}))");
    let rows: [(&str, Format, Get, Formula, Option<String>); 15] = [
        ("Cumulative return", percent, |of| of.cumulative_return, None, Some(total)),
        ("Annual return (CAGR)", percent, |of| of.annual_return, None, Some(annual)),
        ("Annual volatility", percent, |of| of.annual_volatility, None, Some(volatility)),
        ("Downside deviation", percent, |of| of.downside_deviation, None, None),
        ("Maximum drawdown", percent, |of| of.max_drawdown, Some("MIN({daily.drawdown})"), None),
        ("Sharpe ratio", ratio, |of| of.sharpe, None, Some(sharpe)),
        ("Probabilistic Sharpe ratio", percent, |of| of.probabilistic_sharpe, None, None),
        ("Sortino ratio", ratio, |of| of.sortino, None, None),
        ("Calmar ratio", ratio, |of| of.calmar, None, Some(calmar)),
        ("Omega ratio", ratio, |of| of.omega, None, None),
        (
            "Win rate, days",
            percent,
            |of| of.win_rate,
            Some("COUNTIF({daily.return},\">0\")/COUNT({daily.return})"),
            None,
        ),
        ("Best day", percent, |of| of.best_day, Some("MAX({daily.return})"), None),
        ("Worst day", percent, |of| of.worst_day, Some("MIN({daily.return})"), None),
        ("Skewness", ratio, |of| of.skewness, Some("SKEW({daily.return})"), None),
        ("Excess kurtosis", ratio, |of| of.excess_kurtosis, Some("KURT({daily.return})"), None),
    ];
    let mut push = |name: &str, format, get: Get, formula: Option<String>| {
        let own = get(&report.performance);
        let other = report.benchmark_performance.as_ref().and_then(get);
        if own.is_none() && other.is_none() {
            return;
        }
        let check = formula.filter(|_| own.is_some());
        let check = check.map_or_else(Cell::empty, |formula| Cell::maybe(own).from_formula(formula));
        table.rows.push(vec![
            Cell::text(name),
            Cell::maybe(own).shown_as(format),
            Cell::maybe(other).shown_as(format),
            check.shown_as(format),
        ]);
    };
    for (name, format, get, fixed, composed) in rows {
        push(name, format, get, fixed.map(str::to_owned).or(composed));
    }
    let active = "{daily.return},{daily.benchmark}";
    let rows: [(&str, Format, Get, Option<String>); 8] = [
        ("Beta", ratio, |of| of.beta, Some(format!("SLOPE({active})"))),
        ("Alpha, a year", percent, |of| of.alpha, None),
        ("Correlation", ratio, |of| of.correlation, Some(format!("CORREL({active})"))),
        ("R²", ratio, |of| of.r_squared, Some(format!("RSQ({active})"))),
        ("Tracking error", percent, |of| of.tracking_error, None),
        ("Information ratio", ratio, |of| of.information_ratio, None),
        ("Up capture", percent, |of| of.up_capture, None),
        ("Down capture", percent, |of| of.down_capture, None),
    ];
    for (name, format, get, formula) in rows {
        push(name, format, get, formula.filter(|_| report.history.benchmark.is_some()));
    }
    table
}

/// What 100 becomes: one value more than returns.
pub(super) fn wealth(returns: &[f64]) -> Vec<f64> {
    let mut value = 100.0;
    std::iter::once(value)
        .chain(returns.iter().map(|one| {
            value *= 1.0 + one;
            value
        }))
        .collect()
}

fn underwater(wealth: &[f64]) -> Vec<f64> {
    let mut peak = 0.0_f64;
    wealth
        .iter()
        .map(|value| {
            peak = peak.max(*value);
            value / peak - 1.0
        })
        .collect()
}
