//! Who is asking, and what may they do.

mod claims;
mod lookup;
mod principal;
mod tenant;
mod verifier;

use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method, header},
    middleware::Next,
    response::Response,
};
use domain::{api_key::ApiKeyText, limit::RouteClass};
use store::VerifiedTenant;

pub use claims::{Claims, TOKEN_TYPE, VerifiedClaims};
pub use principal::{Credential, Principal};
pub use tenant::Tenant;
pub use verifier::{CLOCK_SKEW, TokenConfig, Verifier};

pub(crate) use lookup::Known;

use crate::{ApiError, App, Origin, limit::Standing};

const X_API_KEY: &str = "x-api-key";

/// How the check of the request's credential went; absent without one.
#[derive(Debug, Clone)]
pub(crate) struct Checked(pub(crate) Result<Principal, ApiError>);

/// What a request has brought along.
enum Presented {
    Nothing,
    Token(String),
    ApiKey(String),
    Unusable,
}

/// Counts the request and checks its credential, if it has one. Whether it needs one, the handler's signature says.
///
/// Who has a token of ours is counted as a user and in its tenant, everybody else by address, also where their credential
/// could not be looked up; whoever wants to prove who they are is counted by address whatever they bring along.
pub(crate) async fn authenticate(
    State(app): State<App>,
    mut request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    let class = RouteClass::of(request.method().as_str(), request.uri().path());
    let origin = request.extensions().get::<Origin>().cloned();
    let mut standing = Standing::default();
    let presented = presented(request.headers());
    let stranger = matches!(presented, Presented::Nothing | Presented::Unusable);
    // Pages and health touch no table, and so are not counted in one.
    let counted = ["/api/", "/.well-known/"].iter().any(|prefix| request.uri().path().starts_with(prefix));
    if counted && (stranger || class == RouteClass::Login) {
        standing.count_address(&app, origin.as_ref(), class).await?;
    }
    let checked = match presented {
        Presented::Nothing => None,
        Presented::Unusable => Some(Err(ApiError::unauthorized(
            "Authorization must be of the form: Bearer <access token or API key>.",
        ))),
        Presented::Token(token) => Some(Box::pin(by_token(&app, &token, class, &mut standing)).await),
        Presented::ApiKey(text) => Some(Box::pin(by_key(&app, &text, class, &mut standing)).await),
    };
    if let Some(refusal) = standing.refusal() {
        return Err(refusal);
    }
    if let Some(checked) = checked {
        match &checked {
            Ok(principal) => {
                tracing::Span::current()
                    .record("tenant", principal.tenant_id().to_string())
                    .record("user", principal.user_id().to_string());
            }
            // A credential that is none is a guess, and guesses are counted; and so is whatever nobody was counted for.
            Err(error) if error.is_unauthorized() || !standing.has_counted() => {
                if !stranger && class != RouteClass::Login {
                    standing.count_address(&app, origin.as_ref(), class).await?;
                }
            }
            Err(_) => {}
        }
        request.extensions_mut().insert(Checked(checked));
    }
    let mut response = next.run(request).await;
    standing.tell(response.headers_mut());
    Ok(response)
}

/// A token's signature is checked without asking anybody. Only then the user is looked for, and counted meanwhile; but who
/// goes on with the token of a session that is over uses up nobody's quota by it.
async fn by_token(
    app: &App,
    token: &str,
    class: RouteClass,
    standing: &mut Standing,
) -> Result<Principal, ApiError> {
    let claims = app.verifier.verify(token).await?;
    let Some(plan) = app.known.plan(claims.tid).filter(|_| !app.known.is_over(claims.sid)) else {
        let principal = lookup::by_session(app, &claims).await?;
        let plan = principal.tenant().entity.settings.plan();
        standing.count_user(app, &claims, claims.sub, &plan, class).await;
        return Ok(principal);
    };
    let counted = standing.count_user(app, &claims, claims.sub, &plan, class);
    let (principal, ()) = tokio::join!(lookup::by_session(app, &claims), counted);
    if principal.as_ref().is_err_and(ApiError::is_unauthorized) {
        app.known.note_over(claims.sid);
    }
    principal
}

/// A key's secret has to be compared before its user is counted: its ids are no secret, and must not let strangers use up
/// somebody's quota.
async fn by_key(
    app: &App,
    text: &str,
    class: RouteClass,
    standing: &mut Standing,
) -> Result<Principal, ApiError> {
    let text: ApiKeyText = text.parse().map_err(|_| ApiError::unauthorized("The API key is not valid."))?;
    let principal = lookup::by_api_key(app, &text).await?;
    let plan = principal.tenant().entity.settings.plan();
    standing.count_user(app, &principal, principal.user_id(), &plan, class).await;
    Ok(principal)
}

fn presented(headers: &HeaderMap) -> Presented {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    match (values.next(), values.next(), text(X_API_KEY)) {
        (None, _, None) => Presented::Nothing,
        (None, _, Some(key)) => Presented::ApiKey(key.trim().to_owned()),
        (Some(value), None, None) => {
            let value = value.to_str().unwrap_or_default();
            match value.split_once(' ') {
                Some((scheme, text)) if scheme.eq_ignore_ascii_case("bearer") => {
                    let text = text.trim();
                    let is_key = text.starts_with(domain::api_key::PREFIX) && !text.contains('.');
                    if is_key {
                        Presented::ApiKey(text.to_owned())
                    } else {
                        Presented::Token(text.to_owned())
                    }
                }
                _ => Presented::Unusable,
            }
        }
        // Two credentials could mean two people.
        _ => Presented::Unusable,
    }
}

/// Whether the request is one that a browser sends ahead of another.
pub(crate) fn is_preflight(method: &Method, headers: &HeaderMap) -> bool {
    method == Method::OPTIONS && headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
}
