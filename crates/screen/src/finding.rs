//! What screening says.

use std::ops::Range;
use std::sync::Arc;

use serde::Serialize;

use crate::draft::{Draft, Part};
use crate::kind::Kind;
use crate::known::Person;

/// How sure a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sure {
    /// It may be something else: to be asked, not taken as a fact.
    Possible,
    /// It is more likely than not.
    Likely,
    /// Hardly anything else.
    Certain,
}

impl Sure {
    /// From a score in percent; below 30 nothing is said at all.
    #[must_use]
    pub fn of(score: u8) -> Option<Self> {
        match score {
            90.. => Some(Self::Certain),
            60..90 => Some(Self::Likely),
            30..60 => Some(Self::Possible),
            _ => None,
        }
    }
}

/// How a finding came about, where that is not plain from the words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Manner {
    /// As written on the roll.
    Plain,
    /// One part of a longer name.
    PartOfName,
    /// A short or pet form.
    Nickname,
    /// A spelling slip.
    Slip,
    /// An initial for one of the names.
    Initial,
    /// Run together, as in a hashtag or an account's name.
    RunTogether,
    /// Letters spaced out or disguised.
    Disguised,
    /// A given name with the class.
    WithClass,
    /// A given name with the year group.
    WithYear,
    /// A given name with the team or club.
    WithTeam,
    /// A given name with the school.
    WithSchool,
    /// A name that famous people have too.
    FamousToo,
    /// A title before it.
    Titled,
}

impl Manner {
    /// In words, to stand after the reason; nothing where it goes without saying.
    #[must_use]
    pub fn says(self) -> Option<&'static str> {
        match self {
            Self::Plain | Self::Titled => None,
            Self::PartOfName => Some("It is one part of a longer name."),
            Self::Nickname => Some("It is a short form of the name on the roll."),
            Self::Slip => Some("The spelling is one slip away from a name on the roll."),
            Self::Initial => Some("An initial stands for one of the names."),
            Self::RunTogether => Some("The names are run together."),
            Self::Disguised => Some("The letters are spaced out or disguised."),
            Self::WithClass => Some("The class beside the name tells which pupil it is."),
            Self::WithYear => Some("The year group beside the name tells which pupil it is."),
            Self::WithTeam => Some("The team beside the name tells which pupil it is."),
            Self::WithSchool => Some("The school beside the name tells which pupil it is."),
            Self::FamousToo => Some("Somebody famous has this name too."),
        }
    }
}

/// One thing found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Where: the part.
    pub part: Part,
    /// Where in the part, in bytes, on the boundaries of characters.
    pub span: Range<usize>,
    /// What.
    pub kind: Kind,
    /// How sure, in percent: a rank, not a probability.
    pub score: u8,
    /// How sure, in three steps.
    pub sure: Sure,
    /// How it was told.
    pub manner: Manner,
    /// The people it may be: several where they share a name.
    pub about: Vec<Person>,
    /// Why it matters, in words.
    pub why: Arc<str>,
    /// How to mend it, in words.
    pub mend: Arc<str>,
}

/// The longest words of a finding that are worth repeating, in bytes.
const LONGEST: usize = 120;

impl Finding {
    /// The words of the draft that it is about, no more than fit on a line or two.
    #[must_use]
    pub fn words<'d>(&self, draft: &'d Draft) -> &'d str {
        let words = draft.part(self.part).get(self.span.clone());
        let words = words.unwrap_or_default();
        words
            .get(..words.floor_char_boundary(LONGEST))
            .unwrap_or_default()
    }
}

/// What cannot be known from the words and must be asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Question {
    /// The attribute of the vocabulary that the answer is a fact about.
    pub attribute: Arc<str>,
    /// Why it is asked, in words.
    pub why: Arc<str>,
    /// The part that it is about, where it is about one.
    pub part: Option<Part>,
}

/// Everything about one draft.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Screening {
    /// What was found, by part and place.
    pub findings: Vec<Finding>,
    /// What is to be asked.
    pub questions: Vec<Question>,
}
