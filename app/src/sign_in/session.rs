//! Sessions: kept in the store, known by a secret that only the browser has.

use jiff::{SignedDuration, Timestamp};

use super::secret::{Token, secret, secret_hash, token};
use super::who::{self, Person, rights, roles_of};
use crate::authority::{Actor, Means};
use crate::ledger::{Change, LedgerError, record_event};
use crate::store::{PersonId, Query, SessionId, Store, StoreError, TrustId, Tx};
use crate::values;

/// A session nobody used for so long is over.
pub(super) const IDLE: SignedDuration = SignedDuration::from_hours(8);
/// No session lasts longer, however busy.
const ABSOLUTE: SignedDuration = SignedDuration::from_hours(24);
/// The last use is written no more often than this, so that reading pages does not write.
const SEEN_EVERY: SignedDuration = SignedDuration::from_mins(5);
/// A session that was renewed still answers for so long, for requests that were under way.
const GRACE: SignedDuration = SignedDuration::from_secs(60);

/// How somebody proved who they are.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Method {
    /// A password, with a second factor where one is set up.
    Password,
    /// A code that the school issued.
    Code,
    /// A provider, by OpenID Connect.
    Provider,
    /// A link that works once.
    Link,
}

impl Method {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Code => "code",
            Self::Provider => "provider",
            Self::Link => "link",
        }
    }

    pub(super) fn named(name: &str) -> Option<Self> {
        let all = [Self::Password, Self::Code, Self::Provider, Self::Link];
        all.into_iter().find(|method| method.name() == name)
    }

    /// Whether whoever signs in so has just shown who they are. A provider may have let them through without asking.
    const fn proves(self) -> bool {
        !matches!(self, Self::Provider)
    }

    const fn event(self) -> &'static str {
        match self {
            Self::Password => "sign-in.by-password",
            Self::Code => "sign-in.by-code",
            Self::Provider => "sign-in.by-provider",
            Self::Link => "sign-in.by-link",
        }
    }
}

/// A session that was just opened.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// Its identifier.
    pub id: SessionId,
    /// The cookie's value: `trust.session.secret`. It is nowhere else.
    pub cookie: String,
}

/// Opens a session for a person who has proved who they are, and enters that in the ledger. The
/// session that the browser had before, if any, ends: nothing carries over.
pub(super) async fn sign_in(
    tx: &mut Tx,
    trust: &TrustId,
    before: Option<&Actor>,
    person: &Person,
    method: Method,
    agent: &str,
) -> Result<NewSession, LedgerError> {
    if let Some(Means::Session { id, .. }) = before.map(|actor| &actor.means) {
        remove(tx, id).await?;
    }
    let session = open_session(tx, trust, &person.id, method, agent).await?;
    let today = tx.store().clock().today();
    let actor = who::signing_in(tx, trust, person, today).await?;
    about(tx, &actor, &person.id, method.event()).await?;
    Ok(session)
}

/// Enters an event of signing in about a person.
pub(super) async fn about(
    tx: &mut Tx,
    actor: &Actor,
    person: &PersonId,
    kind: &'static str,
) -> Result<(), LedgerError> {
    let change = Change {
        kind,
        record_kind: "person",
        record: person.as_str(),
        before: None,
        after: None,
    };
    record_event(tx, actor, None, change).await
}

/// Opens a session for a person.
pub async fn open_session(
    tx: &mut Tx,
    trust: &TrustId,
    person: &PersonId,
    method: Method,
    agent: &str,
) -> Result<NewSession, StoreError> {
    let id: SessionId = tx.fresh()?;
    let secret = secret(tx.store().randomness())?;
    let now = tx.now();
    let agent: String = agent.chars().take(200).collect();
    let today = tx.store().clock().today();
    let rights = rights(&roles_of(tx, person, today).await?);
    tx.execute(
        "DELETE FROM session WHERE trust = $1 AND person = $2 AND expires_at <= $3",
        values![person, now],
    )
    .await?;
    tx.execute(
        "INSERT INTO session (trust, id, person, secret_hash, created_at, seen_at, \
           authenticated_at, expires_at, method, agent, rights, proved_at) \
         VALUES ($1, $2, $3, $4, $5, $5, $5, $6, $7, $8, $9, $10)",
        values![
            &id,
            person,
            secret_hash(&secret),
            now,
            now + ABSOLUTE,
            method.name(),
            agent,
            rights,
            method.proves().then_some(now)
        ],
    )
    .await?;
    let cookie = token(trust, &id, &secret);
    Ok(NewSession { id, cookie })
}

/// Ends a session, and those that it replaced.
pub(super) async fn remove(tx: &mut Tx, id: &SessionId) -> Result<(), StoreError> {
    tx.execute(
        "DELETE FROM session WHERE trust = $1 AND replaced_at IS NOT NULL \
           AND person = (SELECT person FROM session WHERE trust = $1 AND id = $2)",
        values![id],
    )
    .await?;
    tx.execute(
        "DELETE FROM session WHERE trust = $1 AND id = $2",
        values![id],
    )
    .await?;
    Ok(())
}

