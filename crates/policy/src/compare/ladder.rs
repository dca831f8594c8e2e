//! One policy's rows on one matter, from the strictest verdict down to silence, with bitsets to find those that meet.

use std::ops::Range;

use crate::cube::{AttributeIndex, Cube, ValueSet, joined};
use crate::policy_file::ClauseIndex;
use crate::space::nearest;
use crate::table::{RowKind, Table, Verdict};
use crate::vocabulary::{DutyHeadline, Vocabulary};

use super::Matter;

/// One cube that gives a verdict, or the silence below all of them.
#[derive(Debug)]
pub(super) struct Rung {
    /// The clause; `None` for silence.
    pub(super) clause: Option<ClauseIndex>,
    pub(super) verdict: Verdict,
    pub(super) cube: Cube,
    /// The rungs of a stricter verdict: they come first.
    pub(super) stricter: usize,
    /// The number of the clause and verdict among those of the ladder.
    pub(super) voice: usize,
    /// The attributes whose neutral value the cube leaves out, one bit each for the first 128.
    needs: u128,
    /// The attributes that the cube names, likewise.
    names: u128,
}

/// The rungs in order, and for each value of each attribute the rungs that admit it.
#[derive(Debug)]
pub(super) struct Ladder {
    pub(super) rungs: Vec<Rung>,
    /// For each voice, its rungs: one clause with one verdict.
    pub(super) voices: Vec<Range<usize>>,
    width: usize,
    starts: Vec<Option<usize>>,
    words: Vec<u64>,
}

/// Values that differ from the neutral ones, and the attributes they belong to as bits.
#[derive(Debug, Default)]
pub(super) struct Point {
    pub(super) changed: Vec<(AttributeIndex, u8)>,
    mask: u128,
}

impl Point {
    /// The most neutral situation that is in both cubes, which meet.
    pub(super) fn within(&mut self, a: &Cube, b: &Cube, neutral: &[u8]) {
        self.changed.clear();
        self.mask = 0;
        let (mut mine, mut theirs) = (a.sets().iter().peekable(), b.sets().iter().peekable());
        loop {
            let (attribute, set) = match (mine.peek(), theirs.peek()) {
                (Some((k, set)), Some((l, with))) if k == l => {
                    let both = (*k, set.and(*with));
                    mine.next();
                    theirs.next();
                    both
                }
                (Some(named), Some((l, _))) if named.0 < *l => {
                    let named = **named;
                    mine.next();
                    named
                }
                (Some(named), None) => {
                    let named = **named;
                    mine.next();
                    named
                }
                (_, Some(named)) => {
                    let named = **named;
                    theirs.next();
                    named
                }
                (None, None) => return,
            };
            let usual = neutral.get(attribute).copied().unwrap_or(0);
            let value = nearest(set, usual);
            if value != usual {
                self.changed.push((attribute, value));
                self.mask |= bit(attribute);
            }
        }
    }

    /// Whether a cube holds the situation.
    pub(super) fn is_in(&self, cube: &Cube, neutral: &[u8]) -> bool {
        cube.sets().iter().all(|(attribute, set)| {
            let changed = self.changed.iter().find(|(a, _)| a == attribute);
            let usual = || neutral.get(*attribute).copied();
            changed
                .map(|(_, value)| *value)
                .or_else(usual)
                .is_some_and(|value| set.has(value))
        })
    }
}

