//! Which cases a request asks for: the same words for the list, the exports and the command line.

use register::value::AnswerFault;
use serde::Deserialize;

use crate::cases::{Filter, Standing};
use crate::people::Part;
use crate::web::problem::{Kind, Problem};

/// How many cases a page has where nothing is said.
const SIZE: u32 = 50;
/// How many it has at most.
const SIZE_AT_MOST: u32 = 200;

/// The query of a list. What is empty counts as left out, as forms send it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Asked {
    pub(crate) register: String,
    pub(crate) state: String,
    pub(crate) school: String,
    /// `open`, `waiting` (open, and waiting for the person), `closed` or `all`.
    pub(crate) show: String,
    /// A reference, or how it begins.
    pub(crate) reference: String,
    /// `newest` or `oldest` first.
    pub(crate) sort: String,
    /// The page, from 1.
    pub(crate) page: String,
    /// Cases a page.
    pub(crate) size: String,
    /// `yes`: with sensitive fields, where the person sees the whole. For exports alone.
    pub(crate) full: String,
}

impl Asked {
    /// The filter, and the part of the list.
    pub(crate) fn read(&self) -> Result<(Filter, Part), AskedWrongly> {
        let mut faults = Vec::new();
        let mut wrong = |field: &str, what: &str| {
            faults.push(AnswerFault {
                field: field.to_owned(),
                what: what.to_owned(),
            });
        };
        let text = |text: &str| (!text.trim().is_empty()).then(|| text.trim().to_owned());
        let school = text(&self.school).map(|school| school.parse());
        if matches!(school, Some(Err(_))) {
            wrong("school", "Give the identifier of a school");
        }
        let standing = match self.show.as_str() {
            "" | "open" | "waiting" => Standing::Open,
            "closed" => Standing::Closed,
            "all" => Standing::All,
            _ => {
                wrong("show", "Give open, waiting, closed or all");
                Standing::Open
            }
        };
        if !["", "no", "yes"].contains(&self.full.as_str()) {
            wrong("full", "Give yes or no");
        }
        if !["", "newest", "oldest"].contains(&self.sort.as_str()) {
            wrong("sort", "Give newest or oldest");
        }
        let mut number = |field, text: &str, usual: u32, most: u32| {
            let number = match text.trim() {
                "" => Some(usual),
                text => text.parse().ok().filter(|n| (1..=most).contains(n)),
            };
            number.unwrap_or_else(|| {
                wrong(field, &format!("Give a whole number from 1 to {most}"));
                usual
            })
        };
        let page = number("page", &self.page, 1, 1_000_000);
        let size = number("size", &self.size, SIZE, SIZE_AT_MOST);
        if !faults.is_empty() {
            return Err(AskedWrongly(faults));
        }
        let filter = Filter {
            register: text(&self.register),
            state: text(&self.state),
            school: school.and_then(Result::ok),
            standing,
            waiting: self.show == "waiting",
            reference: self.reference.trim().to_owned(),
            oldest_first: self.sort == "oldest",
        };
        let skip = (page - 1).saturating_mul(size);
        Ok((filter, Part { skip, size }))
    }

    /// Whether the full export is asked for.
    pub(crate) fn full(&self) -> bool {
        self.full == "yes"
    }
}

/// A query that cannot be read, with every fault.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.iter().map(|fault| format!("{}: {}", fault.field, fault.what)).collect::<Vec<_>>().join("; "))]
pub(crate) struct AskedWrongly(pub(crate) Vec<AnswerFault>);

impl From<AskedWrongly> for Problem {
    fn from(wrong: AskedWrongly) -> Self {
        let told = wrong.to_string();
        Self::new(Kind::Unprocessable).detail(told).faults(wrong.0)
    }
}
