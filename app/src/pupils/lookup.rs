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
