//! What a client learns when the figures can't be computed.

use domain::task::Failure;
use quant::QuantError;

/// The numbers don't allow the computation.
pub(crate) fn not_computable(error: QuantError) -> Failure {
    Failure { code: "not-computable".to_owned(), detail: error.to_string(), errors: Vec::new() }
}

/// What we stored can't be read: written by another version.
pub(crate) fn unreadable<E>(_: E) -> Failure {
    let detail = "The task was written by another version of the service; submit it again.";
    Failure { code: "unreadable".to_owned(), detail: detail.to_owned(), errors: Vec::new() }
}
