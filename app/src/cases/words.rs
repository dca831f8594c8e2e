//! Answers in words: names for identifiers, days and times as people read them.

use jiff::civil::{Date, DateTime};
use policy::platforms::Platforms;
use register::{Field, FieldKind};

use super::CaseError;
use super::account::Account;
use crate::store::Query;
use crate::web::dates;
use crate::{people, pupils, schools};

/// What the answers to a field say. Files are named by whoever shows them: their names are sealed with them.
pub(crate) async fn in_words(
    query: &mut impl Query,
    platforms: &Platforms,
    field: &Field,
    answers: &[String],
) -> Result<Vec<String>, CaseError> {
    let mut words = Vec::new();
    for answer in answers {
        words.push(one(query, platforms, field, answer).await?);
    }
    Ok(words)
}

async fn one(
    query: &mut impl Query,
    platforms: &Platforms,
    field: &Field,
    answer: &str,
) -> Result<String, CaseError> {
    let found = match &field.kind {
        FieldKind::Person => match answer.parse() {
            Ok(id) => people::find(query, &id).await?.map(|person| person.name()),
            Err(_) => None,
        },
        FieldKind::Pupil => match answer.parse() {
            Ok(id) => pupils::known(query, &id).await?.map(|pupil| pupil.name),
            Err(_) => None,
        },
        FieldKind::School => match answer.parse() {
            Ok(id) => schools::find(query, &id)
                .await?
                .map(|school| school.details.name),
            Err(_) => None,
        },
        FieldKind::Platform => platforms.get(answer).map(|platform| platform.name.clone()),
        FieldKind::Account => Some(Account::of(answer).says(platforms)),
        FieldKind::Date | FieldKind::PastDate | FieldKind::FutureDate => {
            answer.parse::<Date>().ok().map(dates::day)
        }
        FieldKind::Moment => answer.parse::<DateTime>().ok().map(moment),
        _ => None,
    };
    Ok(found.unwrap_or_else(|| field.words(answer).to_owned()))
}

/// A moment in the school's own time.
fn moment(moment: DateTime) -> String {
    let half = if moment.hour() < 12 { "am" } else { "pm" };
    format!(
        "{} at {}{half}",
        dates::day(moment.date()),
        moment.strftime("%-I:%M")
    )
}
