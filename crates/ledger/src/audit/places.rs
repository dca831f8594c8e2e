//! Telling a record that was moved, taken out or put in from one that was altered.
//!
//! A leaf commits to its record's number, so a record that was moved together with its leaf fails under its new number and matches
//! under its own. After a removal or an insertion with the rest renumbered every later record is off by the same shift.

use super::report::{self, Finding};
use crate::{Hash, Salt, leaf};

/// How far from the number that is expected a record's own number is looked for.
const REACH: i64 = 8;
/// How many changes of shift are followed: a log in which everything is wrong must not take many times as long.
const CHANGES: usize = 256;
/// How many records that match nowhere near are kept, to be tried in each other's places at the end.
const STRANGERS: usize = 16;

/// A record whose content does not match its leaf under the number that was expected.
pub(super) struct Record<'a> {
    pub(super) number: u64,
    pub(super) stored: Hash,
    pub(super) salt: &'a Salt,
    pub(super) bytes: &'a [u8],
}

/// Records from `start` on whose own number is `shift` higher than the one they bear.
#[derive(Debug)]
struct Run {
    start: u64,
    shift: i64,
    /// How many records showed it. Erased ones cannot.
    length: u64,
}

/// A record that matches no number near its own.
#[derive(Debug)]
struct Stranger {
    number: u64,
    stored: Hash,
    salt: Salt,
    content: Vec<u8>,
}

#[derive(Debug, Default)]
pub(super) struct Places {
    shift: i64,
    /// Empty while every record is in its place.
    runs: Vec<Run>,
    strangers: Vec<Stranger>,
    /// Strangers beyond those kept: the first, and how many.
    more: Option<(u64, u64)>,
}

impl Places {
    /// How much higher than the number they bear the own number of the records is, that are read now.
    pub(super) fn shift(&self) -> i64 {
        self.shift
    }

    /// Counts a record that matches under the present shift.
    pub(super) fn in_place(&mut self) {
        if let Some(run) = self.runs.last_mut() {
            run.length += 1;
        }
    }

    /// Finds the own number of a record that does not match under the present shift.
    pub(super) fn displaced(&mut self, record: &Record<'_>) {
        let matches = |&shift: &i64| {
            let own = record.number.checked_add_signed(shift);
            own.is_some_and(|own| leaf(own, record.salt, record.bytes) == record.stored)
        };
        let follow = self.runs.len() < CHANGES && self.more.is_none();
        let near =
            (1..=if follow { REACH } else { 0 }).flat_map(|by| [self.shift - by, self.shift + by]);
        if let Some(shift) = [0].into_iter().chain(near).find(matches) {
            self.shift = shift;
            self.runs.push(Run {
                start: record.number,
                shift,
                length: 1,
            });
        } else if self.strangers.len() < STRANGERS {
            self.strangers.push(Stranger {
                number: record.number,
                stored: record.stored,
                salt: *record.salt,
                content: record.bytes.to_vec(),
            });
        } else {
            self.more.get_or_insert((record.number, 0)).1 += 1;
        }
    }

    /// Names what happened, given how many records were fed and how many the store's head covers; returns the shift of the log's end.
    /// What stands beyond the head is for the caller to name.
    pub(super) fn resolve(&mut self, fed: u64, head: u64, findings: &mut Vec<Finding>) -> i64 {
        self.exchanges(findings);
        let end = head.wrapping_sub(fed).cast_signed();
        let shift = self.shifts(end, findings);
        self.strangers
            .retain(|stranger| shift == end || stranger.number < head);
        let strangers = self.strangers.iter().map(|stranger| (stranger.number, 1));
        for (first, count) in strangers.chain(self.more) {
            report::add(findings, Finding::Altered { first, count });
        }
        shift
    }

    /// Pairs of strangers of which one, or its content or leaf alone, belongs in the other's place.
    fn exchanges(&mut self, findings: &mut Vec<Finding>) {
        let mut left = std::mem::take(&mut self.strangers);
        while let Some(stranger) = (!left.is_empty()).then(|| left.remove(0)) {
            let other = left
                .iter()
                .position(|other| stranger.belongs_at(other) || other.belongs_at(&stranger));
            if let Some(other) = other.map(|at| left.remove(at)) {
                let (first, with) = (stranger.number, Some(other.number));
                report::add(findings, Finding::Reordered { first, with });
            } else {
                self.strangers.push(stranger);
            }
        }
    }

    /// Reads the runs: an excursion whose shifts cancel out is a new order; any other step up is a removal, any step down an
    /// insertion. `end` is the last shift that the size of the log leads one to expect; the last shift found is returned.
    fn shifts(&mut self, end: i64, findings: &mut Vec<Finding>) -> i64 {
        let (mut level, mut at) = (0, 0);
        let runs = std::mem::take(&mut self.runs);
        while let Some((run, after)) = runs.get(at..).and_then(<[Run]>::split_first) {
            at += 1;
            if run.shift == level {
                continue;
            }
            if let Some(length) = cancels_out(run, after, level) {
                at += length;
                let with = (run.length == 1)
                    .then(|| run.start.checked_add_signed(run.shift - level))
                    .flatten();
                let swap = after.iter().any(|other| {
                    Some(other.start) == with && other.shift - level == level - run.shift
                });
                report::add(
                    findings,
                    Finding::Reordered {
                        first: run.start,
                        with: with.filter(|_| swap),
                    },
                );
                continue;
            }
            let put_in = |stranger: &Stranger| stranger.number.checked_add(1) == Some(run.start);
            let back = after.first().map_or_else(
                || run.shift != end && !self.strangers.iter().any(put_in),
                |next| next.shift == level,
            );
            if run.length == 1 && back {
                // One record was replaced by a copy of another.
                let (first, count) = (run.start, 1);
                report::add(findings, Finding::Altered { first, count });
                continue;
            }
            self.step(run, level, findings);
            level = run.shift;
        }
        level
    }

    fn step(&mut self, run: &Run, level: i64, findings: &mut Vec<Finding>) {
        let count = run.shift.abs_diff(level);
        if run.shift > level {
            let first = run.start.saturating_add_signed(level);
            report::add(findings, Finding::Missing { first, count });
            return;
        }
        let first = run.start.saturating_sub(count);
        report::add(findings, Finding::Added { first, count });
        // What was put in matches nothing; it is not an altered record besides.
        self.strangers
            .retain(|stranger| !(first..run.start).contains(&stranger.number));
    }
}

impl Stranger {
    fn belongs_at(&self, other: &Self) -> bool {
        let there = leaf(other.number, &self.salt, &self.content);
        let here = leaf(self.number, &self.salt, &self.content);
        there == other.stored || there == self.stored || here == other.stored
    }
}

/// How many of the runs after this one it takes until the shifts against the level have cancelled out and the level is reached again.
fn cancels_out(run: &Run, after: &[Run], level: i64) -> Option<usize> {
    let weight = |run: &Run| (i128::from(run.shift) - i128::from(level)) * i128::from(run.length);
    let mut sum = weight(run);
    for (index, next) in after.iter().enumerate() {
        if sum == 0 && next.shift == level {
            return Some(index);
        }
        sum += weight(next);
    }
    (sum == 0).then_some(after.len())
}
