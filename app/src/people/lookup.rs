//! Finding a colleague to name: for forms in which anybody may have to say who something is about.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::read::patterns;
use crate::store::{PersonId, Query, Row, SchoolId, StoreError};
use crate::values;

/// Somebody as whoever looks for them may see them: by name and school alone.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Colleague {
    /// The identifier.
    pub id: PersonId,
    /// Their name.
    pub name: String,
    /// A school at which they work; none for those of the whole trust.
    pub school: Option<String>,
}

/// Whom a colleague is looked for among: `$2` is today, `$3` the school or nothing.
macro_rules! colleagues {
    ($which:literal) => {
        concat!(
            "SELECT p.id, p.given_name, p.family_name, p.known_as, \
               (SELECT MIN(s.name) FROM held_role r JOIN school s ON s.trust = r.trust AND s.id = r.school \
                 WHERE r.trust = p.trust AND r.person = p.id \
                   AND (r.starts_on IS NULL OR r.starts_on <= $2) AND (r.ends_on IS NULL OR r.ends_on >= $2)) AS school \
             FROM person p WHERE p.trust = $1 AND p.erased_at IS NULL AND (p.ends_on IS NULL OR p.ends_on >= $2) \
               AND ($3 = '' OR EXISTS (SELECT 1 FROM held_role h WHERE h.trust = p.trust AND h.person = p.id \
                 AND (h.school = $3 OR h.school IS NULL) \
                 AND (h.starts_on IS NULL OR h.starts_on <= $2) AND (h.ends_on IS NULL OR h.ends_on >= $2))) AND ",
            $which
        )
    };
}

/// The people of a school (of the trust where none is named) whose name holds the words, or whose e-mail address is the
/// text; no more than so many.
pub async fn colleagues(
    query: &mut impl Query,
    school: Option<&SchoolId>,
    today: Date,
    search: &str,
    at_most: u32,
) -> Result<Vec<Colleague>, StoreError> {
    let [first, second, third] = patterns(search);
    let school = school.map_or("", SchoolId::as_str);
    let email = search.trim().to_lowercase();
    let rows = match email.contains('@') {
        true => {
            let sql = colleagues!("p.email = $4 ORDER BY p.id LIMIT $5");
            query
                .all(sql, values![today, school, email, i64::from(at_most)])
                .await?
        }
        false => {
            let sql = colleagues!(
                "p.search LIKE $4 ESCAPE '\\' AND p.search LIKE $5 ESCAPE '\\' AND p.search LIKE $6 ESCAPE '\\' \
                 ORDER BY p.search, p.id LIMIT $7"
            );
            let values = values![today, school, first, second, third, i64::from(at_most)];
            query.all(sql, values).await?
        }
    };
    rows.iter().map(read).collect()
}

/// A name of a roll, for finding it in a text.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RollName {
    /// The identifier of whose it is.
    pub id: String,
    /// Given name.
    pub given: String,
    /// Family name.
    pub family: String,
    /// The given name they go by, where it is another.
    pub known_as: Option<String>,
}

impl RollName {
    /// Reads `id`, `given_name`, `family_name` and `known_as`.
    pub(crate) fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.get("id")?,
            given: row.get("given_name")?,
            family: row.get("family_name")?,
            known_as: row.get("known_as")?,
        })
    }
}

/// The names of whoever holds a role at a school, or at the whole trust, on a day.
pub async fn names_at(
    query: &mut impl Query,
    school: &SchoolId,
    today: Date,
) -> Result<Vec<RollName>, StoreError> {
    let rows = query
        .all(
            "SELECT p.id, p.given_name, p.family_name, p.known_as FROM person p \
             WHERE p.trust = $1 AND p.erased_at IS NULL AND (p.ends_on IS NULL OR p.ends_on >= $2) \
               AND EXISTS (SELECT 1 FROM held_role h WHERE h.trust = p.trust AND h.person = p.id \
                 AND (h.school = $3 OR h.school IS NULL) \
                 AND (h.starts_on IS NULL OR h.starts_on <= $2) AND (h.ends_on IS NULL OR h.ends_on >= $2)) \
             ORDER BY p.id",
            values![today, school],
        )
        .await?;
    rows.iter().map(RollName::read).collect()
}

/// The domains under which at least two of those who hold a role at a school, or at the whole trust, are written to. What many
/// share by chance, such as a private mail service, is for the caller to leave out.
pub async fn email_domains_at(
    query: &mut impl Query,
    school: &SchoolId,
    today: Date,
) -> Result<Vec<String>, StoreError> {
    let rows = query
        .all(
            "SELECT p.email FROM person p \
             WHERE p.trust = $1 AND p.erased_at IS NULL AND p.email IS NOT NULL \
               AND (p.ends_on IS NULL OR p.ends_on >= $2) \
               AND EXISTS (SELECT 1 FROM held_role h WHERE h.trust = p.trust AND h.person = p.id \
                 AND (h.school = $3 OR h.school IS NULL) \
                 AND (h.starts_on IS NULL OR h.starts_on <= $2) AND (h.ends_on IS NULL OR h.ends_on >= $2)) \
             ORDER BY p.id",
            values![today, school],
        )
        .await?;
    let mut shared: BTreeMap<String, u32> = BTreeMap::new();
    for row in &rows {
        let email: String = row.get("email")?;
        if let Some((_, domain)) = email.rsplit_once('@') {
            *shared.entry(domain.to_ascii_lowercase()).or_default() += 1;
        }
    }
    let shared = shared.into_iter().filter(|(_, many)| *many > 1);
    Ok(shared.map(|(domain, _)| domain).collect())
}

/// The names of everybody with an account after one, in the order of their identifiers; no more than so many.
pub async fn names_after(
    query: &mut impl Query,
    after: &str,
    at_most: u32,
) -> Result<Vec<RollName>, StoreError> {
    let rows = query
        .all(
            "SELECT id, given_name, family_name, known_as FROM person \
             WHERE trust = $1 AND id > $2 AND erased_at IS NULL ORDER BY id LIMIT $3",
            values![after, i64::from(at_most)],
        )
        .await?;
    rows.iter().map(RollName::read).collect()
}

fn read(row: &Row) -> Result<Colleague, StoreError> {
    let given: String = match row.get::<Option<String>>("known_as")? {
        Some(known_as) => known_as,
        None => row.get("given_name")?,
    };
    Ok(Colleague {
        id: row.get("id")?,
        name: format!("{given} {}", row.get::<String>("family_name")?),
        school: row.get("school")?,
    })
}
