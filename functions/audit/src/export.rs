//! Events as files.

use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use domain::audit::{AuditRecord, Entry};
use serde::Serialize;
use serde_json::value::RawValue;
use web::ApiError;

use crate::view::EventView;

#[derive(Serialize)]
struct Line<'a> {
    entry: &'a RawValue,
    mac: &'a str,
}

/// The page that comes after.
pub(crate) struct NextPage<'a> {
    /// What this page was asked for with.
    pub(crate) asked: &'a str,
    pub(crate) cursor: String,
}

impl NextPage<'_> {
    /// The same question, but for where to go on.
    fn query(&self) -> String {
        let kept = self.asked.split('&').filter(|part| !part.is_empty() && !part.starts_with("cursor="));
        let all: Vec<&str> = kept.collect();
        [all.join("&"), format!("cursor={}", self.cursor)].join(if all.is_empty() { "" } else { "&" })
    }
}

/// A JSON document a line, with the very bytes that were tagged.
pub(crate) fn json_lines(
    records: &[(AuditRecord, Entry)],
    next: Option<NextPage<'_>>,
) -> Result<Response, ApiError> {
    let mut text = String::new();
    for (record, _) in records {
        let entry = serde_json::from_str(&record.canonical).map_err(ApiError::internal)?;
        text += &serde_json::to_string(&Line { entry, mac: &record.mac }).map_err(ApiError::internal)?;
        text.push('\n');
    }
    file("application/jsonl", "audit.jsonl", text, next)
}

/// A table.
pub(crate) fn table(
    records: Vec<(AuditRecord, Entry)>,
    next: Option<NextPage<'_>>,
) -> Result<Response, ApiError> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(EventView::COLUMNS).map_err(ApiError::internal)?;
    for (record, entry) in records {
        writer.write_record(EventView::of(record, entry).row()).map_err(ApiError::internal)?;
    }
    let bytes = writer.into_inner().map_err(|error| ApiError::internal(error.into_error()))?;
    let text = String::from_utf8(bytes).map_err(ApiError::internal)?;
    file("text/csv; charset=utf-8", "audit.csv", text, next)
}

fn file(
    media_type: &'static str,
    name: &str,
    text: String,
    next: Option<NextPage<'_>>,
) -> Result<Response, ApiError> {
    let disposition = format!("attachment; filename=\"{name}\"");
    let mut response = (
        [
            (header::CONTENT_TYPE, media_type),
            (header::CONTENT_DISPOSITION, disposition.as_str()),
            (header::CACHE_CONTROL, "no-store"),
        ],
        text,
    )
        .into_response();
    if let Some(next) = next {
        let link = HeaderValue::try_from(format!("<?{}>; rel=\"next\"", next.query()));
        response.headers_mut().insert(header::LINK, link.map_err(ApiError::internal)?);
    }
    Ok(response)
}
