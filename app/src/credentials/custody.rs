//! The one place where secrets are sealed and opened.

use crate::cases::CaseId;
use crate::jobs::JobContext;
use crate::protection::{CustodyKey, ProtectionError, Sealed, WrappedKey, place};
use crate::sign_in::JustProved;
use crate::store::{Query, Store, StoreError, TrustId, Tx};
use crate::values;

use super::CredentialError;
use super::kept::{self, Kept, LOG_IN, PUBLISHING};
use super::secret::{LogIn, PublishingToken};

const FIND: &str = "SELECT wrapped FROM custody_key WHERE trust = $1";

fn key_at(trust: &TrustId) -> String {
    place("custody_key", "wrapped", trust.as_str(), "custody")
}

/// Where a secret stands: another kind, account or version does not open there.
fn secret_at(trust: &TrustId, kind: &str, case: &CaseId, version: i64) -> String {
    place(
        "credential",
        kind,
        trust.as_str(),
        &format!("{case}/{version}"),
    )
}

async fn key(
    query: &mut impl Query,
    store: &Store,
    trust: &TrustId,
) -> Result<Option<CustodyKey>, CredentialError> {
    let Some(row) = query.first(FIND, values![]).await? else {
        return Ok(None);
    };
    let at = key_at(trust);
    let wrapped = WrappedKey::from_bytes(row.get("wrapped")?, &at)?;
    Ok(Some(store.keyring().custody_key(&wrapped, &at)?))
}

/// The trust's key of custody, made with the first secret.
async fn key_or_new(tx: &mut Tx, trust: &TrustId) -> Result<CustodyKey, CredentialError> {
    let store = tx.store().clone();
    if let Some(key) = key(tx, &store, trust).await? {
        return Ok(key);
    }
    let (key, wrapped) = store
        .keyring()
        .new_custody_key(&key_at(trust), store.randomness())?;
    tx.execute(
        "INSERT INTO custody_key (trust, wrapped, master) VALUES ($1, $2, $3)",
        values![
            wrapped.as_bytes().to_vec(),
            wrapped.master_key().to_string()
        ],
    )
    .await?;
    Ok(key)
}

async fn sealed(
    tx: &mut Tx,
    trust: &TrustId,
    at: &str,
    plain: &[u8],
) -> Result<Vec<u8>, CredentialError> {
    let key = key_or_new(tx, trust).await?;
    let randomness = tx.store().randomness().clone();
    Ok(key.seal(at, plain, &randomness)?.0)
}

/// A log-in sealed for one version of an account's.
pub(super) async fn seal(
    tx: &mut Tx,
    trust: &TrustId,
    (case, version): (&CaseId, i64),
    secret: &LogIn,
) -> Result<Vec<u8>, CredentialError> {
    let at = secret_at(trust, LOG_IN, case, version);
    sealed(tx, trust, &at, &secret.plain()).await
}

/// A publishing token sealed for one version of an account's.
pub(super) async fn seal_token(
    tx: &mut Tx,
    trust: &TrustId,
    (case, version): (&CaseId, i64),
    token: &PublishingToken,
) -> Result<Vec<u8>, CredentialError> {
    let at = secret_at(trust, PUBLISHING, case, version);
    sealed(tx, trust, &at, token.plain()).await
}

/// The log-in that is kept, for a person who has just shown who they are: whether it is theirs to see is asked before.
pub(super) async fn opened(
    tx: &mut Tx,
    proved: &JustProved,
    kept: &Kept,
) -> Result<LogIn, CredentialError> {
    open(tx, proved, (&kept.case, kept.version), &kept.sealed).await
}

/// The log-in that is to come, likewise.
pub(super) async fn coming(
    tx: &mut Tx,
    proved: &JustProved,
    kept: &Kept,
) -> Result<Option<LogIn>, CredentialError> {
    match &kept.coming {
        Some(sealed) => Ok(Some(
            open(tx, proved, (&kept.case, kept.version + 1), sealed).await?,
        )),
        None => Ok(None),
    }
}

async fn open(
    tx: &mut Tx,
    proved: &JustProved,
    (case, version): (&CaseId, i64),
    sealed: &[u8],
) -> Result<LogIn, CredentialError> {
    let (store, trust) = (tx.store().clone(), &proved.actor().trust);
    let key = key(tx, &store, trust)
        .await?
        .ok_or(CredentialError::Nothing)?;
    let at = secret_at(trust, LOG_IN, case, version);
    let plain = key.open(&at, &Sealed(sealed.to_vec()))?;
    LogIn::of(&plain).ok_or(CredentialError::Unreadable)
}

/// The publishing token of an account, for a job: it can name no log-in here.
pub(super) async fn token(
    job: &JobContext,
    case: &CaseId,
) -> Result<Option<PublishingToken>, CredentialError> {
    let (store, trust) = (job.store(), job.trust());
    let mut reader = store.read(trust);
    let Some(kept) = kept::of(&mut reader, case, PUBLISHING).await? else {
        return Ok(None);
    };
    let key = key(&mut reader, store, trust)
        .await?
        .ok_or(CredentialError::Nothing)?;
    let plain = key.open(
        &secret_at(trust, PUBLISHING, case, kept.version),
        &Sealed(kept.sealed),
    )?;
    Ok(PublishingToken::of(&plain))
}

/// The master key that wraps a trust's key of custody; none where there is none.
pub(crate) async fn wrapped_by(query: &mut impl Query) -> Result<Option<String>, StoreError> {
    let sql = "SELECT master FROM custody_key WHERE trust = $1";
    query
        .first(sql, values![])
        .await?
        .map(|row| row.get("master"))
        .transpose()
}

/// Why a key of custody was not wrapped anew.
type Rewrapping = Result<u64, RewrapError>;

/// See [`rewrap`].
#[derive(Debug, thiserror::Error)]
pub(crate) enum RewrapError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Protection(#[from] ProtectionError),
}

/// Wraps a trust's key of custody with the current master key; gives how many were wrapped by an older one.
pub(crate) async fn rewrap(store: &Store, trust: &TrustId) -> Rewrapping {
    let current = store.keyring().current().to_string();
    let mut tx = store.begin(trust).await?;
    let sql = "SELECT wrapped FROM custody_key WHERE trust = $1 AND master <> $2";
    let Some(row) = tx.first(sql, values![&current]).await? else {
        return Ok(0);
    };
    let (at, old): (String, Vec<u8>) = (key_at(trust), row.get("wrapped")?);
    let wrapped = WrappedKey::from_bytes(old.clone(), &at)?;
    let wrapped = store
        .keyring()
        .rewrap_custody_key(&wrapped, &at, store.randomness())?;
    let changed = tx
        .execute(
            "UPDATE custody_key SET wrapped = $2, master = $3 WHERE trust = $1 AND wrapped = $4",
            values![
                wrapped.as_bytes().to_vec(),
                wrapped.master_key().to_string(),
                old
            ],
        )
        .await?;
    // How a key is wrapped is no part of any record.
    tx.commit_unrecorded().await?;
    Ok(changed)
}
