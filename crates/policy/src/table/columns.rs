//! Bitsets over a list of cubes: for each value of each attribute, the cubes that admit it.

use crate::cube::{AttributeIndex, Cube, ValueSet};

/// For each attribute that some cube names, a bitset of the cubes for each of its values.
#[derive(Debug, Clone, Default)]
pub(super) struct Columns {
    width: usize,
    /// A bit for each cube.
    everything: Vec<u64>,
    /// Where the bitsets of an attribute start.
    starts: Vec<Option<usize>>,
    words: Vec<u64>,
}

impl Columns {
    /// Over no cubes.
    pub(super) const fn none() -> Self {
        Self {
            width: 0,
            everything: Vec::new(),
            starts: Vec::new(),
            words: Vec::new(),
        }
    }

    pub(super) fn new(cubes: &[&Cube], sizes: &[usize]) -> Self {
        let width = cubes.len().div_ceil(64);
        let mut columns = Self {
            width,
            everything: (0..width)
                .map(|at| first_bits(cubes.len() - at * 64))
                .collect(),
            starts: vec![None; sizes.len()],
            words: Vec::new(),
        };
        for (at, cube) in cubes.iter().enumerate() {
            for (attribute, set) in cube.sets() {
                let values = sizes.get(*attribute).copied().unwrap_or(0);
                let start = columns.begin(*attribute, values);
                for value in ValueSet::all(values).without(*set).iter() {
                    let word = start + usize::from(value) * width + at / 64;
                    if let Some(word) = columns.words.get_mut(word) {
                        *word &= !(1 << (at % 64));
                    }
                }
            }
        }
        columns
    }

    /// Where the attribute's bitsets start; they begin full.
    fn begin(&mut self, attribute: AttributeIndex, values: usize) -> usize {
        let next = self.words.len();
        match self.starts.get_mut(attribute) {
            Some(Some(start)) => *start,
            Some(slot) => {
                *slot = Some(next);
                (0..values).for_each(|_| self.words.extend(&self.everything));
                next
            }
            None => next,
        }
    }

    /// The cubes that admit a value; `None` where every cube does.
    pub(super) fn admitting(&self, attribute: AttributeIndex, value: u8) -> Option<&[u64]> {
        let start = self.starts.get(attribute).copied().flatten()?;
        let start = start + usize::from(value) * self.width;
        self.words.get(start..start + self.width)
    }

    /// The cubes that meet a cube, one bit each.
    pub(super) fn meeting(&self, cube: &Cube) -> Vec<u64> {
        let mut meeting = self.everything.clone();
        for (attribute, set) in cube.sets() {
            let Some(start) = self.starts.get(*attribute).copied().flatten() else {
                continue;
            };
            for (at, word) in meeting.iter_mut().enumerate() {
                let column =
                    |value: u8| self.words.get(start + usize::from(value) * self.width + at);
                *word &= set
                    .iter()
                    .filter_map(column)
                    .fold(0, |any, column| any | column);
            }
        }
        meeting
    }
}

/// The lowest bits of a word.
pub(super) fn first_bits(count: usize) -> u64 {
    u32::try_from(count)
        .ok()
        .and_then(|count| 1u64.checked_shl(count))
        .map_or(u64::MAX, |bit| bit - 1)
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
