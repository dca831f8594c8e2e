//! What is on a file, and who looked at it.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use policy::words::capitalised;
use serde::Serialize;
use serde_json::Value as Json;

use crate::cases::{self, OnFile};
use crate::export::csv_file;
use crate::people;
use crate::store::{PersonId, Query, Row, StoreError};
use crate::values;
use crate::web::dates::{day, moment};
use crate::web::problem::Problem;

/// Somebody looked at a file.
pub(super) const READ: &str = "personnel.read";
/// Somebody took a file out.
pub(super) const EXPORTED: &str = "personnel.exported";
/// So many looks are shown.
const SHOWN: usize = 200;

/// The cases of one register.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Group {
    pub(super) name: String,
    pub(super) entries: Vec<Entry>,
}

/// A case.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Entry {
    pub(super) reference: String,
    pub(super) href: String,
    pub(super) state: String,
    /// What it gives leave for is in force.
    pub(super) in_force: bool,
    /// The last day on which it is; empty where there is none.
    pub(super) until: String,
    pub(super) opened: String,
    /// Empty while it is open.
    pub(super) closed: String,
    pub(super) paper: bool,
}

/// Somebody looked.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Look {
    pub(super) when: String,
    pub(super) who: String,
    pub(super) at_what: String,
}

/// The cases, register by register in the order of their names.
pub(super) fn groups(filed: &[OnFile], zone: &TimeZone) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for on_file in filed {
        let name = capitalised(&on_file.rules.register().plural);
        let entry = entry(on_file, zone);
        match groups.iter_mut().find(|group| group.name == name) {
            Some(group) => group.entries.push(entry),
            None => groups.push(Group {
                name,
                entries: vec![entry],
            }),
        }
    }
    groups.sort_by(|one, other| one.name.cmp(&other.name));
    groups
}

fn entry(on_file: &OnFile, zone: &TimeZone) -> Entry {
    let case = &on_file.case;
    let date = |at: Timestamp| day(at.to_zoned(zone.clone()).date());
    let closed = case.closed_at.map(Timestamp::from_millisecond);
    Entry {
        reference: case.reference.clone(),
        href: format!("/cases/{}", case.id),
        state: on_file.state().to_owned(),
        in_force: case.in_force,
        until: case.in_force_until.map_or_else(String::new, day),
        opened: date(case.opened()),
        closed: closed.and_then(Result::ok).map_or_else(String::new, date),
        paper: case.paper,
    }
}

/// The file as CSV.
pub(super) fn csv(groups: &[Group]) -> Result<Vec<u8>, Problem> {
    let mut rows = Vec::new();
    for group in groups {
        for entry in &group.entries {
            let yes_no = |yes| if yes { "yes" } else { "no" };
            let cells = [
                &group.name,
                &entry.reference,
                &entry.state,
                &entry.opened,
                &entry.closed,
                yes_no(entry.in_force),
                &entry.until,
                yes_no(entry.paper),
            ];
            rows.push(cells.map(Json::from).to_vec());
        }
    }
    let head = [
        "register",
        "reference",
        "state",
        "opened",
        "closed",
        "in_force",
        "in_force_until",
        "from_paper",
    ];
    csv_file::write(&head, &rows).map_err(|error| Problem::internal(&error))
}

/// Who looked at somebody's file, and at the cases on it since they may know of them, the latest first.
pub(super) async fn looks(
    query: &mut impl Query,
    owner: &PersonId,
    filed: &[OnFile],
    zone: &TimeZone,
) -> Result<Vec<Look>, Problem> {
    let rows = query
        .all(
            "SELECT e.at, e.kind, COALESCE(p.known_as, p.given_name) || ' ' || p.family_name AS name \
             FROM ledger_event e JOIN person p ON p.trust = e.trust AND p.id = e.person \
             WHERE e.trust = $1 AND e.record_kind = 'person' AND e.record = $2 AND e.kind IN ($3, $4) AND e.person <> $2 \
             ORDER BY e.seq DESC LIMIT 200",
            values![owner, READ, EXPORTED],
        )
        .await?;
    let looked = |row: &Row| {
        let kind: String = row.get("kind")?;
        let at_what = match kind.as_str() {
            EXPORTED => "Your file, taken out as a table",
            _ => "Your file",
        };
        Ok((row.get("at")?, row.get("name")?, at_what.to_owned()))
    };
    let mut all: Vec<(Timestamp, String, String)> =
        rows.iter().map(looked).collect::<Result<_, StoreError>>()?;
    for on_file in filed {
        for (at, person) in cases::readers(query, on_file).await? {
            if person != *owner {
                let person = people::find(query, &person).await?;
                let who = person.map_or_else(String::new, |person| person.name());
                all.push((at, who, on_file.case.reference.clone()));
            }
        }
    }
    all.sort_by_key(|(at, ..)| std::cmp::Reverse(*at));
    let shown = all.into_iter().take(SHOWN);
    let look = |(at, who, at_what)| Look {
        when: moment(at, zone),
        who,
        at_what,
    };
    Ok(shown.map(look).collect())
}
