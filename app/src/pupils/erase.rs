//! Erasing what is held of a pupil, and of parents or carers who have no other pupil here.

use super::guardians::enter;
use super::pupil::{Guardian, GuardianId, Pupil, PupilId};
use super::read::{find_guardian, guardians_of, line};
use super::{PupilsError, Refusal};
use crate::authority::{Action, Actor, Denied, Permit};
use crate::consent;
use crate::ledger::{self, Erasure, LedgerError, Record as _};
use crate::people::reason_given;
use crate::roster;
use crate::store::{StoreError, Tx};
use crate::subject_access;
use crate::values;

const BY_RESTORE: &str = "erased before; done again after an older copy was restored";

/// Erases a pupil: the record, its key and all that the ledger says about it. `reason` is kept and
/// must name nobody.
pub async fn erase(
    tx: &mut Tx,
    permit: &Permit,
    id: &PupilId,
    reason: &str,
) -> Result<(), PupilsError> {
    if permit.action() != Action::Erase {
        return Err(Denied.into());
    }
    let reason = reason_given(reason).ok_or(Refusal::NoReason)?;
    tx.locked(
        "SELECT id FROM pupil WHERE trust = $1 AND id = $2",
        "SELECT id FROM pupil WHERE trust = $1 AND id = $2 FOR NO KEY UPDATE",
        values![id],
    )
    .await?;
    line(tx, permit, id).await?;
    let (actor, action) = (permit.actor(), Some(Action::Erase));
    remove(tx, actor, action, (id, reason)).await?;
    let erasure = Erasure {
        record_kind: Pupil::KIND,
        record: id.as_str(),
        reason,
    };
    ledger::erase(tx, actor, action, erasure).await?;
    Ok(())
}

/// Forgets a pupil again, as after an older copy of the store was put back: the record alone, the
/// ledger sees to the rest.
pub async fn forget(tx: &mut Tx, id: &PupilId) -> Result<(), PupilsError> {
    let trust = tx.trust().cloned().ok_or(LedgerError::NoTrust)?;
    remove(tx, &Actor::operator(trust), None, (id, BY_RESTORE)).await
}

/// Forgets a parent or carer again, as [`forget`].
pub async fn forget_guardian(tx: &mut Tx, id: &GuardianId) -> Result<(), StoreError> {
    tx.execute(
        "DELETE FROM guardian_of WHERE trust = $1 AND guardian = $2",
        values![id],
    )
    .await?;
    tx.execute(
        "DELETE FROM guardian WHERE trust = $1 AND id = $2",
        values![id],
    )
    .await?;
    roster::forget(tx, Guardian::KIND, id.as_str()).await
}

/// Removes the record of a pupil, with the parents or carers who have no other pupil here.
async fn remove(
    tx: &mut Tx,
    actor: &Actor,
    action: Option<Action>,
    (id, reason): (&PupilId, &str),
) -> Result<(), PupilsError> {
    let store = tx.store().clone();
    for (guardian, _) in guardians_of(tx, id).await? {
        let before = find_guardian(tx, &store, &actor.trust, &guardian).await?;
        let before = before.ok_or(PupilsError::NotFound)?;
        tx.execute(
            "DELETE FROM guardian_of WHERE trust = $1 AND guardian = $2 AND pupil = $3",
            values![&guardian, id],
        )
        .await?;
        let mut after = before.clone();
        after.pupils.retain(|pupil| pupil != id);
        if !after.pupils.is_empty() {
            enter(
                tx,
                (actor, action),
                "guardian.changed",
                Some(&before),
                Some(&after),
            )
            .await?;
            continue;
        }
        forget_guardian(tx, &guardian).await?;
        consent::erase_of_guardian(tx, actor, action, &guardian).await?;
        subject_access::erase_about(tx, actor, &format!("guardian/{guardian}"), reason).await?;
        let erasure = Erasure {
            record_kind: Guardian::KIND,
            record: guardian.as_str(),
            reason,
        };
        ledger::erase(tx, actor, action, erasure).await?;
    }
    // After a restore the ledger's own list erases the cases again.
    if let Some(action) = action {
        consent::erase_of_pupil(tx, actor, action, (id, reason)).await?;
    }
    subject_access::erase_about(tx, actor, &format!("pupil/{id}"), reason).await?;
    tx.execute(
        "DELETE FROM pupil WHERE trust = $1 AND id = $2",
        values![id],
    )
    .await?;
    roster::forget(tx, Pupil::KIND, id.as_str()).await?;
    Ok(())
}
