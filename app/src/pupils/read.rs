//! Reading pupils and their parents or carers.

use jiff::civil::Date;
use serde::Serialize;
use serde_json::Value as Json;

use super::PupilsError;
use super::pupil::{Guardian, GuardianDetails, GuardianId, Pupil, PupilDetails, PupilId};
use super::sealed::{Place, key_of, opened};
use crate::authority::{self, Permit};
use crate::ledger::{Change, Record as _, record_event};
use crate::people::{Email, Listed, Part, patterns};
use crate::store::{Query, Row, SchoolId, Store, StoreError, TrustId, Tx};
use crate::values;

/// Which pupils to list.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Filter {
    /// Words of names; all of them must be found.
    pub search: String,
    /// Pupils of that school.
    pub school: Option<SchoolId>,
    /// Pupils of that year group.
    pub year: Option<String>,
    /// Those who have left, instead of those who are here.
    pub left: bool,
}

/// A pupil as a list shows them: nothing that is sealed.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Line {
    /// Their identifier.
    pub id: PupilId,
    /// The name as others see it.
    pub name: String,
    /// The school.
    pub school: SchoolId,
    /// The school's name.
    pub school_name: String,
    /// The year group.
    pub year: Option<String>,
    /// The class or form.
    pub class: Option<String>,
    /// The last day at the school.
    pub left_on: Option<Date>,
}

