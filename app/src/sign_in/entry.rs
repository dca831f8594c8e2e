//! The page where people sign in with a password, and the way out.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::account::{self, Account};
use super::client::Client;
use super::cookie::Cookie;
use super::entering::Entering;
use super::form::{Faults, no_trust};
use super::next::own_path;
use super::provider;
use super::session::{self, Method};
use super::tries::{self, Try, Wait};
use super::{known, password};
use crate::authority::{Access, Actor, Identity, Means, Routes};
use crate::store::TrustId;
use crate::web::App;
use crate::web::extract::{Form, Query};
use crate::web::page::{Page, Section};
use crate::web::problem::Problem;

/// `sign_in/sign-in.html`.
#[derive(Debug, Default, Serialize)]
pub(crate) struct SignInPage {
    next: String,
    name: String,
    providers: Vec<Choice>,
    faults: Faults,
}

/// A provider to sign in with.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Choice {
    pub(super) text: String,
    pub(super) href: String,
}

/// The providers of a trust, each leading on to the page that was wanted.
async fn choices(app: &App, trust: &TrustId, next: &str) -> Result<Vec<Choice>, Problem> {
    choices_at(app, trust, next, "/sign-in/with").await
}

/// The providers of a trust, by way of an address of this site.
pub(super) async fn choices_at(
    app: &App,
    trust: &TrustId,
    next: &str,
    way: &str,
) -> Result<Vec<Choice>, Problem> {
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("next", next)
        .finish();
    let providers = provider::list(app, trust).await?;
    let choice = |provider: provider::Shown| Choice {
        text: format!("Sign in with {}", provider.name),
        href: format!("{way}/{}?{query}", provider.id),
    };
    Ok(providers.into_iter().map(choice).collect())
}

impl Page for SignInPage {
    const TEMPLATE: &'static str = "sign_in/sign-in.html";
    const SECTION: Option<Section> = None;

    fn samples() -> Vec<Self> {
        let faulty = Self {
            next: "/people".into(),
            name: "k.adeyemi".into(),
            providers: vec![Choice {
                text: "Sign in with Microsoft".into(),
                href: "/sign-in/with/01j".into(),
            }],
            faults: Faults::one("name", "That name and password do not fit together"),
        };
        vec![Self::default(), faulty]
    }
}

pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/sign-in", Access::Open, show)
        .post("/sign-in", Access::Open, by_password)
        .post("/sign-out", Access::Open, sign_out)
}

#[derive(Deserialize)]
struct Asked {
    next: Option<String>,
}

async fn show(
    State(app): State<App>,
    identity: Identity,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    app.store()?;
    let next = own_path(asked.next.as_deref());
    if identity.actor.is_some() {
        return Ok(Redirect::to(next).into_response());
    }
    let page = SignInPage {
        next: next.to_owned(),
        providers: match &identity.trust {
            Some(trust) => choices(&app, trust, next).await?,
            None => Vec::new(),
        },
        ..SignInPage::default()
    };
    Ok(app.render(&page)?.into_response())
}

#[derive(Deserialize)]
struct Given {
    #[serde(default)]
    name: String,
    #[serde(default)]
    password: Zeroizing<String>,
    next: Option<String>,
}

/// The same answer for an unknown name as for a wrong password, after the same work.
const WRONG: &str = "That name and password do not fit together. Check both and try again";

/// What is told to somebody who must wait.
pub(super) fn too_many(wait: Wait) -> String {
    format!(
        "There were too many tries. Try again {}, or ask for a new password: that works at once",
        wait.told()
    )
}

