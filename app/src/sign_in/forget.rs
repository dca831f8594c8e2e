//! What sign-in holds of a person whose data are erased.

use crate::store::{PersonId, StoreError, Tx};
use crate::values;

/// Removes every way to sign in, every session and every trace of the browsers of a person.
pub(crate) async fn forget(tx: &mut Tx, person: &PersonId) -> Result<(), StoreError> {
    for sql in [
        "DELETE FROM session WHERE trust = $1 AND person = $2",
        "DELETE FROM sign_in_link WHERE trust = $1 AND person = $2",
        "DELETE FROM half_sign_in WHERE trust = $1 AND person = $2",
        "DELETE FROM known_browser WHERE trust = $1 AND person = $2",
        "DELETE FROM recovery_code WHERE trust = $1 AND person = $2",
        "DELETE FROM provider_account WHERE trust = $1 AND person = $2",
        "DELETE FROM sign_in_account WHERE trust = $1 AND person = $2",
    ] {
        tx.execute(sql, values![person]).await?;
    }
    Ok(())
}
