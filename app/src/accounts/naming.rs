//! Naming somebody for an account, and ending it: by whom the school's policy lets, never by oneself.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use serde::Deserialize;

use super::keeper::{self, Keeping, Kept};
use super::sight::{Sight, sight};
use super::{AccountError, says};
use crate::authority::{Access, Actor, Routes};
use crate::cases::CaseId;
use crate::mail::Link;
use crate::messages::{self, Message};
use crate::people;
use crate::store::{PersonId, Tx};
use crate::web::App;
use crate::web::extract::{Form, Path};
use crate::web::form::{Asked, Choice, Faults, Field, FormPage, Hidden};
use crate::web::problem::{Kind, Problem};

/// The most people to choose from; more are found by more of their name.
const AT_MOST: u32 = 10;

pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/accounts/{case}/name/{part}", Access::SignedIn, form)
        .post("/accounts/{case}/name/{part}", Access::SignedIn, save)
        .get("/accounts/{case}/end/{keeper}", Access::SignedIn, confirm)
        .post("/accounts/{case}/end/{keeper}", Access::SignedIn, finish)
}

/// What the form sends: first a name, then whom of those found.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Typed {
    q: String,
    person: String,
}

/// The account and what somebody may be named for, where whoever asks may do so.
async fn may_name(
    tx: &mut Tx,
    app: &App,
    actor: &Actor,
    (case, part): (&CaseId, &str),
) -> Result<(Sight, Keeping), Problem> {
    let seen = sight(tx, &app.engine(), actor, case).await?;
    let part = Keeping::named(part).ok_or_else(|| Problem::new(Kind::NotFound))?;
    match seen.may_name.contains(&part) {
        true => Ok((seen, part)),
        false => Err(Problem::new(Kind::Forbidden)),
    }
}

async fn form(
    State(app): State<App>,
    actor: Actor,
    Path((case, part)): Path<(CaseId, String)>,
) -> Result<Html<String>, Problem> {
    let mut tx = app.store()?.begin(&actor.trust).await?;
    let (seen, part) = may_name(&mut tx, &app, &actor, (&case, &part)).await?;
    tx.commit_unrecorded().await?;
    app.render(&asked(
        &app,
        &seen,
        part,
        &Typed::default(),
        Vec::new(),
        &Faults::default(),
    ))
}

fn asked(
    app: &App,
    seen: &Sight,
    part: Keeping,
    typed: &Typed,
    found: Vec<Choice>,
    faults: &Faults,
) -> FormPage {
    let id = &seen.case.id;
    let search = found.is_empty();
    let field = match search {
        true => Field::new(
            Asked::Text,
            "q",
            "Whom? A part of their name, or their e-mail address",
        )
        .value(&typed.q)
        .faulted(faults),
        false => Field::new(Asked::Radios, "person", "Which of these?")
            .items(found)
            .value(&typed.person)
            .faulted(faults),
    };
    FormPage {
        title: match part {
            Keeping::Administrator => "Name an administrator",
            Keeping::Poster => "Name somebody who posts",
            Keeping::LogIn => "Name somebody who may open the log-in",
        }
        .to_owned(),
        caption: says(&seen.case, app.library().platforms()),
        back: format!("/accounts/{id}"),
        action: format!("/accounts/{id}/name/{}", part.name()),
        lead: lead(seen, part),
        fields: vec![field],
        hidden: match search {
            true => Vec::new(),
            false => vec![Hidden::new("q", &typed.q)],
        },
        button: match search {
            true => "Look for them".to_owned(),
            false => "Name them".to_owned(),
        },
        ..FormPage::default()
    }
}

/// What goes with naming somebody.
fn lead(seen: &Sight, part: Keeping) -> Vec<String> {
    let text = match part {
        Keeping::Administrator => {
            "An administrator answers for the account: they keep it up, and may lodge and change its log-in. Where the \
             platform has rights of its own for each person, give them those as well."
        }
        Keeping::Poster => {
            "They may post on this account and on no other. Best by rights of their own on the platform, so that they \
             need no log-in."
        }
        Keeping::LogIn if seen.custody.settings.says_yes("one_holder") => {
            "The school’s policy lets nobody share a log-in: one person at a time may open it. Whoever is named for it \
             now ends, and the log-in is to be changed if they have seen it."
        }
        Keeping::LogIn => {
            "Only those named here can open the log-in, and each time they say why. You see every opening. Name as few \
             as you can."
        }
    };
    vec![
        text.to_owned(),
        "They are told, and it ends by itself when they leave or lose their role.".to_owned(),
    ]
}

