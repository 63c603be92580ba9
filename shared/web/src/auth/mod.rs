//! Who is asking, and what may they do.

mod claims;
mod tenant;
mod verifier;

use axum::{
    extract::{Request, State},
    http::header,
    middleware::Next,
    response::Response,
};

pub use claims::{Claims, TOKEN_TYPE, VerifiedClaims};
pub use tenant::Tenant;
pub use verifier::{TokenConfig, Verifier};

use crate::{ApiError, App};

/// How the check of the request's token went; absent without a token.
#[derive(Debug, Clone)]
pub(crate) struct Checked(pub(crate) Result<VerifiedClaims, ApiError>);

/// Checks the request's token, if it has one. Whether it needs one, the handler's signature says.
pub(crate) async fn authenticate(State(app): State<App>, mut request: Request, next: Next) -> Response {
    if let Some(header) = request.headers().get(header::AUTHORIZATION) {
        let token = header.to_str().ok().and_then(|value| value.split_once(' '));
        let checked = match token {
            Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => {
                app.verifier.verify(token.trim()).await
            }
            _ => Err(ApiError::unauthorized("Authorization must be of the form: Bearer <access token>.")),
        };
        if let Ok(claims) = &checked {
            tracing::Span::current()
                .record("tenant", claims.tid.to_string())
                .record("user", claims.sub.to_string());
        }
        request.extensions_mut().insert(Checked(checked));
    }
    next.run(request).await
}
