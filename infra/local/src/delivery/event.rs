use std::collections::HashMap;

use aws_lambda_events::encodings::Base64Data;
use aws_lambda_events::sqs::{SqsEvent, SqsMessage, SqsMessageAttribute};
use aws_sdk_sqs::types::{Message, MessageAttributeValue};

use crate::services::REGION;

/// The event that Lambda makes of received messages.
pub(super) fn event<'a>(queue_arn: &str, messages: impl Iterator<Item = &'a Message>) -> SqsEvent {
    let mut event = SqsEvent::default();
    event.records = messages.map(|message| record(queue_arn, message)).collect();
    event
}

fn record(queue_arn: &str, message: &Message) -> SqsMessage {
    let mut record = SqsMessage::default();
    record.message_id.clone_from(&message.message_id);
    record.receipt_handle.clone_from(&message.receipt_handle);
    record.body.clone_from(&message.body);
    record.md5_of_body.clone_from(&message.md5_of_body);
    record.md5_of_message_attributes.clone_from(&message.md5_of_message_attributes);
    let attributes: HashMap<_, _> = message
        .attributes
        .iter()
        .flatten()
        .map(|(name, value)| (name.as_str().to_owned(), value.clone()))
        .collect();
    record.attributes = attributes;
    record.message_attributes = message
        .message_attributes
        .iter()
        .flatten()
        .map(|(name, value)| (name.clone(), attribute(value)))
        .collect();
    record.event_source = Some("aws:sqs".to_owned());
    record.event_source_arn = Some(queue_arn.to_owned());
    record.aws_region = Some(REGION.to_owned());
    record
}

fn attribute(value: &MessageAttributeValue) -> SqsMessageAttribute {
    let mut attribute = SqsMessageAttribute::default();
    attribute.data_type = Some(value.data_type.clone());
    attribute.string_value.clone_from(&value.string_value);
    attribute.binary_value = value.binary_value.as_ref().map(|blob| {
        let mut data = Base64Data::default();
        data.0 = blob.as_ref().to_vec();
        data
    });
    attribute
}
