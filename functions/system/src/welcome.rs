//! The way in.

use std::convert::Infallible;

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
    response::{IntoResponse, Response},
};
use lambda_http::request::RequestContext;
use serde::Serialize;
use utoipa::ToSchema;
use web::Data;

use crate::page::page;

const DESCRIPTION: &str = "The finance team's backend: valuation, portfolios and risk.";
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What this is, and where to go from here.
#[derive(Serialize, ToSchema)]
pub struct Welcome {
    /// The product.
    #[schema(example = "Ballast")]
    name: &'static str,
    /// Its version.
    #[schema(example = "0.1.0")]
    version: &'static str,
    /// What it is for.
    description: &'static str,
    /// Where to go from here.
    links: WelcomeLinks,
}

#[derive(Serialize, ToSchema)]
struct WelcomeLinks {
    /// The API, to be tried out.
    #[schema(example = "/docs")]
    docs: String,
    /// The API's reference.
    #[schema(example = "/redoc")]
    redoc: String,
    /// The API's description.
    #[schema(example = "/openapi.json")]
    openapi: String,
    /// Whether the API is up.
    #[schema(example = "/health")]
    health: String,
    /// Whether what it stands on answers.
    #[schema(example = "/api/v1/status")]
    status: String,
}

/// Welcome
///
/// Tells what this is and where to go from here: as JSON, or as a page to a client that would rather have HTML.
#[utoipa::path(
    get, path = "/", tag = "system", operation_id = "welcome",
    responses((status = 200, description = "Welcome.", content(
        (Data<Welcome> = "application/json"), (String = "text/html")
    )))
)]
pub async fn show(Base(base): Base, headers: HeaderMap) -> Response {
    let answer = if prefers_html(&headers) {
        let html = include_str!("../assets/pages/welcome.html");
        let html = html.replace("{base}", &base).replace("{description}", DESCRIPTION);
        page(html.replace("{version}", VERSION)).into_response()
    } else {
        Data::new(Welcome::under(&base)).into_response()
    };
    ([(header::VARY, "Accept")], answer).into_response()
}

impl Welcome {
    fn under(base: &str) -> Self {
        let links = WelcomeLinks {
            docs: format!("{base}/docs"),
            redoc: format!("{base}/redoc"),
            openapi: format!("{base}/openapi.json"),
            health: format!("{base}/health"),
            status: format!("{base}/api/v1/status"),
        };
        Self { name: "Ballast", version: VERSION, description: DESCRIPTION, links }
    }
}

/// Whether the client names HTML before JSON, as browsers do.
fn prefers_html(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    let mut kinds = accept.split(',').map(|kind| kind.split(';').next().unwrap_or_default().trim());
    kinds.find(|kind| matches!(*kind, "text/html" | "application/json")) == Some("text/html")
}

/// What stands before the API's own paths for this client, such as `/dev` behind a stage; usually nothing.
pub struct Base(String);

impl<S: Sync> FromRequestParts<S> for Base {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let path = match parts.extensions.get::<RequestContext>() {
            Some(RequestContext::ApiGatewayV1(context)) => context.path.as_deref(),
            _ => None,
        };
        let base = path.unwrap_or_default().trim_end_matches('/');
        let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"/-_".contains(byte);
        Ok(Self(if base.as_bytes().iter().all(plain) { base.to_owned() } else { String::new() }))
    }
}
