//! The tables and the bucket, seen from a tenant.
//!
//! There is no way to an item but through a [`Scope`], and no way to a tenant's scope but through a [`VerifiedTenant`].
//! Every operation is generic over [`domain::Entity`]: a new resource needs no code here.

mod attempts;
mod audit;
mod bucket;
pub mod config;
mod envelope;
mod error;
mod item;
pub mod keys;
mod ledger;
mod limit;
mod list;
mod merge;
mod payload;
mod prefixed;
mod scope;
mod set;
mod size;
mod transaction;
mod transient;
mod upload;

use aws_config::SdkConfig;
use aws_sdk_dynamodb as dynamodb;
use domain::{Entity, TenantId};
use jiff::Timestamp;
use platform::Clock;

pub use attempts::Attempts;
pub use audit::{Audited, Checkpoints, Pace, Upkeep};
pub use bucket::Bucket;
pub use config::StoreConfig;
pub use envelope::{Stored, Version};
pub use error::StoreError;
pub use limit::{Gauge, Gauges, Reading};
pub use list::{Due, Filter, Listing, Order, Page, Position};
pub use payload::PayloadError;
pub use scope::Scope;
pub use transaction::Write;
pub use transient::{Claim, HeldClaim};
pub use upload::Upload;

/// A proof that a tenant was verified: by a token's signature, or by a message from our own queue.
///
/// Implement it only for types that nothing but such a check can make.
pub trait VerifiedTenant {
    /// The tenant.
    fn tenant_id(&self) -> TenantId;
}

/// The tables of one stage.
#[derive(Debug, Clone)]
pub struct Store {
    dynamodb: dynamodb::Client,
    config: StoreConfig,
    clock: Clock,
    lines: audit::Lines,
    gauges: Gauges,
}

impl Store {
    /// A store that reaches its tables as `aws` says.
    pub fn new(aws: &SdkConfig, config: StoreConfig, clock: Clock) -> Self {
        Self {
            dynamodb: dynamodb::Client::new(aws),
            config,
            clock,
            lines: audit::Lines::default(),
            gauges: Gauges::default(),
        }
    }

    /// What belongs to a verified tenant.
    pub fn tenant(&self, tenant: &impl VerifiedTenant) -> Scope {
        Scope::new(self.clone(), keys::tenant_prefix(tenant.tenant_id()))
    }

    /// What exists before a tenant is known: addresses and sessions. Only `identity` may reach it, and its role says so.
    pub fn accounts(&self) -> Scope {
        Scope::new(self.clone(), keys::ACCOUNTS.to_owned())
    }

    /// The public keys that tokens are verified with. Everyone reads them, only `identity` writes.
    pub fn public_keys(&self) -> Scope {
        Scope::new(self.clone(), keys::PUBLIC_KEYS.to_owned())
    }

    /// Entities of all tenants that were due before `now`, the longest due first. For maintenance only.
    pub async fn due<E: Entity>(&self, now: Timestamp, limit: i32) -> Result<Due<E>, StoreError> {
        list::due(self, now, limit).await
    }

    /// Writes that happen all or not at all.
    ///
    /// # Errors
    /// What the first refused write says; `Contended` when another transaction was there first; `TooLarge` above 400 KB an
    /// item or 4 MB in all.
    pub async fn transact(&self, writes: Vec<Write>) -> Result<(), StoreError> {
        Ok(self.try_transact(writes).await?)
    }

    pub(crate) async fn try_transact(&self, writes: Vec<Write>) -> Result<(), transaction::Refusal> {
        transaction::transact(self, writes).await
    }

    /// Whether both tables answer.
    pub async fn check_tables(&self) -> Result<(), StoreError> {
        for table in [&self.config.state_table, &self.config.transient_table] {
            self.dynamodb.describe_table().table_name(table).send().await?;
        }
        Ok(())
    }
}
