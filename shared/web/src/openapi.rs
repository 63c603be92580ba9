//! The API's description: what all operations share is added here, once.

use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        Content, ObjectBuilder, OpenApi, RefOr, Response, ResponseBuilder,
        path::{Operation, ParameterBuilder, ParameterIn},
        schema::{Ref, Schema, Type},
        security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme},
    },
};

use crate::Problem;

/// The name of the security scheme that protected operations name.
pub const BEARER: &str = "bearer";

/// The name of the scheme for programs.
pub const API_KEY: &str = "api_key";

/// Adds the security schemes and, to every operation, what the layers around it take and the problem documents that it may
/// answer with.
pub fn complete(api: &mut OpenApi) {
    let components = api.components.get_or_insert_default();
    let mut schemas: Vec<(String, RefOr<Schema>)> = vec![(Problem::name().into_owned(), Problem::schema())];
    Problem::schemas(&mut schemas);
    components.schemas.extend(schemas);
    let scheme =
        SecurityScheme::Http(Http::builder().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build());
    components.add_security_scheme(BEARER, scheme);
    let description = "An API key, as `Authorization: Bearer blst_…` or here.";
    let key = SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::with_description("X-Api-Key", description)));
    components.add_security_scheme(API_KEY, key);
    for (path, item) in &mut api.paths.paths {
        let named = path.contains('{');
        if let Some(post) = item.post.as_mut().filter(|post| post.security.is_some()) {
            describe_repeats(post);
        }
        for operation in [&mut item.get, &mut item.post, &mut item.put, &mut item.delete]
            .into_iter()
            .filter_map(Option::as_mut)
        {
            describe_problems(operation, named);
        }
    }
}

/// What the idempotency layer adds to every POST of somebody who is known.
fn describe_repeats(post: &mut Operation) {
    let key = ParameterBuilder::new()
        .name("Idempotency-Key")
        .parameter_in(ParameterIn::Header)
        .description(Some(
            "1 to 255 visible characters. The same key and body get the first answer again, and do nothing twice.",
        ))
        .schema(Some(ObjectBuilder::new().schema_type(Type::String).min_length(Some(1)).max_length(Some(255))))
        .build();
    post.parameters.get_or_insert_default().push(RefOr::T(key));
    let in_progress =
        "A request with this Idempotency-Key is in progress, or was carried out and its answer lost.";
    post.responses
        .responses
        .entry("409".to_owned())
        .or_insert_with(|| RefOr::T(ResponseBuilder::new().description(in_progress).build()));
}

fn describe_problems(operation: &mut Operation, named: bool) {
    let secured = operation.security.is_some();
    let has_body = operation.request_body.is_some();
    let common = [
        (true, "500", "Something went wrong on our side."),
        (true, "429", "Too many requests; `Retry-After` says when to try again."),
        (true, "503", "A part of ours does not answer at the moment; `Retry-After` says when to try again."),
        (secured, "401", "No valid access token or API key, or its session is over."),
        (secured, "403", "The user's roles, or the API key, permit too little."),
        (named, "404", "There is nothing under this address, or it is another tenant's."),
        (has_body, "400", "The body is empty or can't be read."),
        (has_body, "413", "The body is larger than 6 MB."),
        (has_body, "415", "The body's content type is not one that is taken."),
        (has_body, "422", "Fields that can't be taken; `errors` names each."),
    ];
    for (applies, status, description) in common {
        if applies {
            let problem = || RefOr::T(problem(description));
            operation.responses.responses.entry(status.to_owned()).or_insert_with(problem);
        }
    }
    for response in operation.responses.responses.iter_mut().filter(|(status, _)| status.as_str() >= "400") {
        if let RefOr::T(response) = response.1
            && response.content.is_empty()
        {
            response.content.insert("application/problem+json".to_owned(), RefOr::T(problem_content()));
        }
    }
}

fn problem(description: &str) -> Response {
    ResponseBuilder::new()
        .description(description)
        .content("application/problem+json", problem_content())
        .build()
}

fn problem_content() -> Content {
    Content::new(Some(RefOr::Ref(Ref::from_schema_name("Problem"))))
}
