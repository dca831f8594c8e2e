//! What is proposed, what is held back and what was erased, as far as somebody may know of it.
//!
//! Nobody is shown a case about themselves. Of sensitive registers, only the data protection officer is shown anything,
//! and of those no more than reference, register and dates: what a case holds is read on its own page, by its own rules.

use jiff::Timestamp;
use jiff::civil::Date;
use register::Sensitivity;

use super::hold::{self, Hold};
use super::period::Period;
use crate::authority::{Means, Permit, Role};
use crate::cases::{self, CaseError, CaseId, Closed};
use crate::ledger::{LedgerError, open_content};
use crate::people::{Listed, Part};
use crate::store::{PersonId, Query, Row, SchoolId, Store};
use crate::values;

/// Why a proposal has to wait.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Waits {
    No,
    /// Somebody holds it back.
    Held,
    /// A case that is linked with it is still open.
    Linked,
}

/// A proposal.
#[derive(Clone, Debug)]
pub(super) struct Proposal {
    pub(super) case: CaseId,
    pub(super) reference: String,
    pub(super) rules: String,
    pub(super) school: Option<String>,
    pub(super) closed_at: Timestamp,
    pub(super) period: Period,
    pub(super) waits: Waits,
}

/// Which proposals somebody may know of: `$2` is the reach of their right, `$3` who they are, `$4` where they are the
/// data protection officer.
macro_rules! known {
    () => {
        "p.trust = $1 AND ($2 = '*' OR $2 LIKE '%,' || c.school || ',%') \
         AND (c.subject IS NULL OR c.subject <> $3) \
         AND (p.sensitive = 0 OR $4 = '*' OR $4 LIKE '%,' || c.school || ',%')"
    };
}

macro_rules! from {
    () => {
        "FROM retention_proposal p JOIN case_file c ON c.trust = p.trust AND c.id = p.case_id \
         LEFT JOIN school s ON s.trust = c.trust AND s.id = c.school "
    };
}

macro_rules! held {
    () => {
        "EXISTS (SELECT 1 FROM retention_hold h WHERE h.trust = $1 AND h.case_id = p.case_id AND h.lifted_at IS NULL)"
    };
}

macro_rules! linked {
    () => {
        "EXISTS (SELECT 1 FROM case_link l JOIN case_file o ON o.trust = l.trust AND o.id = l.linked \
          WHERE l.trust = $1 AND l.case_id = p.case_id AND o.closed_at IS NULL)"
    };
}

macro_rules! proposals {
    ($which:literal) => {
        concat!(
            "SELECT p.case_id, p.due_on, p.review, p.says, p.doubt, c.reference, c.rules, c.closed_at, s.name AS school, \
               CASE WHEN ",
            held!(),
            " THEN 2 WHEN ",
            linked!(),
            " THEN 1 ELSE 0 END AS waits ",
            from!(),
            "WHERE ",
            known!(),
            $which
        )
    };
}

/// Whom the list is for: the first values of every statement.
fn whose(permit: &Permit) -> Vec<crate::store::Value> {
    let actor = permit.actor();
    let me = actor.person.as_ref().map_or("", PersonId::as_str);
    values![permit.reach(), me, officer(permit)]
}

/// Where somebody is the data protection officer, as [`Permit::reach`] gives it.
fn officer(permit: &Permit) -> String {
    let actor = permit.actor();
    let held = actor
        .roles
        .iter()
        .filter(|held| held.role == Role::DataProtectionOfficer);
    let schools: Vec<Option<&SchoolId>> = held.map(|held| held.school.as_ref()).collect();
    if actor.means == Means::Operator || schools.contains(&None) {
        return "*".to_owned();
    }
    let schools = schools.into_iter().flatten();
    let schools = schools.map(|school| format!("{school},"));
    format!(",{}", schools.collect::<String>())
}

fn read(row: &Row) -> Result<Proposal, CaseError> {
    let closed_at: i64 = row.get("closed_at")?;
    let waits: i64 = row.get("waits")?;
    Ok(Proposal {
        case: row.get("case_id")?,
        reference: row.get("reference")?,
        rules: row.get("rules")?,
        school: row.get("school")?,
        closed_at: Timestamp::from_millisecond(closed_at).unwrap_or(Timestamp::UNIX_EPOCH),
        period: Period {
            ends: row.get::<Date>("due_on")?,
            review: row.get("review")?,
            says: row.get("says")?,
            doubt: row.get("doubt")?,
        },
        waits: match waits {
            2 => Waits::Held,
            1 => Waits::Linked,
            _ => Waits::No,
        },
    })
}

