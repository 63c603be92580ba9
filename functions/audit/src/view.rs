//! Events as clients see them.

use domain::audit::{Action, AuditRecord, Entry};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// One event.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuditEvent)]
pub(crate) struct EventView {
    /// Its number in the tenant's chain, from 1.
    #[schema(example = 17)]
    seq: u64,
    /// When it happened.
    at: Timestamp,
    /// What was done.
    #[schema(value_type = String, example = "portfolio.changed")]
    action: Action,
    /// By whom: `<user>/<session>`, `<user>/<api key>`, `nobody` (not logged in) or `system`.
    #[schema(example = "usr_01KAJ5M3S0Q5T3Y9WBQ0V6F2ZN/ses_01KAJ5M3S0Q5T3Y9WBQ0V6F2ZN")]
    actor: String,
    /// From which address, as a keyed hash: the same address has the same hash, and it tells no more than that.
    address: Option<String>,
    /// In which request.
    request_id: Option<String>,
    /// To what.
    target: Option<TargetView>,
    /// The thing before, as a keyed hash.
    before: Option<String>,
    /// The thing after, as a keyed hash.
    after: Option<String>,
    /// Why, where a reason was asked for.
    reason: Option<String>,
    /// The tag of the event and of all before it (HMAC-SHA256).
    mac: String,
}

/// What an event was done to.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuditTarget)]
struct TargetView {
    /// The kind of thing.
    #[schema(example = "PORTFOLIO")]
    kind: String,
    /// Which one; several ids are separated by spaces.
    #[schema(example = "pfl_01KAJ5M3S0Q5T3Y9WBQ0V6F2ZN")]
    id: String,
}

impl EventView {
    pub(crate) fn of(record: AuditRecord, entry: Entry) -> Self {
        Self {
            seq: entry.seq,
            at: entry.at,
            action: entry.action,
            actor: entry.actor.to_string(),
            address: entry.address,
            request_id: entry.request,
            target: entry.target.map(|target| TargetView { kind: target.kind, id: target.id }),
            before: entry.before,
            after: entry.after,
            reason: entry.reason,
            mac: record.mac,
        }
    }

    /// The names of what [`EventView::row`] holds.
    pub(crate) const COLUMNS: [&str; 12] = [
        "seq",
        "at",
        "action",
        "actor",
        "address",
        "request_id",
        "target_kind",
        "target_id",
        "before",
        "after",
        "reason",
        "mac",
    ];

    /// The event as a line of a table.
    pub(crate) fn row(self) -> [String; 12] {
        let (kind, id) = self.target.map(|target| (target.kind, target.id)).unzip();
        let text = |text: Option<String>| text.map(harmless).unwrap_or_default();
        [
            self.seq.to_string(),
            self.at.to_string(),
            self.action.to_string(),
            self.actor,
            text(self.address),
            text(self.request_id),
            text(kind),
            text(id),
            text(self.before),
            text(self.after),
            text(self.reason),
            self.mac,
        ]
    }
}

/// A text that no spreadsheet takes for a formula.
fn harmless(text: String) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_becomes_a_text() {
        assert_eq!(harmless("=HYPERLINK(1)".to_owned()), "'=HYPERLINK(1)");
        assert_eq!(harmless("req_1".to_owned()), "req_1");
    }
}
