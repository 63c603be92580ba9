//! Mails: written in the transaction of what they tell of, announced on a queue, sent by a function of their own.
//!
//! A request that mails somebody does the same work as one that mails nobody, and never waits for a mail to be sent. When
//! the announcement is lost, maintenance finds the mail due and announces it again.

mod message;
mod outbox;

pub use message::{Message, Received};
pub use outbox::{Outbox, announce_due};
