//! Passwords, hashed with argon2id.

use std::{num::NonZero, sync::Arc, thread::available_parallelism};

use argon2::{
    Argon2, PasswordHasher, PasswordVerifier,
    password_hash::{Error, phc::PasswordHash},
};
use domain::password::Password;
use tokio::{sync::Semaphore, task::spawn_blocking};

use crate::error::AuthError;

/// A hash that no password has, for accounts that don't exist: looking for them takes as long as for those that do.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5IGhhcyB0aGlzIQ$rYB3DQ3vOqNPEvXQyNFlm0H7GhVfuIK0OuU2cBe0Xbc";

/// Hashes passwords and compares them, at most as many at a time as there are cores: each takes 19 MiB.
#[derive(Clone)]
pub(crate) struct Hasher {
    permits: Arc<Semaphore>,
}

impl Hasher {
    pub(crate) fn new() -> Self {
        let cores = available_parallelism().map_or(1, NonZero::get);
        Self { permits: Arc::new(Semaphore::new(cores)) }
    }

    /// The hash of a new password, in PHC form, with a salt of its own.
    pub(crate) async fn hash(&self, password: Password) -> Result<String, AuthError> {
        self.run(move || {
            let hash: PasswordHash = Argon2::default().hash_password(password.expose().as_bytes())?;
            Ok(hash.to_string())
        })
        .await
    }

    /// Whether the password has this hash; without a hash no password does, after the same work.
    pub(crate) async fn verify(&self, password: String, hash: Option<String>) -> Result<bool, AuthError> {
        self.run(move || {
            let known = hash.is_some();
            let hash = PasswordHash::new(hash.as_deref().unwrap_or(NOBODY))?;
            match Argon2::default().verify_password(password.as_bytes(), &hash) {
                Ok(()) => Ok(known),
                Err(Error::PasswordInvalid) => Ok(false),
                Err(error) => Err(error),
            }
        })
        .await
    }

    async fn run<T, F>(&self, work: F) -> Result<T, AuthError>
    where
        T: Send + 'static,
        F: FnOnce() -> Result<T, Error> + Send + 'static,
    {
        // The semaphore is never closed. The permit goes with the work, which ends even when its request is given up.
        let permit = Arc::clone(&self.permits).acquire_owned().await.ok();
        let hashed = spawn_blocking(move || {
            let _permit = permit;
            work()
        });
        Ok(hashed.await??)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "correct horse battery staple";

    #[tokio::test]
    async fn a_password_is_known_by_its_hash() {
        let hasher = Hasher::new();
        let hash = hasher.hash(Password::parse(SECRET.to_owned()).unwrap()).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(!hash.contains(SECRET));
        assert!(hasher.verify(SECRET.to_owned(), Some(hash.clone())).await.unwrap());
        assert!(!hasher.verify("wrong horse".to_owned(), Some(hash)).await.unwrap());
    }

    #[tokio::test]
    async fn nobody_has_a_password_and_it_costs_the_same() {
        let hasher = Hasher::new();
        assert!(!hasher.verify(SECRET.to_owned(), None).await.unwrap());
        let of = |hash: &str| {
            let hash = PasswordHash::new(hash).unwrap();
            (hash.algorithm.to_string(), hash.params.to_string(), hash.hash.unwrap().len())
        };
        let real = hasher.hash(Password::parse(SECRET.to_owned()).unwrap()).await.unwrap();
        assert_eq!(of(NOBODY), of(&real));
    }
}
