//! Forms: one page type for every form of the administration, for checking answers and for
//! confirming what cannot be undone; and dates as people type them.

use jiff::civil::Date;
use policy::words::capitalised;
use serde::Serialize;

use super::page::{Page, Section};

/// `form.html`: a form, a summary of answers to check, or a question to confirm.
#[derive(Clone, Debug, Default, Serialize)]
pub struct FormPage {
    /// What the page asks: its heading.
    pub title: String,
    /// Whom or what it is about, above the heading.
    pub caption: String,
    /// Where the way back leads.
    pub back: String,
    /// Where the form is sent.
    pub action: String,
    /// Paragraphs before the form.
    pub lead: Vec<String>,
    /// What cannot be undone, or must be known first.
    pub warning: String,
    /// Answers to check.
    pub summary: Vec<Answer>,
    /// What is asked.
    pub fields: Vec<Field>,
    /// What is sent along.
    pub hidden: Vec<Hidden>,
    /// The text of the button.
    pub button: String,
    /// Whether the button destroys something.
    pub destructive: bool,
    /// A second button, which sends the same form with a name and a value of its own.
    pub second: Option<Button>,
    /// What is wrong that belongs to no field.
    pub error: String,
}

/// An answer to check.
#[derive(Clone, Debug, Serialize)]
pub struct Answer {
    /// What was asked.
    pub question: &'static str,
    /// What was answered.
    pub answer: String,
}

/// A field that is sent along unseen.
#[derive(Clone, Debug, Serialize)]
pub struct Hidden {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// A further button.
#[derive(Clone, Debug, Serialize)]
pub struct Button {
    /// The name it sends.
    pub name: &'static str,
    /// The value it sends.
    pub value: &'static str,
    /// Its text.
    pub text: &'static str,
}

/// How a field is asked.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Asked {
    /// One line of text.
    #[default]
    Text,
    /// An e-mail address.
    Email,
    /// A telephone number.
    Tel,
    /// A secret: not shown while it is typed, and never sent back.
    Password,
    /// Several lines of text.
    Lines,
    /// Day, month and year, sent as `NAME-day`, `NAME-month`, `NAME-year`.
    Date,
    /// One of many.
    Select,
    /// One of few.
    Radios,
}

/// A field of a form.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Field {
    asked: Asked,
    name: &'static str,
    label: &'static str,
    hint: String,
    value: String,
    date: DateTyped,
    items: Vec<Choice>,
    error: String,
    narrow: bool,
}

/// One of the answers to choose from.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub text: String,
    /// More about it, below radio buttons.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<More>,
}

/// More about an answer to choose.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct More {
    /// The text.
    pub text: String,
}

/// A date as it was typed.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
pub struct DateTyped {
    /// The day.
    pub day: String,
    /// The month.
    pub month: String,
    /// The year.
    pub year: String,
}

/// What was typed is no date.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("Enter a real date, for example 27 3 2026.")]
pub struct NotADate;

impl Choice {
    /// An answer without more about it.
    #[must_use]
    pub fn new(value: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            text: text.into(),
            hint: None,
        }
    }

    /// Says more about it.
    #[must_use]
    pub fn hint(self, text: impl Into<String>) -> Self {
        let text = text.into();
        Self {
            hint: Some(More { text }),
            ..self
        }
    }
}

impl Hidden {
    /// A field that is sent along.
    #[must_use]
    pub fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            value: value.into(),
        }
    }
}

impl DateTyped {
    /// The date, as typed by this program itself.
    #[must_use]
    pub fn of(date: Option<Date>) -> Self {
        date.map_or_else(Self::default, |date| Self {
            day: date.day().to_string(),
            month: date.month().to_string(),
            year: date.year().to_string(),
        })
    }

    /// The date that was typed; none where nothing was.
    pub fn read(&self) -> Result<Option<Date>, NotADate> {
        let parts = [&self.day, &self.month, &self.year].map(|part| part.trim());
        if parts == [""; 3] {
            return Ok(None);
        }
        let [day, month, year] = parts;
        let year = year.parse().map_err(|_| NotADate)?;
        let day = day.parse().map_err(|_| NotADate)?;
        let month = month_of(month).ok_or(NotADate)?;
        Date::new(year, month, day).map(Some).map_err(|_| NotADate)
    }

    /// The three fields, to be sent along unseen.
    #[must_use]
    pub fn hidden(&self, name: &str) -> [Hidden; 3] {
        [
            Hidden::new(format!("{name}-day"), &self.day),
            Hidden::new(format!("{name}-month"), &self.month),
            Hidden::new(format!("{name}-year"), &self.year),
        ]
    }
}

/// A month as a number or by its name, which may be cut short to three letters.
fn month_of(text: &str) -> Option<i8> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let text = text.to_lowercase();
    let named = |name: &str| text.len() >= 3 && name.starts_with(&text);
    match MONTHS.iter().position(|name| named(name)) {
        Some(index) => i8::try_from(index + 1).ok(),
        None => text.parse().ok(),
    }
}