impl Line {
    /// Year, class and school.
    #[must_use]
    pub fn place(&self) -> String {
        let year = self.year.as_ref().map(|year| format!("Year {year}"));
        let parts = [year, self.class.clone(), Some(self.school_name.clone())];
        parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

/// A pupil with everything that is sealed, and their parents or carers.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Contacts {
    /// The pupil.
    pub pupil: Pupil,
    /// Their parents or carers.
    pub guardians: Vec<Guardian>,
}

/// Pupils as lists show them; what follows says which.
macro_rules! lines {
    ($which:expr) => {
        concat!(
            "SELECT p.id, p.given_name, p.family_name, p.known_as, p.school, p.year, p.class, \
               p.left_on, s.name AS school_name \
             FROM pupil p JOIN school s ON s.trust = p.trust AND s.id = p.school \
             WHERE p.trust = $1 AND ",
            $which
        )
    };
}

/// Whole pupils with their keys; what follows says which.
macro_rules! pupils {
    ($which:expr) => {
        concat!(
            "SELECT p.id, p.given_name, p.family_name, p.known_as, p.school, p.year, p.class, \
               p.born, p.left_on, p.demonstration, k.wrapped \
             FROM pupil p \
             LEFT JOIN record_key k ON k.trust = p.trust AND k.record = 'pupil/' || p.id \
             WHERE p.trust = $1 AND ",
            $which
        )
    };
}

/// Whole parents and carers with their keys, one row for each pupil of theirs.
macro_rules! guardians {
    ($which:expr) => {
        concat!(
            "SELECT g.id, g.given_name, g.family_name, g.email, g.phone, g.demonstration, \
               k.wrapped, o.pupil \
             FROM guardian g \
             LEFT JOIN record_key k ON k.trust = g.trust AND k.record = 'guardian/' || g.id \
             LEFT JOIN guardian_of o ON o.trust = g.trust AND o.guardian = g.id \
             WHERE g.trust = $1 AND ",
            $which
        )
    };
}

/// Which pupils a list shows: `$2` is the reach, `$3` the school, `$4` the year, `$5` today, `$6`
/// whether those who left, `$7` to `$9` the words.
macro_rules! wanted {
    () => {
        "($2 = '*' OR $2 LIKE '%,' || p.school || ',%') \
         AND ($3 = '' OR p.school = $3) AND ($4 = '' OR p.year = $4) \
         AND CASE WHEN p.left_on < $5 THEN 'left' ELSE 'here' END = $6 \
         AND p.search LIKE $7 ESCAPE '\\' AND p.search LIKE $8 ESCAPE '\\' \
         AND p.search LIKE $9 ESCAPE '\\'"
    };
}

/// The pupils whom the permit reaches and the filter wants, by name.
pub async fn list(
    query: &mut impl Query,
    permit: &Permit,
    today: Date,
    filter: &Filter,
    part: Part,
) -> Result<Listed<Line>, StoreError> {
    let [first, second, third] = patterns(&filter.search);
    let mut values = values![
        permit.reach(),
        filter.school.as_ref().map_or("", SchoolId::as_str),
        filter.year.as_deref().unwrap_or_default(),
        today,
        if filter.left { "left" } else { "here" },
        first,
        second,
        third
    ];
    let total = query
        .count(
            concat!(
                "SELECT COUNT(*) AS n FROM pupil p WHERE p.trust = $1 AND ",
                wanted!()
            ),
            values.clone(),
        )
        .await?;
    values.extend(values![i64::from(part.size), i64::from(part.skip)]);
    let rows = query
        .all(
            lines!(concat!(
                wanted!(),
                " ORDER BY p.search, p.id LIMIT $10 OFFSET $11"
            )),
            values,
        )
        .await?;
    let items = rows.iter().map(read_line).collect::<Result<_, _>>()?;
    Ok(Listed { items, total })
}

/// One pupil as a list shows them, where the permit reaches.
pub async fn line(
    query: &mut impl Query,
    permit: &Permit,
    id: &PupilId,
) -> Result<Line, PupilsError> {
    let row = query.first(lines!("p.id = $2"), values![id]).await?;
    let line = row.as_ref().map(read_line).transpose()?;
    line.filter(|line| permit.at(authority::Place::School(&line.school)).is_ok())
        .ok_or(PupilsError::NotFound)
}

/// A pupil with everything that is sealed: for changes and verification. What a person reads goes
/// through [`contacts`].
pub async fn find(
    query: &mut impl Query,
    store: &Store,
    trust: &TrustId,
    id: &PupilId,
) -> Result<Option<Pupil>, PupilsError> {
    let row = query.first(pupils!("p.id = $2"), values![id]).await?;
    row.map(|row| read_pupil(store, trust, &row)).transpose()
}

/// A parent or carer with everything that is sealed.
pub async fn find_guardian(
    query: &mut impl Query,
    store: &Store,
    trust: &TrustId,
    id: &GuardianId,
) -> Result<Option<Guardian>, PupilsError> {
    let rows = query
        .all(guardians!("g.id = $2 ORDER BY o.pupil"), values![id])
        .await?;
    Ok(read_guardians(store, trust, &rows)?.into_iter().next())
}

/// The parents or carers of a pupil: identifiers and names.
pub async fn guardians_of(
    query: &mut impl Query,
    pupil: &PupilId,
) -> Result<Vec<(GuardianId, String)>, StoreError> {
    let rows = query
        .all(
            "SELECT g.id, g.given_name, g.family_name FROM guardian_of o \
             JOIN guardian g ON g.trust = o.trust AND g.id = o.guardian \
             WHERE o.trust = $1 AND o.pupil = $2 ORDER BY g.search, g.id",
            values![pupil],
        )
        .await?;
    let named = |row: &Row| {
        let given: String = row.get("given_name")?;
        Ok((
            row.get("id")?,
            format!("{given} {}", row.get::<String>("family_name")?),
        ))
    };
    rows.iter().map(named).collect()
}

/// A pupil with date of birth and parents' or carers' contacts. Reading them is entered in the
/// ledger: commit the transaction before they are shown.
pub async fn contacts(tx: &mut Tx, permit: &Permit, id: &PupilId) -> Result<Contacts, PupilsError> {
    line(tx, permit, id).await?;
    let (store, trust) = (tx.store().clone(), permit.actor().trust.clone());
    let pupil = find(tx, &store, &trust, id).await?;
    let pupil = pupil.ok_or(PupilsError::NotFound)?;
    let rows = tx
        .all(
            guardians!(
                "g.id IN (SELECT guardian FROM guardian_of WHERE trust = $1 AND pupil = $2) \
                 ORDER BY g.search, g.id, o.pupil"
            ),
            values![id],
        )
        .await?;
    let guardians = read_guardians(&store, &trust, &rows)?;
    let change = Change {
        kind: "pupil.contacts-read",
        record_kind: Pupil::KIND,
        record: id.as_str(),
        before: None,
        after: None,
    };
    record_event(tx, permit.actor(), Some(permit.action()), change).await?;
    Ok(Contacts { pupil, guardians })
}

/// All pupils, whole, for comparing a roster with them.
pub async fn all(store: &Store, trust: &TrustId) -> Result<Vec<Pupil>, PupilsError> {
    let rows = store.read(trust).all(pupils!("1 = 1"), values![]).await?;
    rows.iter()
        .map(|row| read_pupil(store, trust, row))
        .collect()
}

/// All parents and carers, whole, for comparing a roster with them.
pub async fn all_guardians(store: &Store, trust: &TrustId) -> Result<Vec<Guardian>, PupilsError> {
    let rows = store
        .read(trust)
        .all(guardians!("1 = 1 ORDER BY g.id, o.pupil"), values![])
        .await?;
    read_guardians(store, trust, &rows)
}

/// The states of all pupils after one, in the order of their identifiers, sealed parts opened, for
/// verifying them against the ledger (whose content is sealed under the same key).
pub async fn states(
    query: &mut impl Query,
    (store, trust): (&Store, &TrustId),
    after: Option<&PupilId>,
    limit: u32,
) -> Result<Vec<(PupilId, Json)>, PupilsError> {
    let rows = query
        .all(
            pupils!("p.id > $2 ORDER BY p.id LIMIT $3"),
            values![after.map_or("", PupilId::as_str), i64::from(limit)],
        )
        .await?;
    let state = |row: &Row| {
        let pupil = read_pupil(store, trust, row)?;
        let state = serde_json::to_value(&pupil).map_err(|_| Row::unreadable("pupil"))?;
        Ok((pupil.id, state))
    };
    rows.iter().map(state).collect()
}

/// The states of all parents and carers, as [`states`].
pub async fn guardian_states(
    query: &mut impl Query,
    (store, trust): (&Store, &TrustId),
    after: Option<&GuardianId>,
    limit: u32,
) -> Result<Vec<(GuardianId, Json)>, PupilsError> {
    let rows = query
        .all(
            guardians!(
                "g.id IN (SELECT id FROM guardian WHERE trust = $1 AND id > $2 \
                   ORDER BY id LIMIT $3) ORDER BY g.id, o.pupil"
            ),
            values![after.map_or("", GuardianId::as_str), i64::from(limit)],
        )
        .await?;
    let state = |guardian: Guardian| {
        let state = serde_json::to_value(&guardian).map_err(|_| Row::unreadable("guardian"))?;
        Ok((guardian.id, state))
    };
    let guardians = read_guardians(store, trust, &rows)?;
    guardians.into_iter().map(state).collect()
}

fn read_line(row: &Row) -> Result<Line, StoreError> {
    let given: String = match row.get::<Option<String>>("known_as")? {
        Some(known_as) => known_as,
        None => row.get("given_name")?,
    };
    Ok(Line {
        id: row.get("id")?,
        name: format!("{given} {}", row.get::<String>("family_name")?),
        school: row.get("school")?,
        school_name: row.get("school_name")?,
        year: row.get("year")?,
        class: row.get("class")?,
        left_on: row.get("left_on")?,
    })
}

fn read_pupil(store: &Store, trust: &TrustId, row: &Row) -> Result<Pupil, PupilsError> {
    let id: PupilId = row.get("id")?;
    let at = Place {
        table: Pupil::KIND,
        id: id.as_str(),
    };
    let key = key_of(store, trust, &at, row)?;
    let born = opened(trust, &at, key.as_ref(), (row, "born"))?;
    let born = born.map(|text| text.parse().map_err(|_| Row::unreadable("born")));
    Ok(Pupil {
        details: PupilDetails {
            school: row.get("school")?,
            given_name: row.get("given_name")?,
            family_name: row.get("family_name")?,
            known_as: row.get("known_as")?,
            year: row.get("year")?,
            class: row.get("class")?,
            born: born.transpose()?,
        },
        left_on: row.get("left_on")?,
        demonstration: row.get("demonstration")?,
        id,
    })
}

/// Rows that stand for one pupil of a parent each, gathered by parent.
fn read_guardians(
    store: &Store,
    trust: &TrustId,
    rows: &[Row],
) -> Result<Vec<Guardian>, PupilsError> {
    let mut guardians: Vec<Guardian> = Vec::new();
    for row in rows {
        let id: GuardianId = row.get("id")?;
        if guardians.last().is_none_or(|last| last.id != id) {
            guardians.push(read_guardian(store, trust, row, id)?);
        }
        let pupil = row.get::<Option<PupilId>>("pupil")?;
        if let (Some(guardian), Some(pupil)) = (guardians.last_mut(), pupil) {
            guardian.pupils.push(pupil);
        }
    }
    for guardian in &mut guardians {
        // The engines may sort text each in its own way.
        guardian.pupils.sort();
    }
    Ok(guardians)
}

fn read_guardian(
    store: &Store,
    trust: &TrustId,
    row: &Row,
    id: GuardianId,
) -> Result<Guardian, PupilsError> {
    let at = Place {
        table: Guardian::KIND,
        id: id.as_str(),
    };
    let key = key_of(store, trust, &at, row)?;
    let email = opened(trust, &at, key.as_ref(), (row, "email"))?;
    let email = email.map(|text| text.parse::<Email>().map_err(|_| Row::unreadable("email")));
    Ok(Guardian {
        details: GuardianDetails {
            given_name: row.get("given_name")?,
            family_name: row.get("family_name")?,
            email: email.transpose()?,
            phone: opened(trust, &at, key.as_ref(), (row, "phone"))?,
        },
        demonstration: row.get("demonstration")?,
        pupils: Vec::new(),
        id,
    })
}
