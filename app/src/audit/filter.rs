//! Which events are asked for.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use serde::{Deserialize, Serialize};

use crate::clock::Clock;

/// The fields of the form, as they were sent; an empty one does not count.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(crate) struct Asked {
    /// A name, an e-mail address or an identifier.
    pub(crate) person: String,
    /// A kind of record.
    pub(crate) record_kind: String,
    /// A record.
    pub(crate) record: String,
    /// What happened.
    pub(crate) kind: String,
    /// The first day.
    pub(crate) from: String,
    /// The last day.
    pub(crate) until: String,
    /// Events with a lower number than this.
    pub(crate) before: Option<i64>,
}

/// A field that cannot be read.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Fault {
    pub(crate) field: &'static str,
    pub(crate) says: &'static str,
}

/// Which events, checked.
#[derive(Clone, Debug)]
pub(crate) struct Filter {
    pub(crate) person: String,
    pub(crate) record_kind: String,
    pub(crate) record: String,
    pub(crate) kind: String,
    pub(crate) from: Option<Timestamp>,
    pub(crate) until: Option<Timestamp>,
    pub(crate) before: i64,
}

impl Asked {
    /// Reads the fields, days in the installation's time zone.
    pub(crate) fn read(&self, clock: &Clock) -> Result<Filter, Vec<Fault>> {
        let mut faults = Vec::new();
        let mut day = |field, text: &str| match text.trim() {
            "" => None,
            text => text.parse::<Date>().ok().or_else(|| {
                let says = match field {
                    "from" => "Enter the first day as year, month and day, such as 2026-11-20",
                    _ => "Enter the last day as year, month and day, such as 2026-11-20",
                };
                faults.push(Fault { field, says });
                None
            }),
        };
        let (from, until) = (day("from", &self.from), day("until", &self.until));
        if from.zip(until).is_some_and(|(from, until)| until < from) {
            faults.push(Fault {
                field: "until",
                says: "The last day must be the first day or later",
            });
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let zone = clock.zoned().time_zone().clone();
        let begins = |day: Date| {
            let begin = day.to_zoned(zone.clone()).ok()?;
            Some(begin.timestamp())
        };
        let after = |day: Date| begins(day.checked_add(1.day()).ok()?);
        let text = |text: &str| text.trim().to_owned();
        Ok(Filter {
            person: text(&self.person),
            record_kind: text(&self.record_kind),
            record: text(&self.record),
            kind: text(&self.kind),
            from: from.and_then(begins),
            until: until.and_then(after),
            before: self.before.unwrap_or(i64::MAX),
        })
    }

    /// The same question as a query string, from another number on.
    pub(crate) fn query(&self, before: Option<i64>) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        let fields = [
            ("person", &self.person),
            ("record_kind", &self.record_kind),
            ("record", &self.record),
            ("kind", &self.kind),
            ("from", &self.from),
            ("until", &self.until),
        ];
        for (name, value) in fields.into_iter().filter(|(_, value)| !value.is_empty()) {
            query.append_pair(name, value);
        }
        if let Some(before) = before {
            query.append_pair("before", &before.to_string());
        }
        query.finish()
    }

    /// Whether anything is asked for but everything.
    pub(crate) fn narrows(&self) -> bool {
        !self.query(None).is_empty()
    }
}
