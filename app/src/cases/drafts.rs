//! Drafts: forms that somebody has begun, kept until they are sent or discarded. A draft is its writer's alone, so that
//! the ledger knows nothing of it before it becomes a case; only its files are entered there.

use jiff::Timestamp;
use register::value::Answers;
use serde::{Deserialize, Serialize};

use super::case::{Case, Decision, DraftId, moment};
use super::{CaseError, Engine, Opening, evidence};
use crate::attachments::Attachments;
use crate::authority::Actor;
use crate::ledger::LedgerError;
use crate::protection::{Sealed, place};
use crate::store::{PersonId, Query, Row, SchoolId, Store, StoreError, TrustId, Tx, record_key};
use crate::values;

/// The kind of record whose files are those of a draft.
pub(super) const KIND: &str = "case_draft";

/// A form that somebody has begun.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// The identifier, in addresses.
    pub id: DraftId,
    /// The register.
    pub register: String,
    /// The school; the trust as a whole where none is named.
    pub school: Option<SchoolId>,
    /// When it was last changed.
    pub changed_at: Timestamp,
    /// The answers so far.
    pub answers: Answers,
    /// The answer of a policy that led to it.
    pub decision: Option<Decision>,
}

/// A form to be begun.
#[derive(Clone, Debug, Default)]
pub struct NewDraft {
    /// The register.
    pub register: String,
    /// The school; the trust as a whole where none is named.
    pub school: Option<SchoolId>,
    /// What is known already.
    pub answers: Answers,
    /// The answer of a policy that led to it.
    pub decision: Option<Decision>,
}

/// What of a draft is sealed.
#[derive(Deserialize, Serialize)]
struct Content {
    answers: Answers,
    decision: Option<Decision>,
}

impl Draft {
    fn record(id: &DraftId) -> String {
        format!("{KIND}/{id}")
    }
}

fn sealed_at(trust: &TrustId, id: &DraftId) -> String {
    place(KIND, "answers", trust.as_str(), id.as_str())
}

fn writer(actor: &Actor) -> Result<&PersonId, CaseError> {
    actor.person.as_ref().ok_or(CaseError::NotFound)
}

/// Begins a form. Whether the register is theirs to open is asked when it is opened.
///
/// # Errors
/// Where nobody in person begins it.
pub async fn begin(tx: &mut Tx, actor: &Actor, new: NewDraft) -> Result<Draft, CaseError> {
    let writer = writer(actor)?;
    let draft = Draft {
        id: tx.fresh()?,
        register: new.register,
        school: new.school,
        changed_at: moment(tx.now().as_millisecond()),
        answers: new.answers,
        decision: new.decision,
    };
    let sealed = sealed(tx, &draft).await?;
    tx.execute(
        "INSERT INTO case_draft (trust, id, register, person, school, changed_at, answers) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        values![
            &draft.id,
            &draft.register,
            writer,
            draft.school.as_ref(),
            draft.changed_at,
            sealed
        ],
    )
    .await?;
    Ok(draft)
}

async fn sealed(tx: &mut Tx, draft: &Draft) -> Result<Vec<u8>, CaseError> {
    let trust = tx.trust().cloned().ok_or(LedgerError::NoTrust)?;
    let key = tx.record_key(&Draft::record(&draft.id)).await?;
    let content = Content {
        answers: draft.answers.clone(),
        decision: draft.decision.clone(),
    };
    let plain = serde_json::to_vec(&content).map_err(LedgerError::from)?;
    let place = sealed_at(&trust, &draft.id);
    Ok(key.seal(&place, &plain, tx.store().randomness())?.0)
}

/// Somebody's own draft.
///
/// # Errors
/// [`CaseError::NotFound`] where it is not theirs, or was sent or discarded.
pub async fn draft(
    query: &mut impl Query,
    store: &Store,
    actor: &Actor,
    id: &DraftId,
) -> Result<Draft, CaseError> {
    let row = query
        .first(
            "SELECT id, register, school, changed_at, answers FROM case_draft \
             WHERE trust = $1 AND id = $2 AND person = $3",
            values![id, writer(actor)?],
        )
        .await?;
    let row = row.ok_or(CaseError::NotFound)?;
    read(query, store, &actor.trust, &row).await
}

