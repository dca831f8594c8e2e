//! While a head or safeguarding lead is away, somebody else of the school holds their roles there.

use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::person::{Person, Standing, check_days};
use super::read::{find, lock};
use super::roles::demand;
use super::{PeopleError, Refusal};
use crate::authority::{Action, Permit, Place, Role};
use crate::ledger::{Record, record};
use crate::store::{DelegationId, PersonId, Query, Row, SchoolId, StoreError, Tx};
use crate::values;

/// A delegation: the roles that a person holds at a school, held by another for some days.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Delegation {
    /// Its identifier.
    pub id: DelegationId,
    /// Who is away.
    pub person: PersonId,
    /// Who holds their roles meanwhile.
    pub delegate: PersonId,
    /// At which school.
    pub school: SchoolId,
    /// From this day.
    pub starts_on: Date,
    /// Up to and with this day.
    pub ends_on: Date,
}

impl Record for Delegation {
    const KIND: &'static str = "delegation";

    fn id(&self) -> &str {
        self.id.as_str()
    }
}

/// A delegation to make.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct NewDelegation {
    /// To whom.
    pub delegate: PersonId,
    /// At which school.
    pub school: SchoolId,
    /// From this day.
    pub starts_on: Date,
    /// Up to and with this day.
    pub ends_on: Date,
}

/// A delegation with the names that a page shows.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Named {
    /// The delegation.
    pub delegation: Delegation,
    /// Who is away.
    pub person: String,
    /// Who holds their roles meanwhile.
    pub delegate: String,
    /// The school's name.
    pub school: String,
}

/// The schools at which somebody holds roles of their own that they may hand on.
#[must_use]
pub fn may_hand_on(person: &Person, today: Date) -> Vec<SchoolId> {
    let own = person
        .roles
        .iter()
        .filter(|held| Action::Delegate.roles().contains(&held.role) && !held.over(today));
    let mut schools: Vec<SchoolId> = own.filter_map(|held| held.school.clone()).collect();
    schools.sort();
    schools.dedup();
    schools
}

/// Hands one's own roles at a school to somebody else who works there.
pub async fn delegate(
    tx: &mut Tx,
    permit: &Permit,
    new: NewDelegation,
) -> Result<Delegation, PeopleError> {
    demand(permit, Action::Delegate)?;
    permit.at(Place::School(&new.school))?;
    let today = tx.store().clock().today();
    check_days(Some(new.starts_on), Some(new.ends_on))?;
    let longest = new.starts_on.checked_add(1.year()).unwrap_or(new.starts_on);
    if new.ends_on < today || new.ends_on > longest {
        return Err(Refusal::DelegationDays.into());
    }
    lock(tx).await?;
    let own = permit.actor().person.as_ref();
    let own = own.ok_or(Refusal::NothingToDelegate)?;
    let person = find(tx, own).await?.ok_or(PeopleError::NotFound)?;
    if !may_hand_on(&person, today).contains(&new.school) {
        return Err(Refusal::NothingToDelegate.into());
    }
    let other = find(tx, &new.delegate).await?;
    let works_there = |other: &Person| {
        other.id != person.id
            && other.standing(today) == Standing::Current
            && other.roles.iter().any(|held| {
                held.school.as_ref() == Some(&new.school)
                    && held.on(today)
                    && held.role != Role::Governor
                    && held.role != Role::ChairOfGovernors
            })
    };
    if !other.as_ref().is_some_and(works_there) {
        return Err(Refusal::NoSuchDelegate.into());
    }
    let delegation = Delegation {
        id: tx.fresh()?,
        person: person.id,
        delegate: new.delegate,
        school: new.school,
        starts_on: new.starts_on,
        ends_on: new.ends_on,
    };
    tx.execute(
        "INSERT INTO delegation (trust, id, person, delegate, school, starts_on, ends_on) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        values![
            &delegation.id,
            &delegation.person,
            &delegation.delegate,
            &delegation.school,
            delegation.starts_on,
            delegation.ends_on
        ],
    )
    .await?;
    enter(tx, permit, "delegation.made", None, Some(&delegation)).await?;
    Ok(delegation)
}

