//! Finding the person or pupil whom somebody names.

use jiff::civil::Date;
use register::{Field, FieldKind};

use super::asked::{Item, Pairs, typed_in};
use crate::cases::CaseError;
use crate::store::{Query, SchoolId};
use crate::{people, pupils};

/// How many of one name are shown to choose from.
const SHOWN_AT_MOST: u32 = 10;
/// A name is looked for from this many letters on.
const LETTERS_AT_LEAST: usize = 2;

/// Whom a text names.
pub(in crate::cases::pages) enum Named {
    /// Nobody: the field was left empty.
    Nobody,
    /// One.
    One(String),
    /// Several: they are to choose from.
    Several(Vec<Item>),
    /// The text is not enough, or nobody has that name.
    Wrong(String),
}

/// Whom the form names: among those of the draft's school, by name and school alone.
pub(in crate::cases::pages) async fn named(
    query: &mut impl Query,
    field: &Field,
    typed: &Pairs,
    school: Option<&SchoolId>,
    today: Date,
) -> Result<Named, CaseError> {
    let text = typed_in(typed, &field.id);
    let chosen = typed_in(typed, &format!("{}-is", field.id));
    let was = typed_in(typed, &format!("{}-was", field.id));
    if text.is_empty() {
        return Ok(Named::Nobody);
    }
    if !was.is_empty() && name_of(query, field, &was).await?.as_deref() == Some(text.as_str()) {
        return Ok(Named::One(was));
    }
    if text.chars().count() < LETTERS_AT_LEAST {
        let wrong = "Type at least two letters of the name.".to_owned();
        return Ok(Named::Wrong(wrong));
    }
    let pupil = field.kind == FieldKind::Pupil;
    let mut found = match pupil {
        true => pupils_named(query, school, today, &text).await?,
        false => people_named(query, school, today, &text).await?,
    };
    if let Some(item) = found.iter().find(|item| item.value == chosen) {
        return Ok(Named::One(item.value.clone()));
    }
    Ok(match found.len() {
        0 if pupil => Named::Wrong(format!(
            "No pupil called “{text}” was found. Check the spelling, or type part of the name."
        )),
        0 => Named::Wrong(format!(
            "Nobody called “{text}” was found. Check the spelling, or type their work e-mail address."
        )),
        1 => Named::One(found.remove(0).value),
        _ => Named::Several(found),
    })
}

async fn people_named(
    query: &mut impl Query,
    school: Option<&SchoolId>,
    today: Date,
    text: &str,
) -> Result<Vec<Item>, CaseError> {
    let found = people::colleagues(query, school, today, text, SHOWN_AT_MOST).await?;
    let item = |one: people::Colleague| {
        let place = one
            .school
            .map_or("the whole trust".to_owned(), |school| school);
        Item::new(one.id.as_str(), format!("{}, {place}", one.name))
    };
    Ok(found.into_iter().map(item).collect())
}

async fn pupils_named(
    query: &mut impl Query,
    school: Option<&SchoolId>,
    today: Date,
    text: &str,
) -> Result<Vec<Item>, CaseError> {
    let found = pupils::named_so(query, school, today, text, SHOWN_AT_MOST).await?;
    let item =
        |one: pupils::Known| Item::new(one.id.as_str(), format!("{}, {}", one.name, one.school));
    Ok(found.into_iter().map(item).collect())
}

/// The name of whoever an answer names.
pub(in crate::cases::pages) async fn name_of(
    query: &mut impl Query,
    field: &Field,
    answer: &str,
) -> Result<Option<String>, CaseError> {
    Ok(match &field.kind {
        FieldKind::Person => match answer.parse() {
            Ok(id) => people::find(query, &id).await?.map(|person| person.name()),
            Err(_) => None,
        },
        FieldKind::Pupil => match answer.parse() {
            Ok(id) => pupils::known(query, &id).await?.map(|pupil| pupil.name),
            Err(_) => None,
        },
        _ => None,
    })
}
