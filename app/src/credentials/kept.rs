//! How a secret is kept: the row of the store, and what the ledger knows of it.

use serde::Serialize;
use serde_json::Value as Json;
use sha2::{Digest as _, Sha256};

use crate::authority::{Action, Actor};
use crate::cases::CaseId;
use crate::ledger::{LedgerError, Record, record};
use crate::store::{PersonId, Query, Row, StoreError, Tx, ids};
use crate::values;

use super::CredentialError;

ids! {
    /// A secret that is kept.
    CredentialId
}

const ACTION: Option<Action> = Some(Action::WorkCases);

/// What a person signs in with; and what the program publishes with.
pub(super) const LOG_IN: &str = "log-in";
pub(super) const PUBLISHING: &str = "publishing";

/// A secret as it is kept: sealed.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Kept {
    pub(super) id: CredentialId,
    /// The account.
    pub(super) case: CaseId,
    pub(super) kind: String,
    /// How many there were, this one with them.
    pub(super) version: i64,
    pub(super) sealed: Vec<u8>,
    /// A log-in that was made and is not yet set on the platform.
    pub(super) coming: Option<Vec<u8>>,
    pub(super) lodged_at: i64,
    pub(super) lodged_by: Option<PersonId>,
    /// Where a token is good; none of a log-in.
    pub(super) connection: Option<Connection>,
}

/// Where a token is good, by the platform's own word.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Connection {
    /// The address of the account's server.
    pub(crate) server: String,
    /// The account's name there.
    pub(crate) name: String,
    /// What it is called there whatever its name.
    pub(crate) id: String,
}

/// What the ledger knows of a secret: hashes of what is sealed, so that the store can be held to it.
#[derive(Serialize)]
struct State<'k> {
    id: &'k CredentialId,
    case: &'k CaseId,
    kind: &'k str,
    version: i64,
    sealed: String,
    coming: Option<String>,
    lodged_at: i64,
    lodged_by: Option<&'k PersonId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    connection: Option<&'k Connection>,
}

impl Serialize for Kept {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        State {
            id: &self.id,
            case: &self.case,
            kind: &self.kind,
            version: self.version,
            sealed: hash(&self.sealed),
            coming: self.coming.as_deref().map(hash),
            lodged_at: self.lodged_at,
            lodged_by: self.lodged_by.as_ref(),
            connection: self.connection.as_ref(),
        }
        .serialize(serializer)
    }
}

fn hash(sealed: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(sealed))
}

impl Record for Kept {
    const KIND: &'static str = "credential";

    fn id(&self) -> &str {
        self.id.as_str()
    }
}

/// Whole secrets, sealed; what follows says which.
macro_rules! credentials {
    ($which:literal) => {
        concat!(
            "SELECT id, case_id, kind, version, sealed, coming, lodged_at, lodged_by, server, remote_name, remote_id \
             FROM credential WHERE trust = $1 AND ",
            $which
        )
    };
}

fn read(row: &Row) -> Result<Kept, StoreError> {
    let server: Option<String> = row.get("server")?;
    let connection = match server {
        None => None,
        Some(server) => Some(Connection {
            server,
            name: row.get("remote_name")?,
            id: row.get("remote_id")?,
        }),
    };
    Ok(Kept {
        id: row.get("id")?,
        case: row.get("case_id")?,
        kind: row.get("kind")?,
        version: row.get("version")?,
        sealed: row.get("sealed")?,
        coming: row.get("coming")?,
        lodged_at: row.get("lodged_at")?,
        lodged_by: row.get("lodged_by")?,
        connection,
    })
}

/// The secret of a kind for an account.
pub(super) async fn of(
    query: &mut impl Query,
    case: &CaseId,
    kind: &str,
) -> Result<Option<Kept>, StoreError> {
    let sql = credentials!("case_id = $2 AND kind = $3");
    let row = query.first(sql, values![case, kind]).await?;
    row.map(|row| read(&row)).transpose()
}

/// Everything that is kept, for the program.
pub(super) async fn all(query: &mut impl Query) -> Result<Vec<Kept>, StoreError> {
    let rows = query
        .all(credentials!("kind <> '' ORDER BY id"), values![])
        .await?;
    rows.iter().map(read).collect()
}

/// Keeps a secret: a new one, or another version of what was there before.
pub(super) async fn keep(
    tx: &mut Tx,
    actor: &Actor,
    before: Option<&Kept>,
    after: &Kept,
    event: &'static str,
) -> Result<(), CredentialError> {
    let connection = after.connection.as_ref();
    let (server, name, id) = (
        connection.map(|at| at.server.as_str()),
        connection.map(|at| at.name.as_str()),
        connection.map(|at| at.id.as_str()),
    );
    match before {
        None => {
            tx.execute(
                "INSERT INTO credential (trust, id, case_id, kind, version, sealed, lodged_at, lodged_by, server, \
                   remote_name, remote_id) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
                values![
                    &after.id,
                    &after.case,
                    &after.kind,
                    after.version,
                    after.sealed.clone(),
                    after.lodged_at,
                    after.lodged_by.as_ref(),
                    server,
                    name,
                    id
                ],
            )
            .await?;
        }
        Some(before) => {
            let changed = tx
                .execute(
                    "UPDATE credential SET version = $3, sealed = $4, coming = $5, lodged_at = $6, lodged_by = $7, \
                       server = $9, remote_name = $10, remote_id = $11 \
                     WHERE trust = $1 AND id = $2 AND version = $8",
                    values![
                        &after.id,
                        after.version,
                        after.sealed.clone(),
                        after.coming.clone(),
                        after.lodged_at,
                        after.lodged_by.as_ref(),
                        before.version,
                        server,
                        name,
                        id
                    ],
                )
                .await?;
            if changed != 1 {
                return Err(CredentialError::Changed);
            }
        }
    }
    Ok(record(tx, actor, ACTION, event, before, Some(after)).await?)
}

/// Destroys a secret: the row goes, and no copy of it is anywhere but in older backups, sealed.
pub(super) async fn destroy(
    tx: &mut Tx,
    actor: &Actor,
    kept: &Kept,
    event: &'static str,
) -> Result<(), LedgerError> {
    forget(tx, kept.id.as_str()).await?;
    record(tx, actor, ACTION, event, Some(kept), None).await
}

/// Forgets a secret: the record alone, the ledger sees to the rest.
pub(crate) async fn forget(tx: &mut Tx, id: &str) -> Result<(), StoreError> {
    tx.execute(
        "DELETE FROM credential WHERE trust = $1 AND id = $2",
        values![id],
    )
    .await?;
    Ok(())
}

/// The states of all after one, for verifying them against the ledger.
pub(crate) async fn states(
    query: &mut impl Query,
    after: &str,
    limit: u32,
) -> Result<Vec<(String, Json)>, LedgerError> {
    let sql = credentials!("id > $2 ORDER BY id LIMIT $3");
    let rows = query.all(sql, values![after, i64::from(limit)]).await?;
    let state = |row: &Row| {
        let kept = read(row)?;
        Ok((kept.id.to_string(), serde_json::to_value(&kept)?))
    };
    rows.iter().map(state).collect()
}
