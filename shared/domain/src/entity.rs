//! What the store needs to know of a thing to keep it.

use std::{borrow::Cow, fmt::Display};

use jiff::Timestamp;
use serde::{Serialize, de::DeserializeOwned};

/// A thing that is stored: one item under its tenant (or, before a tenant is known, under `ACCOUNT#`).
pub trait Entity: Serialize + DeserializeOwned + Send + Sync {
    /// Its kind, in upper case; part of the partition key.
    const KIND: &'static str;
    /// What its sort key is made of.
    type Key: Display + ?Sized;

    /// Its sort key within its kind.
    fn key(&self) -> String;

    /// The sparse index entries that it has in its present state.
    fn index_entries(&self) -> Vec<IndexEntry> {
        Vec::new()
    }

    /// When it may be forgotten; `None` keeps it for good.
    fn expires_at(&self) -> Option<Timestamp> {
        None
    }
}

/// An entry in one of the table's sparse indexes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IndexEntry {
    /// Among those of its kind and tenant in this group, for example `ACTIVE`, sorted by key.
    Group(Cow<'static, str>),
    /// Among all tenants' items that maintenance has to look at, from this time on.
    Due(Timestamp),
}
