use super::{
    Block, Cell, ChartKind, Document, Section, Tile,
    common::{
        WIDTH, contribution_table, correlation_table, histogram_table, native, notes_section, risk_table,
        simulation_section, stress_section, tile,
    },
    portfolio::days,
};
use crate::{
    Format,
    chart::{Bars, HistogramChart},
    model::RiskReport,
    number,
};

impl From<&RiskReport> for Document {
    fn from(report: &RiskReport) -> Self {
        let currency = &report.cover.currency;
        let mut sections = vec![measures(report), decomposition(report)];
        sections.retain(|section| !section.blocks.is_empty());
        sections.extend(report.simulation.as_ref().map(|of| simulation_section(of, currency)));
        if !report.stress.is_empty() {
            sections.push(stress_section(&report.stress, report.value, currency));
        }
        sections.push(notes_section(&report.notes, &report.warnings));
        Self { cover: report.cover.clone(), highlights: highlights(report), sections }
    }
}

fn highlights(report: &RiskReport) -> Vec<Tile> {
    let currency = &report.cover.currency;
    let mut tiles = vec![tile("Value", Cell::number(report.value), Format::Number(0), currency.clone())];
    for measure in report.measures.iter().take(2) {
        let name = format!("VaR {}, {}", number::percent(measure.confidence_level, 0), days(measure.horizon));
        let amount = format!("{} {currency}", number::grouped(measure.value_at_risk_amount, 0));
        tiles.push(tile(&name, Cell::number(measure.value_at_risk), Format::Percent(2), amount));
    }
    if let Some(measure) = report.measures.first() {
        let name =
            format!("CVaR {}, {}", number::percent(measure.confidence_level, 0), days(measure.horizon));
        let amount = format!("{} {currency}", number::grouped(measure.conditional_value_at_risk_amount, 0));
        tiles.push(tile(&name, Cell::number(measure.conditional_value_at_risk), Format::Percent(2), amount));
    }
    if let Some(simulation) = &report.simulation {
        let remark = format!("after {}, simulated", days(simulation.horizon));
        tiles.push(tile(
            "Probability of loss",
            Cell::number(simulation.probability_of_loss),
            Format::Percent(1),
            remark,
        ));
    }
    let worst = report.stress.iter().min_by(|left, right| left.change.total_cmp(&right.change));
    if let Some(worst) = worst {
        tiles.push(tile(
            "Worst scenario",
            Cell::number(worst.change),
            Format::Percent(1),
            worst.name.clone(),
        ));
    }
    tiles
}

fn measures(report: &RiskReport) -> Section {
    let mut section = Section::new("Value at risk", "Risk");
    section.paragraph(
        "Value at risk is the loss that is not exceeded with the given confidence; conditional value at risk is the mean \
         of the losses beyond it. Losses are positive.",
    );
    let title = "By method, level and horizon";
    section.push(Block::Table(risk_table("risk", title, &report.measures, &report.cover.currency)));
    let histogram = &report.distribution;
    let marks: Vec<_> = report
        .measures
        .iter()
        .filter(|measure| measure.horizon == 1)
        .take(2)
        .map(|measure| {
            let name = format!("{}, VaR {}", measure.method, number::percent(measure.confidence_level, 0));
            (name, -measure.value_at_risk)
        })
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
    section
}

fn decomposition(report: &RiskReport) -> Section {
    let mut section = Section::new("Where the risk comes from", "Decomposition");
    if !report.contributions.is_empty() {
        let bars: Vec<_> = report
            .contributions
            .iter()
            .take(20)
            .map(|one| (one.symbol.clone(), one.share, number::percent(one.share, 1)))
            .collect();
        let chart = Bars { title: "Share of the portfolio's volatility", bars: &bars };
        section.push(Block::Figure(chart.draw((WIDTH, chart.height()))));
        section.push(Block::Table(contribution_table(&report.contributions)));
    }
    section.blocks.extend(report.correlation.as_ref().map(correlation_table).map(Block::Table));
    section
}
