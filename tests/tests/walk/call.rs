//! How an operation is called.

use e2e::{Answer, Client};
use serde_json::Value;

/// A call of an operation, with ids that the owner has.
pub(super) struct Call {
    /// The operation, as the description names it.
    pub(super) operation: &'static str,
    path: String,
    content: Content,
    /// What another tenant is answered.
    pub(super) foreign: Foreign,
}

enum Content {
    Nothing,
    Json(Value),
    Csv(&'static str),
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Foreign {
    /// The ids name nothing there.
    NotFound,
    /// There are no ids, or they are names that every tenant gives for itself.
    Own,
    /// There are no ids, and what is sent is refused for its own sake.
    Refused,
    /// No tenant's role is enough.
    Platform,
}

pub(super) fn not_found(operation: &'static str) -> Call {
    Call::new(operation, Foreign::NotFound)
}

pub(super) fn own(operation: &'static str) -> Call {
    Call::new(operation, Foreign::Own)
}

pub(super) fn refused(operation: &'static str) -> Call {
    Call::new(operation, Foreign::Refused)
}

pub(super) fn platform(operation: &'static str) -> Call {
    Call::new(operation, Foreign::Platform)
}

impl Call {
    fn new(operation: &'static str, foreign: Foreign) -> Self {
        let (_, path) = operation.split_once(' ').unwrap();
        Self { operation, path: path.to_owned(), content: Content::Nothing, foreign }
    }

    /// Puts an id, or a name, into the path's next gap.
    pub(super) fn at(mut self, id: &str) -> Self {
        let (begin, end) = (self.path.find('{').unwrap(), self.path.find('}').unwrap());
        self.path.replace_range(begin..=end, id);
        self
    }

    pub(super) fn query(mut self, query: &str) -> Self {
        self.path = format!("{}?{query}", self.path);
        self
    }

    pub(super) fn json(self, body: Value) -> Self {
        Self { content: Content::Json(body), ..self }
    }

    pub(super) fn csv(self, text: &'static str) -> Self {
        Self { content: Content::Csv(text), ..self }
    }

    pub(super) async fn send(&self, client: &Client) -> Answer {
        let (method, _) = self.operation.split_once(' ').unwrap();
        let request = client.request(method, &self.path);
        match &self.content {
            Content::Nothing => request.await,
            Content::Json(body) => request.json(body).await,
            Content::Csv(text) => request.body("text/csv", *text).await,
        }
    }
}
