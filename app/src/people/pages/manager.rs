//! Choosing a line manager.

use axum::extract::State;
use axum::response::{Html, IntoResponse as _, Response};
use serde::Deserialize;

use super::choosing::{ChoosePage, found};
use super::{fault, to_person};
use crate::authority::Permit;
use crate::people::{self, Details, PeopleError};
use crate::store::{PersonId, StoreError};
use crate::web::App;
use crate::web::extract::{Form, Path, Query};
use crate::web::form::{Button, Faults, FormPage, Hidden};
use crate::web::problem::Problem;

/// The words to search for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Search {
    q: String,
}

/// What the form sends.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Chosen {
    chosen: String,
    none: String,
    seen: String,
    q: String,
}

pub(super) async fn form(
    State(app): State<App>,
    permit: Permit,
    Path(id): Path<PersonId>,
    Query(search): Query<Search>,
) -> Result<Html<String>, Problem> {
    let page = asked(&app, &permit, &id, search.q, &Faults::default()).await?;
    app.render(&page)
}

pub(super) async fn save(
    State(app): State<App>,
    permit: Permit,
    Path(id): Path<PersonId>,
    Form(chosen): Form<Chosen>,
) -> Result<Response, Problem> {
    let store = app.store()?;
    let trust = &permit.actor().trust;
    let person = people::seen(&mut store.read(trust), &permit, &id, app.today()).await?;
    let mut faults = Faults::default();
    let manager = match chosen.chosen.parse::<PersonId>() {
        _ if !chosen.none.is_empty() => Some(None),
        Ok(manager) => Some(Some(manager)),
        Err(_) => {
            faults.add("chosen", "Choose who leads them, or search again.");
            None
        }
    };
    if let Some(line_manager) = manager {
        let details = Details {
            line_manager,
            ..person.details
        };
        let mut tx = store.begin(trust).await?;
        match people::change(&mut tx, &permit, &id, &chosen.seen, details).await {
            Ok(_) => tx.commit().await?,
            Err(PeopleError::Same) => {}
            Err(PeopleError::Store(StoreError::Changed)) => faults.add(
                "",
                "Somebody else changed this person while you did. Look at them again, and send \
                 it again if you still want to.",
            ),
            Err(error) => {
                let (field, what) = fault(error)?;
                faults.add(field, what);
            }
        }
        if faults.is_empty() {
            return Ok(to_person(&id, "changed").into_response());
        }
    }
    let page = asked(&app, &permit, &id, chosen.q, &faults).await?;
    Ok(app.render(&page).into_response())
}

async fn asked(
    app: &App,
    permit: &Permit,
    id: &PersonId,
    q: String,
    faults: &Faults,
) -> Result<ChoosePage, Problem> {
    let mut reader = app.store()?.read(&permit.actor().trust);
    let person = people::seen(&mut reader, permit, id, app.today()).await?;
    let found = found(&mut reader, permit, app.today(), &q, None).await?;
    let manager = match &person.details.line_manager {
        Some(manager) => people::find(&mut reader, manager).await?,
        None => None,
    };
    let lead = match &manager {
        Some(manager) => format!("At the moment it is {}.", manager.name()),
        None => "At the moment nobody is written down.".to_owned(),
    };
    let any = found.any(id);
    let mut error = faults.of("").to_owned();
    if !any && error.is_empty() {
        // The field that it belongs to is not shown.
        faults.of("chosen").clone_into(&mut error);
    }
    let form = FormPage {
        title: "Line manager".to_owned(),
        caption: person.name(),
        back: format!("/people/{id}"),
        action: format!("/people/{id}/manager"),
        lead: vec![lead],
        fields: match any {
            true => vec![found.field("Who leads them?", id).faulted(faults)],
            false => Vec::new(),
        },
        hidden: vec![Hidden::new("seen", person.version()), Hidden::new("q", &q)],
        button: "Save".to_owned(),
        second: manager.map(|_| Button {
            name: "none",
            value: "yes",
            text: "Nobody leads them",
        }),
        error,
        ..FormPage::default()
    };
    Ok(ChoosePage {
        search: form.action.clone(),
        found: any,
        more: found.more,
        q,
        form,
    })
}
