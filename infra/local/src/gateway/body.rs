use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use hyper::body::Incoming;

/// The most that API Gateway takes.
const LIMIT: usize = 10 << 20;
/// The most that is read and thrown away, so that the client gets to read why its body was refused.
const DRAINED: usize = 64 << 20;

/// Why there is no body.
pub(super) enum Refused {
    TooLarge,
    Broken,
}

/// Reads a body whole, as API Gateway does before it calls a function.
pub(super) async fn read(mut body: Incoming) -> Result<Bytes, Refused> {
    let mut read = BytesMut::new();
    let mut size = 0;
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| Refused::Broken)?.into_data() else { continue };
        size += data.len();
        if size > DRAINED {
            break;
        }
        if size <= LIMIT {
            read.extend_from_slice(&data);
        }
    }
    if size > LIMIT { Err(Refused::TooLarge) } else { Ok(read.freeze()) }
}
