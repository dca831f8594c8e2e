//! Giving and taking roles.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::person::{HeldRole, Person, Standing, check_days};
use super::read::{find, lock};
use super::{PeopleError, Refusal};
use crate::authority::{Action, Actor, Denied, Permit, Place, Role};
use crate::ledger::record;
use crate::store::{HeldRoleId, PersonId, Query, SchoolId, StoreError, Tx};
use crate::{schools, values};

/// A role to give.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct NewRole {
    /// The role.
    pub role: Role,
    /// At which school; at the whole trust where none is named.
    pub school: Option<SchoolId>,
    /// From this day; at once, where none is named.
    pub starts_on: Option<Date>,
    /// Up to and with this day.
    pub ends_on: Option<Date>,
}

impl NewRole {
    /// Where it is to be held.
    #[must_use]
    pub fn place(&self) -> Place<'_> {
        self.school.as_ref().map_or(Place::Trust, Place::School)
    }
}

/// Whether a role watches over the head of a school or is theirs: the trust gives and takes it,
/// never the head.
#[must_use]
pub const fn given_by_the_trust(role: Role) -> bool {
    matches!(
        role,
        Role::Head
            | Role::ChairOfGovernors
            | Role::DataProtectionOfficer
            | Role::TrustAdministrator
    )
}

/// Whether somebody may give, or take, that role there.
#[must_use]
pub fn may_give(actor: &Actor, role: Role, place: Place<'_>) -> bool {
    let place = match given_by_the_trust(role) {
        true => Place::Trust,
        false => place,
    };
    actor.may(Action::GiveRoles, place)
}

pub(super) fn may_appoint(actor: &Actor, new: &NewRole) -> Result<(), PeopleError> {
    match may_give(actor, new.role, new.place()) {
        true => Ok(()),
        false => Err(Denied.into()),
    }
}

/// Gives a role. Nobody gives one to themselves.
pub async fn give_role(
    tx: &mut Tx,
    permit: &Permit,
    id: &PersonId,
    new: NewRole,
) -> Result<Person, PeopleError> {
    demand(permit, Action::GiveRoles)?;
    let before = reached(tx, permit, id).await?;
    may_appoint(permit.actor(), &new)?;
    let today = tx.store().clock().today();
    if before.standing(today) == Standing::Left {
        return Err(Refusal::Left.into());
    }
    let role = new_role(tx, new, before.ends_on).await?;
    let same = |held: &HeldRole| {
        let apart = held.ends_on.zip(role.starts_on).is_some_and(|(a, b)| a < b)
            || role.ends_on.zip(held.starts_on).is_some_and(|(a, b)| a < b);
        held.role == role.role && held.school == role.school && !held.over(today) && !apart
    };
    if before.roles.iter().any(same) {
        return Err(Refusal::HeldAlready.into());
    }
    let mut after = before.clone();
    after.roles.push(role);
    // As they are read back, so that the ledger's state is the store's.
    after.roles.sort_by(|a, b| a.id.cmp(&b.id));
    enter(tx, permit, "role.given", &before, &after).await?;
    Ok(after)
}

/// Takes a role, at once.
pub async fn take_role(
    tx: &mut Tx,
    permit: &Permit,
    id: &PersonId,
    role: &HeldRoleId,
) -> Result<Person, PeopleError> {
    demand(permit, Action::GiveRoles)?;
    let today = tx.store().clock().today();
    lock(tx).await?;
    let before = find(tx, id).await?.ok_or(PeopleError::NotFound)?;
    let held = before.roles.iter().find(|held| held.id == *role);
    let held = held.ok_or(PeopleError::NotFound)?;
    if !may_give(permit.actor(), held.role, held.place()) || permit.at(held.place()).is_err() {
        return Err(Denied.into());
    }
    if held.over(today) {
        return Err(Refusal::NotHeld.into());
    }
    let after = taken_from(&before, &BTreeSet::from([role]), today);
    guard_administrators(tx, &before, &after).await?;
    enter(tx, permit, "role.taken", &before, &after).await?;
    Ok(after)
}

/// The person without some of their roles. One that was held on a day before ends with yesterday;
/// any other leaves no trace but in the ledger.
pub(super) fn taken_from(before: &Person, gone: &BTreeSet<&HeldRoleId>, today: Date) -> Person {
    let yesterday = today.yesterday().unwrap_or(today);
    let was_held = |held: &HeldRole| held.starts_on.is_some_and(|first| first <= yesterday);
    let mut after = before.clone();
    after
        .roles
        .retain(|held| !gone.contains(&held.id) || was_held(held));
    for held in after
        .roles
        .iter_mut()
        .filter(|held| gone.contains(&held.id))
    {
        held.ends_on = Some(yesterday);
    }
    after
}

/// Leave for the right thing: a permit for another action is none.
pub(super) fn demand(permit: &Permit, action: Action) -> Result<(), Denied> {
    (permit.action() == action).then_some(()).ok_or(Denied)
}

