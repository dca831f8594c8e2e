//! Finds every phrase in a text.
//!
//! A phrase spans a bounded number of words, and what starts at a word depends on the words after it alone: the work
//! grows with the length of the text and no faster.

use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::lexicon::{Lexicon, NodeId, Step};
use super::tokens::Token;
use crate::vocabulary::pattern::ListIndex;

/// A phrase found in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) phrase: usize,
    /// The position at which it starts.
    start: usize,
    /// The words it takes, by position and in order, without those that a gap skips or that only have to be there.
    pub(super) takes: Vec<usize>,
    /// The position after its last word.
    pub(super) end: usize,
}

impl Found {
    /// The position at which it starts, which may be before the first word it takes.
    pub(super) fn start(&self) -> usize {
        self.start
    }

    /// How many words it spans.
    pub(super) fn length(&self) -> usize {
        self.end - self.start
    }

    /// The position of the first word it takes.
    pub(super) fn first(&self) -> usize {
        self.takes.first().copied().unwrap_or(self.end)
    }

    /// The position of the last word it takes.
    pub(super) fn last(&self) -> usize {
        self.takes.last().copied().unwrap_or(self.end)
    }

    /// Whether this takes every word that the other takes and is longer: by the words it takes, or where these are
    /// the same, by the words that have to be there.
    pub(super) fn outdoes(&self, other: &Self) -> bool {
        let length = |found: &Self| (found.takes.len(), found.length());
        let mut mine = self.takes.iter();
        !other.takes.is_empty()
            && length(self) > length(other)
            && other.takes.iter().all(|w| mine.any(|m| m == w))
    }
}

/// One reading of a text.
pub(super) struct Chart<'l> {
    lexicon: &'l Lexicon,
    tokens: &'l [Token],
    /// The entries of a list that start at a position.
    entries: FxHashMap<(ListIndex, usize), Rc<[Entry]>>,
    nothing: Rc<[Entry]>,
}

impl<'l> Chart<'l> {
    pub(super) fn new(lexicon: &'l Lexicon, tokens: &'l [Token]) -> Self {
        Self {
            lexicon,
            tokens,
            entries: FxHashMap::default(),
            nothing: Rc::new([]),
        }
    }

    /// Every phrase, by where it starts.
    pub(super) fn phrases(&mut self) -> Vec<Found> {
        let mut found = Vec::new();
        for start in 0..self.tokens.len() {
            let mut walk = Walk::from(start);
            self.walk(self.lexicon.root(), start, &mut walk);
            found.append(&mut walk.found);
        }
        found
    }

    /// The entries of a list that start at `start`, the shortest first; of two that end alike, the one that takes less.
    pub(super) fn entries(&mut self, list: ListIndex, start: usize) -> Rc<[Entry]> {
        let opens = self.tokens.get(start).is_some_and(|token| {
            let number = token.number.is_some();
            self.lexicon.opens(list, token.word, number)
        });
        if !opens {
            return Rc::clone(&self.nothing);
        }
        if let Some(entries) = self.entries.get(&(list, start)) {
            return Rc::clone(entries);
        }
        let root = self.lexicon.list(list);
        let mut walk = Walk::from(start);
        self.walk(root, start, &mut walk);
        let entry = |found: Found| Entry {
            end: found.end,
            takes: found.takes,
        };
        let mut entries: Vec<Entry> = walk.found.into_iter().map(entry).collect();
        entries.sort_by_key(|entry| (entry.end, entry.takes.len()));
        entries.dedup_by_key(|entry| entry.end);
        let entries: Rc<[Entry]> = entries.into();
        self.entries.insert((list, start), Rc::clone(&entries));
        entries
    }

    fn walk(&mut self, node: NodeId, at: usize, walk: &mut Walk) {
        if !walk.seen.insert((node, at)) {
            return;
        }
        let lexicon = self.lexicon;
        let Some(here) = lexicon.node(node) else {
            return;
        };
        walk.found.extend(here.ends.iter().map(|phrase| Found {
            phrase: *phrase,
            start: walk.start,
            takes: walk.takes.clone(),
            end: at,
        }));
        let Some(token) = self.tokens.get(at) else {
            return;
        };
        if let Some(next) = token.word.and_then(|word| here.words.get(&word)) {
            self.taking(*next, &[at], at + 1, walk);
        }
        for (step, next) in &here.steps {
            match step {
                Step::Number(from, to) => {
                    if token.number.is_some_and(|n| (*from..=*to).contains(&n)) {
                        self.taking(*next, &[at], at + 1, walk);
                    }
                }
                Step::List(list, free) => {
                    for entry in self.entries(*list, at).iter() {
                        let takes: &[usize] = if *free { &[] } else { &entry.takes };
                        self.taking(*next, takes, entry.end, walk);
                    }
                }
                Step::Start => {
                    if at == 0 {
                        self.walk(*next, at, walk);
                    }
                }
                Step::Gap(words) => {
                    for skipped in 0..=usize::from(*words) {
                        self.walk(*next, at + skipped, walk);
                    }
                }
            }
        }
    }

    fn taking(&mut self, node: NodeId, takes: &[usize], to: usize, walk: &mut Walk) {
        let before = walk.takes.len();
        walk.takes.extend(takes);
        self.walk(node, to, walk);
        walk.takes.truncate(before);
    }
}

/// An entry of a list, found in the text: the words it takes, and the position after its last word.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) end: usize,
    takes: Vec<usize>,
}

/// The walk from one position.
struct Walk {
    start: usize,
    takes: Vec<usize>,
    seen: FxHashSet<(NodeId, usize)>,
    found: Vec<Found>,
}

impl Walk {
    fn from(start: usize) -> Self {
        Self {
            start,
            takes: Vec::new(),
            seen: FxHashSet::default(),
            found: Vec::new(),
        }
    }
}
