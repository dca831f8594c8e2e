//! What the law asks whatever a policy says: shown beside an answer, never part of it.
//!
//! Nothing here reaches [`crate::decision`]: a standing, a headline and the deciding clauses are the policy's alone.

mod load;
#[cfg(test)]
mod tests;

use jiff::civil::Date;
use serde::Serialize;

use crate::cube::Cube;
use crate::policy_file::FactDate;
use crate::situation::Situation;
use crate::source::{Faults, Source};
use crate::vocabulary::Vocabulary;

/// How well a statement of the law was checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Confidence {
    /// The text itself was seen.
    Primary,
    /// Somebody else's account of the text was seen.
    Secondary,
    /// Not checked: the school should check it, and the page says so.
    Unverified,
}

/// Somebody outside the school to turn to. At least one of `phone` and `site` is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Helpline {
    /// The name in data.
    pub id: String,
    /// Who it is.
    pub name: String,
    /// For whom or for what, as a phrase.
    #[serde(rename = "for")]
    pub matter: Option<String>,
    /// The number to call.
    pub phone: Option<String>,
    /// When they answer, in words.
    pub hours: Option<String>,
    /// The site, without `https://`.
    pub site: Option<String>,
    /// How well this was checked.
    pub confidence: Confidence,
}

/// One thing that the law asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Requirement {
    /// The name in data.
    pub id: String,
    /// A heading that can stand alone.
    pub title: String,
    /// What it asks, in our own words, whole sentences.
    pub says: String,
    /// The statute or guidance.
    pub source: String,
    /// The date of that source.
    pub dated: FactDate,
    /// When it is expected to hold, where it is not law yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected: Option<FactDate>,
    /// How well this was checked.
    pub confidence: Confidence,
    /// Where it holds: `england`, `wales`, `scotland`, `northern-ireland`.
    pub nations: Vec<String>,
    /// Where to turn.
    pub contacts: Vec<Helpline>,
    /// The situations it bears on, as cubes that may overlap. An asker that is not named means everybody.
    #[serde(skip)]
    pub cubes: Vec<Cube>,
}

/// One edition of a work that policies cite by edition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Edition {
    /// The work's name in policy files: `KCSIE`.
    pub work: String,
    /// The work's title.
    pub title: String,
    /// The edition, as policies write it: `2026`.
    pub edition: String,
    /// Since when it is in force.
    pub in_force: Date,
    /// How well this was checked.
    pub confidence: Confidence,
}

/// The law as its file says it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Law {
    /// When the statements were gathered.
    pub gathered: FactDate,
    /// What the law asks, in the file's order: what matters most comes first.
    pub requirements: Vec<Requirement>,
    /// The editions of works that policies cite, in the file's order.
    pub editions: Vec<Edition>,
}

impl Law {
    /// Reads a law file.
    ///
    /// # Errors
    /// Every fault of the file at once; a file with any fault is refused whole.
    pub fn load(source: Source<'_>, vocabulary: &Vocabulary) -> Result<Self, Faults> {
        load::load(source, vocabulary)
    }

    /// A requirement by name.
    #[must_use]
    pub fn requirement(&self, id: &str) -> Option<&Requirement> {
        self.requirements.iter().find(|r| r.id == id)
    }

    /// The edition of a work that is in force on a day; `None` for a work that the file does not list.
    #[must_use]
    pub fn edition_in_force(&self, work: &str, day: Date) -> Option<&Edition> {
        let of_work = self.editions.iter().filter(|e| e.work == work);
        of_work
            .filter(|e| e.in_force <= day)
            .max_by_key(|e| e.in_force)
    }

    /// What the law of a nation asks in a situation, in the file's order.
    pub fn bearing_on<'l>(
        &'l self,
        nation: &'l str,
        situation: &'l Situation,
    ) -> impl Iterator<Item = &'l Requirement> {
        self.requirements
            .iter()
            .filter(move |r| r.nations.iter().any(|n| n == nation))
            .filter(move |r| r.cubes.iter().any(|cube| cube.contains(situation)))
    }
}
