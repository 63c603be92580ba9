//! Bodies that may be CSV.

use axum::{
    extract::{FromRequest, Request},
    http::header,
};
use serde::de::DeserializeOwned;

use super::{
    Json,
    json::{body, unsupported},
};
use crate::ApiError;

/// A body as `text/csv`, or as JSON of the wanted form.
#[derive(Debug)]
pub enum Text<T> {
    /// The CSV text.
    Csv(String),
    /// The parsed JSON.
    Json(T),
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Text<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let content_type = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let media_type = content_type.unwrap_or_default().split(';').next().unwrap_or_default().trim();
        if media_type.eq_ignore_ascii_case("text/csv") {
            let bytes = body(request, state).await?;
            let text = String::from_utf8(bytes.into())
                .map_err(|_| ApiError::bad_request("The CSV is not UTF-8."))?;
            return Ok(Self::Csv(text));
        }
        match Json::from_request(request, state).await {
            Ok(Json(value)) => Ok(Self::Json(value)),
            Err(error) if error.status.as_u16() == 415 => Err(unsupported("text/csv or application/json")),
            Err(error) => Err(error),
        }
    }
}
