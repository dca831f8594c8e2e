//! What stricter verdicts take: cubes put together whoever says them, with bitsets to find those that matter.

use crate::cube::{AttributeIndex, Cube, ValueSet};
use crate::vocabulary::Vocabulary;

use super::columns::{Columns, first_bits, ones};
use super::point::{Point, bits};

/// A union of cubes.
#[derive(Debug, Clone, Default)]
pub(crate) struct Shade {
    parts: Vec<Part>,
    columns: Columns,
}

#[derive(Debug, Clone)]
struct Part {
    cube: Cube,
    /// The attributes whose neutral value the cube leaves out, one bit each for the first 128.
    needs: u128,
    /// The attributes that the cube names, likewise.
    names: u128,
}

impl Shade {
    /// Nothing.
    pub(super) const fn none() -> Self {
        Self {
            parts: Vec::new(),
            columns: Columns::none(),
        }
    }

    pub(super) fn new(cubes: Vec<Cube>, vocabulary: &Vocabulary) -> Self {
        let listed: Vec<&Cube> = cubes.iter().collect();
        let columns = Columns::new(&listed, vocabulary.sizes());
        let leaves = |(a, set): &&(AttributeIndex, ValueSet)| {
            vocabulary.at(*a).is_some_and(|at| !set.has(at.neutral))
        };
        let part = |cube: Cube| Part {
            needs: bits(cube.sets().iter().filter(leaves)),
            names: bits(cube.sets()),
            cube,
        };
        let parts = cubes.into_iter().map(part).collect();
        Self { parts, columns }
    }

    /// The cubes that meet a cube.
    pub(crate) fn meeting(&self, cube: &Cube) -> Vec<&Cube> {
        let meeting = self.columns.meeting(cube);
        let parts = ones(&meeting).filter_map(|at| self.parts.get(at));
        parts.map(|part| &part.cube).collect()
    }

    /// A cube that may well hold the situation; `None` where none does.
    pub(crate) fn holding(&self, point: &Point<'_>) -> Option<&Cube> {
        (0..self.parts.len().div_ceil(64)).find_map(|at| {
            let changed = point.changed().iter();
            let columns = changed.filter_map(|(a, v)| self.columns.admitting(*a, *v));
            let admit = columns.fold(self.all(at), |word, column| {
                word & column.get(at).copied().unwrap_or(0)
            });
            self.first(at, admit, |part| part.needs & !point.attributes() == 0)
        })
    }

    /// Whether one cube holds the whole of another.
    pub(crate) fn holds_alone(&self, cube: &Cube) -> bool {
        let names = bits(cube.sets());
        let holds = |part: &Part| part.names & !names == 0 && cube.is_within(&part.cube);
        (0..self.parts.len().div_ceil(64)).any(|at| {
            let mut left = self.all(at);
            for (attribute, set) in cube.sets() {
                let columns = set
                    .iter()
                    .filter_map(|v| self.columns.admitting(*attribute, v));
                left = columns.fold(left, |word, column| {
                    word & column.get(at).copied().unwrap_or(0)
                });
                if left == 0 {
                    return false;
                }
            }
            self.first(at, left, holds).is_some()
        })
    }

    /// The parts of one word.
    fn all(&self, word: usize) -> u64 {
        first_bits(self.parts.len() - word * 64)
    }

    /// The first of the parts of one word, among those whose bits are set, that is such a one.
    fn first(&self, word: usize, bits: u64, is: impl Fn(&Part) -> bool) -> Option<&Cube> {
        let parts = ones(std::slice::from_ref(&bits));
        let mut parts = parts.filter_map(|bit| self.parts.get(word * 64 + bit));
        parts.find(|part| is(part)).map(|part| &part.cube)
    }
}
