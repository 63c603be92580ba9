//! The embedded services, through the real SDK clients: what Ballast relies on.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use aws_sdk_dynamodb::types::{
    AttributeValue, Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update,
};
use aws_sdk_sqs::types::{MessageSystemAttributeName, SendMessageBatchRequestEntry};
use local::provision::provision;
use local::services::Services;
use local::template::{Settings, Template};

use crate::fixtures::Provisioned;

fn s(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}

fn n(value: u64) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

#[tokio::test]
async fn provisioning_twice_changes_nothing() {
    let Provisioned { services, template } = Provisioned::start().await;
    provision(&template, services.endpoints()).await.unwrap();
    services.shutdown().await;
}

#[tokio::test]
async fn a_conditional_put_fails_with_the_old_item() {
    let Provisioned { services, .. } = Provisioned::start().await;
    let client = services.endpoints().dynamodb_client();
    let put = || {
        client
            .put_item()
            .table_name("test-StateTable")
            .item("pk", s("A"))
            .item("sk", s("1"))
            .item("version", n(1))
            .condition_expression("attribute_not_exists(pk)")
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
    };
    put().send().await.unwrap();
    let error = put().send().await.unwrap_err().into_service_error();
    let aws_sdk_dynamodb::operation::put_item::PutItemError::ConditionalCheckFailedException(failed) = error
    else {
        panic!("{error:?}")
    };
    assert_eq!(failed.item.unwrap()["version"], n(1));
}

#[tokio::test]
async fn a_transaction_is_whole_and_tells_why_it_failed() {
    let Provisioned { services, .. } = Provisioned::start().await;
    let client = services.endpoints().dynamodb_client();
    let put = |sk: &str| {
        let put = Put::builder()
            .table_name("test-StateTable")
            .item("pk", s("T"))
            .item("sk", s(sk))
            .condition_expression("attribute_not_exists(pk)")
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        TransactWriteItem::builder().put(put.build().unwrap()).build()
    };
    client.transact_write_items().transact_items(put("1")).send().await.unwrap();
    let error = client
        .transact_write_items()
        .transact_items(put("0"))
        .transact_items(put("1"))
        .send()
        .await
        .unwrap_err();
    let error = error.into_service_error();
    let aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError::TransactionCanceledException(
        cancelled,
    ) = error
    else {
        panic!("{error:?}")
    };
    let reasons = cancelled.cancellation_reasons();
    assert_eq!(reasons[0].code(), Some("None"));
    assert_eq!(reasons[1].code(), Some("ConditionalCheckFailed"));
    assert_eq!(reasons[1].item().unwrap()["sk"], s("1"), "the old item, as asked for");
    let written = client.query().table_name("test-StateTable").key_condition_expression("pk = :pk");
    let written = written.expression_attribute_values(":pk", s("T")).send().await.unwrap();
    assert_eq!(written.count(), 1, "nothing of the second");
}

#[tokio::test]
async fn one_of_many_concurrent_conditional_writes_wins() {
    let Provisioned { services, .. } = Provisioned::start().await;
    let client = services.endpoints().dynamodb_client();
    let claims = (0..64).map(|worker| {
        let client = client.clone();
        tokio::spawn(async move {
            client
                .update_item()
                .table_name("test-StateTable")
                .key("pk", s("job"))
                .key("sk", s("1"))
                .update_expression("SET holder = :worker")
                .condition_expression("attribute_not_exists(holder)")
                .expression_attribute_values(":worker", n(worker))
                .send()
                .await
                .is_ok()
        })
    });
    let mut winners = 0;
    for claim in claims.collect::<Vec<_>>() {
        winners += usize::from(claim.await.unwrap());
    }
    assert_eq!(winners, 1);
}

