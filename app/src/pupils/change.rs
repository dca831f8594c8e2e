//! Adding pupils, changing what is known of them, noting that they left.

use jiff::civil::Date;

use super::pupil::{NewPupil, Pupil, PupilDetails, PupilId, check_left};
use super::read::find;
use super::sealed::Place;
use super::{PupilsError, Refusal};
use crate::authority::{self, Action, Denied, Permit};
use crate::ledger::{Record as _, record};
use crate::people::is_open;
use crate::store::{StoreError, Tx};
use crate::values;

/// Adds a pupil. Needs leave to manage pupils at their school.
pub async fn add(tx: &mut Tx, permit: &Permit, new: NewPupil) -> Result<Pupil, PupilsError> {
    demand(permit)?;
    check(tx, permit, &new.details).await?;
    let pupil = Pupil {
        id: tx.fresh()?,
        details: new.details,
        left_on: None,
        demonstration: new.demonstration,
    };
    write(tx, &pupil).await?;
    enter(tx, permit, "pupil.added", None, &pupil).await?;
    Ok(pupil)
}

/// Changes what is known of a pupil. `seen` is the [`Pupil::version`] that the change was made on.
/// To move a pupil to another school, the right is needed at both.
pub async fn change(
    tx: &mut Tx,
    permit: &Permit,
    id: &PupilId,
    seen: &str,
    details: PupilDetails,
) -> Result<Pupil, PupilsError> {
    let before = reached(tx, permit, id, Some(seen)).await?;
    check(tx, permit, &details).await?;
    let after = Pupil {
        details,
        ..before.clone()
    };
    if after == before {
        return Err(PupilsError::Same);
    }
    write(tx, &after).await?;
    enter(tx, permit, "pupil.changed", Some(&before), &after).await?;
    Ok(after)
}

/// Notes a pupil's last day, or takes it back.
pub async fn leave(
    tx: &mut Tx,
    permit: &Permit,
    id: &PupilId,
    seen: &str,
    left_on: Option<Date>,
) -> Result<Pupil, PupilsError> {
    let before = reached(tx, permit, id, Some(seen)).await?;
    check_left(left_on)?;
    let after = Pupil {
        left_on,
        ..before.clone()
    };
    if after == before {
        return Err(PupilsError::Same);
    }
    write(tx, &after).await?;
    let kind = match left_on {
        Some(_) => "pupil.left",
        None => "pupil.stays",
    };
    enter(tx, permit, kind, Some(&before), &after).await?;
    Ok(after)
}

/// Leave for this: a permit for another action is none.
pub(super) fn demand(permit: &Permit) -> Result<(), Denied> {
    (permit.action() == Action::ManagePupils)
        .then_some(())
        .ok_or(Denied)
}

/// The pupil, locked, where the permit reaches their school and nothing changed since.
pub(super) async fn reached(
    tx: &mut Tx,
    permit: &Permit,
    id: &PupilId,
    seen: Option<&str>,
) -> Result<Pupil, PupilsError> {
    demand(permit)?;
    tx.locked(
        "SELECT id FROM pupil WHERE trust = $1 AND id = $2",
        "SELECT id FROM pupil WHERE trust = $1 AND id = $2 FOR NO KEY UPDATE",
        values![id],
    )
    .await?;
    let (store, trust) = (tx.store().clone(), permit.actor().trust.clone());
    let pupil = find(tx, &store, &trust, id).await?;
    let here = |pupil: &Pupil| {
        let school = authority::Place::School(&pupil.details.school);
        permit.at(school).is_ok()
    };
    let pupil = pupil.filter(here).ok_or(PupilsError::NotFound)?;
    if seen.is_some_and(|seen| seen != pupil.version()) {
        return Err(StoreError::Changed.into());
    }
    Ok(pupil)
}

async fn check(tx: &mut Tx, permit: &Permit, details: &PupilDetails) -> Result<(), PupilsError> {
    permit.at(authority::Place::School(&details.school))?;
    let today = tx.store().clock().today();
    details.check(today)?;
    if !is_open(tx, &details.school, today).await? {
        return Err(Refusal::NoSuchSchool.into());
    }
    Ok(())
}

async fn enter(
    tx: &mut Tx,
    permit: &Permit,
    kind: &'static str,
    before: Option<&Pupil>,
    after: &Pupil,
) -> Result<(), PupilsError> {
    let action = Some(Action::ManagePupils);
    record(tx, permit.actor(), action, kind, before, Some(after)).await?;
    Ok(())
}

async fn write(tx: &mut Tx, pupil: &Pupil) -> Result<(), PupilsError> {
    let details = &pupil.details;
    let place = Place {
        table: Pupil::KIND,
        id: pupil.id.as_str(),
    };
    let born = details.born.map(|day| day.to_string());
    let [born] = place.seal(tx, [("born", born)]).await?;
    tx.execute(
        "INSERT INTO pupil (trust, id, school, given_name, family_name, known_as, year, class, \
           born, left_on, search, demonstration) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) \
         ON CONFLICT (trust, id) DO UPDATE SET school = excluded.school, \
           given_name = excluded.given_name, family_name = excluded.family_name, \
           known_as = excluded.known_as, year = excluded.year, class = excluded.class, \
           born = excluded.born, left_on = excluded.left_on, search = excluded.search",
        values![
            &pupil.id,
            &details.school,
            &details.given_name,
            &details.family_name,
            details.known_as.as_ref(),
            details.year.as_deref(),
            details.class.as_deref(),
            born,
            pupil.left_on,
            details.search_text(),
            pupil.demonstration
        ],
    )
    .await?;
    Ok(())
}
