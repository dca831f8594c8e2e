//! Reading: that somebody looked at something sensitive is an event; and so is opening an event.

use jiff::SignedDuration;

use super::LedgerError;
use super::record::{Change, Content, record_event};
use super::verify::event_place;
use crate::authority::{Action, Actor};
use crate::protection::Sealed;
use crate::store::{Query, Store, TrustId, record_key};
use crate::values;

/// Looking at a record again within this time is the same reading.
const SAME_READING: SignedDuration = SignedDuration::from_mins(15);

/// What somebody looked at.
#[derive(Clone, Copy, Debug)]
pub struct Reading<'a> {
    /// What happened, as in `case.read`.
    pub kind: &'static str,
    /// The kind of record.
    pub record_kind: &'static str,
    /// The record.
    pub record: &'a str,
}

/// Enters that a sensitive record was read, before it is shown. Looking again within a quarter of an
/// hour is the same reading.
pub async fn read(
    store: &Store,
    actor: &Actor,
    action: Option<Action>,
    reading: Reading<'_>,
) -> Result<(), LedgerError> {
    let since = store
        .clock()
        .now()
        .checked_sub(SAME_READING)
        .unwrap_or_default();
    let known = store
        .read(&actor.trust)
        .first(
            "SELECT seq FROM ledger_event WHERE trust = $1 AND record_kind = $2 AND record = $3 \
               AND kind = $4 AND person = $5 AND at > $6 LIMIT 1",
            values![
                reading.record_kind,
                reading.record,
                reading.kind,
                actor.person.as_ref(),
                since
            ],
        )
        .await?;
    if known.is_some() {
        return Ok(());
    }
    let mut tx = store.begin(&actor.trust).await?;
    let change = Change {
        kind: reading.kind,
        record_kind: reading.record_kind,
        record: reading.record,
        before: None,
        after: None,
    };
    record_event(&mut tx, actor, action, change).await?;
    tx.commit().await?;
    Ok(())
}

/// Opens the content of an event as it stands in a row with the columns `seq`, `record_kind`,
/// `record` and `content`; nothing where it was erased.
pub async fn open_content(
    query: &mut impl Query,
    store: &Store,
    log: &TrustId,
    row: &crate::store::Row,
) -> Result<Option<Content>, LedgerError> {
    let Some(content) = row.get::<Option<Vec<u8>>>("content")? else {
        return Ok(None);
    };
    let (kind, record): (String, String) = (row.get("record_kind")?, row.get("record")?);
    let Some(key) = record_key(query, store, log, &format!("{kind}/{record}")).await? else {
        return Ok(None);
    };
    let plain = key.open(&event_place(log, row.get("seq")?), &Sealed(content))?;
    Ok(Some(serde_json::from_slice(&plain)?))
}
