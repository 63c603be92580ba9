//! Numbers as people read them.

/// `1234567.8` as `1,234,568` with 0 decimals.
pub fn grouped(value: f64, decimals: usize) -> String {
    let text = format!("{:.decimals$}", value.abs());
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let mut grouped = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let sign = if value < 0.0 && text.chars().any(|digit| ('1'..='9').contains(&digit)) { "-" } else { "" };
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{sign}{grouped}{point}{fraction}")
}

/// `0.12345` as `12.35 %` with 2 decimals.
pub fn percent(fraction: f64, decimals: usize) -> String {
    format!("{} %", grouped(fraction * 100.0, decimals))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_stand_in_groups() {
        for (value, decimals, text) in [
            (0.0, 0, "0"),
            (999.4, 0, "999"),
            (1000.0, 0, "1,000"),
            (1_234_567.8, 0, "1,234,568"),
            (-1234.5, 2, "-1,234.50"),
            (-0.001, 2, "0.00"),
        ] {
            assert_eq!(grouped(value, decimals), text);
        }
        assert_eq!(percent(0.123_456, 2), "12.35 %");
    }
}
