//! Mails, shown as they are sent: codes, invitations, word of changes.

use local::services::SentMail;
use tokio::sync::broadcast::{Receiver, error::RecvError};

/// Shows each mail from now on.
pub async fn show(mut mails: Receiver<SentMail>) {
    loop {
        match mails.recv().await {
            Ok(SentMail { to, subject, text }) => {
                let text = text.trim_end().replace('\n', "\n  ");
                println!("\n  Mail to {to}: {subject}\n  {text}");
            }
            Err(RecvError::Lagged(missed)) => println!("\n  {missed} mails more"),
            Err(RecvError::Closed) => return std::future::pending().await,
        }
    }
}
