//! A field as a page asks it, and what is read from the form that comes back.

use jiff::civil::{Date, DateTime, Time};
use policy::platforms::Platforms;
use register::{Field, FieldKind};
use serde::Serialize;

use crate::cases::account::{Account, OTHER};
use crate::web::form::DateTyped;

/// The pairs of a form.
pub(in crate::cases::pages) type Pairs = Vec<(String, String)>;

/// A field as a page asks it.
#[derive(Clone, Debug, Default, Serialize)]
pub(in crate::cases::pages) struct Asked {
    /// Its name in the form.
    pub(in crate::cases::pages) name: String,
    /// How it is asked.
    pub(in crate::cases::pages) kind: Kind,
    /// What is asked.
    pub(in crate::cases::pages) question: String,
    /// What helps with answering.
    pub(in crate::cases::pages) help: String,
    /// Whether it may be left out.
    pub(in crate::cases::pages) optional: bool,
    /// What stands in it: a text, or the one that is chosen.
    pub(in crate::cases::pages) value: String,
    /// What is chosen, where several can be.
    pub(in crate::cases::pages) values: Vec<String>,
    /// What can be chosen.
    pub(in crate::cases::pages) items: Vec<Item>,
    /// A day as it was typed.
    pub(in crate::cases::pages) date: DateTyped,
    /// A time of day as it was typed.
    pub(in crate::cases::pages) time: String,
    /// The address of an account.
    pub(in crate::cases::pages) address: String,
    /// Those of that name, where there are several.
    pub(in crate::cases::pages) found: Vec<Item>,
    /// Whoever is named already.
    pub(in crate::cases::pages) was: String,
    /// The files that are there.
    pub(in crate::cases::pages) files: Vec<FileLine>,
    /// What is wrong.
    pub(in crate::cases::pages) error: String,
    /// Where the error summary leads.
    pub(in crate::cases::pages) at: String,
}

/// How a field is asked.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::cases::pages) enum Kind {
    #[default]
    Text,
    Lines,
    Number,
    Radios,
    YesNo,
    Checkboxes,
    Select,
    Date,
    Moment,
    Account,
    Lookup,
    Files,
}

/// Something to choose.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub(in crate::cases::pages) struct Item {
    pub(in crate::cases::pages) value: String,
    pub(in crate::cases::pages) text: String,
}

/// A file that is there.
#[derive(Clone, Debug, Serialize)]
pub(in crate::cases::pages) struct FileLine {
    pub(in crate::cases::pages) id: String,
    pub(in crate::cases::pages) name: String,
    /// Size and time, in words.
    pub(in crate::cases::pages) about: String,
    /// The hash of its content.
    pub(in crate::cases::pages) hash: String,
}

/// More than this are chosen from a list instead of radio buttons.
const RADIOS_AT_MOST: usize = 12;

impl Item {
    pub(in crate::cases::pages) fn new(value: impl Into<String>, text: impl Into<String>) -> Self {
        let (value, text) = (value.into(), text.into());
        Self { value, text }
    }
}

impl Asked {
    /// A field, with what was typed for it.
    pub(in crate::cases::pages) fn of(
        field: &Field,
        typed: &Pairs,
        platforms: &Platforms,
        schools: &[Item],
    ) -> Self {
        let name = field.id.clone();
        let one = |suffix: &str| typed_in(typed, &format!("{name}{suffix}"));
        let (kind, items) = kind(field, platforms, schools);
        let at = match kind {
            Kind::Date | Kind::Moment => format!("{name}-day"),
            _ => name.clone(),
        };
        Self {
            kind,
            question: field.question.clone(),
            help: field.help.clone().unwrap_or_default(),
            optional: !field.required,
            value: one(""),
            values: all_typed_in(typed, &name),
            items,
            date: DateTyped {
                day: one("-day"),
                month: one("-month"),
                year: one("-year"),
            },
            time: one("-time"),
            address: one("-address"),
            was: one("-was"),
            at,
            name,
            ..Self::default()
        }
    }
}

