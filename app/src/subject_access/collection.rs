//! A collection as it is kept: its state in the ledger, and its things, each sealed under its key.

use data_encoding::HEXLOWER;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value as Json;
use sha2::{Digest as _, Sha256};

use super::AccessError;
use super::item::{Choice, Content, Decision, Exemption, Gathered, Item, Marks, Source};
use super::whom::Whom;
use crate::authority::Actor;
use crate::cases::CaseId;
use crate::ledger::{LedgerError, Record, record};
use crate::protection::{RecordKey, Sealed, place};
use crate::store::{PersonId, Query, Row, Store, StoreError, TrustId, Tx, record_key};
use crate::values;

use super::ACTION;

/// A collection as the ledger knows it: numbers and hashes, nothing of what is in it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Collection {
    /// The case of the request.
    pub(super) case: CaseId,
    /// Whom it is about, by their record; empty where they have none.
    pub(super) about: String,
    pub(super) begun_by: Option<PersonId>,
    pub(super) begun_at: i64,
    /// None while it is being gathered.
    pub(super) gathered_at: Option<i64>,
    pub(super) items: i64,
    /// SHA-256 over what was gathered.
    pub(super) content_hash: String,
    /// How many are decided, and SHA-256 over the decisions.
    pub(super) decided: usize,
    pub(super) decisions_hash: String,
    /// What was decided last: numbers and choice.
    pub(super) last_decided: String,
    pub(super) packages: Vec<Package>,
}

/// Something that was made to be given out.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Package {
    pub(super) id: String,
    pub(super) made_for: PersonId,
    pub(super) sha256: String,
    pub(super) size_bytes: i64,
    pub(super) made_at: i64,
    pub(super) until_at: i64,
}

impl Record for Collection {
    const KIND: &'static str = "access_collection";

    fn id(&self) -> &str {
        self.case.as_str()
    }
}

/// The record under whose key it is sealed.
pub(super) fn sealed_under(case: &CaseId) -> String {
    format!("{}/{case}", Collection::KIND)
}

pub(super) fn place_of(trust: &TrustId, column: &str, case: &CaseId, at: &str) -> String {
    place(
        Collection::KIND,
        column,
        trust.as_str(),
        &format!("{case}/{at}"),
    )
}

macro_rules! collections {
    ($which:literal) => {
        concat!(
            "SELECT case_id, about_record, begun_by, begun_at, gathered_at, items, content_hash, last_decided \
             FROM access_collection WHERE trust = $1 AND ",
            $which
        )
    };
}

/// The collection of a case, if one was begun.
pub(super) async fn find(
    query: &mut impl Query,
    case: &CaseId,
) -> Result<Option<Collection>, StoreError> {
    let row = query
        .first(collections!("case_id = $2"), values![case])
        .await?;
    match row {
        Some(row) => Ok(Some(read(query, &row).await?)),
        None => Ok(None),
    }
}

/// All collections, the latest first: so many at most.
pub(super) async fn latest(query: &mut impl Query) -> Result<Vec<Collection>, StoreError> {
    let rows = query
        .all(
            collections!("begun_at >= 0 ORDER BY begun_at DESC, case_id LIMIT 200"),
            values![],
        )
        .await?;
    let mut all = Vec::new();
    for row in &rows {
        all.push(read(query, row).await?);
    }
    Ok(all)
}

async fn read(query: &mut impl Query, row: &Row) -> Result<Collection, StoreError> {
    let case: CaseId = row.get("case_id")?;
    let decided = query
        .all(
            "SELECT number, choice, exemption, decided_at FROM access_item \
             WHERE trust = $1 AND case_id = $2 AND choice IS NOT NULL ORDER BY number",
            values![&case],
        )
        .await?;
    let mut hash = Sha256::new();
    for row in &decided {
        let (number, at): (i64, i64) = (row.get("number")?, row.get("decided_at")?);
        let (choice, exemption): (String, Option<String>) =
            (row.get("choice")?, row.get("exemption")?);
        let exemption = exemption.unwrap_or_default();
        hash.update(format!("{number} {choice} {exemption} {at}\n"));
    }
    Ok(Collection {
        about: row.get("about_record")?,
        begun_by: row.get("begun_by")?,
        begun_at: row.get("begun_at")?,
        gathered_at: row.get("gathered_at")?,
        items: row.get("items")?,
        content_hash: row.get("content_hash")?,
        decided: decided.len(),
        decisions_hash: HEXLOWER.encode(&hash.finalize()),
        last_decided: row.get("last_decided")?,
        packages: packages(query, &case).await?,
        case,
    })
}

