//! Links to sign in as somebody of the demonstration.

use jiff::SignedDuration;

use super::DemonstrationError;
use crate::authority::{Actor, Role};
use crate::sign_in::{LinkKind, make_link};
use crate::store::{PersonId, Query, SchoolId, StoreError, Tx};
use crate::values;

/// How long a link works.
const LIFETIME: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Somebody of the demonstration who holds a role.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Holder {
    /// Who.
    pub(crate) person: PersonId,
    /// Their name.
    pub(crate) name: String,
    /// The role.
    pub(crate) role: Role,
    /// The name of the school; none where it is held at the trust.
    pub(crate) school: Option<String>,
    /// The policy that the school follows.
    pub(crate) policy: Option<String>,
}

/// Everybody of the demonstration with each of their roles, school by school.
pub(crate) async fn holders(query: &mut impl Query) -> Result<Vec<Holder>, StoreError> {
    let rows = query
        .all(
            "SELECT p.id, p.given_name, p.family_name, h.role, s.id AS school, s.name AS school_name \
             FROM person p JOIN held_role h ON h.trust = p.trust AND h.person = p.id \
             LEFT JOIN school s ON s.trust = h.trust AND s.id = h.school \
             WHERE p.trust = $1 AND p.demonstration = 1 AND p.ends_on IS NULL \
             ORDER BY s.id, h.id",
            values![],
        )
        .await?;
    let mut holders = Vec::new();
    for row in rows {
        let school: Option<SchoolId> = row.get("school")?;
        let policy = match &school {
            Some(school) => policy_of(query, school).await?,
            None => None,
        };
        let (given, family): (String, String) = (row.get("given_name")?, row.get("family_name")?);
        holders.push(Holder {
            person: row.get("id")?,
            name: format!("{given} {family}"),
            role: row.get("role")?,
            school: row.get("school_name")?,
            policy,
        });
    }
    Ok(holders)
}

async fn policy_of(
    query: &mut impl Query,
    school: &SchoolId,
) -> Result<Option<String>, StoreError> {
    let row = query
        .first(
            "SELECT policy FROM school_policy WHERE trust = $1 AND school = $2 \
             ORDER BY since DESC LIMIT 1",
            values![school],
        )
        .await?;
    row.map(|row| row.get("policy")).transpose()
}

/// A link with which one signs in as them, once. Gives its path.
pub(crate) async fn link(
    tx: &mut Tx,
    actor: &Actor,
    holder: &Holder,
) -> Result<String, DemonstrationError> {
    Ok(make_link(tx, actor, &holder.person, LinkKind::OneTime, LIFETIME).await?)
}
