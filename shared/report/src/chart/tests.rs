use jiff::{
    ToSpan,
    civil::{Date, date},
};

use super::*;
use crate::{
    drawing::{Anchor, Area, Drawing, Shape, palette},
    font,
};

const SIZES: [Size; 3] = [(491.0, 215.0), (238.0, 150.0), (720.0, 380.0)];

fn labels(drawing: &Drawing) -> Vec<(String, Area)> {
    fn collect(shapes: &[Shape], found: &mut Vec<(String, Area)>) {
        for shape in shapes {
            match shape {
                Shape::Clip { shapes, .. } => collect(shapes, found),
                Shape::Text(label) => {
                    let width = font::width(&label.text, label.size, label.weight);
                    let start = match label.anchor {
                        Anchor::Start => 0.0,
                        Anchor::Middle => width / 2.0,
                        Anchor::End => width,
                    };
                    let (x, y) = (label.at.x - start, label.at.y - label.size * 0.7);
                    found.push((label.text.clone(), Area { x, y, width, height: label.size * 0.7 }));
                }
                _ => {}
            }
        }
    }
    let mut found = Vec::new();
    collect(&drawing.shapes, &mut found);
    found
}

fn assert_readable(drawing: &Drawing) {
    let labels = labels(drawing);
    for (index, (text, area)) in labels.iter().enumerate() {
        assert!(
            area.x >= -0.5 && area.right() <= drawing.width + 0.5,
            "{}: {text:?} {area:?}",
            drawing.title
        );
        assert!(
            area.y >= -0.5 && area.bottom() <= drawing.height + 0.5,
            "{}: {text:?} {area:?}",
            drawing.title
        );
        for (other, beside) in &labels[..index] {
            let apart = area.x >= beside.right()
                || beside.x >= area.right()
                || area.y >= beside.bottom()
                || beside.y >= area.bottom();
            assert!(apart, "{}: {text:?} covers {other:?}", drawing.title);
        }
    }
    assert!(!drawing.description.is_empty());
    let svg = drawing.to_svg();
    assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
    assert_eq!(svg.matches("<g").count(), svg.matches("</g>").count());
}

fn days(count: i64) -> Vec<Date> {
    (0..count).map(|day| date(2019, 12, 30).saturating_add(day.days())).collect()
}

fn wave(count: usize, middle: f64, swing: f64) -> Vec<f64> {
    (0..count).map(|index| middle + swing * (index as f64 / 37.0).sin()).collect()
}

#[test]
fn curves_of_any_length_and_size_are_readable() {
    for count in [1, 2, 30, 260, 2_000, 20_000] {
        let dates = days(count);
        for (middle, swing) in [(100.0, 30.0), (0.003, 0.002), (4e12, 1e12), (1.0, 0.0)] {
            let values = wave(dates.len(), middle, swing);
            let below: Vec<f64> = values.iter().map(|value| value / (middle + swing) - 1.0).collect();
            for size in SIZES {
                let benchmark = Some(("A benchmark with a rather long name", values.as_slice()));
                assert_readable(&EquityCurve { dates: &dates, portfolio: &values, benchmark }.draw(size));
                assert_readable(&Underwater { dates: &dates, drawdowns: &below }.draw(size));
                let colour = palette::BLUE;
                let rolling = RollingFigure {
                    title: "Rolling",
                    dates: &dates,
                    values: &values,
                    percent: false,
                    colour,
                };
                assert_readable(&rolling.draw(size));
            }
        }
    }
}

#[test]
fn a_figure_that_is_not_there_leaves_a_gap() {
    let dates: Vec<Date> = (0..7).map(|day| date(2024, 1, 1) + day.days()).collect();
    let points = |values: &[f64]| -> Vec<usize> {
        let colour = palette::BLUE;
        let chart = RollingFigure { title: "Rolling", dates: &dates, values, percent: false, colour };
        let clipped = chart.draw(SIZES[0]).shapes.into_iter().filter_map(|shape| match shape {
            Shape::Clip { shapes, .. } => Some(shapes),
            _ => None,
        });
        let lines = clipped.flatten().filter_map(|shape| match shape {
            Shape::Line { points, .. } => Some(points),
            _ => None,
        });
        lines.map(|line| line.len()).collect()
    };
    assert_eq!(points(&[1.0, 2.0, 3.0, 2.0, 1.0, 2.0, 1.0]), [7]);
    assert_eq!(points(&[1.0, 2.0, f64::NAN, 2.0, 1.0, 2.0, 1.0]), [2, 4]);
    assert!(points(&[f64::NAN; 7]).is_empty());
}