impl Field {
    /// A field that is asked in that way.
    #[must_use]
    pub fn new(asked: Asked, name: &'static str, label: &'static str) -> Self {
        Self {
            asked,
            name,
            label,
            ..Self::default()
        }
    }

    /// Says more about what is meant.
    #[must_use]
    pub fn hint(self, hint: impl Into<String>) -> Self {
        let hint = hint.into();
        Self { hint, ..self }
    }

    /// What stands in it already.
    #[must_use]
    pub fn value(self, value: impl Into<String>) -> Self {
        let value = value.into();
        Self { value, ..self }
    }

    /// The date that stands in it already.
    #[must_use]
    pub fn date(self, date: DateTyped) -> Self {
        Self { date, ..self }
    }

    /// The answers to choose from.
    #[must_use]
    pub fn items(self, items: Vec<Choice>) -> Self {
        Self { items, ..self }
    }

    /// A short field for a short answer.
    #[must_use]
    pub fn narrow(self) -> Self {
        Self {
            narrow: true,
            ..self
        }
    }

    /// What is wrong with it, where its name is among the faults.
    #[must_use]
    pub fn faulted(self, faults: &Faults) -> Self {
        let error = faults.of(self.name).to_owned();
        Self { error, ..self }
    }
}

/// What is wrong with a form: field by field, in words.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Faults(Vec<(&'static str, String)>);

impl Faults {
    /// Notes that a field is wrong.
    pub fn add(&mut self, field: &'static str, what: impl Into<String>) {
        self.0.push((field, what.into()));
    }

    /// Takes a value, or notes what is wrong with its field.
    pub fn take<T, E: std::fmt::Display>(
        &mut self,
        field: &'static str,
        value: Result<T, E>,
    ) -> Option<T> {
        value
            .map_err(|error| self.add(field, sentence(&error)))
            .ok()
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What is wrong with a field.
    #[must_use]
    pub fn of(&self, field: &str) -> &str {
        let found = self.0.iter().find(|(name, _)| *name == field);
        found.map_or("", |(_, what)| what)
    }
}

/// An error as a sentence.
fn sentence(error: &impl std::fmt::Display) -> String {
    let mut text = capitalised(&error.to_string());
    if !text.ends_with('.') {
        text.push('.');
    }
    text
}

impl Page for FormPage {
    const TEMPLATE: &'static str = "form.html";
    const SECTION: Option<Section> = Some(Section::Administration);

    fn samples() -> Vec<Self> {
        let mut faults = Faults::default();
        faults.add("name", "Enter a name.");
        let field = |asked| {
            Field::new(asked, "name", "The name")
                .hint("As in the register.")
                .items(vec![
                    Choice::new("a", "A"),
                    Choice::new("b", "B").hint("Or B"),
                ])
        };
        let asked = [
            Asked::Text,
            Asked::Email,
            Asked::Tel,
            Asked::Lines,
            Asked::Date,
            Asked::Select,
            Asked::Radios,
        ];
        let page = Self {
            title: "Change".to_owned(),
            caption: "Kate Adeyemi".to_owned(),
            back: "/people".to_owned(),
            action: "/people/p1/change".to_owned(),
            lead: vec!["This is how it is.".to_owned()],
            fields: asked.into_iter().map(field).collect(),
            hidden: vec![Hidden::new("seen", "x")],
            button: "Save".to_owned(),
            ..Self::default()
        };
        let wrong = Self {
            fields: asked
                .into_iter()
                .map(|asked| field(asked).faulted(&faults).narrow())
                .collect(),
            error: "Somebody else was first.".to_owned(),
            ..page.clone()
        };
        let confirm = Self {
            caption: String::new(),
            fields: Vec::new(),
            summary: vec![Answer {
                question: "Name",
                answer: "Kate Adeyemi".to_owned(),
            }],
            warning: "This cannot be undone.".to_owned(),
            destructive: true,
            second: Some(Button {
                name: "step",
                value: "form",
                text: "Change these answers",
            }),
            ..page.clone()
        };
        vec![page, wrong, confirm]
    }
}

#[cfg(test)]
mod tests {
    use super::{DateTyped, NotADate};
    use jiff::civil::date;

    fn typed(day: &str, month: &str, year: &str) -> DateTyped {
        DateTyped {
            day: day.to_owned(),
            month: month.to_owned(),
            year: year.to_owned(),
        }
    }

    #[test]
    fn dates_are_read_as_people_type_them() {
        let christmas = Ok(Some(date(2026, 12, 25)));
        for month in ["12", "December", "dec"] {
            assert_eq!(typed(" 25", month, "2026 ").read(), christmas);
        }
        assert_eq!(DateTyped::of(Some(date(2026, 12, 25))).read(), christmas);
        assert_eq!(typed("", " ", "").read(), Ok(None));
        for wrong in [
            typed("30", "2", "2026"),
            typed("", "2", "2026"),
            typed("1", "ju", "2026"),
            typed("1", "13", "2026"),
            typed("1", "1", "twenty"),
        ] {
            assert_eq!(wrong.read(), Err(NotADate), "{wrong:?}");
        }
    }
}