/// Somebody's own drafts, the latest first.
///
/// # Errors
/// Where the store fails.
pub async fn drafts(
    query: &mut impl Query,
    store: &Store,
    actor: &Actor,
) -> Result<Vec<Draft>, CaseError> {
    let rows = query
        .all(
            "SELECT id, register, school, changed_at, answers FROM case_draft \
             WHERE trust = $1 AND person = $2 ORDER BY changed_at DESC, id",
            values![writer(actor)?],
        )
        .await?;
    let mut drafts = Vec::new();
    for row in &rows {
        drafts.push(read(query, store, &actor.trust, row).await?);
    }
    Ok(drafts)
}

async fn read(
    query: &mut impl Query,
    store: &Store,
    trust: &TrustId,
    row: &Row,
) -> Result<Draft, CaseError> {
    let id: DraftId = row.get("id")?;
    let key = record_key(query, store, trust, &Draft::record(&id)).await?;
    let key = key.ok_or(CaseError::NotFound)?;
    let plain = key.open(&sealed_at(trust, &id), &Sealed(row.get("answers")?))?;
    let content: Content =
        serde_json::from_slice(&plain).map_err(|_| Row::unreadable("answers"))?;
    Ok(Draft {
        register: row.get("register")?,
        school: row.get("school")?,
        changed_at: row.get("changed_at")?,
        answers: content.answers,
        decision: content.decision,
        id,
    })
}

/// Takes the draft to be changed: until the end of the transaction nobody else does.
pub(super) async fn taken(tx: &mut Tx, actor: &Actor, id: &DraftId) -> Result<Draft, CaseError> {
    tx.locked(
        "SELECT id FROM case_draft WHERE trust = $1 AND id = $2",
        "SELECT id FROM case_draft WHERE trust = $1 AND id = $2 FOR NO KEY UPDATE",
        values![id],
    )
    .await?;
    let store = tx.store().clone();
    draft(tx, &store, actor, id).await
}

/// Keeps the answer to one field; no answer takes it away.
pub(super) async fn answer(
    tx: &mut Tx,
    actor: &Actor,
    id: &DraftId,
    (field, answers): (&str, Vec<String>),
) -> Result<Draft, CaseError> {
    let mut draft = taken(tx, actor, id).await?;
    match answers.is_empty() {
        true => draft.answers.remove(field),
        false => draft.answers.insert(field.to_owned(), answers),
    };
    draft.changed_at = moment(tx.now().as_millisecond());
    let sealed = sealed(tx, &draft).await?;
    let changed = tx
        .execute(
            "UPDATE case_draft SET answers = $3, changed_at = $4 WHERE trust = $1 AND id = $2",
            values![id, sealed, draft.changed_at],
        )
        .await?;
    match changed {
        1 => Ok(draft),
        _ => Err(StoreError::Changed.into()),
    }
}

/// Discards a draft with its files.
pub(super) async fn discard(
    tx: &mut Tx,
    files: &Attachments,
    actor: &Actor,
    id: &DraftId,
) -> Result<(), CaseError> {
    let draft = taken(tx, actor, id).await?;
    evidence::remove_all(tx, files, actor, &draft).await?;
    Ok(remove(tx, &draft.id).await?)
}

/// Removes a draft and its key.
pub(super) async fn remove(tx: &mut Tx, id: &DraftId) -> Result<(), StoreError> {
    tx.execute(
        "DELETE FROM case_draft WHERE trust = $1 AND id = $2",
        values![id],
    )
    .await?;
    tx.destroy_record_key(&Draft::record(id)).await?;
    Ok(())
}

/// Opens the case that a draft describes; the draft is gone then, and its files are the case's.
///
/// # Errors
/// As opening a case; the draft stays as it was.
pub async fn open_draft(
    tx: &mut Tx,
    engine: &Engine,
    files: &Attachments,
    actor: &Actor,
    id: &DraftId,
) -> Result<Case, CaseError> {
    let draft = taken(tx, actor, id).await?;
    let opening = Opening {
        register: draft.register.clone(),
        school: draft.school.clone(),
        answers: draft.answers.clone(),
        decision: draft.decision.clone(),
        ..Opening::default()
    };
    let case = super::open(tx, engine, actor, opening).await?;
    evidence::hand_over(tx, actor, &draft, &case).await?;
    evidence::remove_all(tx, files, actor, &draft).await?;
    remove(tx, &draft.id).await?;
    Ok(case)
}
