//! A pupil's consent got narrower: what is scheduled with them is held at once, and what is out is to be taken down.

use super::may_go;
use super::sending::{self, State};
use super::{PostError, REGISTER, pupils};
use crate::authority::Actor;
use crate::cases::{self, Case, CaseId, Engine, Opening};
use crate::consent::Narrowed;
use crate::jobs::{Job, JobContext, JobError, Protection};
use crate::store::Tx;

/// The register of what is to be taken down.
const REMOVAL: &str = "removal";

impl Job for Narrowed {
    const KIND: &'static str = "consent.narrowed";
    const TITLE: &'static str = "See what is out with a pupil whose picture may be used less";
    type With = Engine;

    fn protection(&self) -> Protection {
        Protection::Open
    }

    async fn run(self, engine: &Engine, context: &JobContext) -> Result<(), JobError> {
        let mut tx = context.begin().await?;
        for post in pupils::posts_with(&mut tx, &self.pupil).await? {
            see_to(&mut tx, engine, &context.actor(), &post)
                .await
                .map_err(JobError::retry)?;
        }
        context.complete(&mut tx).await?;
        Ok(tx.commit_unrecorded().await?)
    }
}

/// Holds a post that is scheduled, or has what is out of it taken down, where consent covers it no more.
async fn see_to(
    tx: &mut Tx,
    engine: &Engine,
    program: &Actor,
    id: &CaseId,
) -> Result<(), PostError> {
    cases::hold_still(tx, id).await?;
    let store = tx.store().clone();
    let post = cases::one_of(tx, (&store, &program.trust), REGISTER, id).await?;
    let Some(post) = post else {
        return Ok(());
    };
    let today = store.clock().today();
    let lacks = may_go::consent(tx, engine, &post, today).await?;
    if lacks.is_empty() {
        return Ok(());
    }
    if post.state == "scheduled" {
        let step = (
            "hold",
            "A consent was withdrawn or got narrower. See who is in the post.",
        );
        cases::take_by_program(tx, engine, program, id, step).await?;
    }
    for out in sending::of_post(tx, id).await? {
        if out.state == State::Published {
            let address = out.address.as_deref().unwrap_or_default();
            open_removal(tx, engine, program, (&post, &out.id, address)).await?;
        }
    }
    Ok(())
}

/// Opens one removal for what is out on one account, whatever happens how often.
async fn open_removal(
    tx: &mut Tx,
    engine: &Engine,
    program: &Actor,
    (post, sending, address): (&Case, &sending::SendingId, &str),
) -> Result<(), PostError> {
    let Some(person) = may_go::answers_for(post) else {
        return Ok(());
    };
    let answer = |field: &str, value: &str| (field.to_owned(), vec![value.to_owned()]);
    let what = format!(
        "The post {} shows or names a pupil whose family has withdrawn its consent or agreed to less. Take it down on the \
         page of the post: /posts/{}",
        post.reference, post.id
    );
    let opening = Opening {
        register: REMOVAL.to_owned(),
        school: post.school.clone(),
        answers: [
            answer("address", address),
            answer("what", &what),
            answer("posted_by", "staff"),
            answer("author", person.as_str()),
            answer("illegal_image", "no"),
            answer("comes_from", &post.reference),
        ]
        .into(),
        linked: Some(post.id.clone()),
        ..Opening::default()
    };
    let occasion = format!("post-consent/{sending}");
    cases::open_once(tx, engine, program, (person, &occasion), opening).await?;
    Ok(())
}
