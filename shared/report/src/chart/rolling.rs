use jiff::civil::Date;

use super::{
    Size,
    plot::{Plot, curve},
    scale::{Ticks, extent},
};
use crate::{
    drawing::{Colour, Drawing, Shape, Stroke},
    number,
};

/// A figure over a moving window.
#[derive(Debug, Clone, Copy)]
pub struct RollingFigure<'a> {
    /// What it is, such as `Rolling volatility, 126 days`.
    pub title: &'a str,
    /// One a value, ascending: the last of each window.
    pub dates: &'a [Date],
    /// The figure.
    pub values: &'a [f64],
    /// Whether the values are fractions that are shown as percentages.
    pub percent: bool,
    /// Of the line.
    pub colour: Colour,
}

impl RollingFigure<'_> {
    /// The chart.
    pub fn draw(&self, size: Size) -> Drawing {
        let (low, high) = extent(self.values.iter().copied()).unwrap_or((0.0, 1.0));
        let ticks = Ticks::around((low.min(0.0), high.max(0.0)), 4);
        let labels = if self.percent { ticks.percents() } else { ticks.numbers() };
        let mut plot = Plot::new(size, &[], &labels, 18.0);
        let up = plot.vertical_axis(&ticks, &labels);
        let across = plot.date_axis(self.dates);
        let stroke = Stroke::solid(self.colour, 1.1);
        if self.values.len() > 1 {
            plot.clipped(vec![Shape::Line { points: curve(self.values, across, up), stroke }]);
        }
        let shown = |value| if self.percent { number::percent(value, 1) } else { number::grouped(value, 2) };
        let description = format!("Line chart: {}, between {} and {}.", self.title, shown(low), shown(high));
        plot.finish(self.title, description)
    }
}
