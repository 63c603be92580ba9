//! The events of a tenant, for people and for other programs.

use axum::{
    extract::{RawQuery, State},
    response::{IntoResponse, Response},
};
use domain::{audit::Action, permission::AuditRead};
use store::Position;
use web::{ApiError, App, Query, auth::Tenant, page::Paged};

use crate::{
    export::{self, NextPage},
    filter::{EventsQuery, Format},
    view::EventView,
};

/// List or export events
///
/// Who did what, the newest first. A page may hold fewer events than asked for, or none, and still have a next one: each
/// request looks at 5,000 events at most. As `jsonl` or `csv` the events are an export, which is itself an event; there
/// `Link: <…>; rel="next"` leads to those before.
#[utoipa::path(
    get,
    path = "/api/v1/audit",
    operation_id = "list_audit_events",
    tag = super::TAG,
    security(("bearer" = ["audit:read"])),
    params(EventsQuery),
    responses(
        (
            status = 200,
            description = "A page of events.",
            content(
                (Paged<EventView> = "application/json"),
                (String = "application/jsonl"),
                (String = "text/csv")
            ),
            headers(("Link" = String, description = "Of an export: where the events before these are, if there are any."))
        ),
        (status = 400, description = "A cursor that is not one of this list, or a filter that can't be read.")
    )
)]
pub(crate) async fn list(
    State(app): State<App>,
    tenant: Tenant<AuditRead>,
    Query(query): Query<EventsQuery>,
    RawQuery(asked): RawQuery,
) -> Result<Response, ApiError> {
    let (limit, format, purpose) = (query.limit()?, query.format, query.purpose());
    let below = tenant.open_cursor(&purpose, query.cursor.as_deref())?;
    let below = below.and_then(|Position(number)| number.parse().ok());
    let found = query.check(app.audit_keys()?)?.find(&tenant.store(), below, limit).await?;
    let next_cursor = found.next.map(|next| tenant.seal_cursor(&purpose, &Position(next.to_string())));
    if format != Format::Json {
        tenant.audited(Action::AuditExported)?.record().await?;
    }
    let asked = asked.unwrap_or_default();
    let next = |cursor| NextPage { asked: &asked, cursor };
    match format {
        Format::Json => {
            let events = found.records.into_iter().map(|(record, entry)| EventView::of(record, entry));
            Ok(Paged { data: events.collect(), next_cursor }.into_response())
        }
        Format::Jsonl => export::json_lines(&found.records, next_cursor.map(next)),
        Format::Csv => export::table(found.records, next_cursor.map(next)),
    }
}
