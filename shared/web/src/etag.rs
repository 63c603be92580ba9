//! Versions in headers: `ETag`, `If-Match` and `If-None-Match`.

use std::convert::Infallible;

use axum::{
    Json,
    extract::{FromRequestParts, Request},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::{Entity, Invalid};
use serde::Serialize;
use store::{Audited, StoreError, Stored, Version};

use crate::{ApiError, Data};

/// 200 with `{"data": …}` and the version as `ETag`.
#[derive(Debug)]
pub struct Versioned<T> {
    data: T,
    version: Version,
}

impl<T> Versioned<T> {
    /// Something at a version.
    pub fn new(data: T, version: Version) -> Self {
        Self { data, version }
    }

    /// The view of a stored entity.
    pub fn view<E>(stored: Stored<E>) -> Self
    where
        T: From<Stored<E>>,
    {
        Self { version: stored.version, data: stored.into() }
    }
}

impl<T> From<Stored<T>> for Versioned<T> {
    fn from(stored: Stored<T>) -> Self {
        Self { version: stored.version, data: stored.entity }
    }
}

impl<T: Serialize> IntoResponse for Versioned<T> {
    fn into_response(self) -> Response {
        ([(header::ETAG, header_value(self.version))], Json(Data::new(self.data))).into_response()
    }
}

/// The version that the client has seen, if it says so. `*` and a missing header stand for whatever is there.
#[derive(Debug, Clone, Copy)]
pub struct IfMatch(Option<IfMatchVersion>);

/// Whether a client may change what it does not say to have seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unseen {
    /// It may.
    Allowed,
    /// It may not: colleagues write the same thing.
    Refused,
}

#[derive(Debug, Clone, Copy)]
enum IfMatchVersion {
    One(Version),
    /// A tag that is none of ours matches nothing.
    Unknown,
}

impl IfMatch {
    /// The version to change, given the one that is there.
    ///
    /// # Errors
    /// `VersionMismatch` when the client has seen another one.
    pub fn check(self, current: Version) -> Result<Version, StoreError> {
        match self.0 {
            Some(IfMatchVersion::Unknown) => Err(StoreError::VersionMismatch(current)),
            Some(IfMatchVersion::One(seen)) if seen != current => Err(StoreError::VersionMismatch(current)),
            _ => Ok(current),
        }
    }

    /// The version, which the client must name: where colleagues write the same thing, nobody overwrites unseen.
    ///
    /// # Errors
    /// 428 when the client named none.
    pub fn required(self) -> Result<Self, ApiError> {
        if self.is_given() {
            return Ok(self);
        }
        Err(ApiError::new(
            StatusCode::PRECONDITION_REQUIRED,
            "precondition-required",
            "This needs If-Match with the ETag of the version that the change was made from.",
        ))
    }

    /// Changes an entity at the version that the client has seen; where it may change one `unseen`, whatever is there when it
    /// named none.
    ///
    /// # Errors
    /// 404 without the entity, 412 when it was changed since, 428 when the client had to name a version; and what `change`
    /// refuses.
    pub async fn replace<E: Entity + Clone>(
        self,
        audited: &Audited,
        key: &E::Key,
        unseen: Unseen,
        change: impl Fn(E) -> Result<E, Invalid>,
    ) -> Result<Stored<E>, ApiError> {
        loop {
            let current = audited.scope().get::<E>(key).await?;
            let seen = if unseen == Unseen::Refused { self.required()? } else { self };
            seen.check(current.version)?;
            let before = current.entity.clone();
            match audited.replace(&before, current.try_map(&change)?).await {
                Err(StoreError::VersionMismatch(_)) if !self.is_given() => {}
                done => return Ok(done?),
            }
        }
    }

    /// Whether the client named a version.
    pub fn is_given(self) -> bool {
        self.0.is_some()
    }
}

impl<S: Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let version = parts.headers.get(header::IF_MATCH).filter(|tag| tag.as_bytes() != b"*").map(|tag| {
            let version =
                tag.to_str().ok().and_then(|tag| tag.strip_prefix("\"v")?.strip_suffix('"')?.parse().ok());
            version.map_or(IfMatchVersion::Unknown, |version| IfMatchVersion::One(Version(version)))
        });
        Ok(Self(version))
    }
}

pub(crate) fn header_value(version: Version) -> HeaderValue {
    HeaderValue::from_str(&format!("\"v{version}\"")).unwrap_or(HeaderValue::from_static("\"v0\""))
}

/// Answers 304 where the client has the current version already.
pub(crate) async fn not_modified(request: Request, next: Next) -> Result<Response, ApiError> {
    let asked =
        (request.method() == Method::GET).then(|| request.headers().get(header::IF_NONE_MATCH).cloned());
    let response = next.run(request).await;
    match (asked.flatten(), response.headers().get(header::ETAG)) {
        (Some(seen), Some(current)) if response.status() == StatusCode::OK && matches(&seen, current) => {
            let headers = HeaderMap::from_iter([(header::ETAG, current.clone())]);
            Ok((StatusCode::NOT_MODIFIED, headers).into_response())
        }
        _ => Ok(response),
    }
}

fn matches(seen: &HeaderValue, current: &HeaderValue) -> bool {
    let current = current.to_str().unwrap_or_default();
    seen.to_str()
        .unwrap_or_default()
        .split(',')
        .map(str::trim)
        .any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == current)
}