/// Ends all sessions of a person, but for one where it is named; tells how many.
pub(crate) async fn end_sessions(
    tx: &mut Tx,
    actor: &Actor,
    person: &PersonId,
    but: Option<&SessionId>,
) -> Result<u64, LedgerError> {
    let but = but.map_or("", |id| id.as_str());
    let ended = tx
        .execute(
            "DELETE FROM session WHERE trust = $1 AND person = $2 AND id <> $3",
            values![person, but],
        )
        .await?;
    about(tx, actor, person, "sign-in.sessions-ended").await?;
    Ok(ended)
}

/// Who came with a cookie.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) actor: Actor,
    /// The session that takes the place of theirs, because their rights have changed.
    pub(super) renewed: Option<NewSession>,
}

/// Who has this cookie, if its session is still alive.
pub(super) async fn found(
    store: &Store,
    trust: &TrustId,
    cookie: &str,
) -> Result<Option<Found>, StoreError> {
    let Some(Token { id, hash }) = Token::<SessionId>::read(cookie, trust) else {
        return Ok(None);
    };
    let mut reader = store.read(trust);
    let row = reader
        .first(
            "SELECT s.person, s.secret_hash, s.seen_at, s.authenticated_at, s.expires_at, \
               s.rights, s.replaced_at, p.given_name, p.known_as, p.family_name, p.ends_on \
             FROM session s JOIN person p ON p.trust = s.trust AND p.id = s.person \
             WHERE s.trust = $1 AND s.id = $2",
            values![&id],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    let (now, today) = (store.clock().now(), store.clock().today());
    let seen_at: Timestamp = row.get("seen_at")?;
    let replaced_at: Option<Timestamp> = row.get("replaced_at")?;
    let over = row.get::<String>("secret_hash")? != hash
        || row.get::<Timestamp>("expires_at")? <= now
        || seen_at + IDLE <= now
        || replaced_at.is_some_and(|at| at + GRACE <= now)
        || row
            .get::<Option<jiff::civil::Date>>("ends_on")?
            .is_some_and(|last| last < today);
    if over {
        return Ok(None);
    }
    let person: PersonId = row.get("person")?;
    let mut actor = Actor {
        trust: trust.clone(),
        name: who::name(&row)?,
        roles: roles_of(&mut reader, &person, today).await?,
        person: Some(person),
        means: Means::Session {
            id: id.clone(),
            authenticated_at: row.get("authenticated_at")?,
        },
    };
    let rights = rights(&actor.roles);
    let mut renewed = None;
    if replaced_at.is_none() && row.get::<Option<String>>("rights")?.as_ref() != Some(&rights) {
        renewed = renew(store, trust, &id, &rights).await?;
        if let (Some(new), Means::Session { id, .. }) = (&renewed, &mut actor.means) {
            id.clone_from(&new.id);
        }
    } else if seen_at + SEEN_EVERY <= now {
        // Somebody may read on even where nothing can be written.
        if let Err(error) = touch(store, trust, &id).await {
            tracing::warn!(%error, "the last use of a session was not noted");
        }
    }
    Ok(Some(Found { actor, renewed }))
}

async fn touch(store: &Store, trust: &TrustId, id: &SessionId) -> Result<(), StoreError> {
    let mut tx = store.begin(trust).await?;
    let now = tx.now();
    tx.execute(
        "UPDATE session SET seen_at = $3 WHERE trust = $1 AND id = $2",
        values![id, now],
    )
    .await?;
    tx.commit_unrecorded().await
}

/// Gives a session a new identifier and a new secret. Of two requests that find changed rights at
/// once, one renews.
async fn renew(
    store: &Store,
    trust: &TrustId,
    old: &SessionId,
    rights: &str,
) -> Result<Option<NewSession>, StoreError> {
    let mut tx = store.begin(trust).await?;
    let now = tx.now();
    let first = tx
        .execute(
            "UPDATE session SET replaced_at = $3 \
             WHERE trust = $1 AND id = $2 AND replaced_at IS NULL",
            values![old, now],
        )
        .await?;
    if first != 1 {
        return Ok(None);
    }
    let id: SessionId = tx.fresh()?;
    let secret = secret(store.randomness())?;
    tx.execute(
        "INSERT INTO session (trust, id, person, secret_hash, created_at, seen_at, \
           authenticated_at, expires_at, method, agent, rights, proved_at) \
         SELECT trust, $3, person, $4, created_at, CAST($5 AS BIGINT), authenticated_at, \
           expires_at, method, agent, $6, proved_at \
         FROM session WHERE trust = $1 AND id = $2",
        values![old, &id, secret_hash(&secret), now, rights],
    )
    .await?;
    tx.commit_unrecorded().await?;
    let cookie = token(trust, &id, &secret);
    Ok(Some(NewSession { id, cookie }))
}
