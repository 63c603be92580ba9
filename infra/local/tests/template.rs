//! The template's parser, on a template with every form that it must understand.

use std::collections::BTreeMap;
use std::time::Duration;

use local::template::{KeyType, Rate, Route, Settings, Template, TemplateError};

fn settings() -> Settings {
    Settings { stack: "test".into(), sqs: "http://127.0.0.1:1".into(), parameters: BTreeMap::new() }
}

fn fixture() -> Template {
    Template::parse(include_str!("fixtures/template.yaml"), &settings()).unwrap()
}

#[test]
fn functions_have_their_events_and_settings() {
    let template = fixture();
    let function = |id: &str| template.functions.iter().find(|function| function.id == id).unwrap();
    let portfolios = function("PortfoliosFunction");
    assert_eq!(portfolios.timeout, Duration::from_secs(15));
    assert_eq!(portfolios.memory, 256);
    assert_eq!(portfolios.routes.len(), 4);
    assert!(
        portfolios.routes.contains(&Route { method: "GET".into(), path: "/api/v1/portfolios/{id}".into() })
    );
    let expected = [
        ("DATA_BUCKET", "test-databucket"),
        ("JOINED", "a-dev"),
        ("LABEL", "test/dev/test-RiskCalculationsQueue/${Kept}"),
        ("LOG_LEVEL", "info"),
        ("NUMBER", "7"),
        ("RISK_QUEUE_ARN", "arn:aws:sqs:us-east-1:000000000000:test-RiskCalculationsQueue"),
        ("RISK_QUEUE_URL", "http://127.0.0.1:1/000000000000/test-RiskCalculationsQueue"),
        ("STATE_TABLE", "test-StateTable"),
    ];
    let variables: Vec<_> =
        portfolios.variables.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(variables, expected);

    let compute = function("ComputeRiskFunction");
    assert_eq!((compute.timeout, compute.memory), (Duration::from_secs(150), 1769));
    let [source] = compute.queues.as_slice() else { panic!("one queue") };
    assert_eq!((source.batch_size, source.concurrency, source.partial), (1, Some(8), true));
    assert_eq!(template.queue(&source.queue).unwrap().name, "test-RiskCalculationsQueue");

    let maintenance = function("MaintenanceFunction");
    assert_eq!(maintenance.queues[0].batch_size, 10);
    assert_eq!(template.queue(&maintenance.queues[0].queue).unwrap().name, "test-risk-dead");
    assert_eq!(maintenance.schedules[0].rate, Rate(Duration::from_mins(1)));
}

#[test]
fn resources_have_their_shape() {
    let template = fixture();
    let names: Vec<_> = template.queues.iter().map(|queue| queue.name.as_str()).collect();
    assert_eq!(
        names,
        ["test-risk-dead", "test-RiskCalculationsQueue"],
        "dead letters first, production left out"
    );
    let queue = &template.queues[1];
    assert_eq!(queue.visibility_timeout, Duration::from_mins(15));
    let redrive = queue.redrive.as_ref().unwrap();
    assert_eq!((redrive.target.as_str(), redrive.max_receive_count), (template.queues[0].arn.as_str(), 3));

    let state = template.tables.iter().find(|table| table.name == "test-StateTable").unwrap();
    assert_eq!(state.keys.iter().map(|key| key.role).collect::<Vec<_>>(), [KeyType::Hash, KeyType::Range]);
    assert_eq!((state.indexes[0].name.as_str(), state.indexes[0].projection.as_str()), ("gsi1", "ALL"));
    assert_eq!(state.ttl.as_deref(), Some("expires_at"));
    assert_eq!(template.buckets[0].name, "test-databucket");
}

#[test]
fn parameters_can_be_given() {
    let mut settings = settings();
    settings.parameters.insert("ComputeConcurrency".into(), "2".into());
    let template = Template::parse(include_str!("fixtures/template.yaml"), &settings).unwrap();
    let compute = template.functions.iter().find(|function| function.id == "ComputeRiskFunction").unwrap();
    assert_eq!(compute.queues[0].concurrency, Some(2));
}

#[test]
fn mistakes_are_named() {
    let function = |properties: &str| {
        let text =
            format!("Resources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties: {properties}");
        Template::parse(&text, &settings()).unwrap_err()
    };
    assert!(matches!(function("{Timeout: !Ref Nobody}"), TemplateError::Undefined(name) if name == "Nobody"));
    assert!(
        matches!(function("{Timeout: !Cidr [a, b]}"), TemplateError::Unsupported(name) if name == "Cidr")
    );
    let unknown = function(
        "{Events: {Clock: {Type: ScheduleV2, Properties: {ScheduleExpression: cron(0 * * * ? *)}}}}",
    );
    assert_eq!(unknown.to_string(), "F.Events.Clock: cron(0 * * * ? *) is not a rate");
}
