//! The HTTP stack that every function with routes shares.
//!
//! A handler has what it needs in its signature: [`Tenant<P>`](auth::Tenant) for the tenant's store (which is to say,
//! permission `P`), [`Json`], [`Path`] and [`Query`] for input, [`IfMatch`](etag::IfMatch) for a version. Whatever goes
//! wrong becomes an [`ApiError`], and leaves as a problem document (RFC 9457).

pub mod app;
pub mod auth;
mod cors;
pub mod error;
pub mod etag;
mod extract;
mod idempotency;
pub mod lambda;
mod layers;
mod limit;
pub mod openapi;
pub mod origin;
pub mod page;
mod problem;
pub mod reply;
mod request_id;

pub use app::App;
pub use error::ApiError;
pub use extract::{Json, Path, PreferWait, Query, Text};
pub use layers::service;
pub use origin::Origin;
pub use problem::Problem;
pub use reply::{Accepted, Created, Data, NoContent, ShownOnce};