async fn save(
    State(app): State<App>,
    actor: Actor,
    Path((case, part)): Path<(CaseId, String)>,
    Form(typed): Form<Typed>,
) -> Result<Response, Problem> {
    let mut tx = app.store()?.begin(&actor.trust).await?;
    let (seen, part) = may_name(&mut tx, &app, &actor, (&case, &part)).await?;
    let mut faults = Faults::default();
    let today = app.today();
    let people = match typed.q.trim() {
        "" => Vec::new(),
        q => people::colleagues(&mut tx, seen.case.school.as_ref(), today, q, AT_MOST).await?,
    };
    let others = people
        .iter()
        .filter(|one| Some(&one.id) != actor.person.as_ref());
    let found: Vec<Choice> = others
        .map(|one| Choice::new(one.id.as_str(), &one.name))
        .collect();
    if typed.q.trim().is_empty() {
        faults.add("q", "Enter a part of their name, or their e-mail address");
    } else if found.is_empty() {
        faults.add(
            "q",
            match people.is_empty() {
                true => "Nobody who works here has that name or address. Enter another part of it",
                false => "Nobody names themselves: somebody else who may do so names you",
            },
        );
    }
    let chosen = found.iter().find(|choice| choice.value == typed.person);
    if !typed.person.is_empty() && chosen.is_none() {
        faults.add("person", "Choose one of these");
    }
    let chosen = chosen.and_then(|choice| choice.value.parse::<PersonId>().ok());
    if let Some(person) = chosen.filter(|_| faults.is_empty()) {
        appoint(&mut tx, &actor, &seen, (&person, part)).await?;
        tx.commit().await?;
        return Ok(Redirect::to(&format!("/accounts/{case}?done=named")).into_response());
    }
    tx.commit_unrecorded().await?;
    let status = match faults.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let page = asked(&app, &seen, part, &typed, found, &faults);
    Ok((status, app.render(&page)?).into_response())
}

/// Names somebody and tells them; where only one person may open a log-in, whoever could before can no more.
async fn appoint(
    tx: &mut Tx,
    actor: &Actor,
    seen: &Sight,
    (person, part): (&PersonId, Keeping),
) -> Result<(), Problem> {
    if part == Keeping::LogIn && seen.custody.settings.says_yes("one_holder") {
        let others = seen.named.iter().map(|(kept, _)| &kept.keeper);
        for other in others.filter(|other| other.part == part && other.person != *person) {
            keeper::end(tx, actor, other).await?;
        }
    }
    let case = &seen.case.id;
    keeper::name(tx, actor, (case, person, part)).await?;
    let told = Message {
        subject: "You were named for an official account".to_owned(),
        body: format!(
            "From now on you {} It is an account of the school: it says nothing private, and nobody uses it for \
             themselves.",
            match part {
                Keeping::Administrator => "look after it.",
                Keeping::Poster => "may post on it.",
                Keeping::LogIn => "may open its log-in, and say why each time.",
            }
        ),
        link: Some(Link {
            text: "See the account".to_owned(),
            path: format!("/accounts/{case}"),
        }),
        urgent: false,
        confidential: false,
    };
    messages::send(tx, person, &told)
        .await
        .map_err(AccountError::from)?;
    Ok(())
}

/// Somebody who is named for an account, where whoever asks may end it.
async fn may_end(
    tx: &mut Tx,
    app: &App,
    actor: &Actor,
    (case, keeper): (&CaseId, &str),
) -> Result<(Sight, usize), Problem> {
    let seen = sight(tx, &app.engine(), actor, case).await?;
    let mut named = seen.named.iter();
    let at = named.position(|(kept, _)| kept.keeper.id.as_str() == keeper);
    let at = at.ok_or_else(|| Problem::new(Kind::NotFound))?;
    let part = seen.named.get(at).map(|(kept, _)| kept.keeper.part);
    match part.is_some_and(|part| seen.may_name.contains(&part)) {
        true => Ok((seen, at)),
        false => Err(Problem::new(Kind::Forbidden)),
    }
}

async fn confirm(
    State(app): State<App>,
    actor: Actor,
    Path((case, keeper)): Path<(CaseId, String)>,
) -> Result<Html<String>, Problem> {
    let mut tx = app.store()?.begin(&actor.trust).await?;
    let (seen, at) = may_end(&mut tx, &app, &actor, (&case, &keeper)).await?;
    tx.commit_unrecorded().await?;
    let Some((Kept { keeper, person }, _)) = seen.named.get(at) else {
        return Err(Problem::new(Kind::NotFound));
    };
    app.render(&FormPage {
        title: format!("End it: {} is no longer to {}", person.name(), keeper.part.does().replace("may ", "")),
        caption: says(&seen.case, app.library().platforms()),
        back: format!("/accounts/{case}"),
        action: format!("/accounts/{case}/end/{}", keeper.id),
        lead: vec![
            "Take their rights on the platform away as well. If they have seen the log-in, it is to be changed: that is \
             asked for by itself."
                .to_owned(),
        ],
        button: "End it".to_owned(),
        destructive: true,
        ..FormPage::default()
    })
}

async fn finish(
    State(app): State<App>,
    actor: Actor,
    Path((case, keeper)): Path<(CaseId, String)>,
) -> Result<Redirect, Problem> {
    let mut tx = app.store()?.begin(&actor.trust).await?;
    let (seen, at) = may_end(&mut tx, &app, &actor, (&case, &keeper)).await?;
    if let Some((kept, _)) = seen.named.get(at) {
        keeper::end(&mut tx, &actor, &kept.keeper).await?;
    }
    tx.commit().await?;
    Ok(Redirect::to(&format!("/accounts/{case}?done=ended")))
}
