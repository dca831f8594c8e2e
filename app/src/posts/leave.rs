//! Whether somebody may post on an account: named for it, or with a permission in force. Asked when a post is sent for
//! approval, and again when it goes out.

use jiff::civil::Date;

use super::PostError;
use crate::accounts::{self, Keeping, Kept};
use crate::authority::Actor;
use crate::cases::{self, Account, Case};
use crate::store::{PersonId, Tx};

/// The register of permissions, and the kind of one that covers posting on an official account.
const PERMISSION: &str = "permission";
const TO_POST: &str = "post-official";

/// Whether somebody may post on an account today.
///
/// # Errors
/// Where the store fails.
pub(super) async fn may_post(
    tx: &mut Tx,
    person: &PersonId,
    account: &Case,
    today: Date,
) -> Result<bool, PostError> {
    for keeper in accounts::keepers(tx, &account.id).await? {
        let posts = matches!(keeper.part, Keeping::Poster | Keeping::Administrator);
        if !posts || keeper.person != *person {
            continue;
        }
        if let Some(kept) = Kept::of(tx, keeper).await?
            && kept.counts(account.school.as_ref(), today)
        {
            return Ok(true);
        }
    }
    permitted(tx, person, account, today).await
}

/// Whether a permission in force names the account.
async fn permitted(
    tx: &mut Tx,
    person: &PersonId,
    account: &Case,
    today: Date,
) -> Result<bool, PostError> {
    let Some(trust) = tx.trust().cloned() else {
        return Ok(false);
    };
    let (store, program) = (tx.store().clone(), Actor::operator(trust));
    let held = cases::in_force_for(tx, &store, &program, person, today).await?;
    let wanted = Account::of(accounts::answer(account, "account"));
    Ok(held.iter().any(|held| {
        let case = &held.case;
        case.register == PERMISSION
            && (case.school.is_none() || case.school == account.school)
            && accounts::answer(case, "kind") == TO_POST
            && Account::of(accounts::answer(case, "account")).is_the_same_as(&wanted)
    }))
}
