use jiff::civil::Date;

use super::{
    Size,
    plot::{Plot, curve},
    scale::Ticks,
};
use crate::{
    drawing::{Drawing, Fill, Shape, Stroke, palette, point},
    number,
};

/// How far a portfolio is below its highest value so far.
#[derive(Debug, Clone, Copy)]
pub struct Underwater<'a> {
    /// One a value, ascending.
    pub dates: &'a [Date],
    /// Fractions, 0 or below.
    pub drawdowns: &'a [f64],
}

impl Underwater<'_> {
    /// The chart.
    pub fn draw(&self, size: Size) -> Drawing {
        let deepest = self.drawdowns.iter().copied().fold(0.0, f64::min);
        let ticks = Ticks::around((deepest.min(-0.01), 0.0), 4);
        let labels = ticks.percents();
        let mut plot = Plot::new(size, &[], &labels, 18.0);
        let up = plot.vertical_axis(&ticks, &labels);
        let across = plot.date_axis(self.dates);
        let line = curve(self.drawdowns, across, up);
        if let (Some(first), Some(last)) = (line.first(), line.last()) {
            let mut outline = vec![point(first.x, up.at(0.0))];
            outline.extend(&line);
            outline.push(point(last.x, up.at(0.0)));
            let fill = Fill { colour: palette::VERMILION, opacity: 0.25 };
            plot.clipped(vec![
                Shape::Polygon { points: outline, fill },
                Shape::Line { points: line, stroke: Stroke::solid(palette::VERMILION, 0.9) },
            ]);
        }
        let description = format!(
            "Area chart of the drawdown from the highest value so far; the deepest is {}.",
            number::percent(deepest, 1)
        );
        plot.finish("Drawdown", description)
    }
}
