//! How a case is kept.

use register::value::Answers;
use serde::{Deserialize, Serialize};

use super::CaseError;
use super::case::{About, Beside, Case, CaseId, Decision, Done};
use crate::authority::Role;
use crate::ledger::{LedgerError, Record as _};
use crate::protection::{RecordKey, Sealed, place};
use crate::store::{Query, Row, Store, StoreError, TrustId, Tx, unwrapped};
use crate::values;

/// Whole cases with their keys; what follows says which.
macro_rules! cases {
    ($which:expr) => {
        concat!(
            "SELECT c.id, c.register, c.rules, c.reference, c.school, c.state, c.opened_by, c.subject_kind, \
               c.subject, c.handler, c.opened_at, c.changed_at, c.closed_at, c.revision, c.paper, c.filed, \
               c.disclosed, c.in_force, c.in_force_until, c.answers, k.wrapped \
             FROM case_file c \
             LEFT JOIN record_key k ON k.trust = c.trust AND k.record = 'case_file/' || c.id \
             WHERE c.trust = $1 AND ",
            $which
        )
    };
}

/// What of a step is sealed.
#[derive(Deserialize, Serialize)]
struct StepContent {
    role: Option<Role>,
    to: String,
    note: String,
    answers: Answers,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    decision: Option<Decision>,
}

fn sealed_at(
    trust: &TrustId,
    table: &str,
    column: &str,
    case: &CaseId,
    number: Option<i64>,
) -> String {
    let id = number.map_or_else(|| case.to_string(), |number| format!("{case}/{number}"));
    place(table, column, trust.as_str(), &id)
}

/// A case, whole; nothing where there is none, or where it was erased.
pub(super) async fn find(
    query: &mut impl Query,
    store: &Store,
    trust: &TrustId,
    id: &CaseId,
) -> Result<Option<Case>, CaseError> {
    let row = query.first(cases!("c.id = $2"), values![id]).await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let Some((mut case, key)) = opened(store, trust, &row)? else {
        return Ok(None);
    };
    case.done = steps(query, trust, &case.id, &key).await?;
    Ok(Some(case))
}

/// The case with a reference, without its steps; nothing where there is none, or where it was erased.
pub(super) async fn by_reference(
    query: &mut impl Query,
    store: &Store,
    trust: &TrustId,
    reference: &str,
) -> Result<Option<Case>, CaseError> {
    let row = query
        .first(cases!("c.reference = $2"), values![reference])
        .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    Ok(opened(store, trust, &row)?.map(|(case, _)| case))
}

/// A case of a row of [`cases!`], without its steps; nothing where its key is gone.
pub(super) fn opened(
    store: &Store,
    trust: &TrustId,
    row: &Row,
) -> Result<Option<(Case, RecordKey)>, CaseError> {
    let id: CaseId = row.get("id")?;
    let record = format!("{}/{id}", Case::KIND);
    let Some(wrapped) = row.get::<Option<Vec<u8>>>("wrapped")? else {
        return Ok(None);
    };
    let key = unwrapped(store, trust, &record, wrapped)?;
    let place = sealed_at(trust, Case::KIND, "answers", &id, None);
    let answers = key.open(&place, &Sealed(row.get("answers")?))?;
    let answers = serde_json::from_slice(&answers).map_err(|_| Row::unreadable("answers"))?;
    let kind: Option<String> = row.get("subject_kind")?;
    let subject: Option<String> = row.get("subject")?;
    let case = Case {
        register: row.get("register")?,
        rules: row.get("rules")?,
        reference: row.get("reference")?,
        school: row.get("school")?,
        state: row.get("state")?,
        opened_by: row.get("opened_by")?,
        subject: kind
            .zip(subject)
            .and_then(|(kind, id)| About::read(&kind, &id)),
        handler: row.get("handler")?,
        opened_at: row.get("opened_at")?,
        changed_at: row.get("changed_at")?,
        closed_at: row.get("closed_at")?,
        revision: row.get("revision")?,
        paper: row.get("paper")?,
        filed: row.get("filed")?,
        disclosed: row.get("disclosed")?,
        in_force: row.get("in_force")?,
        in_force_until: row.get("in_force_until")?,
        answers,
        done: Vec::new(),
        id,
    };
    Ok(Some((case, key)))
}

async fn steps(
    query: &mut impl Query,
    trust: &TrustId,
    id: &CaseId,
    key: &RecordKey,
) -> Result<Vec<Done>, CaseError> {
    let rows = query
        .all(
            "SELECT number, step, person, at, content FROM case_step \
             WHERE trust = $1 AND case_id = $2 ORDER BY number",
            values![id],
        )
        .await?;
    let mut steps = Vec::new();
    for row in &rows {
        let place = sealed_at(trust, "case_step", "content", id, Some(row.get("number")?));
        let plain = key.open(&place, &Sealed(row.get("content")?))?;
        let content: StepContent =
            serde_json::from_slice(&plain).map_err(|_| Row::unreadable("content"))?;
        steps.push(Done {
            step: row.get("step")?,
            at: row.get("at")?,
            person: row.get("person")?,
            role: content.role,
            to: content.to,
            note: content.note,
            answers: content.answers,
            decision: content.decision,
        });
    }
    Ok(steps)
}

