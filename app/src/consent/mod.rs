//! Image consent: what a pupil's family lets be done with pictures of the pupil, for each use.
//!
//! The consent of one pupil is a case in the register `consent`. What each parent or carer said is a record beside it;
//! the case says what follows from all of it, the stricter answer where they differ. Asked-for consent is the default:
//! silence counts only where a school has marked that it does, and every answer then says so.
//!
//! For whoever shows pictures there are two doors: [`standing`] says what may be done today, and the job [`Narrowed`]
//! is queued in the same transaction whenever a pupil's consent gets narrower.

mod answer;
mod asking;
mod asking_pages;
mod demonstrated;
mod desk;
mod error;
mod family;
mod family_pages;
mod follow;
mod gone;
mod letter;
mod link;
mod list;
mod paper_form;
mod readers;
mod revoking;
mod said;
mod standing;
#[cfg(test)]
mod tests;
mod watch;
#[cfg(test)]
mod worked;

pub(crate) use answer::{forget as forget_answer, states as answer_states};
pub(crate) use asking::states as asking_states;
#[cfg(test)]
pub(crate) use asking_pages::{AskedPage, LettersPage, RoundsPage};
pub(crate) use demonstrated::demonstrate;
#[cfg(test)]
pub(crate) use desk::PupilConsentPage;
pub(crate) use error::ConsentError;
#[cfg(test)]
pub(crate) use family_pages::{
    CheckPage, GonePage, LimitsPage, QuestionPage, StartPage, WithdrawPage,
};
pub(crate) use follow::{Narrowed, changed};
pub(crate) use gone::{erase_of_guardian, erase_of_pupil};
pub(crate) use link::{forget as forget_link, states as link_states};
#[cfg(test)]
pub(crate) use list::ListPage;
pub(crate) use said::Use;
#[cfg(test)]
pub(crate) use standing::WhyNot;
pub(crate) use standing::{Standing, standing};

use crate::authority::{Action, Actor, Place, Routes};
use crate::cases::{About, Engine, Panel, PanelGroup, PanelItem, Seen};
use crate::jobs::{Every, Registry};
use crate::mail::Mailer;
use crate::pupils::{GuardianId, PupilId};
use crate::store::{Query, Store, TrustId, Tx};
use crate::web::dates::day;

/// The register in which a pupil's consent is a case.
pub(crate) const REGISTER: &str = "consent";
/// How often the program looks whose consent is over, in minutes.
const EVERY: u32 = 10;

pub(crate) fn routes() -> Routes {
    list::routes()
        .merge(desk::routes())
        .merge(revoking::routes())
        .merge(asking_pages::routes())
        .merge(family::routes())
}

/// The jobs of this feature.
#[must_use]
pub(crate) fn kinds(engine: &Engine, mailer: &Mailer) -> Registry {
    Registry::new()
        .job::<asking::Ask>((engine.clone(), mailer.clone()))
        .job::<letter::SendLetter>(mailer.clone())
        .recurring::<watch::Watch>(Every::Minutes(EVERY), engine.clone())
}

/// The way from a consent's case to who said what, for those who look after consents; nothing on any other.
///
/// # Errors
/// Where the store fails.
pub(crate) async fn panel(
    tx: &mut Tx,
    actor: &Actor,
    seen: &Seen,
) -> Result<Option<Panel>, ConsentError> {
    let case = &seen.case;
    let (Some(About::Pupil(pupil)), Some(school)) = (&case.subject, &case.school) else {
        return Ok(None);
    };
    if case.register != REGISTER || !actor.may(Action::KeepConsents, Place::School(school)) {
        return Ok(None);
    }
    let (store, trust) = (tx.store().clone(), &actor.trust);
    let answers = answer::answers_to(tx, (&store, trust), &case.id).await?;
    let says = match answers.len() {
        0 => "Nobody has answered yet".to_owned(),
        1 => "One answer".to_owned(),
        n => format!("{n} answers"),
    };
    let item = PanelItem {
        says,
        note: String::new(),
        act: Some((
            "See who said what".to_owned(),
            format!("/consent/pupils/{pupil}"),
        )),
    };
    Ok(Some(Panel {
        title: "What parents and carers said".to_owned(),
        lead: Vec::new(),
        groups: vec![PanelGroup {
            title: "Answers",
            items: vec![item],
        }],
    }))
}

/// What is held of what was said about a pupil, for a request for one's own data: a heading and lines of label and text.
type Told = (String, Vec<(String, String)>);

/// What parents and carers said about a pupil. Who of them said it is theirs, and is not told.
///
/// # Errors
/// Where the store fails.
pub(crate) async fn told_of_pupil(
    query: &mut impl Query,
    (store, trust): (&Store, &TrustId),
    pupil: &PupilId,
) -> Result<Vec<Told>, ConsentError> {
    let mut told = Vec::new();
    if let Some(case) = standing::current_id(query, pupil).await? {
        let answers = answer::answers_to(query, (store, trust), &case).await?;
        told.extend(answers.iter().map(said));
    }
    Ok(told)
}

/// What a parent or carer said, about any pupil.
///
/// # Errors
/// Where the store fails.
pub(crate) async fn told_of_guardian(
    query: &mut impl Query,
    (store, trust): (&Store, &TrustId),
    guardian: &GuardianId,
) -> Result<Vec<Told>, ConsentError> {
    let answers = answer::answers_of(query, (store, trust), guardian).await?;
    Ok(answers.iter().map(said).collect())
}

fn said(answer: &answer::Answer) -> Told {
    let title = format!("An answer about pictures, {}", day(answer.given_on));
    let said = desk::in_words(&answer.said).into_iter();
    let mut parts: Vec<(String, String)> =
        said.map(|(label, text)| (label.to_owned(), text)).collect();
    parts.push(("How".to_owned(), answer.how.says().to_owned()));
    parts.push(("Until".to_owned(), day(answer.until)));
    (title, parts)
}
