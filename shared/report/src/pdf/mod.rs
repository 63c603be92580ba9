//! A document as PDF/A-2a and PDF/UA-1: laid out on pages first, painted then, so that every page knows how many there are.

mod cover;
mod flow;
mod page;
mod paint;
mod section;
mod table;
mod tree;

use krilla::{
    Document as PdfDocument, SerializeSettings,
    configure::{Accessibility, Archival, ConfigurationBuilder},
    destination::XyzDestination,
    geom::Point,
    metadata::{DateTime, Metadata},
    outline::{Outline, OutlineNode},
    page::PageSettings,
};

use self::{
    flow::Flow,
    page::{HEIGHT, Page, WIDTH},
};
use crate::{Document, ReportError, document::Block, text};

pub(crate) fn render(document: &Document) -> Result<Vec<u8>, ReportError> {
    let laid_out = lay_out(document);
    let configuration = ConfigurationBuilder::new()
        .with_archival_validator(Archival::A2_A)
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .map_err(|error| ReportError::Pdf(format!("{error:?}")))?;
    let mut pdf = PdfDocument::new_with(SerializeSettings { configuration, ..SerializeSettings::default() });
    let mut identifiers = Vec::new();
    for page in &laid_out.pages {
        let size = PageSettings::from_wh(WIDTH as f32, HEIGHT as f32);
        let size = size.ok_or_else(|| ReportError::Pdf("the page has no size".into()))?;
        let mut on = pdf.start_page_with(size);
        let mut surface = on.surface();
        paint::page(&mut surface, page, &mut identifiers)?;
        surface.finish();
        on.finish();
    }
    pdf.set_tag_tree(tree::tagged(laid_out.tree, &identifiers));
    let mut outline = Outline::new();
    for (title, page, y) in laid_out.outline {
        let to = XyzDestination::new(page, Point::from_xy(0.0, y as f32));
        outline.push_child(OutlineNode::new(title, to));
    }
    pdf.set_outline(outline);
    pdf.set_metadata(metadata(document));
    pdf.finish().map_err(|error| ReportError::Pdf(format!("{error:?}")))
}

/// Pages with all that is on them.
struct LaidOut {
    pages: Vec<Page>,
    tree: Vec<tree::Node>,
    /// Headings, with the index of their page and their upper edge.
    outline: Vec<(String, usize, f64)>,
}

fn lay_out(document: &Document) -> LaidOut {
    // The title page comes first, but lists on which page each section begins: it is drawn last.
    let mut flow = Flow::new();
    for section in &document.sections {
        if section.blocks.iter().any(|block| !matches!(block, Block::Data(_) | Block::Chart(_))) {
            section::lay_out(&mut flow, section);
        }
    }
    cover::lay_out(&mut flow, document);
    let count = flow.pages.len();
    for (index, page) in flow.pages.iter_mut().enumerate().skip(1) {
        page.furnish(&document.cover, index + 1, count);
    }
    LaidOut { pages: flow.pages, tree: flow.tree.finish(), outline: flow.outline }
}

fn metadata(document: &Document) -> Metadata {
    let cover = &document.cover;
    let on = cover.generated_on;
    let date =
        DateTime::new(on.year().max(0) as u16).month(on.month() as u8).day(on.day() as u8).utc_offset_hour(0);
    let clean = |text: &str| text::shortened(&text::line(text), 200);
    Metadata::new()
        .title(format!("{}: {}", clean(&cover.title), clean(&cover.subject)))
        .description(format!("{} as of {}", clean(&cover.title), cover.as_of))
        .authors(vec![clean(&cover.organisation)])
        .creator("Ballast".into())
        .producer(format!("Ballast {}", clean(&cover.engine)))
        .language("en".into())
        .document_id(clean(&cover.reference))
        .creation_date(date)
}

#[cfg(test)]
mod tests;
