use std::net::IpAddr;
use std::sync::Arc;

use rustack_sqs_core::config::SqsConfig;
use rustack_sqs_core::handler::RustackSqsHandler;
use rustack_sqs_core::provider::RustackSqs;
use rustack_sqs_http::service::{SqsHttpConfig, SqsHttpService};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::groups::MessageGroups;
use super::{ACCOUNT, REGION};
use crate::error::Error;
use crate::http::{listen, serve};

/// Serves queues in memory.
pub(super) async fn start(
    host: IpAddr,
    running: &TaskTracker,
    end: &CancellationToken,
) -> Result<String, Error> {
    let (listener, address) = listen(host, 0).await?;
    let config = SqsConfig {
        skip_signature_validation: true,
        default_region: REGION.to_owned(),
        account_id: ACCOUNT.to_owned(),
        host: address.ip().to_string(),
        port: address.port(),
    };
    let provider = Arc::new(RustackSqs::new(config));
    let handler = MessageGroups::new(RustackSqsHandler::new(Arc::clone(&provider)));
    let service = SqsHttpService::new(Arc::new(handler), SqsHttpConfig::default());
    let end = end.clone();
    running.spawn(async move {
        serve(listener, end, |_| service.clone()).await;
        provider.shutdown_all().await;
    });
    Ok(format!("http://{address}"))
}
