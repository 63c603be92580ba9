use std::net::IpAddr;
use std::path::Path;

use s3s::auth::SimpleAuth;
use s3s::service::S3ServiceBuilder;
use s3s_fs::FileSystem;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::endpoints::{ACCESS_KEY, SECRET_KEY};
use crate::error::Error;
use crate::http::{listen, serve};

/// Serves buckets as the folders of a folder.
pub(super) async fn start(
    host: IpAddr,
    folder: &Path,
    running: &TaskTracker,
    end: &CancellationToken,
) -> Result<String, Error> {
    let files = FileSystem::new(folder)
        .map_err(|error| Error::Service { service: "S3", reason: format!("{error:?}") })?;
    let mut builder = S3ServiceBuilder::new(files);
    builder.set_auth(SimpleAuth::from_single(ACCESS_KEY, SECRET_KEY));
    let service = builder.build();
    let (listener, address) = listen(host, 0).await?;
    let end = end.clone();
    running.spawn(async move { serve(listener, end, |_| service.clone()).await });
    Ok(format!("http://{address}"))
}
