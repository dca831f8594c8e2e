//! What a case holds: the answers to a register's fields, checked once at the edge.

use std::collections::BTreeMap;

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::definition::{Condition, Field, FieldKind};

/// The longest line, in characters.
pub const LONGEST_LINE: usize = 300;
/// The longest text, in characters.
pub const LONGEST_TEXT: usize = 20_000;

/// The answers, by the fields' names. A list holds what was chosen of some values, or files.
pub type Answers = BTreeMap<String, Vec<String>>;

/// An answer that cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{what}")]
pub struct AnswerFault {
    /// The field.
    pub field: String,
    /// What is wrong and how to mend it.
    pub what: String,
}

/// What the program knows and this crate does not: whether somebody or something is there.
pub trait Known {
    /// Whether there is such a person, pupil, school, case or file, as the field's kind asks; `Err` says why not.
    ///
    /// # Errors
    /// The words for the person who answered.
    fn is_there(&self, field: &Field, answer: &str) -> Result<(), String>;
}

/// Nothing is looked up: what is answered is taken as it is written.
#[derive(Debug, Clone, Copy)]
pub struct Unknown;

impl Known for Unknown {
    fn is_there(&self, _: &Field, _: &str) -> Result<(), String> {
        Ok(())
    }
}

/// The fields that are asked, given the answers so far, in their order.
#[must_use]
pub fn shown<'f>(fields: &'f [Field], answers: &Answers) -> Vec<&'f Field> {
    let mut shown: Vec<&Field> = Vec::new();
    for field in fields {
        let hidden =
            |name: &str| fields.iter().any(|f| f.id == name) && !shown.iter().any(|f| f.id == name);
        let holds = |c: &Condition| !hidden(&c.field) && c.holds(answers);
        if field.when.iter().all(holds) {
            shown.push(field);
        }
    }
    shown
}

/// Checks the answers to some fields: those shown and answered, trimmed. `before` are the answers the case has already.
///
/// # Errors
/// Every fault at once.
pub fn check(
    fields: &[Field],
    given: &Answers,
    before: &Answers,
    today: Date,
    known: &impl Known,
) -> Result<Answers, Vec<AnswerFault>> {
    let given: Answers = given
        .iter()
        .map(|(name, values)| (name.clone(), trimmed(values)))
        .collect();
    let mut all = before.clone();
    all.extend(given.clone());
    let (mut taken, mut faults) = (Answers::new(), Vec::new());
    for field in shown(fields, &all) {
        let values = given.get(&field.id).cloned().unwrap_or_default();
        if values.is_empty() {
            if field.required {
                faults.push(field.fault(field.missing()));
            }
            continue;
        }
        let several = matches!(field.kind, FieldKind::Choices(_) | FieldKind::Evidence);
        if !several && values.len() > 1 {
            faults.push(field.fault("Give one answer only".into()));
            continue;
        }
        let sound = values.iter().map(|value| {
            let value = field.read(value, today)?;
            known.is_there(field, &value)?;
            Ok(value)
        });
        match sound.collect::<Result<Vec<String>, String>>() {
            Ok(values) => {
                taken.insert(field.id.clone(), values);
            }
            Err(what) => faults.push(field.fault(what)),
        }
    }
    if faults.is_empty() {
        Ok(taken)
    } else {
        Err(faults)
    }
}

fn trimmed(values: &[String]) -> Vec<String> {
    let values = values.iter().map(|value| value.trim().to_owned());
    values.filter(|value| !value.is_empty()).collect()
}

/// Reads answers from a JSON object: a text, number, true or false, or a list of those, by each field's name.
///
/// # Errors
/// Names that are no field's, and values of another kind.
pub fn from_json(fields: &[Field], json: &Json) -> Result<Answers, Vec<AnswerFault>> {
    let fault = |field: &str, what: &str| AnswerFault {
        field: field.to_owned(),
        what: what.to_owned(),
    };
    let Some(object) = json.as_object() else {
        return Err(vec![fault(
            "",
            "The answers are a JSON object, one member for each field",
        )]);
    };
    let (mut answers, mut faults) = (Answers::new(), Vec::new());
    for (name, value) in object {
        if !fields.iter().any(|field| field.id == *name) {
            let nearest = policy::source::nearest(name, fields.iter().map(|f| f.id.as_str()));
            let meant = nearest
                .map(|n| format!("; did you mean '{n}'?"))
                .unwrap_or_default();
            faults.push(fault(name, &format!("There is no field '{name}'{meant}")));
            continue;
        }
        let values = match value {
            Json::Array(items) => items.iter().map(plain).collect(),
            other => plain(other).map(|text| vec![text]),
        };
        match values {
            Some(values) => {
                answers.insert(name.clone(), values);
            }
            None => faults.push(fault(
                name,
                "Give a text, a number, true or false, or a list of those",
            )),
        }
    }
    if faults.is_empty() {
        Ok(answers)
    } else {
        Err(faults)
    }
}

