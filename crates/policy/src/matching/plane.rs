//! Bitsets of a fixed width: for each value of each attribute that any cube names, the cubes that admit it.
//!
//! Deciding is one AND per named attribute. So that nothing but loads and ANDs is left in the loop, the bitsets of
//! attributes that follow one another stand in one array, with a fixed number of places for their values.

use crate::cube::{AttributeIndex, Cube};

/// The bitsets of up to `W` times 64 cubes.
#[derive(Debug, Clone)]
pub(super) struct Plane<const W: usize> {
    /// The cubes that exist: the start of every AND.
    all: [u64; W],
    yes_no: Vec<Block<W, 2>>,
    choices: Vec<Block<W, 16>>,
    long_choices: Vec<Block<W, 128>>,
}

/// The bitsets of attributes that follow one another and have up to `V` values each.
#[derive(Debug, Clone)]
struct Block<const W: usize, const V: usize> {
    first: AttributeIndex,
    columns: Vec<[[u64; W]; V]>,
}

impl<const W: usize> Plane<W> {
    /// The bitsets of `cubes`, of which only the first `W` times 64 count; `sizes` gives each attribute's number of
    /// values.
    pub(super) fn new(cubes: &[&Cube], sizes: &[usize]) -> Self {
        let mut plane = Self {
            all: [0; W],
            yes_no: Vec::new(),
            choices: Vec::new(),
            long_choices: Vec::new(),
        };
        set(&mut plane.all, cubes, |_| true);
        for (attribute, size) in sizes.iter().enumerate() {
            if cubes.iter().any(|cube| cube.get(attribute).is_some()) {
                // One word a value is little enough to keep all attributes in one block.
                match size {
                    0..=2 if W > 1 => add(&mut plane.yes_no, attribute, cubes),
                    0..=16 => add(&mut plane.choices, attribute, cubes),
                    _ => add(&mut plane.long_choices, attribute, cubes),
                }
            }
        }
        plane
    }

    /// The cubes that admit every value.
    pub(super) fn matches(&self, values: &[u8]) -> [u64; W] {
        let mut words = self.all;
        for block in &self.choices {
            block.and(values, &mut words);
        }
        for block in &self.yes_no {
            block.and(values, &mut words);
        }
        for block in &self.long_choices {
            block.and(values, &mut words);
        }
        words
    }
}

impl<const W: usize, const V: usize> Block<W, V> {
    fn and(&self, values: &[u8], words: &mut [u64; W]) {
        let values = values.get(self.first..).unwrap_or_default();
        if values.len() < self.columns.len() {
            *words = [0; W];
            return;
        }
        for (column, value) in self.columns.iter().zip(values) {
            // A situation's values are the vocabulary's, so that this takes nothing away: it spares the loop a check.
            let mask = column.get(usize::from(*value) % V).unwrap_or(&[0; W]);
            for (word, mask) in words.iter_mut().zip(mask) {
                *word &= mask;
            }
        }
    }
}

/// Adds an attribute's bitsets to the last block, or to a new one where the last ends before it.
fn add<const W: usize, const V: usize>(
    blocks: &mut Vec<Block<W, V>>,
    attribute: AttributeIndex,
    cubes: &[&Cube],
) {
    let mut column = [[0; W]; V];
    for (value, words) in (0..=u8::MAX).zip(&mut column) {
        set(words, cubes, |cube| {
            cube.get(attribute).is_none_or(|set| set.has(value))
        });
    }
    match blocks.last_mut() {
        Some(block) if block.first + block.columns.len() == attribute => {
            block.columns.push(column);
        }
        _ => blocks.push(Block {
            first: attribute,
            columns: vec![column],
        }),
    }
}

/// Sets the bits of the items for which `holds`.
pub(crate) fn set<T>(words: &mut [u64], items: &[T], holds: impl Fn(&T) -> bool) {
    for (word, items) in words.iter_mut().zip(items.chunks(64)) {
        for (bit, _) in items.iter().enumerate().filter(|(_, item)| holds(item)) {
            *word |= 1 << bit;
        }
    }
}
