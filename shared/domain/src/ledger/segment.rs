//! A ledger as it is stored: many entries an item, so that thousands are read in a few calls and written in one transaction.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};

use super::Entry;
use crate::{Entity, PortfolioId};

/// The entries of a segment. So many of the longest fit into an item, and the segments of ten thousand into
/// one transaction.
pub const SEGMENT_LENGTH: u32 = 128;

/// Consecutive entries of a ledger: number `n` holds those from place `n * SEGMENT_LENGTH` on. Only the last is ever
/// written again, when entries follow.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Segment {
    /// Whose ledger it is.
    pub portfolio: PortfolioId,
    /// Its number, from 0.
    pub number: u32,
    /// Its entries.
    #[serde(serialize_with = "pack", deserialize_with = "unpack")]
    pub entries: Vec<Entry>,
}

/// Names a segment; those of a portfolio sort by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SegmentKey {
    /// Whose ledger it is.
    pub portfolio: PortfolioId,
    /// Its number.
    pub number: u32,
}

impl Segment {
    /// The number of the segment that holds the entry at a place.
    pub fn of_place(place: u32) -> u32 {
        place / SEGMENT_LENGTH
    }

    /// How many segments hold so many entries.
    pub fn count(entries: u32) -> u32 {
        entries.div_ceil(SEGMENT_LENGTH)
    }

    /// What sorts before all of a portfolio's segments, and after those of every portfolio before it.
    pub fn before_all(portfolio: PortfolioId) -> String {
        format!("{portfolio}#")
    }
}

impl fmt::Display for SegmentKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}#{:06}", self.portfolio, self.number)
    }
}

impl Entity for Segment {
    const KIND: &'static str = "TRANSACTIONS";
    type Key = SegmentKey;

    fn key(&self) -> String {
        SegmentKey { portfolio: self.portfolio, number: self.number }.to_string()
    }
}

/// The packed form; its variant's number comes first, so that another form can follow.
#[derive(Serialize, Deserialize)]
enum Packed<E> {
    V1(E),
}

fn pack<S: Serializer>(entries: &[Entry], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_bytes(&postcard::to_stdvec(&Packed::V1(entries)).map_err(ser::Error::custom)?)
}

fn unpack<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Entry>, D::Error> {
    let bytes = serde_bytes::ByteBuf::deserialize(deserializer)?;
    let Packed::V1(entries) = postcard::from_bytes(&bytes).map_err(de::Error::custom)?;
    Ok(entries)
}

#[cfg(test)]
mod tests {
    use jiff::{Timestamp, civil::date};
    use rust_decimal::Decimal;

    use super::*;
    use crate::{
        TransactionId,
        ledger::{Action, Note, Reference, Trade},
    };

    #[test]
    fn the_longest_entries_fit_into_an_item() {
        let most = Decimal::from_i128_with_scale(99_999_999_999_999_999_999, 8);
        let trade = Trade {
            symbol: "^".repeat(20).parse().unwrap(),
            quantity: most,
            price: most,
            amount: most,
            fee: most,
        };
        let entry = |place| Entry {
            id: TransactionId::at(place, Timestamp::MAX, &mut rand::rng()),
            date: date(9999, 12, 31),
            action: Action::Buy(trade.clone()),
            corrects: Some(TransactionId::at(place, Timestamp::MAX, &mut rand::rng())),
            reference: Reference::parse(&"\u{10ffff}".repeat(100)).ok(),
            note: Note::parse(&"\u{10ffff}".repeat(500)).ok(),
        };
        let segment = Segment {
            portfolio: "pfl_01KAJ5M3S0Q5T3Y9WBQ0V6F2ZN".parse().unwrap(),
            number: 781,
            entries: (0..SEGMENT_LENGTH).map(entry).collect(),
        };
        let stored = postcard::to_stdvec(&segment).unwrap();
        assert!(stored.len() < 400 * 1024 * 9 / 10, "{}", stored.len());
        assert_eq!(postcard::from_bytes::<Segment>(&stored).unwrap(), segment);
        assert_eq!(segment.key(), "pfl_01KAJ5M3S0Q5T3Y9WBQ0V6F2ZN#000781");
    }
}
