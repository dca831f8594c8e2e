//! What happened to a person, from the ledger: what, when and by whom. The content stays sealed;
//! the audit shows it.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

use crate::people::delegation::name;
use crate::store::{PersonId, Query, Row, StoreError};
use crate::values;
use crate::web::dates::moment;

/// How far back the page looks.
const SHOWN: i64 = 50;

/// An event.
#[derive(Serialize)]
pub(super) struct Happened {
    pub(super) what: String,
    pub(super) when: String,
    pub(super) who: String,
}

pub(super) async fn history(
    query: &mut impl Query,
    person: &PersonId,
    zone: &TimeZone,
) -> Result<Vec<Happened>, StoreError> {
    let rows = query
        .all(
            "SELECT e.at, e.kind, e.person, p.given_name, p.known_as, p.family_name \
             FROM ledger_event e LEFT JOIN person p ON p.trust = e.trust AND p.id = e.person \
             WHERE e.trust = $1 AND e.record_kind = 'person' AND e.record = $2 \
             ORDER BY e.seq DESC LIMIT $3",
            values![person, SHOWN],
        )
        .await?;
    let happened = |row: &Row| {
        let kind: String = row.get("kind")?;
        let who = match row.get::<Option<String>>("given_name")? {
            Some(_) => name(row, ["known_as", "given_name", "family_name"])?,
            None if kind.ends_with("-by-provider") => "A provider of sign-in".to_owned(),
            None => "The operator of this installation".to_owned(),
        };
        Ok(Happened {
            what: what(&kind),
            when: moment(row.get::<Timestamp>("at")?, zone),
            who,
        })
    };
    rows.iter().map(happened).collect()
}

/// An event's kind in words; one of another feature is told by its name.
fn what(kind: &str) -> String {
    match kind {
        "person.added" => "Added",
        "person.changed" => "Details changed",
        "person.ended" => "Last day set",
        "person.stays" => "Last day taken back",
        "person.erased" => "Erased",
        "role.given" => "Role given",
        "role.taken" => "Role taken away",
        "role.given-by-provider" => "Role given by a provider of sign-in",
        "role.taken-by-provider" => "Role of a provider of sign-in taken away",
        other => return other.replace(['.', '-'], " "),
    }
    .to_owned()
}
