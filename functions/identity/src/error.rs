//! What can go wrong here, and what the client learns of it.

use argon2::password_hash;
use platform::EnvError;
use store::StoreError;
use web::ApiError;

/// Why somebody does not get in, or on.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AuthError {
    /// The e-mail address has an account.
    #[error("the e-mail address is taken")]
    EmailTaken,
    /// There is no such account, or it has another password: which of the two, nobody learns.
    #[error("wrong e-mail address or password")]
    WrongCredentials,
    /// The refresh token is none of ours, was used before, or belongs to a session that is over.
    #[error("the refresh token is not valid")]
    InvalidRefreshToken,
    /// The session was ended, or its time is over.
    #[error("the session is over")]
    SessionOver,
    /// The user was deleted.
    #[error("the user is gone")]
    UserGone,
    /// A password could not be hashed.
    #[error("hashing failed")]
    Hash(#[from] password_hash::Error),
    /// A thread that hashed did not end well.
    #[error("a hashing thread ended early")]
    Thread(#[from] tokio::task::JoinError),
    /// A token could not be signed.
    #[error("signing failed")]
    Sign(#[from] jsonwebtoken::errors::Error),
    /// The store did not do its part.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<AuthError> for ApiError {
    fn from(error: AuthError) -> Self {
        match error {
            AuthError::EmailTaken => Self::conflict("There is an account with this e-mail address already."),
            AuthError::WrongCredentials => Self::unauthorized("The e-mail address or the password is wrong."),
            AuthError::InvalidRefreshToken => Self::unauthorized(
                "The refresh token is not valid: each is good for one use, within 30 days of the login. Log in again.",
            ),
            AuthError::SessionOver => Self::unauthorized("The session is over. Log in again."),
            AuthError::UserGone => Self::unauthorized("There is no such user any more."),
            AuthError::Store(error) => error.into(),
            AuthError::Hash(_) | AuthError::Thread(_) | AuthError::Sign(_) => Self::internal(error),
        }
    }
}

/// Why the function can't start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A variable is missing or can't be read.
    #[error(transparent)]
    Environment(#[from] EnvError),
    /// The signing secret can't be had from Secrets Manager.
    #[error("the signing secret can't be read")]
    Secret(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The signing secret is easy to guess.
    #[error("the signing secret must have at least 32 characters")]
    WeakSecret,
    /// No key can be made of the secret.
    #[error("the signing key can't be derived")]
    Key(#[from] jsonwebtoken::errors::Error),
    /// The public key can't be published.
    #[error("the public key can't be published")]
    Publish(#[from] StoreError),
}
