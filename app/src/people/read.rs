//! Reading people.

use jiff::civil::Date;
use serde_json::Value as Json;

use super::PeopleError;
use super::name::folded;
use super::person::{Details, HeldRole, Person};
use crate::authority::{Permit, Role};
use crate::store::{HeldRoleId, PersonId, Query, Row, SchoolId, StoreError, Tx};
use crate::values;

/// People with their roles, one row for each role; what follows says which people.
macro_rules! people {
    ($which:expr) => {
        concat!(
            "SELECT p.id, p.given_name, p.family_name, p.known_as, p.email, p.line_manager, \
               p.contract, p.starts_on, p.ends_on, p.demonstration, h.id AS role_id, h.role, h.school, \
               h.starts_on AS role_starts_on, h.ends_on AS role_ends_on \
             FROM person p LEFT JOIN held_role h ON h.trust = p.trust AND h.person = p.id \
             WHERE p.trust = $1 AND ",
            $which
        )
    };
}

/// Which people a list shows: `$2` is the reach, `$3` today, `$4` the school, `$5` the role, `$6`
/// the standing, `$7` to `$9` the words.
macro_rules! listed {
    () => {
        "q.erased_at IS NULL \
         AND (($2 = '*' AND $4 = '' AND $5 = '') OR EXISTS ( \
           SELECT 1 FROM held_role r WHERE r.trust = q.trust AND r.person = q.id \
             AND ($2 = '*' OR $2 LIKE '%,' || r.school || ',%') \
             AND ($4 = '' OR r.school = $4) AND ($5 = '' OR r.role = $5) \
             AND (r.ends_on IS NULL \
               OR r.ends_on >= CASE WHEN q.ends_on < $3 THEN q.ends_on ELSE $3 END))) \
         AND ($6 = 'all' \
           OR ($6 = 'left' AND q.ends_on < $3) \
           OR ($6 = 'joining' AND q.starts_on > $3 AND (q.ends_on IS NULL OR q.ends_on >= $3)) \
           OR ($6 = 'current' AND (q.starts_on IS NULL OR q.starts_on <= $3) \
             AND (q.ends_on IS NULL OR q.ends_on >= $3))) \
         AND q.search LIKE $7 ESCAPE '\\' AND q.search LIKE $8 ESCAPE '\\' \
         AND q.search LIKE $9 ESCAPE '\\'"
    };
}

/// Which people to list.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Filter {
    /// Words of names or addresses; all of them must be found.
    pub search: String,
    /// Who belongs to that school.
    pub school: Option<SchoolId>,
    /// Who holds that role.
    pub role: Option<Role>,
    /// Where they stand.
    pub standing: Standings,
    /// In which order.
    pub order: Order,
}

/// Where the people stand who are listed.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Standings {
    /// Who is here.
    #[default]
    Current,
    /// Who begins later.
    Joining,
    /// Who has left.
    Left,
    /// Everybody.
    All,
}

impl Standings {
    const fn name(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::Joining => "joining",
            Self::Left => "left",
            Self::All => "all",
        }
    }
}

/// The order of a list.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Order {
    /// By family name, then given name.
    #[default]
    Name,
    /// Who began last, first.
    NewestFirst,
    /// Who leaves or left last, first.
    LeftLast,
}

impl Order {
    const fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::NewestFirst => "newest",
            Self::LeftLast => "left",
        }
    }
}

/// A part of a list.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Part {
    /// How many are skipped.
    pub skip: u32,
    /// How many are shown at most.
    pub size: u32,
}

/// A part of a list, and how many there are in all.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Listed<T> {
    /// The part.
    pub items: Vec<T>,
    /// How many there are.
    pub total: u64,
}

/// The person, whoever asks.
pub async fn find(query: &mut impl Query, id: &PersonId) -> Result<Option<Person>, StoreError> {
    let rows = query
        .all(people!("p.id = $2 ORDER BY h.id"), values![id])
        .await?;
    Ok(gathered(&rows)?.into_iter().next())
}

/// The person, where the permit reaches them.
pub async fn seen(
    query: &mut impl Query,
    permit: &Permit,
    id: &PersonId,
    today: Date,
) -> Result<Person, PeopleError> {
    let person = find(query, id).await?;
    person
        .filter(|person| person.seen_by(permit, today))
        .ok_or(PeopleError::NotFound)
}

/// The person with that address, in whatever case it is written.
pub async fn by_email(query: &mut impl Query, email: &str) -> Result<Option<Person>, StoreError> {
    let email = email.trim().to_lowercase();
    let rows = query
        .all(people!("p.email = $2 ORDER BY h.id"), values![email])
        .await?;
    Ok(gathered(&rows)?.into_iter().next())
}

