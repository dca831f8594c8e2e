//! Messages by e-mail: each at once, or a day's messages together.

use jiff::Timestamp;
use jiff::civil::{Time, time};
use serde::{Deserialize, Serialize};

use super::message::{Kept, MessageId, opened, paragraphs, person_record};
use super::preference::{ByMail, preference};
use crate::jobs::{Due, Job, JobContext, JobError, Protection, QueueError, enqueue, enqueue_once};
use crate::mail::{Delivered, Letter, Link, Mailer, deliver};
use crate::store::{PersonId, Query as _, StoreError, Tx};
use crate::values;

/// When a day's messages go out.
const DIGEST_AT: Time = time(16, 0, 0, 0);
/// Subjects that a day's summary names.
const DIGEST_MOST: i64 = 30;
/// A mail server may be away for a weekend: about two and a half days of attempts.
const ATTEMPTS: u32 = 20;
const REASON: &str = "You get this because you have an account with Probity at your school or trust. After signing in, \
     ‘How messages reach you’ lets you choose what is sent by e-mail.";

/// Queues what the person's preference asks for, if they have an address that is not known to fail.
/// Nobody invented is written to.
pub(super) async fn queue(
    tx: &mut Tx,
    to: &PersonId,
    message: &MessageId,
    urgent: bool,
) -> Result<(), QueueError> {
    let reachable = tx
        .count(
            "SELECT COUNT(*) AS n FROM person p WHERE p.trust = $1 AND p.id = $2 \
               AND p.email IS NOT NULL AND p.demonstration = 0 AND NOT EXISTS \
                 (SELECT 1 FROM mail_fault f WHERE f.trust = $1 AND f.person = p.id \
                    AND f.email = p.email)",
            values![to],
        )
        .await?;
    if reachable == 0 {
        return Ok(());
    }
    match preference(tx, to).await? {
        ByMail::Daily if !urgent => {
            let (day, moment) = next_digest(tx)?;
            let person = to.clone();
            enqueue_once(
                tx,
                &Digest { person },
                Due::At(moment),
                &format!("{to}/{day}"),
            )
            .await?;
        }
        ByMail::Urgent if !urgent => {}
        ByMail::AtOnce | ByMail::Daily | ByMail::Urgent => {
            let (person, message) = (to.clone(), message.clone());
            enqueue(tx, &MailMessage { person, message }, Due::Now).await?;
        }
    }
    Ok(())
}

/// The next time that a day's messages go out, and its day.
fn next_digest(tx: &Tx) -> Result<(jiff::civil::Date, Timestamp), StoreError> {
    let now = tx.store().clock().zoned();
    let at = |date: jiff::civil::Date| {
        let zoned = date
            .to_datetime(DIGEST_AT)
            .to_zoned(now.time_zone().clone());
        zoned.map_or(now.timestamp(), |zoned| zoned.timestamp())
    };
    let today = now.date();
    Ok(match at(today) {
        moment if moment > now.timestamp() => (today, moment),
        _ => {
            let tomorrow = today.tomorrow().unwrap_or(today);
            (tomorrow, at(tomorrow))
        }
    })
}

/// One message by e-mail.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct MailMessage {
    person: PersonId,
    message: MessageId,
}

impl Job for MailMessage {
    const KIND: &'static str = "messages.mail";
    const TITLE: &'static str = "Send a message by e-mail";
    const ATTEMPTS: u32 = ATTEMPTS;
    type With = Mailer;

    fn protection(&self) -> Protection {
        Protection::Record(person_record(&self.person))
    }

    async fn run(self, mailer: &Mailer, context: &JobContext) -> Result<(), JobError> {
        if !mailer.is_set_up() {
            return Ok(());
        }
        // Whoever has read it already need not be told of it.
        let waiting = unsent(context, &self.person, Some(&self.message)).await?;
        let Some(kept) = waiting.first() else {
            return Ok(());
        };
        let letter = letter_of(kept);
        sent(context, mailer, &self.person, &letter, &waiting).await
    }
}

/// A day's messages in one e-mail.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Digest {
    person: PersonId,
}

impl Job for Digest {
    const KIND: &'static str = "messages.digest";
    const TITLE: &'static str = "Send a day’s messages by e-mail";
    const ATTEMPTS: u32 = ATTEMPTS;
    type With = Mailer;

    fn protection(&self) -> Protection {
        Protection::Record(person_record(&self.person))
    }

    async fn run(self, mailer: &Mailer, context: &JobContext) -> Result<(), JobError> {
        if !mailer.is_set_up() {
            return Ok(());
        }
        let waiting = unsent(context, &self.person, None).await?;
        if waiting.is_empty() {
            return Ok(());
        }
        sent(context, mailer, &self.person, &summary(&waiting), &waiting).await
    }
}

/// Messages that are neither read nor sent: one, or the latest.
async fn unsent(
    context: &JobContext,
    person: &PersonId,
    only: Option<&MessageId>,
) -> Result<Vec<Kept>, JobError> {
    let mut reader = context.store().read(context.trust());
    let rows = reader
        .all(
            "SELECT id, content, created_at, read_at FROM message \
             WHERE trust = $1 AND person = $2 AND read_at IS NULL AND mailed_at IS NULL \
               AND ($3 IS NULL OR id = $3) \
             ORDER BY created_at DESC, id DESC LIMIT $4",
            values![person, only, DIGEST_MOST],
        )
        .await?;
    Ok(opened(&mut reader, context.store(), context.trust(), person, &rows).await?)
}

/// Sends the letter and writes down which messages went out, with the end of the job.
async fn sent(
    context: &JobContext,
    mailer: &Mailer,
    person: &PersonId,
    letter: &Letter,
    messages: &[Kept],
) -> Result<(), JobError> {
    let Delivered::Sent(mut tx) = deliver(context, mailer, person, letter).await? else {
        return Ok(());
    };
    let now = tx.now();
    for kept in messages {
        tx.execute(
            "UPDATE message SET mailed_at = $3 WHERE trust = $1 AND id = $2",
            values![&kept.id, now],
        )
        .await?;
    }
    context.complete(&mut tx).await?;
    Ok(tx.commit_unrecorded().await?)
}

fn home() -> Option<Link> {
    Some(Link {
        text: "Read it after signing in".to_owned(),
        path: "/home".to_owned(),
    })
}

fn letter_of(kept: &Kept) -> Letter {
    let message = &kept.message;
    if message.confidential {
        return Letter {
            subject: "A message waits for you in Probity".to_owned(),
            paragraphs: vec![
                "It is confidential, so it can only be read after signing in.".to_owned(),
            ],
            link: home(),
            reason: REASON.to_owned(),
        };
    }
    Letter {
        subject: message.subject.clone(),
        paragraphs: paragraphs(&message.body),
        link: message.link.clone().or_else(home),
        reason: REASON.to_owned(),
    }
}

fn summary(messages: &[Kept]) -> Letter {
    let subject = match messages.len() {
        1 => "A message waits for you in Probity".to_owned(),
        number => format!("{number} messages wait for you in Probity"),
    };
    let line = |kept: &Kept| match kept.message.confidential {
        true => "A confidential message".to_owned(),
        false => kept.message.subject.clone(),
    };
    Letter {
        subject,
        paragraphs: messages.iter().map(line).collect(),
        link: home(),
        reason: REASON.to_owned(),
    }
}
