use std::fmt::Write;

use super::{Anchor, Colour, Drawing, Label, Point, Shape, palette, shape::point};
use crate::{font::Weight, text};

/// The height of the band above a drawing that holds its title.
const TITLE: f64 = 26.0;
const FAMILY: &str = "'Source Sans 3','Source Sans Pro','Helvetica Neue',Arial,sans-serif";

pub(super) fn document(drawing: &Drawing) -> String {
    let mut svg = String::with_capacity(16 * 1024);
    let (width, height) = (number(drawing.width), number(drawing.height + TITLE));
    let _ = write!(
        svg,
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" aria-labelledby="title description" font-family="{FAMILY}">"#
    );
    let _ = write!(svg, r#"<title id="title">{}</title>"#, escaped(&drawing.title));
    let _ = write!(svg, r#"<desc id="description">{}</desc>"#, escaped(&drawing.description));
    let _ = write!(svg, r##"<rect width="{width}" height="{height}" fill="#ffffff"/>"##);
    let mut clips = 0;
    let title = Label::new(point(10.0, 18.0), &drawing.title, 13.0, palette::NAVY).semibold();
    shape(&mut svg, &Shape::Text(title), &mut clips);
    let _ = write!(svg, r#"<g transform="translate(0 {TITLE})">"#);
    for each in &drawing.shapes {
        shape(&mut svg, each, &mut clips);
    }
    svg.push_str("</g></svg>\n");
    svg
}

fn shape(svg: &mut String, of: &Shape, clips: &mut usize) {
    let _ = match of {
        Shape::Rectangle { area, fill } => write!(
            svg,
            r#"<rect x="{}" y="{}" width="{}" height="{}" fill="{}"{}/>"#,
            number(area.x),
            number(area.y),
            number(area.width),
            number(area.height),
            hex(fill.colour),
            opacity(fill.opacity),
        ),
        Shape::Line { points, stroke } => write!(
            svg,
            r#"<polyline points="{}" fill="none" stroke="{}" stroke-width="{}" stroke-linejoin="round"{}/>"#,
            coordinates(points),
            hex(stroke.colour),
            number(stroke.width),
            stroke.dash.map(|dash| format!(r#" stroke-dasharray="{}""#, number(dash))).unwrap_or_default(),
        ),
        Shape::Polygon { points, fill } => write!(
            svg,
            r#"<polygon points="{}" fill="{}"{}/>"#,
            coordinates(points),
            hex(fill.colour),
            opacity(fill.opacity),
        ),
        Shape::Disc { centre, radius, fill } => write!(
            svg,
            r#"<circle cx="{}" cy="{}" r="{}" fill="{}"{}/>"#,
            number(centre.x),
            number(centre.y),
            number(*radius),
            hex(fill.colour),
            opacity(fill.opacity),
        ),
        Shape::Text(of) => label(svg, of),
        Shape::Clip { area, shapes } => {
            *clips += 1;
            let _ = write!(
                svg,
                r#"<clipPath id="clip{0}"><rect x="{1}" y="{2}" width="{3}" height="{4}"/></clipPath><g clip-path="url(#clip{0})">"#,
                clips,
                number(area.x),
                number(area.y),
                number(area.width),
                number(area.height),
            );
            for each in shapes {
                shape(svg, each, clips);
            }
            write!(svg, "</g>")
        }
    };
}

fn label(svg: &mut String, of: &Label) -> std::fmt::Result {
    let anchor = match of.anchor {
        Anchor::Start => "",
        Anchor::Middle => r#" text-anchor="middle""#,
        Anchor::End => r#" text-anchor="end""#,
    };
    let weight = if of.weight == Weight::SemiBold { r#" font-weight="600""# } else { "" };
    let (x, y) = (number(of.at.x), number(of.at.y));
    let turn = if of.upwards { format!(r#" transform="rotate(-90 {x} {y})""#) } else { String::new() };
    write!(
        svg,
        r#"<text x="{x}" y="{y}" font-size="{}" fill="{}"{anchor}{weight}{turn}>{}</text>"#,
        number(of.size),
        hex(of.colour),
        escaped(&of.text),
    )
}

fn coordinates(points: &[Point]) -> String {
    let mut text = String::with_capacity(points.len() * 12);
    for Point { x, y } in points {
        let _ = write!(text, "{},{} ", number(*x), number(*y));
    }
    text.pop();
    text
}

/// A hundredth of a point is finer than any screen.
fn number(value: f64) -> String {
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".into() } else { text.into() }
}

fn hex(Colour(red, green, blue): Colour) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

fn opacity(value: f64) -> String {
    if value < 1.0 { format!(r#" fill-opacity="{}""#, number(value)) } else { String::new() }
}

fn escaped(raw: &str) -> String {
    let mut safe = String::with_capacity(raw.len());
    for character in text::line(raw).chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            other => safe.push(other),
        }
    }
    safe
}
