//! JSON bodies.

use axum::{
    extract::{FromRequest, Request},
    http::{HeaderMap, StatusCode, header},
};
use bytes::Bytes;
use domain::FieldError;
use serde::de::DeserializeOwned;
use serde_path_to_error::{Path, Segment};

use crate::ApiError;

/// A JSON body of the wanted form; the error points to the field that is not.
#[derive(Debug)]
pub struct Json<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        if !is_json(request.headers()) {
            return Err(unsupported("application/json"));
        }
        let body = body(request, state).await?;
        parse(&body).map(Self)
    }
}

pub(crate) fn unsupported(wanted: &str) -> ApiError {
    ApiError::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "unsupported-media-type",
        format!("The body must be {wanted}; say so in Content-Type."),
    )
}

/// The whole body, at least one byte of it.
pub(crate) async fn body<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, ApiError> {
    let body = Bytes::from_request(request, state).await.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => {
            ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", "The body is larger than 6 MB.")
        }
        _ => ApiError::bad_request("The body could not be read to its end."),
    })?;
    if body.is_empty() { Err(ApiError::bad_request("The body is empty.")) } else { Ok(body) }
}

/// Parses a JSON document.
///
/// # Errors
/// 400 when it is not JSON, 422 when it is JSON of another form.
fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    let mut json = serde_json::Deserializer::from_slice(body);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let (pointer, detail) = (pointer(error.path()), error.inner().to_string());
        if error.inner().is_data() || detail.starts_with("number out of range") {
            domain::Invalid(vec![FieldError { pointer, detail: without_place(error.inner()) }]).into()
        } else {
            ApiError::bad_request(format!("The body is not JSON: {detail}."))
                .with_errors(vec![FieldError { pointer, detail }])
        }
    })?;
    json.end().map_err(|error| ApiError::bad_request(format!("The body is not JSON: {error}.")))?;
    Ok(value)
}

/// What is wrong with a field, whose pointer already says where it is.
fn without_place(error: &serde_json::Error) -> String {
    let told = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    told.strip_suffix(&place).unwrap_or(&told).to_owned()
}

fn is_json(headers: &HeaderMap) -> bool {
    let content_type =
        headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    media_type == "application/json"
        || (media_type.starts_with("application/") && media_type.ends_with("+json"))
}

fn pointer(path: &Path) -> String {
    let segments = path.iter().filter_map(|segment| match segment {
        Segment::Seq { index } => Some(format!("/{index}")),
        Segment::Map { key } | Segment::Enum { variant: key } => {
            Some(format!("/{}", key.replace('~', "~0").replace('/', "~1")))
        }
        Segment::Unknown => None,
    });
    segments.collect()
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Body {
        #[expect(dead_code, reason = "only parsed")]
        rows: Vec<f64>,
    }

    fn fault(body: &str) -> (u16, String) {
        let error = parse::<Body>(body.as_bytes()).unwrap_err();
        (error.status.as_u16(), error.errors.first().map(|e| e.pointer.clone()).unwrap_or_default())
    }

    #[test]
    fn an_error_points_to_its_field() {
        assert_eq!(fault(r#"{"rows": [1, "x"]}"#), (422, "/rows/1".to_owned()));
        assert_eq!(fault(r#"{"rows": [1, 1e400]}"#), (422, "/rows/1".to_owned()));
        assert_eq!(fault(r#"{"rows": [1, NaN]}"#), (400, "/rows/1".to_owned()));
        assert_eq!(fault(r#"{"rows": [], "more": 1}"#), (422, "/more".to_owned()));
        assert_eq!(fault(r#"{"rows": []"#).0, 400);
        assert_eq!(fault(r#"{"rows": []} x"#).0, 400);
    }

    #[test]
    fn a_field_at_fault_is_named_by_its_pointer_alone() {
        let detail = |body: &str| parse::<Body>(body.as_bytes()).unwrap_err().errors[0].detail.clone();
        assert_eq!(detail(r#"{"rows": [1, "x"]}"#), "invalid type: string \"x\", expected f64");
        assert_eq!(detail(r#"{"rows": [1, 1e400]}"#), "number out of range");
        assert!(detail(r#"{"rows": [1, NaN]}"#).contains("at line 1"));
    }
}
