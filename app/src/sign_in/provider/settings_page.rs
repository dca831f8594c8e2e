//! The administrator's page for providers and for how long passwords must be.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use openidconnect::IssuerUrl;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::record::{self, Provider, ProviderId, Shown};
use super::role_page::to;
use crate::authority::{Access, Action, Permit, Routes};
use crate::ledger::{Change, record_event};
use crate::people;
use crate::sign_in::account;
use crate::sign_in::again::recent;
use crate::sign_in::form::Faults;
use crate::values;
use crate::web::App;
use crate::web::extract::{Form, Path};
use crate::web::form::FormPage;
use crate::web::page::{Page, Section};
use crate::web::problem::{Kind, Problem};

/// Whoever changes how all others sign in has proved who they are so many minutes ago, at most.
pub(super) const RECENT: i64 = 30;

/// `sign_in/settings.html`.
#[derive(Debug, Default, Serialize)]
pub(crate) struct SettingsPage {
    providers: Vec<Shown>,
    /// Those that stood in the settings and no longer do.
    left_over: Vec<Shown>,
    shortest: usize,
    name: String,
    issuer: String,
    client_id: String,
    trusts_email: bool,
    private_network: bool,
    faults: Faults,
}

impl Page for SettingsPage {
    const TEMPLATE: &'static str = "sign_in/settings.html";
    const SECTION: Option<Section> = Some(Section::Administration);

    fn samples() -> Vec<Self> {
        let provider = Shown {
            id: "01j".into(),
            name: "Microsoft".into(),
            issuer: "https://login.example/v2.0".into(),
            client_id: "abc".into(),
            source: None,
        };
        let set = Shown {
            source: Some("/etc/probity/probity.toml:3".into()),
            ..provider.clone()
        };
        let whole = Self {
            left_over: vec![provider.clone()],
            providers: vec![provider, set],
            shortest: 12,
            trusts_email: true,
            private_network: true,
            faults: Faults::one("issuer", "Enter the issuer's address"),
            ..Self::default()
        };
        vec![Self::default(), whole]
    }
}

pub(in crate::sign_in) fn routes() -> Routes {
    let may = Access::MayEverywhere(Action::ManageSettings);
    Routes::new()
        .get("/administration/sign-in", may, show)
        .post("/administration/sign-in/passwords", may, set_shortest)
        .post("/administration/sign-in/providers", may, add)
        .get(
            "/administration/sign-in/providers/{provider}/remove",
            may,
            confirm,
        )
        .post(
            "/administration/sign-in/providers/{provider}/remove",
            may,
            remove,
        )
}

async fn page(app: &App, permit: &Permit, page: SettingsPage) -> Result<Response, Problem> {
    recent(app, permit.actor(), RECENT)?;
    let trust = &permit.actor().trust;
    let mut reader = app.store()?.read(trust);
    let status = match page.faults.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let page = SettingsPage {
        providers: record::list(app, trust).await?,
        left_over: record::left_over(app, trust).await?,
        shortest: account::shortest_password(&mut reader).await?,
        ..page
    };
    Ok((status, app.render(&page)?).into_response())
}

async fn show(State(app): State<App>, permit: Permit) -> Result<Response, Problem> {
    page(&app, &permit, SettingsPage::default()).await
}

#[derive(Deserialize)]
struct Shortest {
    #[serde(default)]
    shortest: String,
}

async fn set_shortest(
    State(app): State<App>,
    permit: Permit,
    Form(given): Form<Shortest>,
) -> Result<Response, Problem> {
    recent(&app, permit.actor(), RECENT)?;
    let shortest = given.shortest.trim().parse::<i64>().ok();
    let Some(shortest) = shortest.filter(|length| (10..=64).contains(length)) else {
        let faults = Faults::one("shortest", "Enter a number from 10 to 64");
        let wrong = SettingsPage {
            faults,
            ..SettingsPage::default()
        };
        return page(&app, &permit, wrong).await;
    };
    let actor = permit.actor();
    let mut tx = app.store()?.begin(&actor.trust).await?;
    tx.execute(
        "INSERT INTO sign_in_setting (trust, shortest_password) VALUES ($1, $2) \
         ON CONFLICT (trust) DO UPDATE SET shortest_password = $2",
        values![shortest],
    )
    .await?;
    let change = Change {
        kind: "sign-in.shortest-password-set",
        record_kind: "trust",
        record: actor.trust.as_str(),
        before: None,
        after: None,
    };
    record_event(&mut tx, actor, Some(Action::ManageSettings), change).await?;
    tx.commit().await?;
    Ok(Redirect::to("/administration/sign-in").into_response())
}