async fn packages(query: &mut impl Query, case: &CaseId) -> Result<Vec<Package>, StoreError> {
    let rows = query
        .all(
            "SELECT id, made_for, sha256, size_bytes, made_at, until_at FROM access_package \
             WHERE trust = $1 AND case_id = $2 ORDER BY id",
            values![case],
        )
        .await?;
    let package = |row: &Row| {
        Ok(Package {
            id: row.get("id")?,
            made_for: row.get("made_for")?,
            sha256: row.get("sha256")?,
            size_bytes: row.get("size_bytes")?,
            made_at: row.get("made_at")?,
            until_at: row.get("until_at")?,
        })
    };
    rows.iter().map(package).collect()
}

/// Enters what became of a collection: its state before, where it had one, and now.
pub(super) async fn entered(
    tx: &mut Tx,
    actor: &Actor,
    kind: &'static str,
    before: Option<&Collection>,
    case: &CaseId,
) -> Result<(), LedgerError> {
    let after = find(tx, case).await?;
    record(tx, actor, Some(ACTION), kind, before, after.as_ref()).await
}

/// Takes the lock on a collection until the end of the transaction; gives it as it stands.
pub(super) async fn locked(tx: &mut Tx, case: &CaseId) -> Result<Collection, AccessError> {
    tx.locked(
        "SELECT case_id FROM access_collection WHERE trust = $1 AND case_id = $2",
        "SELECT case_id FROM access_collection WHERE trust = $1 AND case_id = $2 FOR NO KEY UPDATE",
        values![case],
    )
    .await?;
    find(tx, case).await?.ok_or(AccessError::NotFound)
}

/// Begins a collection, or begins it anew: what was decided before is decided again. Gives the moment.
pub(super) async fn begin(
    tx: &mut Tx,
    actor: &Actor,
    case: &CaseId,
    whom: &Whom,
) -> Result<i64, AccessError> {
    let trust = tx.trust().cloned().ok_or(LedgerError::NoTrust)?;
    let before = find(tx, case).await?;
    let key = tx.record_key(&sealed_under(case)).await?;
    let plain = serde_json::to_vec(whom).map_err(LedgerError::from)?;
    let about = place_of(&trust, "about", case, "about");
    let about = key.seal(&about, &plain, tx.store().randomness())?.0;
    let by = actor.person.as_ref();
    let now = tx.now().as_millisecond();
    tx.execute(
        "DELETE FROM access_item WHERE trust = $1 AND case_id = $2",
        values![case],
    )
    .await?;
    tx.execute(
        "INSERT INTO access_collection (trust, case_id, about, about_record, begun_by, begun_at, gathered_at, items, \
           content_hash, last_decided) VALUES ($1, $2, $3, $4, $5, $6, NULL, 0, '', '') \
         ON CONFLICT (trust, case_id) DO UPDATE SET about = excluded.about, about_record = excluded.about_record, \
           begun_by = excluded.begun_by, begun_at = excluded.begun_at, gathered_at = NULL, items = 0, \
           content_hash = '', last_decided = ''",
        values![case, about, whom.record(), by, now],
    )
    .await?;
    entered(tx, actor, "access_collection.begun", before.as_ref(), case).await?;
    Ok(now)
}

/// Whom a collection is about; nothing where it was erased.
pub(super) async fn whom(
    query: &mut impl Query,
    (store, trust): (&Store, &TrustId),
    case: &CaseId,
) -> Result<Whom, AccessError> {
    let row = query
        .first(
            "SELECT about FROM access_collection WHERE trust = $1 AND case_id = $2",
            values![case],
        )
        .await?;
    let row = row.ok_or(AccessError::NotFound)?;
    let key = key(query, (store, trust), case).await?;
    let sealed = Sealed(row.get("about")?);
    let plain = key.open(&place_of(trust, "about", case, "about"), &sealed)?;
    Ok(serde_json::from_slice(&plain).map_err(LedgerError::from)?)
}

pub(super) async fn key(
    query: &mut impl Query,
    (store, trust): (&Store, &TrustId),
    case: &CaseId,
) -> Result<RecordKey, AccessError> {
    let key = record_key(query, store, trust, &sealed_under(case)).await?;
    key.ok_or(AccessError::NotFound)
}

/// Keeps what was gathered. `routed` says of each whether whoever began may not see the case that it is from.
pub(super) async fn keep(
    tx: &mut Tx,
    case: &CaseId,
    gathered: &[(Gathered, bool)],
) -> Result<(), AccessError> {
    let trust = tx.trust().cloned().ok_or(LedgerError::NoTrust)?;
    let key = tx.record_key(&sealed_under(case)).await?;
    let (mut hash, mut rows) = (Sha256::new(), Vec::new());
    for (number, (item, routed)) in (1_i64..).zip(gathered) {
        let plain = serde_json::to_vec(&item.content).map_err(LedgerError::from)?;
        hash.update(Sha256::digest(&plain));
        let at = place_of(&trust, "content", case, &number.to_string());
        let sealed = key.seal(&at, &plain, tx.store().randomness())?;
        let of_case = item.of_case.as_ref().map(CaseId::as_str);
        rows.push(values![
            case,
            number,
            item.source.name(),
            of_case,
            *routed,
            sealed.0
        ]);
    }
    tx.insert_all(
        "INSERT INTO access_item (trust, case_id, number, source, of_case, routed, content)",
        "",
        rows,
    )
    .await?;
    let now = tx.now().as_millisecond();
    tx.execute(
        "UPDATE access_collection SET gathered_at = $3, items = $4, content_hash = $5 WHERE trust = $1 AND case_id = $2",
        values![
            case,
            now,
            i64::try_from(gathered.len()).unwrap_or(i64::MAX),
            HEXLOWER.encode(&hash.finalize())
        ],
    )
    .await?;
    Ok(())
}

