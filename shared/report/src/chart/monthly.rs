use super::Size;
use crate::{
    drawing::{Anchor, Area, Colour, Drawing, Label, Shape, palette, point},
    font::Weight,
    number,
};

/// The months' short names.
pub(crate) const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// The returns of calendar months as a heat map, a row a year, with the year's return at its end.
#[derive(Debug, Clone, Copy)]
pub struct MonthlyReturns<'a> {
    /// Year, month from 1 to 12, return.
    pub months: &'a [(i16, i8, f64)],
    /// Year, return.
    pub years: &'a [(i16, f64)],
    /// Year and month of months that are not covered whole; marked with an asterisk, as years are.
    pub partial_months: &'a [(i16, i8)],
    /// Years that are not covered whole.
    pub partial_years: &'a [i16],
}

impl MonthlyReturns<'_> {
    /// How high the chart is best drawn.
    pub fn height(&self) -> f64 {
        (self.years.len() as f64 + 1.0) * 19.0 + 4.0
    }

    /// The chart.
    pub fn draw(&self, (width, height): Size) -> Drawing {
        let rows = self.years.len() as f64 + 1.0;
        let (first, row) = (34.0, (height / rows).min(22.0));
        let column = (width - first) / 13.0;
        let largest = self.months.iter().map(|(.., value)| value.abs()).fold(0.01, f64::max);
        let mut shapes = Vec::new();
        let text = |x: f64, line: f64, text: &str, weight, colour| {
            let at = point(x, line * row + row / 2.0 + 2.6);
            Shape::Text(Label { weight, ..Label::new(at, text, 7.5, colour).anchored(Anchor::Middle) })
        };
        for (index, name) in MONTHS.iter().chain(["Year"].iter()).enumerate() {
            let centre = first + (index as f64 + 0.5) * column;
            shapes.push(text(centre, 0.0, name, Weight::SemiBold, palette::MUTED));
        }
        for (line, (year, total)) in self.years.iter().enumerate() {
            let line = line as f64 + 1.0;
            shapes.push(text(first / 2.0 - 3.0, line, &year.to_string(), Weight::SemiBold, palette::INK));
            let of_year = self.months.iter().filter(|(of, ..)| of == year);
            for (_, month, value) in of_year {
                let (index, value) = (f64::from(*month) - 1.0, *value);
                let shown = marked(value, self.partial_months.contains(&(*year, *month)));
                let colour = heat(value / largest);
                let area = Area {
                    x: first + index * column + 0.5,
                    y: line * row + 0.5,
                    width: column - 1.0,
                    height: row - 1.0,
                };
                shapes.push(Shape::Rectangle { area, fill: colour.into() });
                let ink = if colour.is_light() { palette::INK } else { palette::WHITE };
                let centre = first + (index + 0.5) * column;
                shapes.push(text(centre, line, &shown, Weight::Regular, ink));
            }
            let centre = first + 12.5 * column;
            let shown = marked(*total, self.partial_years.contains(year));
            shapes.push(text(centre, line, &shown, Weight::SemiBold, palette::INK));
        }
        let (best, worst) = self.extremes();
        let description = format!(
            "Heat map of monthly returns: blue for gains, orange for losses; best month {}, worst month {}.",
            number::percent(best, 1),
            number::percent(worst, 1)
        );
        Drawing { width, height, title: "Monthly returns".into(), description, shapes }
    }

    fn extremes(&self) -> (f64, f64) {
        let values = || self.months.iter().map(|(.., value)| *value);
        (values().reduce(f64::max).unwrap_or(0.0), values().reduce(f64::min).unwrap_or(0.0))
    }
}

fn marked(value: f64, partial: bool) -> String {
    let shown = number::percent(value, 1);
    if partial { shown + "*" } else { shown }
}

/// From vermilion (-1) over white to blue (1).
pub(crate) fn heat(share: f64) -> Colour {
    let strongest = if share < 0.0 { palette::VERMILION } else { palette::BLUE };
    palette::WHITE.towards(strongest, share.abs().min(1.0).powf(0.8) * 0.85)
}
