//! Closed cases, for the end of their time: what their retention needs to be known, and taking them out of the store.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use register::{Retention, RetentionStart};

use super::case::{About, Case, CaseId, moment};
use super::rules::{self, InForce};
use super::{CaseError, row};
use crate::attachments::{self, AttachmentError, Owner};
use crate::authority::{Action, Actor};
use crate::ledger::{self, Erasure, Record as _};
use crate::pupils::PupilId;
use crate::store::{Query, Store, StoreError, TrustId, Tx};
use crate::values;

/// A closed case, for its retention.
#[derive(Clone, Debug)]
pub struct Closed {
    /// The case, without what was done to it.
    pub id: CaseId,
    /// What people call it.
    pub reference: String,
    /// Whom it is about.
    pub subject: Option<About>,
    /// When it was over.
    pub closed_at: Timestamp,
    /// The rules that it ran under.
    pub rules: Arc<InForce>,
    /// How long it is kept, by its kind and by how it ended.
    pub retention: Retention,
    /// The date in the field that starts its time, where one does.
    pub field: Option<Date>,
    /// The pupil whose birth starts its time, where a field names one.
    pub pupil: Option<PupilId>,
}

/// The closed cases after one, so many at most; those whose key is gone are left out.
///
/// # Errors
/// Where the store fails.
pub async fn closed(
    query: &mut impl Query,
    (store, trust): (&Store, &TrustId),
    after: &str,
    limit: u32,
) -> Result<(Vec<Closed>, Option<CaseId>), CaseError> {
    let rows = query
        .all(
            "SELECT id FROM case_file WHERE trust = $1 AND closed_at IS NOT NULL AND id > $2 ORDER BY id LIMIT $3",
            values![after, i64::from(limit)],
        )
        .await?;
    let (mut closed, mut last) = (Vec::new(), None);
    for row in &rows {
        let id: CaseId = row.get("id")?;
        if let Some(case) = row::find(query, store, trust, &id).await? {
            let rules = rules::of_case(query, &case.rules).await?;
            closed.extend(of(case, rules));
        }
        last = Some(id);
    }
    Ok((closed, last))
}

/// A case, where it is there and closed.
///
/// # Errors
/// Where the store fails.
pub async fn closed_one(
    query: &mut impl Query,
    (store, trust): (&Store, &TrustId),
    id: &CaseId,
) -> Result<Option<Closed>, CaseError> {
    let Some(case) = row::find(query, store, trust, id).await? else {
        return Ok(None);
    };
    let rules = rules::of_case(query, &case.rules).await?;
    Ok(of(case, rules))
}

fn of(case: Case, rules: Arc<InForce>) -> Option<Closed> {
    let closed_at = moment(case.closed_at?);
    let retention = rules.register().retention_of(&case.state, &case.answers);
    let retention = retention.clone();
    let answer = |name: &String| case.answers.get(name)?.first();
    let (mut field, mut pupil) = (None, None);
    match &retention.from {
        RetentionStart::Field(name) => {
            field = answer(name).and_then(|answer| answer.get(..10)?.parse().ok());
        }
        RetentionStart::BornOf(name) => {
            pupil = answer(name).and_then(|answer| answer.parse().ok());
        }
        RetentionStart::Closed | RetentionStart::Left | RetentionStart::Born => {}
    }
    Some(Closed {
        id: case.id,
        reference: case.reference,
        subject: case.subject,
        closed_at,
        rules,
        retention,
        field,
        pupil,
    })
}

/// Takes the lock on a case until the end of the transaction.
///
/// # Errors
/// Where the store fails.
pub async fn hold_still(tx: &mut Tx, id: &CaseId) -> Result<(), CaseError> {
    Ok(row::lock(tx, id).await?)
}

/// Erases a case with everything that hangs on it: steps, deadlines, links, who saw it, evidence, and the messages
/// about it. What the ledger held of it goes; that it was erased, and why, stays there. `reason` names nobody.
///
/// # Errors
/// Where the store fails.
pub async fn erase(
    tx: &mut Tx,
    actor: &Actor,
    action: Action,
    id: &CaseId,
    reason: &str,
) -> Result<(), CaseError> {
    let owner = Owner {
        kind: Case::KIND,
        id: id.as_str(),
    };
    attachments::erase_of(tx, actor, Some(action), owner, reason)
        .await
        .map_err(of_attachments)?;
    // What was gathered for a request goes with its case.
    let gathered = tx
        .count(
            "SELECT COUNT(*) AS n FROM access_collection WHERE trust = $1 AND case_id = $2",
            values![id],
        )
        .await?;
    let kinds = [Case::KIND].into_iter();
    for record_kind in kinds.chain((gathered > 0).then_some("access_collection")) {
        let erasure = Erasure {
            record_kind,
            record: id.as_str(),
            reason,
        };
        ledger::erase(tx, actor, Some(action), erasure).await?;
    }
    for (record_kind, record) in hanging(tx, id).await? {
        let erasure = Erasure {
            record_kind: &record_kind,
            record: &record,
            reason,
        };
        ledger::erase(tx, actor, Some(action), erasure).await?;
    }
    Ok(row::forget(tx, id).await?)
}

/// The records that go with a case, each by its kind and identifier.
async fn hanging(tx: &mut Tx, id: &CaseId) -> Result<Vec<(String, String)>, StoreError> {
    let rows = tx
        .all(
            "SELECT 'post_sending' AS kind, id FROM post_sending WHERE trust = $1 AND case_id = $2 \
             UNION ALL SELECT 'post_pupil' AS kind, id FROM post_pupil WHERE trust = $1 AND case_id = $2 \
             UNION ALL SELECT 'post_face' AS kind, id FROM post_face WHERE trust = $1 AND case_id = $2 \
             UNION ALL SELECT 'post_picture' AS kind, id FROM post_picture WHERE trust = $1 AND case_id = $2 \
             UNION ALL SELECT 'account_keeper' AS kind, id FROM account_keeper WHERE trust = $1 AND case_id = $2 \
             UNION ALL SELECT 'consent_answer' AS kind, id FROM consent_answer WHERE trust = $1 AND case_id = $2 \
             UNION ALL SELECT 'consent_link' AS kind, id FROM consent_link WHERE trust = $1 AND case_id = $2 \
             UNION ALL SELECT 'credential' AS kind, id FROM credential WHERE trust = $1 AND case_id = $2 \
             UNION ALL SELECT 'credential_view' AS kind, id FROM credential_view WHERE trust = $1 AND case_id = $2",
            values![id],
        )
        .await?;
    let one = rows
        .iter()
        .map(|row| Ok((row.get("kind")?, row.get("id")?)));
    one.collect()
}

fn of_attachments(error: AttachmentError) -> CaseError {
    match error {
        AttachmentError::Store(error) => error.into(),
        AttachmentError::Ledger(error) => error.into(),
        AttachmentError::Key(error) => error.into(),
        AttachmentError::Protection(error) => error.into(),
        other => CaseError::Rules(other.to_string()),
    }
}
