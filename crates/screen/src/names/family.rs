//! A pupil's family: `the Qureshi family`, `the Khan twins`.

use super::index::role;
use super::{Hit, Search};
use crate::finding::Manner;
use crate::kind::Kind;
use crate::known::Person;
use crate::text::{Casing, gap, like};

/// What makes a family of the name before it.
fn is_family(word: &str) -> bool {
    matches!(
        word,
        "family"
            | "household"
            | "siblings"
            | "triplets"
            | "twins"
            | "twin"
            | "brothers"
            | "brother"
            | "sisters"
            | "sister"
            | "boys"
            | "girls"
            | "lads"
            | "parents"
            | "mum"
            | "dad"
    )
}

/// More people of one name tell nobody which family.
const NAMED_AT_MOST: usize = 12;

impl Search<'_> {
    pub(super) fn families(&mut self) {
        for at in 0..self.text.words.len() {
            if !is_family(self.text.word(at)) || self.gap(at) != gap::SPACE {
                continue;
            }
            let Some(name) = at.checked_sub(1) else {
                continue;
            };
            let the = name.checked_sub(1).map_or("", |at| self.text.word(at));
            let plain = self.text.casing == Casing::Mixed && !self.is(name, like::CAPITAL);
            if the != "the" || plain || self.is_taken(name..at + 1) {
                continue;
            }
            let found = self.readings(name).find(|reading| {
                let entry = self.index.entry(reading.id);
                entry.is(role::FAMILY) && !entry.is_word()
            });
            let Some(found) = found else { continue };
            let people = self.index.with_family(found.id).iter().copied();
            let pupils = people.filter(|person| matches!(person, Person::Pupil(_)));
            let about: Vec<Person> = pupils.take(NAMED_AT_MOST + 1).collect();
            let score = if about.len() > NAMED_AT_MOST { 45 } else { 64 };
            self.hit(Hit {
                words: name..at + 1,
                kind: Kind::PupilIdentified,
                score,
                manner: Manner::PartOfName,
                about,
            });
        }
    }
}
