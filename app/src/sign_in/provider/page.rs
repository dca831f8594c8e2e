//! To a provider and back.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Redirect, Response};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::flow::{self, Secrets};
use super::record::{self, Provider, ProviderId};
use super::roles;
use crate::authority::{Access, Actor, Identity, Routes};
use crate::sign_in::again::proved as session_proved;
use crate::sign_in::client::address;
use crate::sign_in::cookie::Cookie;
use crate::sign_in::entering::Entering;
use crate::sign_in::entry::failed;
use crate::sign_in::form::no_trust;
use crate::sign_in::next::own_path;
use crate::sign_in::secret::{Token, secret, secret_hash, token};
use crate::sign_in::session::{self, Method};
use crate::store::{self, PersonId, Query as _, TrustId};
use crate::values;
use crate::web::App;
use crate::web::extract::{Path, Query};
use crate::web::page::{Page, Section};
use crate::web::problem::{Kind, Problem};

store::ids! {
    /// A way to a provider and back.
    TripId
}

/// How long somebody may be away.
const TRIP: SignedDuration = SignedDuration::from_mins(10);
/// How far a provider's clock may be behind.
const SKEW: SignedDuration = SignedDuration::from_secs(60);

/// `sign_in/stranger.html`: for somebody whom the provider knows and the trust does not.
#[derive(Debug, Default, Serialize)]
pub(crate) struct StrangerPage {
    provider: String,
    trust: String,
}

impl Page for StrangerPage {
    const TEMPLATE: &'static str = "sign_in/stranger.html";
    const SECTION: Option<Section> = None;

    fn samples() -> Vec<Self> {
        vec![Self {
            provider: "Microsoft".into(),
            trust: "Elm Trust".into(),
        }]
    }
}

pub(in crate::sign_in) fn routes() -> Routes {
    Routes::new()
        .get("/sign-in/with/{provider}", Access::Open, leave)
        .get("/sign-in/return/{provider}", Access::Open, arrive)
        .get(
            "/sign-in/again/with/{provider}",
            Access::SignedIn,
            leave_again,
        )
}

async fn provider(app: &App, trust: &TrustId, id: &ProviderId) -> Result<Provider, Problem> {
    let found = record::find(app, trust, id).await?;
    found.ok_or_else(|| Problem::new(Kind::NotFound).detail("There is no such way to sign in."))
}

fn back(app: &App, headers: &HeaderMap, id: &ProviderId) -> String {
    address(app, headers, &format!("/sign-in/return/{id}"))
}

fn not_believed() -> Problem {
    Problem::new(Kind::BadRequest).detail(
        "The answer of the place where you signed in could not be used: it was used before, is \
         too old, or does not belong to this browser. Go to the sign-in page and begin again.",
    )
}

/// The provider sent somebody else back, or did not say that it asked them anew.
fn not_shown() -> Problem {
    Problem::new(Kind::Forbidden).detail(
        "The place where you sign in did not say that it asked you anew who you are, or it was somebody else who came \
         back. Try once more; if it stays so, whoever looks after sign-in lets the provider send the claim auth_time, or \
         you choose a password of your own here.",
    )
}

fn unreachable(error: &flow::FlowError) -> Problem {
    tracing::warn!(%error, "a provider of sign-in could not be used");
    Problem::new(Kind::Unavailable).detail(
        "The place where you sign in does not answer as it should. Try again in a few minutes, or \
         sign in another way.",
    )
}

#[derive(Deserialize)]
struct Asked {
    next: Option<String>,
}

async fn leave(
    State(app): State<App>,
    identity: Identity,
    Path(id): Path<ProviderId>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    depart(&app, &identity, &id, asked.next.as_deref(), &headers, None).await
}

/// To the provider once more, which is to ask them who they are whatever they did before.
async fn leave_again(
    State(app): State<App>,
    identity: Identity,
    actor: Actor,
    Path(id): Path<ProviderId>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let next = asked.next.as_deref();
    depart(&app, &identity, &id, next, &headers, actor.person.as_ref()).await
}

/// `again` is whoever is to show once more who they are; nobody where somebody signs in.
async fn depart(
    app: &App,
    identity: &Identity,
    id: &ProviderId,
    next: Option<&str>,
    headers: &HeaderMap,
    again: Option<&PersonId>,
) -> Result<Response, Problem> {
    let trust = identity.trust.as_ref().ok_or_else(no_trust)?;
    let provider = provider(app, trust, id).await?;
    let store = app.store()?;
    let kept = secret(store.randomness()).map_err(|error| Problem::internal(&error))?;
    let back = back(app, headers, id);
    let to = flow::address(&provider, &Secrets(&kept), back, again.is_some()).await;
    let to = to.map_err(|error| unreachable(&error))?;
    let mut tx = store.begin(trust).await?;
    record::anchor(&mut tx, &provider).await?;
    let (now, trip): (_, TripId) = (tx.now(), tx.fresh()?);
    tx.execute(
        "DELETE FROM provider_trip WHERE trust = $1 AND provider = $2 AND expires_at <= $3",
        values![id, now],
    )
    .await?;
    tx.execute(
        "INSERT INTO provider_trip (trust, id, provider, secret_hash, next, expires_at, again) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        values![
            &trip,
            id,
            secret_hash(&kept),
            own_path(next),
            now + TRIP,
            again
        ],
    )
    .await?;
    tx.commit_unrecorded().await?;
    let cookie = Cookie::Trip.set(app, &token(trust, &trip, &kept));
    Ok((cookie, Redirect::to(&to)).into_response())
}

