use std::fmt::Write;

use jiff::civil::Date;

use super::{
    Size,
    plot::{Entry, Mark, Plot, curve},
    scale::{Ticks, extent},
};
use crate::{
    drawing::{Drawing, Shape, Stroke, palette},
    number,
};

/// What 100 invested at the start became, beside a benchmark.
#[derive(Debug, Clone, Copy)]
pub struct EquityCurve<'a> {
    /// One a value, ascending.
    pub dates: &'a [Date],
    /// The portfolio's value, in any unit.
    pub portfolio: &'a [f64],
    /// A benchmark's name and values.
    pub benchmark: Option<(&'a str, &'a [f64])>,
}

impl EquityCurve<'_> {
    /// The chart.
    pub fn draw(&self, size: Size) -> Drawing {
        let portfolio = indexed(self.portfolio);
        let benchmark = self.benchmark.map(|(name, values)| (name, indexed(values)));
        let own = Stroke::solid(palette::BLUE, 1.3);
        let other = Stroke::solid(palette::ORANGE, 1.1);
        let mut legend = vec![Entry::new("Portfolio", Mark::Line(own))];
        legend.extend(benchmark.iter().map(|(name, _)| Entry::new(*name, Mark::Line(other))));
        let all = portfolio.iter().chain(benchmark.iter().flat_map(|(_, values)| values));
        let ticks = Ticks::around(extent(all.copied()).unwrap_or((90.0, 110.0)), 5);
        let labels = ticks.numbers();
        let mut plot = Plot::new(size, &legend, &labels, 18.0);
        let up = plot.vertical_axis(&ticks, &labels);
        let across = plot.date_axis(self.dates);
        let mut lines = Vec::new();
        if let Some((_, values)) = &benchmark {
            lines.push(Shape::Line { points: curve(values, across, up), stroke: other });
        }
        lines.push(Shape::Line { points: curve(&portfolio, across, up), stroke: own });
        plot.clipped(lines);
        plot.finish("Growth of 100", self.description(&portfolio, benchmark.as_ref()))
    }

    fn description(&self, portfolio: &[f64], benchmark: Option<&(&str, Vec<f64>)>) -> String {
        let last = |values: &[f64]| number::grouped(values.last().copied().unwrap_or(100.0), 1);
        let mut text = format!("Line chart of the portfolio's value from 100 to {}", last(portfolio));
        if let (Some(from), Some(to)) = (self.dates.first(), self.dates.last()) {
            let _ = write!(text, ", from {from} to {to}");
        }
        if let Some((name, values)) = benchmark {
            let _ = write!(text, "; {name} reaches {}", last(values));
        }
        text + "."
    }
}

fn indexed(values: &[f64]) -> Vec<f64> {
    let start = values.first().copied().filter(|start| *start > 0.0).unwrap_or(1.0);
    values.iter().map(|value| value / start * 100.0).collect()
}
