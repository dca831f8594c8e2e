//! Everything that a person was told, for whoever answers a request for one's own data.

use super::message::{Kept, opened};
use crate::store::{KeyError, PersonId, Query, Store, TrustId};
use crate::values;

/// Everything that a person was told, the first first.
pub(crate) async fn told(
    query: &mut impl Query,
    store: &Store,
    trust: &TrustId,
    person: &PersonId,
) -> Result<Vec<Kept>, KeyError> {
    let rows = query
        .all(
            "SELECT id, content, created_at, read_at FROM message WHERE trust = $1 AND person = $2 \
             ORDER BY created_at, id",
            values![person],
        )
        .await?;
    opened(query, store, trust, person, &rows).await
}
