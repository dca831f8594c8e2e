//! What is looked for, as data: `screening/*.toml`. A file with any fault is refused, with its place.

mod clauses;
mod groups;
mod kinds;
mod links;
mod load;
mod names;
mod phrases;

use std::sync::Arc;

use policy::source::{Faults, Source};
use policy::vocabulary::Vocabulary;

use crate::draft::Account;
use crate::kind::Kind;
pub use clauses::Clauses;
pub(crate) use links::LinkLists;
pub(crate) use names::{NameLists, mark};
pub(crate) use phrases::{Element, Phrases, Set};

/// A fact about the situation that a finding means, in names of the vocabulary.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Fact {
    /// The attribute.
    pub attribute: Arc<str>,
    /// Its value: `yes` and `no` for an attribute that is either.
    pub value: Arc<str>,
}

/// What a kind of finding means and how it is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// A few words for it.
    pub label: Arc<str>,
    /// Why it matters.
    pub why: Arc<str>,
    /// How to mend it.
    pub mend: Arc<str>,
    /// What it means for the situation.
    pub facts: Vec<Fact>,
    /// The accounts on which it matters; nothing means both.
    pub account: Option<Account>,
}

/// When a question is put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Occasion {
    /// The draft has a picture.
    Picture,
    /// A picture has no description.
    PictureUndescribed,
    /// A kind was found.
    Found(Kind),
}

/// A question of the data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) attribute: Arc<str>,
    pub(crate) why: Arc<str>,
    pub(crate) when: Vec<Occasion>,
    /// Found already, so not asked.
    pub(crate) unless: Vec<Kind>,
    pub(crate) account: Option<Account>,
}

/// Everything that is looked for.
#[derive(Debug)]
pub struct Lists {
    /// By the number of the kind.
    told: Vec<Told>,
    pub(crate) questions: Vec<Asked>,
    pub(crate) names: NameLists,
    pub(crate) links: LinkLists,
    pub(crate) phrases: Phrases,
}

impl Lists {
    /// Reads the files of `screening/`; each is known by its name, and the folder before it does not matter.
    ///
    /// # Errors
    /// Every fault of every file at once: what is not TOML, unknown keys and names, a file that is missing.
    pub fn load(files: &[Source<'_>], vocabulary: &Vocabulary) -> Result<Self, Faults> {
        load::load(files, vocabulary)
    }

    /// Nothing but names, for tests of a single search.
    #[cfg(test)]
    pub(crate) fn empty(names: NameLists) -> Self {
        Self {
            told: Vec::new(),
            questions: Vec::new(),
            names,
            links: LinkLists::default(),
            phrases: Phrases::default(),
        }
    }

    /// What a kind means and how it is told.
    #[must_use]
    pub fn told(&self, kind: Kind) -> &Told {
        // The loader gives every kind its place.
        static NOTHING: std::sync::LazyLock<Told> = std::sync::LazyLock::new(|| Told {
            label: "".into(),
            why: "".into(),
            mend: "".into(),
            facts: Vec::new(),
            account: None,
        });
        self.told.get(kind as usize).unwrap_or(&NOTHING)
    }
}
