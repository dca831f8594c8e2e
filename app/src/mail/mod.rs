//! E-mail, through any mail server that speaks SMTP.
//!
//! Nothing is sent while somebody waits: [`send`] queues a letter in the transaction of the change
//! that asks for it, and a job hands it to the server. A letter can reach the server twice, when
//! this program is killed after the server has taken it and before that was written down; both
//! then carry the same `Message-ID`, by which mailboxes may tell that they are one.

mod deliver;
mod letter;
mod mailer;
mod settings;
#[cfg(test)]
pub(crate) mod tests;

pub use deliver::{Delivered, SendLetter, deliver, fault, forget_fault, kinds, send};
pub use letter::{Letter, Link};
pub use mailer::{MailError, Mailer, Refusal, TextFile};
pub use settings::{Encryption, Login, MailSettings, MailSettingsError};
