use super::{
    Size,
    plot::{Entry, Mark, Plot},
    scale::{Scale, Ticks},
};
use crate::drawing::{Area, Colour, Drawing, Fill, Shape, Stroke, palette, point};

/// A distribution as bars, with lines at values of note.
#[derive(Debug, Clone, Copy)]
pub struct HistogramChart<'a> {
    /// What is distributed.
    pub title: &'a str,
    /// What the horizontal axis shows.
    pub unit: &'a str,
    /// Ascending, one more than counts.
    pub edges: &'a [f64],
    /// How many values lie between each pair of edges.
    pub counts: &'a [u64],
    /// The mean and standard deviation of a normal distribution that is drawn over the bars.
    pub normal: Option<(f64, f64)>,
    /// Values of note, such as the value at risk, with their names.
    pub marks: &'a [(String, f64)],
    /// Whether the values are fractions that are shown as percentages.
    pub percent: bool,
}

impl HistogramChart<'_> {
    /// The chart.
    pub fn draw(&self, size: Size) -> Drawing {
        let bars = Mark::Patch(Fill { colour: palette::BLUE, opacity: 0.75 });
        let normal = Stroke::solid(palette::INK, 1.0);
        let mut legend = vec![Entry::new("Observations", bars)];
        if self.normal.is_some() {
            legend.push(Entry::new("Normal distribution", Mark::Line(normal)));
        }
        for (index, (name, _)) in self.marks.iter().enumerate().filter(|(_, (_, value))| self.shows(*value)) {
            legend.push(Entry::new(name.as_str(), Mark::Line(mark_stroke(index))));
        }
        if legend.len() == 1 {
            legend.clear();
        }
        let total: u64 = self.counts.iter().sum();
        let share = |count: u64| if total == 0 { 0.0 } else { count as f64 / total as f64 };
        let most = self.counts.iter().copied().max().map_or(0.01, share).max(1e-6);
        let ticks = Ticks::around((0.0, most.max(self.peak())), 4);
        let labels = ticks.percents();
        let mut plot = Plot::new(size, &legend, &labels, 28.0);
        let up = plot.vertical_axis(&ticks, &labels);
        let (Some(low), Some(high)) = (self.edges.first(), self.edges.last()) else {
            return plot.finish(self.title, "An empty histogram.");
        };
        let across = Scale::new((*low, *high), (plot.inner.x, plot.inner.right()));
        let below = Ticks::around((*low, *high), 7);
        let names = if self.percent { below.percents() } else { below.numbers() };
        let marks: Vec<_> = below
            .values
            .iter()
            .zip(names)
            .filter(|(value, _)| (*low..=*high).contains(*value))
            .map(|(value, label)| (across.at(*value), label))
            .collect();
        plot.marks_below(&marks, false);
        plot.name_below(self.unit);
        for (pair, count) in self.edges.windows(2).zip(self.counts) {
            let (left, right, top) = (across.at(pair[0]), across.at(pair[1]), up.at(share(*count)));
            let gap = if right - left > 3.0 { 0.6 } else { 0.0 };
            let area = Area {
                x: left + gap / 2.0,
                y: top,
                width: (right - left - gap).max(0.1),
                height: plot.inner.bottom() - top,
            };
            plot.push(Shape::Rectangle { area, fill: Fill { colour: palette::BLUE, opacity: 0.75 } });
        }
        if self.normal.is_some() {
            let points = (0..=120)
                .map(|step| low + (high - low) * f64::from(step) / 120.0)
                .map(|value| point(across.at(value), up.at(self.density(value))))
                .collect();
            plot.clipped(vec![Shape::Line { points, stroke: normal }]);
        }
        for (index, (_, value)) in self.marks.iter().enumerate().filter(|(_, (_, value))| self.shows(*value))
        {
            let x = across.at(*value);
            let points = vec![point(x, plot.inner.y), point(x, plot.inner.bottom())];
            plot.push(Shape::Line { points, stroke: mark_stroke(index) });
        }
        let description =
            format!("Histogram of {} values in {} bins: {}.", total, self.counts.len(), self.unit);
        plot.finish(self.title, description)
    }

    /// Whether a value lies within the bars.
    fn shows(&self, value: f64) -> bool {
        let ends = self.edges.first().zip(self.edges.last());
        ends.is_some_and(|(low, high)| (*low..=*high).contains(&value))
    }

    /// The share of values that the normal distribution has in a bin around a value.
    fn density(&self, value: f64) -> f64 {
        let (Some((mean, deviation)), [first, second, ..]) = (self.normal, self.edges) else { return 0.0 };
        if deviation <= 0.0 {
            return 0.0;
        }
        let z = (value - mean) / deviation;
        (second - first) / deviation * (-z * z / 2.0).exp() / std::f64::consts::TAU.sqrt()
    }

    fn peak(&self) -> f64 {
        self.normal.map_or(0.0, |(mean, _)| self.density(mean)).min(1.0)
    }
}

fn mark_stroke(index: usize) -> Stroke {
    const COLOURS: [Colour; 3] = [palette::VERMILION, palette::PURPLE, palette::GREEN];
    Stroke::dashed(COLOURS[index % COLOURS.len()], 1.1)
}
