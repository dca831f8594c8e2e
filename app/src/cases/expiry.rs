//! What does not stay: forms that nobody went on with, and what somebody kept for themselves when they are erased.

use jiff::ToSpan as _;
use serde_json::json;

use super::case::DraftId;
use super::{CaseError, drafts, saved};
use crate::attachments::{self, AttachmentError, Owner};
use crate::authority::Actor;
use crate::ledger::{Change, LedgerError, record_event};
use crate::store::{PersonId, Query as _, Row, Store, StoreError, TrustId, Tx};
use crate::values;

/// So many days a form is kept after its writer last changed it.
pub const DRAFT_DAYS: i64 = 90;
/// So many forms go in one transaction.
const AT_ONCE: i64 = 200;
const TOO_OLD: &str = "A form that was begun and not sent in its time";

/// Removes the forms that nobody changed for [`DRAFT_DAYS`] days, with their files; gives how many. That so many went
/// is entered in the ledger, which knew nothing of them while they were their writer's alone.
///
/// # Errors
/// Where the store fails.
pub async fn expire_drafts(store: &Store, trust: &TrustId) -> Result<u64, CaseError> {
    let today = store.clock().zoned();
    let last = today.checked_sub(DRAFT_DAYS.days()).unwrap_or(today);
    let mut gone = 0;
    loop {
        let mut tx = store.begin(trust).await?;
        let rows = tx
            .all(
                "SELECT id FROM case_draft WHERE trust = $1 AND changed_at < $2 ORDER BY id LIMIT $3",
                values![last.timestamp(), AT_ONCE],
            )
            .await?;
        let actor = Actor::operator(trust.clone());
        remove(&mut tx, &actor, &rows, TOO_OLD).await?;
        if rows.is_empty() {
            return Ok(gone);
        }
        let change = Change {
            kind: "case_draft.expired",
            record_kind: "retention",
            record: "drafts",
            before: None,
            after: Some(json!({ "expired": rows.len() })),
        };
        record_event(&mut tx, &actor, None, change).await?;
        tx.commit().await?;
        gone += rows.len() as u64;
    }
}

/// Forgets what a person kept for themselves, before they are erased: forms that they have begun, and the names of
/// their saved views. `reason` names nobody.
///
/// # Errors
/// Where the store fails.
pub async fn forget_of(
    tx: &mut Tx,
    actor: &Actor,
    person: &PersonId,
    reason: &str,
) -> Result<(), LedgerError> {
    let rows = tx
        .all(
            "SELECT id FROM case_draft WHERE trust = $1 AND person = $2",
            values![person],
        )
        .await?;
    remove(tx, actor, &rows, reason).await?;
    saved::erase_of(tx, actor, person, reason).await
}

async fn remove(tx: &mut Tx, actor: &Actor, rows: &[Row], reason: &str) -> Result<(), LedgerError> {
    let ids = rows.iter().map(|row| row.get("id"));
    for id in ids.collect::<Result<Vec<DraftId>, StoreError>>()? {
        let owner = Owner {
            kind: drafts::KIND,
            id: id.as_str(),
        };
        attachments::erase_of(tx, actor, None, owner, reason)
            .await
            .map_err(of_attachments)?;
        drafts::remove(tx, &id).await?;
    }
    Ok(())
}

fn of_attachments(error: AttachmentError) -> LedgerError {
    match error {
        AttachmentError::Store(error) => error.into(),
        AttachmentError::Ledger(error) => error,
        AttachmentError::Key(error) => error.into(),
        AttachmentError::Protection(error) => error.into(),
        _ => Row::unreadable("attachment").into(),
    }
}
