//! Taking down what is out. However it ended, it may be done again.

use publish::Failure;
use serde::{Deserialize, Serialize};

use super::super::sending::{self, SendingId, State};
use super::super::{PostError, REGISTER, told};
use super::Way;
use super::order::{account, connected};
use crate::accounts::answer;
use crate::cases::{self, Account};
use crate::jobs::{Job, JobContext, JobError, Protection};

/// Takes a post down on one account.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct TakeDown {
    pub(super) sending: SendingId,
}

impl Job for TakeDown {
    const KIND: &'static str = "posts.take-down";
    const TITLE: &'static str = "Take a post down on its platform";
    type With = Way;

    fn protection(&self) -> Protection {
        Protection::Open
    }

    async fn run(self, way: &Way, context: &JobContext) -> Result<(), JobError> {
        let gone = self
            .taken_down(way, context)
            .await
            .map_err(JobError::retry)?;
        let later = match gone {
            Ok(()) => return Ok(()),
            Err(Failure::TokenRevoked(_) | Failure::Refused(_)) => false,
            Err(_) => !context.is_last_attempt(),
        };
        if later {
            return Err(JobError::retry(
                "the platform could not be asked to take a post down",
            ));
        }
        self.ask_a_person(context).await.map_err(JobError::retry)
    }
}

impl TakeDown {
    async fn taken_down(
        &self,
        way: &Way,
        context: &JobContext,
    ) -> Result<Result<(), Failure>, PostError> {
        let mut reader = context.store().read(context.trust());
        let found = sending::find(&mut reader, &self.sending).await?;
        let Some(found) = found.filter(|found| found.state == State::Removing) else {
            return Ok(Ok(()));
        };
        let of = (context.store(), context.trust());
        let case =
            cases::one_of(&mut reader, of, crate::accounts::REGISTER, &found.account).await?;
        drop(reader);
        let (Some(remote), Some(case)) = (found.remote, case) else {
            return Ok(Err(Failure::Refused(
                "nobody knows what it is called there".to_owned(),
            )));
        };
        let platform = Account::of(answer(&case, "account")).platform;
        let gone = match connected(context, &found.account, &platform).await {
            Ok((platform, connection, token)) => {
                match account(platform, &connection, &token, &way.outbound) {
                    Ok(account) => account.take_down(&remote).await,
                    Err(failure) => Err(failure),
                }
            }
            Err(failure) => Err(failure),
        };
        if gone.is_ok() {
            let mut tx = context.begin().await?;
            sending::is_down(&mut tx, &way.engine, &context.actor(), &self.sending).await?;
            context.complete(&mut tx).await?;
            tx.commit().await?;
        }
        Ok(gone)
    }

    async fn ask_a_person(&self, context: &JobContext) -> Result<(), PostError> {
        let mut tx = context.begin().await?;
        let sending = sending::find(&mut tx, &self.sending).await?;
        if let Some(sending) = sending.filter(|sending| sending.state == State::Removing) {
            let of = (context.store(), context.trust());
            let post = cases::one_of(&mut tx, of, REGISTER, &sending.case).await?;
            let says = (
                "A post is yours to take down",
                "The program could not take it down on its platform. Take it down there, and say so on the page of the post.",
            );
            told::keepers(&mut tx, &post.ok_or(PostError::NotFound)?, says).await?;
        }
        context.complete(&mut tx).await?;
        Ok(tx.commit_unrecorded().await?)
    }
}