#[tokio::test]
async fn numbers_are_added_to_a_set_once() {
    let Provisioned { services, .. } = Provisioned::start().await;
    let client = services.endpoints().dynamodb_client();
    let add = |index: u64| {
        client
            .update_item()
            .table_name("test-StateTable")
            .key("pk", s("job"))
            .key("sk", s("1"))
            .update_expression("ADD done :index")
            .expression_attribute_values(":index", AttributeValue::Ns(vec![index.to_string()]))
            .return_values(aws_sdk_dynamodb::types::ReturnValue::AllNew)
            .send()
    };
    let (a, b, c) = tokio::join!(add(0), add(1), add(1));
    assert!(a.is_ok() && b.is_ok() && c.is_ok());
    let item = add(0).await.unwrap().attributes.unwrap();
    let mut done = item["done"].as_ns().unwrap().clone();
    done.sort();
    assert_eq!(done, ["0", "1"]);
    let complete = Update::builder()
        .table_name("test-StateTable")
        .key("pk", s("job"))
        .key("sk", s("1"))
        .update_expression("SET reducing = :yes")
        .condition_expression("size(done) = :total AND attribute_not_exists(reducing)")
        .expression_attribute_values(":yes", AttributeValue::Bool(true))
        .expression_attribute_values(":total", n(2))
        .build()
        .unwrap();
    let flip = TransactWriteItem::builder().update(complete).build();
    client.transact_write_items().transact_items(flip.clone()).send().await.unwrap();
    assert!(client.transact_write_items().transact_items(flip).send().await.is_err(), "flips once");
}

#[tokio::test]
async fn an_index_is_sparse_and_pages() {
    let Provisioned { services, .. } = Provisioned::start().await;
    let client = services.endpoints().dynamodb_client();
    for index in 0..5_u64 {
        let put = client
            .put_item()
            .table_name("test-StateTable")
            .item("pk", s("P"))
            .item("sk", s(&index.to_string()));
        let put = if index == 2 {
            put
        } else {
            put.item("gsi1pk", s("all")).item("gsi1sk", s(&format!("{}", 9 - index)))
        };
        put.send().await.unwrap();
    }
    let page = |start| {
        client
            .query()
            .table_name("test-StateTable")
            .index_name("gsi1")
            .key_condition_expression("gsi1pk = :all")
            .expression_attribute_values(":all", s("all"))
            .limit(3)
            .set_exclusive_start_key(start)
            .send()
    };
    let first = page(None).await.unwrap();
    let second = page(first.last_evaluated_key.clone()).await.unwrap();
    let keys: Vec<_> =
        first.items().iter().chain(second.items()).map(|item| item["sk"].as_s().unwrap().as_str()).collect();
    assert_eq!(keys, ["4", "3", "1", "0"]);
    assert!(second.last_evaluated_key.is_none());
}

#[tokio::test]
async fn a_standard_queue_takes_message_groups() {
    let Provisioned { services, template } = Provisioned::start().await;
    let client = services.endpoints().sqs_client();
    let url = &template.queues[1].url;
    client
        .send_message()
        .queue_url(url)
        .message_body("one")
        .message_group_id("tenant-1")
        .send()
        .await
        .unwrap();
    let entry = |id: &str| {
        SendMessageBatchRequestEntry::builder()
            .id(id)
            .message_body(id)
            .message_group_id("tenant-2")
            .build()
            .unwrap()
    };
    let sent = client.send_message_batch().queue_url(url).entries(entry("two")).entries(entry("three"));
    let sent = sent.send().await.unwrap();
    assert_eq!((sent.successful().len(), sent.failed().len()), (2, 0));
    let mut groups = HashMap::new();
    while groups.len() < 3 {
        let received = client
            .receive_message()
            .queue_url(url)
            .max_number_of_messages(10)
            .message_system_attribute_names(MessageSystemAttributeName::All)
            .send()
            .await
            .unwrap();
        for message in received.messages() {
            assert!(message.message_attributes().is_none_or(HashMap::is_empty));
            let group = &message.attributes().unwrap()[&MessageSystemAttributeName::MessageGroupId];
            groups.insert(message.body().unwrap().to_owned(), group.clone());
        }
    }
    assert_eq!(
        (groups["one"].as_str(), groups["two"].as_str(), groups["three"].as_str()),
        ("tenant-1", "tenant-2", "tenant-2")
    );
}

