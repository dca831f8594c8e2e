//! Erasing what is held of a person who has left.

use axum::extract::State;
use axum::response::{Html, IntoResponse as _, Response};
use serde::Deserialize;

use super::to_person;
use crate::authority::Permit;
use crate::people::{self, PeopleError, Standing};
use crate::store::PersonId;
use crate::web::App;
use crate::web::extract::{Form, Path};
use crate::web::form::{Asked, Faults, Field, FormPage};
use crate::web::problem::Problem;

/// What the form sends.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Erasing {
    pub(crate) reason: String,
}

pub(super) async fn confirm(
    State(app): State<App>,
    permit: Permit,
    Path(id): Path<PersonId>,
) -> Result<Html<String>, Problem> {
    let page = asked(&app, &permit, &id, "", &Faults::default()).await?;
    app.render(&page)
}

pub(super) async fn save(
    State(app): State<App>,
    permit: Permit,
    Path(id): Path<PersonId>,
    Form(erasing): Form<Erasing>,
) -> Result<Response, Problem> {
    let mut tx = app.store()?.begin(&permit.actor().trust).await?;
    let refusal = match people::erase(&mut tx, &permit, &id, &erasing.reason).await {
        Ok(()) => {
            tx.commit().await?;
            return Ok(to_person(&id, "erased").into_response());
        }
        Err(PeopleError::Refused(refusal)) => refusal,
        Err(error) => return Err(error.into()),
    };
    drop(tx);
    let mut faults = Faults::default();
    faults.add("reason", refusal.to_string());
    let page = asked(&app, &permit, &id, &erasing.reason, &faults).await?;
    Ok(app.render(&page).into_response())
}

async fn asked(
    app: &App,
    permit: &Permit,
    id: &PersonId,
    typed: &str,
    faults: &Faults,
) -> Result<FormPage, Problem> {
    let mut reader = app.store()?.read(&permit.actor().trust);
    let person = people::seen(&mut reader, permit, id, app.today()).await?;
    if person.standing(app.today()) != Standing::Left {
        return Err(PeopleError::Refused(people::Refusal::NotLeft).into());
    }
    let erased = Erased {
        who: "person",
        name: person.name(),
        at: format!("/people/{id}"),
        what: "Their name, e-mail address, staff number, messages, forms they have begun, saved views, \
               ways to sign in and everything the ledger says about them go for good. The days and roles stay without a name, and \
               so does what they did to other records: that belongs to those records. A roster \
               that waits to be imported is given up.",
    };
    Ok(form(erased, typed, faults))
}

/// Whose data are to be erased.
pub(crate) struct Erased {
    /// In one word: a person, a pupil.
    pub(crate) who: &'static str,
    /// Their name.
    pub(crate) name: String,
    /// The address of their page.
    pub(crate) at: String,
    /// What goes and what stays.
    pub(crate) what: &'static str,
}

/// The form that asks why, before something is erased.
pub(crate) fn form(erased: Erased, typed: &str, faults: &Faults) -> FormPage {
    FormPage {
        title: format!("Erase what is held of this {}", erased.who),
        caption: erased.name,
        action: format!("{}/erase", erased.at),
        back: erased.at,
        lead: vec![
            erased.what.to_owned(),
            "Check first that no rule asks for these records to be kept longer.".to_owned(),
        ],
        warning: "This cannot be undone, by anybody.".to_owned(),
        fields: vec![
            Field::new(Asked::Lines, "reason", "Why is it erased?")
                .hint("The rule or the request, without names: this reason is kept.")
                .value(typed)
                .faulted(faults),
        ],
        button: "Erase for good".to_owned(),
        destructive: true,
        ..FormPage::default()
    }
}
