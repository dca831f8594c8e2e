//! The approved document of a policy's version, and what it says at each clause.

use std::collections::BTreeMap;

use policy::policy_file::Policy;
use serde::Serialize;
use serde_json::Value as Json;

use crate::attachments::{AttachmentError, AttachmentId, Attachments, Owner, Received};
use crate::authority::Permit;
use crate::ledger::{LedgerError, Record, record};
use crate::store::{Query, Row, StoreError, Tx, ids};
use crate::values;

ids! {
    /// An approved document.
    DocumentId
}

/// The approved document of a version of a policy.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub(crate) struct Document {
    /// The identifier.
    pub id: DocumentId,
    /// The policy.
    pub policy: String,
    /// The hash of the rules that were made from it.
    pub rules_hash: String,
    /// The version as printed, where it has one.
    pub version: Option<String>,
    /// The name of the file.
    pub name: String,
    /// SHA-256 of the file, in hexadecimal digits.
    pub sha256: String,
    /// Its size in bytes.
    pub size_bytes: i64,
    /// The file.
    pub attachment: AttachmentId,
    /// When it was attached, in milliseconds since 1970.
    pub added_at: i64,
    /// What it says at a clause, by the clause's reference.
    pub passages: BTreeMap<String, String>,
}

impl Record for Document {
    const KIND: &'static str = "policy_document";

    fn id(&self) -> &str {
        self.id.as_str()
    }
}

/// Why a document was not attached.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DocumentError {
    /// The file.
    #[error(transparent)]
    Attachment(#[from] AttachmentError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The event could not be entered.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

/// The approved document of a version, where one is attached.
///
/// # Errors
/// Where the store fails.
pub(crate) async fn document_of(
    query: &mut impl Query,
    policy: &str,
    rules_hash: &str,
) -> Result<Option<Document>, StoreError> {
    let row = query
        .first(
            "SELECT id, policy, rules_hash, version, name, sha256, size_bytes, attachment, added_at \
             FROM policy_document WHERE trust = $1 AND policy = $2 AND rules_hash = $3",
            values![policy, rules_hash],
        )
        .await?;
    match row {
        Some(row) => Ok(Some(whole(query, &row).await?)),
        None => Ok(None),
    }
}

/// Attaches a document to a version. One that was attached before goes; who signed under it signed its hash.
pub(super) async fn attach(
    tx: &mut Tx,
    permit: &Permit,
    attachments: &Attachments,
    policy: &Policy,
    received: Received,
    passages: BTreeMap<String, String>,
) -> Result<Document, DocumentError> {
    let (actor, action) = (permit.actor(), Some(permit.action()));
    if let Some(before) = document_of(tx, &policy.id, &policy.hash).await? {
        remove(tx, attachments, permit, &before).await?;
    }
    let id: DocumentId = tx.fresh()?;
    let owner = Owner {
        kind: Document::KIND,
        id: id.as_str(),
    };
    let file = attachments.keep(tx, actor, owner, received).await?;
    let document = Document {
        policy: policy.id.clone(),
        rules_hash: policy.hash.clone(),
        version: policy.version().map(str::to_owned),
        name: file.name,
        sha256: file.sha256,
        size_bytes: i64::try_from(file.size_bytes).unwrap_or(i64::MAX),
        attachment: file.id,
        added_at: tx.now().as_millisecond(),
        passages,
        id,
    };
    insert(tx, &document).await?;
    let kind = "policy.document-attached";
    record(tx, actor, action, kind, None, Some(&document)).await?;
    Ok(document)
}

async fn remove(
    tx: &mut Tx,
    attachments: &Attachments,
    permit: &Permit,
    document: &Document,
) -> Result<(), DocumentError> {
    let (actor, action) = (permit.actor(), Some(permit.action()));
    attachments.remove(tx, actor, &document.attachment).await?;
    tx.execute(
        "DELETE FROM policy_passage WHERE trust = $1 AND document = $2",
        values![&document.id],
    )
    .await?;
    tx.execute(
        "DELETE FROM policy_document WHERE trust = $1 AND id = $2",
        values![&document.id],
    )
    .await?;
    let kind = "policy.document-replaced";
    record(tx, actor, action, kind, Some(document), None).await?;
    Ok(())
}

async fn insert(tx: &mut Tx, document: &Document) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO policy_document \
           (trust, id, policy, rules_hash, version, name, sha256, size_bytes, attachment, added_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        values![
            &document.id,
            &document.policy,
            &document.rules_hash,
            document.version.clone(),
            &document.name,
            &document.sha256,
            document.size_bytes,
            &document.attachment,
            document.added_at
        ],
    )
    .await?;
    for (clause, passage) in &document.passages {
        tx.execute(
            "INSERT INTO policy_passage (trust, document, clause, passage) VALUES ($1, $2, $3, $4)",
            values![&document.id, clause, passage],
        )
        .await?;
    }
    Ok(())
}

/// The states of all documents after one, for verifying them against the ledger.
pub(crate) async fn states(
    query: &mut impl Query,
    after: &str,
    limit: u32,
) -> Result<Vec<(String, Json)>, StoreError> {
    let rows = query
        .all(
            "SELECT id, policy, rules_hash, version, name, sha256, size_bytes, attachment, added_at \
             FROM policy_document WHERE trust = $1 AND id > $2 ORDER BY id LIMIT $3",
            values![after, i64::from(limit)],
        )
        .await?;
    let mut states = Vec::new();
    for row in &rows {
        let document = whole(query, row).await?;
        let state =
            serde_json::to_value(&document).map_err(|_| Row::unreadable("policy_document"))?;
        states.push((document.id.to_string(), state));
    }
    Ok(states)
}

async fn whole(query: &mut impl Query, row: &Row) -> Result<Document, StoreError> {
    let id: DocumentId = row.get("id")?;
    let passages = query
        .all(
            "SELECT clause, passage FROM policy_passage WHERE trust = $1 AND document = $2 ORDER BY clause",
            values![&id],
        )
        .await?;
    let passages = passages.iter();
    let passages = passages.map(|row| Ok((row.get("clause")?, row.get("passage")?)));
    Ok(Document {
        policy: row.get("policy")?,
        rules_hash: row.get("rules_hash")?,
        version: row.get("version")?,
        name: row.get("name")?,
        sha256: row.get("sha256")?,
        size_bytes: row.get("size_bytes")?,
        attachment: row.get("attachment")?,
        added_at: row.get("added_at")?,
        passages: passages.collect::<Result<_, StoreError>>()?,
        id,
    })
}
