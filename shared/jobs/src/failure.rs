//! What a client learns when a task can't be done.

use std::fmt::Display;

use domain::task::Failure;

/// The numbers don't allow the computation.
pub fn not_computable(error: impl Display) -> Failure {
    Failure { code: "not-computable".to_owned(), detail: error.to_string(), errors: Vec::new() }
}

/// What we stored can't be read: written by another version.
pub fn unreadable<E>(_: E) -> Failure {
    let detail = "The task was written by another version of the service; submit it again.";
    Failure { code: "unreadable".to_owned(), detail: detail.to_owned(), errors: Vec::new() }
}

/// What the task is computed from is not there any more.
pub fn gone() -> Failure {
    let detail = "What the task is computed from was kept for its time and is gone; submit it again.";
    Failure { code: "gone".to_owned(), detail: detail.to_owned(), errors: Vec::new() }
}

/// The file would be larger than one can be.
pub fn too_large() -> Failure {
    let detail = "The file would be larger than 5 GiB, or a file within it larger than 4 GiB.";
    Failure { code: "too-large".to_owned(), detail: detail.to_owned(), errors: Vec::new() }
}
