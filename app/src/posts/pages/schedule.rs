//! When a post goes out; taking it down; correcting it.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use jiff::civil::{DateTime, Time};
use register::value::Answers;
use serde::Deserialize;

use super::super::{PostError, sending};
use super::{may, sight, take};
use crate::accounts::answer;
use crate::authority::{Access, Actor, Routes};
use crate::cases::{CaseId, Seen};
use crate::web::App;
use crate::web::dates;
use crate::web::extract::{Form, Path};
use crate::web::form::{Asked, Choice, DateTyped, Faults, Field, FormPage};
use crate::web::problem::Problem;

pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/posts/{case}/schedule", Access::SignedIn, form)
        .post("/posts/{case}/schedule", Access::SignedIn, save)
        .get("/posts/{case}/take-down", Access::SignedIn, ask)
        .post("/posts/{case}/take-down", Access::SignedIn, take_down)
        .get("/posts/{case}/correct", Access::SignedIn, correct)
        .post("/posts/{case}/correct", Access::SignedIn, begin)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct When {
    when: String,
    #[serde(rename = "day-day")]
    day: String,
    #[serde(rename = "day-month")]
    month: String,
    #[serde(rename = "day-year")]
    year: String,
    time: String,
}

impl When {
    fn typed(&self) -> DateTyped {
        DateTyped {
            day: self.day.clone(),
            month: self.month.clone(),
            year: self.year.clone(),
        }
    }
}

fn asked(seen: &Seen, typed: &When, faults: &Faults) -> FormPage {
    let id = &seen.case.id;
    FormPage {
        title: "When does it go out?".to_owned(),
        caption: answer(&seen.case, "title").to_owned(),
        back: format!("/posts/{id}"),
        action: format!("/posts/{id}/schedule"),
        lead: vec![
            "At that moment the account, your right to post on it, the approval and every child’s consent are looked at \
             once more. What is not in order then is held, and you are told."
                .to_owned(),
        ],
        fields: vec![
            Field::new(Asked::Radios, "when", "When?")
                .items(vec![
                    Choice::new("now", "As soon as possible"),
                    Choice::new("at", "On a day, at a time").hint("Give both below"),
                ])
                .value(&typed.when)
                .faulted(faults),
            Field::new(Asked::Date, "day", "Day")
                .hint("For example, 27 3 2027")
                .date(typed.typed())
                .faulted(faults),
            Field::new(Asked::Text, "time", "Time")
                .hint("For example, 15:30")
                .value(&typed.time)
                .narrow()
                .faulted(faults),
        ],
        button: "Schedule it".to_owned(),
        ..FormPage::default()
    }
}

async fn form(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<CaseId>,
) -> Result<Html<String>, Problem> {
    let mut tx = app.store()?.begin(&actor.trust).await?;
    let seen = sight(&mut tx, &actor, &id).await?;
    tx.commit_unrecorded().await?;
    if !may(&seen, "schedule") {
        return Err(PostError::NotTheirs.into());
    }
    app.render(&asked(&seen, &When::default(), &Faults::default()))
}

async fn save(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<CaseId>,
    Form(typed): Form<When>,
) -> Result<Response, Problem> {
    let mut tx = app.store()?.begin(&actor.trust).await?;
    let seen = sight(&mut tx, &actor, &id).await?;
    let now = app.clock().zoned();
    let mut faults = Faults::default();
    let at = match typed.when.as_str() {
        "now" => Some(now.timestamp()),
        "at" => {
            let day = faults.take("day", typed.typed().read()).flatten();
            let time = typed.time.trim().replace('.', ":");
            let time: Result<Time, _> = format!("{time:0>5}").parse();
            if time.is_err() {
                faults.add("time", "Enter a time, for example 15:30");
            }
            match (day, time) {
                (Some(day), Ok(time)) => {
                    let at = DateTime::from_parts(day, time).to_zoned(now.time_zone().clone());
                    let at = at.ok().filter(|at| *at > now);
                    if at.is_none() {
                        faults.add("day", "Give a moment that is still to come");
                    }
                    at.map(|at| at.timestamp())
                }
                (None, _) if faults.of("day").is_empty() => {
                    faults.add("day", "Enter a day, for example 27 3 2027");
                    None
                }
                _ => None,
            }
        }
        _ => {
            faults.add("when", "Choose when it goes out");
            None
        }
    };
    let Some(at) = at.filter(|_| faults.is_empty()) else {
        let page = app.render(&asked(&seen, &typed, &faults))?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    };
    let says = dates::moment(at, now.time_zone());
    let answers = Answers::from([("goes_out".to_owned(), vec![says])]);
    take(
        &mut tx,
        &app.engine(),
        &actor,
        &seen,
        ("schedule", "", answers),
    )
    .await?;
    sending::queue(&mut tx, &actor, &id, at.as_millisecond()).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("/posts/{id}?done=scheduled")).into_response())
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Why {
    why: String,
}

