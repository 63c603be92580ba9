use aws_sdk_sqs::error::DisplayErrorContext;

/// Any error of a caller's own code: a function's builder, a handler.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Why the one-machine stack could not start.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A port could not be opened, or the data folder could not be used.
    #[error("{what}: {source}")]
    Io {
        /// What was tried.
        what: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// An embedded service did not come up.
    #[error("the embedded {service} did not start: {reason}")]
    Service {
        /// `DynamoDB`, `SQS` or `S3`.
        service: &'static str,
        /// What the service said.
        reason: String,
    },
    /// The template can't be understood.
    #[error("template.yaml: {0}")]
    Template(#[from] crate::template::TemplateError),
    /// A table, queue or bucket could not be created.
    #[error("{resource} could not be created: {reason}")]
    Provision {
        /// The resource's physical name.
        resource: String,
        /// What the service answered.
        reason: String,
    },
    /// The functions could not be built.
    #[error("the functions could not be built: {0}")]
    Functions(#[source] BoxError),
    /// The template wires an event to a function that has no handler for it.
    #[error("template.yaml gives {function} {event}, but no handler for it was registered")]
    NoHandler {
        /// The function's logical id.
        function: String,
        /// `a route`, `a queue` or `a schedule`.
        event: &'static str,
    },
}

impl Error {
    pub(crate) fn io(what: impl Into<String>) -> impl FnOnce(std::io::Error) -> Self {
        let what = what.into();
        move |source| Self::Io { what, source }
    }

    pub(crate) fn provision<E>(resource: &str) -> impl FnOnce(E) -> Self
    where
        E: std::error::Error,
    {
        let resource = resource.to_owned();
        move |error| Self::Provision { resource, reason: DisplayErrorContext(error).to_string() }
    }
}
