/// A colour of the sRGB space.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour(pub u8, pub u8, pub u8);

impl Colour {
    /// The colour between this one (0) and another (1).
    #[must_use]
    pub fn towards(self, other: Self, share: f64) -> Self {
        let mix = |from: u8, to: u8| {
            (f64::from(from) + (f64::from(to) - f64::from(from)) * share.clamp(0.0, 1.0)).round() as u8
        };
        Self(mix(self.0, other.0), mix(self.1, other.1), mix(self.2, other.2))
    }

    /// Whether dark text is easier to read on this colour than white (WCAG 2.2 relative luminance).
    pub fn is_light(self) -> bool {
        let linear = |channel: u8| {
            let value = f64::from(channel) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(self.0) + 0.7152 * linear(self.1) + 0.0722 * linear(self.2) > 0.25
    }
}

/// The colours of all documents. Series take theirs from Okabe & Ito (2008), which readers with any common kind of
/// colour blindness tell apart.
pub mod palette {
    use super::Colour;

    /// Text.
    pub const INK: Colour = Colour(0x1F, 0x29, 0x33);
    /// Secondary text, axis labels.
    pub const MUTED: Colour = Colour(0x5B, 0x67, 0x75);
    /// Grid lines and rules.
    pub const RULE: Colour = Colour(0xD9, 0xDE, 0xE4);
    /// Tiles and every other row.
    pub const PANEL: Colour = Colour(0xF4, 0xF6, 0xF8);
    /// Paper.
    pub const WHITE: Colour = Colour(0xFF, 0xFF, 0xFF);
    /// Headings and the title page.
    pub const NAVY: Colour = Colour(0x12, 0x2B, 0x4A);
    /// The portfolio.
    pub const BLUE: Colour = Colour(0x00, 0x72, 0xB2);
    /// The benchmark.
    pub const ORANGE: Colour = Colour(0xE6, 0x9F, 0x00);
    /// Losses.
    pub const VERMILION: Colour = Colour(0xD5, 0x5E, 0x00);
    /// Gains.
    pub const GREEN: Colour = Colour(0x00, 0x9E, 0x73);
    /// Light accents.
    pub const SKY: Colour = Colour(0x56, 0xB4, 0xE9);
    /// Light accents.
    pub const PURPLE: Colour = Colour(0xCC, 0x79, 0xA7);

    /// The colours of series, in order.
    pub const SERIES: [Colour; 6] = [BLUE, ORANGE, GREEN, VERMILION, SKY, PURPLE];
}
