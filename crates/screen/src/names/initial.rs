//! A family name with an initial, and a given name with one.

use super::index::{letter_bit, role};
use super::{Hit, Search, kind_of};
use crate::finding::Manner;
use crate::kind::Kind;
use crate::known::Person;
use crate::text::{Casing, gap, like};

/// What may stand between an initial and a name.
const WITHIN: u16 = gap::SPACE | gap::DOT | gap::UNDER;

/// Of so many with one given name and initial, people at the school know which.
const FEW: usize = 4;

impl Search<'_> {
    pub(super) fn initials(&mut self) {
        for at in 0..self.text.words.len() {
            let mut letters = self.text.word(at).chars();
            let (Some(letter), None) = (letters.next(), letters.next()) else {
                continue;
            };
            if letter.is_alphabetic() && !self.is_taken(at..at + 1) {
                self.initial_and_family(at, letter);
                self.given_and_initial(at, letter);
                self.family_and_initial(at, letter);
            }
        }
    }

    /// `E. Khan`, `E Khan`, `@e_khan`.
    fn initial_and_family(&mut self, at: usize, letter: char) {
        let next = at + 1;
        let between = self.gap(next);
        let dotted = between & (gap::DOT | gap::UNDER) != 0;
        if between & !WITHIN != 0 || !self.written_as_initial(at, dotted) {
            return;
        }
        let found = self.readings(next).find(|reading| {
            let entry = self.index.entry(reading.id);
            entry.is(role::ANY_FAMILY) && entry.given_initials & letter_bit(letter) != 0
        });
        let Some(found) = found else { return };
        let end = next + found.words;
        let wordy = self.index.entry(found.id).is_word();
        let named = self.text.casing != Casing::Mixed || self.is(next, like::CAPITAL | like::TAG);
        if self.is_taken(next..end) || !named || (wordy && !dotted) {
            return;
        }
        let score = if dotted { 88 } else { 70 };
        let about = self.by_initial(found.id, letter);
        self.identified(at..end, score, about);
    }

    /// `Khan, E.` and `Khan E`, as lists have it.
    fn family_and_initial(&mut self, at: usize, letter: char) {
        let Some(before) = at.checked_sub(1) else {
            return;
        };
        let between = self.gap(at);
        let listed = between & gap::COMMA != 0 || self.is(before, like::UPPER);
        if between & !(WITHIN | gap::COMMA) != 0 || !listed || !self.is(at, like::CAPITAL) {
            return;
        }
        let found = self.readings(before).find(|reading| {
            let entry = self.index.entry(reading.id);
            reading.words == 1
                && entry.is(role::ANY_FAMILY)
                && entry.given_initials & letter_bit(letter) != 0
        });
        let Some(found) = found.filter(|_| !self.is_taken(before..at + 1)) else {
            return;
        };
        let about = self.by_initial(found.id, letter);
        self.identified(before..at + 1, 72, about);
    }

    /// `Ella K.`
    fn given_and_initial(&mut self, at: usize, letter: char) {
        let Some(before) = at.checked_sub(1) else {
            return;
        };
        let end_dot = self.gap(at + 1) & (gap::DOT | gap::STOP) != 0;
        let last = self
            .word(at + 1)
            .is_none_or(|word| word.gap & !gap::SPACE != 0);
        let pronoun = matches!(letter, 'i' | 'a') && !end_dot && !last;
        let capital = self.is(at, like::CAPITAL | like::TAG);
        if self.gap(at) & !WITHIN != 0 || pronoun || !capital {
            return;
        }
        let found = self.readings(before).find(|reading| {
            let entry = self.index.entry(reading.id);
            reading.words == 1
                && entry.is(role::GIVEN)
                && entry.family_initials & letter_bit(letter) != 0
        });
        let Some(found) = found.filter(|_| !self.is_taken(before..at + 1)) else {
            return;
        };
        let pupils = self.index.with_given(found.id);
        let pupils = pupils.filter(|pupil| self.index.has_family_initial(*pupil, letter));
        let about: Vec<Person> = pupils.map(Person::Pupil).collect();
        let score = if about.len() <= FEW { 68 } else { 58 };
        self.identified(before..at + 1, score, about);
    }

    fn identified(&mut self, words: std::ops::Range<usize>, score: u8, about: Vec<Person>) {
        let kind = kind_of(&about, Kind::PupilIdentified);
        self.hit(Hit {
            words,
            kind,
            score,
            manner: Manner::Initial,
            about,
        });
    }

    fn written_as_initial(&self, at: usize, dotted: bool) -> bool {
        match self.text.casing {
            Casing::Mixed => self.is(at, like::CAPITAL | like::TAG) || dotted,
            Casing::Small => dotted || !matches!(self.text.word(at), "a" | "i" | "x" | "u"),
            Casing::Capital => dotted || !matches!(self.text.word(at), "a" | "i"),
        }
    }

    /// Those of a family name; which of them has the initial is known where the roll has one such name.
    fn by_initial(&self, family: u32, letter: char) -> Vec<Person> {
        let people = self.index.with_family(family).iter().copied();
        people
            .filter(|person| self.index.has_initial(*person, letter))
            .collect()
    }
}
