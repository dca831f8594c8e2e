//! Staff by title: `Mr Patel`, `Miss Smith`.

use super::index::role;
use super::{Hit, Search};
use crate::finding::Manner;
use crate::kind::Kind;
use crate::known::Person;
use crate::lists::mark;
use crate::text::gap;

impl Search<'_> {
    pub(super) fn staff_by_title(&mut self) {
        for at in 0..self.text.words.len() {
            if !self.marked(at, mark::TITLE) {
                continue;
            }
            let mut next = at + 1;
            // A full stop after 'Mr' ends no sentence.
            let close = gap::SPACE | gap::DOT | gap::STOP;
            if self.gap(next) & !close != 0 || self.is_taken(next..next + 1) {
                continue;
            }
            // 'Mr J Patel'.
            if self.text.word(next).chars().count() == 1 && self.gap(next + 1) & !close == 0 {
                next += 1;
            }
            self.titled(at, next);
        }
    }

    /// A family name after a title: of staff, or of somebody's mother, but not a pupil's.
    fn titled(&mut self, title: usize, at: usize) {
        let found = self
            .readings(at)
            .filter(|reading| self.index.entry(reading.id).is(role::ANY_FAMILY))
            .max_by_key(|reading| reading.words);
        let Some(found) = found else {
            self.take(at..at + 1);
            return;
        };
        let words = title..at + found.words;
        let people = self.index.with_family(found.id).iter().copied();
        let about: Vec<Person> = people
            .filter(|person| matches!(person, Person::Staff(_)))
            .collect();
        if about.is_empty() {
            self.take(words);
            return;
        }
        self.hit(Hit {
            words,
            kind: Kind::StaffNamed,
            score: 92,
            manner: Manner::Titled,
            about,
        });
    }
}
