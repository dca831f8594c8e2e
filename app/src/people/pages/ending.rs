//! The last day of a person.

use axum::extract::State;
use axum::response::{Html, IntoResponse as _, Response};
use serde::Deserialize;

use super::{fault, to_person};
use crate::authority::Permit;
use crate::people::{self, PeopleError, Person, Standing};
use crate::store::{PersonId, Query as _, Reader, StoreError};
use crate::values;
use crate::web::App;
use crate::web::dates::day;
use crate::web::extract::{Form, Path};
use crate::web::form::{Asked, Button, DateTyped, Faults, Field, FormPage, Hidden};
use crate::web::problem::Problem;

/// What the form sends.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub(super) struct Ending {
    ends_day: String,
    ends_month: String,
    ends_year: String,
    seen: String,
    stays: String,
}

impl Ending {
    fn ends(&self) -> DateTyped {
        DateTyped {
            day: self.ends_day.clone(),
            month: self.ends_month.clone(),
            year: self.ends_year.clone(),
        }
    }
}

pub(super) async fn form(
    State(app): State<App>,
    permit: Permit,
    Path(id): Path<PersonId>,
) -> Result<Html<String>, Problem> {
    let mut reader = app.store()?.read(&permit.actor().trust);
    let person = people::seen(&mut reader, &permit, &id, app.today()).await?;
    let typed = DateTyped::of(person.ends_on);
    let page = asked(&app, &mut reader, &person, typed, &Faults::default()).await?;
    app.render(&page)
}

pub(super) async fn save(
    State(app): State<App>,
    permit: Permit,
    Path(id): Path<PersonId>,
    Form(ending): Form<Ending>,
) -> Result<Response, Problem> {
    let store = app.store()?;
    let mut reader = store.read(&permit.actor().trust);
    people::seen(&mut reader, &permit, &id, app.today()).await?;
    let mut faults = Faults::default();
    let stays = !ending.stays.is_empty();
    let last = match stays {
        true => Some(None),
        false => faults.take("ends", ending.ends().read()),
    };
    if !stays && last == Some(None) {
        faults.add("ends", "Enter their last day, for example 31 8 2027.");
    }
    if let Some(last) = last.filter(|_| faults.is_empty()) {
        let mut tx = store.begin(&permit.actor().trust).await?;
        match people::end(&mut tx, &permit, &id, &ending.seen, last).await {
            Ok(_) => tx.commit().await?,
            Err(PeopleError::Same) => {}
            Err(PeopleError::Store(StoreError::Changed)) => faults.add(
                "",
                "Somebody else changed this person while you did. Look at what is there now, and \
                 send it again if you still want to.",
            ),
            Err(error) => {
                let (field, what) = fault(error)?;
                faults.add(field, what);
            }
        }
        if faults.is_empty() {
            let done = if stays { "stays" } else { "ended" };
            return Ok(to_person(&id, done).into_response());
        }
    }
    let person = people::seen(&mut reader, &permit, &id, app.today()).await?;
    let page = asked(&app, &mut reader, &person, ending.ends(), &faults).await?;
    Ok(app.render(&page).into_response())
}

async fn asked(
    app: &App,
    reader: &mut Reader,
    person: &Person,
    typed: DateTyped,
    faults: &Faults,
) -> Result<FormPage, Problem> {
    let led = reader
        .count(
            "SELECT COUNT(*) AS n FROM person WHERE trust = $1 AND line_manager = $2",
            values![&person.id],
        )
        .await?;
    let mut lead = vec![
        "Their roles end with that day, and from the day after they can no longer sign in. What \
         they did and what was recorded about them stays."
            .to_owned(),
    ];
    if led > 0 {
        lead.push(format!(
            "They are the line manager of {led} {}: choose another for them afterwards.",
            if led == 1 { "person" } else { "people" }
        ));
    }
    if let Some(last) = person.ends_on {
        lead.push(format!("At the moment their last day is {}.", day(last)));
    }
    let second = person.ends_on.map(|_| Button {
        name: "stays",
        value: "yes",
        text: match person.standing(app.today()) {
            Standing::Left => "They have come back, as staff",
            Standing::Current | Standing::Joining => "They are staying after all",
        },
    });
    let ends = Field::new(Asked::Date, "ends", "Last day").hint("For example, 31 8 2027.");
    Ok(FormPage {
        title: "End their time here".to_owned(),
        caption: person.name(),
        back: format!("/people/{}", person.id),
        action: format!("/people/{}/end", person.id),
        lead,
        fields: vec![ends.date(typed).faulted(faults)],
        hidden: vec![Hidden::new("seen", person.version())],
        button: "Save the last day".to_owned(),
        destructive: true,
        second,
        error: faults.of("").to_owned(),
        ..FormPage::default()
    })
}
