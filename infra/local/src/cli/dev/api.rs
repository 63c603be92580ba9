//! A client of the API.

use local::BoxError;
use reqwest::{Client, Method, RequestBuilder, StatusCode, header::CONTENT_TYPE};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// The API, with the token of who uses it.
pub struct Api {
    client: Client,
    pub base_url: String,
    pub token: String,
}

#[derive(Deserialize)]
struct Data<T> {
    data: T,
}

#[derive(Deserialize)]
struct Problem {
    detail: String,
}

/// An answer that is not the one hoped for.
#[derive(Debug, thiserror::Error)]
#[error("{request}: {status}: {detail}")]
pub struct Refused {
    request: String,
    pub status: StatusCode,
    detail: String,
}

impl Api {
    pub fn new(base_url: &str) -> Self {
        Self { client: Client::new(), base_url: base_url.to_owned(), token: String::new() }
    }

    pub async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, BoxError> {
        self.send(Method::GET, path, |request| request).await
    }

    pub async fn post<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> Result<T, BoxError> {
        self.send(Method::POST, path, |request| request.json(body)).await
    }

    pub async fn post_csv<T: DeserializeOwned>(&self, path: &str, body: &'static str) -> Result<T, BoxError> {
        self.send(Method::POST, path, |request| request.header(CONTENT_TYPE, "text/csv").body(body)).await
    }

    /// A POST that is answered with nothing.
    pub async fn post_only(&self, path: &str, body: &impl Serialize) -> Result<(), BoxError> {
        self.answer(Method::POST, path, |request| request.json(body)).await.map(|_| ())
    }

    async fn send<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        fill: impl FnOnce(RequestBuilder) -> RequestBuilder,
    ) -> Result<T, BoxError> {
        let body = self.answer(method, path, fill).await?;
        Ok(serde_json::from_slice::<Data<T>>(&body)?.data)
    }

    async fn answer(
        &self,
        method: Method,
        path: &str,
        fill: impl FnOnce(RequestBuilder) -> RequestBuilder,
    ) -> Result<Vec<u8>, BoxError> {
        let named = format!("{method} {path}");
        let mut request = self.client.request(method, format!("{}{path}", self.base_url));
        if !self.token.is_empty() {
            request = request.bearer_auth(&self.token);
        }
        let response = fill(request).send().await?;
        let status = response.status();
        let body = response.bytes().await?.to_vec();
        if status.is_success() {
            Ok(body)
        } else {
            let detail = serde_json::from_slice::<Problem>(&body)
                .map_or_else(|_| String::from_utf8_lossy(&body).into_owned(), |problem| problem.detail);
            Err(Refused { request: named, status, detail }.into())
        }
    }
}