#[tokio::test]
async fn a_message_received_too_often_becomes_a_dead_letter() {
    let Provisioned { services, template } = Provisioned::start().await;
    let client = services.endpoints().sqs_client();
    let [dead, risk] = template.queues.as_slice() else { panic!("two queues") };
    client
        .send_message()
        .queue_url(&risk.url)
        .message_body("poison")
        .message_group_id("t")
        .send()
        .await
        .unwrap();
    for count in 1..=3 {
        let received = client
            .receive_message()
            .queue_url(&risk.url)
            .visibility_timeout(0)
            .message_system_attribute_names(MessageSystemAttributeName::All)
            .send()
            .await
            .unwrap();
        let attributes = received.messages()[0].attributes().unwrap();
        assert_eq!(attributes[&MessageSystemAttributeName::ApproximateReceiveCount], count.to_string());
    }
    let none = client.receive_message().queue_url(&risk.url).send().await.unwrap();
    assert!(none.messages().is_empty());
    let received = client
        .receive_message()
        .queue_url(&dead.url)
        .wait_time_seconds(5)
        .message_system_attribute_names(MessageSystemAttributeName::All)
        .send()
        .await
        .unwrap();
    let letter = &received.messages()[0];
    assert_eq!(letter.body(), Some("poison"));
    let attributes = letter.attributes().unwrap();
    assert_eq!(attributes[&MessageSystemAttributeName::DeadLetterQueueSourceArn], risk.arn);
    assert_eq!(attributes[&MessageSystemAttributeName::MessageGroupId], "t");
}

#[tokio::test]
async fn a_bucket_keeps_objects_and_signs_urls() {
    let Provisioned { services, template } = Provisioned::start().await;
    let client = services.endpoints().s3_client();
    // A function builds its client from the same configuration, without a word about path styles.
    let plain = aws_sdk_s3::Client::new(services.endpoints().sdk_config());
    let bucket = &template.buckets[0].name;
    client.put_object().bucket(bucket).key("tenant/1").body(b"data".to_vec().into()).send().await.unwrap();
    let got = plain.get_object().bucket(bucket).key("tenant/1").send().await.unwrap();
    assert_eq!(got.body.collect().await.unwrap().into_bytes().as_ref(), b"data");
    plain.head_bucket().bucket(bucket).send().await.unwrap();
    let missing = plain.get_object().bucket(bucket).key("tenant/2").send().await.unwrap_err();
    assert!(missing.into_service_error().is_no_such_key());
    let again =
        plain.put_object().bucket(bucket).key("tenant/1").if_none_match("*").body(b"x".to_vec().into());
    let refused = again.send().await.unwrap_err().into_service_error();
    assert_eq!(refused.meta().code(), Some("PreconditionFailed"));
    let config = aws_sdk_s3::presigning::PresigningConfig::expires_in(Duration::from_mins(1)).unwrap();
    let url = plain.get_object().bucket(bucket).key("tenant/1").presigned(config).await.unwrap();
    let answer = reqwest::get(url.uri()).await.unwrap();
    assert_eq!(answer.text().await.unwrap(), "data");
    let unsigned = reqwest::get(url.uri().split('?').next().unwrap()).await.unwrap();
    assert_eq!(unsigned.status(), 403, "{:?}", unsigned.text().await);
}

#[tokio::test]
async fn a_folder_keeps_tables_and_buckets() {
    let folder = tempfile::tempdir().unwrap();
    let template = |services: &Services| {
        let settings = Settings {
            stack: "test".into(),
            sqs: services.endpoints().sqs.clone(),
            parameters: BTreeMap::new(),
        };
        Template::parse(include_str!("fixtures/template.yaml"), &settings).unwrap()
    };
    for round in 0..2 {
        let services = Services::start(Some(folder.path())).await.unwrap();
        provision(&template(&services), services.endpoints()).await.unwrap();
        let (tables, bucket) = (services.endpoints().dynamodb_client(), services.endpoints().s3_client());
        if round == 0 {
            tables.put_item().table_name("transient").item("pk", s("kept")).send().await.unwrap();
            let object = bucket.put_object().bucket("test-databucket").key("kept");
            object.body(b"yes".to_vec().into()).send().await.unwrap();
        } else {
            let item = tables.get_item().table_name("transient").key("pk", s("kept")).send().await.unwrap();
            assert!(item.item.is_some());
            bucket.head_object().bucket("test-databucket").key("kept").send().await.unwrap();
        }
        services.shutdown().await;
    }
}
