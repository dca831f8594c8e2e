//! Sessions: kept in the store, known by a secret that only the browser has.

use data_encoding::BASE64URL_NOPAD as BASE64;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};

use crate::authority::{Actor, Held, Means};
use crate::store::{PersonId, Query, Reader, SessionId, Store, StoreError, TrustId, Tx};
use crate::values;

/// The cookie's name; behind HTTPS it has the prefix `__Host-`.
pub const SESSION_COOKIE: &str = "probity";

/// A session nobody used for so long is over.
const IDLE: SignedDuration = SignedDuration::from_hours(8);
/// No session lasts longer, however busy.
const ABSOLUTE: SignedDuration = SignedDuration::from_hours(24);
/// The last use is written no more often than this, so that reading pages does not write.
const SEEN_EVERY: SignedDuration = SignedDuration::from_mins(5);

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
    const fn name(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Code => "code",
            Self::Provider => "provider",
            Self::Link => "link",
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

/// The hash under which a secret with 32 random bytes is kept.
pub(super) fn secret_hash(secret: &str) -> String {
    BASE64.encode(&Sha256::digest(secret.as_bytes()))
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
    let secret = BASE64.encode(&tx.store().randomness().bytes::<32>()?);
    let now = tx.now();
    let agent: String = agent.chars().take(200).collect();
    tx.execute(
        "INSERT INTO session (trust, id, person, secret_hash, created_at, seen_at, \
           authenticated_at, expires_at, method, agent) \
         VALUES ($1, $2, $3, $4, $5, $5, $5, $6, $7, $8)",
        values![
            &id,
            person,
            secret_hash(&secret),
            now,
            now + ABSOLUTE,
            method.name(),
            agent
        ],
    )
    .await?;
    let cookie = format!("{trust}.{id}.{secret}");
    Ok(NewSession { id, cookie })
}

/// Who has this cookie, if its session is still alive.
pub(super) async fn actor_of(
    store: &Store,
    trust: &TrustId,
    cookie: &str,
) -> Result<Option<Actor>, StoreError> {
    let mut parts = cookie.splitn(3, '.');
    let (Some(of_trust), Some(id), Some(secret)) = (parts.next(), parts.next(), parts.next())
    else {
        return Ok(None);
    };
    let Ok(id) = id.parse::<SessionId>() else {
        return Ok(None);
    };
    if of_trust != trust.as_str() {
        return Ok(None);
    }
    let mut reader = store.read(trust);
    let row = reader
        .first(
            "SELECT s.person, s.secret_hash, s.seen_at, s.authenticated_at, s.expires_at, \
               p.given_name, p.known_as, p.family_name, p.ends_on \
             FROM session s JOIN person p ON p.trust = s.trust AND p.id = s.person \
             WHERE s.trust = $1 AND s.id = $2",
            values![&id],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    let now = store.clock().now();
    let seen_at: Timestamp = row.get("seen_at")?;
    let today = store.clock().today();
    let over = row.get::<String>("secret_hash")? != secret_hash(secret)
        || row.get::<Timestamp>("expires_at")? <= now
        || seen_at + IDLE <= now
        || row
            .get::<Option<jiff::civil::Date>>("ends_on")?
            .is_some_and(|last| last < today);
    if over {
        return Ok(None);
    }
    if seen_at + SEEN_EVERY <= now {
        touch(store, trust, &id).await?;
    }
    let person: PersonId = row.get("person")?;
    let given: String = match row.get::<Option<String>>("known_as")? {
        Some(known_as) => known_as,
        None => row.get("given_name")?,
    };
    Ok(Some(Actor {
        trust: trust.clone(),
        name: format!("{given} {}", row.get::<String>("family_name")?),
        roles: roles_of(&mut reader, &person, today).await?,
        person: Some(person),
        means: Means::Session {
            id,
            authenticated_at: row.get("authenticated_at")?,
        },
    }))
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

/// The roles that a person holds on a day, and those handed to them while somebody is away.
pub(super) async fn roles_of(
    reader: &mut Reader,
    person: &PersonId,
    day: jiff::civil::Date,
) -> Result<Vec<Held>, StoreError> {
    let rows = reader
        .all(
            "SELECT role, school, starts_on, ends_on FROM held_role \
             WHERE trust = $1 AND person = $2 \
             UNION ALL \
             SELECT h.role, h.school, d.starts_on, d.ends_on \
             FROM delegation d JOIN held_role h \
               ON h.trust = d.trust AND h.person = d.person AND h.school = d.school \
             WHERE d.trust = $1 AND d.delegate = $2 \
               AND (h.starts_on IS NULL OR h.starts_on <= $3) \
               AND (h.ends_on IS NULL OR h.ends_on >= $3)",
            values![person, day],
        )
        .await?;
    let mut held = Vec::new();
    for row in rows {
        let role = Held {
            role: row.get("role")?,
            school: row.get("school")?,
            starts_on: row.get("starts_on")?,
            ends_on: row.get("ends_on")?,
        };
        if role.on(day) {
            held.push(role);
        }
    }
    Ok(held)
}