/// The person to whom a role is given, locked.
async fn reached(tx: &mut Tx, permit: &Permit, id: &PersonId) -> Result<Person, PeopleError> {
    if permit.actor().person.as_ref() == Some(id) {
        return Err(Refusal::OwnRole.into());
    }
    lock(tx).await?;
    let today = tx.store().clock().today();
    let person = find(tx, id).await?;
    person
        .filter(|person| person.seen_by(permit, today))
        .ok_or(PeopleError::NotFound)
}

async fn enter(
    tx: &mut Tx,
    permit: &Permit,
    kind: &'static str,
    before: &Person,
    after: &Person,
) -> Result<(), PeopleError> {
    write_roles(tx, &after.id, &before.roles, &after.roles).await?;
    let (actor, action) = (permit.actor(), Some(Action::GiveRoles));
    record(tx, actor, action, kind, Some(before), Some(after)).await?;
    Ok(())
}

/// A role with an identifier, checked: its days, its place. It ends with the person.
pub(super) async fn new_role(
    tx: &mut Tx,
    new: NewRole,
    person_ends: Option<Date>,
) -> Result<HeldRole, PeopleError> {
    check_days(new.starts_on, new.ends_on)?;
    let today = tx.store().clock().today();
    if let Some(school) = &new.school {
        if new.role == Role::TrustAdministrator {
            return Err(Refusal::OnlyAtTheTrust.into());
        }
        if !is_open(tx, school, today).await? {
            return Err(Refusal::NoSuchSchool.into());
        }
    }
    // With an unknown beginning, a role could not be told from one that was always held.
    let starts_on = new.starts_on.unwrap_or(today);
    let ends_on = match (new.ends_on, person_ends) {
        (Some(role), Some(person)) => Some(role.min(person)),
        (role, person) => role.or(person),
    };
    check_days(Some(starts_on), ends_on)?;
    Ok(HeldRole {
        id: tx.fresh()?,
        role: new.role,
        school: new.school,
        starts_on: Some(starts_on),
        ends_on,
    })
}

/// Whether it is a school of this trust that is open.
pub(crate) async fn is_open(
    query: &mut impl Query,
    school: &SchoolId,
    today: Date,
) -> Result<bool, StoreError> {
    let school = schools::find(query, school).await?;
    Ok(school.is_some_and(|school| school.is_open(today)))
}

/// How firmly somebody is a trust administrator: 2 for good and able to sign in, 1 for a time or
/// without an address, 0 not at all.
fn hold(person: &Person, today: Date) -> u8 {
    let roles = person.roles.iter().filter(|held| {
        held.role == Role::TrustAdministrator && held.school.is_none() && !held.over(today)
    });
    let lasting = person.ends_on.is_none()
        && person.details.email.is_some()
        && person.standing(today) == Standing::Current;
    let hold = |held: &HeldRole| 1 + u8::from(lasting && held.on(today) && held.ends_on.is_none());
    match person.standing(today) {
        Standing::Left => 0,
        Standing::Current | Standing::Joining => roles.map(hold).max().unwrap_or(0),
    }
}

/// Refuses a change after which nobody could look after the installation.
pub(super) async fn guard_administrators(
    tx: &mut Tx,
    before: &Person,
    after: &Person,
) -> Result<(), PeopleError> {
    let today = tx.store().clock().today();
    if hold(after, today) >= hold(before, today) {
        return Ok(());
    }
    let others = tx
        .count(
            "SELECT COUNT(*) AS n FROM held_role h \
             JOIN person p ON p.trust = h.trust AND p.id = h.person \
             WHERE h.trust = $1 AND h.role = 'trust-administrator' AND h.school IS NULL \
               AND h.ends_on IS NULL AND (h.starts_on IS NULL OR h.starts_on <= $2) \
               AND p.ends_on IS NULL AND (p.starts_on IS NULL OR p.starts_on <= $2) \
               AND p.email IS NOT NULL AND p.id <> $3",
            values![today, &before.id],
        )
        .await?;
    match others {
        0 => Err(Refusal::LastAdministrator.into()),
        _ => Ok(()),
    }
}

/// Writes what differs between two lists of one person's roles.
pub(super) async fn write_roles(
    tx: &mut Tx,
    person: &PersonId,
    before: &[HeldRole],
    after: &[HeldRole],
) -> Result<(), StoreError> {
    for gone in before {
        if !after.iter().any(|held| held.id == gone.id) {
            tx.execute(
                "DELETE FROM held_role WHERE trust = $1 AND id = $2",
                values![&gone.id],
            )
            .await?;
        }
    }
    for held in after.iter().filter(|held| !before.contains(held)) {
        tx.execute(
            "INSERT INTO held_role (trust, id, person, role, school, starts_on, ends_on) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) \
             ON CONFLICT (trust, id) DO UPDATE \
             SET starts_on = excluded.starts_on, ends_on = excluded.ends_on",
            values![
                &held.id,
                person,
                held.role,
                held.school.as_ref(),
                held.starts_on,
                held.ends_on
            ],
        )
        .await?;
    }
    Ok(())
}
