use krilla::tagging::TagKind;

use super::{
    page::{BOTTOM, Item, LEFT, MEASURE, Page, TOP},
    tree::Tree,
};
use crate::{
    drawing::{Colour, Drawing, Label, Shape, palette, point},
    font::{self, Weight},
};

/// Text as it runs over lines and pages.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style {
    pub size: f64,
    pub leading: f64,
    pub weight: Weight,
    pub colour: Colour,
}

pub(super) const BODY: Style =
    Style { size: 9.5, leading: 13.5, weight: Weight::Regular, colour: palette::INK };
pub(super) const CAPTION: Style =
    Style { size: 9.5, leading: 13.0, weight: Weight::SemiBold, colour: palette::NAVY };

/// Pages that fill from the top to the bottom. The first is the title page.
pub(super) struct Flow {
    pub pages: Vec<Page>,
    /// The upper edge of what comes next.
    pub y: f64,
    pub tree: Tree,
    pub outline: Vec<(String, usize, f64)>,
    /// Whether there is a page after the title page.
    begun: bool,
}

impl Flow {
    pub fn new() -> Self {
        Self {
            pages: vec![Page::default()],
            y: BOTTOM,
            tree: Tree::default(),
            outline: Vec::new(),
            begun: false,
        }
    }

    /// The page that is being filled.
    pub fn page(&mut self) -> &mut Page {
        let last = self.pages.len() - 1;
        &mut self.pages[last]
    }

    /// Begins a page unless there is that much room on this one.
    pub fn need(&mut self, height: f64) {
        if !self.begun || (self.y + height > BOTTOM && self.y > TOP) {
            self.new_page();
        }
    }

    pub fn new_page(&mut self) {
        self.pages.push(Page::default());
        self.begun = true;
        self.y = TOP;
    }

    pub fn is_at_top(&self) -> bool {
        self.y <= TOP + 0.1
    }

    pub fn room(&self) -> f64 {
        BOTTOM - self.y
    }

    pub fn skip(&mut self, height: f64) {
        self.y += height;
    }

    /// A paragraph over the page's whole measure.
    pub fn paragraph(&mut self, tag: impl Into<TagKind>, text: &str, style: Style) {
        self.tree.open(tag);
        let lines = font::wrapped(text, style.size, style.weight, MEASURE);
        let count = lines.len();
        for (index, mut line) in lines.into_iter().enumerate() {
            // A line is not left alone at the end of a page.
            self.need(if index == 0 && count > 1 { style.leading * 2.0 } else { style.leading });
            if index + 1 < count {
                line.push(' ');
            }
            let at = point(LEFT, self.y + style.size);
            let label = Label { weight: style.weight, ..Label::new(at, line, style.size, style.colour) };
            let leaf = self.tree.leaf();
            self.page().place(Some(leaf), vec![Shape::Text(label)]);
            self.y += style.leading;
        }
        self.tree.close();
    }

    /// A picture below its title. The caller has made room.
    pub fn figure(&mut self, drawing: &Drawing, x: f64) {
        use krilla::tagging::Tag;
        let y = self.y;
        self.tree.open(Tag::Figure(Some(drawing.description.clone())));
        self.tree.open(Tag::Caption);
        let title = font::fitted(&drawing.title, CAPTION.size, CAPTION.weight, drawing.width);
        let label = Label::new(point(x, y + CAPTION.size), title, CAPTION.size, CAPTION.colour).semibold();
        let leaf = self.tree.leaf();
        self.page().place(Some(leaf), vec![Shape::Text(label)]);
        self.tree.close();
        let leaf = self.tree.leaf();
        let origin = point(x, y + CAPTION.leading + 3.0);
        self.page().items.push(Item { leaf: Some(leaf), origin, shapes: drawing.shapes.clone() });
        self.tree.close();
    }
}

/// How high a figure is with its title.
pub(super) fn figure_height(drawing: &Drawing) -> f64 {
    drawing.height + CAPTION.leading + 3.0
}
