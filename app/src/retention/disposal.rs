//! Erasing what a person confirmed.

use super::{hold, list, run};
use crate::authority::{Action, Permit};
use crate::cases::{self, CaseError, CaseId};
use crate::store::Store;

/// Erases a case that is proposed, where nothing has come between: no hold, no open case beside it, and its time is
/// still over by its rule. Gives whether it did. What the ledger keeps of it is the event of the erasure alone.
pub(super) async fn dispose(
    store: &Store,
    permit: &Permit,
    id: &CaseId,
) -> Result<bool, CaseError> {
    let (actor, trust) = (permit.actor(), &permit.actor().trust);
    let mut tx = store.begin(trust).await?;
    cases::hold_still(&mut tx, id).await?;
    let proposed = list::proposal(&mut tx, permit, id).await?;
    let Some(proposed) = proposed.filter(|proposed| proposed.waits == list::Waits::No) else {
        return Ok(false);
    };
    let Some(case) = cases::closed_one(&mut tx, (store, trust), id).await? else {
        return Ok(false);
    };
    let Some(period) = run::judged(&mut tx, store, trust, &case).await? else {
        return Ok(false);
    };
    if period.ends != proposed.period.ends {
        return Ok(false);
    }
    let reason = format!(
        "Past its time to be kept: {}, {}",
        case.rules.register().name,
        period.says
    );
    hold::erase_of(&mut tx, actor, id, &reason).await?;
    cases::erase(&mut tx, actor, Action::ManageRetention, id, &reason).await?;
    tx.commit().await?;
    Ok(true)
}