#[test]
fn a_long_curve_has_few_points_and_all_extremes() {
    let dates = days(20_000);
    let mut values = wave(dates.len(), 100.0, 5.0);
    values[12_345] = 500.0;
    let drawing = EquityCurve { dates: &dates, portfolio: &values, benchmark: None }.draw(SIZES[0]);
    let svg = drawing.to_svg();
    assert!(svg.len() < 40_000, "{}", svg.len());
    assert!(svg.contains("400") || svg.contains("500"));
}

#[test]
fn distributions_are_readable() {
    let edges: Vec<f64> = (0..=40).map(|bin| f64::from(bin) * 2.5e4 - 5e5).collect();
    let counts: Vec<u64> = (0..40).map(|bin: u64| 1_000 - (bin.abs_diff(20)).pow(2)).collect();
    let marks = [("VaR 95%".to_owned(), -3e5), ("outside".to_owned(), 9e9)];
    for size in SIZES {
        let chart = HistogramChart {
            title: "Profit",
            unit: "USD",
            edges: &edges,
            counts: &counts,
            normal: Some((0.0, 1e5)),
            marks: &marks,
            percent: false,
        };
        assert_readable(&chart.draw(size));
        assert!(!chart.draw(size).to_svg().contains("outside"));
        assert_readable(&HistogramChart { edges: &[], counts: &[], normal: None, ..chart }.draw(size));
        assert_readable(
            &HistogramChart { edges: &[1.0, 1.0], counts: &[7], normal: Some((1.0, 0.0)), ..chart }
                .draw(size),
        );
    }
}

#[test]
fn fans_and_frontiers_are_readable() {
    let steps: Vec<f64> = (0..=12).map(|step| f64::from(step) * 21.0).collect();
    let band = |percentile: f64| {
        (percentile, steps.iter().map(|step| 1e6 + (percentile - 50.0) * step * 90.0).collect())
    };
    let bands = [5.0, 25.0, 50.0, 75.0, 95.0].map(band);
    let points: Vec<(f64, f64)> =
        (0..30).map(|step| (0.1 + 0.0002 * f64::from(step).powi(2), 0.05 + 0.01 * f64::from(step))).collect();
    let portfolios = [("This portfolio".to_owned(), 0.2, 0.1), ("Least risk".to_owned(), 0.1, 0.05)];
    let assets: Vec<_> =
        (0..40).map(|index| (format!("ASSET{index}"), 0.2 + 0.001 * f64::from(index), 0.1)).collect();
    for size in SIZES {
        assert_readable(
            &Fan { steps: &steps, bands: &bands, unit: "trading days", currency: "USD" }.draw(size),
        );
        assert_readable(&Fan { steps: &[], bands: &[], unit: "trading days", currency: "USD" }.draw(size));
        let chart = FrontierChart { points: &points, portfolios: &portfolios, assets: &assets };
        assert_readable(&chart.draw(size));
    }
}

#[test]
fn bars_and_heat_maps_are_readable() {
    let long = "A scenario whose name goes on and on until nobody wants to read it any more".to_owned();
    let bars = [(long.clone(), -0.4, "−40.0%".to_owned()), ("Up".to_owned(), 0.1, "10.0%".to_owned())];
    let shares: Vec<_> = (0..40).map(|index| (format!("{long} {index}"), 0.025)).collect();
    let months: Vec<_> = (1..=12).map(|month| (2024, month, f64::from(month) / 10.0 - 0.6)).collect();
    for (width, _) in SIZES {
        let chart = Bars { title: "Stress", bars: &bars };
        assert_readable(&chart.draw((width, chart.height())));
        let chart = Allocation { title: "Allocation", shares: &shares };
        assert_readable(&chart.draw((width, chart.height())));
    }
    let chart = MonthlyReturns {
        months: &months,
        years: &[(2024, 0.123)],
        partial_months: &[],
        partial_years: &[2024],
    };
    assert_readable(&chart.draw((491.0, chart.height())));
    let names = |count: usize| (0..count).map(|index| format!("{index}.0%")).collect::<Vec<_>>();
    let (rows, columns) = (names(5), names(7));
    let values = vec![vec![Some(101.25), None, Some(88.0), Some(1.0), Some(-3.0), Some(0.0), Some(100.0)]; 5];
    let chart = Sensitivity {
        row_name: "WACC",
        rows: &rows,
        column_name: "Growth",
        columns: &columns,
        values: &values,
        centre: 100.0,
    };
    assert_readable(&chart.draw((491.0, chart.height())));
}

#[test]
fn a_name_is_never_markup() {
    let bars = [("<script>alert(1)</script>\u{202e}&\"".to_owned(), 1.0, "1".to_owned())];
    let svg = Bars { title: "<b>", bars: &bars }.draw((491.0, 60.0)).to_svg();
    assert!(!svg.contains("<script") && !svg.contains("<b>") && !svg.contains('\u{202e}'));
    assert!(svg.contains("&lt;script&gt;"));
}
