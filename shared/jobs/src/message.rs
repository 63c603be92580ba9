//! What is sent: ids, never data.

use domain::{TaskId, TenantId};
use serde::{Deserialize, Serialize};
use store::VerifiedTenant;

const VERSION: u32 = 1;

/// A step of a task to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    version: u32,
    /// Whose task it is.
    pub tenant: TenantId,
    /// The task.
    pub task: TaskId,
    /// Which part of it.
    pub part: Part,
}

/// A part of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Take it up: cut it into shards, or do it at once.
    Plan,
    /// Compute one shard.
    Shard(u32),
    /// Merge the shards' results.
    Reduce,
}

impl Message {
    /// A message about a part of a task.
    pub fn new(tenant: TenantId, task: TaskId, part: Part) -> Self {
        Self { version: VERSION, tenant, task, part }
    }
}

/// A message that came out of our own queue, which only our own functions can write to.
#[derive(Debug, Clone, Copy)]
pub struct Received(Message);

impl Received {
    /// Parses the body of a record.
    ///
    /// # Errors
    /// When it is no message of a version that we know.
    pub(crate) fn parse(body: &str) -> Result<Self, serde_json::Error> {
        let message: Message = serde_json::from_str(body)?;
        if message.version == VERSION {
            Ok(Self(message))
        } else {
            Err(serde::de::Error::custom(format_args!("unknown version {}", message.version)))
        }
    }

    /// The message.
    pub fn message(&self) -> Message {
        self.0
    }
}

impl VerifiedTenant for Received {
    fn tenant_id(&self) -> TenantId {
        self.0.tenant
    }
}
