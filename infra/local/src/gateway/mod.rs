//! The stack's HTTP side: what API Gateway does between a client and the functions.

mod body;
mod problem;
mod routes;

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use aws_lambda_events::apigw::ApiGatewayProxyRequestContext;
use axum::body::Body;
use axum::response::Response;
use http::request::Parts;
use http::{HeaderValue, Request, StatusCode};
use hyper::body::Incoming;
use hyper::service::service_fn;
use lambda_http::request::RequestContext;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;
use ulid::Ulid;

use crate::error::Error;
use crate::functions::Functions;
use crate::http::serve;
use crate::template::Template;
use body::Refused;
use problem::problem;
use routes::{Routes, Target};

/// The longest that API Gateway waits for a function.
const LONGEST: Duration = Duration::from_secs(29);

/// Routes requests to the functions that the template gives them to.
pub(crate) struct Gateway {
    routes: Routes,
}

impl Gateway {
    pub(crate) fn new(template: &Template, functions: &Functions) -> Result<Self, Error> {
        let mut routes = Routes::default();
        for function in &template.functions {
            for route in &function.routes {
                let router = functions
                    .routers
                    .get(&function.id)
                    .cloned()
                    .ok_or_else(|| Error::NoHandler { function: function.id.clone(), event: "a route" })?;
                let target = Target { router, timeout: function.timeout.min(LONGEST) };
                routes.add(&route.method, &route.path, target);
            }
        }
        Ok(Self { routes })
    }

    /// Serves until `end` is cancelled.
    pub(crate) async fn serve(self, listener: TcpListener, end: CancellationToken) {
        let gateway = Arc::new(self);
        serve(listener, end, |peer| {
            let gateway = Arc::clone(&gateway);
            service_fn(move |request| {
                let gateway = Arc::clone(&gateway);
                async move { Ok::<_, Infallible>(gateway.answer(request, peer).await) }
            })
        })
        .await;
    }

    async fn answer(&self, request: Request<Incoming>, peer: SocketAddr) -> Response {
        let (mut parts, body) = request.into_parts();
        let path = parts.uri.path().to_owned();
        let id = request_id(&parts);
        let refuse = |status, detail: &str| problem(status, detail, &path, &id);
        let Some(target) = self.routes.find(&parts.method, &path) else {
            return refuse(StatusCode::NOT_FOUND, "There is nothing at this path.");
        };
        let body = match body::read(body).await {
            Ok(body) => body,
            Err(Refused::TooLarge) => {
                return refuse(StatusCode::PAYLOAD_TOO_LARGE, "The body is larger than 10 MB.");
            }
            Err(Refused::Broken) => {
                return refuse(StatusCode::BAD_REQUEST, "The body ended before it was complete.");
            }
        };
        forward(&mut parts, peer);
        parts.extensions.insert(context(peer));
        // A task of its own: a function runs on when its client goes away, and its panic is not the gateway's.
        let mut call =
            tokio::spawn(target.router.clone().oneshot(Request::from_parts(parts, Body::from(body))));
        match tokio::time::timeout(target.timeout, &mut call).await {
            Ok(Ok(Ok(response))) => response,
            Ok(Err(panic)) => {
                tracing::error!(%panic, path, "a function panicked");
                refuse(StatusCode::BAD_GATEWAY, "The function failed.")
            }
            Err(_) => {
                call.abort();
                refuse(StatusCode::GATEWAY_TIMEOUT, "The function took too long.")
            }
        }
    }
}

fn request_id(parts: &Parts) -> String {
    let given = parts.headers.get("x-request-id").and_then(|id| id.to_str().ok());
    given.map_or_else(|| format!("req_{}", Ulid::generate()), str::to_owned)
}

/// What API Gateway tells a function of a request: here, where it comes from.
fn context(peer: SocketAddr) -> RequestContext {
    let mut context = ApiGatewayProxyRequestContext::default();
    context.identity.source_ip = Some(peer.ip().to_string());
    RequestContext::ApiGatewayV1(context)
}

/// Adds the client's address to what the client or a proxy before us said.
fn forward(parts: &mut Parts, peer: SocketAddr) {
    let before = parts.headers.get("x-forwarded-for").and_then(|value| value.to_str().ok());
    let address = peer.ip();
    let chain = before.map_or_else(|| address.to_string(), |before| format!("{before}, {address}"));
    if let Ok(chain) = HeaderValue::from_str(&chain) {
        parts.headers.insert("x-forwarded-for", chain);
    }
    parts.headers.insert("x-forwarded-proto", HeaderValue::from_static("http"));
}
