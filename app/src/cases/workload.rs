//! Who has how much in hand, as far as whoever asks may see.

use jiff::Timestamp;

use super::access;
use crate::authority::Actor;
use crate::store::{PersonId, Query, Row, StoreError};
use crate::values;

/// What somebody looks after, or nobody in particular.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Load {
    /// Who; nobody where the cases wait for whoever holds a role.
    pub handler: Option<PersonId>,
    /// Open cases.
    pub open: u64,
    /// Those of them of which a deadline has passed.
    pub overdue: u64,
}

/// The open cases that somebody may see whole, counted by who looks after them: most overdue first. What waits for
/// nobody and is looked after by nobody is left out: there is nothing to do about it.
///
/// # Errors
/// Where the store fails.
pub async fn workload(
    query: &mut impl Query,
    actor: &Actor,
    now: Timestamp,
) -> Result<Vec<Load>, StoreError> {
    let mut values = access::audience_values(actor, None);
    values.extend(values![now]);
    let rows = query
        .all(
            "SELECT c.handler, COUNT(*) AS n, \
               SUM(CASE WHEN EXISTS (SELECT 1 FROM case_deadline d WHERE d.trust = $1 AND d.case_id = c.id \
                 AND d.ended_at IS NULL AND d.due_at < $27) THEN 1 ELSE 0 END) AS overdue \
             FROM case_file c WHERE c.trust = $1 AND c.closed_at IS NULL AND c.paper = 0 \
               AND c.id IN (SELECT a.case_id FROM case_access a WHERE a.trust = $1 AND a.outline = 0 \
                 AND a.audience IN ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, \
                   $20, $21, $22, $23, $24, $25) \
                 AND (c.subject IS NULL OR c.subject <> $26 OR a.audience = 'person/' || $26)) \
               AND (c.handler IS NOT NULL OR EXISTS (SELECT 1 FROM case_access w WHERE w.trust = $1 \
                 AND w.case_id = c.id AND w.waits = 1)) \
             GROUP BY c.handler ORDER BY 3 DESC, 2 DESC, 1",
            values,
        )
        .await?;
    let whole = |n: i64| u64::try_from(n).unwrap_or_default();
    let load = |row: &Row| {
        Ok(Load {
            handler: row.get("handler")?,
            open: whole(row.get("n")?),
            overdue: whole(row.get("overdue")?),
        })
    };
    rows.iter().map(load).collect()
}
