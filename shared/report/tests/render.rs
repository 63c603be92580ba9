//! Reports of all kinds in all formats, read back with other people's readers.

#![allow(clippy::panic, clippy::unwrap_used, reason = "these are tests, with their helpers")]

mod sample;

use std::{io::Cursor, path::PathBuf};

use calamine::{Data, Reader, Xlsx};
use report::{
    FileFormat, Report,
    model::{Basis, Contribution, Correlation, PortfolioReport},
};
use rust_decimal::Decimal;

const FORMATS: [FileFormat; 4] = [FileFormat::Pdf, FileFormat::Xlsx, FileFormat::Csv, FileFormat::Json];

fn reports() -> [(&'static str, Report); 3] {
    [
        ("portfolio", Report::Portfolio(Box::new(sample::portfolio()))),
        ("valuation", Report::Valuation(Box::new(sample::valuation()))),
        ("risk", Report::Risk(Box::new(sample::risk()))),
    ]
}

/// Kept for whoever wants to look at them: `target/tmp`.
fn keep(name: &str, bytes: &[u8]) {
    std::fs::write(PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name), bytes).unwrap();
}

fn text(pdf: &[u8]) -> String {
    let text = pdf_extract::extract_text_from_mem(pdf).unwrap();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn workbook(report: &Report) -> Xlsx<Cursor<Vec<u8>>> {
    Xlsx::new(Cursor::new(report.render(FileFormat::Xlsx).unwrap().bytes)).unwrap()
}

#[test]
fn the_same_report_has_the_same_bytes() {
    for (name, report) in reports() {
        for format in FORMATS {
            let first = report.render(format).unwrap();
            assert!(first.bytes == report.render(format).unwrap().bytes, "{name} {format:?}");
            keep(&format!("{name}.{}", format.extension()), &first.bytes);
        }
    }
}

#[test]
fn json_is_the_model() {
    for (_, report) in reports() {
        let json = report.render(FileFormat::Json).unwrap();
        // Parsed figures may differ in their last bit, which no page shows.
        let read: Report = serde_json::from_slice(&json.bytes).unwrap();
        assert_eq!(read.document().highlights.len(), report.document().highlights.len());
        let pages = |report: &Report| text(&report.render(FileFormat::Pdf).unwrap().bytes);
        assert_eq!(pages(&read), pages(&report));
    }
}

#[test]
fn a_page_says_what_the_model_says() {
    let model = sample::portfolio();
    let pdf = Report::Portfolio(Box::new(model.clone())).render(FileFormat::Pdf).unwrap();
    let text = text(&pdf.bytes);
    let percent = |value: f64, decimals: usize| format!("{:.*}%", decimals, value * 100.0).replace('-', "−");
    let figures = &model.performance;
    for value in
        [figures.cumulative_return, figures.annual_return, figures.annual_volatility, figures.max_drawdown]
    {
        assert!(text.contains(&percent(value.unwrap(), 2)), "{value:?}");
    }
    for one in &model.holdings {
        assert!(text.contains(&one.symbol) && text.contains(&percent(one.weight, 1)), "{one:?}");
    }
    for one in &model.risk {
        assert!(text.contains(&percent(one.value_at_risk, 2)), "{one:?}");
    }
    for one in &model.drawdowns {
        assert!(text.contains(&one.trough.to_string()), "{one:?}");
    }
    for one in &model.stress {
        assert!(text.contains(&percent(one.change, 1)) && text.contains(&one.name), "{one:?}");
    }
    for heading in ["Contents", "Efficient frontier", "Monte Carlo simulation", "Disclaimer", "Page 2 of"] {
        assert!(text.contains(heading), "{heading}");
    }
}

#[test]
fn a_pdf_embeds_its_fonts_and_is_tagged_for_archives_and_readers() {
    for (name, report) in reports() {
        let pdf = report.render(FileFormat::Pdf).unwrap().bytes;
        let document = pdf_extract::Document::load_mem(&pdf).unwrap();
        let pages = document.get_pages().len();
        assert!((4..=14).contains(&pages), "{name} has {pages} pages");
        let descriptors: Vec<_> = document
            .objects
            .values()
            .filter_map(|object| object.as_dict().ok())
            .filter(|dictionary| dictionary.has_type(b"FontDescriptor"))
            .collect();
        assert!(!descriptors.is_empty());
        assert!(descriptors.iter().all(|one| one.has(b"FontFile2") || one.has(b"FontFile3")));
        assert!(pdf.len() < 600_000, "{name}: {} bytes", pdf.len());
        // The stream of XMP metadata is never compressed in PDF/A.
        let plain = String::from_utf8_lossy(&pdf);
        assert!(
            plain.contains("<pdfaid:part>2</pdfaid:part>")
                && plain.contains("<pdfaid:conformance>A</pdfaid:conformance>")
        );
        assert!(plain.contains("<pdfuaid:part>1</pdfuaid:part>"));
    }
}

#[test]
fn a_workbook_holds_numbers_dates_and_formulas_with_their_results() {
    let model = sample::portfolio();
    let mut workbook = workbook(&Report::Portfolio(Box::new(model.clone())));
    let formulas = workbook.worksheet_formula("Holdings").unwrap();
    let cells: Vec<&String> =
        formulas.cells().map(|(.., formula)| formula).filter(|formula| !formula.is_empty()).collect();
    assert!(cells.iter().any(|formula| *formula == "B5*C5"), "{cells:?}");
    let range = workbook.worksheet_range("Holdings").unwrap();
    let value = f64::try_from(model.value).unwrap();
    assert!(
        range.cells().any(|(.., cell)| matches!(cell, Data::Float(found) if (found - value).abs() < 1e-6))
    );
    let daily = workbook.worksheet_range("Daily").unwrap();
    assert_eq!(daily.rows().count(), model.history.dates.len() + 4);
    assert!(daily.cells().any(|(.., cell)| matches!(cell, Data::DateTime(_))));
    for (_, report) in reports() {
        let mut workbook = self::workbook(&report);
        for name in workbook.sheet_names() {
            let range = workbook.worksheet_range(&name).unwrap();
            assert!(range.cells().all(|(.., cell)| !matches!(cell, Data::Error(_))), "{name}");
        }
    }
}

#[test]
fn a_name_is_never_a_formula() {
    for name in ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1:A9)", "\t=1", "\r=1"] {
        let mut model = sample::portfolio();
        rename(&mut model, name);
        let report = Report::Portfolio(Box::new(model));
        let mut workbook = workbook(&report);
        for sheet in workbook.sheet_names() {
            for (.., formula) in workbook.worksheet_formula(&sheet).unwrap().cells() {
                assert!(
                    !formula.contains("cmd|") && !formula.starts_with("SUM(A1:A9)"),
                    "{sheet}: {formula}"
                );
            }
        }
        let csv = report.render(FileFormat::Csv).unwrap().bytes;
        let csv = String::from_utf8(csv).unwrap();
        let mut reader =
            csv::ReaderBuilder::new().flexible(true).has_headers(false).from_reader(csv.as_bytes());
        for field in
            reader.records().flat_map(|record| record.unwrap().iter().map(str::to_owned).collect::<Vec<_>>())
        {
            let looks = field.starts_with(['=', '+', '-', '@', '\t', '\r']);
            assert!(!looks || field.parse::<f64>().is_ok(), "{field:?}");
        }
        report.render(FileFormat::Pdf).unwrap();
    }
}

