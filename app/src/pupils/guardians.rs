//! Parents and carers of a pupil.

use super::PupilsError;
use super::change::reached;
use super::pupil::{Guardian, GuardianDetails, GuardianId, PupilId};
use super::read::find_guardian;
use super::sealed::Place;
use crate::authority::{self, Action, Actor, Denied, Permit};
use crate::consent;
use crate::ledger::{Record as _, record};
use crate::store::{Query as _, StoreError, Tx};
use crate::values;

/// Adds a parent or carer of a pupil.
pub async fn add_guardian(
    tx: &mut Tx,
    permit: &Permit,
    pupil: &PupilId,
    details: GuardianDetails,
) -> Result<Guardian, PupilsError> {
    let pupil = reached(tx, permit, pupil, None).await?;
    details.check()?;
    let guardian = Guardian {
        id: tx.fresh()?,
        details,
        demonstration: pupil.demonstration,
        pupils: vec![pupil.id],
    };
    write(tx, &guardian).await?;
    for pupil in &guardian.pupils {
        tx.execute(
            "INSERT INTO guardian_of (trust, guardian, pupil) VALUES ($1, $2, $3)",
            values![&guardian.id, pupil],
        )
        .await?;
    }
    enter(
        tx,
        (permit.actor(), Some(Action::ManagePupils)),
        "guardian.added",
        None,
        Some(&guardian),
    )
    .await?;
    Ok(guardian)
}

/// Changes what is known of a parent or carer. Needs the right at the schools of all their pupils.
pub async fn change_guardian(
    tx: &mut Tx,
    permit: &Permit,
    id: &GuardianId,
    seen: &str,
    details: GuardianDetails,
) -> Result<Guardian, PupilsError> {
    let before = governed(tx, permit, id, Some(seen)).await?;
    details.check()?;
    let after = Guardian {
        details,
        ..before.clone()
    };
    if after == before {
        return Err(PupilsError::Same);
    }
    write(tx, &after).await?;
    enter(
        tx,
        (permit.actor(), Some(Action::ManagePupils)),
        "guardian.changed",
        Some(&before),
        Some(&after),
    )
    .await?;
    Ok(after)
}

/// Takes a parent or carer from a pupil. With their last pupil, what is held of them goes.
pub async fn remove_guardian(
    tx: &mut Tx,
    permit: &Permit,
    pupil: &PupilId,
    id: &GuardianId,
) -> Result<(), PupilsError> {
    let pupil = reached(tx, permit, pupil, None).await?;
    let before = locked(tx, permit, id).await?;
    if !before.pupils.contains(&pupil.id) {
        return Err(PupilsError::NotFound);
    }
    tx.execute(
        "DELETE FROM guardian_of WHERE trust = $1 AND guardian = $2 AND pupil = $3",
        values![id, &pupil.id],
    )
    .await?;
    let mut after = before.clone();
    after.pupils.retain(|other| *other != pupil.id);
    if after.pupils.is_empty() {
        tx.execute(
            "DELETE FROM guardian WHERE trust = $1 AND id = $2",
            values![id],
        )
        .await?;
        consent::erase_of_guardian(tx, permit.actor(), Some(Action::ManagePupils), id).await?;
        enter(
            tx,
            (permit.actor(), Some(Action::ManagePupils)),
            "guardian.removed",
            Some(&before),
            None,
        )
        .await
    } else {
        enter(
            tx,
            (permit.actor(), Some(Action::ManagePupils)),
            "guardian.changed",
            Some(&before),
            Some(&after),
        )
        .await
    }
}

/// The parent or carer, locked.
async fn locked(tx: &mut Tx, permit: &Permit, id: &GuardianId) -> Result<Guardian, PupilsError> {
    tx.locked(
        "SELECT id FROM guardian WHERE trust = $1 AND id = $2",
        "SELECT id FROM guardian WHERE trust = $1 AND id = $2 FOR NO KEY UPDATE",
        values![id],
    )
    .await?;
    let (store, trust) = (tx.store().clone(), permit.actor().trust.clone());
    let guardian = find_guardian(tx, &store, &trust, id).await?;
    guardian.ok_or(PupilsError::NotFound)
}

async fn governed(
    tx: &mut Tx,
    permit: &Permit,
    id: &GuardianId,
    seen: Option<&str>,
) -> Result<Guardian, PupilsError> {
    super::change::demand(permit)?;
    let guardian = locked(tx, permit, id).await?;
    let rows = tx
        .all(
            "SELECT DISTINCT p.school FROM guardian_of o \
             JOIN pupil p ON p.trust = o.trust AND p.id = o.pupil \
             WHERE o.trust = $1 AND o.guardian = $2",
            values![id],
        )
        .await?;
    let mut reaches = Vec::new();
    for row in &rows {
        let school = row.get("school")?;
        reaches.push(permit.at(authority::Place::School(&school)).is_ok());
    }
    if !reaches.contains(&true) && permit.at(authority::Place::Trust).is_err() {
        return Err(PupilsError::NotFound);
    }
    if reaches.contains(&false) {
        return Err(Denied.into());
    }
    if seen.is_some_and(|seen| seen != guardian.version()) {
        return Err(StoreError::Changed.into());
    }
    Ok(guardian)
}

pub(super) async fn enter(
    tx: &mut Tx,
    (actor, action): (&Actor, Option<Action>),
    kind: &'static str,
    before: Option<&Guardian>,
    after: Option<&Guardian>,
) -> Result<(), PupilsError> {
    record(tx, actor, action, kind, before, after).await?;
    Ok(())
}

async fn write(tx: &mut Tx, guardian: &Guardian) -> Result<(), PupilsError> {
    let details = &guardian.details;
    let place = Place {
        table: Guardian::KIND,
        id: guardian.id.as_str(),
    };
    let email = details.email.as_ref().map(ToString::to_string);
    let texts = [("email", email), ("phone", details.phone.clone())];
    let [email, phone] = place.seal(tx, texts).await?;
    tx.execute(
        "INSERT INTO guardian (trust, id, given_name, family_name, email, phone, search, \
           demonstration) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) \
         ON CONFLICT (trust, id) DO UPDATE SET given_name = excluded.given_name, \
           family_name = excluded.family_name, email = excluded.email, phone = excluded.phone, \
           search = excluded.search",
        values![
            &guardian.id,
            &details.given_name,
            &details.family_name,
            email,
            phone,
            details.search_text(),
            guardian.demonstration
        ],
    )
    .await?;
    Ok(())
}
