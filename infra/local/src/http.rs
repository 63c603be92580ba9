//! One HTTP/1 listener: keep-alive, no Nagle delay, and an end that waits for the requests that run.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use http::{Request, Response};
use hyper::body::{Body, Incoming};
use hyper::server::conn::http1;
use hyper::service::Service;
use hyper_util::rt::TokioIo;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::error::{BoxError, Error};

/// How long open requests may still run once the end was asked for.
const GRACE: Duration = Duration::from_secs(2);

/// Opens a port; 0 takes a free one.
pub async fn listen(host: IpAddr, port: u16) -> Result<(TcpListener, SocketAddr), Error> {
    let wanted = SocketAddr::new(host, port);
    let listener = TcpListener::bind(wanted).await.map_err(Error::io(wanted.to_string()))?;
    let address = listener.local_addr().map_err(Error::io("the listener's address"))?;
    Ok((listener, address))
}

/// Serves until `end` is cancelled. `make` gives each connection its service.
pub async fn serve<S, B>(listener: TcpListener, end: CancellationToken, make: impl Fn(SocketAddr) -> S)
where
    S: Service<Request<Incoming>, Response = Response<B>> + Send + 'static,
    S::Future: Send + 'static,
    S::Error: Into<BoxError>,
    B: Body<Data: Send, Error: Into<BoxError>> + Send + 'static,
{
    let graceful = GracefulShutdown::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = end.cancelled() => break,
        };
        match accepted {
            Ok((stream, peer)) => {
                // A platform without the option is only slower.
                let _ = stream.set_nodelay(true);
                let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), make(peer));
                // Its error is a client that went away.
                tokio::spawn(graceful.watch(connection));
            }
            Err(error) => {
                // Out of file descriptors, as a rule: accepting again at once would spin.
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        }
    }
    drop(listener);
    if tokio::time::timeout(GRACE, graceful.shutdown()).await.is_err() {
        tracing::debug!("connections were still busy at the end");
    }
}