/// Enters a new case, with its opening.
pub(super) async fn insert(tx: &mut Tx, case: &Case) -> Result<(), CaseError> {
    let sealed = sealed_answers(tx, case).await?;
    tx.execute(
        "INSERT INTO case_file (trust, id, register, rules, reference, school, state, opened_by, subject_kind, subject, \
           handler, opened_at, changed_at, closed_at, revision, paper, filed, disclosed, in_force, in_force_until, answers) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)",
        values![
            &case.id,
            &case.register,
            &case.rules,
            &case.reference,
            case.school.as_ref(),
            &case.state,
            case.opened_by.as_ref(),
            case.subject.as_ref().map(About::kind),
            case.subject.as_ref().map(About::id),
            case.handler.as_ref(),
            case.opened_at,
            case.changed_at,
            case.closed_at,
            case.revision,
            case.paper,
            case.filed,
            case.disclosed,
            case.in_force,
            case.in_force_until,
            sealed
        ],
    )
    .await?;
    insert_step(tx, case).await
}

/// Writes a changed case, with the step that changed it where one did.
pub(super) async fn update(tx: &mut Tx, case: &Case, stepped: bool) -> Result<(), CaseError> {
    let sealed = sealed_answers(tx, case).await?;
    let changed = tx
        .execute(
            "UPDATE case_file SET state = $3, handler = $4, changed_at = $5, closed_at = $6, revision = $7, filed = $8, \
               disclosed = $9, in_force = $10, in_force_until = $11, answers = $12, subject_kind = $14, subject = $15 \
             WHERE trust = $1 AND id = $2 AND revision = $13",
            values![
                &case.id,
                &case.state,
                case.handler.as_ref(),
                case.changed_at,
                case.closed_at,
                case.revision,
                case.filed,
                case.disclosed,
                case.in_force,
                case.in_force_until,
                sealed,
                case.revision - 1,
                case.subject.as_ref().map(About::kind),
                case.subject.as_ref().map(About::id)
            ],
        )
        .await?;
    if changed != 1 {
        return Err(CaseError::Changed);
    }
    if stepped {
        insert_step(tx, case).await
    } else {
        Ok(())
    }
}

async fn sealed_answers(tx: &mut Tx, case: &Case) -> Result<Vec<u8>, CaseError> {
    let trust = tx.trust().cloned().ok_or(LedgerError::NoTrust)?;
    let key = tx.record_key(&case.record()).await?;
    let plain = serde_json::to_vec(&case.answers).map_err(LedgerError::from)?;
    let place = sealed_at(&trust, Case::KIND, "answers", &case.id, None);
    Ok(key.seal(&place, &plain, tx.store().randomness())?.0)
}

/// Enters the latest step of a case.
async fn insert_step(tx: &mut Tx, case: &Case) -> Result<(), CaseError> {
    let Some(done) = case.done.last() else {
        return Ok(());
    };
    let trust = tx.trust().cloned().ok_or(LedgerError::NoTrust)?;
    let key = tx.record_key(&case.record()).await?;
    let number = i64::try_from(case.done.len()).unwrap_or(i64::MAX);
    let content = StepContent {
        role: done.role,
        to: done.to.clone(),
        note: done.note.clone(),
        answers: done.answers.clone(),
        decision: done.decision.clone(),
    };
    let plain = serde_json::to_vec(&content).map_err(LedgerError::from)?;
    let place = sealed_at(&trust, "case_step", "content", &case.id, Some(number));
    let sealed = key.seal(&place, &plain, tx.store().randomness())?;
    tx.execute(
        "INSERT INTO case_step (trust, case_id, number, step, person, at, content) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        values![&case.id, number, &done.step, done.person.as_ref(), done.at, sealed.0],
    )
    .await?;
    Ok(())
}

/// What stands beside a case and counts for its steps.
pub(super) async fn beside(query: &mut impl Query, id: &CaseId) -> Result<Beside, StoreError> {
    let evidence = query
        .count(
            "SELECT COUNT(*) AS n FROM attachment WHERE trust = $1 AND record_kind = 'case_file' AND record = $2",
            values![id],
        )
        .await?;
    let rows = query
        .all(
            "SELECT o.register, o.state FROM case_link l \
             JOIN case_file o ON o.trust = l.trust AND o.id = l.linked WHERE l.trust = $1 AND l.case_id = $2",
            values![id],
        )
        .await?;
    let linked = rows
        .iter()
        .map(|row| Ok((row.get("register")?, row.get("state")?)));
    Ok(Beside {
        evidence: u32::try_from(evidence).unwrap_or(u32::MAX),
        linked: linked.collect::<Result<_, StoreError>>()?,
    })
}

