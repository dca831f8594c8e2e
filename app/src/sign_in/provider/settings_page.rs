//! The administrator's page for providers and for how long passwords must be.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Redirect, Response};
use openidconnect::IssuerUrl;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::record::{self, Provider, ProviderId, Shown};
use crate::authority::{Access, Action, Permit, Routes};
use crate::ledger::{Change, record_event};
use crate::sign_in::account;
use crate::sign_in::again::recent;
use crate::sign_in::client::address;
use crate::sign_in::form::Faults;
use crate::values;
use crate::web::App;
use crate::web::extract::{Form, Path};
use crate::web::page::{Page, Section};
use crate::web::problem::{Kind, Problem};

/// Whoever changes how all others sign in has proved who they are so many minutes ago, at most.
const RECENT: i64 = 30;

/// `sign_in/settings.html`.
#[derive(Debug, Default, Serialize)]
pub(crate) struct SettingsPage {
    providers: Vec<Shown>,
    shortest: usize,
    /// What a provider must be told, up to its id.
    back: String,
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
        };
        let whole = Self {
            providers: vec![provider],
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
        .post(
            "/administration/sign-in/providers/{provider}/remove",
            may,
            remove,
        )
}

async fn page(
    app: &App,
    permit: &Permit,
    headers: &HeaderMap,
    page: SettingsPage,
) -> Result<Response, Problem> {
    recent(app, permit.actor(), RECENT)?;
    let mut reader = app.store()?.read(&permit.actor().trust);
    let status = match page.faults.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let page = SettingsPage {
        providers: record::list(&mut reader).await?,
        shortest: account::shortest_password(&mut reader).await?,
        back: address(app, headers, "/sign-in/return/"),
        ..page
    };
    Ok((status, app.render(&page)?).into_response())
}

async fn show(
    State(app): State<App>,
    permit: Permit,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    page(&app, &permit, &headers, SettingsPage::default()).await
}

#[derive(Deserialize)]
struct Shortest {
    #[serde(default)]
    shortest: String,
}

async fn set_shortest(
    State(app): State<App>,
    permit: Permit,
    headers: HeaderMap,
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
        return page(&app, &permit, &headers, wrong).await;
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
    headers: HeaderMap,
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
        return page(&app, &permit, &headers, wrong).await;
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
    };
    record::add(&mut tx, actor, &provider).await?;
    tx.commit().await?;
    Ok(Redirect::to("/administration/sign-in").into_response())
}

fn is_issuer(text: &str, private_network: bool) -> bool {
    IssuerUrl::new(text.trim().to_owned()).is_ok_and(|issuer| {
        let scheme = issuer.url().scheme();
        scheme == "https" || (private_network && scheme == "http")
    })
}

async fn remove(
    State(app): State<App>,
    permit: Permit,
    Path(id): Path<ProviderId>,
) -> Result<Redirect, Problem> {
    let actor = permit.actor();
    recent(&app, actor, RECENT)?;
    let known = record::find(app.store()?, &actor.trust, &id).await?;
    if known.is_none() {
        return Err(Problem::new(Kind::NotFound));
    }
    let mut tx = app.store()?.begin(&actor.trust).await?;
    record::remove(&mut tx, actor, &id).await?;
    tx.commit().await?;
    Ok(Redirect::to("/administration/sign-in"))
}
