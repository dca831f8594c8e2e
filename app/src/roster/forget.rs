//! What rosters hold of somebody whose data are erased.

use super::import::{Import, State, all, key_of};
use crate::store::{StoreError, Tx};
use crate::values;

/// What stands where the name of the person was who imported.
const NAMELESS: &str = "Erased person";

/// Forgets the ids by which rosters know a person, a pupil or a parent, such as a staff number, and
/// gives up imports that are not carried out yet: what was handed in may hold them. A later roster
/// that still has them brings them anew.
pub(crate) async fn forget(tx: &mut Tx, record_kind: &str, record: &str) -> Result<(), StoreError> {
    tx.execute(
        "DELETE FROM roster_link WHERE trust = $1 AND record_kind = $2 AND record = $3",
        values![record_kind, record],
    )
    .await?;
    tx.execute(
        "DELETE FROM roster_same WHERE trust = $1 AND record = $2",
        values![record],
    )
    .await?;
    for import in all(tx).await? {
        forget_in(tx, import, record).await?;
    }
    Ok(())
}

async fn forget_in(tx: &mut Tx, mut import: Import, record: &str) -> Result<(), StoreError> {
    if !matches!(
        import.state,
        State::Applied | State::Undoing | State::Undone
    ) {
        tx.destroy_record_key(&key_of(&import.id)).await?;
        for sql in [
            "DELETE FROM roster_change WHERE trust = $1 AND import = $2",
            "DELETE FROM roster_part WHERE trust = $1 AND import = $2",
            "DELETE FROM roster_link WHERE trust = $1 AND import = $2",
            "UPDATE roster_import SET state = 'cancelled' WHERE trust = $1 AND id = $2",
        ] {
            tx.execute(sql, values![&import.id]).await?;
        }
        // What is wrong with a file may be said with a name or an address.
        import.detail.errors.clear();
    }
    if import
        .person
        .as_ref()
        .is_some_and(|by| by.as_str() == record)
    {
        tx.execute(
            "UPDATE roster_import SET name = $3 WHERE trust = $1 AND id = $2",
            values![&import.id, NAMELESS],
        )
        .await?;
    }
    if let Some(by) = &mut import.detail.by {
        by.forget(record, NAMELESS);
    }
    Import::keep(tx, &import.id, &import.detail).await
}