fn kind(field: &Field, platforms: &Platforms, schools: &[Item]) -> (Kind, Vec<Item>) {
    let chosen = |items: Vec<Item>| match items.len() {
        0..=RADIOS_AT_MOST => (Kind::Radios, items),
        _ => (Kind::Select, items),
    };
    let listed = || {
        let open = platforms
            .iter()
            .filter(|platform| platform.closed.is_none());
        let open = open.map(|platform| Item::new(&platform.id, &platform.name));
        open.chain([Item::new(OTHER, "Another platform")]).collect()
    };
    match &field.kind {
        FieldKind::Text | FieldKind::Case(_) => (Kind::Text, Vec::new()),
        FieldKind::LongText => (Kind::Lines, Vec::new()),
        FieldKind::Number => (Kind::Number, Vec::new()),
        FieldKind::Choice(values) => chosen(said(values)),
        FieldKind::Choices(values) => (Kind::Checkboxes, said(values)),
        FieldKind::YesNo => (
            Kind::YesNo,
            vec![Item::new("yes", "Yes"), Item::new("no", "No")],
        ),
        FieldKind::Person | FieldKind::Pupil => (Kind::Lookup, Vec::new()),
        FieldKind::School => chosen(schools.to_vec()),
        FieldKind::Platform => (Kind::Select, listed()),
        FieldKind::Account => (Kind::Account, listed()),
        FieldKind::Date | FieldKind::PastDate | FieldKind::FutureDate => (Kind::Date, Vec::new()),
        FieldKind::Moment => (Kind::Moment, Vec::new()),
        FieldKind::Evidence => (Kind::Files, Vec::new()),
    }
}

fn said(values: &[register::ChoiceValue]) -> Vec<Item> {
    let values = values.iter();
    values
        .map(|value| Item::new(&value.id, &value.says))
        .collect()
}

pub(in crate::cases::pages) fn typed_in(typed: &Pairs, name: &str) -> String {
    let found = typed.iter().find(|(given, _)| given == name);
    found
        .map(|(_, value)| value.trim().to_owned())
        .unwrap_or_default()
}

fn all_typed_in(typed: &Pairs, name: &str) -> Vec<String> {
    let given = typed.iter().filter(|(given, _)| given == name);
    given.map(|(_, value)| value.clone()).collect()
}

/// An answer that is kept, as it would be typed.
pub(in crate::cases::pages) fn retyped(field: &Field, kept: &[String]) -> Pairs {
    let name = &field.id;
    let first = kept.first().map(String::as_str).unwrap_or_default();
    let pair = |suffix: &str, value: String| (format!("{name}{suffix}"), value);
    let day = |date: Date| {
        let typed = DateTyped::of(Some(date));
        vec![
            pair("-day", typed.day),
            pair("-month", typed.month),
            pair("-year", typed.year),
        ]
    };
    match &field.kind {
        FieldKind::Date | FieldKind::PastDate | FieldKind::FutureDate => {
            first.parse().map(day).unwrap_or_default()
        }
        FieldKind::Moment => match first.parse::<DateTime>() {
            Ok(moment) => {
                let mut pairs = day(moment.date());
                pairs.push(pair("-time", moment.strftime("%H:%M").to_string()));
                pairs
            }
            Err(_) => Vec::new(),
        },
        FieldKind::Account if !first.is_empty() => {
            let account = Account::of(first);
            vec![
                pair("", account.platform),
                pair("-address", account.address),
            ]
        }
        // Shown by name.
        FieldKind::Person | FieldKind::Pupil => vec![pair("-was", first.to_owned())],
        _ => kept.iter().map(|value| pair("", value.clone())).collect(),
    }
}

