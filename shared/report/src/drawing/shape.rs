use super::Colour;
use crate::font::Weight;

/// A point, in points (1/72 inch) from the top left corner.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// To the right.
    pub x: f64,
    /// Down.
    pub y: f64,
}

/// A point at `x`, `y`.
pub const fn point(x: f64, y: f64) -> Point {
    Point { x, y }
}

/// An upright rectangle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Area {
    /// The left edge.
    pub x: f64,
    /// The upper edge.
    pub y: f64,
    /// In points.
    pub width: f64,
    /// In points.
    pub height: f64,
}

impl Area {
    /// The right edge.
    pub fn right(&self) -> f64 {
        self.x + self.width
    }

    /// The lower edge.
    pub fn bottom(&self) -> f64 {
        self.y + self.height
    }
}

/// How an area is filled.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fill {
    /// Its colour.
    pub colour: Colour,
    /// From 0, invisible, to 1.
    pub opacity: f64,
}

impl From<Colour> for Fill {
    fn from(colour: Colour) -> Self {
        Self { colour, opacity: 1.0 }
    }
}

/// How a line is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stroke {
    /// Its colour.
    pub colour: Colour,
    /// In points.
    pub width: f64,
    /// The length of dashes and of the gaps between them; `None` for a solid line.
    pub dash: Option<f64>,
}

impl Stroke {
    /// A solid line.
    pub const fn solid(colour: Colour, width: f64) -> Self {
        Self { colour, width, dash: None }
    }

    /// A dashed line.
    pub const fn dashed(colour: Colour, width: f64) -> Self {
        Self { colour, width, dash: Some(3.0) }
    }
}

/// Which point of a label its position is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// Its left end.
    Start,
    /// Its centre.
    Middle,
    /// Its right end.
    End,
}

/// A line of text.
#[derive(Debug, Clone, PartialEq)]
pub struct Label {
    /// Where its anchor is, on the baseline.
    pub at: Point,
    /// The text.
    pub text: String,
    /// In points.
    pub size: f64,
    /// Its weight.
    pub weight: Weight,
    /// Its colour.
    pub colour: Colour,
    /// What `at` means.
    pub anchor: Anchor,
    /// Whether it reads from the bottom to the top.
    pub upwards: bool,
}

impl Label {
    /// Regular text from `at` to the right.
    pub fn new(at: Point, text: impl Into<String>, size: f64, colour: Colour) -> Self {
        Self {
            at,
            text: text.into(),
            size,
            weight: Weight::Regular,
            colour,
            anchor: Anchor::Start,
            upwards: false,
        }
    }

    /// The same, anchored elsewhere.
    #[must_use]
    pub fn anchored(self, anchor: Anchor) -> Self {
        Self { anchor, ..self }
    }

    /// The same, semi-bold.
    #[must_use]
    pub fn semibold(self) -> Self {
        Self { weight: Weight::SemiBold, ..self }
    }
}

/// A part of a drawing.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// A filled rectangle.
    Rectangle {
        /// Where.
        area: Area,
        /// Its inside.
        fill: Fill,
    },
    /// A line from point to point.
    Line {
        /// At least two.
        points: Vec<Point>,
        /// How it is drawn.
        stroke: Stroke,
    },
    /// A filled outline.
    Polygon {
        /// At least three.
        points: Vec<Point>,
        /// Its inside.
        fill: Fill,
    },
    /// A disc.
    Disc {
        /// Its centre.
        centre: Point,
        /// In points.
        radius: f64,
        /// Its inside.
        fill: Fill,
    },
    /// A line of text.
    Text(Label),
    /// Shapes of which only what lies in an area is seen.
    Clip {
        /// Where they are seen.
        area: Area,
        /// From the back to the front.
        shapes: Vec<Shape>,
    },
}