fn rename(model: &mut PortfolioReport, name: &str) {
    model.cover.subject = name.into();
    model.cover.organisation = name.into();
    for holding in &mut model.holdings {
        holding.symbol = name.into();
    }
    for stress in &mut model.stress {
        stress.name = name.into();
    }
    if let Some(benchmark) = &mut model.history.benchmark {
        benchmark.name = name.into();
    }
}

fn pages(model: &PortfolioReport) -> String {
    text(&Report::Portfolio(Box::new(model.clone())).render(FileFormat::Pdf).unwrap().bytes)
}

#[test]
fn a_level_is_not_rounded_to_certainty() {
    let mut model = sample::portfolio();
    for measure in &mut model.risk {
        measure.confidence_level = 0.995;
    }
    let text = pages(&model);
    assert!(text.contains("VaR 99.5%, 1 day") && !text.contains("VaR 100%"));
}

#[test]
fn warnings_come_first_in_pages_and_tables() {
    let mut model = sample::portfolio();
    model.risk[4].reliable = false;
    model.warnings = vec!["Prices are old.".into()];
    let text = pages(&model);
    let place = |wanted: &str| text.find(wanted).unwrap_or_else(|| panic!("{wanted} is on no page"));
    assert!(place("Prices are old.") < place("What is held"));
    place("Cornish-Fisher (unreliable)");
    let csv = Report::Portfolio(Box::new(model)).render(FileFormat::Csv).unwrap().bytes;
    assert!(String::from_utf8(csv).unwrap().contains("\nwarnings,Please note\nWarning\nPrices are old.\n"));
}

