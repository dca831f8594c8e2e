//! Before any handler: whose site is this, and who is asking?

use axum::extract::{Request, State};
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::session::{SESSION_COOKIE, actor_of};
use crate::authority::Identity;
use crate::store::{Query as _, Store, StoreError};
use crate::values;
use crate::web::App;
use crate::web::problem::Problem;

/// Puts the [`Identity`] into the request, and into the answer for those who finish it. Without
/// a store there is nobody to know.
pub(crate) async fn identify(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let Some(store) = app.store_if_any() else {
        return next.run(request).await;
    };
    let identity = match identity_of(&app, store, request.headers()).await {
        Ok(identity) => identity,
        Err(error) => return Problem::from(error).into_response(),
    };
    request.extensions_mut().insert(identity.clone());
    let mut answer = identity.clone().during(next.run(request)).await;
    answer.extensions_mut().insert(identity);
    answer
}

async fn identity_of(
    app: &App,
    store: &Store,
    headers: &HeaderMap,
) -> Result<Identity, StoreError> {
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
        return Ok(Identity::default());
    };
    let trust = row.get("trust")?;
    let actor = match cookie(headers, app.session_cookie()) {
        Some(cookie) => actor_of(store, &trust, cookie).await?,
        None => None,
    };
    Ok(Identity {
        trust: Some(trust),
        trust_name: row.get("name")?,
        demonstration: row.get("demonstration")?,
        reading_needs_sign_in: row.get::<String>("reading")? == "signed-in",
        actor,
    })
}

/// The value of a cookie.
fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name).then_some(value))
}

/// The cookie's name on a site with and without HTTPS.
pub(crate) const fn cookie_name(https: bool) -> &'static str {
    if https {
        "__Host-probity"
    } else {
        SESSION_COOKIE
    }
}
