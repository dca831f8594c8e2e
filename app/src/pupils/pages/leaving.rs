//! A pupil's last day.

use axum::extract::State;
use axum::response::{Html, IntoResponse as _, Response};
use serde::Deserialize;

use super::{Saved, saved, to_pupil};
use crate::authority::Permit;
use crate::pupils::{self, Pupil, PupilId};
use crate::web::App;
use crate::web::extract::{Form, Path};
use crate::web::form::{Asked, Button, DateTyped, Faults, Field, FormPage, Hidden};
use crate::web::problem::{Kind, Problem};

/// What the form sends.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub(super) struct Leaving {
    left_day: String,
    left_month: String,
    left_year: String,
    seen: String,
    stays: String,
}

impl Leaving {
    fn left(&self) -> DateTyped {
        DateTyped {
            day: self.left_day.clone(),
            month: self.left_month.clone(),
            year: self.left_year.clone(),
        }
    }
}

pub(super) async fn form(
    State(app): State<App>,
    permit: Permit,
    Path(id): Path<PupilId>,
) -> Result<Html<String>, Problem> {
    let pupil = whole(&app, &permit, &id).await?;
    let typed = DateTyped::of(pupil.left_on);
    app.render(&asked(&pupil, typed, &Faults::default()))
}

pub(super) async fn save(
    State(app): State<App>,
    permit: Permit,
    Path(id): Path<PupilId>,
    Form(leaving): Form<Leaving>,
) -> Result<Response, Problem> {
    let mut faults = Faults::default();
    let stays = !leaving.stays.is_empty();
    let left_on = match stays {
        true => None,
        false => faults.take("left", leaving.left().read()).flatten(),
    };
    if !stays && left_on.is_none() && faults.is_empty() {
        faults.add("left", "Enter their last day, for example 20 7 2027.");
    }
    if faults.is_empty() {
        let mut tx = app.store()?.begin(&permit.actor().trust).await?;
        let done = pupils::leave(&mut tx, &permit, &id, &leaving.seen, left_on).await;
        if let Saved::Done(_) | Saved::Unchanged = saved(tx, done, &mut faults).await? {
            return Ok(to_pupil(&id, "left").into_response());
        }
    }
    let pupil = whole(&app, &permit, &id).await?;
    Ok(app
        .render(&asked(&pupil, leaving.left(), &faults))
        .into_response())
}

/// The pupil, for their version: nothing sensitive of them is shown.
async fn whole(app: &App, permit: &Permit, id: &PupilId) -> Result<Pupil, Problem> {
    let store = app.store()?;
    let trust = &permit.actor().trust;
    let mut reader = store.read(trust);
    pupils::line(&mut reader, permit, id).await?;
    let pupil = pupils::find(&mut reader, store, trust, id).await?;
    pupil.ok_or_else(|| Problem::new(Kind::NotFound))
}

fn asked(pupil: &Pupil, typed: DateTyped, faults: &Faults) -> FormPage {
    let left = Field::new(Asked::Date, "left", "Last day").hint("For example, 20 7 2027.");
    FormPage {
        title: "When did or do they leave?".to_owned(),
        caption: pupil.name(),
        back: format!("/pupils/{}", pupil.id),
        action: format!("/pupils/{}/leave", pupil.id),
        fields: vec![left.date(typed).faulted(faults)],
        hidden: vec![Hidden::new("seen", pupil.version())],
        button: "Save the last day".to_owned(),
        second: pupil.left_on.map(|_| Button {
            name: "stays",
            value: "yes",
            text: "They are here after all",
        }),
        error: faults.of("").to_owned(),
        ..FormPage::default()
    }
}
