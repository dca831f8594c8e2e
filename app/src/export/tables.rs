//! What is exported, table by table.

use serde_json::Value as Json;

use super::ExportError;
use crate::protection::{RecordKey, Sealed, WrappedKey, place};
use crate::store::{Query as _, Row, Store, TrustId};
use crate::values;

/// A table of the export. Its statement gives the columns by their names; sealed ones as bytes,
/// with the key of the record as `wrapped`.
pub(super) struct Table {
    pub(super) name: &'static str,
    pub(super) columns: &'static [&'static str],
    kinds: &'static [Kind],
    sql: &'static str,
}

/// What a column holds.
#[derive(Clone, Copy)]
enum Kind {
    Text,
    Yes,
    /// Text that is sealed under the key of the record of this kind and the id of the row.
    Sealed(&'static str),
}
use Kind::{Sealed as Locked, Text, Yes};

/// Everything but the ledger and what belongs to signing in.
pub(super) const TABLES: &[Table] = &[
    Table {
        name: "schools",
        columns: &[
            "id",
            "name",
            "urn",
            "dfe_number",
            "phase",
            "nation",
            "closed_on",
        ],
        kinds: &[Text; 7],
        sql: "SELECT id, name, urn, dfe_number, phase, nation, closed_on FROM school \
              WHERE trust = $1 ORDER BY id",
    },
    Table {
        name: "school-policies",
        columns: &["id", "school", "policy", "content_hash", "since", "until"],
        kinds: &[Text; 6],
        sql: "SELECT id, school, policy, content_hash, since, until FROM school_policy \
              WHERE trust = $1 ORDER BY id",
    },
    Table {
        name: "school-contacts",
        columns: &[
            "id",
            "school",
            "role",
            "name",
            "organisation",
            "email",
            "phone",
        ],
        kinds: &[Text; 7],
        sql: "SELECT id, school, role, name, organisation, email, phone FROM school_contact \
              WHERE trust = $1 ORDER BY id",
    },
    Table {
        name: "school-calendars",
        columns: &["school", "terms", "closed", "week"],
        kinds: &[Text; 4],
        sql: "SELECT school, terms, closed, week FROM school_calendar WHERE trust = $1 \
              ORDER BY school",
    },
    Table {
        name: "people",
        columns: &[
            "id",
            "given_name",
            "family_name",
            "known_as",
            "email",
            "contract",
            "line_manager",
            "starts_on",
            "ends_on",
            "demonstration",
        ],
        kinds: &[Text, Text, Text, Text, Text, Text, Text, Text, Text, Yes],
        sql: "SELECT id, given_name, family_name, known_as, email, contract, line_manager, starts_on, \
                ends_on, demonstration FROM person WHERE trust = $1 ORDER BY id",
    },
    Table {
        name: "roles",
        columns: &["id", "person", "role", "school", "starts_on", "ends_on"],
        kinds: &[Text; 6],
        sql: "SELECT id, person, role, school, starts_on, ends_on FROM held_role \
              WHERE trust = $1 ORDER BY id",
    },
    Table {
        name: "delegations",
        columns: &["id", "person", "delegate", "school", "starts_on", "ends_on"],
        kinds: &[Text; 6],
        sql: "SELECT id, person, delegate, school, starts_on, ends_on FROM delegation \
              WHERE trust = $1 ORDER BY id",
    },
    Table {
        name: "pupils",
        columns: &[
            "id",
            "school",
            "given_name",
            "family_name",
            "known_as",
            "year",
            "class",
            "born",
            "left_on",
            "demonstration",
        ],
        kinds: &[
            Text,
            Text,
            Text,
            Text,
            Text,
            Text,
            Text,
            Locked("pupil"),
            Text,
            Yes,
        ],
        sql: "SELECT p.id, p.school, p.given_name, p.family_name, p.known_as, p.year, p.class, \
                p.born, p.left_on, p.demonstration, k.wrapped FROM pupil p \
              LEFT JOIN record_key k ON k.trust = p.trust AND k.record = 'pupil/' || p.id \
              WHERE p.trust = $1 ORDER BY p.id",
    },
    Table {
        name: "parents-and-carers",
        columns: &[
            "id",
            "given_name",
            "family_name",
            "email",
            "phone",
            "demonstration",
        ],
        kinds: &[
            Text,
            Text,
            Text,
            Locked("guardian"),
            Locked("guardian"),
            Yes,
        ],
        sql: "SELECT g.id, g.given_name, g.family_name, g.email, g.phone, g.demonstration, \
                k.wrapped FROM guardian g \
              LEFT JOIN record_key k ON k.trust = g.trust AND k.record = 'guardian/' || g.id \
              WHERE g.trust = $1 ORDER BY g.id",
    },
    Table {
        name: "parents-of-pupils",
        columns: &["guardian", "pupil"],
        kinds: &[Text; 2],
        sql: "SELECT guardian, pupil FROM guardian_of WHERE trust = $1 ORDER BY guardian, pupil",
    },
    Table {
        name: "answers-about-pictures",
        columns: &[
            "id",
            "pupil",
            "guardian",
            "given_by",
            "how",
            "website",
            "social",
            "press",
            "limits",
            "given_on",
            "valid_until",
        ],
        kinds: &[
            Text,
            Text,
            Text,
            Text,
            Text,
            Text,
            Text,
            Text,
            Locked("consent_answer"),
            Text,
            Text,
        ],
        sql: "SELECT a.id, f.subject AS pupil, a.guardian, a.given_by, a.how, a.website, a.social, a.press, a.limits, \
                a.given_on, a.valid_until, k.wrapped FROM consent_answer a \
              JOIN case_file f ON f.trust = a.trust AND f.id = a.case_id \
              LEFT JOIN record_key k ON k.trust = a.trust AND k.record = 'consent_answer/' || a.id \
              WHERE a.trust = $1 ORDER BY a.id",
    },
    Table {
        name: "roster-ids",
        columns: &["record_kind", "external_id", "record"],
        kinds: &[Text; 3],
        sql: "SELECT record_kind, external_id, record FROM roster_link WHERE trust = $1 \
              ORDER BY record_kind, external_id",
    },
];

/// All rows of a table, what is sealed opened.
pub(super) async fn read(
    store: &Store,
    trust: &TrustId,
    table: &Table,
) -> Result<Vec<Vec<Json>>, ExportError> {
    let rows = store.read(trust).all(table.sql, values![]).await?;
    let row = |row: &Row| -> Result<Vec<Json>, ExportError> {
        let columns = table.columns.iter().zip(table.kinds);
        columns
            .map(|(column, kind)| value(store, trust, row, (column, *kind)))
            .collect()
    };
    rows.iter().map(row).collect()
}

fn value(
    store: &Store,
    trust: &TrustId,
    row: &Row,
    (column, kind): (&str, Kind),
) -> Result<Json, ExportError> {
    Ok(match kind {
        Text => row.get::<Option<String>>(column)?.into(),
        Yes => row.get::<bool>(column)?.into(),
        Locked(table) => {
            let (sealed, wrapped) = (row.get(column)?, row.get("wrapped")?);
            let (Some(sealed), Some(wrapped)) = (sealed, wrapped) else {
                return Ok(Json::Null);
            };
            let id: String = row.get("id")?;
            let key = key(store, trust, &format!("{table}/{id}"), wrapped)?;
            let at = place(table, column, trust.as_str(), &id);
            key.open_text(&at, &Sealed(sealed))?.to_string().into()
        }
    })
}

fn key(
    store: &Store,
    trust: &TrustId,
    record: &str,
    wrapped: Vec<u8>,
) -> Result<RecordKey, ExportError> {
    let at = place("record_key", "wrapped", trust.as_str(), record);
    let wrapped = WrappedKey::from_bytes(wrapped, &at)?;
    Ok(store.keyring().unwrap(&wrapped, &at)?)
}