async fn by_password(
    State(app): State<App>,
    identity: Identity,
    client: Client,
    headers: HeaderMap,
    Form(given): Form<Given>,
) -> Result<Response, Problem> {
    let trust = identity.trust.as_ref().ok_or_else(no_trust)?;
    let entering = Entering {
        app: &app,
        trust,
        identity: &identity,
        headers: &headers,
        next: given.next.as_deref(),
    };
    let providers = choices(&app, trust, own_path(given.next.as_deref())).await?;
    let refuse = |status: StatusCode, faults: Faults| {
        let page = SignInPage {
            next: own_path(given.next.as_deref()).to_owned(),
            name: given.name.clone(),
            providers: providers.clone(),
            faults,
        };
        Ok((status, app.render(&page)?).into_response())
    };
    let mut faults = Faults::default();
    let name_wanted = "Enter your e-mail address or the name the school gave you";
    faults.demand("name", &given.name, name_wanted);
    faults.demand("password", &given.password, "Enter your password");
    if !faults.is_empty() {
        return refuse(StatusCode::UNPROCESSABLE_ENTITY, faults);
    }
    let candidate = Candidate::find(&entering, &given.name).await?;
    let attempt = candidate.attempt("password", &given.name, client);
    if let Err(wait) = count(&app, trust, attempt).await? {
        let faults = Faults::one("name", too_many(wait));
        return refuse(StatusCode::TOO_MANY_REQUESTS, faults);
    }
    let hash = candidate.account.as_ref();
    let hash = hash.and_then(|account| account.password_hash.clone());
    let given_password = Zeroizing::new(given.password.chars().take(password::LONGEST).collect());
    let right = password::is(given_password, hash).await?;
    match candidate.account.as_ref().filter(|_| right) {
        Some(account) => {
            let mut tx = app.store()?.begin(trust).await?;
            tries::succeeded(&mut tx, trust, attempt).await?;
            let entered = entering.proved(&mut tx, account, Method::Password).await?;
            tx.commit().await?;
            Ok(entered.into_response())
        }
        None => {
            failed(&app, trust, candidate.account.as_ref(), "sign-in.failed").await?;
            let faults = Faults::one("name", WRONG);
            refuse(StatusCode::UNPROCESSABLE_ENTITY, faults)
        }
    }
}

/// Who may be meant by a name, and whether they used this browser before.
#[derive(Debug)]
pub(super) struct Candidate {
    pub(super) account: Option<Account>,
    known: Option<known::KnownId>,
}

impl Candidate {
    pub(super) async fn find(entering: &Entering<'_>, name: &str) -> Result<Self, Problem> {
        let app = entering.app;
        let mut reader = app.store()?.read(entering.trust);
        let account = account::named(&mut reader, name, app.today()).await?;
        Self::of(entering, account).await
    }

    pub(super) async fn of(
        entering: &Entering<'_>,
        account: Option<Account>,
    ) -> Result<Self, Problem> {
        let mut reader = entering.app.store()?.read(entering.trust);
        let person = account.as_ref().map(|account| &account.person.id);
        let (app, trust) = (entering.app, entering.trust);
        let known = known::find(&mut reader, app, trust, entering.headers, person).await?;
        Ok(Self { account, known })
    }

    pub(super) fn attempt<'a>(
        &'a self,
        purpose: &'static str,
        account: &'a str,
        client: Client,
    ) -> Try<'a> {
        Try {
            purpose,
            account,
            address: client.0,
            known: self.known.as_ref(),
        }
    }
}

/// Counts a try, or says how long to wait.
pub(super) async fn count(
    app: &App,
    trust: &TrustId,
    attempt: Try<'_>,
) -> Result<Result<(), Wait>, Problem> {
    let mut tx = app.store()?.begin(trust).await?;
    let counted = tries::count(&mut tx, trust, attempt).await?;
    tx.commit_unrecorded().await?;
    Ok(counted)
}

/// Enters a failure in the ledger: about the person, or about the trust where nobody is meant. The
/// name that was typed is not kept: people type passwords there.
pub(super) async fn failed(
    app: &App,
    trust: &TrustId,
    account: Option<&Account>,
    kind: &'static str,
) -> Result<(), Problem> {
    let mut tx = app.store()?.begin(trust).await?;
    let nobody = Actor {
        trust: trust.clone(),
        person: None,
        name: "somebody who has not signed in".to_owned(),
        roles: Vec::new(),
        means: Means::Token(std::collections::BTreeSet::new()),
    };
    let change = crate::ledger::Change {
        kind,
        record_kind: if account.is_some() { "person" } else { "trust" },
        record: account.map_or(trust.as_str(), |account| account.person.id.as_str()),
        before: None,
        after: None,
    };
    crate::ledger::record_event(&mut tx, &nobody, None, change).await?;
    tx.commit().await?;
    Ok(())
}

/// Ends the session. Without one there is nothing to end, and that is no fault.
async fn sign_out(State(app): State<App>, actor: Option<Actor>) -> Result<Response, Problem> {
    if let Some(actor) = &actor
        && let (Means::Session { id, .. }, Some(person)) = (&actor.means, &actor.person)
    {
        let mut tx = app.store()?.begin(&actor.trust).await?;
        session::remove(&mut tx, id).await?;
        session::about(&mut tx, actor, person, "sign-in.ended").await?;
        tx.commit().await?;
    }
    Ok((Cookie::Session.clear(&app), Redirect::to("/")).into_response())
}
