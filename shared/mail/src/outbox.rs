//! Where mails wait, and how they are announced.

use std::error::Error;

use aws_sdk_sqs::Client;
use domain::{TenantId, mail::Mail};
use platform::{Clock, Context, EnvError, telemetry::chain};
use store::{Store, StoreError, VerifiedTenant};

use crate::Message;

/// The most mails of one round; the rest is due in the next.
const ROUND: i32 = 100;

/// Announces mails that were written.
#[derive(Debug, Clone)]
pub struct Outbox {
    client: Client,
    url: String,
}

impl Outbox {
    /// The outbox whose queue `MAIL_QUEUE_URL` names.
    ///
    /// # Errors
    /// When the variable is missing.
    pub fn from_env(context: &Context) -> Result<Self, EnvError> {
        Ok(Self { client: Client::new(&context.aws), url: context.env.required("MAIL_QUEUE_URL")? })
    }

    /// Announces a mail. A failure is none for the caller: the mail is written, and is announced again when it is due.
    pub async fn announce(&self, tenant: &impl VerifiedTenant, mail: &Mail) {
        if let Err(error) = self.send(tenant.tenant_id(), mail).await {
            tracing::warn!(mail = %mail.id, error = chain(error.as_ref()), "a mail has to wait for maintenance");
        }
    }

    async fn send(&self, tenant: TenantId, mail: &Mail) -> Result<(), Box<dyn Error + Send + Sync>> {
        let body = serde_json::to_string(&Message::new(tenant, mail.id))?;
        // A group on a standard queue makes it fair: one tenant's flood does not starve the others.
        let message = self.client.send_message().queue_url(&self.url).message_body(body);
        message.message_group_id(tenant.to_string()).send().await?;
        Ok(())
    }
}

/// A tenant whose mail the store's own index has named.
struct Indexed(TenantId);

impl VerifiedTenant for Indexed {
    fn tenant_id(&self) -> TenantId {
        self.0
    }
}

/// Announces the mails of all tenants that nobody has sent for a while. Gives their number.
///
/// # Errors
/// When the store fails; the next round starts over.
pub async fn announce_due(store: &Store, outbox: &Outbox, clock: &Clock) -> Result<u32, StoreError> {
    let now = clock.now();
    let mut announced = 0;
    for (tenant, stored) in store.due::<Mail>(now, ROUND).await? {
        let tenant = Indexed(tenant);
        let mail = stored.entity.clone();
        match store.tenant(&tenant).replace(stored.map(|mail| mail.postpone(now))).await {
            Ok(_) => {
                outbox.announce(&tenant, &mail).await;
                announced += 1;
            }
            // It was sent after all, or another round was first.
            Err(StoreError::NotFound | StoreError::VersionMismatch(_) | StoreError::Contended) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(announced)
}
