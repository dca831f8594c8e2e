//! For whom a case waits, and who could look after it.

use std::collections::BTreeSet;

use register::Party;

use super::case::{Case, CaseId};
use super::parties::{Side, Subject, people_of};
use super::rules::InForce;
use super::{CaseError, row};
use crate::authority::Role;
use crate::store::{PersonId, Query, Store, StoreError, Tx};
use crate::values;

/// For whom a case waits.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Waits {
    /// For whoever holds a role.
    Role(Role),
    /// For this person.
    Person(PersonId),
}

/// For whom a case waits: ask only for a case that the person who asks was shown.
///
/// # Errors
/// Where the store fails.
pub async fn waiting_for(query: &mut impl Query, id: &CaseId) -> Result<Vec<Waits>, StoreError> {
    let rows = query
        .all(
            "SELECT audience FROM case_access WHERE trust = $1 AND case_id = $2 AND waits = 1",
            values![id],
        )
        .await?;
    let mut waits = BTreeSet::new();
    for row in &rows {
        let audience: String = row.get("audience")?;
        let mut parts = audience.splitn(3, '/');
        let read = match (parts.next(), parts.next(), parts.next()) {
            (Some("person"), Some(person), None) => person.parse().ok().map(Waits::Person),
            (Some("role"), Some(_), Some(role)) => Role::named(role).map(Waits::Role),
            _ => None,
        };
        waits.extend(read);
    }
    Ok(waits.into_iter().collect())
}

/// The people who could look after a case: those who can take a step on it as it stands, by their role or because they
/// are named. Whom it is about is never among them, nor who merely may withdraw it.
///
/// # Errors
/// Where the store fails.
pub async fn may_look_after(
    query: &mut impl Query,
    store: &Store,
    rules: &InForce,
    case: &Case,
) -> Result<Vec<PersonId>, CaseError> {
    let today = store.clock().today();
    let subject = Subject::of(query, case, today).await?;
    let steps = rules.register().steps.iter();
    let open = steps.filter(|step| step.from.contains(&case.state));
    let acting = |party: &&Party| !matches!(party, Party::Opener | Party::Subject);
    let sides: Vec<Side> = open
        .flat_map(|step| &step.by)
        .filter(acting)
        .flat_map(|party| subject.sides(rules, case, party))
        .collect();
    let people = people_of(query, case, &sides, today).await?;
    let people = people
        .into_iter()
        .filter(|person| case.subject_person() != Some(person));
    Ok(people.collect())
}

/// The people who hold a role where a case belongs, or act in its place: whom it is about is never among them.
///
/// # Errors
/// Where the store fails.
pub async fn holding_role(
    tx: &mut Tx,
    id: &CaseId,
    role: Role,
) -> Result<Vec<PersonId>, CaseError> {
    let (store, trust) = (tx.store().clone(), tx.trust().cloned());
    let trust = trust.ok_or(StoreError::Dangling)?;
    let Some(case) = row::find(tx, &store, &trust, id).await? else {
        return Ok(Vec::new());
    };
    let today = store.clock().today();
    let subject = Subject::of(tx, &case, today).await?;
    let side = [Side::Role(subject.acting(role))];
    let people = people_of(tx, &case, &side, today).await?;
    Ok(people.into_iter().collect())
}
