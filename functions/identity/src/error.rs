//! What can go wrong here, and what the client learns of it.

use argon2::password_hash;
use axum::http::StatusCode;
use domain::{Invalid, factors::NotAdded};
use platform::EnvError;
use store::StoreError;
use web::ApiError;
use webauthn_rs::prelude::WebauthnError;

use crate::{passkeys::RelyingPartyError, secrets::Unsealable};

/// Why somebody does not get in, or on.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AuthError {
    /// The e-mail address has an account.
    #[error("the e-mail address is taken")]
    EmailTaken,
    /// There is no such account, or it has another password, or it is locked: which of them, nobody learns.
    #[error("wrong e-mail address or password")]
    WrongCredentials,
    /// There is no such challenge, or it has another answer, or it is over: which of them, nobody learns.
    #[error("wrong code")]
    WrongCode,
    /// There is no such ceremony, or it is over, or the passkey is not the one that it asked for: which of them, nobody
    /// learns.
    #[error("the passkey is not accepted")]
    WrongPasskey,
    /// The passkey can't be one of the user's.
    #[error(transparent)]
    NotAdded(#[from] NotAdded),
    /// An authenticator can't be asked.
    #[error("a ceremony could not begin")]
    Passkey(#[from] WebauthnError),
    /// Too many mails were asked for.
    #[error("too many mails")]
    TooManyMails,
    /// The user's tenant is suspended.
    #[error("the tenant is suspended")]
    TenantSuspended,
    /// The refresh token is none of ours, was used before, or belongs to a session that is over.
    #[error("the refresh token is not valid")]
    InvalidRefreshToken,
    /// The user, or something of the user, is not in the state for this.
    #[error("{0}")]
    Conflict(&'static str),
    /// The role is too low for this.
    #[error("{0}")]
    Forbidden(&'static str),
    /// What the client sent can't be taken.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// A password could not be hashed.
    #[error("hashing failed")]
    Hash(#[from] password_hash::Error),
    /// A thread that hashed did not end well.
    #[error("a hashing thread ended early")]
    Thread(#[from] tokio::task::JoinError),
    /// A token could not be signed.
    #[error("signing failed")]
    Sign(#[from] jsonwebtoken::errors::Error),
    /// A secret of ours could not be sealed or opened.
    #[error("sealing failed")]
    Seal(#[from] Unsealable),
    /// Something that is none of our errors, but one of the layers' below.
    #[error("the request failed")]
    Api(ApiError),
    /// The store did not do its part.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<ApiError> for AuthError {
    fn from(error: ApiError) -> Self {
        Self::Api(error)
    }
}

impl From<AuthError> for ApiError {
    fn from(error: AuthError) -> Self {
        match error {
            AuthError::EmailTaken => Self::conflict("There is an account with this e-mail address already."),
            AuthError::WrongCredentials => Self::unauthorized(
                "The e-mail address or the password is wrong, or there were too many attempts: then wait, or set a new \
                 password at /api/v1/auth/forgot-password.",
            ),
            AuthError::WrongCode => Self::unauthorized(
                "The code is wrong, used, or too old, or there were too many attempts; ask for a new one.",
            ),
            AuthError::WrongPasskey => Self::unauthorized(
                "The passkey was not accepted: it is not known here, or was answered too late or to another question; ask for \
                 new options.",
            ),
            AuthError::NotAdded(reason) => Self::conflict(reason.to_string()),
            AuthError::TooManyMails => Self::new(
                StatusCode::TOO_MANY_REQUESTS,
                "too-many-requests",
                "Too many mails to this address, or to others from your team; nothing was sent. Try again later.",
            )
            .retry_after(60),
            AuthError::TenantSuspended => Self::new(
                StatusCode::FORBIDDEN,
                "tenant-suspended",
                "The tenant is suspended; its data is kept. Ask whoever runs Ballast.",
            ),
            AuthError::InvalidRefreshToken => Self::unauthorized(
                "The refresh token is not valid: each is good for one use, as long as its session. Log in again.",
            ),
            AuthError::Conflict(detail) => Self::conflict(detail),
            AuthError::Forbidden(detail) => Self::forbidden(detail),
            AuthError::Invalid(invalid) => invalid.into(),
            AuthError::Api(error) => error,
            AuthError::Store(error) => error.into(),
            AuthError::Hash(_)
            | AuthError::Thread(_)
            | AuthError::Sign(_)
            | AuthError::Seal(_)
            | AuthError::Passkey(_) => Self::internal(error),
        }
    }
}

/// Why the function can't start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A variable is missing or can't be read.
    #[error(transparent)]
    Environment(#[from] EnvError),
    /// Passkeys can't be asked for.
    #[error(transparent)]
    RelyingParty(#[from] RelyingPartyError),
    /// The signing secret can't be had from Secrets Manager.
    #[error("the signing secret can't be read")]
    Secret(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The signing secret stands in the open, in a stage that has real users.
    #[error("SIGNING_SECRET is for one machine; this stage reads its secret from SIGNING_SECRET_ARN")]
    OpenSecret,
    /// The signing secret is easy to guess.
    #[error("the signing secret must have at least 32 characters")]
    WeakSecret,
    /// No key can be made of the secret.
    #[error("the signing key can't be derived")]
    Key(#[from] jsonwebtoken::errors::Error),
    /// The newest key follows from another secret, which can't be had.
    #[error("the signing secret was replaced, and the new one can't be read")]
    ReplacedSecret,
    /// The public key can't be published.
    #[error("the public key can't be published")]
    Publish(#[from] StoreError),
}
