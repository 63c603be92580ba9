use serde_json::Value;

/// A problem document (RFC 9457) that says all that ours say.
#[derive(Clone, Debug)]
pub struct Problem(Value);

impl Problem {
    #[track_caller]
    pub(crate) fn check(document: Value, status: u16, path: &str, request_id: &str) -> Self {
        let text = |name: &str| document[name].as_str().unwrap_or_default();
        assert!(!text("title").is_empty() && !text("detail").is_empty(), "{path}: {document}");
        assert_eq!(document["status"], status, "{path}: {document}");
        assert_eq!(text("request_id"), request_id, "{path}: {document}");
        assert!(!request_id.is_empty(), "{path}: {document}");
        // A gateway's own problems have no type, and API Gateway's templates can't tell the path.
        if text("type") != "about:blank" {
            assert!(text("type").starts_with("urn:ballast:problem:"), "{path}: {document}");
            assert_eq!(text("instance"), path, "{document}");
        }
        Self(document)
    }

    /// The last part of its type.
    pub fn kind(&self) -> &str {
        self.0["type"].as_str().and_then(|kind| kind.rsplit(':').next()).unwrap_or_default()
    }

    /// What it tells people.
    pub fn detail(&self) -> &str {
        self.0["detail"].as_str().unwrap_or_default()
    }

    /// Which fields it points to.
    pub fn pointers(&self) -> Vec<&str> {
        let errors = self.0["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
        errors.iter().map(|error| error["pointer"].as_str().unwrap_or_default()).collect()
    }

    /// What it tells about this field, empty when nothing.
    pub fn about(&self, pointer: &str) -> &str {
        let errors = self.0["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
        let error = errors.iter().find(|error| error["pointer"] == pointer);
        error.and_then(|error| error["detail"].as_str()).unwrap_or_default()
    }
}