fn taking_down(seen: &Seen, typed: &Why, faults: &Faults) -> FormPage {
    let id = &seen.case.id;
    FormPage {
        title: "Take it down".to_owned(),
        caption: answer(&seen.case, "title").to_owned(),
        back: format!("/posts/{id}"),
        action: format!("/posts/{id}/take-down"),
        lead: vec![
            "Whoever looks after the account deletes it on the platform, and says so here. The copy that is kept stays, so \
             that the school can always say what the world saw."
                .to_owned(),
        ],
        fields: vec![
            Field::new(Asked::Lines, "why", "Why?")
                .value(&typed.why)
                .faulted(faults),
        ],
        button: "Have it taken down".to_owned(),
        destructive: true,
        ..FormPage::default()
    }
}

async fn ask(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<CaseId>,
) -> Result<Html<String>, Problem> {
    let mut tx = app.store()?.begin(&actor.trust).await?;
    let seen = sight(&mut tx, &actor, &id).await?;
    tx.commit_unrecorded().await?;
    if !may(&seen, "take-down") {
        return Err(PostError::NotTheirs.into());
    }
    app.render(&taking_down(&seen, &Why::default(), &Faults::default()))
}

async fn take_down(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<CaseId>,
    Form(typed): Form<Why>,
) -> Result<Response, Problem> {
    let mut tx = app.store()?.begin(&actor.trust).await?;
    let seen = sight(&mut tx, &actor, &id).await?;
    if typed.why.trim().is_empty() {
        let mut faults = Faults::default();
        faults.add("why", "Say why it is taken down");
        let page = app.render(&taking_down(&seen, &typed, &faults))?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    let step = ("take-down", typed.why.as_str(), Answers::new());
    take(&mut tx, &app.engine(), &actor, &seen, step).await?;
    sending::take_down(&mut tx, &actor, &id).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("/posts/{id}?done=taking-down")).into_response())
}

async fn correct(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<CaseId>,
) -> Result<Html<String>, Problem> {
    let mut tx = app.store()?.begin(&actor.trust).await?;
    let seen = sight(&mut tx, &actor, &id).await?;
    tx.commit_unrecorded().await?;
    if !may(&seen, "correct") {
        return Err(PostError::NotTheirs.into());
    }
    app.render(&FormPage {
        title: "Correct it".to_owned(),
        caption: answer(&seen.case, "title").to_owned(),
        back: format!("/posts/{id}"),
        action: format!("/posts/{id}/correct"),
        lead: vec![
            "A correction is a post of its own, which begins with the text of this one: somebody else approves it, and it \
             goes to the accounts when it is due. What the world saw until then stays on record as it was."
                .to_owned(),
        ],
        button: "Write the correction".to_owned(),
        ..FormPage::default()
    })
}

async fn begin(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<CaseId>,
) -> Result<Redirect, Problem> {
    let mut tx = app.store()?.begin(&actor.trust).await?;
    let seen = sight(&mut tx, &actor, &id).await?;
    take(
        &mut tx,
        &app.engine(),
        &actor,
        &seen,
        ("correct", "", Answers::new()),
    )
    .await?;
    tx.commit().await?;
    let reference = &seen.case.reference;
    Ok(Redirect::to(&format!("/posts/new?corrects={reference}")))
}
