use jiff::civil::date;
use rust_decimal::Decimal;

use super::{lay_out, page::Item, render};
use crate::{
    Document, FileFormat, Report,
    document::{Block, Cell, Column, Section, Table},
    drawing::{Anchor, Area, Shape, point},
    font,
    model::Cover,
    number::Format,
};

const HOSTILE: [&str; 6] = [
    "Line\r\nbreak\tand \0 control",
    "\u{202e}txt.exe\u{202c} bidi \u{2066}isolate",
    "🚀📈 日本株式 فلسطين",
    "=HYPERLINK(\"http://example.com\")",
    "Zalgo z͈̤̭͖̉͑́a̳ͫ́̇͑̽l",
    "<script>alert(1)</script> & \"quotes\"",
];

fn document(subject: &str, cell: &str, rows: usize) -> Document {
    let columns = vec![
        Column::new("name", subject, Format::Text).wide(2.0),
        Column::new("value", "Value", Format::Number(2)),
        Column::new("share", "Share", Format::Percent(1)),
    ];
    let mut table = Table::new("table", subject, columns);
    for row in 0..rows {
        table.rows.push(vec![Cell::text(cell), Cell::number(row as f64 * 1e9), Cell::number(0.5)]);
    }
    table.rows.push(vec![Cell::text("Total"), Cell::number(1.0), Cell::number(1.0)]);
    table.total = true;
    let mut section = Section::new(subject, "Sheet");
    section.paragraph(cell).push(Block::Table(table)).push(Block::Note(subject.into(), cell.into()));
    Document {
        cover: Cover {
            title: "Report".into(),
            subject: subject.into(),
            organisation: cell.into(),
            currency: "USD".into(),
            as_of: date(2026, 11, 20),
            period: None,
            generated_on: date(2026, 11, 22),
            engine: "0.1.0".into(),
            reference: "abc".into(),
        },
        highlights: Vec::new(),
        warnings: Vec::new(),
        sections: vec![section],
    }
}

/// Where each text is, on its page.
fn texts(item: &Item) -> Vec<(String, Area)> {
    fn collect(shapes: &[Shape], found: &mut Vec<(String, Area)>) {
        for shape in shapes {
            match shape {
                Shape::Text(label) => {
                    let width = font::width(&label.text, label.size, label.weight);
                    let start = match label.anchor {
                        Anchor::Start => 0.0,
                        Anchor::Middle => width / 2.0,
                        Anchor::End => width,
                    };
                    let (x, y) = (label.at.x - start, label.at.y - label.size);
                    found.push((label.text.clone(), Area { x, y, width, height: label.size * 1.25 }));
                }
                Shape::Clip { shapes, .. } => collect(shapes, found),
                _ => {}
            }
        }
    }
    let mut found = Vec::new();
    collect(&item.shapes, &mut found);
    for (_, area) in &mut found {
        let at = point(area.x + item.origin.x, area.y + item.origin.y);
        (area.x, area.y) = (at.x, at.y);
    }
    found
}

fn assert_on_page(document: &Document) -> usize {
    let laid_out = lay_out(document);
    for page in &laid_out.pages {
        for (text, area) in page.items.iter().flat_map(texts) {
            assert!(area.x >= 30.0 && area.right() <= super::WIDTH - 30.0, "{text:?} {area:?}");
            assert!(area.y >= 20.0 && area.bottom() <= super::HEIGHT - 15.0, "{text:?} {area:?}");
        }
    }
    laid_out.pages.len()
}

#[test]
fn no_text_leaves_its_page_whatever_it_is() {
    for text in HOSTILE {
        for long in [text.to_owned(), text.repeat(20), text.replace(' ', "").repeat(40)] {
            let document = document(&long, &long, 3);
            assert_on_page(&document);
            render(&document).unwrap();
        }
    }
}

#[test]
fn a_long_table_repeats_its_heads_on_each_page() {
    let document = document("Holdings", "ABC", 200);
    let laid_out = lay_out(&document);
    assert!(laid_out.pages.len() > 5);
    for page in &laid_out.pages[1..] {
        let all: Vec<String> = page.items.iter().flat_map(texts).map(|(text, _)| text).collect();
        let names = all.iter().filter(|text| *text == "ABC").count();
        assert!(names == 0 || all.iter().any(|text| text == "Value"), "{all:?}");
    }
    assert_on_page(&document);
}

/// The texts of a page's body, from its top to its bottom.
fn body(page: &super::Page) -> Vec<String> {
    let furniture = |area: &Area| area.y < 60.0 || area.y > super::HEIGHT - 60.0;
    let mut all: Vec<_> = page.items.iter().flat_map(texts).filter(|(_, area)| !furniture(area)).collect();
    all.sort_by(|left, right| left.1.y.total_cmp(&right.1.y));
    all.into_iter().map(|(text, _)| text).collect()
}

#[test]
fn neither_a_heading_nor_a_last_row_stands_alone() {
    for filling in 1..60 {
        for rows in [3, 10, 40] {
            let mut document = document("Filling", "words", filling);
            let mut section = document_of_a_table(rows);
            section.title = "Heading".into();
            document.sections.push(section);
            let laid_out = lay_out(&document);
            for page in &laid_out.pages[1..] {
                let body = body(page);
                assert_ne!(body.last().map(String::as_str), Some("Heading"), "after {filling} rows");
                let values = body.iter().filter(|text| *text == "50.0%" || *text == "100.0%").count();
                assert_ne!(values, 1, "a row alone, after {filling} rows: {body:?}");
            }
        }
    }
}

fn document_of_a_table(rows: usize) -> Section {
    let mut section = document("Heading", "cell", rows).sections.remove(0);
    section.blocks.retain(|block| matches!(block, Block::Table(_)));
    section
}

#[test]
fn the_report_of_nearly_nothing_is_one_too() {
    let mut report: crate::model::PortfolioReport =
        serde_json::from_str(include_str!("nearly_empty.json")).unwrap();
    report.value = Decimal::ZERO;
    let report = Report::Portfolio(Box::new(report));
    assert!(assert_on_page(&report.document()) >= 2);
    for format in [FileFormat::Pdf, FileFormat::Xlsx, FileFormat::Csv, FileFormat::Json] {
        assert!(!report.render(format).unwrap().bytes.is_empty());
    }
}
