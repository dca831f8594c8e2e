//! Before any handler: whose site is this, and who is asking?

use axum::extract::{Request, State};
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::cookie::Cookie;
use super::session::{self, NewSession};
use crate::authority::Identity;
use crate::store::{Query as _, Store};
use crate::tokens;
use crate::values;
use crate::web::App;
use crate::web::problem::{Kind, Problem};

/// Puts the [`Identity`] into the request, and into the answer for those who finish it. Without
/// a store there is nobody to know.
pub(crate) async fn identify(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let Some(store) = app.store_if_any() else {
        return next.run(request).await;
    };
    let (identity, renewed) = match identity_of(&app, store, request.headers()).await {
        Ok(found) => found,
        Err(problem) => return problem.into_response(),
    };
    request.extensions_mut().insert(identity.clone());
    let mut answer = identity.clone().during(next.run(request)).await;
    answer.extensions_mut().insert(identity);
    // Where the handler itself opened or ended a session, that is the one that counts.
    if let Some(renewed) = renewed.filter(|_| !answer.headers().contains_key(header::SET_COOKIE)) {
        Cookie::Session
            .set(&app, &renewed.cookie)
            .append(answer.headers_mut());
    }
    answer
}

const UNKNOWN_TOKEN: &str =
    "The API token is not known, its time is over, it was revoked, or its owner has left.";

/// The token of `Authorization: Bearer`.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

async fn identity_of(
    app: &App,
    store: &Store,
    headers: &HeaderMap,
) -> Result<(Identity, Option<NewSession>), Problem> {
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
        .unwrap_or_default();
    // The trust of that host name; where none has it, the only trust or the first.
    let row = store
        .installation()
        .first(
            "SELECT trust, name, reading, demonstration FROM trust \
             ORDER BY CASE WHEN host = $1 THEN 0 ELSE 1 END, created_at, trust LIMIT 1",
            values![host],
        )
        .await?;
    let Some(row) = row else {
        return Ok((Identity::default(), None));
    };
    let trust = row.get("trust")?;
    let (actor, renewed) = if let Some(token) = bearer(headers) {
        // A program that sends a token means to be somebody: a token that does not work is said.
        let actor = tokens::actor_of(store, &trust, token).await?;
        let unknown = || Problem::new(Kind::SignInFirst).detail(UNKNOWN_TOKEN);
        (Some(actor.ok_or_else(unknown)?), None)
    } else {
        let found = match Cookie::Session.read(app, headers) {
            Some(cookie) => session::found(store, &trust, &cookie).await?,
            None => None,
        };
        match found {
            Some(found) => (Some(found.actor), found.renewed),
            None => (None, None),
        }
    };
    let identity = Identity {
        trust: Some(trust),
        trust_name: row.get("name")?,
        demonstration: row.get("demonstration")?,
        reading_needs_sign_in: row.get::<String>("reading")? == "signed-in",
        actor,
    };
    Ok((identity, renewed))
}
