//! One situation, told by what differs from the neutral one: quick to hold against a ladder.

use crate::cube::{AttributeIndex, Cube, ValueSet};
use crate::vocabulary::Vocabulary;

/// The values that differ from the neutral ones, and the attributes they belong to as bits.
#[derive(Debug)]
pub(crate) struct Point<'v> {
    vocabulary: &'v Vocabulary,
    changed: Vec<(AttributeIndex, u8)>,
    attributes: u128,
}

impl<'v> Point<'v> {
    /// The neutral situation.
    pub(crate) fn neutral(vocabulary: &'v Vocabulary) -> Self {
        Self {
            vocabulary,
            changed: Vec::new(),
            attributes: 0,
        }
    }

    /// The values that are not neutral.
    pub(super) fn changed(&self) -> &[(AttributeIndex, u8)] {
        &self.changed
    }

    /// Their attributes, one bit each for the first 128.
    pub(super) fn attributes(&self) -> u128 {
        self.attributes
    }

    /// Becomes the most neutral situation that is in both, which meet.
    pub(crate) fn go_within(&mut self, a: &Narrowed, b: &Narrowed) {
        self.changed.clear();
        self.attributes = 0;
        for (attribute, set) in &a.unusual {
            let set = b.cube.get(*attribute).map_or(*set, |other| other.and(*set));
            self.change(*attribute, set);
        }
        for (attribute, set) in &b.unusual {
            if self.attributes & bit(*attribute) == 0 && !self.is_changed(*attribute) {
                let set = a.cube.get(*attribute).map_or(*set, |other| other.and(*set));
                self.change(*attribute, set);
            }
        }
    }

    fn is_changed(&self, attribute: AttributeIndex) -> bool {
        self.changed
            .iter()
            .any(|(changed, _)| *changed == attribute)
    }

    /// Takes the first value of a set that leaves the neutral one out.
    fn change(&mut self, attribute: AttributeIndex, set: ValueSet) {
        self.changed
            .extend(set.iter().next().map(|value| (attribute, value)));
        self.attributes |= bit(attribute);
    }

    /// Changes one value so that the situation leaves a cube and stays within two; false where that cannot be.
    pub(crate) fn leave(&mut self, cube: &Cube, a: &Cube, b: &Cube) -> bool {
        let way = cube.sets().iter().find_map(|(attribute, set)| {
            let whole = ValueSet::all(self.vocabulary.sizes().get(*attribute).copied()?);
            let within = |cube: &Cube| cube.get(*attribute).unwrap_or(whole);
            let left = within(a).and(within(b)).without(*set);
            (!left.is_empty()).then_some((*attribute, left))
        });
        if let Some((attribute, left)) = way {
            self.changed.retain(|(changed, _)| *changed != attribute);
            self.attributes &= !bit(attribute);
            if !left.has(self.usual(attribute).unwrap_or(0)) {
                self.change(attribute, left);
            }
        }
        way.is_some()
    }

    fn usual(&self, attribute: AttributeIndex) -> Option<u8> {
        self.vocabulary.at(attribute).map(|a| a.neutral)
    }
}

/// A cube with those of its sets that leave the neutral value out.
#[derive(Debug, Clone, Default)]
pub(crate) struct Narrowed {
    pub(crate) cube: Cube,
    unusual: Vec<(AttributeIndex, ValueSet)>,
}

impl Narrowed {
    pub(crate) fn new(cube: Cube, vocabulary: &Vocabulary) -> Self {
        let unusual = |(a, set): &&(AttributeIndex, ValueSet)| {
            vocabulary.at(*a).is_some_and(|at| !set.has(at.neutral))
        };
        let unusual = cube.sets().iter().filter(unusual).copied().collect();
        Self { cube, unusual }
    }
}

/// The attributes of sets, as bits.
pub(super) fn bits<'s>(sets: impl IntoIterator<Item = &'s (AttributeIndex, ValueSet)>) -> u128 {
    sets.into_iter().fold(0, |bits, (a, _)| bits | bit(*a))
}

/// The bit of an attribute; those beyond the first 128 have none, which only costs a closer look.
fn bit(attribute: AttributeIndex) -> u128 {
    u32::try_from(attribute)
        .ok()
        .and_then(|shift| 1u128.checked_shl(shift))
        .unwrap_or(0)
}
