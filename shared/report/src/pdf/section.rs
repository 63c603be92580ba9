use std::num::NonZeroU16;

use krilla::tagging::{Tag, TagKind};

use super::{
    flow::{BODY, CAPTION, Flow, Style, figure_height},
    page::{LEFT, MEASURE, RIGHT, TOP},
    table,
};
use crate::{
    document::{Block, Section, Tile},
    drawing::{Area, Label, Shape, Stroke, palette, point},
    font::{self, Weight},
    text,
};

const GAP: f64 = 14.0;
const TILE: f64 = 54.0;
const HEADING: Style = Style { size: 17.0, leading: 23.0, weight: Weight::SemiBold, colour: palette::NAVY };
/// The room above a heading, and below it.
const ABOVE: f64 = 8.0;
const BELOW: f64 = 13.0;

pub(super) fn lay_out(flow: &mut Flow, section: &Section) {
    flow.need(beginning(section).clamp(160.0, 520.0));
    if !flow.is_at_top() {
        flow.skip(ABOVE);
    }
    flow.tree.open(Tag::Section);
    let (page, y) = (flow.pages.len() - 1, flow.y);
    flow.outline.push((section.title.clone(), page, y - 10.0));
    flow.paragraph(heading(1, &section.title), &section.title, HEADING);
    let y = flow.y;
    flow.page().rule(LEFT, LEFT + 36.0, y + 1.0, Stroke::solid(palette::ORANGE, 2.0));
    flow.skip(BELOW);
    for block in &section.blocks {
        lay_out_block(flow, block);
    }
    flow.tree.close();
}

fn heading(level: u16, title: &str) -> TagKind {
    let level = NonZeroU16::new(level).unwrap_or(NonZeroU16::MIN);
    Tag::Hn(level, Some(text::line(title))).into()
}

fn lay_out_block(flow: &mut Flow, block: &Block) {
    match block {
        Block::Paragraph(text) => flow.paragraph(Tag::P, text, BODY),
        Block::Note(topic, text) => {
            flow.need(CAPTION.leading + 2.0 * BODY.leading);
            flow.paragraph(heading(2, topic), topic, CAPTION);
            flow.paragraph(Tag::P, text, BODY);
            flow.skip(-6.0);
        }
        Block::Table(of) => table::lay_out(flow, of),
        Block::Figure(drawing) => {
            flow.need(figure_height(drawing));
            flow.figure(drawing, LEFT);
            flow.skip(figure_height(drawing));
        }
        Block::Figures(left, right) => {
            let height = figure_height(left).max(figure_height(right));
            flow.need(height);
            flow.figure(left, LEFT);
            flow.figure(right, RIGHT - right.width);
            flow.skip(height);
        }
        Block::Data(_) | Block::Chart(_) => return,
    }
    flow.skip(GAP);
}

/// How high a section is to where its first table or figure has begun: that much of it stays together.
fn beginning(section: &Section) -> f64 {
    let lines = |text: &str, style: Style| {
        font::wrapped(text, style.size, style.weight, MEASURE).len() as f64 * style.leading
    };
    let mut height = ABOVE + lines(&section.title, HEADING) + BELOW;
    for block in &section.blocks {
        match block {
            Block::Paragraph(text) => height += lines(text, BODY) + GAP,
            Block::Note(..) => return height,
            Block::Table(of) => return height + table::needed(of),
            Block::Figure(drawing) => return height + figure_height(drawing),
            Block::Figures(left, right) => return height + figure_height(left).max(figure_height(right)),
            Block::Data(_) | Block::Chart(_) => {}
        }
    }
    height
}

/// Three tiles a row.
pub(super) fn tiles(flow: &mut Flow, all: &[Tile]) {
    const BETWEEN: f64 = 8.0;
    let width = (MEASURE - 2.0 * BETWEEN) / 3.0;
    for row in all.chunks(3) {
        flow.need(TILE);
        let y = flow.y;
        for (index, tile) in row.iter().enumerate() {
            let area = Area { x: LEFT + index as f64 * (width + BETWEEN), y, width, height: TILE };
            place_tile(flow, tile, area);
        }
        flow.skip(TILE + BETWEEN);
    }
    flow.skip(-BETWEEN);
    debug_assert!(flow.y >= TOP);
}

fn place_tile(flow: &mut Flow, tile: &Tile, area: Area) {
    let room = area.width - 22.0;
    flow.page().panel(area, palette::PANEL);
    flow.page().panel(Area { width: 2.5, ..area }, palette::BLUE);
    let shown = tile.value.shown(crate::Format::Number(2));
    let lines = [
        (13.0, 8.0, Weight::Regular, palette::MUTED, tile.name.as_str()),
        (32.0, 17.0, Weight::SemiBold, palette::NAVY, shown.as_str()),
        (45.5, 8.0, Weight::Regular, palette::MUTED, tile.remark.as_str()),
    ];
    flow.tree.open(Tag::P);
    for (down, size, weight, colour, text) in lines {
        if text.is_empty() {
            continue;
        }
        let mut text = font::fitted(text, size, weight, room);
        text.push(' ');
        let label = Label { weight, ..Label::new(point(area.x + 12.0, area.y + down), text, size, colour) };
        let leaf = flow.tree.leaf();
        flow.page().place(Some(leaf), vec![Shape::Text(label)]);
    }
    flow.tree.close();
}
