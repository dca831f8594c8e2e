//! Who somebody is and what they may do, read from the store.

use std::collections::BTreeSet;

use jiff::civil::Date;
use sha2::{Digest as _, Sha256};

use crate::authority::{Actor, Held, Means};
use crate::store::{PersonId, Query, Row, StoreError, TrustId};
use crate::values;

/// A person as those see them who sign them in.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    pub(crate) id: PersonId,
    /// Their name as others see it.
    pub(crate) name: String,
    pub(crate) email: Option<String>,
    ends_on: Option<Date>,
}

impl Person {
    /// Whether they still work here on a day.
    pub(super) fn here(&self, day: Date) -> bool {
        self.ends_on.is_none_or(|last| day <= last)
    }

    /// Reads `id`, `given_name`, `known_as`, `family_name`, `email` and `ends_on`.
    pub(super) fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.get("id")?,
            name: name(row)?,
            email: row.get("email")?,
            ends_on: row.get("ends_on")?,
        })
    }
}

/// The name as others see it, from `given_name`, `known_as` and `family_name`.
pub(super) fn name(row: &Row) -> Result<String, StoreError> {
    let given: String = match row.get::<Option<String>>("known_as")? {
        Some(known_as) => known_as,
        None => row.get("given_name")?,
    };
    Ok(format!("{given} {}", row.get::<String>("family_name")?))
}

/// The person of that id, unless they have left.
pub(crate) async fn person(
    query: &mut impl Query,
    id: &PersonId,
    today: Date,
) -> Result<Option<Person>, StoreError> {
    let row = query
        .first(
            "SELECT id, given_name, known_as, family_name, email, ends_on FROM person \
             WHERE trust = $1 AND id = $2",
            values![id],
        )
        .await?;
    let person = row.as_ref().map(Person::read).transpose()?;
    Ok(person.filter(|person| person.here(today)))
}

/// The person of that e-mail address, unless they have left.
pub(crate) async fn person_by_email(
    query: &mut impl Query,
    email: &str,
    today: Date,
) -> Result<Option<Person>, StoreError> {
    let row = query
        .first(
            "SELECT id, given_name, known_as, family_name, email, ends_on FROM person \
             WHERE trust = $1 AND email = $2",
            values![email.trim().to_lowercase()],
        )
        .await?;
    let person = row.as_ref().map(Person::read).transpose()?;
    Ok(person.filter(|person| person.here(today)))
}

/// Everybody who works here on a day, by name.
pub(crate) async fn people(query: &mut impl Query, day: Date) -> Result<Vec<Person>, StoreError> {
    let rows = query
        .all(
            "SELECT id, given_name, known_as, family_name, email, ends_on FROM person \
             WHERE trust = $1 AND (ends_on IS NULL OR ends_on >= $2) \
             ORDER BY family_name, given_name, id",
            values![day],
        )
        .await?;
    rows.iter().map(Person::read).collect()
}

/// A person in the act of signing in, for the ledger: they may do nothing yet.
pub(super) async fn signing_in(
    query: &mut impl Query,
    trust: &TrustId,
    person: &Person,
    today: Date,
) -> Result<Actor, StoreError> {
    Ok(Actor {
        trust: trust.clone(),
        person: Some(person.id.clone()),
        name: person.name.clone(),
        roles: roles_of(query, &person.id, today).await?,
        means: Means::Token(BTreeSet::new()),
    })
}

/// The roles that a person holds on a day, and those handed to them while somebody is away.
pub(crate) async fn roles_of(
    query: &mut impl Query,
    person: &PersonId,
    day: Date,
) -> Result<Vec<Held>, StoreError> {
    let rows = query
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

/// What tells one set of rights from another: changed rights renew a session.
pub(super) fn rights(roles: &[Held]) -> String {
    let held = roles.iter().map(|held| {
        let school = held.school.as_ref().map_or("*", |id| id.as_str());
        format!("{}@{school}", held.role.name())
    });
    let held: BTreeSet<String> = held.collect();
    let mut hash = Sha256::new();
    for role in held {
        hash.update(role.as_bytes());
        hash.update(b"\n");
    }
    data_encoding::HEXLOWER
        .encode(&hash.finalize())
        .chars()
        .take(16)
        .collect()
}
