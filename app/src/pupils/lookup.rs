//! Finding a pupil to name: for forms in which anybody may have to say who something is about.

use jiff::civil::Date;

use super::PupilId;
use crate::people::patterns;
use crate::store::{Query, Row, SchoolId, StoreError};
use crate::values;

/// A pupil as whoever looks for them may see them: by name and school alone.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Known {
    /// The identifier.
    pub id: PupilId,
    /// Their name.
    pub name: String,
    /// Their school.
    pub school: String,
}

/// Pupils by name and school; what follows says which.
macro_rules! known {
    ($which:literal) => {
        concat!(
            "SELECT p.id, p.given_name, p.family_name, p.known_as, s.name AS school_name \
             FROM pupil p JOIN school s ON s.trust = p.trust AND s.id = p.school WHERE p.trust = $1 AND ",
            $which
        )
    };
}

/// The pupils of a school (of the trust where none is named) whose name holds the words; no more than so many.
pub async fn named_so(
    query: &mut impl Query,
    school: Option<&SchoolId>,
    today: Date,
    search: &str,
    at_most: u32,
) -> Result<Vec<Known>, StoreError> {
    let [first, second, third] = patterns(search);
    let rows = query
        .all(
            known!(
                "($2 = '' OR p.school = $2) AND (p.left_on IS NULL OR p.left_on >= $3) \
                 AND p.search LIKE $4 ESCAPE '\\' AND p.search LIKE $5 ESCAPE '\\' AND p.search LIKE $6 ESCAPE '\\' \
                 ORDER BY p.search, p.id LIMIT $7"
            ),
            values![
                school.map_or("", SchoolId::as_str),
                today,
                first,
                second,
                third,
                i64::from(at_most)
            ],
        )
        .await?;
    rows.iter().map(read).collect()
}

/// The pupil, by name and school, for whoever has them before their eyes in a case anyway.
pub async fn known(query: &mut impl Query, id: &PupilId) -> Result<Option<Known>, StoreError> {
    let row = query.first(known!("p.id = $2"), values![id]).await?;
    row.as_ref().map(read).transpose()
}

/// A pupil on the roll, by all names and groups that others know them by.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct OnRoll {
    /// The identifier.
    pub id: PupilId,
    /// Given names: the one on record, then the one they go by.
    pub given: Vec<String>,
    /// The family name.
    pub family: String,
    /// The year group, as the school writes it.
    pub year: Option<String>,
    /// The class or form.
    pub class: Option<String>,
}

/// The pupils of a school on a day: what a draft is compared with before anybody posts it.
pub async fn on_roll(
    query: &mut impl Query,
    school: &SchoolId,
    today: Date,
) -> Result<Vec<OnRoll>, StoreError> {
    let rows = query
        .all(
            "SELECT id, given_name, family_name, known_as, year, class FROM pupil \
             WHERE trust = $1 AND school = $2 AND (left_on IS NULL OR left_on >= $3) ORDER BY id",
            values![school, today],
        )
        .await?;
    let pupils = rows.iter().map(|row| {
        let given = [Some(row.get("given_name")?), row.get("known_as")?];
        Ok(OnRoll {
            id: row.get("id")?,
            given: given.into_iter().flatten().collect(),
            family: row.get("family_name")?,
            year: row.get("year")?,
            class: row.get("class")?,
        })
    });
    pupils.collect()
}

fn read(row: &Row) -> Result<Known, StoreError> {
    let given: String = match row.get::<Option<String>>("known_as")? {
        Some(known_as) => known_as,
        None => row.get("given_name")?,
    };
    Ok(Known {
        id: row.get("id")?,
        name: format!("{given} {}", row.get::<String>("family_name")?),
        school: row.get("school_name")?,
    })
}
