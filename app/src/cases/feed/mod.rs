//! Deadlines in a person's own calendar: a secret address, which gives what waits for them as iCalendar. Whoever has
//! the address reads references and what must be done; names and details are never in it.

mod calendar;
mod pages;

use std::collections::BTreeSet;

use crate::authority::{Action, Actor, Means};
use crate::ledger::{Change, LedgerError, record_event};
use crate::people::Part;
use crate::sign_in::secret::{Token, secret, secret_hash, token};
use crate::sign_in::{person, roles_of};
use crate::store::{PersonId, Query, Store, StoreError, TrustId, Tx, ids};
use crate::values;

use super::{CaseError, Filter, deadlines, list};
use calendar::Entry;
pub(super) use pages::routes;
#[cfg(test)]
pub(crate) use pages::{CalendarPage, RevokeCalendarPage};

ids! {
    /// A calendar feed.
    FeedId
}

/// How many cases are read at a time.
const BATCH: u32 = 200;

/// Makes the address of a person's calendar anew; the one there was stops working. Gives the text that is shown once.
async fn make(tx: &mut Tx, actor: &Actor) -> Result<String, LedgerError> {
    let (Some(person), Some(trust)) = (&actor.person, tx.trust().cloned()) else {
        return Err(LedgerError::NoTrust);
    };
    remove(tx, person).await?;
    let id: FeedId = tx.fresh()?;
    let secret = secret(tx.store().randomness()).map_err(StoreError::from)?;
    let now = tx.now();
    tx.execute(
        "INSERT INTO calendar_feed (trust, id, person, secret_hash, made_at) VALUES ($1, $2, $3, $4, $5)",
        values![&id, person, secret_hash(&secret), now],
    )
    .await?;
    enter(tx, actor, person, "calendar_feed.made").await?;
    Ok(token(&trust, &id, &secret))
}

/// Revokes the address of a person's calendar; says whether there was one.
async fn revoke(tx: &mut Tx, actor: &Actor) -> Result<bool, LedgerError> {
    let Some(person) = &actor.person else {
        return Ok(false);
    };
    if remove(tx, person).await? == 0 {
        return Ok(false);
    }
    enter(tx, actor, person, "calendar_feed.revoked").await?;
    Ok(true)
}

async fn remove(tx: &mut Tx, person: &PersonId) -> Result<u64, StoreError> {
    tx.execute(
        "DELETE FROM calendar_feed WHERE trust = $1 AND person = $2",
        values![person],
    )
    .await
}

async fn enter(
    tx: &mut Tx,
    actor: &Actor,
    person: &PersonId,
    kind: &'static str,
) -> Result<(), LedgerError> {
    let change = Change {
        kind,
        record_kind: "calendar_feed",
        record: person.as_str(),
        before: None,
        after: None,
    };
    record_event(tx, actor, None, change).await
}

/// When a person's address was made; nothing where they have none.
async fn made_at(
    query: &mut impl Query,
    person: &PersonId,
) -> Result<Option<jiff::Timestamp>, StoreError> {
    let row = query
        .first(
            "SELECT made_at FROM calendar_feed WHERE trust = $1 AND person = $2",
            values![person],
        )
        .await?;
    row.map(|row| row.get("made_at")).transpose()
}

/// Who reads with this address: its owner, for reading cases alone; nobody where it is wrong or revoked, or its owner
/// has left.
async fn reader(store: &Store, trust: &TrustId, text: &str) -> Result<Option<Actor>, StoreError> {
    let Some(shown) = Token::<FeedId>::read(text, trust) else {
        return Ok(None);
    };
    let mut query = store.read(trust);
    let row = query
        .first(
            "SELECT person FROM calendar_feed WHERE trust = $1 AND id = $2 AND secret_hash = $3",
            values![&shown.id, &shown.hash],
        )
        .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let (id, today): (PersonId, _) = (row.get("person")?, store.clock().today());
    let Some(owner) = person(&mut query, &id, today).await? else {
        return Ok(None);
    };
    Ok(Some(Actor {
        trust: trust.clone(),
        name: owner.name,
        roles: roles_of(&mut query, &id, today).await?,
        person: Some(id),
        means: Means::Token(BTreeSet::from([Action::ReadCases])),
    }))
}

/// The deadlines that run in cases that wait for somebody.
async fn deadlines_of(
    query: &mut impl Query,
    store: &Store,
    actor: &Actor,
) -> Result<Vec<Entry>, CaseError> {
    let filter = Filter {
        waiting: true,
        ..Filter::default()
    };
    let mut part = Part {
        skip: 0,
        size: BATCH,
    };
    let mut entries = Vec::new();
    loop {
        let found = list(query, store, actor, &filter, part).await?;
        for line in &found.items {
            for (id, due, _) in deadlines::running(query, &line.case.id).await? {
                if let Some(deadline) = line.rules.register().deadline(&id) {
                    entries.push(Entry {
                        uid: format!("{}.{id}.{}", line.case.id, due.as_millisecond()),
                        due,
                        summary: format!("{}: {}", line.case.reference, deadline.says),
                    });
                }
            }
        }
        part.skip = part.skip.saturating_add(BATCH);
        if found.items.len() < BATCH as usize {
            return Ok(entries);
        }
    }
}
