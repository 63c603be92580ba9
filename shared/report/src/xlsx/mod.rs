//! A document as a workbook: a sheet a section, typed cells, live formulas with their results, native charts.

mod chart;
mod formula;
mod plan;
mod sheet;

use rust_xlsxwriter::{DocProperties, Workbook};

use self::plan::Plan;
use crate::{Document, ReportError, text};

pub(crate) fn render(document: &Document) -> Result<Vec<u8>, ReportError> {
    let plan = Plan::new(document);
    let mut workbook = Workbook::new();
    workbook.set_properties(&properties(document));
    sheet::cover(workbook.add_worksheet(), document)?;
    for section in &document.sections {
        sheet::section(workbook.add_worksheet(), section, document, &plan)?;
    }
    for (id, range) in plan.ranges() {
        workbook.define_name(format!("table_{id}"), &format!("={range}"))?;
    }
    Ok(workbook.save_to_buffer()?)
}

fn properties(document: &Document) -> DocProperties {
    let cover = &document.cover;
    let clean = |raw: &str| text::shortened(&text::line(raw), 200);
    DocProperties::new()
        .set_title(format!("{}: {}", clean(&cover.title), clean(&cover.subject)))
        .set_subject(format!("As of {}", cover.as_of))
        .set_author("Ballast")
        .set_company(clean(&cover.organisation))
        .set_comment(format!("Reference {}", clean(&cover.reference)))
        .set_creation_datetime(&created(document))
}

fn created(document: &Document) -> jiff::civil::DateTime {
    document.cover.generated_on.at(0, 0, 0, 0)
}
