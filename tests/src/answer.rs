use reqwest::header::HeaderMap;
use serde_json::Value;

use crate::Problem;

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body as text.
    pub body: String,
    path: String,
}

impl Answer {
    pub(crate) async fn read(path: String, response: reqwest::Response) -> Self {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = response.text().await.expect("a body to its end");
        Self { status, headers, body, path }
    }

    /// A header's value, empty where there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }

    /// The same answer, which has this status.
    #[allow(clippy::return_self_not_must_use, reason = "often the check is all that is wanted")]
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}: {}", self.path, self.body);
        self
    }

    /// The body as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    /// The `data` of an answer with this status.
    #[track_caller]
    pub fn data(self, status: u16) -> Value {
        self.expect(status).json()["data"].take()
    }

    /// The problem document of an answer with this status.
    #[track_caller]
    pub fn problem(self, status: u16) -> Problem {
        let answer = self.expect(status);
        assert_eq!(answer.header("content-type"), "application/problem+json", "{}", answer.path);
        Problem::check(answer.json(), status, &answer.path, answer.header("x-request-id"))
    }
}
