//! What was wrong with a form, field by field, as pages show it.

use std::collections::BTreeMap;

use serde::Serialize;

/// Everything that was wrong: in order for the summary, by field beside each field.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Faults {
    list: Vec<Line>,
    fields: BTreeMap<&'static str, Message>,
}

#[derive(Clone, Debug, Serialize)]
struct Line {
    text: String,
    href: String,
}

#[derive(Clone, Debug, Serialize)]
struct Message {
    text: String,
}

impl Faults {
    /// A form with one thing wrong.
    pub(crate) fn one(field: &'static str, says: impl Into<String>) -> Self {
        let mut faults = Self::default();
        faults.add(field, says);
        faults
    }

    /// Says what is wrong with a field and how to mend it; the first word on a field stands
    /// beside it.
    pub(crate) fn add(&mut self, field: &'static str, says: impl Into<String>) {
        let text = says.into();
        let href = format!("#{field}");
        let line = Line {
            text: text.clone(),
            href,
        };
        self.list.push(line);
        self.fields.entry(field).or_insert(Message { text });
    }

    /// The value, or word on the field.
    pub(crate) fn need<T>(
        &mut self,
        field: &'static str,
        value: Option<T>,
        says: &str,
    ) -> Option<T> {
        if value.is_none() {
            self.add(field, says);
        }
        value
    }

    /// A text that must be there, without spaces around it.
    pub(crate) fn text(&mut self, field: &'static str, text: &str, says: &str) -> Option<String> {
        let text = Some(text.trim()).filter(|text| !text.is_empty());
        let text = self.need(field, text, says)?;
        if text.chars().count() > TEXT_AT_MOST {
            self.add(
                field,
                format!("This must be {TEXT_AT_MOST} characters or fewer"),
            );
            return None;
        }
        Some(text.to_owned())
    }

    /// A text that may be missing but, where it is there, must be one.
    pub(crate) fn optional<T>(
        &mut self,
        field: &'static str,
        text: &str,
        says: &str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        match text.trim() {
            "" => None,
            text => self.need(field, read(text), says),
        }
    }

    /// Whether nothing was wrong.
    pub(crate) fn none(&self) -> bool {
        self.list.is_empty()
    }
}

/// The longest name or other single line.
const TEXT_AT_MOST: usize = 200;
