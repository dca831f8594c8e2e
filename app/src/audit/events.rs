//! Reading the log for people: the newest first.

use jiff::Timestamp;
use policy::words::capitalised;
use serde::Serialize;

use super::filter::Filter;
use crate::people;
use crate::store::{Query, Row, StoreError, Value};
use crate::values;

/// An event as the list shows it: what stands beside its content.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Listed {
    /// Its number in the log, from 0.
    pub(crate) number: i64,
    /// When.
    pub(crate) at: Timestamp,
    /// Who, where it was a person.
    pub(crate) person: Option<String>,
    /// Their name today.
    pub(crate) name: Option<String>,
    /// What happened.
    pub(crate) kind: String,
    /// The kind of record.
    pub(crate) record_kind: String,
    /// The record.
    pub(crate) record: String,
    /// Whether its content was erased.
    pub(crate) erased: bool,
}

/// A statement over all events, with what is asked for. The last part repeats the narrowest condition
/// plainly, so that either engine takes the index for it.
macro_rules! listed {
    ($($narrow:literal)?) => {
        concat!(
            "SELECT e.seq, e.at, e.kind, e.record_kind, e.record, e.person, e.content, \
               COALESCE(p.known_as, p.given_name) || ' ' || p.family_name AS name \
             FROM ledger_event e LEFT JOIN person p ON p.trust = e.trust AND p.id = e.person \
             WHERE e.trust = $1 AND e.seq < $2 AND e.at >= $3 AND e.at < $4 \
               AND ($5 = '' OR e.kind = $5) \
               AND ($6 = '' OR e.record_kind = $6 \
                 OR (e.record_kind = 'erasure' AND e.record LIKE $6 || '/%')) \
               AND ($7 = '' OR e.record = $7 \
                 OR (e.record_kind = 'erasure' AND e.record LIKE '%/' || $7)) \
               AND ($8 = '' OR e.person IN (SELECT q.id FROM person q WHERE q.trust = $1 \
                 AND (q.id = $8 OR (q.search LIKE $9 ESCAPE '\\' \
                   AND q.search LIKE $10 ESCAPE '\\' AND q.search LIKE $11 ESCAPE '\\'))))",
            $($narrow,)?
            " ORDER BY e.seq DESC LIMIT $12"
        )
    };
}

/// The next events that are asked for, the newest first; the rows as well, for their content.
pub(crate) async fn rows(
    query: &mut impl Query,
    filter: &Filter,
    limit: i64,
) -> Result<Vec<Row>, StoreError> {
    let [one, two, three] = people::patterns(&filter.person);
    let wanted: Vec<Value> = values![
        filter.before,
        filter.from.unwrap_or(Timestamp::MIN),
        filter.until.unwrap_or(Timestamp::MAX),
        &filter.kind,
        &filter.record_kind,
        &filter.record,
        &filter.person,
        one,
        two,
        three,
        limit
    ];
    let sql = match () {
        () if !filter.record_kind.is_empty() && !filter.record.is_empty() => listed!(
            " AND ((e.record_kind = $6 AND e.record = $7) \
               OR (e.record_kind = 'erasure' AND e.record = $6 || '/' || $7))"
        ),
        () if !filter.kind.is_empty() => listed!(" AND e.kind = $5"),
        () => listed!(),
    };
    query.all(sql, wanted).await
}

/// What a row says.
pub(crate) fn listed(row: &Row) -> Result<Listed, StoreError> {
    Ok(Listed {
        number: row.get("seq")?,
        at: row.get("at")?,
        person: row.get("person")?,
        name: row.get("name")?,
        kind: row.get("kind")?,
        record_kind: row.get("record_kind")?,
        record: row.get("record")?,
        erased: row.get::<Option<Vec<u8>>>("content")?.is_none(),
    })
}

/// One event, with its leaf.
pub(crate) async fn find(query: &mut impl Query, number: i64) -> Result<Option<Row>, StoreError> {
    query
        .first(
            "SELECT e.seq, e.at, e.kind, e.record_kind, e.record, e.person, e.content, e.leaf, \
               COALESCE(p.known_as, p.given_name) || ' ' || p.family_name AS name \
             FROM ledger_event e LEFT JOIN person p ON p.trust = e.trust AND p.id = e.person \
             WHERE e.trust = $1 AND e.seq = $2",
            values![number],
        )
        .await
}

/// Every kind of event there is. It steps from one to the next through the index.
pub(crate) async fn kinds(query: &mut impl Query) -> Result<Vec<String>, StoreError> {
    let rows = query
        .all(
            "WITH RECURSIVE k (kind) AS ( \
               SELECT MIN(kind) FROM ledger_event WHERE trust = $1 \
               UNION ALL \
               SELECT (SELECT MIN(e.kind) FROM ledger_event e \
                 WHERE e.trust = $1 AND e.kind > k.kind) FROM k WHERE k.kind IS NOT NULL) \
             SELECT kind FROM k WHERE kind IS NOT NULL",
            values![],
        )
        .await?;
    rows.iter().map(|row| row.get("kind")).collect()
}

/// Every kind of record that events tell of.
pub(crate) async fn record_kinds(query: &mut impl Query) -> Result<Vec<String>, StoreError> {
    let rows = query
        .all(
            "WITH RECURSIVE k (kind) AS ( \
               SELECT MIN(record_kind) FROM ledger_event WHERE trust = $1 \
               UNION ALL \
               SELECT (SELECT MIN(e.record_kind) FROM ledger_event e \
                 WHERE e.trust = $1 AND e.record_kind > k.kind) FROM k WHERE k.kind IS NOT NULL) \
             SELECT kind FROM k WHERE kind IS NOT NULL",
            values![],
        )
        .await?;
    rows.iter().map(|row| row.get("kind")).collect()
}

/// A name of the program in words: `person.added` to "Person added".
pub(crate) fn in_words(name: &str) -> String {
    capitalised(&name.replace(['.', '-', '_'], " "))
}
