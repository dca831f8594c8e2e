//! What a text says, by the phrases of the data. A heuristic: it knows words, not meaning.

use std::ops::Range;

use crate::draft::{Account, Part};
use crate::kind::Kind;
use crate::lists::{Element, Phrases, Set};
use crate::names::Hit;
use crate::text::{Text, gap, like};

/// A phrase found, in words of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) words: Range<usize>,
    pub(crate) kind: Kind,
    pub(crate) score: u8,
}

/// A text under search.
struct Reading<'s> {
    text: &'s Text,
    phrases: &'s Phrases,
    /// The sets of each word.
    sets: Vec<&'s [Set]>,
    /// Where somebody's or a school's name that begins here ends, and the sets that it belongs to.
    named: Vec<Option<(usize, &'s [Set])>>,
}

/// Everything that a text says.
pub(crate) fn search(
    text: &Text,
    phrases: &Phrases,
    people: &[Hit],
    part: Part,
    account: Account,
) -> Vec<Said> {
    let words = text.words.iter().enumerate();
    let sets = words.map(|(at, word)| match word.is(like::LINK) {
        true => &[][..],
        false => phrases.sets(text.word(at)),
    });
    let mut reading = Reading {
        text,
        phrases,
        sets: sets.collect(),
        named: vec![None; text.words.len()],
    };
    reading.name(people);
    let mut said: Vec<Said> = Vec::new();
    for at in 0..text.words.len() {
        reading.at(at, |pattern, end| {
            let pattern = phrases.patterns.get(pattern as usize);
            let rule = pattern.and_then(|p| phrases.rules.get(p.rule as usize));
            let Some(rule) = rule else { return };
            let here = rule.place.has(part) && rule.account.is_none_or(|only| only == account);
            if here && !reading.but(at, &rule.unless) {
                keep(
                    &mut said,
                    Said {
                        words: at..end,
                        kind: rule.kind,
                        score: rule.score,
                    },
                );
            }
        });
    }
    said
}

/// Of the same kind at the same place, the surest and longest.
fn keep(said: &mut Vec<Said>, new: Said) {
    // Phrases come in the order of their first words, so that only the last few can overlap.
    let mut recent = said.iter_mut().rev().take(12);
    let same = recent.find(|old| old.kind == new.kind && old.words.end > new.words.start);
    match same {
        Some(old) => {
            let (end, score) = (new.words.end, new.score);
            old.words.end = old.words.end.max(end);
            old.score = old.score.max(score);
        }
        None => said.push(new),
    }
}

impl<'s> Reading<'s> {
    fn name(&mut self, people: &[Hit]) {
        let special = &self.phrases.special;
        for hit in people {
            let sets: &'s [Set] = match hit.kind {
                Kind::SchoolNamed => &special.school,
                Kind::StaffNamed => &special.colleague,
                Kind::PupilFullName
                | Kind::PupilIdentified
                | Kind::PupilGivenName
                | Kind::ClassRecognisable => &special.pupil,
                _ => continue,
            };
            if let Some(named) = self.named.get_mut(hit.words.start) {
                *named = Some((hit.words.end, sets));
            }
        }
    }

    /// Calls `found` with each pattern that begins at a word, and where it ends.
    fn at(&self, at: usize, mut found: impl FnMut(u32, usize)) {
        let own = self.sets.get(at).copied().unwrap_or_default();
        self.starting(own, at + 1, &mut found);
        if let Some((end, sets)) = self.named.get(at).copied().flatten() {
            self.starting(sets, end, &mut found);
        }
        if self.is_number(at) {
            self.starting(&self.phrases.special.number, at + 1, &mut found);
        }
    }

    /// The patterns whose first word is of one of some sets, the rest of which begins at `next`.
    fn starting(&self, sets: &[Set], next: usize, found: &mut impl FnMut(u32, usize)) {
        for set in sets {
            for pattern in self.phrases.starting(*set) {
                let elements = self.phrases.patterns.get(*pattern as usize);
                let rest = elements.and_then(|pattern| pattern.elements.get(1..));
                if let Some(end) = rest.and_then(|rest| self.fits(rest, next, false)) {
                    found(*pattern, end);
                }
            }
        }
    }

    /// Where a pattern ends that begins at a word, all in one sentence.
    fn fits(&self, elements: &[Element], at: usize, first: bool) -> Option<usize> {
        let Some((element, rest)) = elements.split_first() else {
            return Some(at);
        };
        let furthest = at + usize::from(element.gap);
        for place in at..=furthest {
            let word = self.text.words.get(place)?;
            if !(first && place == at) && word.gap & gap::ENDS != 0 {
                break;
            }
            if let Some(next) = self.is(element.set, place)
                && let Some(end) = self.fits(rest, next, false)
            {
                return Some(end);
            }
        }
        if element.optional {
            return self.fits(rest, at, first);
        }
        None
    }

    /// The word after a word, or a name, that belongs to a set.
    fn is(&self, set: Set, at: usize) -> Option<usize> {
        if self.sets.get(at)?.binary_search(&set).is_ok() {
            return Some(at + 1);
        }
        if let Some((end, sets)) = self.named.get(at).copied().flatten()
            && sets.contains(&set)
        {
            return Some(end);
        }
        let number = self.is_number(at) && self.phrases.special.number.contains(&set);
        number.then_some(at + 1)
    }

    fn is_number(&self, at: usize) -> bool {
        self.text.words.get(at).is_some_and(|w| w.is(like::DIGIT))
    }

    /// Whether the sentence holds what makes a phrase harmless.
    fn but(&self, at: usize, unless: &[Vec<Element>]) -> bool {
        !unless.is_empty()
            && self.text.sentence(at).any(|at| {
                let fits = |pattern: &Vec<Element>| self.fits(pattern, at, true).is_some();
                unless.iter().any(fits)
            })
    }
}
