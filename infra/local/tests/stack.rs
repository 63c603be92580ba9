//! Start and end of the whole stack.

use crate::fixtures::{API, COMPUTE, idle, start};
use local::delivery::DeliveryOptions;
use local::{BoxError, Error, Functions, Stack, StackOptions, TEMPLATE};

#[tokio::test]
async fn the_deployed_template_starts() {
    let options = StackOptions { template: TEMPLATE, ..StackOptions::default() };
    let started = Stack::start(options, async |environment| {
        let variables = environment.variables("PortfoliosFunction");
        let tables: Vec<_> = environment.template.tables.iter().map(|table| table.name.as_str()).collect();
        assert!(tables.contains(&variables["STATE_TABLE"].as_str()));
        assert!(!variables["CURSOR_SECRET"].contains("resolve"), "{variables:?}");
        assert_eq!(variables["AWS_ENDPOINT_URL_SQS"], environment.endpoints.sqs);
        let secret = &environment.variables("IdentityFunction")["SIGNING_SECRET_ARN"];
        assert_eq!(environment.secrets[secret].len(), 64);
        Ok::<_, BoxError>(Functions::new())
    })
    .await;
    assert!(matches!(started, Err(Error::NoHandler { .. })), "every route needs its function");
}

#[tokio::test]
async fn a_function_that_is_missing_is_named() {
    let options =
        StackOptions { template: include_str!("fixtures/template.yaml"), ..StackOptions::default() };
    let functions = Functions::new().http(API, axum::Router::new());
    let error = Stack::start(options, async |_| Ok::<_, BoxError>(functions)).await.err().unwrap();
    assert_eq!(
        error.to_string(),
        format!("template.yaml gives {COMPUTE} a queue, but no handler for it was registered")
    );
}

#[tokio::test]
async fn a_port_in_use_is_named() {
    let stack = start(idle(), DeliveryOptions::default()).await;
    let port = stack.base_url().rsplit(':').next().unwrap().parse().unwrap();
    let error = Stack::start(StackOptions { port, ..StackOptions::default() }, async |_| {
        Ok::<_, BoxError>(Functions::new())
    })
    .await
    .err()
    .unwrap();
    assert!(error.to_string().starts_with(&format!("127.0.0.1:{port}: ")), "{error}");
    stack.shutdown().await;
}

#[tokio::test]
async fn the_ports_are_free_after_the_end() {
    let stack = start(idle(), DeliveryOptions::default()).await;
    let (api, queue) = (stack.base_url().to_owned(), stack.endpoints().sqs.clone());
    stack.shutdown().await;
    assert!(reqwest::get(api).await.unwrap_err().is_connect());
    assert!(reqwest::get(queue).await.unwrap_err().is_connect());
}
