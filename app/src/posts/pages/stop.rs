//! The emergency stop: what is held, one click to hold everything, and a step to let it go on.

use std::collections::BTreeSet;

use axum::extract::State;
use axum::response::{Html, Redirect};
use serde::{Deserialize, Serialize};

use super::super::{PostError, REGISTER, hold, may_go, sending, told};
use crate::accounts;
use crate::authority::{Access, Actor, Role, Routes};
use crate::cases;
use crate::people;
use crate::schools::{self, School};
use crate::store::{PersonId, Query as _, SchoolId, Tx};
use crate::values;
use crate::web::App;
use crate::web::dates;
use crate::web::extract::{Form, Path};
use crate::web::form::FormPage;
use crate::web::page::{Page, Section};
use crate::web::problem::Problem;

/// `posts/stop.html`.
#[derive(Debug, Default, Serialize)]
pub(crate) struct StopPage {
    /// What the reader may hold: the address's name of it, and words.
    may_hold: Vec<(String, String)>,
    held: Vec<Line>,
}

#[derive(Debug, Serialize)]
struct Line {
    id: String,
    what: String,
    when: String,
    by: String,
    may_lift: bool,
}

impl Page for StopPage {
    const TEMPLATE: &'static str = "posts/stop.html";
    const SECTION: Option<Section> = Some(Section::Home);

    fn samples() -> Vec<Self> {
        let line = |may_lift| Line {
            id: "01k".into(),
            what: "Ash Primary".into(),
            when: "20 November 2026 at 9am".into(),
            by: "Kate Adeyemi".into(),
            may_lift,
        };
        let full = Self {
            may_hold: vec![("ash".into(), "Ash Primary".into())],
            held: vec![line(true), line(false)],
        };
        vec![full, Self::default()]
    }
}

pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/posts/stop", Access::SignedIn, show)
        .post("/posts/stop", Access::SignedIn, stop)
        .get("/posts/stop/{hold}/lift", Access::SignedIn, confirm)
        .post("/posts/stop/{hold}/lift", Access::SignedIn, lift)
}

/// Whether a setting of the register lets somebody do this at a school, or for the whole trust where none is named.
async fn may(
    tx: &mut Tx,
    app: &App,
    actor: &Actor,
    (setting, school): (&str, Option<&SchoolId>),
) -> Result<bool, PostError> {
    let registers = app.engine().registers();
    let rules = cases::in_force(tx, &registers, REGISTER, school, app.today()).await?;
    Ok(accounts::holds_one_of(
        actor,
        rules.settings.roles(setting),
        school,
    ))
}

async fn show(State(app): State<App>, actor: Actor) -> Result<Html<String>, Problem> {
    let mut tx = app.store()?.begin(&actor.trust).await?;
    let page = page(&mut tx, &app, &actor).await?;
    tx.commit_unrecorded().await?;
    app.render(&page)
}

async fn page(tx: &mut Tx, app: &App, actor: &Actor) -> Result<StopPage, PostError> {
    let holds = hold::open(tx).await?;
    let schools = schools::all(tx).await?;
    let zone = app.clock().zoned().time_zone().clone();
    let is_held = |school: Option<&SchoolId>| holds.iter().any(|one| one.school.as_ref() == school);
    let mut page = StopPage::default();
    let open = schools.iter().filter(|one| one.is_open(app.today()));
    for school in open {
        let id = Some(&school.id);
        if !is_held(id) && may(tx, app, actor, ("stops", id)).await? {
            let says = school.details.name.clone();
            page.may_hold.push((school.id.to_string(), says));
        }
    }
    if !is_held(None) && may(tx, app, actor, ("stops", None)).await? {
        page.may_hold
            .push((String::new(), "The whole trust".to_owned()));
    }
    for one in &holds {
        let by = match &one.placed_by {
            Some(person) => people::find(tx, person).await?,
            None => None,
        };
        let at = jiff::Timestamp::from_millisecond(one.placed_at).unwrap_or_default();
        page.held.push(Line {
            id: one.id.to_string(),
            what: called(&schools, one.school.as_ref()),
            when: dates::moment(at, &zone),
            by: by.map_or_else(|| "the program".to_owned(), |person| person.name()),
            may_lift: may(tx, app, actor, ("lifts", one.school.as_ref())).await?,
        });
    }
    Ok(page)
}

