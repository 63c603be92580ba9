use jiff::civil::Date;

use super::scale::{Scale, Ticks, date_ticks};
use crate::{
    drawing::{Anchor, Area, Colour, Drawing, Fill, Label, Point, Shape, Stroke, palette, point},
    font::{self, Weight},
};

/// The size of axis labels and legends.
pub(super) const SMALL: f64 = 7.5;
/// Labels of an SVG may come in a wider typeface than the one they are measured in.
const WIDER: f64 = 1.12;

/// A drawing area with axes, grid, legend.
pub(super) struct Plot {
    width: f64,
    height: f64,
    /// Where the data is drawn.
    pub inner: Area,
    shapes: Vec<Shape>,
}

/// A legend's entry.
pub(super) struct Entry {
    pub name: String,
    pub mark: Mark,
}

/// How a legend shows a series.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Mark {
    Line(Stroke),
    Patch(Fill),
    Disc(Colour),
}

impl Entry {
    pub fn new(name: impl Into<String>, mark: Mark) -> Self {
        Self { name: name.into(), mark }
    }
}

impl Plot {
    /// A plot with a legend above, room for the labels on its left, and some lines of labels below.
    pub fn new((width, height): (f64, f64), legend: &[Entry], left: &[String], below: f64) -> Self {
        let widest = left.iter().map(|label| text_width(label)).fold(0.0, f64::max);
        let margin = widest + 10.0;
        let mut plot = Self {
            width,
            height,
            inner: Area { x: margin, y: 8.0, width: width - margin - 12.0, height: 0.0 },
            shapes: Vec::new(),
        };
        if !legend.is_empty() {
            plot.inner.y = plot.legend(legend) + 9.0;
        }
        plot.inner.height = (height - plot.inner.y - below).max(10.0);
        plot
    }

    pub fn push(&mut self, shape: Shape) {
        self.shapes.push(shape);
    }

    /// Shapes that are cut off at the edges of the data.
    pub fn clipped(&mut self, shapes: Vec<Shape>) {
        let Area { x, y, width, height } = self.inner;
        let area = Area { x: x - 2.0, y: y - 2.0, width: width + 4.0, height: height + 4.0 };
        self.shapes.push(Shape::Clip { area, shapes });
    }

    /// Horizontal grid lines with their labels.
    pub fn vertical_axis(&mut self, ticks: &Ticks, labels: &[String]) -> Scale {
        let scale = Scale::new(ticks.range(), (self.inner.bottom(), self.inner.y));
        for (value, label) in ticks.values.iter().zip(labels) {
            let y = scale.at(*value);
            let base = if value.abs() < ticks.step * 1e-6 { palette::MUTED } else { palette::RULE };
            self.rule(point(self.inner.x, y), point(self.inner.right(), y), base);
            let at = point(self.inner.x - 5.0, y + SMALL * 0.33);
            self.push(Shape::Text(Label::new(at, label, SMALL, palette::MUTED).anchored(Anchor::End)));
        }
        scale
    }

    /// Vertical grid lines with their labels, those of which that have room.
    pub fn horizontal_axis(&mut self, ticks: &Ticks, labels: &[String]) -> Scale {
        let scale = Scale::new(ticks.range(), (self.inner.x, self.inner.right()));
        let marks: Vec<_> =
            ticks.values.iter().zip(labels).map(|(value, label)| (scale.at(*value), label.clone())).collect();
        self.marks_below(&marks, true);
        scale
    }

    /// An axis of time on which each date takes the same room.
    pub fn date_axis(&mut self, dates: &[Date]) -> Scale {
        let scale = self.even_axis(dates.len());
        let marks: Vec<_> = date_ticks(dates, self.inner.width / SMALL)
            .into_iter()
            .map(|(index, label)| (scale.at(index as f64), label))
            .collect();
        self.marks_below(&marks, true);
        scale
    }

    /// An axis on which the values 0 to `count - 1` take the same room.
    pub fn even_axis(&self, count: usize) -> Scale {
        Scale::new((0.0, (count.max(2) - 1) as f64), (self.inner.x, self.inner.right()))
    }