/// Takes the lock on a case until the end of the transaction.
pub(super) async fn lock(tx: &mut Tx, id: &CaseId) -> Result<(), StoreError> {
    tx.locked(
        "SELECT id FROM case_file WHERE trust = $1 AND id = $2",
        "SELECT id FROM case_file WHERE trust = $1 AND id = $2 FOR NO KEY UPDATE",
        values![id],
    )
    .await?;
    Ok(())
}

/// Links two cases with one another.
pub(super) async fn link(tx: &mut Tx, one: &CaseId, other: &CaseId) -> Result<(), StoreError> {
    for (case, linked) in [(one, other), (other, one)] {
        tx.execute(
            "INSERT INTO case_link (trust, case_id, linked) VALUES ($1, $2, $3) \
             ON CONFLICT (trust, case_id, linked) DO NOTHING",
            values![case, linked],
        )
        .await?;
    }
    Ok(())
}

/// The next reference of a register this year.
pub(super) async fn next_reference(tx: &mut Tx, prefix: &str) -> Result<String, StoreError> {
    let year = i64::from(tx.store().clock().today().year());
    let row = tx
        .first(
            "INSERT INTO case_number (trust, prefix, year, last) VALUES ($1, $2, $3, 1) \
             ON CONFLICT (trust, prefix, year) DO UPDATE SET last = case_number.last + 1 RETURNING last",
            values![prefix, year],
        )
        .await?;
    let last: i64 = row.ok_or(StoreError::Changed)?.get("last")?;
    Ok(format!("{prefix}-{year}-{last:04}"))
}

/// The states of all cases after one, for verifying them against the ledger.
pub(crate) async fn states(
    query: &mut impl Query,
    (store, trust): (&Store, &TrustId),
    after: &str,
    limit: u32,
) -> Result<Vec<(String, serde_json::Value)>, CaseError> {
    let rows = query
        .all(
            cases!("c.id > $2 ORDER BY c.id LIMIT $3"),
            values![after, i64::from(limit)],
        )
        .await?;
    let mut states = Vec::new();
    for row in &rows {
        let Some((mut case, key)) = opened(store, trust, row)? else {
            return Err(Row::unreadable("wrapped").into());
        };
        case.done = steps(query, trust, &case.id, &key).await?;
        let state = serde_json::to_value(&case).map_err(LedgerError::from)?;
        states.push((case.id.to_string(), state));
    }
    Ok(states)
}

/// Forgets a case and all that hangs on it: the record alone, the ledger sees to the rest.
pub(crate) async fn forget(tx: &mut Tx, id: &CaseId) -> Result<(), StoreError> {
    for sql in [
        "DELETE FROM message WHERE trust = $1 AND about = '/cases/' || $2",
        "DELETE FROM retention_proposal WHERE trust = $1 AND case_id = $2",
        "DELETE FROM retention_hold WHERE trust = $1 AND case_id = $2",
        "DELETE FROM credential_change WHERE trust = $1 AND (case_id = $2 OR account = $2)",
        "DELETE FROM credential_view WHERE trust = $1 AND case_id = $2",
        "DELETE FROM credential WHERE trust = $1 AND case_id = $2",
        "DELETE FROM account_keeper WHERE trust = $1 AND case_id = $2",
        "DELETE FROM consent_answer WHERE trust = $1 AND case_id = $2",
        "DELETE FROM consent_link WHERE trust = $1 AND case_id = $2",
        "DELETE FROM consent_standing WHERE trust = $1 AND case_id = $2",
        "DELETE FROM post_sending WHERE trust = $1 AND case_id = $2",
        "DELETE FROM post_pupil WHERE trust = $1 AND case_id = $2",
        "DELETE FROM post_face WHERE trust = $1 AND case_id = $2",
        "DELETE FROM post_picture WHERE trust = $1 AND case_id = $2",
        "DELETE FROM case_deadline WHERE trust = $1 AND case_id = $2",
        "DELETE FROM case_access WHERE trust = $1 AND case_id = $2",
        "DELETE FROM case_word WHERE trust = $1 AND case_id = $2",
        "DELETE FROM case_link WHERE trust = $1 AND (case_id = $2 OR linked = $2)",
        "DELETE FROM case_receipt WHERE trust = $1 AND case_id = $2",
        "UPDATE access_item SET content = NULL, marks = NULL WHERE trust = $1 AND of_case = $2",
        "DELETE FROM access_piece WHERE trust = $1 AND package IN \
           (SELECT id FROM access_package WHERE trust = $1 AND case_id = $2)",
        "DELETE FROM access_package WHERE trust = $1 AND case_id = $2",
        "DELETE FROM access_item WHERE trust = $1 AND case_id = $2",
        "DELETE FROM access_collection WHERE trust = $1 AND case_id = $2",
        "DELETE FROM case_step WHERE trust = $1 AND case_id = $2",
        "DELETE FROM case_file WHERE trust = $1 AND id = $2",
    ] {
        tx.execute(sql, values![id]).await?;
    }
    Ok(())
}
