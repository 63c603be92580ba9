//! Decimals as clients write them.

use std::{fmt, str::FromStr};

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, de};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        ObjectBuilder, RefOr,
        schema::{Schema, SchemaType, Type},
    },
};

/// A decimal number in an input: a string such as `"185.64"`, or a JSON number.
///
/// A JSON number passes through a double, which keeps 15 significant digits for certain; longer ones are sent as strings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DecimalInput(pub Decimal);

/// A text that is not a decimal number, or one that can't be kept exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be a decimal number of at most 28 digits, such as 185.64")]
pub struct InvalidDecimal;

impl FromStr for DecimalInput {
    type Err = InvalidDecimal;

    fn from_str(text: &str) -> Result<Self, InvalidDecimal> {
        // The parser behind also takes signs and underscores that a mistyped number may hold.
        if text.bytes().all(|b| b.is_ascii_digit() || b == b'.' || b == b'-') {
            Decimal::from_str_exact(text).map(Self).map_err(|_| InvalidDecimal)
        } else {
            Err(InvalidDecimal)
        }
    }
}

impl<'de> Deserialize<'de> for DecimalInput {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(DecimalVisitor)
    }
}

struct DecimalVisitor;

impl de::Visitor<'_> for DecimalVisitor {
    type Value = DecimalInput;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a decimal number, as a string or as a number")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<DecimalInput, E> {
        text.parse().map_err(E::custom)
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<DecimalInput, E> {
        Ok(DecimalInput(number.into()))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<DecimalInput, E> {
        Ok(DecimalInput(number.into()))
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<DecimalInput, E> {
        // The shortest decimal that reads back as the same double: what the client wrote.
        number.to_string().parse().map_err(E::custom)
    }
}

impl PartialSchema for DecimalInput {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(SchemaType::from_iter([Type::String, Type::Number]))
            .description(Some(
                "A decimal number: a string, or a JSON number of at most 15 significant digits.",
            ))
            .examples(["185.64"])
            .into()
    }
}

impl ToSchema for DecimalInput {}

#[cfg(test)]
mod tests {
    use serde::de::{
        IntoDeserializer,
        value::{Error, F64Deserializer},
    };

    use super::*;

    fn number(number: f64) -> Result<String, Error> {
        let deserializer: F64Deserializer<Error> = number.into_deserializer();
        DecimalInput::deserialize(deserializer).map(|input| input.0.to_string())
    }

    #[test]
    fn a_number_keeps_its_digits() {
        for (written, kept) in [(0.1, "0.1"), (-1.3, "-1.3"), (99_999.123_456_789_1, "99999.1234567891")] {
            assert_eq!(number(written).unwrap(), kept);
        }
        for wrong in [f64::NAN, f64::INFINITY, 1e300, 1e-300] {
            assert!(number(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_text_is_a_plain_decimal_or_nothing() {
        assert_eq!(
            "-12.50".parse::<DecimalInput>().map(|input| input.0.to_string()),
            Ok("-12.50".to_owned())
        );
        for wrong in
            ["", "-", ".", "1_000", "+1", "1e5", "NaN", "1,5", " 1", "0.00000000000000000000000000001"]
        {
            assert_eq!(wrong.parse::<DecimalInput>(), Err(InvalidDecimal), "{wrong}");
        }
    }
}
