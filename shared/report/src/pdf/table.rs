use krilla::tagging::{TableHeaderScope, Tag};

use super::{
    flow::{CAPTION, Flow},
    page::{LEFT, MEASURE},
};
use crate::{
    chart::heat,
    document::{Cell, Column, Table, Value},
    drawing::{Anchor, Area, Label, Shape, Stroke, palette, point},
    font::{self, CAP_HEIGHT, Weight},
    text,
};

const PADDING: f64 = 5.0;
/// How much wider than its texts a column is at most, on the average.
const MOST_SLACK: f64 = 55.0;
/// A cell shows no more lines than that.
const MOST_LINES: usize = 6;

/// A table's columns on paper.
struct Layout<'a> {
    columns: Vec<(usize, &'a Column)>,
    widths: Vec<f64>,
    size: f64,
    heads: Vec<Vec<String>>,
}

/// A row's lines, by column.
struct Row {
    cells: Vec<Vec<String>>,
    height: f64,
}

/// How much room a table needs where it begins.
pub(super) fn needed(table: &Table) -> f64 {
    let layout = Layout::new(table);
    let rows: Vec<Row> = table.printed().iter().map(|row| layout.row(row)).collect();
    layout.needed(&rows)
}

pub(super) fn lay_out(flow: &mut Flow, table: &Table) {
    let layout = Layout::new(table);
    let rows: Vec<Row> = table.printed().iter().map(|row| layout.row(row)).collect();
    flow.need(layout.needed(&rows));
    flow.tree.open(Tag::Table.with_summary(Some(text::line(&table.title))));
    flow.tree.open(Tag::Caption);
    let title = font::fitted(&table.title, CAPTION.size, CAPTION.weight, MEASURE);
    let at = point(LEFT, flow.y + CAPTION.size);
    let leaf = flow.tree.leaf();
    let label = Label::new(at, title, CAPTION.size, CAPTION.colour).semibold();
    flow.page().place(Some(leaf), vec![Shape::Text(label)]);
    flow.tree.close();
    flow.skip(CAPTION.leading + 4.0);
    flow.tree.open(Tag::THead);
    flow.tree.open(Tag::TR);
    layout.place_head(flow, true);
    flow.tree.close();
    flow.tree.close();
    flow.tree.open(Tag::TBody);
    let largest = largest(table);
    for (index, (row, cells)) in rows.iter().zip(table.printed()).enumerate() {
        let left = rows.len() - index;
        // A last row, or a sum, does not stand alone on a page.
        let with = if left == 2 { rows[index + 1].height } else { 0.0 };
        if flow.room() < row.height + with {
            flow.new_page();
            layout.place_head(flow, false);
        }
        let total = table.total && left == 1;
        flow.tree.open(Tag::TR);
        layout.place_row(flow, row, cells, total, table.heat.then_some(largest));
        flow.tree.close();
    }
    flow.tree.close();
    flow.tree.close();
    let y = flow.y;
    flow.page().rule(LEFT, LEFT + layout.width(), y, Stroke::solid(palette::MUTED, 0.6));
}

fn largest(table: &Table) -> f64 {
    let numbers = table.rows.iter().flatten().filter_map(|cell| match cell.value {
        Value::Number(number) => Some(number.abs()),
        _ => None,
    });
    numbers.fold(1e-12, f64::max)
}

/// How wide a column's texts are at a size of 1.
struct Texts {
    /// The widest cell, or word of the head.
    widest: f64,
    /// The head in one line.
    head: f64,
}

impl Texts {
    /// Text beyond this many characters is wrapped in any case.
    const MOST: usize = 60;

    fn of(table: &Table, index: usize, column: &Column) -> Self {
        let wide = |text: &str| font::width(&text::shortened(text, Self::MOST), 1.0, Weight::SemiBold);
        let words = column.title.split_whitespace().map(wide);
        let cells = table.printed().iter().filter_map(|row| row.get(index));
        let cells = cells.map(|cell| wide(&cell.shown(column.format)));
        Self { widest: words.chain(cells).fold(0.0, f64::max), head: wide(&column.title) }
    }
}

