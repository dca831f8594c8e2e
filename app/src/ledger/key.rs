//! The keys that sign a log's checkpoints.

use ledger::{SigningKey, VerifyingKey};
use serde::Serialize;

use super::log::new_origin;
use super::record::{Record, record};
use super::{LedgerError, checkpoint};
use crate::authority::Actor;
use crate::protection::{Sealed, place};
use crate::store::{Query, Store, StoreError, TrustId, Tx};
use crate::values;

/// A key as the log knows it: its public half.
#[derive(Serialize)]
struct LedgerKey {
    number: String,
    verifier: String,
}

impl Record for LedgerKey {
    const KIND: &'static str = "ledger-key";

    fn id(&self) -> &str {
        &self.number
    }
}

/// The keys that verify the log's checkpoints, the present one last; none before the first
/// checkpoint.
pub async fn verifier_keys(query: &mut impl Query) -> Result<Vec<VerifyingKey>, LedgerError> {
    let rows = query
        .all(
            "SELECT verifier FROM ledger_key WHERE trust = $1 ORDER BY number",
            values![],
        )
        .await?;
    rows.iter()
        .map(|row| Ok(row.get::<String>("verifier")?.parse()?))
        .collect()
}

/// Takes up a new signing key, after a last checkpoint under the old one. The step is an event; old
/// checkpoints are still verified with the old key. Gives the new verifier key, which must be handed
/// to everybody who keeps checkpoints.
pub async fn change_key(
    store: &Store,
    log: &TrustId,
    actor: &Actor,
) -> Result<VerifyingKey, LedgerError> {
    checkpoint(store, log).await?;
    let mut tx = store.begin(log).await?;
    let (number, old) = match present_key(&mut tx).await? {
        Some((number, key)) => (number, key),
        None => make(&mut tx, actor, 1, None).await?,
    };
    let (_, key) = make(&mut tx, actor, number.saturating_add(1), Some(&old)).await?;
    tx.commit().await?;
    Ok(key.verifier_key().parse()?)
}

/// The key that signs now, and its number; made where the log has none yet, which is an event.
pub(super) async fn signing_key(
    tx: &mut Tx,
    log: &TrustId,
) -> Result<(i64, SigningKey), LedgerError> {
    if let Some(found) = present_key(tx).await? {
        return Ok(found);
    }
    make(tx, &Actor::operator(log.clone()), 1, None).await
}

async fn present_key(tx: &mut Tx) -> Result<Option<(i64, SigningKey)>, LedgerError> {
    let row = tx
        .first(
            "SELECT number, verifier, seed FROM ledger_key WHERE trust = $1 \
             ORDER BY number DESC LIMIT 1",
            values![],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    let number: i64 = row.get("number")?;
    let verifier: VerifyingKey = row.get::<String>("verifier")?.parse()?;
    let log = tx.trust().cloned().ok_or(LedgerError::NoTrust)?;
    let at = seed_place(&log, number);
    let sealing = tx.record_key(&record_name(number)).await?;
    let seed = sealing.open(&at, &Sealed(row.get("seed")?))?;
    let seed: &[u8; 32] = seed
        .as_slice()
        .try_into()
        .map_err(|_| LedgerError::SigningKey)?;
    let key = SigningKey::from_seed(verifier.origin().clone(), seed);
    // A seed that was exchanged would sign what no kept verifier key accepts.
    if key.verifier_key() != verifier.to_string() {
        return Err(LedgerError::SigningKey);
    }
    Ok(Some((number, key)))
}

async fn make(
    tx: &mut Tx,
    actor: &Actor,
    number: i64,
    before: Option<&SigningKey>,
) -> Result<(i64, SigningKey), LedgerError> {
    let log = tx.trust().cloned().ok_or(LedgerError::NoTrust)?;
    // Of two nodes that make the first key at once the second waits here.
    super::log::head(tx).await?;
    let randomness = tx.store().randomness().clone();
    let origin = match before {
        Some(key) => key.origin().clone(),
        None => new_origin(&log, randomness.bytes().map_err(StoreError::from)?)?,
    };
    let seed = zeroize::Zeroizing::new(randomness.bytes::<32>().map_err(StoreError::from)?);
    let key = SigningKey::from_seed(origin, &seed);
    let sealing = tx.record_key(&record_name(number)).await?;
    let sealed = sealing.seal(&seed_place(&log, number), seed.as_slice(), &randomness)?;
    let now = tx.now();
    tx.execute(
        "INSERT INTO ledger_key (trust, number, verifier, seed, since) VALUES ($1, $2, $3, $4, $5)",
        values![number, key.verifier_key(), sealed.0, now],
    )
    .await?;
    let known = |number: i64, key: &SigningKey| LedgerKey {
        number: number.to_string(),
        verifier: key.verifier_key(),
    };
    let kind = match before {
        Some(_) => "ledger-key.changed",
        None => "ledger-key.made",
    };
    let after = known(number, &key);
    record(tx, actor, None, kind, None, Some(&after)).await?;
    Ok((number, key))
}

fn record_name(number: i64) -> String {
    format!("{}/{number}", LedgerKey::KIND)
}

fn seed_place(log: &TrustId, number: i64) -> String {
    place("ledger_key", "seed", log.as_str(), &number.to_string())
}
