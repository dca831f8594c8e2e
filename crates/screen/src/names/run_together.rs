//! Names without a space: hashtags, account names, addresses.

use super::index::{letter_bit, role};
use super::{Hit, Search, kind_of};
use crate::finding::Manner;
use crate::kind::Kind;
use crate::known::Person;
use crate::lists::mark;
use crate::text::{Casing, like};

/// A longer tag is searched at its beginning and end only.
const LONGEST: usize = 28;
/// Shorter names would be found in everything.
const SHORTEST: usize = 3;

impl Search<'_> {
    pub(super) fn run_together(&mut self) {
        for at in 0..self.text.words.len() {
            let tagged = self.is(at, like::TAG | like::INNER);
            let word = self.text.word(at);
            let word = word.trim_matches(|c: char| c.is_ascii_digit());
            let long = word.len() >= 2 * SHORTEST;
            if !long || self.is_taken(at..at + 1) || self.known(at) {
                continue;
            }
            let (score, inside) = if tagged { (95, true) } else { (72, false) };
            if self.text.casing == Casing::Mixed && !tagged && self.is(at, like::CAPITAL) {
                // A capitalised word in a sentence is a word.
                continue;
            }
            if let Some((about, lost)) = self.names_in(word, inside) {
                self.joined(at, score - lost, about);
            } else if tagged {
                self.initial_in(at);
            }
        }
    }

    fn joined(&mut self, at: usize, score: u8, about: Vec<Person>) {
        let kind = kind_of(&about, Kind::PupilFullName);
        self.hit(Hit {
            words: at..at + 1,
            kind,
            score,
            manner: Manner::RunTogether,
            about,
        });
    }

    fn known(&self, at: usize) -> bool {
        let alone = self.readings(at).find(|reading| reading.words == 1);
        alone.is_some_and(|reading| {
            let entry = self.index.entry(reading.id);
            entry.is(role::ANY_GIVEN | role::ANY_FAMILY) || entry.marked(mark::COMMON)
        })
    }

    /// A pair of names that a word is, or holds where `inside`.
    fn names_in(&self, word: &str, inside: bool) -> Option<(Vec<Person>, u8)> {
        let cuts: Vec<usize> = word
            .char_indices()
            .map(|(at, _)| at)
            .chain([word.len()])
            .collect();
        let inside = inside && cuts.len() <= LONGEST;
        let mut best: Option<(Vec<Person>, u8)> = None;
        for (start_at, start) in cuts.iter().enumerate() {
            if start_at > 0 && !inside {
                break;
            }
            for (middle_at, middle) in cuts.iter().enumerate().skip(start_at + SHORTEST) {
                let Some(one) = word.get(*start..*middle).and_then(|w| self.index.id(w)) else {
                    continue;
                };
                let entry = self.index.entry(one);
                if !entry.is(role::ANY_GIVEN | role::ANY_FAMILY) {
                    continue;
                }
                let ends = cuts.iter().skip(middle_at + SHORTEST);
                for end in ends.filter(|end| inside || **end == word.len()) {
                    let other = word.get(*middle..*end).and_then(|w| self.index.id(w));
                    let Some(found) = other.and_then(|other| self.either(one, other)) else {
                        continue;
                    };
                    let whole = *start == 0 && *end == word.len();
                    let lost = found.1 + if whole { 0 } else { 12 };
                    if best.as_ref().is_none_or(|(_, least)| lost < *least) {
                        best = Some((found.0, lost));
                    }
                }
            }
        }
        best
    }

    fn either(&self, one: u32, other: u32) -> Option<(Vec<Person>, u8)> {
        let pair = |given: u32, family: u32| {
            let direct = self.index.people(given, family).map(|(p, _)| (p, 0));
            direct.or_else(|| {
                let variants = self.index.variants(given).iter();
                let mut found = variants.filter_map(|name| self.index.people(*name, family));
                found.next().map(|(people, _)| (people, 10))
            })
        };
        let words = self.index.entry(one).is_word() && self.index.entry(other).is_word();
        let found = pair(one, other).or_else(|| pair(other, one));
        found.map(|(people, lost)| (people, if words { lost + 25 } else { lost }))
    }

    /// `@ekhan`.
    fn initial_in(&mut self, at: usize) {
        let word = self.text.word(at);
        let word = word.trim_matches(|c: char| c.is_ascii_digit());
        let Some(letter) = word.chars().next() else {
            return;
        };
        let rest = word.get(letter.len_utf8()..).unwrap_or("");
        let family = self.index.id(rest).filter(|id| {
            let entry = self.index.entry(*id);
            rest.len() > SHORTEST
                && entry.is(role::ANY_FAMILY)
                && !entry.is_word()
                && entry.given_initials & letter_bit(letter) != 0
        });
        let Some(family) = family else { return };
        let people = self.index.with_family(family).iter().copied();
        let about: Vec<Person> = people
            .filter(|person| self.index.has_initial(*person, letter))
            .collect();
        let kind = kind_of(&about, Kind::PupilIdentified);
        self.hit(Hit {
            words: at..at + 1,
            kind,
            score: 64,
            manner: Manner::Initial,
            about,
        });
    }
}
