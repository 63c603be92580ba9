//! The typeface of documents, Source Sans 3 (fonts/OFL.txt), and how wide text is in it.

use std::sync::OnceLock;

use krilla::text::{Font, GlyphId, KrillaGlyph};
use rustybuzz::{Direction, ShapePlan, UnicodeBuffer, script};

use crate::{ReportError, text};

/// The upper half of a line's height that capitals take.
pub const CAP_HEIGHT: f64 = 0.66;
/// Stands for a character that the typeface does not have.
const MISSING: char = '□';

static REGULAR: &[u8] = include_bytes!("../fonts/SourceSans3-Regular.ttf");
static SEMIBOLD: &[u8] = include_bytes!("../fonts/SourceSans3-SemiBold.ttf");

/// How bold text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Weight {
    /// 400.
    Regular,
    /// 600.
    SemiBold,
}

/// A face: for shaping, and for embedding.
pub(crate) struct Face {
    shaper: rustybuzz::Face<'static>,
    plan: ShapePlan,
    pub(crate) font: Font,
}

/// A line of text as glyphs.
pub(crate) struct Shaped {
    /// What the glyphs show: the text, with a box for each character that the face does not have.
    pub(crate) shown: String,
    /// The text, where it is not what is shown.
    pub(crate) meant: Option<String>,
    pub(crate) glyphs: Vec<KrillaGlyph>,
    /// For a size of 1.
    pub(crate) width: f64,
}

/// The face of a weight.
pub(crate) fn face(weight: Weight) -> Result<&'static Face, ReportError> {
    static FACES: OnceLock<Option<[Face; 2]>> = OnceLock::new();
    let faces = FACES.get_or_init(|| Some([Face::new(REGULAR)?, Face::new(SEMIBOLD)?]));
    let [regular, semibold] = faces.as_ref().ok_or(ReportError::Font)?;
    Ok(if weight == Weight::Regular { regular } else { semibold })
}

/// Whether the face has all characters of a text.
pub(crate) fn shows(text: &str) -> bool {
    face(Weight::Regular).is_ok_and(|face| face.shape(text).meant.is_none())
}

/// How wide a line of text is at a size, in points.
pub fn width(of: &str, size: f64, weight: Weight) -> f64 {
    // A face that can't be read stops the PDF; a drawing of its own is still laid out well with an average.
    face(weight).map_or_else(|_| of.chars().count() as f64 * 0.5, |face| face.shape(of).width) * size
}

/// The text with an ellipsis in the place of what is wider than `most` points.
pub fn fitted(of: &str, size: f64, weight: Weight, most: f64) -> String {
    let of = text::shortened(of, 1_000);
    if width(&of, size, weight) <= most {
        return of;
    }
    let fits =
        last_true(of.chars().count(), |count| width(&text::shortened(&of, count), size, weight) <= most);
    text::shortened(&of, fits)
}

/// The text in lines of at most `most` points, broken at spaces, and within words that are longer than a line.
pub fn wrapped(of: &str, size: f64, weight: Weight, most: f64) -> Vec<String> {
    let mut lines = Vec::new();
    let mut current = String::new();
    for word in of.split_whitespace() {
        let candidate = if current.is_empty() { word.to_owned() } else { format!("{current} {word}") };
        if width(&candidate, size, weight) <= most {
            current = candidate;
            continue;
        }
        if !current.is_empty() {
            lines.push(std::mem::take(&mut current));
        }
        let mut rest: Vec<char> = word.chars().collect();
        while width(&rest.iter().collect::<String>(), size, weight) > most && rest.len() > 1 {
            // No character that takes room is narrower than a tenth of its size.
            let most_characters = rest.len().min((most / size * 10.0) as usize + 2);
            let fits = last_true(most_characters, |count| {
                width(&rest[..count].iter().collect::<String>(), size, weight) <= most
            });
            lines.push(rest.drain(..fits).collect());
        }
        current = rest.into_iter().collect();
    }
    if !current.is_empty() || lines.is_empty() {
        lines.push(current);
    }
    lines
}

