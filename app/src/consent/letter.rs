//! The letter that asks a parent or carer, by e-mail. It names no child: the page that it leads to says the given name.

use serde::{Deserialize, Serialize};

use super::link::{self, LinkId};
use crate::cases::Case;
use crate::jobs::{Job, JobContext, JobError, Protection};
use crate::mail::{self, Letter, MailError, Mailer, Refusal};
use crate::pupils;
use crate::schools;
use crate::store::{Query, StoreError};

/// Sends the letter of a link, to the address that the parent or carer has when the time comes.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct SendLetter {
    pub(super) link: LinkId,
}

impl Job for SendLetter {
    const KIND: &'static str = "consent.letter";
    const TITLE: &'static str = "Send a letter about pictures to a parent or carer";
    /// Over about two and a half days: a mail server may be away for a weekend.
    const ATTEMPTS: u32 = 20;
    type With = Mailer;

    fn protection(&self) -> Protection {
        Protection::Open
    }

    async fn run(self, mailer: &Mailer, context: &JobContext) -> Result<(), JobError> {
        let (store, trust) = (context.store(), context.trust());
        let mut reader = store.read(trust);
        let today = store.clock().today();
        let Some(link) = link::find(&mut reader, &self.link).await? else {
            return Ok(());
        };
        let of = (store, trust);
        let token = link.token(store, trust);
        let Some(opened) = link::opened(&mut reader, of, &token, today).await? else {
            return Ok(());
        };
        let guardian = match &link.guardian {
            Some(id) => pupils::find_guardian(&mut reader, store, trust, id)
                .await
                .map_err(JobError::retry)?,
            None => None,
        };
        let email = guardian.and_then(|guardian| guardian.details.email);
        let Some(email) = email.map(|email| email.to_string()) else {
            return print(context, &self.link).await;
        };
        let school = school_of(&mut reader, &opened.case).await?;
        let letter = letter(&school, &link.path(store, trust));
        drop(reader);
        let (name, written_at) = (context.id().as_str(), context.created_at());
        match mailer.send(&email, &letter, name, written_at).await {
            Ok(()) => Ok(()),
            Err(MailError::Refused(Refusal::Address(_))) => print(context, &self.link).await,
            Err(MailError::Refused(Refusal::Later(why))) => Err(JobError::Retry(why)),
            Err(error) => Err(JobError::fail(error)),
        }
    }
}

/// The letter cannot go by e-mail: it stands among those to be printed.
async fn print(context: &JobContext, id: &LinkId) -> Result<(), JobError> {
    let mut tx = context.begin().await?;
    link::to_be_printed(&mut tx, id).await?;
    context.complete(&mut tx).await?;
    Ok(tx.commit_unrecorded().await?)
}

/// The name of a case's school.
pub(super) async fn school_of(query: &mut impl Query, case: &Case) -> Result<String, StoreError> {
    let Some(school) = &case.school else {
        return Ok(String::new());
    };
    let school = schools::find(query, school).await?;
    Ok(school.map_or_else(String::new, |school| school.details.name.to_string()))
}

fn letter(school: &str, path: &str) -> Letter {
    Letter {
        subject: "Pictures of your child: what do you agree to?".to_owned(),
        paragraphs: vec![
            format!("{school} asks what you agree to about pictures of your child: on the website, on social media and in the press."),
            "You can say no to any of it, and nothing follows from that for your child.".to_owned(),
            "The link is yours alone: do not pass it on. By the same link you can look at your answer later, change it, or take it back at any time.".to_owned(),
        ],
        link: Some(mail::Link {
            text: "Answer about pictures".to_owned(),
            path: path.to_owned(),
        }),
        reason: format!("You get this because you are a parent or carer of a child at {school}."),
    }
}
