//! Figures as text.

use serde::{Deserialize, Serialize};

/// How a figure is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// As it is.
    Text,
    /// A fraction as a percentage with some decimals.
    Percent(u8),
    /// A number with some decimals and groups of thousands.
    Number(u8),
    /// A calendar date.
    Date,
}

/// The minus sign; a hyphen is narrower than the figures.
const MINUS: char = '−';

/// A number with its decimals and groups of thousands: `−1,234.50`.
pub fn grouped(value: f64, decimals: u8) -> String {
    let digits = format!("{:.*}", usize::from(decimals), value.abs());
    let (whole, fraction) = digits.split_once('.').unwrap_or((&digits, ""));
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 + 3);
    if value < 0.0 && digits.bytes().any(|digit| (b'1'..=b'9').contains(&digit)) {
        text.push(MINUS);
    }
    for (index, digit) in whole.char_indices() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if !fraction.is_empty() {
        text.push('.');
        text.push_str(fraction);
    }
    text
}

/// A fraction as a percentage: `−12.3%`.
pub fn percent(value: f64, decimals: u8) -> String {
    format!("{}%", grouped(value * 100.0, decimals))
}

/// A confidence level with the decimals that it needs: `99.5%`.
pub fn confidence(level: f64) -> String {
    let digits = grouped(level * 100.0, 4);
    format!("{}%", digits.trim_end_matches('0').trim_end_matches('.'))
}

/// A large number in few characters, `1.25M`: a multiple of `step` on an axis that goes to `largest`.
pub fn compact(value: f64, step: f64, largest: f64) -> String {
    let (unit, suffix) = match largest {
        size if size >= 1e12 => (1e12, "T"),
        size if size >= 1e9 => (1e9, "B"),
        size if size >= 1e6 => (1e6, "M"),
        size if size >= 1e4 => (1e3, "k"),
        _ => (1.0, ""),
    };
    format!("{}{suffix}", grouped(value / unit, decimals(step / unit)))
}

/// The decimals that tell multiples of a step apart.
pub fn decimals(step: f64) -> u8 {
    (0..=6)
        .find(|&places| {
            let scaled = step * 10_f64.powi(i32::from(places));
            (scaled - scaled.round()).abs() < 1e-6 * scaled.max(1.0)
        })
        .unwrap_or(6)
}

#[cfg(test)]
mod tests {
    use super::{compact, confidence, decimals, grouped, percent};

    #[test]
    fn numbers_are_grouped_and_rounded() {
        assert_eq!(grouped(1_234_567.891, 2), "1,234,567.89");
        assert_eq!(grouped(-999.5, 0), "−1,000");
        assert_eq!(grouped(-0.004, 2), "0.00");
        assert_eq!(grouped(0.0, 0), "0");
        assert_eq!(percent(-0.1234, 1), "−12.3%");
    }

    #[test]
    fn a_level_keeps_its_decimals_and_no_others() {
        let levels = [0.95, 0.995, 0.57, 0.9975, 0.1, 0.9999];
        assert_eq!(levels.map(confidence), ["95%", "99.5%", "57%", "99.75%", "10%", "99.99%"]);
    }

    #[test]
    fn axes_are_short() {
        assert_eq!(compact(1_250_000.0, 250_000.0, 2e6), "1.25M");
        assert_eq!(compact(0.0, 250_000.0, 2e6), "0.00M");
        assert_eq!(compact(5_000.0, 1_000.0, 8_000.0), "5,000");
        assert_eq!((decimals(0.25), decimals(2.0), decimals(0.1)), (2, 0, 1));
    }
}
