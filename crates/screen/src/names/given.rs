//! Given names alone, and with what tells which pupil it is.

use super::groups::Group;
use super::index::role;
use super::{Hit, Search};
use crate::finding::Manner;
use crate::kind::Kind;
use crate::known::Person;
use crate::lists::mark;
use crate::text::{Casing, gap, like};

/// More people of one name tell nobody which.
const NAMED_AT_MOST: usize = 20;

impl Search<'_> {
    pub(super) fn given_names(&mut self) {
        for at in 0..self.text.words.len() {
            let reading = self.readings(at).filter(|reading| {
                let entry = self.index.entry(reading.id);
                entry.is(role::GIVEN | role::SHORT)
            });
            let Some(reading) = reading.max_by_key(|reading| reading.words) else {
                continue;
            };
            let end = at + reading.words;
            if self.is_taken(at..end) {
                continue;
            }
            let Some(score) = self.as_a_name(at, end, reading.id) else {
                continue;
            };
            if !self.with_group(at, end, reading.id, score) && score >= 30 {
                let about = self.index.with_given(reading.id).take(NAMED_AT_MOST);
                let about = about.map(Person::Pupil).collect();
                self.hit(Hit {
                    words: at..end,
                    kind: Kind::PupilGivenName,
                    score,
                    manner: Manner::Plain,
                    about,
                });
            }
        }
    }

    /// How likely a word is somebody's given name here; `None` where it is not one, or somebody else's.
    fn as_a_name(&self, at: usize, end: usize, id: u32) -> Option<u8> {
        let entry = self.index.entry(id);
        let word = entry.is_word();
        let capital = self.is(at, like::CAPITAL);
        let mut score: u8 = match self.text.casing {
            Casing::Mixed if !capital => return None,
            Casing::Mixed if word && self.is(at, like::FIRST) => 25,
            Casing::Mixed if word => 45,
            Casing::Mixed => 50,
            _ if word => return None,
            _ => 45,
        };
        if self.else_before(at, entry.marked(mark::TIME)) || self.else_after(end) {
            return None;
        }
        let mut sentence = self.text.sentence(at);
        if sentence.any(|at| self.marked(at, mark::PRAISE | mark::PUPIL)) {
            score += 20;
        }
        if self.is(at, like::OWNS) {
            score += 5;
        }
        Some(score)
    }

    /// `Queen Elizabeth`, `in May`, `5 June`, `Jane Austen` read from its end.
    fn else_before(&self, at: usize, time: bool) -> bool {
        let Some(before) = at.checked_sub(1) else {
            return false;
        };
        let close = self.gap(at) & !(gap::SPACE | gap::DOT | gap::HYPHEN) == 0;
        if !close {
            return false;
        }
        let number = self.is(before, like::DIGIT);
        let other = self.marked(before, mark::OTHER | mark::TITLE);
        let when = time && (number || self.marked(before, mark::WHEN));
        let unknown = self.text.casing == Casing::Mixed
            && self.gap(at) == gap::SPACE
            && self.is(before, like::CAPITAL)
            && !self.is(before, like::FIRST)
            && self.readings(before).next().is_none();
        other || when || unknown
    }

    /// `Jane Austen`, `Grace Street`, `May 2024`.
    fn else_after(&self, end: usize) -> bool {
        if self.gap(end) & !(gap::SPACE | gap::HYPHEN) != 0 {
            return false;
        }
        let number = self.is(end, like::DIGIT) && !self.begins_group(end);
        let capital = self.text.casing == Casing::Mixed
            && self.is(end, like::CAPITAL)
            && self.word(end).is_some_and(|word| word.end - word.start > 1);
        let own = self.begins_group(end)
            || self.marked(end, mark::PUPIL | mark::PRAISE | mark::COMMON)
            || self
                .readings(end)
                .any(|r| self.index.entry(r.id).is(role::ANY_GIVEN));
        let place = self.marked(end, mark::PLACE) && self.text.casing != Casing::Mixed;
        number || place || (capital && !own)
    }

    fn begins_group(&self, at: usize) -> bool {
        self.groups.iter().any(|seen| seen.words.contains(&at))
    }

    /// A given name with a class, a year, a team or a school in its sentence.
    fn with_group(&mut self, at: usize, end: usize, id: u32, score: u8) -> bool {
        let sentence = self.text.sentence(at);
        let near = |seen: &&super::Seen| {
            let distance = seen.words.start.max(at) - seen.words.end.min(at).min(end);
            sentence.contains(&seen.words.start) && distance <= 14
        };
        let groups: Vec<Group> = self.groups.iter().filter(near).map(|s| s.group).collect();
        let mut best: Option<(u8, Manner, Vec<Person>)> = None;
        for group in groups {
            let pupils = self.index.with_given(id);
            let pupils = pupils.filter(|pupil| self.index.groups.has(*pupil, group));
            let about: Vec<Person> = pupils.map(Person::Pupil).collect();
            let (manner, weight) = match group {
                Group::Class(_) => (Manner::WithClass, 90),
                Group::Team(_) => (Manner::WithTeam, 88),
                Group::Year(_) => (Manner::WithYear, 80),
                Group::School(_) => (Manner::WithSchool, 62),
            };
            let few = about.len() <= NAMED_AT_MOST;
            if about.is_empty() || !few {
                continue;
            }
            // A weak name stays weak; several of that name are told apart less well.
            let weight = weight - if score < 40 { 25 } else { 0 };
            let weight = if about.len() > 3 { weight - 20 } else { weight };
            if best.as_ref().is_none_or(|(most, ..)| weight > *most) {
                best = Some((weight, manner, about));
            }
        }
        let Some((score, manner, about)) = best else {
            return false;
        };
        self.hit(Hit {
            words: at..end,
            kind: Kind::PupilIdentified,
            score,
            manner,
            about,
        });
        true
    }
}
