//! The pages of posts.

mod calendar;
mod editor;
mod faces;
mod pictures;
mod post;
mod public;
mod pupils;
mod replies;
mod schedule;
mod sending;
mod stop;

#[cfg(test)]
pub(crate) use {
    calendar::CalendarPage, editor::EditorPage, faces::FacesPage, pictures::PicturesPage,
    post::PostPage, public::PublishedPage, pupils::PupilsPage, replies::RepliesPage,
    sending::SendingPage, stop::StopPage,
};

use policy::platforms::Platforms;
use register::value::Answers;

use super::{PostError, REGISTER, may_go};
use crate::accounts;
use crate::authority::{Actor, Routes};
use crate::cases::{self, Case, CaseId, Engine, Seen, Taking};
use crate::store::{Query, Store, TrustId, Tx};

pub(crate) fn routes() -> Routes {
    calendar::routes()
        .merge(editor::routes())
        .merge(post::routes())
        .merge(faces::routes())
        .merge(pictures::routes())
        .merge(pupils::routes())
        .merge(schedule::routes())
        .merge(sending::routes())
        .merge(stop::routes())
        .merge(replies::routes())
        .merge(public::routes())
}

/// A post, for those who see the whole of it.
async fn sight(tx: &mut Tx, actor: &Actor, id: &CaseId) -> Result<Seen, PostError> {
    let seen = cases::see(tx, actor, id).await?;
    match seen.case.register == REGISTER && !seen.outline {
        true => Ok(seen),
        false => Err(PostError::NotFound),
    }
}

/// Whether a step is open to whoever saw a post.
fn may(seen: &Seen, step: &str) -> bool {
    let mut steps = seen.steps.iter();
    steps.any(|open| open.id == step && open.lacks.is_empty())
}

/// A post that whoever asks may change now: its text, its pictures, its pupils.
async fn to_edit(tx: &mut Tx, actor: &Actor, id: &CaseId) -> Result<Seen, PostError> {
    let seen = sight(tx, actor, id).await?;
    match may(&seen, "edit") {
        true => Ok(seen),
        false => Err(PostError::NotNow(
            "A post is changed while it is a draft or changes are asked for, by whoever writes it."
                .to_owned(),
        )),
    }
}

/// Whether whoever saw a post may see to what becomes of it on the accounts: whoever answers for it, and those who could
/// take it over.
fn sees_to_it(seen: &Seen, actor: &Actor) -> bool {
    let own = may_go::answers_for(&seen.case) == actor.person.as_ref();
    let school = seen.case.school.as_ref();
    let roles = seen.rules.settings.roles("approves");
    let publishes = ["publisher".to_owned()];
    (own && actor.person.is_some())
        || accounts::holds_one_of(actor, roles, school)
        || accounts::holds_one_of(actor, &publishes, school)
}

/// Takes a step of a post on its page.
async fn take(
    tx: &mut Tx,
    engine: &Engine,
    actor: &Actor,
    seen: &Seen,
    (step, note, answers): (&str, &str, Answers),
) -> Result<Case, PostError> {
    let taking = Taking {
        step: step.to_owned(),
        revision: seen.case.revision,
        note: note.to_owned(),
        answers,
    };
    Ok(cases::take_on_its_page(tx, engine, actor, &seen.case.id, taking).await?)
}

/// What an account is called, by its identifier.
async fn account_says(
    query: &mut impl Query,
    of: (&Store, &TrustId),
    platforms: &Platforms,
    id: &CaseId,
) -> Result<String, PostError> {
    let case = cases::one_of(query, of, accounts::REGISTER, id).await?;
    Ok(case.map_or_else(
        || "An account that was erased".to_owned(),
        |case| accounts::says(&case, platforms),
    ))
}
