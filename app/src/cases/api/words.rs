//! What answers say: people, pupils and schools by name, values in the words of the definition.

use register::{Field, FieldKind};

use crate::cases::CaseError;
use crate::store::{PersonId, Query, Row, Store, TrustId};
use crate::{people, pupils, schools};

/// What is said of somebody or something that is held no more.
const NO_LONGER_HELD: &str = "No longer held";

/// The answers to a field in words.
pub(in crate::cases) async fn says(
    query: &mut impl Query,
    (store, trust): (&Store, &TrustId),
    field: &Field,
    answers: &[String],
) -> Result<Vec<String>, CaseError> {
    let mut words = Vec::new();
    for answer in answers {
        words.push(word(query, (store, trust), field, answer).await?);
    }
    Ok(words)
}

async fn word(
    query: &mut impl Query,
    (store, trust): (&Store, &TrustId),
    field: &Field,
    answer: &str,
) -> Result<String, CaseError> {
    let found = match &field.kind {
        FieldKind::Person => match answer.parse() {
            Ok(id) => name(query, &id).await?,
            Err(_) => None,
        },
        FieldKind::Pupil => match answer.parse() {
            Ok(id) => {
                let pupil = pupils::find(query, store, trust, &id).await;
                let pupil = pupil.map_err(|_| Row::unreadable("pupil"))?;
                pupil.map(|pupil| pupil.name())
            }
            Err(_) => None,
        },
        FieldKind::School => match answer.parse() {
            Ok(id) => schools::find(query, &id).await?.map(|it| it.details.name),
            Err(_) => None,
        },
        FieldKind::Evidence => Some("A file".to_owned()),
        _ => Some(field.words(answer).to_owned()),
    };
    Ok(found.unwrap_or_else(|| NO_LONGER_HELD.to_owned()))
}

/// A person's name; nothing where they are not held.
pub(super) async fn name(
    query: &mut impl Query,
    id: &PersonId,
) -> Result<Option<String>, CaseError> {
    let person = people::find(query, id).await?;
    Ok(person.map(|person| person.name()))
}
