//! Names to indexes. Every name of a question is looked up here, so this is made to be quick: a name of usual length
//! is three words, which are mixed and compared without a loop. Only the vocabulary's own names are stored, so nobody
//! can fill the table with names that collide.

use std::collections::HashMap;

use super::{Attribute, DutyKind};
use crate::cube::AttributeIndex;

/// The names of a vocabulary. Where two are the same, the first counts.
#[derive(Debug, Clone)]
pub(crate) struct Names {
    pub(crate) attributes: Index<AttributeIndex>,
    /// By attribute.
    pub(crate) values: Vec<Index<u8>>,
    /// By attribute: its values `no` and `yes`.
    answers: Vec<[Option<u8>; 2]>,
    pub(super) duties: Index<usize>,
}

impl Names {
    pub(super) fn new(attributes: &[Attribute], duties: &[DutyKind]) -> Self {
        let values = attributes.iter().map(|attribute| {
            let values = attribute.values.iter().zip(0..=u8::MAX);
            Index::new(values.map(|(value, index)| (value.id.as_str(), index)))
        });
        let answers = |attribute: &Attribute| ["no", "yes"].map(|name| attribute.value(name));
        Self {
            attributes: Index::new(attributes.iter().map(|a| a.id.as_str()).zip(0..)),
            values: values.collect(),
            answers: attributes.iter().map(answers).collect(),
            duties: Index::new(duties.iter().map(|d| d.id.as_str()).zip(0..)),
        }
    }

    /// An attribute's value `yes` or `no`.
    pub(crate) fn answer(&self, attribute: AttributeIndex, yes: bool) -> Option<u8> {
        let [if_no, if_yes] = *self.answers.get(attribute)?;
        if yes { if_yes } else { if_no }
    }
}

/// What names stand for. A name stands in the first free slot from its own on; eight slots for each name make that
/// nearly always its own.
#[derive(Debug, Clone)]
pub(crate) struct Index<T> {
    short: Vec<Option<(Short, T)>>,
    /// 64 less the power of two that the slots are.
    shift: u32,
    long: HashMap<String, T>,
}

impl<T: Copy> Index<T> {
    fn new<'n>(names: impl Iterator<Item = (&'n str, T)>) -> Self {
        let names: Vec<(&str, T)> = names.collect();
        let slots = (names.len() * 8).next_power_of_two().max(8);
        let mut index = Self {
            short: vec![None; slots],
            shift: u64::BITS - slots.trailing_zeros(),
            long: HashMap::new(),
        };
        for (name, stands_for) in names {
            match Short::new(name) {
                Some(short) => index.insert(short, stands_for),
                None => {
                    index.long.entry(name.to_owned()).or_insert(stands_for);
                }
            }
        }
        index
    }

    fn insert(&mut self, name: Short, stands_for: T) {
        let at = self.slot(&name);
        let (before, from) = self.short.split_at_mut(at);
        for slot in from.iter_mut().chain(before) {
            match slot {
                Some((taken, _)) if *taken == name => return,
                Some(_) => {}
                None => {
                    *slot = Some((name, stands_for));
                    return;
                }
            }
        }
    }

    fn slot(&self, name: &Short) -> usize {
        usize::try_from(name.mixed() >> self.shift).unwrap_or(0)
    }

    pub(crate) fn get(&self, name: &str) -> Option<T> {
        match Short::new(name) {
            Some(short) => self.get_short(&short),
            None => self.long.get(name).copied(),
        }
    }

    #[inline]
    pub(crate) fn get_short(&self, name: &Short) -> Option<T> {
        let (before, from) = self.short.split_at_checked(self.slot(name))?;
        for slot in from.iter().chain(before) {
            let (taken, stands_for) = slot.as_ref()?;
            if taken == name {
                return Some(*stands_for);
            }
        }
        None
    }
}

/// A name of up to 24 bytes in little-endian words, filled up with zeros.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Short {
    pub(crate) first: u64,
    pub(crate) second: u64,
    pub(crate) third: u64,
}

impl Short {
    /// `None` for a name that is longer, or holds a zero itself.
    fn new(name: &str) -> Option<Self> {
        let mut chunks = name.as_bytes().chunks(8);
        let mut word = || {
            let bytes = chunks.next().unwrap_or_default().iter().rev();
            bytes.fold(0, |word, byte| word << 8 | u64::from(*byte))
        };
        let short = Self {
            first: word(),
            second: word(),
            third: word(),
        };
        (name.len() <= 24 && !name.contains('\0')).then_some(short)
    }

    /// A number whose highest bits differ between names, by a multiplication with the golden ratio.
    fn mixed(&self) -> u64 {
        let word = self.first ^ self.second.rotate_left(23) ^ self.third.rotate_left(41);
        word.wrapping_mul(0x9E37_79B9_7F4A_7C15)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_every_length_are_told_apart() {
        let names: Vec<String> = (0..40)
            .flat_map(|length| {
                let changed = (0..length).map(move |at| {
                    let letter = |place| if place == at { 'b' } else { 'a' };
                    (0..length).map(letter).collect()
                });
                changed.chain(["a".repeat(length)])
            })
            .collect();
        let index = Index::new(names.iter().map(String::as_str).zip(0usize..));
        for (at, name) in names.iter().enumerate() {
            assert_eq!(index.get(name), Some(at), "{name}");
            assert_eq!(index.get(&format!("{name}\0")), None, "{name}");
        }
    }

    #[test]
    fn of_two_names_the_first_counts() {
        let index = Index::new([("act", 1), ("act", 2)].into_iter());
        assert_eq!(index.get("act"), Some(1));
    }
}
