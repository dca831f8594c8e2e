//! Figures of groups that the law protects: totals that HR enters by hand for a school and a term. The program holds no
//! such thing of any person, and works none out.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::term::Term;
use crate::authority::Permit;
use crate::ledger::{LedgerError, Record, record};
use crate::store::{Query, Row, SchoolId, StoreError, Tx, ids};
use crate::values;

ids! {
    /// The figures of a school in a term.
    FiguresId
}

/// A group: its name in data and in words, and the fields of its totals, each with its label.
pub(super) struct Group {
    pub(super) id: &'static str,
    pub(super) says: &'static str,
    pub(super) staff: (&'static str, &'static str),
    pub(super) formal: (&'static str, &'static str),
}

macro_rules! groups {
    ($($id:literal $says:literal,)*) => {
        /// The groups. Each stands for itself: a person may be of several.
        pub(super) const GROUPS: &[Group] = &[$(Group {
            id: $id,
            says: $says,
            staff: (concat!($id, "-staff"), concat!($says, ": on the staff")),
            formal: (concat!($id, "-formal"), concat!($says, ": conduct online looked into formally")),
        }),*];
    };
}

groups! {
    "women" "Women",
    "men" "Men",
    "under-30" "People under 30",
    "over-50" "People over 50",
    "disabled" "Disabled people",
    "ethnic-minority" "People of minority ethnic groups",
    "faith" "People of a religion or belief",
    "lgbt" "Lesbian, gay, bisexual and trans people",
    "maternity" "People who are pregnant or on leave for a child",
}

/// The totals of a group.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub(super) struct Total {
    /// Who is on the staff.
    pub(super) staff: u64,
    /// Whose conduct online was looked into formally.
    pub(super) formal: u64,
}

/// The totals of groups, by name; a group that was not entered is not there.
pub(super) type Totals = BTreeMap<String, Total>;

/// What was entered for a school and a term.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub(super) struct Figures {
    pub(super) id: FiguresId,
    pub(super) school: SchoolId,
    pub(super) term: String,
    pub(super) totals: Totals,
}

impl Record for Figures {
    const KIND: &'static str = "group_figures";

    fn id(&self) -> &str {
        self.id.as_str()
    }
}

/// What was entered for a term, at each school.
pub(super) async fn of_term(
    query: &mut impl Query,
    term: Term,
) -> Result<Vec<Figures>, StoreError> {
    let rows = query
        .all(
            "SELECT id, school, term, totals FROM group_figures WHERE trust = $1 AND term = $2 ORDER BY id",
            values![term.name()],
        )
        .await?;
    rows.iter().map(read).collect()
}

/// Enters the figures of a school and a term; those that were entered before are in the ledger.
pub(super) async fn enter(
    tx: &mut Tx,
    permit: &Permit,
    (school, term): (&SchoolId, Term),
    totals: Totals,
) -> Result<(), LedgerError> {
    let entered = of_term(tx, term).await?;
    let before = entered.into_iter().find(|one| one.school == *school);
    let after = Figures {
        id: match &before {
            Some(before) => before.id.clone(),
            None => tx.fresh()?,
        },
        school: school.clone(),
        term: term.name(),
        totals,
    };
    tx.execute(
        "INSERT INTO group_figures (trust, id, school, term, totals) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (trust, id) DO UPDATE SET totals = excluded.totals",
        values![
            &after.id,
            &after.school,
            &after.term,
            serde_json::to_string(&after.totals)?
        ],
    )
    .await?;
    let (actor, action) = (permit.actor(), Some(permit.action()));
    record(
        tx,
        actor,
        action,
        "group_figures.entered",
        before.as_ref(),
        Some(&after),
    )
    .await
}

/// The states of all figures after one, for verifying them against the ledger.
pub(crate) async fn states(
    query: &mut impl Query,
    after: &str,
    limit: u32,
) -> Result<Vec<(String, serde_json::Value)>, StoreError> {
    let rows = query
        .all(
            "SELECT id, school, term, totals FROM group_figures WHERE trust = $1 AND id > $2 ORDER BY id LIMIT $3",
            values![after, i64::from(limit)],
        )
        .await?;
    let state = |row: &Row| {
        let figures = read(row)?;
        let state = serde_json::to_value(&figures).map_err(|_| Row::unreadable("totals"))?;
        Ok((figures.id.to_string(), state))
    };
    rows.iter().map(state).collect()
}

fn read(row: &Row) -> Result<Figures, StoreError> {
    let totals: String = row.get("totals")?;
    Ok(Figures {
        id: row.get("id")?,
        school: row.get("school")?,
        term: row.get("term")?,
        totals: serde_json::from_str(&totals).map_err(|_| Row::unreadable("totals"))?,
    })
}
