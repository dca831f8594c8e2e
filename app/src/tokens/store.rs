//! Tokens in the store.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use serde::{Serialize, Serializer};

use crate::authority::{Action, Actor, Means, Permit};
use crate::ledger::{self, Erasure, LedgerError, Record};
use crate::sign_in::secret::{Token, secret, secret_hash, token};
use crate::sign_in::{person, roles_of};
use crate::store::{PersonId, Query, Row, Store, StoreError, TrustId, Tx, ids};
use crate::values;

ids! {
    /// An API token.
    TokenId
}

/// The last use is written no more often than this.
const USED_EVERY: SignedDuration = SignedDuration::from_hours(1);

const COLUMNS: &str = "SELECT id, person, name, scope, created_at, expires_at, revoked_at, used_at \
     FROM api_token WHERE trust = $1 AND person = $2 ORDER BY created_at DESC, id DESC";

/// A token as its owner sees it.
#[derive(Clone, Debug, Serialize)]
pub(super) struct ApiToken {
    pub(super) id: TokenId,
    person: PersonId,
    pub(super) name: String,
    #[serde(serialize_with = "as_names")]
    pub(super) scope: BTreeSet<Action>,
    pub(super) created_at: Timestamp,
    pub(super) expires_at: Timestamp,
    pub(super) revoked_at: Option<Timestamp>,
    #[serde(skip)]
    pub(super) used_at: Option<Timestamp>,
}

fn as_names<S: Serializer>(scope: &BTreeSet<Action>, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(&written(scope))
}

impl Record for ApiToken {
    const KIND: &'static str = "api_token";

    fn id(&self) -> &str {
        self.id.as_str()
    }
}

fn written(scope: &BTreeSet<Action>) -> String {
    let names: Vec<_> = scope.iter().map(|action| action.name()).collect();
    names.join(" ")
}

/// An action that this program no longer knows gives no right.
fn scope_of(row: &Row) -> Result<BTreeSet<Action>, StoreError> {
    let names: String = row.get("scope")?;
    Ok(names.split(' ').filter_map(Action::named).collect())
}

impl ApiToken {
    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.get("id")?,
            person: row.get("person")?,
            name: row.get("name")?,
            scope: scope_of(row)?,
            created_at: row.get("created_at")?,
            expires_at: row.get("expires_at")?,
            revoked_at: row.get("revoked_at")?,
            used_at: row.get("used_at")?,
        })
    }

    /// Whether it works at a moment.
    pub(super) fn works(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && now < self.expires_at
    }
}

/// What a new token is to be.
#[derive(Clone, Debug)]
pub(super) struct NewToken {
    pub(super) name: String,
    pub(super) scope: BTreeSet<Action>,
    pub(super) lifetime: SignedDuration,
}

/// Makes a token for its owner; gives the text that is shown once. Rights that the owner does not
/// have are left out of the scope.
pub(super) async fn issue(
    tx: &mut Tx,
    actor: &Actor,
    new: NewToken,
) -> Result<String, LedgerError> {
    let (Some(person), Some(trust)) = (actor.person.clone(), tx.trust().cloned()) else {
        return Err(LedgerError::NoTrust);
    };
    let created_at = tx.now();
    let issued = ApiToken {
        id: tx.fresh()?,
        person,
        name: new.name,
        scope: new
            .scope
            .into_iter()
            .filter(|&action| actor.permit(action).is_some())
            .collect(),
        created_at,
        expires_at: created_at + new.lifetime,
        revoked_at: None,
        used_at: None,
    };
    let secret = secret(tx.store().randomness()).map_err(StoreError::from)?;
    tx.execute(
        "INSERT INTO api_token (trust, id, person, name, scope, secret_hash, created_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        values![
            &issued.id,
            &issued.person,
            &issued.name,
            written(&issued.scope),
            secret_hash(&secret),
            issued.created_at,
            issued.expires_at
        ],
    )
    .await?;
    ledger::record(tx, actor, None, "api_token.issued", None, Some(&issued)).await?;
    Ok(token(&trust, &issued.id, &secret))
}

/// Revokes a token of its owner; says whether there was one that still worked.
pub(super) async fn revoke(tx: &mut Tx, actor: &Actor, id: &TokenId) -> Result<bool, LedgerError> {
    let Some(person) = actor.person.as_ref() else {
        return Ok(false);
    };
    let Some(before) = own(tx, person, id)
        .await?
        .filter(|t| t.revoked_at.is_none())
    else {
        return Ok(false);
    };
    revoked(tx, actor, None, before).await?;
    Ok(true)
}

async fn revoked(
    tx: &mut Tx,
    actor: &Actor,
    action: Option<Action>,
    before: ApiToken,
) -> Result<(), LedgerError> {
    let after = ApiToken {
        revoked_at: Some(tx.now()),
        ..before.clone()
    };
    tx.execute(
        "UPDATE api_token SET revoked_at = $4 WHERE trust = $1 AND person = $2 AND id = $3",
        values![&after.person, &after.id, after.revoked_at],
    )
    .await?;
    ledger::record(
        tx,
        actor,
        action,
        "api_token.revoked",
        Some(&before),
        Some(&after),
    )
    .await
}

