//! Who is away, and who stands in meanwhile.

use jiff::civil::Date;

use crate::people;
use crate::store::{PersonId, Query, StoreError};
use crate::web::dates::day;

/// What is to be known today of handing over: a sentence for each.
pub(super) async fn away(
    query: &mut impl Query,
    me: &PersonId,
    today: Date,
) -> Result<Vec<String>, StoreError> {
    let delegations = people::delegations(query, me, today).await?;
    let now = delegations
        .iter()
        .filter(|named| named.delegation.starts_on <= today);
    let says = now.map(|named| {
        let (until, school) = (day(named.delegation.ends_on), &named.school);
        match named.delegation.delegate == *me {
            true => format!(
                "{} is away from {school} until {until}: the cases that wait for them there come to you.",
                named.person
            ),
            false => format!(
                "You are away from {school} until {until}: the cases that wait for you there come to {}.",
                named.delegate
            ),
        }
    });
    Ok(says.collect())
}
