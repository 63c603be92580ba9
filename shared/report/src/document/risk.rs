use super::{
    Block, Cell, ChartKind, Document, Section, Tile,
    common::{
        WIDTH, decomposition, histogram_table, native, notes_section, risk_table, simulation_section,
        stress_section, tile, value_tile, warn, warnings,
    },
    portfolio::days,
};
use crate::{Format, chart::HistogramChart, model::RiskReport, number};

impl From<&RiskReport> for Document {
    fn from(report: &RiskReport) -> Self {
        let currency = &report.cover.currency;
        let warnings = warnings(&report.warnings, &report.cover, []);
        let mut sections = vec![measures(report, &warnings), sources(report)];
        sections.retain(|section| !section.blocks.is_empty());
        sections.extend(report.simulation.as_ref().map(|of| simulation_section(of, currency)));
        if !report.stress.is_empty() {
            sections.push(stress_section(&report.stress, report.value, currency));
        }
        sections.push(notes_section(&report.notes));
        Self { cover: report.cover.clone(), highlights: highlights(report), warnings, sections }
    }
}

fn highlights(report: &RiskReport) -> Vec<Tile> {
    let currency = &report.cover.currency;
    let mut tiles = vec![value_tile(Cell::number(report.value), report.basis, currency)];
    for measure in report.measures.iter().take(2) {
        let name = format!("VaR {}, {}", number::confidence(measure.confidence_level), days(measure.horizon));
        let amount = format!("{} {currency}", number::grouped(measure.value_at_risk_amount, 0));
        tiles.push(tile(&name, Cell::number(measure.value_at_risk), Format::Percent(2), amount));
    }
    if let Some(measure) = report.measures.first() {
        let name =
            format!("CVaR {}, {}", number::confidence(measure.confidence_level), days(measure.horizon));
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

fn measures(report: &RiskReport, warnings: &[String]) -> Section {
    let mut section = Section::new("Value at risk", "Risk");
    section.paragraph(
        "Value at risk is the loss that is not exceeded with the given confidence; conditional value at risk is the mean \
         of the losses beyond it. Losses are positive.",
    );
    warn(&mut section, warnings);
    let title = "By method, level and horizon";
    section.push(Block::Table(risk_table("risk", title, &report.measures, &report.cover.currency)));
    let histogram = &report.distribution;
    let marks: Vec<_> = report
        .measures
        .iter()
        .filter(|measure| measure.horizon == 1)
        .take(2)
        .map(|measure| {
            let name = format!("{}, VaR {}", measure.method, number::confidence(measure.confidence_level));
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

fn sources(report: &RiskReport) -> Section {
    let mut section = Section::new("Where the risk comes from", "Decomposition");
    decomposition(&mut section, &report.contributions, report.correlation.as_ref());
    section
}