/// The tokens of somebody that still work, by identifier and name: for whoever ends their sign-in.
pub(crate) async fn working(
    query: &mut impl Query,
    person: &PersonId,
    now: Timestamp,
) -> Result<Vec<(TokenId, String)>, StoreError> {
    let tokens = of(query, person).await?.into_iter();
    let working = tokens.filter(|token| token.works(now));
    Ok(working.map(|token| (token.id, token.name)).collect())
}

/// Revokes a token of somebody else, by whoever may end their sign-in; says whether there was one that worked.
pub(super) async fn revoke_of(
    tx: &mut Tx,
    permit: &Permit,
    person: &PersonId,
    id: &TokenId,
) -> Result<bool, LedgerError> {
    if permit.action() != Action::ManageSignIn {
        return Ok(false);
    }
    let found = own(tx, person, id).await?;
    let Some(before) = found.filter(|token| token.revoked_at.is_none()) else {
        return Ok(false);
    };
    revoked(tx, permit.actor(), Some(Action::ManageSignIn), before).await?;
    Ok(true)
}

/// Erases the tokens of a person with what the ledger says of them: their names are the person's own
/// words. `reason` is kept.
pub(crate) async fn erase_all(
    tx: &mut Tx,
    actor: &Actor,
    action: Option<Action>,
    person: &PersonId,
    reason: &str,
) -> Result<(), LedgerError> {
    for token in of(tx, person).await? {
        let erasure = Erasure {
            record_kind: ApiToken::KIND,
            record: token.id.as_str(),
            reason,
        };
        ledger::erase(tx, actor, action, erasure).await?;
        forget(tx, token.id.as_str()).await?;
    }
    Ok(())
}

/// Removes a token that was erased.
pub(crate) async fn forget(tx: &mut Tx, id: &str) -> Result<(), StoreError> {
    tx.execute(
        "DELETE FROM api_token WHERE trust = $1 AND id = $2",
        values![id],
    )
    .await?;
    Ok(())
}

/// The tokens of a person, the latest first.
pub(super) async fn of(
    query: &mut impl Query,
    person: &PersonId,
) -> Result<Vec<ApiToken>, StoreError> {
    let rows = query.all(COLUMNS, values![person]).await?;
    rows.iter().map(ApiToken::read).collect()
}

/// A token, if it is this person's.
pub(super) async fn own(
    query: &mut impl Query,
    person: &PersonId,
    id: &TokenId,
) -> Result<Option<ApiToken>, StoreError> {
    Ok(of(query, person)
        .await?
        .into_iter()
        .find(|token| token.id == *id))
}

/// Who acts with this token; nobody where it is wrong, over or revoked, or its owner has left.
pub(crate) async fn actor_of(
    store: &Store,
    trust: &TrustId,
    text: &str,
) -> Result<Option<Actor>, StoreError> {
    let Some(shown) = Token::<TokenId>::read(text, trust) else {
        return Ok(None);
    };
    let mut reader = store.read(trust);
    let row = reader
        .first(
            "SELECT id, person, name, scope, created_at, expires_at, revoked_at, used_at \
             FROM api_token WHERE trust = $1 AND id = $2 AND secret_hash = $3",
            values![&shown.id, &shown.hash],
        )
        .await?;
    let Some(found) = row.as_ref().map(ApiToken::read).transpose()? else {
        return Ok(None);
    };
    let (now, today) = (store.clock().now(), store.clock().today());
    if !found.works(now) {
        return Ok(None);
    }
    let Some(owner) = person(&mut reader, &found.person, today).await? else {
        return Ok(None);
    };
    if found.used_at.is_none_or(|used| used + USED_EVERY <= now) {
        used(store, trust, &found.id, now).await?;
    }
    Ok(Some(Actor {
        trust: trust.clone(),
        name: owner.name,
        roles: roles_of(&mut reader, &found.person, today).await?,
        person: Some(found.person),
        means: Means::Token(found.scope),
    }))
}

async fn used(
    store: &Store,
    trust: &TrustId,
    id: &TokenId,
    now: Timestamp,
) -> Result<(), StoreError> {
    let mut tx = store.begin(trust).await?;
    tx.execute(
        "UPDATE api_token SET used_at = $3 WHERE trust = $1 AND id = $2",
        values![id, now],
    )
    .await?;
    tx.commit_unrecorded().await
}

/// The states of all tokens after this one, for verifying the ledger.
pub async fn states(
    query: &mut impl Query,
    after: &str,
    at_most: i64,
) -> Result<Vec<(String, serde_json::Value)>, LedgerError> {
    let rows = query
        .all(
            "SELECT id, person, name, scope, created_at, expires_at, revoked_at, used_at \
             FROM api_token WHERE trust = $1 AND id > $2 ORDER BY id LIMIT $3",
            values![after, at_most],
        )
        .await?;
    let mut states = Vec::new();
    for row in &rows {
        let token = ApiToken::read(row)?;
        states.push((token.id.to_string(), serde_json::to_value(&token)?));
    }
    Ok(states)
}
