//! The files that pages load: part of the function, so that they come from us and from nobody else.

use axum::{
    body::Bytes,
    http::header,
    response::{IntoResponse, Response},
};
use sha2::{Digest, Sha256};
use web::ApiError;

/// A file that `build.rs` compressed.
#[derive(Clone, Copy)]
pub struct Asset {
    /// Its media type.
    pub content_type: &'static str,
    /// Its content, deflated.
    pub deflated: &'static [u8],
}

/// The asset of a file in `assets/`.
macro_rules! asset {
    ($content_type:expr, $name:literal) => {
        crate::asset::Asset {
            content_type: $content_type,
            deflated: include_bytes!(concat!(env!("OUT_DIR"), "/", $name)),
        }
    };
}
pub(crate) use asset;

pub const CSS: &str = "text/css; charset=utf-8";
pub const JAVASCRIPT: &str = "text/javascript; charset=utf-8";
pub const SVG: &str = "image/svg+xml";

impl Asset {
    /// The file as it was.
    pub fn answer(self) -> Result<Response, ApiError> {
        let content = miniz_oxide::inflate::decompress_to_vec(self.deflated).map_err(ApiError::internal)?;
        let headers = [
            (header::CONTENT_TYPE, self.content_type.to_owned()),
            (header::CACHE_CONTROL, "public, max-age=3600".to_owned()),
            (header::ETAG, etag(self.deflated)),
        ];
        Ok((headers, Bytes::from(content)).into_response())
    }
}

/// A tag that changes with the content.
pub fn etag(content: &[u8]) -> String {
    format!("\"{}\"", base16ct::lower::encode_string(&Sha256::digest(content)[..16]))
}
