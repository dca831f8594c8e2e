//! People whom everybody knows: their names are not the pupils' unless the roll has them whole.

use std::ops::Range;

use super::Search;
use crate::lists::mark;
use crate::text::gap;

/// Famous names have no more words.
const LONGEST: usize = 4;

impl Search<'_> {
    /// Takes the words of famous people, so that their given names are nobody's at the school.
    pub(super) fn famous(&mut self) {
        for at in 0..self.text.words.len() {
            if !self.marked(at, mark::FAMOUS) {
                continue;
            }
            let longest = (2..=LONGEST)
                .rev()
                .find(|words| self.is_famous(at..at + words));
            if let Some(words) = longest.filter(|words| !self.is_taken(at..at + words)) {
                self.take(at..at + words);
            }
        }
    }

    pub(super) fn is_famous(&self, words: Range<usize>) -> bool {
        let joins = gap::SPACE | gap::DOT | gap::HYPHEN | gap::UNDER;
        let mut inner = words.clone().skip(1);
        if !self.marked(words.start, mark::FAMOUS) || inner.any(|at| self.gap(at) & !joins != 0) {
            return false;
        }
        let mut name = String::new();
        self.text.joined(words, &mut name);
        self.index.is_famous(&name)
    }

    /// Whether the sentence is about pupils or their school.
    pub(super) fn speaks_of_pupils(&self, at: usize) -> bool {
        let sentence = self.text.sentence(at);
        let group = |at: usize| self.groups.iter().any(|seen| seen.words.contains(&at));
        let mut words = sentence.clone();
        words.any(|at| self.marked(at, mark::PUPIL | mark::PRAISE) || group(at))
    }

    /// Whether the sentence is about films, books, matches on television.
    pub(super) fn speaks_of_fame(&self, at: usize) -> bool {
        let mut sentence = self.text.sentence(at);
        sentence.any(|at| self.marked(at, mark::FAME))
    }
}
