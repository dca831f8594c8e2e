//! Two policies' ladders on one matter, and which of their rungs decide the same situation.

use crate::cube::Cube;
use crate::space::Space;
use crate::table::Table;
use crate::vocabulary::Vocabulary;

use super::Matter;
use super::ladder::{Ladder, Point, Rung, ones};

/// Two ladders on one matter.
pub(super) struct Pairing<'v> {
    pub(super) a: Ladder,
    pub(super) b: Ladder,
    neutral: Vec<u8>,
    impossible: Vec<&'v Cube>,
    space: Space<'v>,
}

impl<'v> Pairing<'v> {
    pub(super) fn new(a: &Table, b: &Table, matter: Matter, vocabulary: &'v Vocabulary) -> Self {
        Self {
            a: Ladder::new(a, matter, vocabulary),
            b: Ladder::new(b, matter, vocabulary),
            neutral: vocabulary.attributes().iter().map(|a| a.neutral).collect(),
            impossible: vocabulary.impossible().iter().map(|i| &i.when).collect(),
            space: Space::new(vocabulary),
        }
    }

    /// Calls `found` once for each two voices that decide some possible situation in different words.
    pub(super) fn each(&self, mut found: impl FnMut(&Rung, &Rung)) {
        let columns = self.b.voices.len();
        let mut done = vec![false; self.a.voices.len() * columns];
        let mut point = Point::default();
        for mine in &self.a.rungs {
            for at in ones(&self.b.meeting(self.b.rungs.len(), &mine.cube)) {
                let Some(theirs) = self.b.rungs.get(at) else {
                    continue;
                };
                let Some(done) = done.get_mut(mine.voice * columns + theirs.voice) else {
                    continue;
                };
                if *done || mine.verdict == theirs.verdict {
                    continue;
                }
                if self.is_plain(mine, theirs, &mut point) || self.is_decided(mine, theirs) {
                    *done = true;
                    found(mine, theirs);
                }
            }
        }
    }

    /// Whether the most neutral situation that both rungs hold is decided by them: the usual case, quick to see.
    fn is_plain(&self, mine: &Rung, theirs: &Rung, point: &mut Point) -> bool {
        point.within(&mine.cube, &theirs.cube, &self.neutral);
        let mut impossible = self.impossible.iter();
        !self.a.is_held(mine.stricter, point)
            && !self.b.is_held(theirs.stricter, point)
            && !impossible.any(|cube| point.is_in(cube, &self.neutral))
    }

    /// Whether a possible situation is in both rungs and in none that is stricter.
    fn is_decided(&self, mine: &Rung, theirs: &Rung) -> bool {
        let Some(both) = mine.cube.and(&theirs.cube) else {
            return false;
        };
        if self.a.is_within_one(mine.stricter, &both)
            || self.b.is_within_one(theirs.stricter, &both)
        {
            return false;
        }
        self.space
            .find(&both, self.stricter(mine, theirs, &both))
            .is_some()
    }

    /// The cubes of stricter verdicts, on either side, that meet a cube.
    pub(super) fn stricter(&self, mine: &Rung, theirs: &Rung, both: &Cube) -> Vec<&Cube> {
        let mut cubes = self.a.cubes_meeting(mine.stricter, both);
        cubes.extend(self.b.cubes_meeting(theirs.stricter, both));
        cubes
    }
}
