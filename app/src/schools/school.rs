//! A school: what is known of it, and the doors that change it.

use jiff::civil::Date;
use serde::Serialize;

use super::{DfeNumber, Nation, Phase, SchoolsError, Urn};
use crate::authority::{Actor, Permit, Place};
use crate::ledger::{Record, record};
use crate::store::{Query, Row, SchoolId, StoreError, Tx};
use crate::values;

/// A school of the trust.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct School {
    /// Its identifier.
    pub id: SchoolId,
    /// What is known of it.
    #[serde(flatten)]
    pub details: SchoolDetails,
    /// Its last day, if it closes or has closed.
    pub closed_on: Option<Date>,
    /// Whether it is invented.
    pub demonstration: bool,
}

/// What is known of a school.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct SchoolDetails {
    /// Its name.
    pub name: String,
    /// Its Unique Reference Number.
    pub urn: Option<Urn>,
    /// The number that a department or council gave it.
    pub dfe_number: Option<DfeNumber>,
    /// Whom it teaches.
    pub phase: Phase,
    /// Where it lies.
    pub nation: Nation,
}

impl Record for School {
    const KIND: &'static str = "school";

    fn id(&self) -> &str {
        self.id.as_str()
    }
}

impl School {
    /// Whether it is open on a day.
    #[must_use]
    pub fn is_open(&self, day: Date) -> bool {
        self.closed_on.is_none_or(|last| day <= last)
    }

    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.get("id")?,
            details: SchoolDetails {
                name: row.get("name")?,
                urn: row.get("urn")?,
                dfe_number: row.get("dfe_number")?,
                phase: row.get("phase")?,
                nation: row.get("nation")?,
            },
            closed_on: row.get("closed_on")?,
            demonstration: row.get("demonstration")?,
        })
    }
}

/// The schools within a permit's reach, by name.
pub async fn within(query: &mut impl Query, permit: &Permit) -> Result<Vec<School>, StoreError> {
    reached(query, permit.reach()).await
}

/// All schools of the trust, by name.
pub async fn all(query: &mut impl Query) -> Result<Vec<School>, StoreError> {
    reached(query, "*".to_owned()).await
}

async fn reached(query: &mut impl Query, reach: String) -> Result<Vec<School>, StoreError> {
    let rows = query
        .all(
            "SELECT id, name, urn, dfe_number, phase, nation, closed_on, demonstration \
             FROM school WHERE trust = $1 AND ($2 = '*' OR $2 LIKE '%,' || id || ',%') \
             ORDER BY name, id",
            values![reach],
        )
        .await?;
    rows.iter().map(School::read).collect()
}

/// One school.
pub async fn find(query: &mut impl Query, id: &SchoolId) -> Result<Option<School>, StoreError> {
    let row = query
        .first(
            "SELECT id, name, urn, dfe_number, phase, nation, closed_on, demonstration \
             FROM school WHERE trust = $1 AND id = $2",
            values![id],
        )
        .await?;
    row.as_ref().map(School::read).transpose()
}

/// The school at which somebody works, where it is one alone.
pub async fn only_school_of(
    query: &mut impl Query,
    actor: &Actor,
) -> Result<Option<School>, StoreError> {
    let mut schools = actor.roles.iter().filter_map(|held| held.school.as_ref());
    let Some(first) = schools.next() else {
        return Ok(None);
    };
    match schools.all(|school| school == first) {
        true => find(query, first).await,
        false => Ok(None),
    }
}

/// Adds a school to the trust.
pub async fn add(
    tx: &mut Tx,
    permit: &Permit,
    details: SchoolDetails,
    demonstration: bool,
) -> Result<School, SchoolsError> {
    permit.at(Place::Trust)?;
    let school = School {
        id: tx.fresh()?,
        details,
        closed_on: None,
        demonstration,
    };
    let SchoolDetails {
        name,
        urn,
        dfe_number,
        phase,
        nation,
    } = &school.details;
    tx.execute(
        "INSERT INTO school (trust, id, name, urn, dfe_number, phase, nation, demonstration) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        values![
            &school.id,
            name,
            urn.as_ref(),
            dfe_number.as_ref(),
            *phase,
            *nation,
            demonstration
        ],
    )
    .await
    .map_err(urn_taken)?;
    enter(tx, permit, "school.added", None, Some(&school)).await?;
    Ok(school)
}

/// Changes what is known of a school.
pub async fn change(
    tx: &mut Tx,
    permit: &Permit,
    id: &SchoolId,
    details: SchoolDetails,
) -> Result<School, SchoolsError> {
    let before = changing(tx, permit, id).await?;
    let after = School {
        details,
        ..before.clone()
    };
    let SchoolDetails {
        name,
        urn,
        dfe_number,
        phase,
        nation,
    } = &after.details;
    tx.execute(
        "UPDATE school SET name = $3, urn = $4, dfe_number = $5, phase = $6, nation = $7 \
         WHERE trust = $1 AND id = $2",
        values![id, name, urn.as_ref(), dfe_number.as_ref(), *phase, *nation],
    )
    .await
    .map_err(urn_taken)?;
    enter(tx, permit, "school.changed", Some(&before), Some(&after)).await?;
    Ok(after)
}

/// Says that a school closes with a day, or that it does not close after all.
pub async fn close(
    tx: &mut Tx,
    permit: &Permit,
    id: &SchoolId,
    last_day: Option<Date>,
) -> Result<School, SchoolsError> {
    permit.at(Place::Trust)?;
    let before = changing(tx, permit, id).await?;
    let after = School {
        closed_on: last_day,
        ..before.clone()
    };
    tx.execute(
        "UPDATE school SET closed_on = $3 WHERE trust = $1 AND id = $2",
        values![id, last_day],
    )
    .await?;
    let kind = match last_day {
        Some(_) => "school.closed",
        None => "school.reopened",
    };
    enter(tx, permit, kind, Some(&before), Some(&after)).await?;
    Ok(after)
}

/// Removes a school of the demonstration; everything that names it must be gone already.
pub async fn remove(tx: &mut Tx, permit: &Permit, school: &School) -> Result<(), SchoolsError> {
    permit.at(Place::Trust)?;
    tx.execute(
        "DELETE FROM school WHERE trust = $1 AND id = $2",
        values![&school.id],
    )
    .await?;
    enter(tx, permit, "school.removed", Some(school), None).await
}

async fn changing(tx: &mut Tx, permit: &Permit, id: &SchoolId) -> Result<School, SchoolsError> {
    permit.at(Place::School(id))?;
    find(tx, id).await?.ok_or(SchoolsError::Missing)
}

fn urn_taken(error: StoreError) -> SchoolsError {
    match error {
        StoreError::Taken(_) => {
            SchoolsError::refused("urn", "Another school of the trust has this URN")
        }
        other => other.into(),
    }
}

async fn enter(
    tx: &mut Tx,
    permit: &Permit,
    kind: &'static str,
    before: Option<&School>,
    after: Option<&School>,
) -> Result<(), SchoolsError> {
    let (actor, action) = (permit.actor(), Some(permit.action()));
    Ok(record(tx, actor, action, kind, before, after).await?)
}
