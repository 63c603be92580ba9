//! Files that were made before: the same input gives the same bytes, so they are made once.

use std::{
    fs::File,
    io::{self, Read},
};

use domain::{Entity, digest::Fingerprint, task::PayloadRef};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use store::{Scope, StoreError};
use tokio::{sync::OnceCell, task::spawn_blocking};

/// With the time that a task is kept, less than the time that its file is.
const RETENTION: SignedDuration = SignedDuration::from_hours(24 * 7);

#[derive(Debug, Serialize, Deserialize)]
struct Made {
    /// The program that made it, and the hash of its input.
    from: String,
    file: PayloadRef,
    expires_at: Timestamp,
}

impl Entity for Made {
    const KIND: &'static str = "FILE";
    type Key = str;

    fn key(&self) -> String {
        self.from.clone()
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.expires_at)
    }
}

/// The file that was made of an input by this very program.
pub(crate) async fn find(store: &Scope, input: &PayloadRef) -> Result<Option<PayloadRef>, StoreError> {
    let Some(program) = program().await else { return Ok(None) };
    let made = store.find::<Made>(&key(program, input)).await?;
    Ok(made.map(|made| made.entity.file))
}

/// Remembers the file that was made of an input.
pub(crate) async fn keep(
    store: &Scope,
    input: &PayloadRef,
    file: &PayloadRef,
    now: Timestamp,
) -> Result<(), StoreError> {
    let Some(program) = program().await else { return Ok(()) };
    store.put(&Made { from: key(program, input), file: file.clone(), expires_at: now + RETENTION }).await
}

fn key(program: &str, input: &PayloadRef) -> String {
    format!("{program}#{}", input.sha256)
}

/// SHA-256 of the program, read once: a version's number stays while its pages change, and so may its libraries. Without
/// it, files are made anew each time.
async fn program() -> Option<&'static str> {
    static HASH: OnceCell<Option<String>> = OnceCell::const_new();
    let hash = HASH.get_or_init(|| async {
        match spawn_blocking(hash_of_program).await {
            Ok(Ok(hash)) => Some(hash),
            failed => {
                tracing::warn!(?failed, "the program can't be read; no file is made once only");
                None
            }
        }
    });
    hash.await.as_deref()
}

fn hash_of_program() -> io::Result<String> {
    let mut file = File::open(std::env::current_exe()?)?;
    let mut hash = Fingerprint::default();
    let mut part = vec![0; 1 << 20];
    loop {
        match file.read(&mut part)? {
            0 => return Ok(hash.to_hex()),
            length => hash.update(&part[..length]),
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::digest::sha256_hex;

    use super::program;

    #[tokio::test]
    async fn the_program_is_told_by_its_bytes() {
        let bytes = std::fs::read(std::env::current_exe().unwrap()).unwrap();
        assert_eq!(program().await, Some(sha256_hex(bytes).as_str()));
    }
}
