//! Fair queues: a `MessageGroupId` on a standard queue, which SQS takes and the embedded queue refuses.
//!
//! The group travels as a message attribute inside the service and comes out as the system attribute that it is. So it
//! survives redelivery and the way to the dead-letter queue.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;
use http::Response;
use http_body_util::BodyExt;
use rustack_sqs_core::handler::RustackSqsHandler;
use rustack_sqs_http::body::SqsResponseBody;
use rustack_sqs_http::dispatch::SqsHandler;
use rustack_sqs_model::error::SqsError;
use rustack_sqs_model::operations::SqsOperation;
use serde_json::{Value, json};

/// The attribute that carries the group inside the service.
const CARRIER: &str = "ballast.MessageGroupId";

type Answer = Pin<Box<dyn Future<Output = Result<Response<SqsResponseBody>, SqsError>> + Send>>;

/// The queue with message groups.
pub(super) struct MessageGroups {
    queue: Arc<RustackSqsHandler>,
}

impl MessageGroups {
    pub(super) fn new(queue: RustackSqsHandler) -> Self {
        Self { queue: Arc::new(queue) }
    }
}

impl SqsHandler for MessageGroups {
    fn handle_operation(&self, operation: SqsOperation, body: Bytes) -> Answer {
        match operation {
            SqsOperation::SendMessage => self.queue.handle_operation(operation, edit(body, stow)),
            SqsOperation::SendMessageBatch => self.queue.handle_operation(operation, edit(body, stow_all)),
            SqsOperation::ReceiveMessage => {
                let wanted = wants_group(&body);
                let answer = self.queue.handle_operation(operation, edit(body, ask));
                Box::pin(async move { unpack(answer.await?, wanted).await })
            }
            _ => self.queue.handle_operation(operation, body),
        }
    }
}

/// Changes a JSON request to a standard queue; everything else passes as it came.
fn edit(body: Bytes, change: impl FnOnce(&mut Value)) -> Bytes {
    let Ok(mut request) = serde_json::from_slice::<Value>(&body) else { return body };
    if request["QueueUrl"].as_str().is_none_or(|url| url.rsplit('.').next() == Some("fifo")) {
        return body;
    }
    change(&mut request);
    serde_json::to_vec(&request).map_or(body, Bytes::from)
}

fn stow(message: &mut Value) {
    let Some(group) = message.as_object_mut().and_then(|fields| fields.remove("MessageGroupId")) else {
        return;
    };
    if !message["MessageAttributes"].is_object() {
        message["MessageAttributes"] = json!({});
    }
    message["MessageAttributes"][CARRIER] = json!({ "DataType": "String", "StringValue": group });
}

fn stow_all(request: &mut Value) {
    request.get_mut("Entries").and_then(Value::as_array_mut).into_iter().flatten().for_each(stow);
}

fn ask(request: &mut Value) {
    match request.get_mut("MessageAttributeNames").and_then(Value::as_array_mut) {
        Some(names) => names.push(CARRIER.into()),
        None => request["MessageAttributeNames"] = json!([CARRIER]),
    }
}

fn wants_group(body: &[u8]) -> bool {
    let request: Value = serde_json::from_slice(body).unwrap_or_default();
    let names = ["MessageSystemAttributeNames", "AttributeNames"].map(|list| request[list].as_array());
    names.into_iter().flatten().flatten().any(|name| matches!(name.as_str(), Some("All" | "MessageGroupId")))
}

async fn unpack(
    answer: Response<SqsResponseBody>,
    wanted: bool,
) -> Result<Response<SqsResponseBody>, SqsError> {
    let (mut parts, body) = answer.into_parts();
    let body = body.collect().await.map_err(|error| SqsError::internal_error(error.to_string()))?.to_bytes();
    let mut answer: Value = serde_json::from_slice(&body).unwrap_or_default();
    for message in answer.get_mut("Messages").and_then(Value::as_array_mut).into_iter().flatten() {
        let attributes = message.get_mut("MessageAttributes").and_then(Value::as_object_mut);
        let Some(carried) = attributes.and_then(|all| all.remove(CARRIER)) else { continue };
        // The digest covers the carrier too; without one a client has nothing to compare.
        if let Some(fields) = message.as_object_mut() {
            fields.remove("MD5OfMessageAttributes");
        }
        if wanted {
            message["Attributes"]["MessageGroupId"] = carried["StringValue"].clone();
        }
    }
    parts.headers.remove("x-amz-crc32");
    let body = serde_json::to_vec(&answer).map_or(body, Bytes::from);
    Ok(Response::from_parts(parts, SqsResponseBody::from_bytes(body)))
}
