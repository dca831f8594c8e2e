//! The forms that hold a case back and lift a hold.

use axum::extract::State;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use serde::Deserialize;

use super::hold::{self, Hold, HoldId};
use super::list;
use crate::authority::Permit;
use crate::store::Reader;
use crate::web::App;
use crate::web::extract::{Form, Path, Query};
use crate::web::form::{Answer, Asked, Faults, Field, FormPage};
use crate::web::problem::{Kind, Problem};

/// How long a reason may be, in characters.
const REASON: std::ops::RangeInclusive<usize> = 5..=500;

/// What the form sends.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    reference: String,
    reason: String,
}

pub(super) async fn form(
    State(app): State<App>,
    _permit: Permit,
    Query(typed): Query<Typed>,
) -> Result<Html<String>, Problem> {
    app.render(&asked(&typed, &Faults::default()))
}

fn asked(typed: &Typed, faults: &Faults) -> FormPage {
    FormPage {
        title: "Hold a case back".to_owned(),
        back: "/retention".to_owned(),
        action: "/retention/hold".to_owned(),
        lead: vec![
            "A case that is held back is not erased until somebody lifts the hold, however long its time has been over."
                .to_owned(),
        ],
        fields: vec![
            Field::new(Asked::Text, "reference", "Which case?")
                .hint("The reference of a closed case, as in INC-2020-0001. An open case needs no hold.")
                .narrow()
                .value(&typed.reference)
                .faulted(faults),
            Field::new(Asked::Lines, "reason", "Why is it held back?")
                .hint("Such as a claim, an inquiry or a request for records. Without names: this reason is kept.")
                .value(&typed.reason)
                .faulted(faults),
        ],
        button: "Hold it back".to_owned(),
        ..FormPage::default()
    }
}

pub(super) async fn save(
    State(app): State<App>,
    permit: Permit,
    Form(typed): Form<Typed>,
) -> Result<Response, Problem> {
    let store = app.store()?;
    let actor = permit.actor();
    let mut tx = store.begin(&actor.trust).await?;
    let mut faults = Faults::default();
    let case = list::closed_case(&mut tx, store, &permit, &typed.reference).await?;
    if case.is_none() {
        faults.add(
            "reference",
            "Give the reference of a closed case that you look after, as in INC-2020-0001",
        );
    }
    if !REASON.contains(&typed.reason.trim().chars().count()) {
        faults.add("reason", "Say in 5 to 500 characters why it is held back");
    }
    match case.filter(|_| faults.is_empty()) {
        Some(case) => {
            hold::hold(&mut tx, actor, &case.id, &typed.reason).await?;
            tx.commit().await?;
            Ok(Redirect::to("/retention?done=held").into_response())
        }
        None => Ok(app.render(&asked(&typed, &faults))?.into_response()),
    }
}

pub(super) async fn confirm(
    State(app): State<App>,
    permit: Permit,
    Path(id): Path<HoldId>,
) -> Result<Html<String>, Problem> {
    let mut reader = app.store()?.read(&permit.actor().trust);
    let (hold, reference) = known(&app, &mut reader, &permit, &id).await?;
    app.render(&FormPage {
        title: "Lift this hold".to_owned(),
        caption: reference,
        back: "/retention".to_owned(),
        action: format!("/retention/holds/{id}/lift"),
        lead: vec![
            "The case may then be erased, once its time is over and somebody confirms it."
                .to_owned(),
        ],
        summary: vec![Answer {
            question: "Why it is held back",
            answer: hold.reason,
        }],
        button: "Lift the hold".to_owned(),
        ..FormPage::default()
    })
}

pub(super) async fn lift(
    State(app): State<App>,
    permit: Permit,
    Path(id): Path<HoldId>,
) -> Result<Redirect, Problem> {
    let store = app.store()?;
    let mut reader = store.read(&permit.actor().trust);
    let (hold, _) = known(&app, &mut reader, &permit, &id).await?;
    let mut tx = store.begin(&permit.actor().trust).await?;
    hold::lift(&mut tx, permit.actor(), &hold).await?;
    tx.commit().await?;
    Ok(Redirect::to("/retention?done=lifted"))
}

/// A hold that somebody may know of, with the reference of its case.
async fn known(
    app: &App,
    reader: &mut Reader,
    permit: &Permit,
    id: &HoldId,
) -> Result<(Hold, String), Problem> {
    let missing = || Problem::new(Kind::NotFound);
    hold::find(reader, id).await?.ok_or_else(missing)?;
    let holds = list::holds(reader, app.store()?, permit).await?;
    let mut holds = holds.into_iter();
    holds.find(|(hold, _)| hold.id == *id).ok_or_else(missing)
}
