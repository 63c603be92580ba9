//! Exact multiplication by a fraction.

use rust_decimal::Decimal;

/// `value · part / whole`, rounded to the decimals that `value` is written with, halves away from zero.
///
/// None of the numbers may be negative. The product is never rounded on the way: 0.03 · 5/6 is 0.025, and so 0.03, where a
/// rounded fraction would give 0.02.
///
/// `None` where the result is out of range, or `whole` is zero.
pub(super) fn of(value: Decimal, part: Decimal, whole: Decimal) -> Option<Decimal> {
    let scale = part.scale().max(whole.scale());
    let (part, whole) = (units(part, scale)?, units(whole, scale)?);
    let result = multiply_divide(u128::try_from(value.mantissa()).ok()?, part, whole)?;
    Decimal::try_from_i128_with_scale(i128::try_from(result).ok()?, value.scale()).ok()
}

/// The number in units of `10^-scale`.
fn units(number: Decimal, scale: u32) -> Option<u128> {
    let power = 10_u128.checked_pow(scale.checked_sub(number.scale())?)?;
    u128::try_from(number.mantissa()).ok()?.checked_mul(power)
}

/// `value · part / whole` to the nearest number, halves upwards; `whole` is below 2^126.
fn multiply_divide(value: u128, part: u128, whole: u128) -> Option<u128> {
    if whole == 0 || whole >> 126 != 0 {
        return None;
    }
    let (quotient, remainder) = match value.checked_mul(part) {
        Some(product) => (product / whole, product % whole),
        None => long_division(value, part, whole)?,
    };
    if remainder >= whole - remainder { quotient.checked_add(1) } else { Some(quotient) }
}

/// The same where the product has more than 128 bits: bit by bit, so that only a remainder is ever kept.
fn long_division(value: u128, part: u128, whole: u128) -> Option<(u128, u128)> {
    let (each, rest) = (part / whole, part % whole);
    let (mut quotient, mut remainder) = (0_u128, 0_u128);
    for bit in (0..128).rev() {
        let set = (value >> bit) & 1 == 1;
        quotient = quotient.checked_mul(2)?.checked_add(if set { each } else { 0 })?;
        remainder = 2 * remainder + if set { rest } else { 0 };
        quotient = quotient.checked_add(remainder / whole)?;
        remainder %= whole;
    }
    Some((quotient, remainder))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_texts(value: &str, part: &str, whole: &str) -> Option<String> {
        let number = |text: &str| text.parse::<Decimal>().unwrap();
        of(number(value), number(part), number(whole)).map(|result| result.to_string())
    }

    #[test]
    fn halves_go_away_from_zero_and_nothing_is_rounded_before() {
        assert_eq!(of_texts("0.03", "5", "6").as_deref(), Some("0.03"));
        assert_eq!(of_texts("10.00", "1", "3").as_deref(), Some("3.33"));
        assert_eq!(of_texts("10.00", "0.00000002", "0.00000003").as_deref(), Some("6.67"));
        assert_eq!(of_texts("0.01", "0.5", "1").as_deref(), Some("0.01"));
        assert_eq!(of_texts("7", "1.50", "3.0").as_deref(), Some("4"));
        assert_eq!(of_texts("7", "1", "0"), None);
    }

    #[test]
    fn large_numbers_are_exact_too() {
        let (value, part) = ("99999999999999999.99", "999999999999999.99999999");
        assert_eq!(of_texts(value, part, part).as_deref(), Some(value));
        for (value, part, whole) in [(12_345_678, 987, 1001), (3, 10_000, 7), (u128::from(u64::MAX), 3, 7)] {
            let product = value * part;
            assert_eq!(long_division(value, part, whole), Some((product / whole, product % whole)));
        }
    }
}