#[derive(Deserialize)]
struct NewProvider {
    #[serde(default)]
    name: String,
    #[serde(default)]
    issuer: String,
    #[serde(default)]
    client_id: String,
    #[serde(default)]
    client_secret: Zeroizing<String>,
    trusts_email: Option<String>,
    private_network: Option<String>,
}

async fn add(
    State(app): State<App>,
    permit: Permit,
    Form(given): Form<NewProvider>,
) -> Result<Response, Problem> {
    recent(&app, permit.actor(), RECENT)?;
    let (trusts_email, private_network) = (
        given.trusts_email.is_some(),
        given.private_network.is_some(),
    );
    let mut faults = Faults::default();
    faults.demand("name", &given.name, "Enter the name that people know it by");
    faults.demand("client_id", &given.client_id, "Enter the client's id");
    faults.demand(
        "client_secret",
        &given.client_secret,
        "Enter the client's secret",
    );
    if !is_issuer(&given.issuer, private_network) {
        let wanted = "Enter the issuer's address, which begins with https://";
        faults.demand("issuer", "", wanted);
    }
    if !faults.is_empty() {
        let wrong = SettingsPage {
            name: given.name,
            issuer: given.issuer,
            client_id: given.client_id,
            trusts_email,
            private_network,
            faults,
            ..SettingsPage::default()
        };
        return page(&app, &permit, wrong).await;
    }
    let actor = permit.actor();
    let mut tx = app.store()?.begin(&actor.trust).await?;
    let provider = Provider {
        id: tx.fresh()?,
        name: given.name.trim().to_owned(),
        issuer: given.issuer.trim().to_owned(),
        client_id: given.client_id.trim().to_owned(),
        client_secret: Zeroizing::new(given.client_secret.trim().to_owned()),
        trusts_email,
        private_network,
        source: None,
    };
    record::add(&mut tx, actor, &provider).await?;
    tx.commit().await?;
    // What the provider must be told stands on its page.
    Ok(Redirect::to(&to(&provider.id)).into_response())
}

fn is_issuer(text: &str, private_network: bool) -> bool {
    IssuerUrl::new(text.trim().to_owned()).is_ok_and(|issuer| {
        let scheme = issuer.url().scheme();
        scheme == "https" || (private_network && scheme == "http")
    })
}

/// The name of a provider that may be removed on a page: one that does not stand in the settings.
async fn removable(app: &App, permit: &Permit, id: &ProviderId) -> Result<String, Problem> {
    recent(app, permit.actor(), RECENT)?;
    let trust = &permit.actor().trust;
    if let Some(known) = record::find(app, trust, id).await? {
        return match known.source {
            None => Ok(known.name),
            Some(_) => Err(Problem::new(Kind::Forbidden).detail(
                "This provider stands in the settings. Whoever looks after the machine removes it \
                 there.",
            )),
        };
    }
    let left = record::left_over(app, trust).await?;
    let left = left.into_iter().find(|left| left.id == id.as_str());
    left.map(|left| left.name)
        .ok_or_else(|| Problem::new(Kind::NotFound).detail("There is no such provider."))
}

async fn confirm(
    State(app): State<App>,
    permit: Permit,
    Path(id): Path<ProviderId>,
) -> Result<Html<String>, Problem> {
    let name = removable(&app, &permit, &id).await?;
    let mut reader = app.store()?.read(&permit.actor().trust);
    let people = people::claiming(&mut reader, id.as_str(), app.today()).await?;
    let roles = match people {
        0 => "Nobody has a role from it.".to_owned(),
        1 => "One person has roles from it and loses them now.".to_owned(),
        several => format!("{several} people have roles from it and lose them now."),
    };
    app.render(&FormPage {
        title: "Remove this provider".to_owned(),
        caption: name,
        back: "/administration/sign-in".to_owned(),
        action: format!("{}/remove", to(&id)),
        lead: vec![roles],
        warning:
            "People can no longer sign in with it. Make sure that you can sign in another way."
                .to_owned(),
        button: "Remove".to_owned(),
        destructive: true,
        ..FormPage::default()
    })
}

async fn remove(
    State(app): State<App>,
    permit: Permit,
    Path(id): Path<ProviderId>,
) -> Result<Redirect, Problem> {
    removable(&app, &permit, &id).await?;
    let actor = permit.actor();
    let mut tx = app.store()?.begin(&actor.trust).await?;
    record::remove(&mut tx, actor, &id).await?;
    tx.commit().await?;
    Ok(Redirect::to("/administration/sign-in"))
}
