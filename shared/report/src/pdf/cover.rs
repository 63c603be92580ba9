use krilla::tagging::Tag;

use super::{
    flow::{Flow, Style},
    page::{HEIGHT, LEFT, MEASURE, RIGHT, WIDTH},
    section,
};
use crate::{
    Document,
    drawing::{Anchor, Area, Colour, Label, Shape, Stroke, palette, point},
    font::{self, Weight},
    model::Cover,
    text,
};

const BAND: f64 = 250.0;

/// Draws the title page, when all other pages are known.
pub(super) fn lay_out(flow: &mut Flow, document: &Document) {
    let later = flow.pages.split_off(1);
    flow.tree.open(Tag::Part);
    flow.page().panel(Area { x: 0.0, y: 0.0, width: WIDTH, height: BAND }, palette::NAVY);
    flow.page().panel(Area { x: 0.0, y: BAND, width: WIDTH, height: 4.0 }, palette::ORANGE);
    title(flow, &document.cover);
    flow.y = BAND + 30.0;
    facts(flow, &document.cover);
    flow.skip(18.0);
    section::tiles(flow, &document.highlights);
    flow.skip(30.0);
    contents(flow);
    closing(flow);
    flow.tree.close();
    flow.tree.last_first();
    flow.pages.extend(later);
}

fn line(flow: &mut Flow, tag: impl Into<krilla::tagging::TagKind>, text: &str, y: f64, style: Style) {
    let text = font::fitted(text, style.size, style.weight, MEASURE);
    let label = Label { weight: style.weight, ..Label::new(point(LEFT, y), text, style.size, style.colour) };
    flow.tree.open(tag);
    let leaf = flow.tree.leaf();
    flow.page().place(Some(leaf), vec![Shape::Text(label)]);
    flow.tree.close();
}

fn title(flow: &mut Flow, cover: &Cover) {
    let style = |size, weight, colour| Style { size, leading: size * 1.2, weight, colour };
    let pale = palette::WHITE.towards(palette::NAVY, 0.2);
    line(flow, Tag::P, &cover.organisation, 66.0, style(12.0, Weight::SemiBold, pale));
    line(flow, Tag::P, &cover.title, 128.0, style(14.0, Weight::Regular, palette::ORANGE));
    let subject = text::shortened(&cover.subject, 250);
    let size = [30.0, 26.0, 22.0]
        .into_iter()
        .find(|size| font::wrapped(&subject, *size, Weight::SemiBold, MEASURE).len() <= 2);
    let size = size.unwrap_or(20.0);
    let mut lines = font::wrapped(&subject, size, Weight::SemiBold, MEASURE);
    if lines.len() > 3 {
        lines.truncate(3);
        if let Some(last) = lines.last_mut() {
            *last = font::fitted(&format!("{last} …………"), size, Weight::SemiBold, MEASURE);
        }
    }
    flow.tree.open(Tag::Title);
    for (index, line) in lines.iter().enumerate() {
        let at = point(LEFT, 164.0 + index as f64 * size * 1.18);
        let leaf = flow.tree.leaf();
        let label = Label::new(at, format!("{line} "), size, palette::WHITE).semibold();
        flow.page().place(Some(leaf), vec![Shape::Text(label)]);
    }
    flow.tree.close();
    let date = format!("As of {}", cover.as_of.strftime("%-d %B %Y"));
    line(flow, Tag::P, &date, BAND - 20.0, style(11.0, Weight::Regular, pale));
}

fn facts(flow: &mut Flow, cover: &Cover) {
    let mut facts = vec![("Currency", cover.currency.clone())];
    if let Some(period) = cover.period {
        facts.push(("Period", format!("{} to {}, {} returns", period.from, period.to, period.observations)));
    }
    facts.push(("Generated", cover.generated_on.to_string()));
    facts.push(("Software", format!("Ballast {}", cover.engine)));
    facts.push(("Reference", cover.reference.clone()));
    for (name, value) in facts {
        let y = flow.y;
        flow.tree.open(Tag::P);
        let value = font::fitted(&value, 9.5, Weight::Regular, MEASURE - 90.0);
        for (x, text, colour) in [(LEFT, name.to_owned(), palette::MUTED), (LEFT + 80.0, value, palette::INK)]
        {
            let leaf = flow.tree.leaf();
            let label = Label::new(point(x, y), format!("{text} "), 9.5, colour);
            flow.page().place(Some(leaf), vec![Shape::Text(label)]);
        }
        flow.tree.close();
        flow.skip(15.0);
    }
}

fn contents(flow: &mut Flow) {
    const ROW: f64 = 15.0;
    let style = Style { size: 12.0, leading: 16.0, weight: Weight::SemiBold, colour: palette::NAVY };
    let y = flow.y;
    line(flow, Tag::P, "Contents", y, style);
    flow.skip(18.0);
    flow.tree.open(Tag::TOC);
    for (title, page, _) in flow.outline.clone() {
        let y = flow.y;
        let title = font::fitted(&title, 9.5, Weight::Regular, MEASURE - 60.0);
        let number = (page + 1).to_string();
        let from = LEFT + font::width(&title, 9.5, Weight::Regular) + 6.0;
        let to = RIGHT - font::width(&number, 9.5, Weight::Regular) - 6.0;
        flow.page().rule(from, to, y - 2.0, Stroke { dash: Some(1.5), ..Stroke::solid(palette::RULE, 0.8) });
        flow.tree.open(Tag::TOCI);
        for (x, text, anchor) in [(LEFT, format!("{title} "), Anchor::Start), (RIGHT, number, Anchor::End)] {
            let leaf = flow.tree.leaf();
            let label = Label::new(point(x, y), text, 9.5, palette::INK).anchored(anchor);
            flow.page().place(Some(leaf), vec![Shape::Text(label)]);
        }
        flow.tree.close();
        flow.skip(ROW);
    }
    flow.tree.close();
}

fn closing(flow: &mut Flow) {
    const SENTENCE: &str = "For information only: no investment advice and no offer. Past and simulated results do not \
                            tell future ones. The last section tells methods, data and limits.";
    const MUTED: Colour = palette::MUTED;
    flow.tree.open(Tag::P);
    let lines = font::wrapped(SENTENCE, 8.0, Weight::Regular, MEASURE);
    let first = HEIGHT - 40.0 - lines.len() as f64 * 11.0;
    for (index, text) in lines.into_iter().enumerate() {
        let leaf = flow.tree.leaf();
        let at = point(LEFT, first + index as f64 * 11.0);
        flow.page().place(Some(leaf), vec![Shape::Text(Label::new(at, format!("{text} "), 8.0, MUTED))]);
    }
    flow.tree.close();
}
