//! Changing what is known of a person.

use axum::extract::State;
use axum::response::{Html, IntoResponse as _, Response};

use super::entry::Entry;
use super::{fault, to_person};
use crate::authority::Permit;
use crate::people::{self, Contract, Details, PeopleError, Person};
use crate::store::{PersonId, StoreError};
use crate::web::App;
use crate::web::extract::{Form, Path};
use crate::web::form::{Faults, FormPage, Hidden};
use crate::web::problem::Problem;

pub(super) async fn form(
    State(app): State<App>,
    permit: Permit,
    Path(id): Path<PersonId>,
) -> Result<Html<String>, Problem> {
    let person = seen(&app, &permit, &id).await?;
    app.render(&asked(&person, &Entry::of(&person), &Faults::default()))
}

pub(super) async fn save(
    State(app): State<App>,
    permit: Permit,
    Path(id): Path<PersonId>,
    Form(entry): Form<Entry>,
) -> Result<Response, Problem> {
    let person = seen(&app, &permit, &id).await?;
    let mut faults = Faults::default();
    let again = |entry: &Entry, faults: &Faults| {
        let page = asked(&person, entry, faults);
        app.render(&page).map(Html::into_response)
    };
    let Some(details) = entry.read(&mut faults) else {
        return again(&entry, &faults);
    };
    let details = Details {
        line_manager: person.details.line_manager.clone(),
        ..details
    };
    let mut tx = app.store()?.begin(&permit.actor().trust).await?;
    match people::change(&mut tx, &permit, &id, &entry.seen, details).await {
        Ok(_) => tx.commit().await?,
        Err(PeopleError::Same) => {}
        Err(PeopleError::Store(StoreError::Changed)) => {
            drop(tx);
            let now = seen(&app, &permit, &id).await?;
            tell_differences(&entry, &now, &mut faults);
            let entry = Entry {
                seen: now.version(),
                ..entry
            };
            return again(&entry, &faults);
        }
        Err(error) => {
            let (field, what) = fault(error)?;
            faults.add(field, what);
            return again(&entry, &faults);
        }
    }
    Ok(to_person(&id, "changed").into_response())
}

/// Says field by field what somebody else wrote meanwhile. Sent again, what was typed stands.
fn tell_differences(typed: &Entry, now: &Person, faults: &mut Faults) {
    faults.add(
        "",
        "Somebody else changed this person while you did. Check the answers below: save again to \
         keep what you entered.",
    );
    let there = Entry::of(now);
    let pairs = [
        ("given", &typed.given, &there.given),
        ("family", &typed.family, &there.family),
        ("known-as", &typed.known_as, &there.known_as),
        ("email", &typed.email, &there.email),
    ];
    if typed.contract != there.contract {
        let contract = now.details.contract;
        faults.add("contract", now_is(contract.map_or("", Contract::label)));
    }
    for (field, typed, there) in pairs {
        if typed.trim() != there {
            faults.add(field, now_is(there));
        }
    }
    let first = now.details.starts_on;
    if typed.starts().read() != Ok(first) {
        faults.add(
            "starts",
            now_is(&first.map_or_else(String::new, crate::web::dates::day)),
        );
    }
}

fn now_is(there: &str) -> String {
    match there {
        "" => "It is empty now.".to_owned(),
        there => format!("It is ‘{there}’ now."),
    }
}

async fn seen(app: &App, permit: &Permit, id: &PersonId) -> Result<Person, Problem> {
    let mut reader = app.store()?.read(&permit.actor().trust);
    Ok(people::seen(&mut reader, permit, id, app.today()).await?)
}

fn asked(person: &Person, entry: &Entry, faults: &Faults) -> FormPage {
    FormPage {
        title: "Change details".to_owned(),
        caption: person.name(),
        back: format!("/people/{}", person.id),
        action: format!("/people/{}/change", person.id),
        fields: entry.fields(faults),
        hidden: vec![Hidden::new("seen", &entry.seen)],
        button: "Save".to_owned(),
        error: faults.of("").to_owned(),
        ..FormPage::default()
    }
}
