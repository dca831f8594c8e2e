//! Erasing what is held of a person who has left, on a lawful request.

use super::person::{Details, Person, Standing};
use super::read::{find, lock};
use super::roles::demand;
use super::{PeopleError, Refusal};
use crate::authority::{Action, Actor, Denied, Permit};
use crate::cases;
use crate::ledger::{self, Erasure, LedgerError, Record as _, record};
use crate::messages;
use crate::roster;
use crate::sign_in::{self, end_sessions};
use crate::store::{PersonId, Query as _, StoreError, Tx};
use crate::subject_access;
use crate::tokens;
use crate::values;

const BY_RESTORE: &str = "erased before; done again after an older copy was restored";
/// How long a reason may be, in characters.
const REASON: std::ops::RangeInclusive<usize> = 5..=500;

/// Erases a person's name, address and everything that the ledger and sealed columns hold of them.
/// A row without a name stays, because other records name it by its identifier; what they did to
/// other records stays with those records. `reason` is kept and must name nobody.
pub async fn erase(
    tx: &mut Tx,
    permit: &Permit,
    id: &PersonId,
    reason: &str,
) -> Result<(), PeopleError> {
    demand(permit, Action::Erase)?;
    let reason = reason_given(reason).ok_or(Refusal::NoReason)?;
    lock(tx).await?;
    let today = tx.store().clock().today();
    let person = find(tx, id).await?;
    let person = person.filter(|person| person.seen_by(permit, today));
    let person = person.ok_or(PeopleError::NotFound)?;
    if !person.governed_by(permit, today) {
        return Err(Denied.into());
    }
    if person.standing(today) != Standing::Left {
        return Err(Refusal::NotLeft.into());
    }
    if is_erased(tx, id).await? {
        return Err(PeopleError::Same);
    }
    let erasure = Erasure {
        record_kind: Person::KIND,
        record: id.as_str(),
        reason,
    };
    let (actor, action) = (permit.actor(), Some(Action::Erase));
    end_sessions(tx, actor, id, None).await?;
    tokens::erase_all(tx, actor, action, id, reason).await?;
    cases::forget_of(tx, actor, id, reason).await?;
    subject_access::erase_about(tx, actor, &format!("person/{id}"), reason).await?;
    ledger::erase(tx, actor, action, erasure).await?;
    blank(tx, actor, action, person).await
}

/// The reason of an erasure, if it is one.
pub(crate) fn reason_given(reason: &str) -> Option<&str> {
    let reason = reason.trim();
    REASON.contains(&reason.chars().count()).then_some(reason)
}

/// Forgets a person again, as after an older copy of the store was put back.
pub async fn forget(tx: &mut Tx, id: &PersonId) -> Result<(), PeopleError> {
    let trust = tx.trust().cloned().ok_or(LedgerError::NoTrust)?;
    match find(tx, id).await? {
        Some(person) => {
            let actor = Actor::operator(trust);
            cases::forget_of(tx, &actor, id, BY_RESTORE).await?;
            subject_access::erase_about(tx, &actor, &format!("person/{id}"), BY_RESTORE).await?;
            blank(tx, &actor, None, person).await
        }
        None => Ok(()),
    }
}

/// Whether a person was erased.
pub(super) async fn is_erased(tx: &mut Tx, id: &PersonId) -> Result<bool, StoreError> {
    let row = tx
        .first(
            "SELECT id FROM person WHERE trust = $1 AND id = $2 AND erased_at IS NOT NULL",
            values![id],
        )
        .await?;
    Ok(row.is_some())
}

/// What is left of a person: the days and roles, without a name.
async fn blank(
    tx: &mut Tx,
    actor: &Actor,
    action: Option<Action>,
    person: Person,
) -> Result<(), PeopleError> {
    let nameless = |text: &str| text.parse().map_err(|_| PeopleError::NotFound);
    let after = Person {
        details: Details {
            given_name: nameless("Erased")?,
            family_name: nameless("person")?,
            known_as: None,
            email: None,
            contract: None,
            line_manager: None,
            starts_on: person.details.starts_on,
        },
        ..person
    };
    let now = tx.now();
    tx.execute(
        "UPDATE person SET given_name = $3, family_name = $4, known_as = NULL, email = NULL, \
           contract = NULL, line_manager = NULL, search = '', erased_at = $5 WHERE trust = $1 AND id = $2",
        values![
            &after.id,
            &after.details.given_name,
            &after.details.family_name,
            now
        ],
    )
    .await?;
    sign_in::forget(tx, &after.id).await?;
    messages::forget(tx, actor, &after.id).await?;
    roster::forget(tx, Person::KIND, after.id.as_str()).await?;
    record(tx, actor, action, "person.erased", None, Some(&after)).await?;
    Ok(())
}
