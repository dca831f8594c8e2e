//! Two policies' ladders on one matter, and which of their rungs decide the same situation.

use std::borrow::Cow;

use crate::cube::Cube;
use crate::space::Space;
use crate::table::{Ladder, Matter, Narrowed, Point, Rung, Table};
use crate::vocabulary::Vocabulary;

/// How often a first guess is mended before the search begins in earnest.
const MENDS: usize = 4;

/// Two ladders on one matter.
pub(super) struct Pairing<'v> {
    pub(super) a: &'v Ladder,
    pub(super) b: &'v Ladder,
    vocabulary: &'v Vocabulary,
    space: Space<'v>,
}

impl<'v> Pairing<'v> {
    pub(super) fn new(
        a: &'v Table,
        b: &'v Table,
        matter: Matter,
        vocabulary: &'v Vocabulary,
    ) -> Self {
        Self {
            a: a.ladder(matter, vocabulary),
            b: b.ladder(matter, vocabulary),
            vocabulary,
            space: Space::new(vocabulary),
        }
    }

    /// Calls `found` once for each two voices that decide some possible situation in different words.
    pub(super) fn each(&self, mut found: impl FnMut(&Rung, &Rung)) {
        let columns = self.b.voices.len();
        let mut done = vec![false; self.a.voices.len() * columns];
        let mut point = Point::neutral(self.vocabulary);
        for mine in self.a.open() {
            // Where stricter rungs of the other side leave less and less of it, this is what they leave.
            let mut left = Cow::Borrowed(&mine.tight);
            let mut looked_at = 0;
            for theirs in self.b.deciding_in(&mine.tight.cube) {
                let Some(done) = done.get_mut(mine.voice * columns + theirs.voice) else {
                    continue;
                };
                if *done || mine.verdict == theirs.verdict || !left.cube.meets(&theirs.tight.cube) {
                    continue;
                }
                if self.is_plain(mine, theirs, &left, &mut point)
                    || self.is_decided(mine, theirs, &left.cube)
                {
                    *done = true;
                    found(mine, theirs);
                } else if looked_at < theirs.depth {
                    looked_at = theirs.depth;
                    let stricter = self.stricter(mine, theirs, &left.cube);
                    match self.space.tightened(&left.cube, stricter) {
                        Some(tight) => left = Cow::Owned(Narrowed::new(tight, self.vocabulary)),
                        None => break,
                    }
                }
            }
        }
    }

    /// Whether a situation near the most neutral one of both rungs is decided by them: the usual case, quick to see.
    fn is_plain(&self, mine: &Rung, theirs: &Rung, left: &Narrowed, point: &mut Point<'_>) -> bool {
        point.go_within(left, &theirs.tight);
        let (a, b) = (self.a.shade(mine), self.b.shade(theirs));
        for _ in 0..=MENDS {
            let Some(cube) = a.holding(point).or_else(|| b.holding(point)) else {
                return true;
            };
            if !point.leave(cube, &left.cube, &theirs.tight.cube) {
                return false;
            }
        }
        false
    }

    /// Whether a possible situation is in both rungs and in none that is stricter.
    fn is_decided(&self, mine: &Rung, theirs: &Rung, left: &Cube) -> bool {
        let Some(both) = left.and(&theirs.tight.cube) else {
            return false;
        };
        !self.a.shade(mine).holds_alone(&both)
            && !self.b.shade(theirs).holds_alone(&both)
            && self
                .space
                .find(&both, self.stricter(mine, theirs, &both))
                .is_some()
    }

    /// The cubes of stricter verdicts, on either side, and of what cannot be, that meet a cube.
    pub(super) fn stricter(&self, mine: &Rung, theirs: &Rung, both: &Cube) -> Vec<&'v Cube> {
        let mut cubes = self.a.shade(mine).meeting(both);
        cubes.extend(self.b.shade(theirs).meeting(both));
        cubes
    }
}
