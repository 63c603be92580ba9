//! Passwords, hashed with argon2id.

use std::{num::NonZero, sync::Arc, thread::available_parallelism};

use argon2::{
    Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version,
    password_hash::{
        Error,
        phc::{ParamsString, PasswordHash},
    },
};
use domain::password::{self, Password};
use tokio::{sync::Semaphore, task::spawn_blocking};

use crate::{error::AuthError, secrets::Secrets};

/// A hash that no password has, for accounts that don't exist: looking for them takes as long as for those that do.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5IGhhcyB0aGlzIQ$rYB3DQ3vOqNPEvXQyNFlm0H7GhVfuIK0OuU2cBe0Xbc";

/// Hashes passwords and compares them, at most as many at a time as there are cores: each takes 19 MiB.
///
/// What is kept is `<pepper's version>:<PHC string>`. The pepper is argon2's secret input, so a stolen table alone is of no
/// use to who guesses.
#[derive(Clone)]
pub(crate) struct Hasher {
    permits: Arc<Semaphore>,
    secrets: Secrets,
}

/// What a password is to a hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Match {
    /// It has another hash.
    Wrong,
    /// It has this hash.
    Right,
    /// It has this hash, which was made with less than is asked for today: to be hashed anew.
    Outdated,
}

impl Hasher {
    pub(crate) fn new(secrets: Secrets) -> Self {
        let cores = available_parallelism().map_or(1, NonZero::get);
        Self { permits: Arc::new(Semaphore::new(cores)), secrets }
    }

    /// The hash of a new password, with a salt of its own.
    pub(crate) async fn hash(&self, password: Password) -> Result<String, AuthError> {
        let secrets = self.secrets.clone();
        self.run(move || {
            let version = secrets.current();
            let pepper = secrets.pepper(version).unwrap_or_default();
            let hash: PasswordHash = argon2(&pepper)?.hash_password(password.expose().as_bytes())?;
            Ok(format!("{version}:{hash}"))
        })
        .await
    }

    /// Whether the password has this hash; without a hash no password does, after the same work.
    pub(crate) async fn verify(&self, password: String, hash: Option<String>) -> Result<Match, AuthError> {
        let secrets = self.secrets.clone();
        self.run(move || {
            let current = secrets.current();
            let nobody = format!("{current}:{NOBODY}");
            let (version, hash_text) = parts(hash.as_deref().unwrap_or(&nobody));
            let pepper = secrets.pepper(version).unwrap_or_default();
            let parsed = PasswordHash::new(hash_text)?;
            match argon2(&pepper)?.verify_password(password::normal(&password).as_bytes(), &parsed) {
                Ok(()) if hash.is_none() => Ok(Match::Wrong),
                Ok(()) if version != current || is_outdated(&parsed)? => Ok(Match::Outdated),
                Ok(()) => Ok(Match::Right),
                Err(Error::PasswordInvalid) => Ok(Match::Wrong),
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

fn argon2(pepper: &[u8]) -> Result<Argon2<'_>, Error> {
    Ok(Argon2::new_with_secret(pepper, Algorithm::Argon2id, Version::V0x13, Params::default())?)
}

/// Whether the hash was made with other costs than those of today.
fn is_outdated(hash: &PasswordHash) -> Result<bool, Error> {
    Ok(hash.params != ParamsString::try_from(&Params::default())?)
}

/// The pepper's version and the PHC string.
fn parts(hash: &str) -> (u32, &str) {
    let (version, phc) = hash.split_once(':').unwrap_or(("0", hash));
    (version.parse().unwrap_or_default(), phc)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "correct horse battery staple";

    fn hasher(secrets: &str) -> Hasher {
        Hasher::new(secrets.parse().ok().unwrap())
    }

    fn password(text: &str) -> Password {
        Password::parse(text).unwrap()
    }

    #[tokio::test]
    async fn a_password_is_known_by_its_hash() {
        let hasher = hasher(&"x".repeat(32));
        let hash = hasher.hash(password(SECRET)).await.unwrap();
        assert!(hash.starts_with("1:$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(!hash.contains(SECRET));
        assert_eq!(hasher.verify(SECRET.to_owned(), Some(hash.clone())).await.unwrap(), Match::Right);
        assert_eq!(hasher.verify("wrong horse".to_owned(), Some(hash)).await.unwrap(), Match::Wrong);
        let accented = hasher.hash(password("caf\u{e9} au lait")).await.unwrap();
        let decomposed = "cafe\u{301} au lait".to_owned();
        assert_eq!(hasher.verify(decomposed, Some(accented)).await.unwrap(), Match::Right);
    }

    #[tokio::test]
    async fn without_the_pepper_no_password_is_right() {
        let (one, two) = ("1".repeat(32), "2".repeat(32));
        let hash = hasher(&one).hash(password(SECRET)).await.unwrap();
        let verify = |secrets: String| {
            let hash = hash.clone();
            async move { hasher(&secrets).verify(SECRET.to_owned(), Some(hash)).await.unwrap() }
        };
        assert_eq!(verify(two.clone()).await, Match::Wrong);
        assert_eq!(verify(format!("1:{one},2:{two}")).await, Match::Outdated, "a newer pepper");
    }

    #[tokio::test]
    async fn a_cheaper_hash_is_outdated() {
        let hasher = hasher(&"x".repeat(32));
        let pepper = hasher.secrets.pepper(1).unwrap();
        let cheap = Params::new(8192, 1, 1, None).unwrap();
        let argon2 = Argon2::new_with_secret(&pepper, Algorithm::Argon2id, Version::V0x13, cheap).unwrap();
        let hash: PasswordHash = argon2.hash_password(SECRET.as_bytes()).unwrap();
        let verified = hasher.verify(SECRET.to_owned(), Some(format!("1:{hash}"))).await.unwrap();
        assert_eq!(verified, Match::Outdated);
    }

    #[tokio::test]
    async fn nobody_has_a_password_and_it_costs_the_same() {
        let hasher = hasher(&"x".repeat(32));
        assert_eq!(hasher.verify(SECRET.to_owned(), None).await.unwrap(), Match::Wrong);
        let of = |hash: &str| {
            let hash = PasswordHash::new(hash).unwrap();
            (hash.algorithm.to_string(), hash.params.to_string(), hash.hash.unwrap().len())
        };
        let real = hasher.hash(password(SECRET)).await.unwrap();
        assert_eq!(of(NOBODY), of(parts(&real).1));
    }
}
