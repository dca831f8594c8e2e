//! People in a text: the roll's pupils and staff, however they are written.

mod family;
mod famous;
mod full;
mod given;
mod groups;
mod index;
mod initial;
mod reading;
mod run_together;
mod slips;
mod sounds;
mod staff;

use std::ops::Range;

pub use index::Index;
use reading::{Reading, Readings};

use crate::draft::Account;
use crate::finding::Manner;
use crate::kind::Kind;
use crate::known::Person;
use crate::text::{Text, Word, like};
use groups::{Group, Seen};

/// Somebody found, in words of the text.
#[derive(Debug, Clone)]
pub(crate) struct Hit {
    pub(crate) words: Range<usize>,
    pub(crate) kind: Kind,
    pub(crate) score: u8,
    pub(crate) manner: Manner,
    pub(crate) about: Vec<Person>,
}

/// One text under search.
pub(crate) struct Search<'s> {
    text: &'s Text,
    account: Account,
    index: &'s Index,
    readings: Vec<Readings>,
    /// The marks of each word.
    marks: Vec<u16>,
    groups: Vec<Seen>,
    /// Words that belong to somebody already, or to somebody else.
    taken: Vec<bool>,
    hits: Vec<Hit>,
}

/// Everybody whom a text names or shows, in its order; and the schools that it names.
pub(crate) fn search(text: &Text, account: Account, index: &Index) -> Vec<Hit> {
    let readings = reading::read(text, index);
    let marks = readings
        .iter()
        .map(|[alone, ..]| alone.map_or(0, |reading| index.entry(reading.id).marks));
    let mut search = Search {
        text,
        account,
        index,
        marks: marks.collect(),
        readings,
        groups: index.groups.seen(text),
        taken: vec![false; text.words.len()],
        hits: Vec::new(),
    };
    search.full_names();
    search.run_together();
    search.initials();
    search.families();
    search.famous();
    search.staff_by_title();
    search.given_names();
    search.whole_groups();
    search
        .hits
        .sort_by_key(|hit| (hit.words.start, hit.words.end));
    search.hits
}

impl Search<'_> {
    fn word(&self, at: usize) -> Option<&Word> {
        self.text.words.get(at)
    }

    fn gap(&self, at: usize) -> u16 {
        self.word(at).map_or(u16::MAX, |word| word.gap)
    }

    fn is(&self, at: usize, like: u8) -> bool {
        self.word(at).is_some_and(|word| word.is(like))
    }

    /// The readings of a word as a name.
    fn readings(&self, at: usize) -> impl Iterator<Item = Reading> + use<> {
        let readings = self.readings.get(at).copied().unwrap_or_default();
        readings.into_iter().flatten()
    }

    /// The marks of a word, of [`crate::lists::mark`].
    fn marked(&self, at: usize, marks: u16) -> bool {
        self.marks.get(at).is_some_and(|own| own & marks != 0)
    }

    fn is_taken(&self, words: Range<usize>) -> bool {
        self.taken
            .get(words)
            .is_none_or(|taken| taken.contains(&true))
    }

    fn take(&mut self, words: Range<usize>) {
        if let Some(taken) = self.taken.get_mut(words) {
            taken.fill(true);
        }
    }

    fn hit(&mut self, hit: Hit) {
        self.take(hit.words.clone());
        self.hits.push(hit);
    }

    fn numbered(&self, words: &Range<usize>) -> bool {
        words.clone().any(|at| self.is(at, like::DIGIT))
    }

    /// Classes, years and teams that are beside no name; and the schools.
    fn whole_groups(&mut self) {
        for at in 0..self.groups.len() {
            let Some(seen) = self.groups.get(at).cloned() else {
                return;
            };
            let kind = match seen.group {
                Group::School(_) => Kind::SchoolNamed,
                Group::Class(_) | Group::Team(_) | Group::Year(_) => Kind::ClassRecognisable,
            };
            let score = match seen.group {
                Group::Year(_) => 70,
                Group::Class(_) => 85,
                // 'The choir' is anybody's; 'U13' is one team.
                Group::Team(_) if self.numbered(&seen.words) => 85,
                Group::Team(_) => 45,
                Group::School(_) => 95,
            };
            self.hits.push(Hit {
                words: seen.words,
                kind,
                score,
                manner: Manner::Plain,
                about: Vec::new(),
            });
        }
    }
}

/// The kind of finding that a pair of names is: a pupil's where any of them is a pupil.
fn kind_of(people: &[Person], pupils: Kind) -> Kind {
    let pupil = people.iter().any(|p| matches!(p, Person::Pupil(_)));
    if pupil { pupils } else { Kind::StaffNamed }
}

#[cfg(test)]
mod tests;
