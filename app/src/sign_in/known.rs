//! Browsers in which somebody signed in before. They are no proof of anything; only tries from
//! them are counted by themselves.

use axum::http::HeaderMap;
use jiff::SignedDuration;

use super::cookie::{Cookie, SetCookie};
use super::secret::{Token, secret, secret_hash, token};
use crate::store::{PersonId, Query, StoreError, TrustId, Tx, ids};
use crate::values;
use crate::web::App;

ids! {
    /// A browser in which somebody signed in before.
    KnownId
}

/// A browser that was not used so long is forgotten.
const KEPT: SignedDuration = SignedDuration::from_hours(400 * 24);
/// How many browsers of a person are kept in mind.
const AT_MOST: i64 = 20;

/// The browser, where this person signed in with it before.
pub(super) async fn find(
    query: &mut impl Query,
    app: &App,
    trust: &TrustId,
    headers: &HeaderMap,
    person: Option<&PersonId>,
) -> Result<Option<KnownId>, StoreError> {
    let Some(person) = person else {
        return Ok(None);
    };
    let cookie = Cookie::Known.read(app, headers);
    let Some(token) = cookie.and_then(|cookie| Token::<KnownId>::read(&cookie, trust)) else {
        return Ok(None);
    };
    let row = query
        .first(
            "SELECT id FROM known_browser \
             WHERE trust = $1 AND id = $2 AND secret_hash = $3 AND person = $4",
            values![&token.id, token.hash, person],
        )
        .await?;
    row.map(|row| row.get("id")).transpose()
}

/// Keeps the browser in mind.
pub(super) async fn keep(
    tx: &mut Tx,
    app: &App,
    trust: &TrustId,
    known: Option<&KnownId>,
    person: &PersonId,
) -> Result<Option<SetCookie>, StoreError> {
    let now = tx.now();
    if let Some(known) = known {
        tx.execute(
            "UPDATE known_browser SET seen_at = $3 WHERE trust = $1 AND id = $2",
            values![known, now],
        )
        .await?;
        return Ok(None);
    }
    tx.execute(
        "DELETE FROM known_browser WHERE trust = $1 AND person = $2 AND (seen_at <= $3 OR id IN \
           (SELECT id FROM known_browser WHERE trust = $1 AND person = $2 \
            ORDER BY seen_at DESC LIMIT 1000 OFFSET $4))",
        values![person, now - KEPT, AT_MOST - 1],
    )
    .await?;
    let id: KnownId = tx.fresh()?;
    let secret = secret(tx.store().randomness())?;
    tx.execute(
        "INSERT INTO known_browser (trust, id, person, secret_hash, seen_at) \
         VALUES ($1, $2, $3, $4, $5)",
        values![&id, person, secret_hash(&secret), now],
    )
    .await?;
    let cookie = token(trust, &id, &secret);
    Ok(Some(Cookie::Known.set(app, &cookie)))
}

/// Forgets all browsers of a person.
pub(super) async fn forget(tx: &mut Tx, person: &PersonId) -> Result<(), StoreError> {
    tx.execute(
        "DELETE FROM known_browser WHERE trust = $1 AND person = $2",
        values![person],
    )
    .await?;
    Ok(())
}
