use krilla::{
    color::rgb,
    geom::{Path, PathBuilder, Point, Rect, Transform},
    num::NormalizedF32,
    paint::{Fill, FillRule, LineJoin, Stroke, StrokeDash},
    surface::Surface,
    tagging::{Artifact, ArtifactType, ContentTag, Identifier, SpanTag},
};

use super::page::{Item, Page};
use crate::{
    ReportError,
    drawing::{self, Anchor, Area, Colour, Label, Shape},
    font,
};

/// Paints a page. `identifiers` gets, at the number of each piece of content, what the structure calls it.
pub(super) fn page(
    surface: &mut Surface,
    page: &Page,
    identifiers: &mut Vec<Option<Identifier>>,
) -> Result<(), ReportError> {
    for item in &page.items {
        let Item { leaf, origin, shapes } = item;
        let meant = meant(shapes)?;
        let tag = match (leaf, &meant) {
            (None, _) => ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout)),
            (Some(_), Some(text)) => ContentTag::Span(SpanTag::empty().with_actual_text(Some(text))),
            (Some(_), None) => ContentTag::Other,
        };
        let identifier = surface.start_tagged(tag);
        surface.push_transform(&Transform::from_translate(origin.x as f32, origin.y as f32));
        for shape in shapes {
            draw(surface, shape)?;
        }
        surface.pop();
        surface.end_tagged();
        if let Some(leaf) = *leaf {
            if identifiers.len() <= leaf {
                identifiers.resize(leaf + 1, None);
            }
            identifiers[leaf] = Some(identifier);
        }
    }
    Ok(())
}

/// What a text says, where the typeface can't show it: for those who search or copy.
fn meant(shapes: &[Shape]) -> Result<Option<String>, ReportError> {
    let [Shape::Text(label)] = shapes else { return Ok(None) };
    Ok(font::face(label.weight)?.shape(&label.text).meant)
}

fn draw(surface: &mut Surface, shape: &Shape) -> Result<(), ReportError> {
    match shape {
        Shape::Rectangle { area, fill } => filled(surface, rectangle(*area), *fill),
        Shape::Polygon { points, fill } => filled(surface, outline(points, true), *fill),
        Shape::Disc { centre, radius, fill } => filled(surface, disc(*centre, *radius), *fill),
        Shape::Line { points, stroke } => {
            if let Some(path) = outline(points, false) {
                surface.set_fill(None);
                surface.set_stroke(Some(stroked(*stroke)));
                surface.draw_path(&path);
            }
        }
        Shape::Text(label) => text(surface, label)?,
        Shape::Clip { area, shapes } => {
            let Some(path) = rectangle(*area) else { return Ok(()) };
            surface.push_clip_path(&path, &FillRule::NonZero);
            for shape in shapes {
                draw(surface, shape)?;
            }
            surface.pop();
        }
    }
    Ok(())
}

fn text(surface: &mut Surface, label: &Label) -> Result<(), ReportError> {
    let face = font::face(label.weight)?;
    let shaped = face.shape(&label.text);
    let width = shaped.width * label.size;
    let start = match label.anchor {
        Anchor::Start => 0.0,
        Anchor::Middle => width / 2.0,
        Anchor::End => width,
    };
    surface.set_stroke(None);
    surface.set_fill(Some(painted(label.colour.into())));
    let (x, y) = (label.at.x as f32, label.at.y as f32);
    if label.upwards {
        surface.push_transform(&Transform::from_rotate_at(-90.0, x, y));
    }
    let at = Point::from_xy(x - start as f32, y);
    surface.draw_glyphs(at, &shaped.glyphs, face.font.clone(), &shaped.shown, label.size as f32, false);
    if label.upwards {
        surface.pop();
    }
    Ok(())
}

fn filled(surface: &mut Surface, path: Option<Path>, fill: drawing::Fill) {
    if let Some(path) = path {
        surface.set_stroke(None);
        surface.set_fill(Some(painted(fill)));
        surface.draw_path(&path);
    }
}

fn painted(fill: drawing::Fill) -> Fill {
    let opacity = NormalizedF32::new(fill.opacity as f32).unwrap_or(NormalizedF32::ONE);
    Fill { paint: colour(fill.colour).into(), opacity, rule: FillRule::NonZero }
}

fn stroked(stroke: drawing::Stroke) -> Stroke {
    let dash = stroke.dash.map(|dash| StrokeDash { array: vec![dash as f32, dash as f32], offset: 0.0 });
    Stroke {
        paint: colour(stroke.colour).into(),
        width: stroke.width as f32,
        line_join: LineJoin::Round,
        dash,
        ..Stroke::default()
    }
}

fn colour(Colour(red, green, blue): Colour) -> rgb::Color {
    rgb::Color::new(red, green, blue)
}

fn rectangle(area: Area) -> Option<Path> {
    let mut path = PathBuilder::new();
    path.push_rect(Rect::from_xywh(area.x as f32, area.y as f32, area.width as f32, area.height as f32)?);
    path.finish()
}

fn outline(points: &[drawing::Point], closed: bool) -> Option<Path> {
    let mut path = PathBuilder::new();
    let (first, rest) = points.split_first()?;
    path.move_to(first.x as f32, first.y as f32);
    for point in rest {
        path.line_to(point.x as f32, point.y as f32);
    }
    if closed {
        path.close();
    }
    path.finish()
}

/// Four Bézier curves, whose radius is right to a quarter of a thousandth.
fn disc(centre: drawing::Point, radius: f64) -> Option<Path> {
    const HANDLE: f32 = 0.552_285;
    let (x, y, r) = (centre.x as f32, centre.y as f32, radius as f32);
    let k = HANDLE * r;
    let mut path = PathBuilder::new();
    path.move_to(x + r, y);
    path.cubic_to(x + r, y + k, x + k, y + r, x, y + r);
    path.cubic_to(x - k, y + r, x - r, y + k, x - r, y);
    path.cubic_to(x - r, y - k, x - k, y - r, x, y - r);
    path.cubic_to(x + k, y - r, x + r, y - k, x + r, y);
    path.close();
    path.finish()
}
