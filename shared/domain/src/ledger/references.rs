//! Which references a ledger has, so that a transaction that is sent again is found without reading them all.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};
use sha2::{Digest, Sha256};

use super::{Entry, Reference};
use crate::{Entity, PortfolioId};

/// The number of parts of a ledger's references. All of them fit into one transaction with the largest load, and each of
/// them into an item with the largest ledger.
pub const REFERENCE_PARTS: u32 = 8;

/// A part of a ledger's references: hashes, and the places of the entries that have them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct References {
    /// Whose ledger it is.
    pub portfolio: PortfolioId,
    /// Which part, from 0.
    pub part: u32,
    #[serde(serialize_with = "pack", deserialize_with = "unpack")]
    places: Vec<(u64, u32)>,
}

/// Names a part of a ledger's references.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReferencesKey {
    /// Whose ledger it is.
    pub portfolio: PortfolioId,
    /// Which part.
    pub part: u32,
}

impl References {
    /// A part without references.
    pub fn none(ReferencesKey { portfolio, part }: ReferencesKey) -> Self {
        Self { portfolio, part, places: Vec::new() }
    }

    /// The parts that some references may be in.
    pub fn parts<'a>(references: impl IntoIterator<Item = &'a Reference>) -> BTreeSet<u32> {
        references.into_iter().map(part).collect()
    }

    /// The entries that have references, by the part that these are in.
    pub fn by_part(entries: &[Entry]) -> BTreeMap<u32, Vec<&Entry>> {
        let mut parts: BTreeMap<u32, Vec<&Entry>> = BTreeMap::new();
        for entry in entries {
            if let Some(reference) = &entry.reference {
                parts.entry(part(reference)).or_default().push(entry);
            }
        }
        parts
    }

    /// The part with the references of further entries.
    #[must_use]
    pub fn with(mut self, entries: &[&Entry]) -> Self {
        let place = |entry: &&Entry| Some((hash(entry.reference.as_ref()?), entry.id.place()));
        self.places.extend(entries.iter().filter_map(place));
        self
    }

    /// The places of the entries that may have one of these references: their hashes are the same.
    pub fn places(&self, references: &[Reference]) -> Vec<u32> {
        let hashes: BTreeSet<u64> = references.iter().map(hash).collect();
        let known = self.places.iter().filter(|(hash, _)| hashes.contains(hash));
        known.map(|(_, place)| *place).collect()
    }
}

fn hash(reference: &Reference) -> u64 {
    let digest: [u8; 32] = Sha256::digest(reference.as_str()).into();
    digest.iter().take(8).fold(0, |hash, byte| hash << 8 | u64::from(*byte))
}

fn part(reference: &Reference) -> u32 {
    (hash(reference) % u64::from(REFERENCE_PARTS)) as u32
}

impl fmt::Display for ReferencesKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}#{}", self.portfolio, self.part)
    }
}

impl Entity for References {
    const KIND: &'static str = "REFERENCES";
    type Key = ReferencesKey;

    fn key(&self) -> String {
        ReferencesKey { portfolio: self.portfolio, part: self.part }.to_string()
    }
}

fn pack<S: Serializer>(places: &[(u64, u32)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_bytes(&postcard::to_stdvec(places).map_err(ser::Error::custom)?)
}

fn unpack<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<(u64, u32)>, D::Error> {
    let bytes = serde_bytes::ByteBuf::deserialize(deserializer)?;
    postcard::from_bytes(&bytes).map_err(de::Error::custom)
}

#[cfg(test)]
mod tests {
    use jiff::{Timestamp, civil::date};

    use super::*;
    use crate::{
        TransactionId,
        ledger::{Action, MAXIMUM_ENTRIES},
    };

    fn entry(place: u32) -> Entry {
        Entry {
            id: TransactionId::at(place, Timestamp::UNIX_EPOCH, &mut rand::rng()),
            date: date(2024, 1, 2),
            action: Action::Deposit(1.into()),
            corrects: None,
            reference: Reference::parse(&format!("order-{place}")).ok(),
            note: None,
        }
    }

    #[test]
    fn references_are_found_again_and_the_largest_ledger_fits() {
        let entries: Vec<Entry> = (0..MAXIMUM_ENTRIES).map(entry).collect();
        let portfolio = "pfl_01KAJ5M3S0Q5T3Y9WBQ0V6F2ZN".parse().unwrap();
        let parts = References::by_part(&entries);
        assert_eq!(parts.len(), REFERENCE_PARTS as usize);
        for (part, entries) in parts {
            let part = References::none(ReferencesKey { portfolio, part }).with(&entries);
            let stored = postcard::to_stdvec(&part).unwrap();
            assert!(stored.len() < 250 * 1024, "{}", stored.len());
            let part = postcard::from_bytes::<References>(&stored).unwrap();
            let (first, strange) = (entries[0].reference.clone().unwrap(), Reference::parse("x").unwrap());
            assert_eq!(References::parts([&first]), BTreeSet::from([part.part]));
            assert_eq!(part.places(&[strange, first]), [entries[0].id.place()]);
        }
    }
}