/// The last of 1 to `count` for which a condition holds that holds up to some number; 1 where it never does.
fn last_true(count: usize, holds: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (1, count.max(1) + 1);
    while high - low > 1 {
        let middle = low.midpoint(high);
        if holds(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    low
}

impl Face {
    fn new(data: &'static [u8]) -> Option<Self> {
        let shaper = rustybuzz::Face::from_slice(data, 0)?;
        let plan = ShapePlan::new(&shaper, Direction::LeftToRight, Some(script::LATIN), None, &[]);
        Some(Self { shaper, plan, font: Font::new(data.into(), 0)? })
    }

    pub(crate) fn shape(&self, raw: &str) -> Shaped {
        let mut meant = text::line(raw);
        if raw.ends_with(' ') && !meant.is_empty() {
            meant.push(' ');
        }
        let known = |character: char| self.shaper.glyph_index(character).is_some_and(|glyph| glyph.0 != 0);
        let shown: String =
            meant.chars().map(|character| if known(character) { character } else { MISSING }).collect();
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(&shown);
        buffer.set_direction(Direction::LeftToRight);
        buffer.set_script(script::LATIN);
        let output = rustybuzz::shape_with_plan(&self.shaper, &self.plan, buffer);
        let em = f64::from(self.shaper.units_per_em());
        let (infos, positions) = (output.glyph_infos(), output.glyph_positions());
        let mut glyphs = Vec::with_capacity(infos.len());
        let mut advance = 0;
        for (index, (info, position)) in infos.iter().zip(positions).enumerate() {
            let later = infos[index..].iter().find(|other| other.cluster != info.cluster);
            let end = later.map_or(shown.len(), |other| other.cluster as usize);
            advance += position.x_advance;
            glyphs.push(KrillaGlyph::new(
                GlyphId::new(info.glyph_id),
                (f64::from(position.x_advance) / em) as f32,
                (f64::from(position.x_offset) / em) as f32,
                (f64::from(position.y_offset) / em) as f32,
                (f64::from(position.y_advance) / em) as f32,
                info.cluster as usize..end,
                None,
            ));
        }
        let meant = (meant != shown).then_some(meant);
        Shaped { shown, meant, glyphs, width: f64::from(advance) / em }
    }
}

#[cfg(test)]
mod tests {
    use super::{MISSING, Weight, face, fitted, shows, width, wrapped};

    #[test]
    fn figures_are_of_one_width() {
        let width_of = |text| width(text, 1_000.0, Weight::Regular);
        assert!((width_of("1111111") - width_of("0847296")).abs() < 1e-6);
        assert!(width_of("iii") < width_of("WWW"));
        assert!(width("Portfolio", 10.0, Weight::SemiBold) > width("Portfolio", 10.0, Weight::Regular));
    }

    #[test]
    fn what_the_face_lacks_becomes_a_box_and_keeps_its_meaning() {
        let shaped = face(Weight::Regular).unwrap().shape("Fund 🚀 日本");
        assert_eq!(shaped.shown, format!("Fund {MISSING} {MISSING}{MISSING}"));
        assert_eq!(shaped.meant.as_deref(), Some("Fund 🚀 日本"));
        assert_eq!(face(Weight::Regular).unwrap().shape("Größe −3 %").meant, None);
    }

    #[test]
    fn the_face_has_the_scripts_that_the_api_promises() {
        assert!(shows("Société Größe Łódź Ελλάδα Москва Việt €"));
        assert!(!shows("日本") && !shows("ישראל"));
    }

    #[test]
    fn lines_are_no_wider_than_asked_for() {
        let long = format!("A word and {} and the end", "x".repeat(200));
        for line in wrapped(&long, 9.0, Weight::Regular, 120.0) {
            assert!(width(&line, 9.0, Weight::Regular) <= 120.0, "{line}");
        }
        assert!(width(&fitted(&long, 9.0, Weight::Regular, 50.0), 9.0, Weight::Regular) <= 50.0);
        assert_eq!(wrapped("", 9.0, Weight::Regular, 120.0), [""]);
    }
}
