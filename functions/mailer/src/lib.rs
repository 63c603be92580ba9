//! Sends the mails that others have written, through Amazon SES.
//!
//! A mail is deleted once SES has taken it. When the function dies in between, the mail is sent twice; it is never lost.

use aws_lambda_events::sqs::{BatchItemFailure, SqsBatchResponse, SqsEvent};
use aws_sdk_sesv2::{
    Client,
    error::{BuildError, SdkError},
    operation::send_email::SendEmailError,
    types::{Body, Content, Destination, EmailContent, Message},
};
use domain::mail::Mail;
use mail::Received;
use platform::{Clock, Context, EnvError, telemetry::chain};
use store::{Scope, Store, StoreConfig, StoreError, Stored};

/// Why a mail was not sent.
#[derive(Debug, thiserror::Error)]
enum MailError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the mail can't be written")]
    Build(#[from] BuildError),
    #[error("SES does not take the mail")]
    Refused(#[source] Box<dyn std::error::Error + Send + Sync>),
    #[error("SES takes no mails at the moment")]
    Unsent(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl<R: std::fmt::Debug + Send + Sync + 'static> From<SdkError<SendEmailError, R>> for MailError {
    /// Only what is said about this very mail is a refusal. An account that is held up, or a domain that is not proven, is so
    /// for all mails, and they are to go when that is mended.
    fn from(error: SdkError<SendEmailError, R>) -> Self {
        use SendEmailError::{BadRequestException, MessageRejected};
        match error.as_service_error() {
            Some(BadRequestException(_) | MessageRejected(_)) => Self::Refused(error.into()),
            _ => Self::Unsent(error.into()),
        }
    }
}

/// The function.
#[derive(Debug, Clone)]
pub struct Mailer {
    store: Store,
    ses: Client,
    clock: Clock,
    from: String,
}

impl Mailer {
    /// The function, as the context says: `MAIL_FROM` is the sender.
    ///
    /// # Errors
    /// Names the variable that is missing.
    pub fn new(context: &Context) -> Result<Self, EnvError> {
        Ok(Self {
            store: Store::new(&context.aws, StoreConfig::from_env(&context.env)?, context.clock.clone()),
            ses: Client::new(&context.aws),
            clock: context.clock.clone(),
            from: context.env.required("MAIL_FROM")?,
        })
    }

    /// Sends the mails of a batch, each on its own. Those that SES does not take come again.
    pub async fn handle(&self, event: SqsEvent) -> SqsBatchResponse {
        let mut response = SqsBatchResponse::default();
        for record in event.records {
            let id = record.message_id.unwrap_or_default();
            let failed = match Received::parse(record.body.as_deref().unwrap_or_default()) {
                Ok(received) => self.deliver(received).await.err(),
                Err(error) => {
                    // It can't become a message by coming again.
                    tracing::error!(message_id = id, %error, "a record is no message");
                    None
                }
            };
            if let Some(error) = failed {
                tracing::error!(message_id = id, error = chain(&error), "a mail was not sent");
                let mut failure = BatchItemFailure::default();
                failure.item_identifier = id;
                response.batch_item_failures.push(failure);
            }
        }
        response
    }

    async fn deliver(&self, received: Received) -> Result<(), MailError> {
        let scope = self.store.tenant(&received);
        let Some(mail) = scope.find::<Mail>(&received.mail()).await? else { return Ok(()) };
        match self.send(&mail.entity).await {
            Ok(()) => {}
            Err(error @ MailError::Refused(_)) => {
                self.note_refusal(&scope, mail).await?;
                return Err(error);
            }
            Err(error) => return Err(error),
        }
        match scope.delete::<Mail>(&received.mail(), None).await {
            // Another delivery of the same message was there first.
            Ok(()) | Err(StoreError::NotFound) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Counts a refusal, so that a mail that SES never takes is not taken up for ever.
    async fn note_refusal(&self, scope: &Scope, mail: Stored<Mail>) -> Result<(), StoreError> {
        let now = self.clock.now();
        match scope.replace(mail.map(|mail| mail.refused(now))).await {
            // Another delivery has counted, or sent it after all.
            Ok(_) | Err(StoreError::VersionMismatch(_) | StoreError::NotFound | StoreError::Contended) => {
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    async fn send(&self, mail: &Mail) -> Result<(), MailError> {
        // Written where an address has no account; there is nobody to send it to.
        let Some(to) = &mail.to else { return Ok(()) };
        let text = |text: &str| Content::builder().data(text).charset("UTF-8").build();
        let body = Body::builder().text(text(&mail.text)?).build();
        let message = Message::builder().subject(text(&mail.subject)?).body(body).build();
        self.ses
            .send_email()
            .from_email_address(&self.from)
            .destination(Destination::builder().to_addresses(to).build())
            .content(EmailContent::builder().simple(message).build())
            .send()
            .await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use aws_sdk_sesv2::types::error::{
        AccountSuspendedException, MessageRejected, SendingPausedException, TooManyRequestsException,
    };

    use super::*;

    fn is_refusal(error: SendEmailError) -> bool {
        matches!(MailError::from(SdkError::service_error(error, ())), MailError::Refused(_))
    }

    #[test]
    fn only_what_is_said_of_the_mail_itself_counts_against_it() {
        assert!(is_refusal(SendEmailError::MessageRejected(MessageRejected::builder().build())));
        for passing in [
            SendEmailError::TooManyRequestsException(TooManyRequestsException::builder().build()),
            SendEmailError::SendingPausedException(SendingPausedException::builder().build()),
            SendEmailError::AccountSuspendedException(AccountSuspendedException::builder().build()),
        ] {
            assert!(!is_refusal(passing));
        }
    }
}
