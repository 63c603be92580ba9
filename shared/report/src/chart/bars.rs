use super::Size;
use crate::{
    drawing::{Anchor, Area, Drawing, Label, Shape, Stroke, palette, point},
    font::{self, Weight},
};

/// Gains and losses, or effects of either sign, as bars to the right and to the left.
#[derive(Debug, Clone, Copy)]
pub struct Bars<'a> {
    /// What the bars show.
    pub title: &'a str,
    /// Name, value, and the value as text.
    pub bars: &'a [(String, f64, String)],
}

const ROW: f64 = 16.0;

impl Bars<'_> {
    /// How high the chart is best drawn.
    pub fn height(&self) -> f64 {
        self.bars.len() as f64 * ROW + 8.0
    }

    /// The chart.
    pub fn draw(&self, (width, height): Size) -> Drawing {
        let names: Vec<String> = self
            .bars
            .iter()
            .map(|(name, ..)| font::fitted(name, 8.0, Weight::Regular, width * 0.38))
            .collect();
        let text = |of: &str| font::width(of, 8.0, Weight::Regular) * 1.12;
        let left = names.iter().map(|name| text(name)).fold(0.0, f64::max) + 10.0;
        let beside = self.bars.iter().map(|(.., label)| text(label)).fold(0.0, f64::max) + 8.0;
        let value = |of: fn(f64, f64) -> f64| self.bars.iter().map(|(_, value, _)| *value).fold(0.0, of);
        let (least, most) = (value(f64::min), value(f64::max));
        let before = if least < 0.0 { beside } else { 0.0 };
        let after = if most > 0.0 { beside } else { 0.0 };
        let room = (width - left - before - after).max(10.0);
        let span = (most - least).max(1e-12);
        let zero = left + before - least / span * room;
        let mut shapes = Vec::new();
        for (index, ((_, value, label), name)) in self.bars.iter().zip(&names).enumerate() {
            let y = index as f64 * ROW + 4.0;
            let baseline = y + ROW / 2.0 + 0.8;
            let name = Label::new(point(left - 8.0, baseline), name, 8.0, palette::INK);
            shapes.push(Shape::Text(name.anchored(Anchor::End)));
            let wide = (value.abs() / span * room).max(0.6);
            let loss = *value < 0.0;
            let area =
                Area { x: if loss { zero - wide } else { zero }, y: y + 1.0, width: wide, height: ROW - 5.0 };
            let colour = if loss { palette::VERMILION } else { palette::BLUE };
            shapes.push(Shape::Rectangle { area, fill: colour.into() });
            let at = point(if loss { area.x - 4.0 } else { area.right() + 4.0 }, baseline);
            let anchor = if loss { Anchor::End } else { Anchor::Start };
            shapes.push(Shape::Text(Label::new(at, label, 8.0, palette::INK).anchored(anchor)));
        }
        let points = vec![point(zero, 2.0), point(zero, height - 2.0)];
        shapes.push(Shape::Line { points, stroke: Stroke::solid(palette::MUTED, 0.6) });
        let described: Vec<String> =
            self.bars.iter().take(8).map(|(name, _, label)| format!("{name} {label}")).collect();
        let description = format!("Bars: {}.", described.join(", "));
        Drawing { width, height, title: self.title.into(), description, shapes }
    }
}