impl Ladder {
    pub(super) fn new(table: &Table, matter: Matter, vocabulary: &Vocabulary) -> Self {
        let mut found: Vec<(Verdict, ClauseIndex, &Cube)> = table
            .rows()
            .iter()
            .filter(|row| matches!(row.kind, RowKind::Decides | RowKind::Granted))
            .filter_map(|row| {
                let mut verdict = Verdict::SILENT;
                match matter {
                    Matter::Standing => {
                        verdict.standing = row.standing?;
                        verdict.strength = Some(row.strength);
                        verdict.strength = verdict.shown_strength();
                    }
                    Matter::Report => {
                        let due = DutyHeadline::MustReport;
                        verdict.report = Some(table.duty_strength(row, due, vocabulary)?);
                    }
                    Matter::Declare => {
                        let due = DutyHeadline::MustDeclare;
                        verdict.declare = Some(table.duty_strength(row, due, vocabulary)?);
                    }
                }
                Some((verdict, row.clause, &row.cube))
            })
            .collect();
        found.sort_by_key(|(verdict, clause, _)| (*verdict, *clause));
        let mut ladder = Self {
            rungs: Vec::with_capacity(found.len()),
            voices: Vec::new(),
            width: 0,
            starts: Vec::new(),
            words: Vec::new(),
        };
        for voice in found.chunk_by(|(v, c, _), (w, d, _)| (v, c) == (w, d)) {
            let Some((verdict, clause, _)) = voice.first() else {
                continue;
            };
            let cubes = voice.iter().map(|(_, _, cube)| (*cube).clone());
            let cubes = joined(cubes, vocabulary.sizes());
            ladder.push(*verdict, Some(*clause), cubes, vocabulary);
        }
        ladder.push(Verdict::SILENT, None, vec![Cube::everything()], vocabulary);
        ladder.index(vocabulary);
        ladder
    }

    /// Adds one clause with one verdict.
    fn push(
        &mut self,
        verdict: Verdict,
        clause: Option<ClauseIndex>,
        cubes: Vec<Cube>,
        vocabulary: &Vocabulary,
    ) {
        let first = self.rungs.len();
        let above = self.rungs.last().filter(|above| above.verdict == verdict);
        let stricter = above.map_or(first, |above| above.stricter);
        let voice = self.voices.len();
        self.voices.push(first..first + cubes.len());
        self.rungs.extend(cubes.into_iter().map(|cube| {
            let leaves = |(a, set): &&(AttributeIndex, ValueSet)| {
                vocabulary.at(*a).is_some_and(|at| !set.has(at.neutral))
            };
            Rung {
                clause,
                verdict,
                stricter,
                voice,
                needs: bits(cube.sets().iter().filter(leaves)),
                names: bits(cube.sets()),
                cube,
            }
        }));
    }

    /// Makes a column of bitsets for each attribute that some rung names.
    fn index(&mut self, vocabulary: &Vocabulary) {
        self.width = self.rungs.len().div_ceil(64);
        self.starts = vec![None; vocabulary.sizes().len()];
        for (attribute, values) in vocabulary.sizes().iter().enumerate() {
            if !self.rungs.iter().any(|r| r.cube.get(attribute).is_some()) {
                continue;
            }
            let start = self.words.len();
            self.words.resize(start + values * self.width, 0);
            if let Some(slot) = self.starts.get_mut(attribute) {
                *slot = Some(start);
            }
            for (at, rung) in self.rungs.iter().enumerate() {
                let all = ValueSet::all(*values);
                for value in rung.cube.get(attribute).unwrap_or(all).iter() {
                    let word = start + usize::from(value) * self.width + at / 64;
                    if let Some(word) = self.words.get_mut(word) {
                        *word |= 1 << (at % 64);
                    }
                }
            }
        }
    }

    fn column(&self, attribute: AttributeIndex, value: u8) -> Option<&[u64]> {
        let start = self.starts.get(attribute).copied().flatten()?;
        let start = start + usize::from(value) * self.width;
        self.words.get(start..start + self.width)
    }

    /// The rungs of the same clause and verdict.
    pub(super) fn of_voice(&self, rung: &Rung) -> &[Rung] {
        let range = self.voices.get(rung.voice).cloned().unwrap_or(0..0);
        self.rungs.get(range).unwrap_or(&[])
    }