/// The cases that the things of a collection are from, each with whether it is routed past whoever began.
pub(super) async fn sources(
    query: &mut impl Query,
    case: &CaseId,
) -> Result<Vec<(CaseId, bool)>, StoreError> {
    let rows = query
        .all(
            "SELECT DISTINCT of_case, routed FROM access_item WHERE trust = $1 AND case_id = $2 AND of_case IS NOT NULL",
            values![case],
        )
        .await?;
    let source = |row: &Row| Ok((row.get("of_case")?, row.get("routed")?));
    rows.iter().map(source).collect()
}

/// The things of a collection, without those whose case was erased meanwhile.
pub(super) async fn items(
    query: &mut impl Query,
    (store, trust): (&Store, &TrustId),
    case: &CaseId,
) -> Result<Vec<Item>, AccessError> {
    let rows = query
        .all(
            "SELECT number, source, of_case, content, choice, exemption, marks FROM access_item \
             WHERE trust = $1 AND case_id = $2 AND content IS NOT NULL ORDER BY number",
            values![case],
        )
        .await?;
    let key = key(query, (store, trust), case).await?;
    let mut items = Vec::new();
    for row in &rows {
        items.push(item(row, &key, (trust, case))?);
    }
    Ok(items)
}

fn item(
    row: &Row,
    key: &RecordKey,
    (trust, case): (&TrustId, &CaseId),
) -> Result<Item, AccessError> {
    let number: i64 = row.get("number")?;
    let open = |column: &str, sealed: Vec<u8>| {
        key.open(
            &place_of(trust, column, case, &number.to_string()),
            &Sealed(sealed),
        )
    };
    let content = open("content", row.get("content")?)?;
    let content: Content = serde_json::from_slice(&content).map_err(LedgerError::from)?;
    let (source, choice): (String, Option<String>) = (row.get("source")?, row.get("choice")?);
    let decision = match choice.as_deref().and_then(Choice::named) {
        None => None,
        Some(choice) => {
            let exemption: Option<String> = row.get("exemption")?;
            let marks = match row.get::<Option<Vec<u8>>>("marks")? {
                Some(sealed) => {
                    serde_json::from_slice(&open("marks", sealed)?).map_err(LedgerError::from)?
                }
                None => Marks::default(),
            };
            Some(Decision {
                choice,
                exemption: exemption.as_deref().and_then(Exemption::named),
                marks,
            })
        }
    };
    Ok(Item {
        number,
        source: Source::named(&source).unwrap_or(Source::Record),
        of_case: row.get("of_case")?,
        content,
        decision,
    })
}

/// Forgets a collection: the record alone, the ledger sees to the rest.
pub(crate) async fn forget(tx: &mut Tx, case: &str) -> Result<(), StoreError> {
    for sql in [
        "DELETE FROM access_piece WHERE trust = $1 AND package IN \
           (SELECT id FROM access_package WHERE trust = $1 AND case_id = $2)",
        "DELETE FROM access_package WHERE trust = $1 AND case_id = $2",
        "DELETE FROM access_item WHERE trust = $1 AND case_id = $2",
        "DELETE FROM access_collection WHERE trust = $1 AND case_id = $2",
    ] {
        tx.execute(sql, values![case]).await?;
    }
    Ok(())
}

/// The states of all collections after one, for verifying them against the ledger.
pub(crate) async fn states(
    query: &mut impl Query,
    after: &str,
    limit: u32,
) -> Result<Vec<(String, Json)>, LedgerError> {
    let rows = query
        .all(
            collections!("case_id > $2 ORDER BY case_id LIMIT $3"),
            values![after, i64::from(limit)],
        )
        .await?;
    let mut states = Vec::new();
    for row in &rows {
        let state = read(query, row).await?;
        states.push((state.case.to_string(), serde_json::to_value(&state)?));
    }
    Ok(states)
}

/// A moment kept in milliseconds.
pub(super) fn at(milliseconds: i64) -> Timestamp {
    Timestamp::from_millisecond(milliseconds).unwrap_or(Timestamp::UNIX_EPOCH)
}
