//! Extractors whose every rejection is an [`ApiError`](crate::ApiError).

mod json;
mod path;
mod prefer;
mod query;
mod text;

pub use json::Json;
pub use path::Path;
pub use prefer::PreferWait;
pub use query::Query;
pub use text::Text;
