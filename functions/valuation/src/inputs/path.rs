//! Figures that may change from year to year.

use std::fmt;

use serde::{Deserialize, Deserializer, de};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        RefOr,
        schema::{ArrayBuilder, ObjectBuilder, OneOfBuilder, Schema, Type},
    },
};

/// One figure for all explicit years, or one a year.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Path {
    /// The same in all years.
    One(f64),
    /// One a year, year 1 first.
    Each(Vec<f64>),
}

impl Path {
    /// One figure a year.
    ///
    /// # Errors
    /// Says how many there must be.
    pub(super) fn over(self, years: usize) -> Result<Vec<f64>, String> {
        match self {
            Self::One(figure) => Ok(vec![figure; years]),
            Self::Each(figures) if figures.len() == years => Ok(figures),
            Self::Each(figures) => Err(format!(
                "must be one number, or one for each of the {years} explicit years, but has {}",
                figures.len()
            )),
        }
    }
}

impl<'de> Deserialize<'de> for Path {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(PathVisitor)
    }
}

struct PathVisitor;

impl<'de> de::Visitor<'de> for PathVisitor {
    type Value = Path;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number, or a list with one number a year")
    }

    fn visit_f64<E>(self, number: f64) -> Result<Path, E> {
        Ok(Path::One(number))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Path, E> {
        Ok(Path::One(number as f64))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Path, E> {
        Ok(Path::One(number as f64))
    }

    fn visit_seq<A: de::SeqAccess<'de>>(self, seq: A) -> Result<Path, A::Error> {
        Vec::deserialize(de::value::SeqAccessDeserializer::new(seq)).map(Path::Each)
    }
}

impl PartialSchema for Path {
    fn schema() -> RefOr<Schema> {
        let number = || ObjectBuilder::new().schema_type(Type::Number);
        OneOfBuilder::new()
            .item(number())
            .item(ArrayBuilder::new().items(number()).min_items(Some(1)).max_items(Some(20)))
            .description(Some("One number for all explicit years, or a list with one number a year."))
            .into()
    }
}

impl ToSchema for Path {}