/// The people whom the permit reaches and the filter wants.
pub async fn list(
    query: &mut impl Query,
    permit: &Permit,
    today: Date,
    filter: &Filter,
    part: Part,
) -> Result<Listed<Person>, StoreError> {
    let [first, second, third] = patterns(&filter.search);
    let mut wanted = values![
        permit.reach(),
        today,
        filter.school.as_ref().map_or("", SchoolId::as_str),
        filter.role.map_or("", Role::name),
        filter.standing.name(),
        first,
        second,
        third
    ];
    let total = query
        .count(
            concat!(
                "SELECT COUNT(*) AS n FROM person q WHERE q.trust = $1 AND ",
                listed!()
            ),
            wanted.clone(),
        )
        .await?;
    wanted.extend(values![
        filter.order.name(),
        i64::from(part.size),
        i64::from(part.skip)
    ]);
    let rows = query
        .all(
            people!(concat!(
                "p.id IN (SELECT q.id FROM person q WHERE q.trust = $1 AND ",
                listed!(),
                " ORDER BY CASE $10 WHEN 'newest' THEN COALESCE(q.starts_on, '') \
                     WHEN 'left' THEN COALESCE(q.ends_on, '') ELSE '' END DESC, q.search, q.id \
                   LIMIT $11 OFFSET $12) \
                 ORDER BY CASE $10 WHEN 'newest' THEN COALESCE(p.starts_on, '') \
                   WHEN 'left' THEN COALESCE(p.ends_on, '') ELSE '' END DESC, \
                   p.search, p.id, h.id"
            )),
            wanted,
        )
        .await?;
    let items = gathered(&rows)?;
    Ok(Listed { items, total })
}

/// The states of all people after one, in the order of their identifiers, for verifying them
/// against the ledger.
pub async fn states(
    query: &mut impl Query,
    after: Option<&PersonId>,
    limit: u32,
) -> Result<Vec<(PersonId, Json)>, StoreError> {
    let rows = query
        .all(
            people!(
                "p.id IN (SELECT q.id FROM person q WHERE q.trust = $1 AND q.id > $2 \
                   ORDER BY q.id LIMIT $3) ORDER BY p.id, h.id"
            ),
            values![after.map_or("", PersonId::as_str), i64::from(limit)],
        )
        .await?;
    let state = |person: Person| {
        let state = serde_json::to_value(&person).map_err(|_| Row::unreadable("person"))?;
        Ok((person.id, state))
    };
    gathered(&rows)?.into_iter().map(state).collect()
}

/// Patterns for the first three words; each must be found somewhere.
pub(crate) fn patterns(search: &str) -> [String; 3] {
    let folded = folded(search);
    let mut words = folded.split(' ');
    [(); 3].map(|()| {
        let word = words.next().unwrap_or_default();
        let escaped = word.replace('\\', "\\\\").replace('%', "\\%");
        format!("%{}%", escaped.replace('_', "\\_"))
    })
}

/// Changes of people are made one after the other, so that two of them cannot both take away the
/// last administrator but one.
pub(super) async fn lock(tx: &mut Tx) -> Result<(), StoreError> {
    tx.locked(
        "SELECT trust FROM trust WHERE trust = $1",
        "SELECT trust FROM trust WHERE trust = $1 FOR NO KEY UPDATE",
        values![],
    )
    .await?;
    Ok(())
}

/// Rows that stand for one role each, gathered by person.
fn gathered(rows: &[Row]) -> Result<Vec<Person>, StoreError> {
    let mut people: Vec<Person> = Vec::new();
    for row in rows {
        let id: PersonId = row.get("id")?;
        if people.last().is_none_or(|last| last.id != id) {
            people.push(person(row, id)?);
        }
        if let (Some(person), Some(role)) = (people.last_mut(), held_role(row)?) {
            person.roles.push(role);
        }
    }
    for person in &mut people {
        // The engines may sort text each in its own way.
        person.roles.sort_by(|a, b| a.id.cmp(&b.id));
    }
    Ok(people)
}

fn person(row: &Row, id: PersonId) -> Result<Person, StoreError> {
    Ok(Person {
        id,
        details: Details {
            given_name: row.get("given_name")?,
            family_name: row.get("family_name")?,
            known_as: row.get("known_as")?,
            email: row.get("email")?,
            contract: row.get("contract")?,
            line_manager: row.get("line_manager")?,
            starts_on: row.get("starts_on")?,
        },
        ends_on: row.get("ends_on")?,
        demonstration: row.get("demonstration")?,
        roles: Vec::new(),
    })
}

fn held_role(row: &Row) -> Result<Option<HeldRole>, StoreError> {
    let Some(id) = row.get::<Option<HeldRoleId>>("role_id")? else {
        return Ok(None);
    };
    Ok(Some(HeldRole {
        id,
        role: row.get("role")?,
        school: row.get("school")?,
        starts_on: row.get("role_starts_on")?,
        ends_on: row.get("role_ends_on")?,
    }))
}
