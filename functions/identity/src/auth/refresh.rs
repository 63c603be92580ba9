//! Staying in.

use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;
use web::{ApiError, Data, Json};

use super::tokens::Tokens;
use crate::{Identity, member::Member, refresh_token::RefreshToken};

/// The token that continues the session.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RefreshInput {
    /// The refresh token that the last answer held.
    refresh_token: String,
}

/// Refresh the tokens
///
/// Answers with a new pair; the refresh token that was sent is used up. A used token that comes back ends its whole
/// session: somebody has a copy of it. So does sending one token several times at once; only one of those gets an answer.
#[utoipa::path(
    post,
    path = "/api/v1/auth/refresh",
    tag = super::TAG,
    request_body = RefreshInput,
    responses(
        (status = 200, description = "The next pair of tokens.", body = Data<Tokens>),
        (status = 401, description = "The refresh token is not valid, or not any more.")
    )
)]
pub(crate) async fn refresh(
    State(identity): State<Identity>,
    Json(body): Json<RefreshInput>,
) -> Result<Data<Tokens>, ApiError> {
    let presented: RefreshToken = body.refresh_token.parse()?;
    let found = identity.sessions().find_by(&presented).await?;
    let user = identity.user(&Member::of_session(&found.entity)).await?;
    let (session, next) = identity.sessions().rotate(found).await?;
    Ok(Data::new(identity.tokens(&user, &session, next)?))
}