    /// Labels below the data; one that would touch the one before it is left out.
    pub fn marks_below(&mut self, marks: &[(f64, String)], lines: bool) {
        let mut free = f64::NEG_INFINITY;
        for (x, label) in marks {
            if lines {
                self.rule(point(*x, self.inner.y), point(*x, self.inner.bottom()), palette::RULE);
            }
            let half = text_width(label) / 2.0;
            let centre = x.clamp(half, (self.width - half).max(half));
            if centre - half < free {
                continue;
            }
            free = centre + half + 6.0;
            let at = point(centre, self.inner.bottom() + SMALL + 4.0);
            self.push(Shape::Text(Label::new(at, label, SMALL, palette::MUTED).anchored(Anchor::Middle)));
        }
    }

    /// What the horizontal axis shows.
    pub fn name_below(&mut self, name: &str) {
        let at = point(self.inner.x + self.inner.width / 2.0, self.height - 3.0);
        self.push(Shape::Text(Label::new(at, name, SMALL, palette::INK).anchored(Anchor::Middle)));
    }

    /// What the vertical axis shows, at its upper end.
    pub fn finish(self, title: impl Into<String>, description: impl Into<String>) -> Drawing {
        Drawing {
            width: self.width,
            height: self.height,
            title: title.into(),
            description: description.into(),
            shapes: self.shapes,
        }
    }

    fn rule(&mut self, from: Point, to: Point, colour: Colour) {
        self.push(Shape::Line { points: vec![from, to], stroke: Stroke::solid(colour, 0.5) });
    }

    /// Draws the entries side by side, in as many lines as they need, and gives the lower edge.
    fn legend(&mut self, entries: &[Entry]) -> f64 {
        const SAMPLE: f64 = 16.0;
        let (mut x, mut y) = (self.inner.x, 10.0);
        for entry in entries {
            let name = font::fitted(&entry.name, SMALL, Weight::Regular, (self.width - SAMPLE) / 2.2);
            let wide = SAMPLE + 4.0 + text_width(&name);
            if x + wide > self.width && x > self.inner.x {
                (x, y) = (self.inner.x, y + SMALL + 5.0);
            }
            let middle = y - SMALL * 0.32;
            self.push(match entry.mark {
                Mark::Line(stroke) => {
                    Shape::Line { points: vec![point(x, middle), point(x + SAMPLE, middle)], stroke }
                }
                Mark::Patch(fill) => Shape::Rectangle {
                    area: Area { x: x + 4.0, y: middle - 3.5, width: SAMPLE - 6.0, height: 7.0 },
                    fill,
                },
                Mark::Disc(colour) => {
                    Shape::Disc { centre: point(x + SAMPLE / 2.0, middle), radius: 3.0, fill: colour.into() }
                }
            });
            self.push(Shape::Text(Label::new(point(x + SAMPLE + 4.0, y), name, SMALL, palette::INK)));
            x += wide + 14.0;
        }
        y
    }
}

/// How wide a small label is at most.
pub(super) fn text_width(label: &str) -> f64 {
    font::width(label, SMALL, Weight::Regular) * WIDER
}

/// A line through values at even distances. Of more values than can be told apart, each column keeps its extremes.
pub(super) fn curve(values: &[f64], across: Scale, up: Scale) -> Vec<Point> {
    const MOST: usize = 1_200;
    let at = |index: usize| point(across.at(index as f64), up.at(values[index]));
    if values.len() <= MOST {
        return (0..values.len()).map(at).collect();
    }
    let columns = MOST / 2;
    let mut points = Vec::with_capacity(MOST + 2);
    for column in 0..columns {
        let (from, to) = (column * values.len() / columns, (column + 1) * values.len() / columns);
        let by_value = |left: &usize, right: &usize| values[*left].total_cmp(&values[*right]);
        let (Some(low), Some(high)) = ((from..to).min_by(by_value), (from..to).max_by(by_value)) else {
            continue;
        };
        points.push(at(low.min(high)));
        if low != high {
            points.push(at(low.max(high)));
        }
    }
    points.push(at(values.len() - 1));
    points
}
