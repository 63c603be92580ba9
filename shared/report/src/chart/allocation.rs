use super::Size;
use crate::{
    drawing::{Anchor, Area, Drawing, Label, Shape, palette, point},
    font::{self, Weight},
    number,
};

/// What shares of a whole belong to what, the largest first.
#[derive(Debug, Clone, Copy)]
pub struct Allocation<'a> {
    /// What is shared out.
    pub title: &'a str,
    /// Names and shares, as fractions.
    pub shares: &'a [(String, f64)],
}

const ROW: f64 = 15.0;
const MOST: usize = 14;

impl Allocation<'_> {
    /// How high the chart is best drawn.
    pub fn height(&self) -> f64 {
        self.rows().len() as f64 * ROW + 6.0
    }

    /// The chart: bars, which are easier to compare than the slices of a pie.
    pub fn draw(&self, (width, height): Size) -> Drawing {
        let rows = self.rows();
        let names: Vec<String> =
            rows.iter().map(|(name, _)| font::fitted(name, 8.0, Weight::Regular, width * 0.35)).collect();
        let left =
            names.iter().map(|name| font::width(name, 8.0, Weight::Regular)).fold(0.0, f64::max) * 1.12 + 8.0;
        let (right, least) = (46.0, rows.iter().map(|(_, share)| *share).fold(0.0, f64::min));
        let span = (rows.iter().map(|(_, share)| *share).fold(0.0, f64::max) - least).max(1e-9);
        let room = (width - left - right).max(10.0);
        let zero = left - least / span * room;
        let mut shapes = Vec::new();
        for (index, ((_, share), name)) in rows.iter().zip(&names).enumerate() {
            let y = index as f64 * ROW + 3.0;
            let baseline = y + ROW / 2.0 + 1.2;
            shapes.push(Shape::Text(
                Label::new(point(left - 6.0, baseline), name, 8.0, palette::INK).anchored(Anchor::End),
            ));
            let wide = (share.abs() / span * room).max(0.6);
            let x = if *share < 0.0 { zero - wide } else { zero };
            let colour = if *share < 0.0 { palette::VERMILION } else { palette::BLUE };
            let area = Area { x, y: y + 1.0, width: wide, height: ROW - 5.0 };
            shapes.push(Shape::Rectangle { area, fill: colour.into() });
            let at = point(zero.max(x + wide) + 4.0, baseline);
            shapes.push(Shape::Text(Label::new(at, number::percent(*share, 1), 8.0, palette::INK)));
        }
        let described: Vec<String> = rows
            .iter()
            .take(5)
            .map(|(name, share)| format!("{name} {}", number::percent(*share, 1)))
            .collect();
        let description = format!("Bars of shares, the largest first: {}.", described.join(", "));
        Drawing { width, height, title: self.title.into(), description, shapes }
    }

    /// The largest shares; the others together are the last row.
    fn rows(&self) -> Vec<(String, f64)> {
        if self.shares.len() <= MOST {
            return self.shares.to_vec();
        }
        let (shown, others) = self.shares.split_at(MOST - 1);
        let mut rows = shown.to_vec();
        rows.push((format!("{} others", others.len()), others.iter().map(|(_, share)| share).sum()));
        rows
    }
}
