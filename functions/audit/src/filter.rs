//! Which events are wanted.

use domain::{
    UserId,
    audit::{Action, AuditKeys, AuditRecord, Entry},
};
use jiff::Timestamp;
use serde::Deserialize;
use store::{Order, Scope, StoreError};
use utoipa::{IntoParams, ToSchema};
use web::{ApiError, page};

/// How many records one request looks at before it answers with what it has found, and a cursor.
const LONGEST_SEARCH: usize = 5_000;

/// Which events, how, and which page of them.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct EventsQuery {
    /// Only those of this action.
    #[param(value_type = Option<String>, example = "portfolio.changed")]
    action: Option<String>,
    /// Only what this user did, itself or by an API key.
    user: Option<UserId>,
    /// Only what was done to this kind of thing.
    #[param(example = "PORTFOLIO")]
    target_kind: Option<String>,
    /// Only what was done to the thing with this id.
    target_id: Option<String>,
    /// Only what came from this address. Addresses are kept as keyed hashes, so one can be looked for but not read.
    #[param(example = "203.0.113.9")]
    address: Option<String>,
    /// Only what was done in the request with this id.
    request_id: Option<String>,
    /// Only from this time on.
    since: Option<Timestamp>,
    /// Only before this time.
    until: Option<Timestamp>,
    /// How the events are written.
    #[param(inline)]
    #[serde(default)]
    pub(crate) format: Format,
    /// How many: 1–200 as `json`, where it is 50 when not given; 1–5,000 otherwise, and as many when not given.
    #[param(minimum = 1, maximum = 5000)]
    limit: Option<usize>,
    /// Where to go on: the `next_cursor` of the page before, or what its `Link` names.
    pub(crate) cursor: Option<String>,
}

/// How events are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Format {
    /// As every other list.
    #[default]
    Json,
    /// A JSON document a line: `{"entry": …, "mac": …}`, where `mac` is the tag of the very bytes of `entry`.
    Jsonl,
    /// A table.
    Csv,
}

/// What was found, and the number to go on below.
pub(crate) struct Found {
    pub(crate) records: Vec<(AuditRecord, Entry)>,
    pub(crate) next: Option<u64>,
}

/// A filter that was checked.
pub(crate) struct Wanted {
    filter: EventsQuery,
    action: Option<Action>,
    address: Option<String>,
}

impl EventsQuery {
    /// How many events.
    ///
    /// # Errors
    /// 400 outside of what the format allows.
    pub(crate) fn limit(&self) -> Result<usize, ApiError> {
        match (self.format, self.limit) {
            (Format::Json, limit) => page::limit(limit),
            (_, None) => Ok(LONGEST_SEARCH),
            (_, Some(limit @ 1..=LONGEST_SEARCH)) => Ok(limit),
            _ => Err(ApiError::bad_request(format!("limit must be 1 to {LONGEST_SEARCH}."))),
        }
    }

    /// The filter, checked.
    ///
    /// # Errors
    /// 400 for an action that there is not.
    pub(crate) fn check(self, keys: &AuditKeys) -> Result<Wanted, ApiError> {
        let action = self.action.as_deref().map(str::parse).transpose();
        let action = action.map_err(|error| ApiError::bad_request(format!("action {error}.")))?;
        let address = self.address.as_ref().map(|address| keys.fingerprint("address", address.as_bytes()));
        Ok(Wanted { action, address, filter: self })
    }

    /// The filter as a text, by which one list is told from another.
    pub(crate) fn purpose(&self) -> String {
        format!("{:?}", Self { format: Format::Json, limit: None, cursor: None, ..self.clone() })
    }
}

impl Wanted {
    fn admits(&self, entry: &Entry) -> bool {
        let Self { filter, action, address } = self;
        let same = |wanted: &Option<String>, found: Option<&String>| {
            wanted.as_ref().is_none_or(|wanted| Some(wanted) == found)
        };
        let target = entry.target.as_ref();
        action.is_none_or(|action| action == entry.action)
            && filter.user.is_none_or(|user| entry.actor.user() == Some(user))
            && same(&filter.target_kind, target.map(|target| &target.kind))
            && filter.target_id.as_ref().is_none_or(|wanted| {
                // One event may concern several things.
                target.is_some_and(|target| target.id.split(' ').any(|id| id == wanted))
            })
            && same(address, entry.address.as_ref())
            && same(&filter.request_id, entry.request.as_ref())
            && filter.since.is_none_or(|since| entry.at >= since)
            && filter.until.is_none_or(|until| entry.at < until)
    }

    /// The newest events below a number, at most `limit`, after a search of bounded length.
    pub(crate) async fn find(
        &self,
        scope: &Scope,
        below: Option<u64>,
        limit: usize,
    ) -> Result<Found, StoreError> {
        let (mut records, mut below, mut searched) = (Vec::new(), below, 0);
        loop {
            let (slots, more) = scope.audit_slots(below, Order::Descending).await?;
            for slot in slots {
                below = slot.key.parse().ok();
                searched += 1;
                let Some(record) = slot.record else { continue };
                let Ok(entry) = record.entry() else { continue };
                // The chain is in the order of time, but for the clocks of several machines.
                let hour = jiff::SignedDuration::from_hours(1);
                if self.filter.since.is_some_and(|since| since.duration_since(entry.at) > hour) {
                    return Ok(Found { records, next: None });
                }
                if self.admits(&entry) {
                    records.push((record, entry));
                    if records.len() == limit {
                        return Ok(Found { records, next: below.filter(|below| *below > 1) });
                    }
                }
            }
            if !more {
                return Ok(Found { records, next: None });
            }
            if searched >= LONGEST_SEARCH {
                return Ok(Found { records, next: below });
            }
        }
    }
}