impl<'a> Layout<'a> {
    fn new(table: &'a Table) -> Self {
        let columns: Vec<_> = table.columns.iter().enumerate().filter(|(_, column)| column.printed).collect();
        let mut layout = Self { columns, widths: Vec::new(), size: 8.5, heads: Vec::new() };
        let texts: Vec<Texts> =
            layout.columns.iter().map(|(index, column)| Texts::of(table, *index, column)).collect();
        for size in [8.5, 8.0, 7.5, 7.0, 6.5, 6.0, 5.5] {
            layout.size = size;
            if layout.set_widths(&texts) {
                break;
            }
        }
        layout.heads = layout
            .columns
            .iter()
            .zip(&layout.widths)
            .map(|((_, column), width)| layout.wrapped(&column.title, Weight::SemiBold, *width, 3))
            .collect();
        layout
    }

    /// Gives each column the room that its figures need, and shares out the rest. Whether there was enough.
    fn set_widths(&mut self, texts: &[Texts]) -> bool {
        let mut least = Vec::new();
        let mut natural = Vec::new();
        for ((_, column), texts) in self.columns.iter().zip(texts) {
            let widest = texts.widest * self.size + 2.0 * PADDING;
            let whole = texts.head * self.size + 2.0 * PADDING;
            let figures = column.is_numeric() || column.format == crate::Format::Date;
            let smallest = if figures { widest } else { widest.min(80.0) };
            least.push(smallest);
            natural.push(whole.max(widest));
        }
        let (needed, wanted): (f64, f64) = (least.iter().sum(), natural.iter().sum());
        let enough = needed <= MEASURE;
        let shares: f64 = self.columns.iter().map(|(_, column)| column.share).sum();
        self.widths = if wanted <= MEASURE {
            // A table of few columns is not drawn so wide that the eye loses its row.
            let rest = (MEASURE - wanted).min(MOST_SLACK * natural.len() as f64);
            natural
                .iter()
                .zip(&self.columns)
                .map(|(width, (_, column))| width + rest * column.share / shares)
                .collect()
        } else if enough {
            let grow: f64 = natural.iter().zip(&least).map(|(natural, least)| natural - least).sum();
            let rest = (MEASURE - needed) / grow.max(1e-9);
            natural.iter().zip(&least).map(|(natural, least)| least + (natural - least) * rest).collect()
        } else {
            least.iter().map(|width| width / needed * MEASURE).collect()
        };
        enough
    }

    fn wrapped(&self, text: &str, weight: Weight, width: f64, most: usize) -> Vec<String> {
        let room = width - 2.0 * PADDING;
        let text = text::shortened(text, 600);
        let mut lines = font::wrapped(&text, self.size, weight, room + 0.01);
        if lines.len() > most {
            lines.truncate(most);
            if let Some(last) = lines.last_mut() {
                last.push('…');
                while font::width(last, self.size, weight) > room && last.chars().count() > 1 {
                    last.pop();
                    last.pop();
                    last.push('…');
                }
            }
        }
        lines
    }

    fn width(&self) -> f64 {
        self.widths.iter().sum()
    }

    fn leading(&self) -> f64 {
        self.size * 1.28
    }

    fn height(&self, lines: usize) -> f64 {
        lines.max(1) as f64 * self.leading() + 0.75 * self.size
    }

    fn head_height(&self) -> f64 {
        self.height(self.heads.iter().map(Vec::len).max().unwrap_or(1))
    }

    /// A small table is not torn; of others, three rows stay with the heads.
    fn needed(&self, rows: &[Row]) -> f64 {
        let above = self.head_height() + CAPTION.leading + 4.0;
        let height = |rows: &[Row]| rows.iter().map(|row| row.height).sum::<f64>() + above;
        let whole = height(rows);
        if whole < 260.0 { whole } else { height(&rows[..rows.len().min(3)]) }
    }

