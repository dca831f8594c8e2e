//! What was done to a case, step by step.

use std::collections::BTreeSet;

use register::Register;
use register::life::OPEN;
use register::value::Answers;
use serde::Serialize;

use crate::cases::pages::words::Names;
use crate::cases::{Case, CaseError, Done};
use crate::store::Query;
use crate::web::dates::moment;

/// A step that was taken.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Event {
    /// What was done: the words of the step's button.
    pub(super) says: String,
    /// Who, and in what role.
    pub(super) who: String,
    pub(super) when: String,
    /// Where the case stood then.
    pub(super) to: String,
    pub(super) note: String,
    pub(super) answers: Vec<Answer>,
    pub(super) corrections: Vec<Correction>,
}

/// What was answered.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Answer {
    pub(super) label: String,
    pub(super) words: Vec<String>,
    pub(super) sensitive: bool,
}

/// An answer that was corrected.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Correction {
    pub(super) label: String,
    pub(super) old: String,
    pub(super) new: String,
}

/// What was done to a case, the first first; all of it that the case as it was shown holds.
pub(super) async fn timeline(
    query: &mut impl Query,
    names: &mut Names<'_>,
    register: &Register,
    case: &Case,
) -> Result<Vec<Event>, CaseError> {
    let zone = names.zone();
    let mut before = Answers::new();
    let mut events = Vec::new();
    for done in &case.done {
        let state = register.state(&done.to);
        let mut event = Event {
            says: says(register, done),
            who: who(query, names, done).await?,
            when: moment(super::at(done.at), &zone),
            to: state.map_or_else(|| done.to.clone(), |state| state.says.clone()),
            note: done.note.clone(),
            ..Event::default()
        };
        tell(query, names, register, done, &before, &mut event).await?;
        before.extend(done.answers.clone());
        events.push(event);
    }
    Ok(events)
}

fn says(register: &Register, done: &Done) -> String {
    if done.step == OPEN {
        return "Opened".to_owned();
    }
    let step = register.step(&done.step);
    step.map_or_else(|| done.step.clone(), |step| step.says.clone())
}

async fn who(
    query: &mut impl Query,
    names: &mut Names<'_>,
    done: &Done,
) -> Result<String, CaseError> {
    let Some(person) = &done.person else {
        return Ok(match done.step.as_str() {
            OPEN => "Nobody who had signed in, or the program",
            _ => "The program",
        }
        .to_owned());
    };
    let name = names.person(query, person).await?;
    Ok(match done.role {
        Some(role) => format!("{name}, {}", lower(role.label())),
        None => name,
    })
}

/// What a step answered and corrected.
async fn tell(
    query: &mut impl Query,
    names: &mut Names<'_>,
    register: &Register,
    done: &Done,
    before: &Answers,
    event: &mut Event,
) -> Result<(), CaseError> {
    if done.step == OPEN {
        // What was answered then stands at the top of the page.
        return Ok(());
    }
    for (name, given) in &done.answers {
        let Some(field) = register.field(name) else {
            continue;
        };
        let old = before.get(name).map_or(&[][..], Vec::as_slice);
        if old == given {
            continue;
        }
        let words = names.answers(query, field, given).await?;
        if old.is_empty() {
            event.answers.push(Answer {
                label: field.label.clone(),
                words,
                sensitive: field.sensitive,
            });
        } else {
            event.corrections.push(Correction {
                label: field.label.clone(),
                old: names.answers(query, field, old).await?.join(", "),
                new: words.join(", "),
            });
        }
    }
    Ok(())
}

/// The answers as they stand, in the order in which the register asks for them.
pub(super) async fn answers(
    query: &mut impl Query,
    names: &mut Names<'_>,
    register: &Register,
    given: &Answers,
) -> Result<Vec<Answer>, CaseError> {
    let steps = register.steps.iter().flat_map(|step| &step.fields);
    let mut seen = BTreeSet::new();
    let mut answers = Vec::new();
    for field in register.fields.iter().chain(steps) {
        let Some(given) = given.get(&field.id).filter(|given| !given.is_empty()) else {
            continue;
        };
        if seen.insert(&field.id) {
            answers.push(Answer {
                label: field.label.clone(),
                words: names.answers(query, field, given).await?,
                sensitive: field.sensitive,
            });
        }
    }
    Ok(answers)
}

/// A role in the middle of a sentence; initials stay capitals.
pub(super) fn lower(label: &str) -> String {
    match label.chars().all(|c| c.is_uppercase()) {
        true => label.to_owned(),
        false => label.to_lowercase(),
    }
}
