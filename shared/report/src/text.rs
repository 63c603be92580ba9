//! Text that others wrote, made safe to lay out in one line.

/// The same text without what would break a line or turn its direction: control characters become spaces, marks of
/// direction and other invisible characters go away, runs of spaces become one.
pub fn line(raw: &str) -> String {
    let mut clean = String::with_capacity(raw.len());
    for character in raw.chars() {
        if is_invisible(character) {
            continue;
        }
        let space = character.is_whitespace() || character.is_control();
        if !space {
            clean.push(character);
        } else if !clean.is_empty() && !clean.ends_with(' ') {
            clean.push(' ');
        }
    }
    if clean.ends_with(' ') {
        clean.pop();
    }
    clean
}

/// At most `most` characters of it, with an ellipsis in the place of what is left out.
pub fn shortened(raw: &str, most: usize) -> String {
    if raw.chars().count() <= most {
        return raw.to_owned();
    }
    let mut short: String = raw.chars().take(most.saturating_sub(1)).collect();
    short.truncate(short.trim_end().len());
    short.push('…');
    short
}

/// Bidirectional controls (Unicode annex 9), zero-width characters, variation selectors, private use, specials, tags.
fn is_invisible(character: char) -> bool {
    matches!(character,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{e000}'..='\u{f8ff}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{fff0}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}' | '\u{e0000}'..='\u{10ffff}')
}

#[cfg(test)]
mod tests {
    use super::{line, shortened};

    #[test]
    fn a_name_stays_on_its_line() {
        assert_eq!(line("Core\r\n\tequities "), "Core equities");
        assert_eq!(line("\u{202e}seitiuqe\u{202c} \u{200b}x\u{feff}\0"), "seitiuqe x");
        assert_eq!(line("Größe ✓"), "Größe ✓");
    }

    #[test]
    fn a_long_name_is_shortened_by_characters() {
        assert_eq!(shortened("äöüß", 4), "äöüß");
        assert_eq!(shortened("äöü ß", 5), "äöü ß");
        assert_eq!(shortened("äöü ßß", 5), "äöü…");
    }
}