/// What was typed, as it is kept once it was checked; people and pupils are looked up and files arrive elsewhere.
///
/// # Errors
/// What is wrong with it, in words.
pub(in crate::cases::pages) fn read(
    field: &Field,
    typed: &Pairs,
    platforms: &Platforms,
) -> Result<Vec<String>, String> {
    let name = &field.id;
    let one = |suffix: &str| typed_in(typed, &format!("{name}{suffix}"));
    let date = || {
        let typed = DateTyped {
            day: one("-day"),
            month: one("-month"),
            year: one("-year"),
        };
        typed.read().map_err(|wrong| wrong.to_string())
    };
    let kept = |text: String| match text.is_empty() {
        true => Vec::new(),
        false => vec![text],
    };
    match &field.kind {
        FieldKind::Date | FieldKind::PastDate | FieldKind::FutureDate => {
            Ok(date()?.map(|day| day.to_string()).into_iter().collect())
        }
        FieldKind::Moment => match (date()?, one("-time").as_str()) {
            (None, "") => Ok(Vec::new()),
            (None, _) => Err("Enter the day as well as the time.".to_owned()),
            (Some(_), "") => Err("Enter the time as well as the day. About will do.".to_owned()),
            (Some(day), time) => {
                let time = time_of(time).ok_or("Enter a time, for example 14:30 or 2:30pm.")?;
                Ok(vec![DateTime::from_parts(day, time).to_string()])
            }
        },
        FieldKind::Account => match (one("").as_str(), one("-address").as_str()) {
            ("", "") => Ok(Vec::new()),
            (platform, address) => Account::read(platforms, platform, address)
                .map(|account| vec![account.kept()])
                .map_err(|wrong| wrong.to_string()),
        },
        FieldKind::Platform => match one("").as_str() {
            "" => Ok(Vec::new()),
            id if id == OTHER || platforms.get(id).is_some() => Ok(vec![id.to_owned()]),
            _ => Err("Choose one of the platforms given".to_owned()),
        },
        FieldKind::Choices(_) => Ok(all_typed_in(typed, name)),
        FieldKind::Case(_) => Ok(kept(one("").to_uppercase())),
        _ => Ok(kept(one(""))),
    }
}

/// A time of day as people type it: `14:30`, `14.30`, `2:30pm`, `2 pm`.
fn time_of(text: &str) -> Option<Time> {
    let text = text.to_lowercase().replace('.', ":").replace(' ', "");
    let (clock, afternoon) = match text.strip_suffix("pm") {
        Some(clock) => (clock, Some(true)),
        None => match text.strip_suffix("am") {
            Some(clock) => (clock, Some(false)),
            None => (text.as_str(), None),
        },
    };
    let (hour, minute) = match clock.split_once(':') {
        Some((hour, minute)) => (hour, minute.parse().ok()?),
        // A bare number is an hour only where am or pm says so.
        None => (afternoon.map(|_| clock)?, 0),
    };
    let hour: i8 = hour.parse().ok()?;
    let hour = match (afternoon, hour) {
        (None, hour) => hour,
        (Some(false), 12) => 0,
        (Some(true), 12) => 12,
        (Some(true), 1..=11) => hour + 12,
        (Some(false), 1..=11) => hour,
        _ => return None,
    };
    Time::new(hour, minute, 0, 0).ok()
}

#[cfg(test)]
mod tests {
    use super::time_of;

    #[test]
    fn times_are_read_as_people_type_them() {
        let typed = |text| time_of(text).map(|time| (time.hour(), time.minute()));
        for text in ["14:30", "14.30", "2:30pm", "2.30 PM"] {
            assert_eq!(typed(text), Some((14, 30)), "{text}");
        }
        assert_eq!(typed("12am"), Some((0, 0)));
        assert_eq!(typed("12 pm"), Some((12, 0)));
        for wrong in ["", "2", "25:00", "14:30pm", "noon", "2:77pm"] {
            assert_eq!(typed(wrong), None, "{wrong}");
        }
    }
}
