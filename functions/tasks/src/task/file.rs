//! Files as clients see them.

use domain::{
    TaskId,
    task::{PayloadRef, TaskKind},
};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use store::Scope;
use utoipa::ToSchema;
use web::ApiError;

use crate::state::Tasks;

/// For how long an address is good. Who needs longer asks again.
const VALID_FOR: SignedDuration = SignedDuration::from_mins(5);

/// A file to fetch.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FileView {
    /// Where it is, for whoever has the address; good until `expires_at`. Asking for the result again gives a new one.
    #[schema(example = "https://data.s3.eu-central-1.amazonaws.com/tenant/…?X-Amz-Signature=…")]
    url: String,
    /// Until when the address is good.
    expires_at: Timestamp,
    /// Its media type.
    #[schema(example = "application/pdf")]
    content_type: String,
    /// In bytes.
    #[schema(example = 192_496)]
    size: u64,
    /// SHA-256 of its bytes, in hexadecimal digits.
    sha256: String,
}

impl FileView {
    pub async fn of(
        store: &Scope,
        tasks: &Tasks,
        (id, kind): (TaskId, TaskKind),
        file: &PayloadRef,
        content_type: &str,
    ) -> Result<Self, ApiError> {
        let name = format!("{}-{id}.{}", kind.to_string().replace('/', "-"), extension(content_type));
        let expires_at = tasks.now() + VALID_FOR;
        let url = store.file_url(tasks.bucket(), file, &name, VALID_FOR).await?;
        let content_type = content_type.to_owned();
        Ok(Self { url, expires_at, content_type, size: file.size, sha256: file.sha256.clone() })
    }
}

fn extension(content_type: &str) -> &'static str {
    match content_type {
        "application/pdf" => "pdf",
        "application/json" => "json",
        "application/zip" => "zip",
        "text/csv; charset=utf-8" => "csv",
        _ => "xlsx",
    }
}