#[derive(Deserialize)]
struct Answer {
    code: Option<String>,
    state: Option<String>,
    iss: Option<String>,
    error: Option<String>,
}

async fn arrive(
    State(app): State<App>,
    identity: Identity,
    Path(id): Path<ProviderId>,
    Query(answer): Query<Answer>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let trust = identity.trust.as_ref().ok_or_else(no_trust)?;
    let provider = provider(&app, trust, &id).await?;
    let Trip {
        kept,
        next,
        begun,
        again,
    } = trip(&app, trust, &id, &headers).await?;
    let secrets = Secrets(&kept);
    let other_issuer = answer.iss.is_some_and(|issuer| issuer != provider.issuer);
    if answer.state != Some(secrets.state()) || other_issuer {
        return Err(not_believed());
    }
    let code = match (answer.code, answer.error) {
        (Some(code), None) => code,
        // Whoever cancels at the provider comes back to choose anew.
        (_, Some(_)) => return Ok(Redirect::to("/sign-in").into_response()),
        (None, None) => return Err(not_believed()),
    };
    let claimed = flow::claimed(&provider, &secrets, back(&app, &headers, &id), code).await;
    let claimed = claimed.map_err(|error| {
        tracing::warn!(%error, "the answer of a provider of sign-in was refused");
        not_believed()
    })?;
    let mut tx = app.store()?.begin(trust).await?;
    let email = claimed.email.as_deref();
    let Some(account) = record::person(&mut tx, &provider, &claimed.subject, email).await? else {
        drop(tx);
        failed(&app, trust, None, "sign-in.stranger").await?;
        let page = StrangerPage {
            provider: provider.name,
            trust: identity.trust_name.clone(),
        };
        return Ok((StatusCode::FORBIDDEN, app.render(&page)?).into_response());
    };
    let person = &account.person.id;
    if let Some(again) = again {
        let asked_anew = claimed.shown_at.is_some_and(|at| at + SKEW >= begun);
        let actor = identity.actor.as_ref();
        let actor = actor.filter(|actor| actor.person.as_ref() == Some(&again));
        let Some(actor) = actor.filter(|_| again == *person && asked_anew) else {
            return Err(not_shown());
        };
        session_proved(&mut tx, actor).await?;
        session::about(&mut tx, actor, person, "sign-in.again").await?;
        tx.commit().await?;
        return Ok((Cookie::Trip.clear(&app), Redirect::to(&next)).into_response());
    }
    roles::bring_into_line(&mut tx, trust, &provider, person, &claimed.claims).await?;
    let entering = Entering {
        app: &app,
        trust,
        identity: &identity,
        headers: &headers,
        next: Some(&next),
    };
    // A second step is the provider's own affair.
    let entered = entering.enter(&mut tx, &account, Method::Provider).await?;
    tx.commit().await?;
    Ok((Cookie::Trip.clear(&app), entered.into_response()).into_response())
}

/// A trip that is over.
struct Trip {
    /// The secret that the browser kept.
    kept: String,
    next: String,
    begun: Timestamp,
    /// Who was to show once more who they are.
    again: Option<PersonId>,
}

/// Ends the trip that this browser is on; gives its secret and where it leads. Whatever comes of
/// it, it is over: no answer is taken twice.
async fn trip(
    app: &App,
    trust: &TrustId,
    provider: &ProviderId,
    headers: &HeaderMap,
) -> Result<Trip, Problem> {
    let cookie = Cookie::Trip.read(app, headers).ok_or_else(not_believed)?;
    let token = Token::<TripId>::read(&cookie, trust).ok_or_else(not_believed)?;
    let kept = cookie.splitn(3, '.').nth(2).unwrap_or_default().to_owned();
    let mut tx = app.store()?.begin(trust).await?;
    let now = tx.now();
    let row = tx
        .first(
            "SELECT next, expires_at, again FROM provider_trip \
             WHERE trust = $1 AND id = $2 AND provider = $3 AND secret_hash = $4 \
               AND expires_at > $5",
            values![&token.id, provider, token.hash, now],
        )
        .await?;
    let row = row.ok_or_else(not_believed)?;
    let ended = tx
        .execute(
            "DELETE FROM provider_trip WHERE trust = $1 AND id = $2",
            values![&token.id],
        )
        .await?;
    tx.commit_unrecorded().await?;
    if ended != 1 {
        return Err(not_believed());
    }
    Ok(Trip {
        kept,
        next: row.get("next")?,
        begun: row.get::<Timestamp>("expires_at")? - TRIP,
        again: row.get("again")?,
    })
}
