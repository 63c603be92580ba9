use jiff::civil::Date;

use super::{
    Size,
    plot::{Plot, curve},
    scale::{Scale, Ticks, extent},
};
use crate::{
    drawing::{Colour, Drawing, Point, Shape, Stroke, point},
    number,
};

/// A figure over a moving window.
#[derive(Debug, Clone, Copy)]
pub struct RollingFigure<'a> {
    /// What it is, such as `Rolling volatility, 126 days`.
    pub title: &'a str,
    /// One a value, ascending: the last of each window.
    pub dates: &'a [Date],
    /// The figure; not finite where there is none, which leaves a gap.
    pub values: &'a [f64],
    /// Whether the values are fractions that are shown as percentages.
    pub percent: bool,
    /// Of the line.
    pub colour: Colour,
}

impl RollingFigure<'_> {
    /// The chart.
    pub fn draw(&self, size: Size) -> Drawing {
        let (low, high) =
            extent(self.values.iter().copied().filter(|value| value.is_finite())).unwrap_or((0.0, 1.0));
        let ticks = Ticks::around((low.min(0.0), high.max(0.0)), 4);
        let labels = if self.percent { ticks.percents() } else { ticks.numbers() };
        let mut plot = Plot::new(size, &[], &labels, 18.0);
        let up = plot.vertical_axis(&ticks, &labels);
        let across = plot.date_axis(self.dates);
        let stroke = Stroke::solid(self.colour, 1.1);
        let lines = self.values.iter().all(|value| value.is_finite());
        let lines = if lines { vec![curve(self.values, across, up)] } else { self.runs(across, up) };
        let lines = lines.into_iter().filter(|points| points.len() > 1);
        plot.clipped(lines.map(|points| Shape::Line { points, stroke }).collect());
        let shown = |value| if self.percent { number::percent(value, 1) } else { number::grouped(value, 2) };
        let description = format!("Line chart: {}, between {} and {}.", self.title, shown(low), shown(high));
        plot.finish(self.title, description)
    }

    /// A line for each stretch without a gap.
    fn runs(&self, across: Scale, up: Scale) -> Vec<Vec<Point>> {
        let places: Vec<usize> = (0..self.values.len()).collect();
        let alike =
            |left: &usize, right: &usize| self.values[*left].is_finite() == self.values[*right].is_finite();
        let runs = places.chunk_by(alike).filter(|run| self.values[run[0]].is_finite());
        let at = |place: &usize| point(across.at(*place as f64), up.at(self.values[*place]));
        runs.map(|run| run.iter().map(at).collect()).collect()
    }
}
