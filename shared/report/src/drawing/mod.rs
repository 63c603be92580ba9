//! Drawings: shapes in points, from the top left corner, which become SVG or a part of a PDF page.

mod colour;
mod shape;
mod svg;

pub use colour::{Colour, palette};
pub use shape::{Anchor, Area, Fill, Label, Point, Shape, Stroke, point};

/// A picture with what a reader who can't see it is told.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawing {
    /// In points.
    pub width: f64,
    /// In points.
    pub height: f64,
    /// A few words.
    pub title: String,
    /// A sentence or two that tell what there is to see: the alternative text.
    pub description: String,
    /// From the back to the front.
    pub shapes: Vec<Shape>,
}

impl Drawing {
    /// The drawing as an SVG document of its own, with its title above it.
    pub fn to_svg(&self) -> String {
        svg::document(self)
    }
}