fn called(schools: &[School], school: Option<&SchoolId>) -> String {
    let found = schools.iter().find(|one| Some(&one.id) == school);
    found.map_or_else(
        || "The whole trust".to_owned(),
        |school| school.details.name.clone(),
    )
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct What {
    school: String,
}

async fn stop(
    State(app): State<App>,
    actor: Actor,
    Form(what): Form<What>,
) -> Result<Redirect, Problem> {
    let mut tx = app.store()?.begin(&actor.trust).await?;
    let school = match what.school.as_str() {
        "" => None,
        id => {
            let id = id.parse().map_err(|_| PostError::NotFound)?;
            let found = schools::find(&mut tx, &id).await?;
            Some(found.ok_or(PostError::NotFound)?.id)
        }
    };
    if !may(&mut tx, &app, &actor, ("stops", school.as_ref())).await? {
        return Err(PostError::NotFound.into());
    }
    match hold::place(&mut tx, &actor, school.as_ref()).await? {
        true => {
            let says = (
                "All scheduled posts are held",
                "Nothing goes out from the school’s accounts until somebody lets it go on. Put nothing out by hand \
                 meanwhile.",
            );
            tell(&mut tx, &actor, school.as_ref(), says).await?;
            tx.commit().await?;
        }
        false => tx.commit_unrecorded().await?,
    }
    Ok(Redirect::to("/posts/stop"))
}

/// Tells those whose posts wait, and those who lead and publish, of a stop or of its end.
async fn tell(
    tx: &mut Tx,
    actor: &Actor,
    school: Option<&SchoolId>,
    says: (&str, &str),
) -> Result<(), PostError> {
    let mut whom: BTreeSet<PersonId> = BTreeSet::new();
    for role in [
        Role::Head,
        Role::SeniorLeader,
        Role::Publisher,
        Role::TrustAdministrator,
    ] {
        let rows = tx
            .all(
                "SELECT DISTINCT person AS id FROM held_role WHERE trust = $1 AND role = $2 \
                   AND ($3 = '' OR school IS NULL OR school = $3)",
                values![role, school.map_or("", SchoolId::as_str)],
            )
            .await?;
        for row in rows {
            whom.insert(row.get("id")?);
        }
    }
    for waiting in sending::waiting(tx).await? {
        if school.is_none() || waiting.school.as_ref() == school {
            let store = tx.store().clone();
            let of = (&store, &actor.trust);
            let post = cases::one_of(tx, of, REGISTER, &waiting.case).await?;
            whom.extend(post.as_ref().and_then(may_go::answers_for).cloned());
        }
    }
    let today = tx.store().clock().today();
    for person in whom {
        let found = people::find(tx, &person).await?;
        if found.is_some_and(|found| found.standing(today) == people::Standing::Current) {
            told::tell(tx, &person, says, "/posts/stop".to_owned()).await?;
        }
    }
    Ok(())
}

/// A hold that whoever asks may lift.
async fn theirs(tx: &mut Tx, app: &App, actor: &Actor, id: &str) -> Result<hold::Hold, PostError> {
    let holds = hold::open(tx).await?;
    let one = holds.into_iter().find(|one| one.id.as_str() == id);
    let one = one.ok_or(PostError::NotFound)?;
    match may(tx, app, actor, ("lifts", one.school.as_ref())).await? {
        true => Ok(one),
        false => Err(PostError::NotFound),
    }
}

async fn confirm(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<String>,
) -> Result<Html<String>, Problem> {
    let mut tx = app.store()?.begin(&actor.trust).await?;
    let one = theirs(&mut tx, &app, &actor, &id).await?;
    let schools = schools::all(&mut tx).await?;
    tx.commit_unrecorded().await?;
    app.render(&FormPage {
        title: "Let the posts go on".to_owned(),
        caption: called(&schools, one.school.as_ref()),
        back: "/posts/stop".to_owned(),
        action: format!("/posts/stop/{id}/lift"),
        lead: vec![
            "What has fallen due meanwhile goes out within a minute. Look at the calendar first, and take out of the plan \
             what is no longer fitting."
                .to_owned(),
        ],
        button: "Let them go on".to_owned(),
        ..FormPage::default()
    })
}

async fn lift(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<String>,
) -> Result<Redirect, Problem> {
    let mut tx = app.store()?.begin(&actor.trust).await?;
    let one = theirs(&mut tx, &app, &actor, &id).await?;
    hold::lift(&mut tx, &actor, &one).await?;
    let says = (
        "Scheduled posts go on",
        "Somebody let the posts go on that were held. What has fallen due goes out within a minute.",
    );
    tell(&mut tx, &actor, one.school.as_ref(), says).await?;
    tx.commit().await?;
    Ok(Redirect::to("/posts/stop"))
}