/// Takes a delegation back, at once: whoever made it may, and whoever gives roles there.
pub async fn revoke(tx: &mut Tx, permit: &Permit, id: &DelegationId) -> Result<(), PeopleError> {
    lock(tx).await?;
    let rows = tx
        .all(
            "SELECT id, person, delegate, school, starts_on, ends_on FROM delegation \
             WHERE trust = $1 AND id = $2",
            values![id],
        )
        .await?;
    let delegation = rows.first().map(read).transpose()?;
    let delegation = delegation.ok_or(PeopleError::NotFound)?;
    let own = permit.actor().person.as_ref() == Some(&delegation.person);
    match permit.action() {
        Action::Delegate if own => {}
        Action::GiveRoles if permit.at(Place::School(&delegation.school)).is_ok() => {}
        _ => return Err(PeopleError::NotFound),
    }
    tx.execute(
        "DELETE FROM delegation WHERE trust = $1 AND id = $2",
        values![id],
    )
    .await?;
    enter(tx, permit, "delegation.revoked", Some(&delegation), None).await
}

/// The delegations of and to a person that are not over, the next first.
pub async fn delegations(
    query: &mut impl Query,
    person: &PersonId,
    today: Date,
) -> Result<Vec<Named>, StoreError> {
    let rows = query
        .all(
            "SELECT d.id, d.person, d.delegate, d.school, d.starts_on, d.ends_on, \
               s.name AS school_name, p.given_name, p.known_as, p.family_name, \
               o.given_name AS o_given_name, o.known_as AS o_known_as, \
               o.family_name AS o_family_name \
             FROM delegation d \
             JOIN school s ON s.trust = d.trust AND s.id = d.school \
             JOIN person p ON p.trust = d.trust AND p.id = d.person \
             JOIN person o ON o.trust = d.trust AND o.id = d.delegate \
             WHERE d.trust = $1 AND (d.person = $2 OR d.delegate = $2) AND d.ends_on >= $3 \
             ORDER BY d.starts_on, d.id",
            values![person, today],
        )
        .await?;
    let named = |row: &Row| {
        Ok(Named {
            delegation: read(row)?,
            person: name(row, ["known_as", "given_name", "family_name"])?,
            delegate: name(row, ["o_known_as", "o_given_name", "o_family_name"])?,
            school: row.get("school_name")?,
        })
    };
    rows.iter().map(named).collect()
}

/// The states of all delegations after one, in the order of their identifiers, for verifying them
/// against the ledger.
pub async fn delegation_states(
    query: &mut impl Query,
    after: Option<&DelegationId>,
    limit: u32,
) -> Result<Vec<(DelegationId, Json)>, StoreError> {
    let rows = query
        .all(
            "SELECT id, person, delegate, school, starts_on, ends_on FROM delegation \
             WHERE trust = $1 AND id > $2 ORDER BY id LIMIT $3",
            values![after.map_or("", DelegationId::as_str), i64::from(limit)],
        )
        .await?;
    let state = |row: &Row| {
        let delegation = read(row)?;
        let state = serde_json::to_value(&delegation);
        Ok((
            delegation.id,
            state.map_err(|_| Row::unreadable("delegation"))?,
        ))
    };
    rows.iter().map(state).collect()
}

fn read(row: &Row) -> Result<Delegation, StoreError> {
    Ok(Delegation {
        id: row.get("id")?,
        person: row.get("person")?,
        delegate: row.get("delegate")?,
        school: row.get("school")?,
        starts_on: row.get("starts_on")?,
        ends_on: row.get("ends_on")?,
    })
}

/// The name as others see it, of a row with a person's own columns.
pub(crate) fn shown_name(row: &Row) -> Result<String, StoreError> {
    name(row, ["known_as", "given_name", "family_name"])
}

/// The name as others see it, from the columns of known-as, given and family name.
pub(super) fn name(row: &Row, [known_as, given, family]: [&str; 3]) -> Result<String, StoreError> {
    let given: String = match row.get::<Option<String>>(known_as)? {
        Some(known_as) => known_as,
        None => row.get(given)?,
    };
    Ok(format!("{given} {}", row.get::<String>(family)?))
}

async fn enter(
    tx: &mut Tx,
    permit: &Permit,
    kind: &'static str,
    before: Option<&Delegation>,
    after: Option<&Delegation>,
) -> Result<(), PeopleError> {
    let action = Some(permit.action());
    record(tx, permit.actor(), action, kind, before, after).await?;
    Ok(())
}