/// What is proposed, the longest overdue first.
pub(super) async fn proposals(
    query: &mut impl Query,
    permit: &Permit,
    part: Part,
) -> Result<Listed<Proposal>, CaseError> {
    let mut values = whose(permit);
    let total = query
        .count(
            concat!("SELECT COUNT(*) AS n ", from!(), "WHERE ", known!()),
            values.clone(),
        )
        .await?;
    values.extend(values![i64::from(part.size), i64::from(part.skip)]);
    let rows = query
        .all(
            proposals!(" ORDER BY p.due_on, p.case_id LIMIT $5 OFFSET $6"),
            values,
        )
        .await?;
    let items = rows.iter().map(read).collect::<Result<_, _>>()?;
    Ok(Listed { items, total })
}

/// One proposal, where somebody may know of it.
pub(super) async fn proposal(
    query: &mut impl Query,
    permit: &Permit,
    case: &CaseId,
) -> Result<Option<Proposal>, CaseError> {
    let mut values = whose(permit);
    values.extend(values![case]);
    let row = query
        .first(proposals!(" AND p.case_id = $5"), values)
        .await?;
    row.map(|row| read(&row)).transpose()
}

/// A closed case that somebody may hold back, by its reference.
pub(super) async fn closed_case(
    query: &mut impl Query,
    store: &Store,
    permit: &Permit,
    reference: &str,
) -> Result<Option<Closed>, CaseError> {
    let me = permit.actor().person.as_ref().map_or("", PersonId::as_str);
    let row = query
        .first(
            "SELECT c.id, c.school FROM case_file c WHERE c.trust = $1 AND c.reference = $2 AND c.closed_at IS NOT NULL \
               AND ($3 = '*' OR $3 LIKE '%,' || c.school || ',%') AND (c.subject IS NULL OR c.subject <> $4)",
            values![reference.trim().to_uppercase(), permit.reach(), me],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    let (id, school): (CaseId, Option<String>) = (row.get("id")?, row.get("school")?);
    let trust = &permit.actor().trust;
    let case = cases::closed_one(query, (store, trust), &id).await?;
    Ok(case.filter(|case| {
        let sensitive = case.rules.register().sensitivity == Sensitivity::Sensitive;
        !sensitive || officer_at(permit, school.as_deref())
    }))
}

fn officer_at(permit: &Permit, school: Option<&str>) -> bool {
    let reach = officer(permit);
    reach == "*" || school.is_some_and(|school| reach.contains(&format!(",{school},")))
}

/// The holds that somebody may know of, each with the reference of its case.
pub(super) async fn holds(
    query: &mut impl Query,
    store: &Store,
    permit: &Permit,
) -> Result<Vec<(Hold, String)>, CaseError> {
    let mut known = Vec::new();
    for hold in hold::running(query).await? {
        let row = query
            .first(
                "SELECT reference FROM case_file WHERE trust = $1 AND id = $2",
                values![&hold.case],
            )
            .await?;
        let Some(row) = row else { continue };
        let reference: String = row.get("reference")?;
        if closed_case(query, store, permit, &reference)
            .await?
            .is_some()
        {
            known.push((hold, reference));
        }
    }
    Ok(known)
}

/// That a case was erased: an event that stays.
#[derive(Clone, Debug)]
pub(super) struct Erased {
    /// The event's number in the ledger.
    pub(super) event: i64,
    pub(super) at: Timestamp,
    pub(super) who: Option<String>,
    pub(super) reason: String,
    /// The event's leaf in the ledger.
    pub(super) leaf: Vec<u8>,
}

/// The last cases that were erased; somebody whose right does not reach the whole trust sees what they erased themselves.
pub(super) async fn erased(
    query: &mut impl Query,
    store: &Store,
    permit: &Permit,
) -> Result<Vec<Erased>, LedgerError> {
    let me = permit.actor().person.as_ref().map_or("", PersonId::as_str);
    let rows = query
        .all(
            "SELECT e.seq, e.at, e.record_kind, e.record, e.content, e.leaf, \
               COALESCE(p.known_as, p.given_name) || ' ' || p.family_name AS name \
             FROM ledger_event e LEFT JOIN person p ON p.trust = e.trust AND p.id = e.person \
             WHERE e.trust = $1 AND e.kind = 'record.erased' AND e.record LIKE 'case#_file/%' ESCAPE '#' \
               AND ($2 = '*' OR e.person = $3) ORDER BY e.seq DESC LIMIT 50",
            values![permit.reach(), me],
        )
        .await?;
    let mut erased = Vec::new();
    for row in &rows {
        let content = open_content(query, store, &permit.actor().trust, row).await?;
        let after = content.and_then(|content| content.after);
        let reason = after
            .as_ref()
            .and_then(|after| after.get("reason")?.as_str());
        erased.push(Erased {
            event: row.get("seq")?,
            at: row.get("at")?,
            who: row.get("name")?,
            reason: reason.unwrap_or_default().to_owned(),
            leaf: row.get("leaf")?,
        });
    }
    Ok(erased)
}
