//! The embedded AWS services, each on a port of its own.

mod dynamodb;
mod endpoints;
mod groups;
mod s3;
mod ses;
mod sqs;

use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub use endpoints::{ACCOUNT, Endpoints, REGION};
pub use ses::{SentMail, SentMails};

use crate::error::Error;

/// The running services. They live until [`Services::shutdown`], or until the value is dropped.
pub struct Services {
    endpoints: Endpoints,
    mails: SentMails,
    end: CancellationToken,
    running: TaskTracker,
    // Deleted with the value, so it is kept as long as the services run.
    _scratch: Option<tempfile::TempDir>,
}

impl Services {
    /// Starts all four on the loopback interface, where nobody else reaches them.
    pub async fn start(data: Option<&Path>) -> Result<Self, Error> {
        Self::start_on(Ipv4Addr::LOCALHOST.into(), data).await
    }

    /// Starts all four on an address of this machine.
    ///
    /// With a folder the tables and the bucket are kept in it: `tables.sqlite` and `buckets/`. Messages are not kept:
    /// after a restart `maintenance` sends the tasks that wait again, as it does for a message that was lost.
    pub async fn start_on(host: IpAddr, data: Option<&Path>) -> Result<Self, Error> {
        let end = CancellationToken::new();
        let running = TaskTracker::new();
        let scratch = match data {
            Some(_) => None,
            None => Some(tempfile::tempdir().map_err(Error::io("a folder for the buckets"))?),
        };
        let buckets = match (data, &scratch) {
            (Some(data), _) => data.join("buckets"),
            (None, Some(scratch)) => scratch.path().to_owned(),
            (None, None) => std::env::temp_dir(),
        };
        std::fs::create_dir_all(&buckets).map_err(Error::io(buckets.display().to_string()))?;
        let tables = data.map(|data| data.join("tables.sqlite"));
        let mails = SentMails::default();
        let endpoints = Endpoints::new(
            dynamodb::start(host, tables.as_deref(), &running, &end).await?,
            sqs::start(host, &running, &end).await?,
            s3::start(host, &buckets, &running, &end).await?,
            ses::start(host, mails.clone(), &running, &end).await?,
        );
        Ok(Self { endpoints, mails, end, running, _scratch: scratch })
    }

    /// Where the services listen, and how to reach them with the SDK.
    pub fn endpoints(&self) -> &Endpoints {
        &self.endpoints
    }

    /// The mails that were sent.
    pub fn mails(&self) -> &SentMails {
        &self.mails
    }

    /// Ends the services once the requests that run have been answered.
    pub async fn shutdown(self) {
        self.end.cancel();
        self.running.close();
        self.running.wait().await;
    }
}

impl Drop for Services {
    fn drop(&mut self) {
        self.end.cancel();
    }
}
