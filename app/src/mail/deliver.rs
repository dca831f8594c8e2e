//! Letters to people: queued with the change that asks for them, sent to the address that the
//! person has when the time comes.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::letter::Letter;
use super::mailer::{MailError, Mailer, Refusal};
use crate::jobs::{
    self, Due, Job, JobContext, JobError, Protection, QueueError, Registry, enqueue,
};
use crate::store::{PersonId, Query, StoreError, Tx};
use crate::values;

/// A letter to a person, by a job.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct SendLetter {
    /// The person.
    pub to: PersonId,
    /// The letter.
    pub letter: Letter,
    /// After this moment it would be of no use: it is then not sent.
    pub until: Option<Timestamp>,
}

/// The jobs of this feature.
#[must_use]
pub fn kinds(mailer: &Mailer) -> Registry {
    Registry::new().job::<SendLetter>(mailer.clone())
}

/// Queues a letter to a person, which is sent whatever they prefer: for what belongs to signing
/// in. Everything else is a message (see [`crate::messages`]).
pub async fn send(
    tx: &mut Tx,
    to: &PersonId,
    letter: Letter,
    until: Option<Timestamp>,
) -> Result<jobs::JobId, QueueError> {
    let to = to.clone();
    enqueue(tx, &SendLetter { to, letter, until }, Due::Now).await
}

impl Job for SendLetter {
    const KIND: &'static str = "mail.letter";
    const TITLE: &'static str = "Send a letter by e-mail";
    /// Over about two and a half days: a mail server may be away for a weekend.
    const ATTEMPTS: u32 = 20;
    type With = Mailer;

    fn protection(&self) -> Protection {
        Protection::Record(format!("person/{}", self.to))
    }

    async fn run(self, mailer: &Mailer, context: &JobContext) -> Result<(), JobError> {
        if self
            .until
            .is_some_and(|until| until <= context.store().clock().now())
        {
            return Ok(());
        }
        let mut tx = match deliver(context, mailer, &self.to, &self.letter).await? {
            Delivered::Sent(tx) => tx,
            Delivered::NoAddress => return Ok(()),
        };
        context.complete(&mut tx).await?;
        Ok(tx.commit_unrecorded().await?)
    }
}

/// What became of a letter.
#[derive(Debug)]
pub enum Delivered {
    /// The server took it. The transaction is for writing that down, at once, together with the
    /// end of the job.
    Sent(Tx),
    /// The person has no e-mail address, or is invented.
    NoAddress,
}

/// Sends a letter within a job, to the address that the person has now. An address that does not
/// work is written down, for the person's home page to say so.
pub async fn deliver(
    context: &JobContext,
    mailer: &Mailer,
    to: &PersonId,
    letter: &Letter,
) -> Result<Delivered, JobError> {
    let mut reader = context.store().read(context.trust());
    let Some(email) = address(&mut reader, to).await? else {
        return Ok(Delivered::NoAddress);
    };
    let sent = mailer
        .send(&email, letter, context.id().as_str(), context.created_at())
        .await;
    let mut tx = context.begin().await?;
    match sent {
        Ok(()) => {
            forget_fault(&mut tx, to).await?;
            Ok(Delivered::Sent(tx))
        }
        Err(MailError::Refused(Refusal::Address(why))) => {
            note_fault(&mut tx, to, &email).await?;
            tx.commit_unrecorded().await?;
            Err(JobError::Fail(why))
        }
        Err(MailError::Refused(Refusal::Later(why))) => Err(JobError::Retry(why)),
        Err(error) => Err(JobError::fail(error)),
    }
}

/// Where a person is written to. The addresses of invented people are invented too.
async fn address(query: &mut impl Query, person: &PersonId) -> Result<Option<String>, StoreError> {
    let row = query
        .first(
            "SELECT email FROM person WHERE trust = $1 AND id = $2 AND demonstration = 0",
            values![person],
        )
        .await?;
    row.map_or(Ok(None), |row| row.get("email"))
}

async fn note_fault(tx: &mut Tx, person: &PersonId, email: &str) -> Result<(), StoreError> {
    let now = tx.now();
    tx.execute(
        "INSERT INTO mail_fault (trust, person, email, found_at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (trust, person) DO UPDATE SET email = EXCLUDED.email, \
           found_at = EXCLUDED.found_at",
        values![person, email, now],
    )
    .await?;
    Ok(())
}

/// Forgets that a person's address did not work: it works, or it is to be tried again.
pub async fn forget_fault(tx: &mut Tx, person: &PersonId) -> Result<(), StoreError> {
    tx.execute(
        "DELETE FROM mail_fault WHERE trust = $1 AND person = $2",
        values![person],
    )
    .await?;
    Ok(())
}

/// The person's address, if it does not work.
pub async fn fault(
    query: &mut impl Query,
    person: &PersonId,
) -> Result<Option<String>, StoreError> {
    let row = query
        .first(
            "SELECT p.email FROM mail_fault f \
             JOIN person p ON p.trust = f.trust AND p.id = f.person AND p.email = f.email \
             WHERE f.trust = $1 AND f.person = $2",
            values![person],
        )
        .await?;
    row.map(|row| row.get("email")).transpose()
}