    /// Those of the first `count` rungs whose cubes meet a cube, one bit each.
    pub(super) fn meeting(&self, count: usize, cube: &Cube) -> Vec<u64> {
        let mut words: Vec<u64> = (0..self.width)
            .map(|at| first_bits(count.saturating_sub(at * 64)))
            .collect();
        let mut admits = vec![0u64; self.width];
        for (attribute, set) in cube.sets() {
            if self.starts.get(*attribute).copied().flatten().is_none() {
                continue;
            }
            admits.fill(0);
            for value in set.iter() {
                let column = self.column(*attribute, value).unwrap_or(&[]);
                admits.iter_mut().zip(column).for_each(|(w, c)| *w |= c);
            }
            words.iter_mut().zip(&admits).for_each(|(w, a)| *w &= a);
        }
        words
    }

    /// Those of the first `count` cubes that meet a cube.
    pub(super) fn cubes_meeting(&self, count: usize, cube: &Cube) -> Vec<&Cube> {
        let meeting = self.meeting(count, cube);
        let rungs = ones(&meeting).filter_map(|at| self.rungs.get(at));
        rungs.map(|rung| &rung.cube).collect()
    }

    /// Whether one of the first `stricter` rungs holds the situation.
    pub(super) fn is_held(&self, stricter: usize, point: &Point) -> bool {
        let held = |(at, rung): (usize, u64)| {
            let mut left = rung;
            while left != 0 {
                let index = at * 64 + left.trailing_zeros() as usize;
                left &= left - 1;
                if self
                    .rungs
                    .get(index)
                    .is_some_and(|r| r.needs & !point.mask == 0)
                {
                    return true;
                }
            }
            false
        };
        (0..stricter.div_ceil(64))
            .map(|at| {
                let columns = point
                    .changed
                    .iter()
                    .filter_map(|(a, v)| self.column(*a, *v));
                let all = columns.fold(first_bits(stricter - at * 64), |word, column| {
                    word & column.get(at).copied().unwrap_or(0)
                });
                (at, all)
            })
            .any(held)
    }

    /// Whether one of the first `stricter` rungs holds the whole cube. It may overlook one that does, and never
    /// takes one for it that does not.
    pub(super) fn is_within_one(&self, stricter: usize, cube: &Cube) -> bool {
        let names = bits(cube.sets());
        let columns = || {
            let each = |(a, set): &(AttributeIndex, ValueSet)| {
                let attribute = *a;
                set.iter().filter_map(move |v| self.column(attribute, v))
            };
            cube.sets().iter().flat_map(each)
        };
        (0..stricter.div_ceil(64)).any(|at| {
            let mut left = columns().fold(first_bits(stricter - at * 64), |word, column| {
                word & column.get(at).copied().unwrap_or(0)
            });
            while left != 0 {
                let index = at * 64 + left.trailing_zeros() as usize;
                left &= left - 1;
                let rung = self.rungs.get(index);
                if rung.is_some_and(|r| r.names & !names == 0 && cube.is_within(&r.cube)) {
                    return true;
                }
            }
            false
        })
    }
}

/// The attributes of sets, as bits.
fn bits<'s>(sets: impl IntoIterator<Item = &'s (AttributeIndex, ValueSet)>) -> u128 {
    sets.into_iter().fold(0, |bits, (a, _)| bits | bit(*a))
}

/// The lowest bits of a word.
fn first_bits(count: usize) -> u64 {
    u32::try_from(count)
        .ok()
        .and_then(|count| 1u64.checked_shl(count))
        .map_or(u64::MAX, |bit| bit - 1)
}

/// The bit of an attribute; those beyond the first 128 have none, which only costs a closer look.
fn bit(attribute: AttributeIndex) -> u128 {
    u32::try_from(attribute)
        .ok()
        .and_then(|shift| 1u128.checked_shl(shift))
        .unwrap_or(0)
}

/// The positions of the bits that are set.
pub(super) fn ones(words: &[u64]) -> impl Iterator<Item = usize> {
    words.iter().enumerate().flat_map(|(at, word)| {
        let mut left = *word;
        std::iter::from_fn(move || {
            let bit = left.trailing_zeros() as usize;
            (left != 0).then(|| {
                left &= left - 1;
                at * 64 + bit
            })
        })
    })
}
