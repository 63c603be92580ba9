//! The API's description, template.yaml and the routers say the same.

use std::collections::{BTreeMap, BTreeSet};

use local::ballast::{self, Overrides};
use local::template::{Settings, Template};
use local::{StackOptions, TEMPLATE};
use reqwest::{Client, Method, StatusCode};
use serde_json::Value;

const COMMITTED: &str = include_str!("../../../functions/system/openapi.json");

/// A method and a path.
type Route = (String, String);

fn template() -> Template {
    let settings = Settings { stack: "test".into(), sqs: "http://sqs".into(), parameters: BTreeMap::new() };
    Template::parse(TEMPLATE, &settings).unwrap()
}

/// What the template gives each function with routes.
fn deployed() -> BTreeMap<String, BTreeSet<Route>> {
    let functions = template().functions.into_iter().filter(|function| !function.routes.is_empty());
    functions
        .map(|function| {
            let routes = function.routes.into_iter().map(|route| (route.method, route.path));
            (function.id, routes.collect())
        })
        .collect()
}

/// The operations of a description.
fn operations(api: &Value) -> Vec<(Route, &Value)> {
    let paths = api["paths"].as_object().unwrap();
    let methods = |(path, item): (&String, &'_ Value)| {
        let path = path.clone();
        let item = item.as_object().unwrap().clone();
        item.into_iter().map(move |(method, _)| (method, path.clone())).collect::<Vec<_>>()
    };
    let routes = paths.iter().flat_map(methods);
    routes.map(|(method, path)| ((method.to_uppercase(), path.clone()), &paths[&path][&method])).collect()
}

fn routes(api: &Value) -> BTreeSet<Route> {
    operations(api).into_iter().map(|(route, _)| route).collect()
}

fn description() -> Value {
    serde_json::to_value(ballast::description().unwrap()).unwrap()
}

#[test]
fn the_committed_description_is_the_present_one() {
    assert!(
        ballast::document().unwrap() == COMMITTED,
        "functions/system/openapi.json is stale: run `make openapi`"
    );
}

#[test]
fn each_function_has_the_routes_that_the_template_gives_it() {
    // utoipa-axum makes router and description from one list, so that the description stands for the router.
    let described: BTreeMap<_, _> = ballast::descriptions()
        .into_iter()
        .map(|(function, api)| (function.to_owned(), routes(&serde_json::to_value(api).unwrap())))
        .collect();
    assert_eq!(described, deployed());
    let all: BTreeSet<_> = described.into_values().flatten().collect();
    assert_eq!(routes(&description()), all, "the description of all is that of each");
}

#[tokio::test]
async fn every_route_is_answered() {
    let options = StackOptions::default();
    let stack = ballast::start(options, Overrides::new()).await.unwrap();
    let api = description();
    let client = Client::new();
    for ((method, path), operation) in operations(&api) {
        let url = format!("{}{}", stack.base_url(), with_examples(&path, operation));
        let request = client.request(method.parse::<Method>().unwrap(), url);
        let status = request.send().await.unwrap().status();
        let known = ![StatusCode::NOT_FOUND, StatusCode::METHOD_NOT_ALLOWED].contains(&status);
        assert!(known && !status.is_server_error(), "{method} {path} answers {status}");
        if operation.get("security").is_some() {
            assert_eq!(status, StatusCode::UNAUTHORIZED, "{method} {path}");
        }
    }
    stack.shutdown().await;
}

/// The path with an example of each of its parameters.
fn with_examples(path: &str, operation: &Value) -> String {
    let parameters = operation["parameters"].as_array().map(Vec::as_slice).unwrap_or_default();
    parameters.iter().filter(|parameter| parameter["in"] == "path").fold(
        path.to_owned(),
        |path, parameter| {
            let example = parameter["example"].as_str().unwrap_or("x");
            path.replace(&format!("{{{}}}", parameter["name"].as_str().unwrap()), example)
        },
    )
}

#[test]
fn every_operation_is_described_in_full() {
    let api = description();
    assert_eq!(api["openapi"].as_str().map(|version| &version[..3]), Some("3.1"));
    let tags: Vec<_> = api["tags"].as_array().unwrap().iter().map(|tag| &tag["name"]).collect();
    let mut ids = BTreeSet::new();
    for ((method, path), operation) in operations(&api) {
        let at = format!("{method} {path}");
        let id = operation["operationId"].as_str().unwrap_or_else(|| panic!("{at} has no operationId"));
        assert!(ids.insert(id.to_owned()), "{at}: {id} is the operationId of another one too");
        let own = operation["tags"].as_array().unwrap();
        assert!(own.len() == 1 && tags.contains(&&own[0]), "{at} has the tags {own:?}");
        assert!(operation["summary"].as_str().is_some_and(|text| !text.is_empty()), "{at} has no summary");
        for (status, response) in operation["responses"].as_object().unwrap() {
            assert!(!response["description"].as_str().unwrap().is_empty(), "{at} {status}");
            let problem = response["content"].get("application/problem+json").is_some();
            let degraded = path == "/api/v1/status";
            assert!(status.as_str() < "400" || problem || degraded, "{at} {status} is no problem document");
        }
        for wanted in if operation.get("security").is_some() { &["401", "403", "500"][..] } else { &["500"] }
        {
            assert!(operation["responses"].get(wanted).is_some(), "{at} doesn't tell of {wanted}");
        }
    }
}

#[test]
fn what_the_gateway_answers_by_itself_protects_browsers_and_can_be_read_by_them() {
    let (_, part) = TEMPLATE.split_once("      GatewayResponses:\n").unwrap();
    let (part, _) = part.split_once("\n  ApiLogs:").unwrap();
    let responses = part.matches("ResponseTemplates:").count();
    for header in [
        "Access-Control-Allow-Origin: !Sub \"'${AllowedOrigin}'\"",
        "Strict-Transport-Security: ",
        "X-Content-Type-Options: \"'nosniff'\"",
        "X-Request-Id: ",
    ] {
        assert_eq!(part.matches(header).count(), responses, "{header}");
    }
}

#[test]
fn every_reference_leads_somewhere() {
    let api = description();
    let mut waiting = vec![&api];
    while let Some(value) = waiting.pop() {
        match value {
            Value::Object(fields) => {
                if let Some(reference) = fields.get("$ref").and_then(Value::as_str) {
                    let pointer = reference.strip_prefix('#').unwrap();
                    assert!(api.pointer(pointer).is_some(), "{reference} leads nowhere");
                }
                waiting.extend(fields.values());
            }
            Value::Array(items) => waiting.extend(items),
            _ => {}
        }
    }
}
