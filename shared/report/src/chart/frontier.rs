use std::fmt::Write;

use super::{
    Size,
    plot::{Entry, Mark, Plot},
    scale::{Ticks, extent},
};
use crate::{
    drawing::{Anchor, Colour, Drawing, Label, Shape, Stroke, palette, point},
    font::{self, Weight},
    number,
};

/// The efficient frontier, with portfolios and single assets beside it.
#[derive(Debug, Clone, Copy)]
pub struct FrontierChart<'a> {
    /// Volatility and expected return a year, by ascending return.
    pub points: &'a [(f64, f64)],
    /// Portfolios of note: name, volatility, expected return. The first is the client's own.
    pub portfolios: &'a [(String, f64, f64)],
    /// Single assets: name, volatility, expected return.
    pub assets: &'a [(String, f64, f64)],
}

const COLOURS: [Colour; 4] = [palette::VERMILION, palette::GREEN, palette::ORANGE, palette::PURPLE];

impl FrontierChart<'_> {
    /// The chart.
    pub fn draw(&self, size: Size) -> Drawing {
        let line = Stroke::solid(palette::BLUE, 1.6);
        let mut legend = vec![Entry::new("Efficient frontier", Mark::Line(line))];
        for (index, (name, ..)) in self.portfolios.iter().enumerate() {
            legend.push(Entry::new(name.as_str(), Mark::Disc(COLOURS[index % COLOURS.len()])));
        }
        if !self.assets.is_empty() {
            legend.push(Entry::new("Single assets", Mark::Disc(palette::MUTED)));
        }
        let named = || self.portfolios.iter().chain(self.assets).map(|(_, risk, gain)| (*risk, *gain));
        let all = || self.points.iter().copied().chain(named());
        let (low, high) = extent(all().map(|(_, gain)| gain)).unwrap_or((0.0, 0.1));
        let (least, most) = extent(all().map(|(risk, _)| risk)).unwrap_or((0.0, 0.1));
        let ticks = Ticks::around((low, high), 5);
        let labels = ticks.percents();
        let mut plot = Plot::new(size, &legend, &labels, 28.0);
        let up = plot.vertical_axis(&ticks, &labels);
        let below = Ticks::around((least, most), 7);
        let across = plot.horizontal_axis(&below, &below.percents());
        plot.name_below("Volatility a year (vertical: expected return a year)");
        let mut shapes = Vec::new();
        let mut taken: Vec<(f64, f64, f64)> = Vec::new();
        for (name, risk, gain) in self.assets {
            let centre = point(across.at(*risk), up.at(*gain));
            shapes.push(Shape::Disc { centre, radius: 2.2, fill: palette::MUTED.into() });
            let name = font::fitted(name, 6.5, Weight::Regular, 70.0);
            let width = font::width(&name, 6.5, Weight::Regular) * 1.12;
            let right = centre.x + 5.0 + width <= plot.inner.right();
            let x = if right { centre.x + 5.0 } else { centre.x - 5.0 };
            let from = if right { x } else { x - width };
            let y = centre.y + 2.2;
            // A name that would cover another one is left out: the table beside the chart has them all.
            if taken
                .iter()
                .any(|(left, end, line)| from < *end && from + width > *left && (y - line).abs() < 7.0)
            {
                continue;
            }
            taken.push((from, from + width, y));
            let anchor = if right { Anchor::Start } else { Anchor::End };
            shapes.push(Shape::Text(Label::new(point(x, y), name, 6.5, palette::MUTED).anchored(anchor)));
        }
        if self.points.len() > 1 {
            let points =
                self.points.iter().map(|(risk, gain)| point(across.at(*risk), up.at(*gain))).collect();
            shapes.push(Shape::Line { points, stroke: line });
        }
        for (index, (_, risk, gain)) in self.portfolios.iter().enumerate() {
            let centre = point(across.at(*risk), up.at(*gain));
            shapes.push(Shape::Disc { centre, radius: 4.6, fill: palette::WHITE.into() });
            shapes.push(Shape::Disc { centre, radius: 3.6, fill: COLOURS[index % COLOURS.len()].into() });
        }
        plot.clipped(shapes);
        plot.finish("Efficient frontier", self.description())
    }

    fn description(&self) -> String {
        let mut text =
            format!("The efficient frontier in {} points, return over volatility", self.points.len());
        for (name, risk, gain) in self.portfolios {
            let _ = write!(text, "; {name}: {} at {}", number::percent(*gain, 1), number::percent(*risk, 1));
        }
        text + "."
    }
}