    fn row(&self, cells: &[Cell]) -> Row {
        let cells: Vec<Vec<String>> = self
            .columns
            .iter()
            .zip(&self.widths)
            .map(|((index, column), width)| {
                let shown = cells.get(*index).map(|cell| cell.shown(column.format)).unwrap_or_default();
                self.wrapped(&shown, Weight::Regular, *width, MOST_LINES)
            })
            .collect();
        let height = self.height(cells.iter().map(Vec::len).max().unwrap_or(1));
        Row { cells, height }
    }

    /// The heads; those that a page repeats are ornaments to a reader of the structure.
    fn place_head(&self, flow: &mut Flow, first: bool) {
        let (y, height) = (flow.y, self.head_height());
        let area = Area { x: LEFT, y, width: self.width(), height };
        flow.page().panel(area, palette::NAVY);
        let mut x = LEFT;
        for (((_, column), width), lines) in self.columns.iter().zip(&self.widths).zip(&self.heads) {
            let up = height - self.height(lines.len());
            let shapes =
                self.text(lines, x, y + up, *width, column.is_numeric(), Weight::SemiBold, palette::WHITE);
            x += width;
            if first {
                flow.tree.open(Tag::TH(TableHeaderScope::Column));
                let leaf = flow.tree.leaf();
                flow.page().place(Some(leaf), shapes);
                flow.tree.close();
            } else {
                flow.page().place(None, shapes);
            }
        }
        flow.skip(height);
    }

    fn place_row(&self, flow: &mut Flow, row: &Row, cells: &[Cell], total: bool, largest: Option<f64>) {
        let y = flow.y;
        let stroke =
            if total { Stroke::solid(palette::MUTED, 0.8) } else { Stroke::solid(palette::RULE, 0.5) };
        let weight = if total { Weight::SemiBold } else { Weight::Regular };
        flow.page().rule(LEFT, LEFT + self.width(), y, stroke);
        let mut x = LEFT;
        for (((index, column), width), lines) in self.columns.iter().zip(&self.widths).zip(&row.cells) {
            let value = cells.get(*index).map(|cell| &cell.value);
            let mut ink = palette::INK;
            if let (Some(largest), Some(Value::Number(number))) = (largest, value) {
                let colour = heat(number / largest);
                flow.page().panel(Area { x, y, width: *width, height: row.height }, colour);
                ink = if colour.is_light() { palette::INK } else { palette::WHITE };
            }
            let right = column.is_numeric() && !matches!(value, Some(Value::Text(_)));
            let shapes = self.text(lines, x, y, *width, right, weight, ink);
            let names = matches!(value, Some(Value::Text(_))) && *index == 0;
            if names {
                flow.tree.open(Tag::TH(TableHeaderScope::Row));
            } else {
                flow.tree.open(Tag::TD);
            }
            let leaf = flow.tree.leaf();
            flow.page().place(Some(leaf), shapes);
            flow.tree.close();
            x += width;
        }
        flow.skip(row.height);
    }

    #[allow(clippy::too_many_arguments)]
    fn text(
        &self,
        lines: &[String],
        x: f64,
        y: f64,
        width: f64,
        right: bool,
        weight: Weight,
        colour: crate::drawing::Colour,
    ) -> Vec<Shape> {
        let first = y + 0.375 * self.size + self.leading() / 2.0 + self.size * CAP_HEIGHT / 2.0;
        lines
            .iter()
            .enumerate()
            .map(|(index, line)| {
                let baseline = first + index as f64 * self.leading();
                let at = point(if right { x + width - PADDING } else { x + PADDING }, baseline);
                let anchor = if right { Anchor::End } else { Anchor::Start };
                let label = Label::new(at, line, self.size, colour).anchored(anchor);
                Shape::Text(Label { weight, ..label })
            })
            .collect()
    }
}
