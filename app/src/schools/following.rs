//! Which policy a school follows, and since when.

use jiff::civil::Date;
use policy::policy_file::Policy;
use serde::Serialize;

use super::SchoolsError;
use crate::authority::{Permit, Place};
use crate::ledger::{Record, record};
use crate::store::{Query, Row, SchoolId, StoreError, Tx, ids};
use crate::values;

ids! {
    /// A stretch of time in which a school follows one policy.
    FollowingId
}

/// A stretch of time in which a school follows one policy.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Following {
    /// Its identifier.
    pub id: FollowingId,
    /// The school.
    pub school: SchoolId,
    /// The policy's id.
    pub policy: String,
    /// SHA-256 of the policy's text when it was adopted, in hexadecimal.
    pub content_hash: String,
    /// The first day.
    pub since: Date,
    /// The last day, where another policy follows.
    pub until: Option<Date>,
}

impl Record for Following {
    const KIND: &'static str = "school_policy";

    fn id(&self) -> &str {
        self.id.as_str()
    }
}

impl Following {
    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.get("id")?,
            school: row.get("school")?,
            policy: row.get("policy")?,
            content_hash: row.get("content_hash")?,
            since: row.get("since")?,
            until: row.get("until")?,
        })
    }
}

/// The policy that a school follows on a day; none before it first adopted one.
pub async fn policy_on(
    query: &mut impl Query,
    school: &SchoolId,
    day: Date,
) -> Result<Option<Following>, StoreError> {
    let row = query
        .first(
            "SELECT id, school, policy, content_hash, since, until FROM school_policy \
             WHERE trust = $1 AND school = $2 AND since <= $3 AND (until IS NULL OR until >= $3)",
            values![school, day],
        )
        .await?;
    row.as_ref().map(Following::read).transpose()
}

/// Every policy that a school has followed or will follow, the latest first.
pub async fn policies_of(
    query: &mut impl Query,
    school: &SchoolId,
) -> Result<Vec<Following>, StoreError> {
    let rows = query
        .all(
            "SELECT id, school, policy, content_hash, since, until FROM school_policy \
             WHERE trust = $1 AND school = $2 ORDER BY since DESC",
            values![school],
        )
        .await?;
    rows.iter().map(Following::read).collect()
}

/// Says that a school follows a policy from a day on. A change that lies in the future is replaced
/// by one for the same day; nothing is adopted for a day before the latest change.
pub async fn adopt(
    tx: &mut Tx,
    permit: &Permit,
    school: &SchoolId,
    policy: &Policy,
    since: Date,
) -> Result<Following, SchoolsError> {
    permit.at(Place::School(school))?;
    let latest = policies_of(tx, school).await?.into_iter().next();
    if let Some(latest) = latest {
        if since <= latest.since {
            return Err(SchoolsError::refused(
                "since",
                "The school already follows another policy from that day on. Choose a later day",
            ));
        }
        let before = Following {
            until: since.yesterday().ok(),
            ..latest.clone()
        };
        set_until(tx, permit, "school.policy-ended", &latest, &before).await?;
    }
    let following = Following {
        id: tx.fresh()?,
        school: school.clone(),
        policy: policy.id.clone(),
        content_hash: policy.hash.clone(),
        since,
        until: None,
    };
    tx.execute(
        "INSERT INTO school_policy (trust, id, school, policy, content_hash, since) \
         VALUES ($1, $2, $3, $4, $5, $6)",
        values![
            &following.id,
            school,
            &following.policy,
            &following.content_hash,
            since
        ],
    )
    .await?;
    let (actor, action) = (permit.actor(), Some(permit.action()));
    let none: Option<&Following> = None;
    record(
        tx,
        actor,
        action,
        "school.policy-adopted",
        none,
        Some(&following),
    )
    .await?;
    Ok(following)
}

/// Takes back a change of policy that lies in the future; the policy before it goes on.
pub async fn withdraw(
    tx: &mut Tx,
    permit: &Permit,
    school: &SchoolId,
    today: Date,
) -> Result<(), SchoolsError> {
    permit.at(Place::School(school))?;
    let mut all = policies_of(tx, school).await?.into_iter();
    let planned = all.next().filter(|latest| latest.since > today);
    let planned = planned.ok_or_else(|| {
        SchoolsError::refused("since", "No change of policy is planned for this school")
    })?;
    remove(tx, permit, &planned).await?;
    if let Some(before) = all.next() {
        let after = Following {
            until: None,
            ..before.clone()
        };
        set_until(tx, permit, "school.policy-kept", &before, &after).await?;
    }
    Ok(())
}

/// Removes it altogether: a change that never came, or a school of the demonstration.
pub async fn remove(
    tx: &mut Tx,
    permit: &Permit,
    following: &Following,
) -> Result<(), SchoolsError> {
    tx.execute(
        "DELETE FROM school_policy WHERE trust = $1 AND id = $2",
        values![&following.id],
    )
    .await?;
    let (actor, action) = (permit.actor(), Some(permit.action()));
    let kind = "school.policy-withdrawn";
    Ok(record(tx, actor, action, kind, Some(following), None).await?)
}

async fn set_until(
    tx: &mut Tx,
    permit: &Permit,
    kind: &'static str,
    before: &Following,
    after: &Following,
) -> Result<(), SchoolsError> {
    tx.execute(
        "UPDATE school_policy SET until = $3 WHERE trust = $1 AND id = $2",
        values![&after.id, after.until],
    )
    .await?;
    let (actor, action) = (permit.actor(), Some(permit.action()));
    Ok(record(tx, actor, action, kind, Some(before), Some(after)).await?)
}
