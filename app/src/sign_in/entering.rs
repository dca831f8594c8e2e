//! From the proof to the session: what happens once somebody has shown who they are.

use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use jiff::SignedDuration;

use super::account::{self, Account};
use super::cookie::{Cookie, SetCookie};
use super::known;
use super::next::own_path;
use super::secret::{Token, secret, secret_hash, token};
use super::session::{self, Method};
use crate::authority::Identity;
use crate::ledger::LedgerError;
use crate::store::{Query, StoreError, TrustId, Tx, ids};
use crate::values;
use crate::web::App;

ids! {
    /// A sign-in whose second factor is missing.
    HalfId
}

/// How long the second factor may take.
const HALF: SignedDuration = SignedDuration::from_mins(10);

/// Everything about a request to sign in that does not depend on the way.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entering<'a> {
    pub(super) app: &'a App,
    pub(super) trust: &'a TrustId,
    pub(super) identity: &'a Identity,
    pub(super) headers: &'a HeaderMap,
    /// The page to go to afterwards.
    pub(super) next: Option<&'a str>,
}

/// Cookies to set, and where to go.
#[derive(Debug)]
pub(super) struct Entered {
    cookies: Vec<SetCookie>,
    to: String,
}

impl Entered {
    pub(super) fn into_response(self) -> Response {
        let mut response = Redirect::to(&self.to).into_response();
        for cookie in self.cookies {
            cookie.append(response.headers_mut());
        }
        response
    }
}

impl Entering<'_> {
    /// After the first proof: the session, or the question for the second factor where one is set
    /// up.
    pub(super) async fn proved(
        &self,
        tx: &mut Tx,
        account: &Account,
        method: Method,
    ) -> Result<Entered, LedgerError> {
        if account.factor_since.is_none() {
            return self.enter(tx, account, method).await;
        }
        let person = &account.person.id;
        let (now, id): (_, HalfId) = (tx.now(), tx.fresh()?);
        let secret = secret(tx.store().randomness()).map_err(StoreError::from)?;
        tx.execute(
            "DELETE FROM half_sign_in WHERE trust = $1 AND person = $2 AND expires_at <= $3",
            values![person, now],
        )
        .await?;
        tx.execute(
            "INSERT INTO half_sign_in (trust, id, person, secret_hash, method, next, expires_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            values![
                &id,
                person,
                secret_hash(&secret),
                method.name(),
                own_path(self.next),
                now + HALF
            ],
        )
        .await?;
        let actor = account::acting(tx, self.trust, &account.person).await?;
        session::about(tx, &actor, person, "sign-in.first-factor-proved").await?;
        let cookie = token(self.trust, &id, &secret);
        Ok(Entered {
            cookies: vec![Cookie::Half.set(self.app, &cookie)],
            to: "/sign-in/second-step".to_owned(),
        })
    }

    /// Opens the session, and keeps the browser in mind.
    pub(super) async fn enter(
        &self,
        tx: &mut Tx,
        account: &Account,
        method: Method,
    ) -> Result<Entered, LedgerError> {
        let (app, trust, person) = (self.app, self.trust, &account.person);
        let before = self.identity.actor.as_ref();
        let agent = agent(self.headers);
        let session = session::sign_in(tx, trust, before, person, method, agent).await?;
        let known = known::find(tx, app, trust, self.headers, Some(&person.id)).await?;
        let kept = known::keep(tx, app, trust, known.as_ref(), &person.id).await?;
        let mut cookies = vec![Cookie::Session.set(app, &session.cookie)];
        cookies.extend(kept);
        Ok(Entered {
            cookies,
            to: own_path(self.next).to_owned(),
        })
    }

    /// The sign-in whose second factor is missing in this browser.
    pub(super) async fn half(&self, query: &mut impl Query) -> Result<Option<Half>, StoreError> {
        let cookie = Cookie::Half.read(self.app, self.headers);
        let Some(token) = cookie.and_then(|cookie| Token::<HalfId>::read(&cookie, self.trust))
        else {
            return Ok(None);
        };
        let clock = self.app.clock();
        let row = query
            .first(
                "SELECT id, person, method, next FROM half_sign_in \
                 WHERE trust = $1 AND id = $2 AND secret_hash = $3 AND expires_at > $4",
                values![&token.id, token.hash, clock.now()],
            )
            .await?;
        let Some(row) = row else { return Ok(None) };
        let account = account::of(query, &row.get("person")?, clock.today()).await?;
        let (Some(account), Some(method)) = (account, Method::named(&row.get::<String>("method")?))
        else {
            return Ok(None);
        };
        Ok(Some(Half {
            id: row.get("id")?,
            account,
            method,
            next: row.get("next")?,
        }))
    }

    /// The second factor is proved too: the half becomes whole. Nothing where another request was
    /// faster.
    pub(super) async fn complete(
        &self,
        tx: &mut Tx,
        half: &Half,
    ) -> Result<Option<Entered>, LedgerError> {
        let used = tx
            .execute(
                "DELETE FROM half_sign_in WHERE trust = $1 AND id = $2",
                values![&half.id],
            )
            .await?;
        if used != 1 {
            return Ok(None);
        }
        let whole = Entering {
            app: self.app,
            trust: self.trust,
            identity: self.identity,
            headers: self.headers,
            next: Some(&half.next),
        };
        let mut entered = whole.enter(tx, &half.account, half.method).await?;
        entered.cookies.push(Cookie::Half.clear(self.app));
        Ok(Some(entered))
    }
}

/// A sign-in whose second factor is missing.
#[derive(Clone, Debug)]
pub(super) struct Half {
    id: HalfId,
    pub(super) account: Account,
    method: Method,
    next: String,
}

/// What the browser says it is.
fn agent(headers: &HeaderMap) -> &str {
    let agent = headers.get(header::USER_AGENT);
    agent.and_then(|agent| agent.to_str().ok()).unwrap_or("")
}
