use std::collections::BTreeMap;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_dynamodb::config::{Credentials, SharedCredentialsProvider};
use aws_types::service_config::{LoadServiceConfig, ServiceConfigKey};

/// The region that the services pretend to be in.
pub const REGION: &str = "us-east-1";
/// The account that the services pretend to belong to.
pub const ACCOUNT: &str = "000000000000";
/// The static test credentials; the bucket checks signatures against them.
pub(super) const ACCESS_KEY: &str = "local";
pub(super) const SECRET_KEY: &str = "local-secret";

/// Where the embedded services listen.
///
/// [`Endpoints::sdk_config`] resolves an endpoint a service, as `AWS_ENDPOINT_URL_*` does, so that a function builds its
/// clients from it exactly as it does in the cloud.
#[derive(Clone, Debug)]
pub struct Endpoints {
    /// The URL of the DynamoDB-compatible store.
    pub dynamodb: String,
    /// The URL of the queue.
    pub sqs: String,
    /// The URL of the bucket.
    pub s3: String,
    /// The URL that mails are sent to; its `/outbox` shows them.
    pub ses: String,
    sdk: SdkConfig,
}

impl Endpoints {
    pub(super) fn new(dynamodb: String, sqs: String, s3: String, ses: String) -> Self {
        let urls = Urls(BTreeMap::from([
            ("DynamoDB", dynamodb.clone()),
            ("SQS", sqs.clone()),
            ("S3", s3.clone()),
            ("SESv2", ses.clone()),
        ]));
        let credentials = Credentials::new(ACCESS_KEY, SECRET_KEY, None, None, "local");
        let sdk = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::from_static(REGION))
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            // Shared by all clients, and without TLS: reading the system's roots takes longer than the whole start.
            .http_client(aws_smithy_http_client::Builder::new().build_http())
            .service_config(urls)
            .build();
        Self { dynamodb, sqs, s3, ses, sdk }
    }

    /// The configuration to build any SDK client from: `aws_sdk_sqs::Client::new(endpoints.sdk_config())`.
    pub fn sdk_config(&self) -> &SdkConfig {
        &self.sdk
    }

    /// A client of the store.
    pub fn dynamodb_client(&self) -> aws_sdk_dynamodb::Client {
        aws_sdk_dynamodb::Client::new(&self.sdk)
    }

    /// A client of the queue.
    pub fn sqs_client(&self) -> aws_sdk_sqs::Client {
        aws_sdk_sqs::Client::new(&self.sdk)
    }

    /// A client of the bucket.
    pub fn s3_client(&self) -> aws_sdk_s3::Client {
        let config = aws_sdk_s3::config::Builder::from(&self.sdk).force_path_style(true).build();
        aws_sdk_s3::Client::from_conf(config)
    }

    /// The same as settings, for a process of its own: `AWS_ENDPOINT_URL_*`, region and credentials.
    pub fn variables(&self) -> BTreeMap<String, String> {
        [
            ("AWS_ENDPOINT_URL_DYNAMODB", self.dynamodb.as_str()),
            ("AWS_ENDPOINT_URL_SQS", &self.sqs),
            ("AWS_ENDPOINT_URL_S3", &self.s3),
            ("AWS_ENDPOINT_URL_SESV2", &self.ses),
            ("AWS_REGION", REGION),
            ("AWS_DEFAULT_REGION", REGION),
            ("AWS_ACCESS_KEY_ID", ACCESS_KEY),
            ("AWS_SECRET_ACCESS_KEY", SECRET_KEY),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into()
    }
}

/// An endpoint for each service id.
#[derive(Debug)]
struct Urls(BTreeMap<&'static str, String>);

impl LoadServiceConfig for Urls {
    fn load_config(&self, key: ServiceConfigKey<'_>) -> Option<String> {
        (key.env() == "AWS_ENDPOINT_URL").then(|| self.0.get(key.service_id()).cloned()).flatten()
    }
}
