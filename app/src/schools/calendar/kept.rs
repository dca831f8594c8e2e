//! A school's calendar in the store.

use serde::Serialize;
use serde_json::Value as Json;

use super::{SchoolCalendar, Stretch, Week};
use crate::authority::{Permit, Place};
use crate::ledger::{LedgerError, Record, record};
use crate::schools::{School, SchoolsError};
use crate::store::{Query, Row, SchoolId, StoreError, Tx};
use crate::values;

/// What is kept of a calendar. The nation is the school's.
#[derive(Clone, Debug, Serialize)]
struct Kept {
    school: SchoolId,
    terms: Vec<Stretch>,
    closed: Vec<Stretch>,
    week: Week,
}

impl Record for Kept {
    const KIND: &'static str = "school_calendar";

    fn id(&self) -> &str {
        self.school.as_str()
    }
}

impl Kept {
    fn read(row: &Row, school: &SchoolId) -> Result<Self, StoreError> {
        fn json<T: serde::de::DeserializeOwned>(row: &Row, column: &str) -> Result<T, StoreError> {
            let text: String = row.get(column)?;
            serde_json::from_str(&text).map_err(|_| Row::unreadable(column))
        }
        Ok(Self {
            school: school.clone(),
            terms: json(row, "terms")?,
            closed: json(row, "closed")?,
            week: json(row, "week")?,
        })
    }
}

async fn kept(query: &mut impl Query, school: &SchoolId) -> Result<Option<Kept>, StoreError> {
    let row = query
        .first(
            "SELECT terms, closed, week FROM school_calendar WHERE trust = $1 AND school = $2",
            values![school],
        )
        .await?;
    row.map(|row| Kept::read(&row, school)).transpose()
}

/// The states of all calendars, by school, for verifying them against the ledger.
pub async fn states(query: &mut impl Query) -> Result<Vec<(String, Json)>, StoreError> {
    let rows = query
        .all(
            "SELECT school, terms, closed, week FROM school_calendar WHERE trust = $1 \
             ORDER BY school",
            values![],
        )
        .await?;
    let state = |row: &Row| {
        let school: SchoolId = row.get("school")?;
        let kept = Kept::read(row, &school)?;
        let state = serde_json::to_value(&kept).map_err(|_| Row::unreadable("week"))?;
        Ok((school.to_string(), state))
    };
    rows.iter().map(state).collect()
}

/// The calendar of a school; where it has not said anything, one that knows its nation only.
pub async fn calendar(
    query: &mut impl Query,
    school: &School,
) -> Result<SchoolCalendar, StoreError> {
    let nation = school.details.nation;
    let Some(kept) = kept(query, &school.id).await? else {
        return Ok(SchoolCalendar::unknown(nation));
    };
    SchoolCalendar::new(nation, kept.terms, kept.closed, kept.week)
        .map_err(|_| Row::unreadable("terms"))
}

/// Keeps a school's calendar.
pub async fn keep_calendar(
    tx: &mut Tx,
    permit: &Permit,
    school: &SchoolId,
    calendar: &SchoolCalendar,
) -> Result<(), SchoolsError> {
    permit.at(Place::School(school))?;
    let before = kept(tx, school).await?;
    let after = Kept {
        school: school.clone(),
        terms: calendar.terms().to_vec(),
        closed: calendar.closed().to_vec(),
        week: calendar.week().clone(),
    };
    let json = |result: Result<String, serde_json::Error>| result.map_err(LedgerError::Json);
    tx.execute(
        "INSERT INTO school_calendar (trust, school, terms, closed, week) \
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (trust, school) \
         DO UPDATE SET terms = excluded.terms, closed = excluded.closed, week = excluded.week",
        values![
            school,
            json(serde_json::to_string(&after.terms))?,
            json(serde_json::to_string(&after.closed))?,
            json(serde_json::to_string(&after.week))?
        ],
    )
    .await?;
    let (actor, action) = (permit.actor(), Some(permit.action()));
    let kind = "school.calendar-kept";
    Ok(record(tx, actor, action, kind, before.as_ref(), Some(&after)).await?)
}

/// Removes the calendar of a school of the demonstration.
pub async fn remove_calendar(
    tx: &mut Tx,
    permit: &Permit,
    school: &SchoolId,
) -> Result<(), SchoolsError> {
    let Some(before) = kept(tx, school).await? else {
        return Ok(());
    };
    tx.execute(
        "DELETE FROM school_calendar WHERE trust = $1 AND school = $2",
        values![school],
    )
    .await?;
    let (actor, action) = (permit.actor(), Some(permit.action()));
    let kind = "school.calendar-removed";
    Ok(record(tx, actor, action, kind, Some(&before), None).await?)
}
