use std::{future::IntoFuture, pin::Pin, sync::Arc};

use local::Stack;
use reqwest::{Method, RequestBuilder};
use serde_json::Value;

use crate::Answer;

/// Somebody who sends requests, with a token or without.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    base: String,
    token: Option<String>,
    stack: Option<Arc<Stack>>,
}

impl Client {
    pub(crate) fn new(http: reqwest::Client, base: String, stack: Option<Arc<Stack>>) -> Self {
        Self { http, base, token: None, stack }
    }

    /// The same client, with this access token.
    #[must_use]
    pub fn with_token(&self, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..self.clone() }
    }

    /// The same client, without a token.
    #[must_use]
    pub fn without_token(&self) -> Self {
        Self { token: None, ..self.clone() }
    }

    /// A GET.
    pub fn get(&self, path: &str) -> Request {
        self.request("GET", path)
    }

    /// A DELETE.
    pub fn delete(&self, path: &str) -> Request {
        self.request("DELETE", path)
    }

    /// A POST of a JSON document.
    pub fn post(&self, path: &str, body: &Value) -> Request {
        self.request("POST", path).json(body)
    }

    /// A PUT of a JSON document.
    pub fn put(&self, path: &str, body: &Value) -> Request {
        self.request("PUT", path).json(body)
    }

    /// Any request.
    pub fn request(&self, method: &str, path: &str) -> Request {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let builder = self.http.request(method, format!("{}{path}", self.base));
        let builder = match &self.token {
            Some(token) => builder.header("authorization", format!("Bearer {token}")),
            None => builder,
        };
        let path = path.split('?').next().unwrap_or_default().to_owned();
        Request { builder, path, _stack: self.stack.clone() }
    }
}

/// A request; awaiting it sends it.
pub struct Request {
    builder: RequestBuilder,
    path: String,
    _stack: Option<Arc<Stack>>,
}

impl Request {
    /// With this header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.builder = self.builder.header(name, value);
        self
    }

    /// With a JSON body.
    #[must_use]
    pub fn json(self, body: &Value) -> Self {
        self.body("application/json", body.to_string())
    }

    /// With a body of any kind.
    #[must_use]
    pub fn body(mut self, content_type: &str, body: impl Into<reqwest::Body>) -> Self {
        self.builder = self.builder.header("content-type", content_type).body(body);
        self
    }
}

impl IntoFuture for Request {
    type Output = Answer;
    type IntoFuture = Pin<Box<dyn Future<Output = Answer> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let response = self.builder.send().await.expect("an answer");
            Answer::read(self.path, response).await
        })
    }
}