fn plain(value: &Json) -> Option<String> {
    match value {
        Json::String(text) => Some(text.clone()),
        Json::Bool(yes) => Some(if *yes { "yes" } else { "no" }.to_owned()),
        Json::Number(number) => Some(number.to_string()),
        Json::Null => Some(String::new()),
        Json::Array(_) | Json::Object(_) => None,
    }
}

impl Condition {
    /// Whether any of the field's answers is one of the values.
    #[must_use]
    pub fn holds(&self, answers: &Answers) -> bool {
        let given = answers.get(&self.field).map_or(&[][..], Vec::as_slice);
        given.iter().any(|answer| self.is.contains(answer))
    }
}

impl Field {
    fn fault(&self, what: String) -> AnswerFault {
        AnswerFault {
            field: self.id.clone(),
            what,
        }
    }

    /// What is said where a required answer is missing.
    fn missing(&self) -> String {
        let label = &self.label;
        match self.kind {
            FieldKind::Choice(_) | FieldKind::YesNo => format!("Choose an answer: {label}"),
            FieldKind::Choices(_) => format!("Choose at least one: {label}"),
            FieldKind::Evidence => format!("Add at least one file: {label}"),
            _ => format!("Fill this in: {label}"),
        }
    }

    /// The words that an answer has on screen, where they are the definition's.
    #[must_use]
    pub fn words<'a>(&'a self, answer: &'a str) -> &'a str {
        match &self.kind {
            FieldKind::Choice(values) | FieldKind::Choices(values) => {
                let value = values.iter().find(|value| value.id == answer);
                value.map_or(answer, |value| &value.says)
            }
            FieldKind::YesNo if answer == "yes" => "Yes",
            FieldKind::YesNo => "No",
            _ => answer,
        }
    }

    /// One answer as it is kept, or what is wrong with it.
    fn read(&self, answer: &str, today: Date) -> Result<String, String> {
        let long = |most: usize| {
            let length = answer.chars().count();
            (length <= most).then(|| answer.to_owned()).ok_or_else(|| {
                format!("This is {length} characters long; there is room for {most}")
            })
        };
        let among = |values: &[&str]| {
            let found = values.contains(&answer);
            found
                .then(|| answer.to_owned())
                .ok_or_else(|| "Choose one of the answers given".to_owned())
        };
        match &self.kind {
            FieldKind::LongText => long(LONGEST_TEXT),
            FieldKind::Choice(values) | FieldKind::Choices(values) => {
                let values: Vec<&str> = values.iter().map(|value| value.id.as_str()).collect();
                among(&values)
            }
            FieldKind::YesNo => among(&["yes", "no"]),
            FieldKind::Date => day(answer).map(|day| day.to_string()),
            FieldKind::PastDate => match day(answer)? {
                day if day > today => Err("Give a day that has come: today or earlier".into()),
                day => Ok(day.to_string()),
            },
            FieldKind::FutureDate => match day(answer)? {
                day if day < today => {
                    Err("Give a day that is still to come: today or later".into())
                }
                day => Ok(day.to_string()),
            },
            FieldKind::Moment => {
                let moment: Result<DateTime, _> = answer.parse();
                let moment =
                    moment.map_err(|_| "Give day and time, as in 2026-11-20T14:30".to_owned())?;
                if moment.date() > today {
                    return Err("This time is still to come: give when it happened".into());
                }
                Ok(moment.to_string())
            }
            FieldKind::Number => {
                let number: Result<u32, _> = answer.replace(',', "").parse();
                number
                    .map(|n| n.to_string())
                    .map_err(|_| "Give a whole number, as in 12".into())
            }
            FieldKind::Text
            | FieldKind::Person
            | FieldKind::Pupil
            | FieldKind::School
            | FieldKind::Platform
            | FieldKind::Account
            | FieldKind::Evidence
            | FieldKind::Case(_) => long(LONGEST_LINE),
        }
    }
}

fn day(answer: &str) -> Result<Date, String> {
    let day: Result<Date, _> = answer.parse();
    let day = day.map_err(|_| "Give a day as in 2026-11-20".to_owned())?;
    let sensible = (1900..=2200).contains(&day.year());
    sensible
        .then_some(day)
        .ok_or_else(|| "Give the year with four digits".into())
}
