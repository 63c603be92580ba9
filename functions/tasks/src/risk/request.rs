//! Requests about a portfolio: which one is meant is said in the same four fields everywhere.

use std::{fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{
        self, DeserializeSeed, IntoDeserializer, MapAccess, Visitor,
        value::{MapAccessDeserializer, StrDeserializer},
    },
};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{RefOr, Schema},
};

use super::portfolio::PortfolioChoice;

/// What is asked about a portfolio, and which portfolio is meant; in JSON one flat object.
///
/// As `#[serde(flatten)]` would have it, but errors still point to the field, and unknown fields are still refused.
#[derive(Debug)]
pub struct AboutPortfolio<T> {
    pub(crate) choice: PortfolioChoice,
    pub(crate) asked: T,
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for AboutPortfolio<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Fields(PhantomData))
    }
}

struct Fields<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Fields<T> {
    type Value = AboutPortfolio<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        let mut choice = PortfolioChoice::default();
        let asked = T::deserialize(MapAccessDeserializer::new(Sieve { map, choice: &mut choice }))?;
        Ok(AboutPortfolio { choice, asked })
    }
}

/// The fields of an object that are the request's own; the portfolio's go to `choice`.
struct Sieve<'a, A> {
    map: A,
    choice: &'a mut PortfolioChoice,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Sieve<'_, A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, mut seed: K) -> Result<Option<K::Value>, A::Error> {
        loop {
            match self.map.next_key_seed(Key(seed))? {
                None => return Ok(None),
                Some(Found::Own(key)) => return Ok(Some(key)),
                Some(Found::Portfolio(field, unused)) => {
                    let (map, choice) = (&mut self.map, &mut *self.choice);
                    match field {
                        Field::PortfolioData => choice.data = map.next_value()?,
                        Field::PortfolioId => choice.id = map.next_value()?,
                        Field::From => choice.from = map.next_value()?,
                        Field::To => choice.to = map.next_value()?,
                    }
                    seed = unused;
                }
            }
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        self.map.next_value_seed(seed)
    }
}

#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "snake_case")]
enum Field {
    PortfolioData,
    PortfolioId,
    From,
    To,
}

/// A key: one of the portfolio's, with the seed that was not used, or what the seed makes of another.
enum Found<K, V> {
    Portfolio(Field, K),
    Own(V),
}

struct Key<K>(K);

impl<'de, K: DeserializeSeed<'de>> DeserializeSeed<'de> for Key<K> {
    type Value = Found<K, K::Value>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl<'de, K: DeserializeSeed<'de>> Visitor<'de> for Key<K> {
    type Value = Found<K, K::Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a field's name")
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<Self::Value, E> {
        let deserializer: StrDeserializer<'_, E> = name.into_deserializer();
        match Field::deserialize(deserializer) {
            Ok(field) => Ok(Found::Portfolio(field, self.0)),
            Err(_) => self.0.deserialize(deserializer).map(Found::Own),
        }
    }
}

impl<T: PartialSchema> PartialSchema for AboutPortfolio<T> {
    fn schema() -> RefOr<Schema> {
        match (PortfolioChoice::schema(), T::schema()) {
            (RefOr::T(Schema::Object(mut portfolio)), RefOr::T(Schema::Object(mut own))) => {
                portfolio.properties.extend(std::mem::take(&mut own.properties));
                own.properties = portfolio.properties;
                RefOr::T(Schema::Object(own))
            }
            (_, own) => own,
        }
    }
}

impl<T: ToSchema> ToSchema for AboutPortfolio<T> {
    fn name() -> std::borrow::Cow<'static, str> {
        T::name()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        PortfolioChoice::schemas(schemas);
        T::schemas(schemas);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize, ToSchema)]
    #[serde(deny_unknown_fields)]
    struct Asked {
        levels: Option<Vec<f64>>,
    }

    fn parse(text: &str) -> Result<AboutPortfolio<Asked>, String> {
        serde_json::from_str(text).map_err(|error| error.to_string())
    }

    #[test]
    fn the_fields_are_told_apart() {
        let request = parse(r#"{"from": "2024-01-02", "levels": [0.5], "to": null}"#).unwrap();
        assert_eq!(request.choice.from, Some(jiff::civil::date(2024, 1, 2)));
        assert!(request.choice.to.is_none() && request.choice.data.is_none());
        assert_eq!(request.asked.levels, Some(vec![0.5]));
        assert!(parse(r#"{"level": 1}"#).unwrap_err().contains("unknown field `level`"));
        assert!(parse(r#"{"portfolio_id": "x"}"#).is_err() && parse("[]").is_err());
    }

    #[test]
    fn the_schema_is_one_object() {
        let RefOr::T(Schema::Object(object)) = AboutPortfolio::<Asked>::schema() else { panic!("an object") };
        let names: Vec<&str> = object.properties.keys().map(String::as_str).collect();
        for name in ["portfolio_data", "portfolio_id", "from", "to", "levels"] {
            assert!(names.contains(&name), "{names:?}");
        }
    }
}
