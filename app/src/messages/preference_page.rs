//! Choosing which messages come by e-mail, and trying an address again that did not work.

use axum::extract::State;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use serde::{Deserialize, Serialize};

use super::inbox::person;
use super::message::{Message, send};
use super::preference::{ByMail, prefer, preference};
use crate::authority::{Access, Actor, Routes};
use crate::mail;
use crate::store::{PersonId, Query as _, Reader, StoreError};
use crate::values;
use crate::web::App;
use crate::web::extract::{Form, Query};
use crate::web::page::{Page, Section};
use crate::web::problem::Problem;

/// `messages/preference.html`.
#[derive(Debug, Serialize)]
pub(crate) struct PreferencePage {
    /// The address that messages go to; none where none is known.
    email: Option<String>,
    broken: bool,
    /// What is chosen, or nothing where the form was sent without a choice.
    by_mail: Option<ByMail>,
    error: Option<&'static str>,
    /// What was done just now: `saved`, `trying`, or nothing.
    done: String,
}

impl Page for PreferencePage {
    const TEMPLATE: &'static str = "messages/preference.html";
    const SECTION: Option<Section> = Some(Section::Home);

    fn samples() -> Vec<Self> {
        let page = |email: Option<&str>, broken, error: Option<_>, done: &str| Self {
            email: email.map(Into::into),
            broken,
            by_mail: error.is_none().then_some(ByMail::Daily),
            error,
            done: done.into(),
        };
        vec![
            page(Some("kate@ash.example"), false, None, "saved"),
            page(Some("kate@ash.example"), true, Some(CHOOSE), ""),
            page(Some("kate@ash.example"), false, None, "trying"),
            page(None, false, None, ""),
        ]
    }
}

const CHOOSE: &str = "Choose which messages you want by e-mail";

pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/me/messages", Access::SignedIn, show)
        .post("/me/messages", Access::SignedIn, choose)
        .post("/me/messages/try", Access::SignedIn, try_again)
}

#[derive(Debug, Deserialize)]
struct Shown {
    #[serde(default)]
    done: String,
}

#[derive(Debug, Deserialize)]
struct Choice {
    #[serde(default)]
    by_mail: String,
}

async fn show(
    State(app): State<App>,
    actor: Actor,
    Query(shown): Query<Shown>,
) -> Result<Html<String>, Problem> {
    let person = person(&actor)?;
    let mut reader = app.store()?.read(&actor.trust);
    let by_mail = Some(preference(&mut reader, person).await?);
    let page = page(&mut reader, person, by_mail).await?;
    app.render(&PreferencePage {
        done: shown.done,
        ..page
    })
}

async fn page(
    reader: &mut Reader,
    person: &PersonId,
    by_mail: Option<ByMail>,
) -> Result<PreferencePage, StoreError> {
    let row = reader
        .first(
            "SELECT email FROM person WHERE trust = $1 AND id = $2",
            values![person],
        )
        .await?;
    Ok(PreferencePage {
        email: row.map_or(Ok(None), |row| row.get("email"))?,
        broken: mail::fault(reader, person).await?.is_some(),
        error: by_mail.is_none().then_some(CHOOSE),
        by_mail,
        done: String::new(),
    })
}

async fn choose(
    State(app): State<App>,
    actor: Actor,
    Form(choice): Form<Choice>,
) -> Result<Response, Problem> {
    let person = person(&actor)?;
    let store = app.store()?;
    let Some(by_mail) = ByMail::named(&choice.by_mail) else {
        let page = page(&mut store.read(&actor.trust), person, None).await?;
        return Ok(app.render(&page)?.into_response());
    };
    let mut tx = store.begin(&actor.trust).await?;
    if prefer(&mut tx, &actor, person, by_mail).await? {
        tx.commit().await?;
    }
    Ok(Redirect::to("/me/messages?done=saved").into_response())
}

/// Sends a message to oneself, to an address that did not work.
async fn try_again(State(app): State<App>, actor: Actor) -> Result<Redirect, Problem> {
    let person = person(&actor)?;
    let mut tx = app.store()?.begin(&actor.trust).await?;
    if mail::fault(&mut tx, person).await?.is_none() {
        return Ok(Redirect::to("/me/messages"));
    }
    mail::forget_fault(&mut tx, person).await?;
    let message = Message {
        subject: "Your e-mail address works".to_owned(),
        body: "You asked Probity to try your e-mail address again. If you read this in your \
               mailbox, it works."
            .to_owned(),
        link: None,
        urgent: true,
        confidential: false,
    };
    send(&mut tx, person, &message).await?;
    tx.commit_unrecorded().await?;
    Ok(Redirect::to("/me/messages?done=trying"))
}
