//! Assets by name.

use std::collections::{BTreeMap, HashMap};

use domain::Validation;

/// Where each asset stands, by its name.
pub(crate) struct Names<'a> {
    assets: &'a [String],
    places: HashMap<&'a str, usize>,
}

impl<'a> Names<'a> {
    pub(crate) fn new(assets: &'a [String]) -> Self {
        let places = assets.iter().enumerate().map(|(place, name)| (name.as_str(), place)).collect();
        Self { assets, places }
    }

    pub(crate) fn len(&self) -> usize {
        self.assets.len()
    }

    /// The asset's place; nothing, and an error at `pointer`, where there is no such asset.
    pub(crate) fn place(&self, name: &str, pointer: &str, validation: &mut Validation) -> Option<usize> {
        let place = self.places.get(name).copied();
        validation.require(place.is_some(), pointer, format!("{name} is none of the assets"));
        place
    }

    /// One value an asset: what is said by name, else `default`.
    pub(crate) fn or(
        &self,
        values: &BTreeMap<String, f64>,
        default: f64,
        pointer: &str,
        validation: &mut Validation,
    ) -> Vec<f64> {
        let mut all = vec![default; self.len()];
        for (name, &value) in values {
            if let Some(place) = self.place(name, &below(pointer, name), validation) {
                all[place] = value;
            }
        }
        all
    }

    /// One value an asset, all of them said by name.
    pub(crate) fn each(
        &self,
        values: &BTreeMap<String, f64>,
        pointer: &str,
        validation: &mut Validation,
    ) -> Vec<f64> {
        let missing: Vec<&str> =
            self.assets.iter().map(String::as_str).filter(|name| !values.contains_key(*name)).collect();
        validation.require(
            missing.is_empty(),
            pointer,
            format!("must have a value for each asset, but has none for {}", missing.join(", ")),
        );
        self.or(values, 0.0, pointer, validation)
    }
}

/// The pointer to a field whose name a client has chosen (RFC 6901, section 3).
pub(crate) fn below(pointer: &str, name: &str) -> String {
    format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"))
}

/// Checks names: each once, and none too long to be told.
pub(crate) fn check(names: &[String], pointer: &str, validation: &mut Validation) {
    let mut seen = HashMap::new();
    for (index, name) in names.iter().enumerate() {
        let fits = (1..=100).contains(&name.chars().count()) && !name.chars().any(char::is_control);
        let pointer = format!("{pointer}/{index}");
        validation.require(fits, &pointer, "must have 1 to 100 characters");
        validation.require(seen.insert(name, index).is_none(), &pointer, format!("{name} is named twice"));
    }
}
