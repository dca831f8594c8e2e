//! Checkpoints by mail: to a mailbox that keeps them where the installation cannot reach them.

use jiff::civil::Time;
use serde::{Deserialize, Serialize};

use crate::jobs::{
    Due, Every, Job, JobContext, JobError, Protection, QueueError, Registry, enqueue,
};
use crate::ledger::{LedgerError, checkpoint, file_name, installation_log};
use crate::mail::{Letter, Link, MailError, Mailer, Refusal, TextFile};
use crate::store::{Store, TrustId};

/// When the day's checkpoints are signed and sent.
const DAILY: Time = Time::constant(5, 0, 0, 0);

/// Why a checkpoint could not be sent on its way.
#[derive(Debug, thiserror::Error)]
pub enum MailedError {
    /// It could not be signed.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The letter could not be queued.
    #[error(transparent)]
    Queue(#[from] QueueError),
}

/// What a letter with checkpoints is sent for.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Occasion {
    /// A day has gone by. It is sent also where nothing new was recorded, so that a mailbox in which none arrives tells
    /// that something is wrong.
    Day,
    /// A backup was made.
    Backup,
}

/// Signs the logs of a trust and of the installation, and queues a letter with both to each address.
pub(crate) async fn mail_checkpoints(
    store: &Store,
    trust: &TrustId,
    to: &[String],
    occasion: Occasion,
) -> Result<(), MailedError> {
    let mut files = Vec::new();
    for log in [trust.clone(), installation_log()] {
        let signed = checkpoint(store, &log).await?;
        files.push(TextFile {
            name: file_name(&log, &signed),
            text: signed.note,
        });
    }
    let mut tx = store.begin(trust).await.map_err(LedgerError::from)?;
    for to in to {
        let letter = SendCheckpoints {
            to: to.clone(),
            occasion,
            files: files.clone(),
        };
        enqueue(&mut tx, &letter, Due::Now).await?;
    }
    // A letter states what is recorded; it changes nothing of it.
    Ok(tx.commit_unrecorded().await.map_err(LedgerError::from)?)
}

/// The day's letters.
#[derive(Debug, Default, Deserialize, Serialize)]
struct MailCheckpoints {}

impl Job for MailCheckpoints {
    const KIND: &'static str = "ledger.mail-checkpoints";
    const TITLE: &'static str = "Send the day’s checkpoints of the ledger by e-mail";
    type With = Vec<String>;

    fn protection(&self) -> Protection {
        Protection::Open
    }

    async fn run(self, to: &Vec<String>, context: &JobContext) -> Result<(), JobError> {
        let mailed = mail_checkpoints(context.store(), context.trust(), to, Occasion::Day);
        mailed.await.map_err(JobError::retry)
    }
}

/// One letter.
#[derive(Debug, Deserialize, Serialize)]
struct SendCheckpoints {
    to: String,
    occasion: Occasion,
    files: Vec<TextFile>,
}

impl SendCheckpoints {
    fn letter(&self) -> Letter {
        let why = match self.occasion {
            Occasion::Day => "The day’s checkpoints of the ledger are attached to this letter.",
            Occasion::Backup => {
                "A backup was made. The checkpoints of the ledger that go with it are attached."
            }
        };
        let keep = "Keep them as they are, where nobody who looks after the installation can change them. \
                    With one of them, 'probity verify --checkpoint FILE' proves later that nothing that was recorded up to \
                    then was altered or lost. They hold no personal data.";
        Letter {
            subject: "Checkpoints of the ledger".to_owned(),
            paragraphs: vec![why.to_owned(), keep.to_owned()],
            link: Some(Link {
                text: "The audit of this installation".to_owned(),
                path: "/audit".to_owned(),
            }),
            reason: "You get this because this address is set to keep the checkpoints of an installation of Probity."
                .to_owned(),
        }
    }
}

impl Job for SendCheckpoints {
    const KIND: &'static str = "ledger.send-checkpoints";
    const TITLE: &'static str = "Send checkpoints of the ledger by e-mail";
    /// Over about two and a half days: a mail server may be away for a weekend.
    const ATTEMPTS: u32 = 20;
    type With = Mailer;

    async fn run(self, mailer: &Mailer, context: &JobContext) -> Result<(), JobError> {
        let (name, written_at) = (context.id().as_str(), context.created_at());
        let letter = self.letter();
        let sent = mailer.send_with(&self.to, &letter, &self.files, name, written_at);
        match sent.await {
            Ok(()) => Ok(()),
            Err(MailError::Refused(Refusal::Later(why))) => Err(JobError::Retry(why)),
            Err(error) => Err(JobError::fail(error)),
        }
    }
}

/// The letters; none of a day where nobody is to get one.
pub(super) fn kinds(mailer: &Mailer, to: Vec<String>) -> Registry {
    let letters = Registry::new().job::<SendCheckpoints>(mailer.clone());
    match to.is_empty() {
        true => letters.job::<MailCheckpoints>(to),
        false => letters.recurring::<MailCheckpoints>(Every::Day(DAILY), to),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::json;

    use super::*;
    use crate::jobs::Worker;
    use crate::mail::tests::{mail_server, settings};
    use crate::store::testing::on_both;

    const KEEPER: &str = "keeper@elsewhere.example";

    on_both! {
        async fn the_days_checkpoints_arrive_byte_for_byte_once_a_day(test: TestStore) {
            let Some(mut server) = mail_server(&json!({})) else { return };
            let mailer = Mailer::new(&settings(&server)).unwrap();
            let worker = Worker::new(test.store.clone(), kinds(&mailer, vec![KEEPER.to_owned()]));
            for day in 0..2 {
                test.hand.advance(Duration::from_secs(day * 86_400));
                for _ in 0..4 {
                    worker.round().await.unwrap();
                }
                let message = server.event("message").unwrap();
                assert_eq!(message["to"], json!([KEEPER]));
                let files = message["attachments"].as_array().unwrap();
                assert_eq!(files.len(), 2, "the trust's log and the installation's");
                for (log, file) in [test.trust.clone(), installation_log()].into_iter().zip(files) {
                    let signed = checkpoint(&test.store, &log).await.unwrap();
                    assert_eq!(file["name"], file_name(&log, &signed));
                    assert_eq!(file["text"], signed.note);
                }
            }
            let sent = test.store.read(&test.trust);
            let waiting = crate::jobs::waiting(&mut sent.clone(), test.store.clock().now()).await;
            assert_eq!(waiting.unwrap(), crate::jobs::Waiting::default(), "one letter a day");
        }

        async fn without_an_address_no_day_sends_anything(test: TestStore) {
            let worker = Worker::new(test.store.clone(), kinds(&Mailer::none(), Vec::new()));
            worker.round().await.unwrap();
            mail_checkpoints(&test.store, &test.trust, &[], Occasion::Backup).await.unwrap();
            let mut reader = test.store.read(&test.trust);
            let waiting = crate::jobs::waiting(&mut reader, test.store.clock().now()).await;
            assert_eq!(waiting.unwrap(), crate::jobs::Waiting::default());
        }
    }
}
