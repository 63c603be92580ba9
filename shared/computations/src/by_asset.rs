use serde::{Serialize, Serializer};

/// One value an asset; in JSON an object with the assets' names as its keys, in the order in which they were given.
#[derive(Debug, Clone, PartialEq)]
pub struct ByAsset<T>(Vec<(String, T)>);

impl<T> ByAsset<T> {
    /// Names values, which are in the assets' order.
    pub fn new(assets: &[String], values: impl IntoIterator<Item = T>) -> Self {
        Self(assets.iter().cloned().zip(values).collect())
    }
}

impl<T: Serialize> Serialize for ByAsset<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(asset, value)| (asset, value)))
    }
}