#[test]
fn a_value_says_what_it_stands_for() {
    let mut model = sample::portfolio();
    model.basis = Basis::Notional;
    assert!(pages(&model).contains("Notional value") && pages(&model).contains("a notional"));
    (model.basis, model.cash) = (Basis::Invested, Some(Decimal::new(1_234_567, 2)));
    let text = pages(&model);
    assert!(text.contains("Invested, without cash") && text.contains("12,345.67 USD of cash"));
}

#[test]
fn a_short_history_is_told_as_such() {
    let mut model = sample::portfolio();
    model.history.dates.truncate(61);
    model.history.returns.truncate(60);
    model.history.benchmark = None;
    model.benchmark_performance = None;
    keep("short.pdf", &Report::Portfolio(Box::new(model.clone())).render(FileFormat::Pdf).unwrap().bytes);
    let text = pages(&model);
    assert!(
        text.contains("Hypothetical return, under a year") && !text.contains("Hypothetical return a year")
    );
    assert!(text.contains("Volatility a year, of 60 days"));
}

#[test]
fn what_is_cut_or_partial_says_so() {
    let mut model = sample::portfolio();
    let text = pages(&model);
    assert!(text.contains("2022 (part)") && text.contains("* A part of it only"));
    let count = 30;
    let names: Vec<String> = (0..count).map(|index| format!("S{index:02}")).collect();
    let contribution = &model.contributions[0];
    let contributions =
        names.iter().map(|symbol| Contribution { symbol: symbol.clone(), ..contribution.clone() });
    model.contributions = contributions.collect();
    let matrix = vec![vec![0.5; count]; count];
    model.correlation = Some(Correlation { symbols: names, matrix });
    let text = pages(&model);
    assert!(text.contains("the 20 largest of 30 holdings"), "{text}");
    assert!(text.contains("on paper of the 14 largest of 30 holdings"));
    assert_eq!(text.matches("S29").count(), 1, "in the table of contributions alone");
    let mut workbook = workbook(&Report::Portfolio(Box::new(model)));
    let risk = workbook.worksheet_range("Risk").unwrap();
    let last = risk.cells().filter(|(.., cell)| matches!(cell, Data::String(text) if text == "S29")).count();
    assert_eq!(last, 3, "in that table, and on both sides of the correlations");
}

#[test]
fn characters_that_pages_lack_are_warned_of() {
    let mut model = sample::portfolio();
    assert!(!pages(&model).contains("a box stands for each"));
    model.cover.subject = "日本株".into();
    assert!(pages(&model).contains("a box stands for each"));
}
