//! Adding people, changing what is known of them, ending their time.

use jiff::civil::Date;
use roster::Contract;
use serde::{Deserialize, Serialize};

use super::erase::is_erased;
use super::person::{Details, HeldRole, Person, Standing, check_days};
use super::read::{by_email, find, lock};
use super::roles::{NewRole, demand, guard_administrators, may_appoint, new_role, write_roles};
use super::{PeopleError, Refusal};
use crate::authority::{Action, Permit, Role};
use crate::ledger::record;
use crate::sign_in::end_sessions;
use crate::store::{PersonId, Query as _, StoreError, Tx};
use crate::values;

/// Longer than any chain of managers that is not a circle.
const MANAGERS_MAX: usize = 100;

/// Somebody to add, with the first role, which says where they belong.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct NewPerson {
    /// What is known of them.
    #[serde(flatten)]
    pub details: Details,
    /// The last day, where it is known already.
    pub ends_on: Option<Date>,
    /// The first role.
    pub role: NewRole,
    /// Whether they are of the demonstration.
    pub demonstration: bool,
}

/// Adds a person. Needs leave to manage people there and, for any role but staff, to give roles.
pub async fn add(tx: &mut Tx, permit: &Permit, new: NewPerson) -> Result<Person, PeopleError> {
    demand(permit, Action::ManagePeople)?;
    permit.at(new.role.place())?;
    if new.role.role != Role::Staff {
        may_appoint(permit.actor(), &new.role)?;
    }
    new.details.check()?;
    check_days(new.details.starts_on, new.ends_on)?;
    lock(tx).await?;
    let id: PersonId = tx.fresh()?;
    let starts_on = new.role.starts_on.or(new.details.starts_on);
    let role = NewRole {
        starts_on,
        ..new.role
    };
    let role = new_role(tx, role, new.ends_on).await?;
    let person = Person {
        id,
        details: new.details,
        ends_on: new.ends_on,
        demonstration: new.demonstration,
        roles: vec![role],
    };
    check_address(tx, &person).await?;
    check_manager(tx, permit, &person).await?;
    insert(tx, &person).await?;
    write_roles(tx, &person.id, &[], &person.roles).await?;
    let action = Some(Action::ManagePeople);
    record(
        tx,
        permit.actor(),
        action,
        "person.added",
        None,
        Some(&person),
    )
    .await?;
    Ok(person)
}

/// Changes what is known of a person. `seen` is the [`Person::version`] that the change was made
/// on; [`StoreError::Changed`] where it is no longer that.
pub async fn change(
    tx: &mut Tx,
    permit: &Permit,
    id: &PersonId,
    seen: &str,
    details: Details,
) -> Result<Person, PeopleError> {
    details.check()?;
    let before = governed(tx, permit, id, Some(seen)).await?;
    check_days(details.starts_on, before.ends_on)?;
    let after = Person {
        details,
        ..before.clone()
    };
    if after == before {
        return Err(PeopleError::Same);
    }
    if after.details.email != before.details.email {
        check_address(tx, &after).await?;
    }
    if after.details.line_manager != before.details.line_manager {
        check_manager(tx, permit, &after).await?;
    }
    guard_administrators(tx, &before, &after).await?;
    update(tx, &after).await?;
    let (actor, action) = (permit.actor(), Some(Action::ManagePeople));
    record(
        tx,
        actor,
        action,
        "person.changed",
        Some(&before),
        Some(&after),
    )
    .await?;
    Ok(after)
}

/// Sets the last day of a person, or takes it back. Their roles end with them. Somebody who had
/// left already and comes back is staff again; any other role has to be given anew.
pub async fn end(
    tx: &mut Tx,
    permit: &Permit,
    id: &PersonId,
    seen: &str,
    last: Option<Date>,
) -> Result<Person, PeopleError> {
    if permit.actor().person.as_ref() == Some(id) {
        return Err(Refusal::OwnEnd.into());
    }
    let before = governed(tx, permit, id, Some(seen)).await?;
    check_days(before.details.starts_on, last)?;
    let today = tx.store().clock().today();
    let after = ended(&before, last, today);
    if after == before {
        return Err(PeopleError::Same);
    }
    guard_administrators(tx, &before, &after).await?;
    update(tx, &after).await?;
    write_roles(tx, id, &before.roles, &after.roles).await?;
    if after.standing(today) == Standing::Left {
        end_sessions(tx, permit.actor(), id, None).await?;
    }
    let kind = match last {
        Some(_) => "person.ended",
        None => "person.stays",
    };
    let (actor, action) = (permit.actor(), Some(Action::ManagePeople));
    record(tx, actor, action, kind, Some(&before), Some(&after)).await?;
    Ok(after)
}

