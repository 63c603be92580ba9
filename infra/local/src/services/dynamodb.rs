use std::net::IpAddr;
use std::path::Path;
use std::time::Duration;

use dynoxide::Database;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::error::Error;
use crate::http::listen;

/// How often expired items are deleted. DynamoDB takes up to two days; here a developer should see it happen.
const SWEEP: Duration = Duration::from_mins(1);

/// Serves a store in the given file, or in memory.
pub(super) async fn start(
    host: IpAddr,
    file: Option<&Path>,
    running: &TaskTracker,
    end: &CancellationToken,
) -> Result<String, Error> {
    let database = match file {
        Some(file) => Database::new(&file.to_string_lossy()),
        None => Database::memory(),
    }
    .map_err(|error| failed(error.to_string()))?;
    let (listener, address) = listen(host, 0).await?;
    let ended = end.clone().cancelled_owned();
    running.spawn(sweep(database.clone(), end.clone()));
    running.spawn(async move {
        if let Err(reason) = dynoxide::server::serve_with_shutdown(listener, database, ended).await {
            tracing::error!(reason, "the embedded store ended");
        }
    });
    Ok(format!("http://{address}"))
}

async fn sweep(database: Database, end: CancellationToken) {
    while end.run_until_cancelled(tokio::time::sleep(SWEEP)).await.is_some() {
        let database = database.clone();
        // It waits for locks and reads whole tables.
        let swept = tokio::task::spawn_blocking(move || database.sweep_ttl()).await;
        if let Ok(Err(error)) = swept {
            tracing::warn!(%error, "expired items could not be deleted");
        }
    }
}

fn failed(reason: String) -> Error {
    Error::Service { service: "DynamoDB", reason }
}
