//! What is sent over the queue: ids, never what a mail says.

use domain::{MailId, TenantId};
use serde::{Deserialize, Serialize};
use store::VerifiedTenant;

const VERSION: u32 = 1;

/// A mail waits to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    version: u32,
    /// Under which tenant it lies.
    pub tenant: TenantId,
    /// The mail.
    pub mail: MailId,
}

impl Message {
    /// A message about a mail.
    pub fn new(tenant: TenantId, mail: MailId) -> Self {
        Self { version: VERSION, tenant, mail }
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
    pub fn parse(body: &str) -> Result<Self, serde_json::Error> {
        let message: Message = serde_json::from_str(body)?;
        if message.version == VERSION {
            Ok(Self(message))
        } else {
            Err(serde::de::Error::custom(format_args!("unknown version {}", message.version)))
        }
    }

    /// The mail.
    pub fn mail(&self) -> MailId {
        self.0.mail
    }
}

impl VerifiedTenant for Received {
    fn tenant_id(&self) -> TenantId {
        self.0.tenant
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_messages_of_our_version_are_read() {
        let message = Message::new(
            "ten_01KAJ5M3S0Q5T3Y9WBQ0V6F2ZN".parse().unwrap(),
            "mai_01KAJ5M3S0Q5T3Y9WBQ0V6F2ZN".parse().unwrap(),
        );
        let body = serde_json::to_string(&message).unwrap();
        let received = Received::parse(&body).unwrap();
        assert_eq!((received.tenant_id(), received.mail()), (message.tenant, message.mail));
        assert!(Received::parse(&body.replace("\"version\":1", "\"version\":2")).is_err());
        assert!(Received::parse("{}").is_err());
    }
}
