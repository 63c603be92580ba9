//! The end: Ctrl-C, or what `kill` sends.

use tokio::signal::unix::{SignalKind, signal};

/// Comes back when the process is asked to end.
pub async fn end() -> std::io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted,
        _ = terminate.recv() => Ok(()),
    }
}