/// The person as they are with another last day.
#[must_use]
pub fn ended(before: &Person, last: Option<Date>, today: Date) -> Person {
    let had_left = before.standing(today) == Standing::Left;
    let with_person = |held: &HeldRole| {
        before.ends_on.is_some()
            && held.ends_on == before.ends_on
            && (!had_left || held.role == Role::Staff)
    };
    let moved = |held: &HeldRole| {
        let mut held = held.clone();
        if with_person(&held) {
            held.ends_on = last;
        }
        if last.is_some_and(|last| held.ends_on.is_none_or(|end| end > last)) {
            held.ends_on = last;
        }
        let Some(first) = held.starts_on else {
            return Some(held);
        };
        let end = held.ends_on;
        if end.is_some_and(|end| end < first) {
            // One that would have begun later never does; one that was held since is kept, so that
            // it still says where the person belonged.
            if first > today {
                return None;
            }
            held.starts_on = end;
        }
        Some(held)
    };
    Person {
        ends_on: last,
        roles: before.roles.iter().filter_map(moved).collect(),
        ..before.clone()
    }
}

/// The person, locked, where the permit reaches everything that is theirs and nothing changed
/// since it was seen.
async fn governed(
    tx: &mut Tx,
    permit: &Permit,
    id: &PersonId,
    seen: Option<&str>,
) -> Result<Person, PeopleError> {
    demand(permit, Action::ManagePeople)?;
    lock(tx).await?;
    let today = tx.store().clock().today();
    let person = find(tx, id).await?;
    let person = person.filter(|person| person.seen_by(permit, today));
    let person = person.ok_or(PeopleError::NotFound)?;
    if is_erased(tx, id).await? {
        return Err(PeopleError::NotFound);
    }
    if !person.governed_by(permit, today) {
        return Err(PeopleError::Denied(crate::authority::Denied));
    }
    if seen.is_some_and(|seen| seen != person.version()) {
        return Err(StoreError::Changed.into());
    }
    Ok(person)
}

async fn check_address(tx: &mut Tx, person: &Person) -> Result<(), PeopleError> {
    let Some(email) = &person.details.email else {
        return Ok(());
    };
    match by_email(tx, email.as_str()).await? {
        Some(other) if other.id != person.id => Err(Refusal::EmailTaken.into()),
        _ => Ok(()),
    }
}

/// The manager is here, may be seen, and is not led by the person.
async fn check_manager(tx: &mut Tx, permit: &Permit, person: &Person) -> Result<(), PeopleError> {
    let today = tx.store().clock().today();
    let Some(id) = person.details.line_manager.clone() else {
        return Ok(());
    };
    if id == person.id {
        return Err(Refusal::ManagerCircle.into());
    }
    let manager = find(tx, &id).await?.filter(|manager| {
        manager.standing(today) != Standing::Left && manager.seen_by(permit, today)
    });
    let mut above = manager.ok_or(Refusal::NoSuchManager)?.details.line_manager;
    for _ in 0..MANAGERS_MAX {
        let Some(id) = above else { return Ok(()) };
        if id == person.id {
            return Err(Refusal::ManagerCircle.into());
        }
        let row = tx
            .first(
                "SELECT line_manager FROM person WHERE trust = $1 AND id = $2",
                values![&id],
            )
            .await?;
        above = match row {
            Some(row) => row.get("line_manager")?,
            None => None,
        };
    }
    Err(Refusal::ManagerCircle.into())
}

async fn insert(tx: &mut Tx, person: &Person) -> Result<(), StoreError> {
    let details = &person.details;
    tx.execute(
        "INSERT INTO person (trust, id, given_name, family_name, known_as, email, line_manager, \
           starts_on, ends_on, demonstration, search, contract) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        values![
            &person.id,
            &details.given_name,
            &details.family_name,
            details.known_as.as_ref(),
            details.email.as_ref(),
            details.line_manager.as_ref(),
            details.starts_on,
            person.ends_on,
            person.demonstration,
            details.search_text(),
            details.contract.map(Contract::name)
        ],
    )
    .await?;
    Ok(())
}

async fn update(tx: &mut Tx, person: &Person) -> Result<(), StoreError> {
    let details = &person.details;
    tx.execute(
        "UPDATE person SET given_name = $3, family_name = $4, known_as = $5, email = $6, \
           line_manager = $7, starts_on = $8, ends_on = $9, search = $10, contract = $11 \
         WHERE trust = $1 AND id = $2",
        values![
            &person.id,
            &details.given_name,
            &details.family_name,
            details.known_as.as_ref(),
            details.email.as_ref(),
            details.line_manager.as_ref(),
            details.starts_on,
            person.ends_on,
            details.search_text(),
            details.contract.map(Contract::name)
        ],
    )
    .await?;
    Ok(())
}
