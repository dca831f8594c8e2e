//! Asking for a new password by mail. The answer is the same whether anybody has the address.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse as _, Response};
use serde::{Deserialize, Serialize};

use super::client::Client;
use super::entering::Entering;
use super::entry::{Candidate, count, failed};
use super::form::{Faults, no_trust};
use super::links::{self, LinkKind, RESET};
use super::{account, letters};
use crate::authority::{Access, Identity, Routes};
use crate::web::App;
use crate::web::extract::Form;
use crate::web::page::{Page, Section};
use crate::web::problem::Problem;

/// `sign_in/forgot.html`.
#[derive(Debug, Default, Serialize)]
pub(crate) struct ForgotPage {
    /// Whether this site can send mail.
    by_mail: bool,
    sent: bool,
    faults: Faults,
}

impl Page for ForgotPage {
    const TEMPLATE: &'static str = "sign_in/forgot.html";
    const SECTION: Option<Section> = None;

    fn samples() -> Vec<Self> {
        let page = |by_mail, sent, faults| Self {
            by_mail,
            sent,
            faults,
        };
        vec![
            page(false, false, Faults::default()),
            page(
                true,
                false,
                Faults::one("name", "Enter your e-mail address"),
            ),
            page(true, true, Faults::default()),
        ]
    }
}

pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/sign-in/forgot", Access::Open, show)
        .post("/sign-in/forgot", Access::Open, send)
}

async fn show(State(app): State<App>) -> Result<Html<String>, Problem> {
    app.store()?;
    app.render(&ForgotPage {
        by_mail: app.mailer().is_set_up(),
        ..ForgotPage::default()
    })
}

#[derive(Deserialize)]
struct Given {
    #[serde(default)]
    name: String,
}

async fn send(
    State(app): State<App>,
    identity: Identity,
    client: Client,
    headers: HeaderMap,
    Form(given): Form<Given>,
) -> Result<Response, Problem> {
    let trust = identity.trust.as_ref().ok_or_else(no_trust)?;
    let by_mail = app.mailer().is_set_up();
    let mut faults = Faults::default();
    faults.demand("name", &given.name, "Enter your e-mail address");
    if !by_mail || !faults.is_empty() {
        let page = ForgotPage {
            by_mail,
            sent: false,
            faults,
        };
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, app.render(&page)?).into_response());
    }
    let entering = Entering {
        app: &app,
        trust,
        identity: &identity,
        headers: &headers,
        next: None,
    };
    let candidate = Candidate::find(&entering, &given.name).await?;
    let attempt = candidate.attempt("forgot", &given.name, client);
    // Whoever asks too often is answered alike; only nothing more is sent.
    let allowed = count(&app, trust, attempt).await?.is_ok();
    let mailed = candidate.account.as_ref();
    match mailed.filter(|account| allowed && account.person.email.is_some()) {
        Some(account) => {
            let mut tx = app.store()?.begin(trust).await?;
            let actor = account::acting(&mut tx, trust, &account.person).await?;
            let person = &account.person.id;
            let path = links::make_link(&mut tx, &actor, person, LinkKind::Reset, RESET).await?;
            letters::send(&mut tx, person, LinkKind::Reset, path).await?;
            tx.commit().await?;
        }
        None if allowed => failed(&app, trust, None, "sign-in.reset-for-nobody").await?,
        None => {}
    }
    let page = ForgotPage {
        by_mail,
        sent: true,
        ..ForgotPage::default()
    };
    Ok(app.render(&page)?.into_response())
}
