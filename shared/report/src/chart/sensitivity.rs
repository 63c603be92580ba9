use super::{Size, monthly::heat};
use crate::{
    drawing::{Anchor, Area, Drawing, Label, Shape, palette, point},
    font::Weight,
    number,
};

/// How a value depends on two assumptions, as a heat map around its centre.
#[derive(Debug, Clone, Copy)]
pub struct Sensitivity<'a> {
    /// What varies down the rows, such as `WACC`.
    pub row_name: &'a str,
    /// Its values, as text.
    pub rows: &'a [String],
    /// What varies along the columns.
    pub column_name: &'a str,
    /// Its values, as text.
    pub columns: &'a [String],
    /// A row a row; `None` where the assumptions contradict each other.
    pub values: &'a [Vec<Option<f64>>],
    /// What the values are compared with: the value of the run.
    pub centre: f64,
}

impl Sensitivity<'_> {
    /// How high the chart is best drawn.
    pub fn height(&self) -> f64 {
        (self.rows.len() as f64 + 2.0) * 19.0
    }

    /// The chart.
    pub fn draw(&self, (width, height): Size) -> Drawing {
        let row = (height / (self.rows.len() as f64 + 2.0)).min(22.0);
        let first = 78.0;
        let column = (width - first) / self.columns.len().max(1) as f64;
        let deviation = |value: f64| if self.centre == 0.0 { 0.0 } else { value / self.centre - 1.0 };
        let all = || self.values.iter().flatten().flatten();
        let largest = all().map(|value| deviation(*value).abs()).fold(0.01, f64::max);
        let text = |x: f64, line: f64, text: &str, weight, colour| {
            let at = point(x, line * row + row / 2.0 + 2.8);
            Shape::Text(Label { weight, ..Label::new(at, text, 8.0, colour).anchored(Anchor::Middle) })
        };
        let across = first + (width - first) / 2.0;
        let mut shapes = vec![text(across, 0.0, self.column_name, Weight::SemiBold, palette::MUTED)];
        shapes.push(text(first / 2.0, 1.0, self.row_name, Weight::SemiBold, palette::MUTED));
        for (index, name) in self.columns.iter().enumerate() {
            let centre = first + (index as f64 + 0.5) * column;
            shapes.push(text(centre, 1.0, name, Weight::SemiBold, palette::INK));
        }
        for (index, (name, values)) in self.rows.iter().zip(self.values).enumerate() {
            let line = index as f64 + 2.0;
            shapes.push(text(first / 2.0, line, name, Weight::SemiBold, palette::INK));
            for (index, value) in values.iter().enumerate() {
                let colour = value.map_or(palette::PANEL, |value| heat(deviation(value) / largest));
                let area = Area {
                    x: first + index as f64 * column + 0.5,
                    y: line * row + 0.5,
                    width: column - 1.0,
                    height: row - 1.0,
                };
                shapes.push(Shape::Rectangle { area, fill: colour.into() });
                let ink = if colour.is_light() { palette::INK } else { palette::WHITE };
                let shown = value.map_or_else(|| "n/a".into(), |value| number::grouped(value, 2));
                let centred = value.is_some_and(|value| deviation(value).abs() < 1e-9);
                let weight = if centred { Weight::SemiBold } else { Weight::Regular };
                shapes.push(text(first + (index as f64 + 0.5) * column, line, &shown, weight, ink));
            }
        }
        let range = all()
            .copied()
            .map(|value| (value, value))
            .reduce(|found, value| (found.0.min(value.0), found.1.max(value.1)));
        let (low, high) = range.unwrap_or((self.centre, self.centre));
        let title = format!("Sensitivity to {} and {}", self.row_name, self.column_name);
        let description = format!(
            "Heat map of the value by {} and {}, from {} to {} around {}.",
            self.row_name,
            self.column_name,
            number::grouped(low, 2),
            number::grouped(high, 2),
            number::grouped(self.centre, 2)
        );
        Drawing { width, height, title, description, shapes }
    }
}
