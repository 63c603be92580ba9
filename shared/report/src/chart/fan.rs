use super::{
    Size,
    plot::{Entry, Mark, Plot},
    scale::{Scale, Ticks, extent},
};
use crate::{
    drawing::{Drawing, Fill, Shape, Stroke, palette, point},
    number,
};

/// The percentiles of simulated values as time goes on.
#[derive(Debug, Clone, Copy)]
pub struct Fan<'a> {
    /// The periods after the start that the percentiles are of, ascending.
    pub steps: &'a [f64],
    /// Percentiles in percent, ascending, with their value at each step.
    pub bands: &'a [(f64, Vec<f64>)],
    /// What a period is, such as `trading days`.
    pub unit: &'a str,
    /// What the values are, such as `USD`.
    pub currency: &'a str,
}

impl Fan<'_> {
    /// The chart: bands between percentiles that lie as far from the middle, and the line of the middle one.
    pub fn draw(&self, size: Size) -> Drawing {
        let pairs = self.bands.len() / 2;
        let shade = |pair: usize| Fill {
            colour: palette::BLUE,
            opacity: 0.14 + 0.18 * pair as f64 / pairs.max(1) as f64,
        };
        let middle = Stroke::solid(palette::NAVY, 1.4);
        let mut legend = Vec::new();
        for pair in 0..pairs {
            let (low, high) = (self.bands[pair].0, self.bands[self.bands.len() - 1 - pair].0);
            let name = format!("Percentiles {low} to {high}");
            legend.push(Entry::new(
                name,
                Mark::Patch(Fill { opacity: 0.2 + 0.3 * pair as f64 / pairs as f64, ..shade(pair) }),
            ));
        }
        if self.bands.len() % 2 == 1 {
            legend.push(Entry::new("Median", Mark::Line(middle)));
        }
        let all = self.bands.iter().flat_map(|(_, values)| values.iter().copied());
        let ticks = Ticks::around(extent(all).unwrap_or((0.0, 1.0)), 5);
        let labels = ticks.numbers();
        let mut plot = Plot::new(size, &legend, &labels, 28.0);
        let up = plot.vertical_axis(&ticks, &labels);
        let last = self.steps.last().copied().unwrap_or(1.0);
        let across = Scale::new((0.0, last), (plot.inner.x, plot.inner.right()));
        let below = Ticks::around((0.0, last), 7);
        let marks: Vec<_> = below
            .values
            .iter()
            .zip(below.numbers())
            .filter(|(value, _)| **value <= last)
            .map(|(value, label)| (across.at(*value), label))
            .collect();
        plot.marks_below(&marks, false);
        plot.name_below(self.unit);
        let line = |values: &[f64]| {
            self.steps
                .iter()
                .zip(values)
                .map(|(step, value)| point(across.at(*step), up.at(*value)))
                .collect::<Vec<_>>()
        };
        let mut shapes = Vec::new();
        for pair in 0..pairs {
            let mut points = line(&self.bands[self.bands.len() - 1 - pair].1);
            points.extend(line(&self.bands[pair].1).into_iter().rev());
            shapes.push(Shape::Polygon { points, fill: shade(pair) });
        }
        if self.bands.len() % 2 == 1 {
            shapes.push(Shape::Line { points: line(&self.bands[pairs].1), stroke: middle });
        }
        plot.clipped(shapes);
        plot.finish("Simulated value", self.description())
    }

    fn description(&self) -> String {
        let ends: Vec<String> = self
            .bands
            .iter()
            .filter_map(|(percentile, values)| {
                let last = values.last()?;
                Some(format!("{percentile}%: {} {}", number::grouped(*last, 0), self.currency))
            })
            .collect();
        let last = self.steps.last().copied().unwrap_or(0.0);
        format!("Fan chart of simulated values; percentiles after {last} {}: {}.", self.unit, ends.join(", "))
    }
}
