//! Roles that a provider of sign-in gives: brought into line with what it says of somebody, each
//! time they come through it.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::person::{HeldRole, Person, Standing};
use super::read::{find, lock};
use super::roles::{NewRole, guard_administrators, is_open, new_role, taken_from, write_roles};
use super::{PeopleError, Refusal};
use crate::authority::{Action, Actor, Role};
use crate::ledger::record;
use crate::store::{HeldRoleId, PersonId, Query, SchoolId, StoreError, Tx};
use crate::values;

/// A role and where it is held: at the whole trust where no school is named.
pub(crate) type RoleAt = (Role, Option<SchoolId>);

/// What came of it.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct InLine {
    /// How many roles were given.
    pub(crate) given: usize,
    /// How many were taken.
    pub(crate) taken: usize,
    /// Whether the last trust administrator keeps that role, whatever the provider says.
    pub(crate) kept: bool,
}

/// Gives somebody the roles that `provider` says they have, and takes those that came from it and
/// that it no longer says. Roles from elsewhere are left alone, and one that somebody has from
/// elsewhere is not given a second time. `actor` stands for the provider in the ledger.
pub(crate) async fn bring_into_line(
    tx: &mut Tx,
    actor: &Actor,
    provider: &str,
    id: &PersonId,
    wanted: &BTreeSet<RoleAt>,
) -> Result<InLine, PeopleError> {
    lock(tx).await?;
    let Some(before) = find(tx, id).await? else {
        return Ok(InLine::default());
    };
    let today = tx.store().clock().today();
    let from_it = marked(tx, provider, id).await?;
    let stale = before.roles.iter().filter(|held| {
        let said = wanted.contains(&(held.role, held.school.clone()));
        from_it.contains(&held.id) && !held.over(today) && !said
    });
    let stale: Vec<&HeldRole> = stale.collect();
    let (fewer, taken, kept) = without(tx, &before, &stale).await?;
    if taken > 0 {
        enter(tx, actor, "role.taken-by-provider", &before, &fewer).await?;
    }
    let more = with(tx, provider, &fewer, wanted).await?;
    let given = more.roles.len().saturating_sub(fewer.roles.len());
    if given > 0 {
        enter(tx, actor, "role.given-by-provider", &fewer, &more).await?;
    }
    Ok(InLine { given, taken, kept })
}

/// Takes all roles that came from a provider which is no more.
pub(crate) async fn end_claimed(
    tx: &mut Tx,
    actor: &Actor,
    provider: &str,
) -> Result<(), PeopleError> {
    let rows = tx
        .all(
            "SELECT DISTINCT h.person FROM claimed_role c \
             JOIN held_role h ON h.trust = c.trust AND h.id = c.role \
             WHERE c.trust = $1 AND c.provider = $2",
            values![provider],
        )
        .await?;
    for row in &rows {
        let nothing = BTreeSet::new();
        bring_into_line(tx, actor, provider, &row.get("person")?, &nothing).await?;
    }
    tx.execute(
        "DELETE FROM claimed_role WHERE trust = $1 AND provider = $2",
        values![provider],
    )
    .await?;
    Ok(())
}

/// How many people hold roles today that came from a provider.
pub(crate) async fn claiming(
    query: &mut impl Query,
    provider: &str,
    today: Date,
) -> Result<u64, StoreError> {
    query
        .count(
            "SELECT COUNT(DISTINCT h.person) AS n FROM claimed_role c \
             JOIN held_role h ON h.trust = c.trust AND h.id = c.role \
             WHERE c.trust = $1 AND c.provider = $2 \
               AND (h.ends_on IS NULL OR h.ends_on >= $3)",
            values![provider, today],
        )
        .await
}

/// The person without the roles that are stale, how many those are, and whether the role of the
/// last trust administrator was among them, which stays.
async fn without(
    tx: &mut Tx,
    before: &Person,
    stale: &[&HeldRole],
) -> Result<(Person, usize, bool), PeopleError> {
    let today = tx.store().clock().today();
    let mut gone: BTreeSet<&HeldRoleId> = stale.iter().map(|held| &held.id).collect();
    let mut after = taken_from(before, &gone, today);
    let guarded = guard_administrators(tx, before, &after).await;
    let kept = matches!(
        guarded,
        Err(PeopleError::Refused(Refusal::LastAdministrator))
    );
    if kept {
        let others = stale
            .iter()
            .filter(|held| held.role != Role::TrustAdministrator);
        gone = others.map(|held| &held.id).collect();
        after = taken_from(before, &gone, today);
    } else {
        guarded?;
    }
    for role in &gone {
        tx.execute(
            "DELETE FROM claimed_role WHERE trust = $1 AND role = $2",
            values![*role],
        )
        .await?;
    }
    Ok((after, gone.len(), kept))
}

/// The person with the roles that are wanted and that they do not hold. Whoever has not begun or
/// has left is given none, and at a school that is closed there is none.
async fn with(
    tx: &mut Tx,
    provider: &str,
    before: &Person,
    wanted: &BTreeSet<RoleAt>,
) -> Result<Person, PeopleError> {
    let today = tx.store().clock().today();
    let mut after = before.clone();
    if before.standing(today) != Standing::Current {
        return Ok(after);
    }
    for (role, school) in wanted {
        let same = |held: &HeldRole| held.role == *role && held.school == *school && held.on(today);
        if before.roles.iter().any(same) {
            continue;
        }
        if let Some(school) = school
            && !is_open(tx, school, today).await?
        {
            continue;
        }
        let new = NewRole {
            role: *role,
            school: school.clone(),
            starts_on: None,
            ends_on: None,
        };
        let new = new_role(tx, new, before.ends_on).await?;
        tx.execute(
            "INSERT INTO claimed_role (trust, role, provider) VALUES ($1, $2, $3)",
            values![&new.id, provider],
        )
        .await?;
        after.roles.push(new);
    }
    // As they are read back, so that the ledger's state is the store's.
    after.roles.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(after)
}

/// Somebody's roles that came from a provider.
async fn marked(
    tx: &mut Tx,
    provider: &str,
    person: &PersonId,
) -> Result<BTreeSet<HeldRoleId>, StoreError> {
    let rows = tx
        .all(
            "SELECT c.role FROM claimed_role c \
             JOIN held_role h ON h.trust = c.trust AND h.id = c.role \
             WHERE c.trust = $1 AND c.provider = $2 AND h.person = $3",
            values![provider, person],
        )
        .await?;
    rows.iter().map(|row| row.get("role")).collect()
}

async fn enter(
    tx: &mut Tx,
    actor: &Actor,
    kind: &'static str,
    before: &Person,
    after: &Person,
) -> Result<(), PeopleError> {
    write_roles(tx, &after.id, &before.roles, &after.roles).await?;
    let action = Some(Action::GiveRoles);
    record(tx, actor, action, kind, Some(before), Some(after)).await?;
    Ok(())
}
