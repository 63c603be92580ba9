use super::tree::Leaf;
use crate::{
    drawing::{Anchor, Area, Label, Point, Shape, Stroke, palette, point},
    font::{self, Weight},
    model::Cover,
};

/// A4, in points.
pub(super) const WIDTH: f64 = 595.28;
pub(super) const HEIGHT: f64 = 841.89;
pub(super) const LEFT: f64 = 52.0;
pub(super) const RIGHT: f64 = WIDTH - 52.0;
pub(super) const TOP: f64 = 70.0;
pub(super) const BOTTOM: f64 = HEIGHT - 62.0;
pub(super) const MEASURE: f64 = RIGHT - LEFT;

/// What is on a page.
#[derive(Default)]
pub(super) struct Page {
    pub items: Vec<Item>,
}

/// Shapes that belong together.
pub(super) struct Item {
    /// Their place in the logical structure; `None` for ornaments.
    pub leaf: Option<Leaf>,
    /// Where their origin is.
    pub origin: Point,
    pub shapes: Vec<Shape>,
}

impl Page {
    pub fn place(&mut self, leaf: Option<Leaf>, shapes: Vec<Shape>) {
        self.items.push(Item { leaf, origin: point(0.0, 0.0), shapes });
    }

    /// An ornament: a filled rectangle.
    pub fn panel(&mut self, area: Area, fill: crate::drawing::Colour) {
        self.place(None, vec![Shape::Rectangle { area, fill: fill.into() }]);
    }

    /// An ornament: a horizontal line.
    pub fn rule(&mut self, from: f64, to: f64, y: f64, stroke: Stroke) {
        self.place(None, vec![Shape::Line { points: vec![point(from, y), point(to, y)], stroke }]);
    }

    /// Header and footer.
    pub fn furnish(&mut self, cover: &Cover, number: usize, count: usize) {
        let small = |x: f64, y: f64, text: String| {
            Label::new(
                point(x, y),
                font::fitted(&text, 7.5, Weight::Regular, MEASURE * 0.7),
                7.5,
                palette::MUTED,
            )
        };
        let rule = Stroke::solid(palette::RULE, 0.6);
        self.rule(LEFT, RIGHT, 48.0, rule);
        self.rule(LEFT, RIGHT, HEIGHT - 44.0, rule);
        let left = format!("{} · {}", cover.title, cover.subject);
        let date = format!("As of {}", cover.as_of);
        let foot = format!("{} · Reference {}", cover.organisation, cover.reference);
        let page = format!("Page {number} of {count}");
        self.place(
            None,
            vec![
                Shape::Text(small(LEFT, 41.0, left)),
                Shape::Text(small(RIGHT, 41.0, date).anchored(Anchor::End)),
                Shape::Text(small(LEFT, HEIGHT - 32.0, foot)),
                Shape::Text(small(RIGHT, HEIGHT - 32.0, page).anchored(Anchor::End)),
            ],
        );
    }
}
