//! The situations that what is known leaves open, as allowed values and forbidden combinations.

use crate::cube::{AttributeIndex, Cube, ValueSet};
use crate::situation::{Given, GivenError};
use crate::vocabulary::{Attribute, Impossible, Vocabulary};

/// What an attribute that was not given may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Missing {
    /// Its neutral value.
    Neutral,
    /// Anything, where it is worth asking about; elsewhere its neutral value.
    Unknown,
}

/// The situations that are open: those with allowed values and in none of the forbidden cubes.
///
/// What comes with what is given (`implies`, `otherwise`) holds in every one of them, and none is impossible.
#[derive(Debug, Clone)]
pub(crate) struct Space {
    /// For every attribute.
    pub(super) allowed: Vec<ValueSet>,
    /// None names a value that is not allowed, nor an attribute without restricting it.
    pub(super) forbidden: Vec<Cube>,
}

impl Space {
    pub(crate) fn new(vocabulary: &Vocabulary, given: &Given, missing: Missing) -> Self {
        Self::within(vocabulary, given, missing, &Cube::everything())
    }

    /// The part of the space that is in a cube.
    pub(crate) fn within(
        vocabulary: &Vocabulary,
        given: &Given,
        missing: Missing,
        cube: &Cube,
    ) -> Self {
        let mut space = Self {
            allowed: Vec::new(),
            forbidden: Vec::new(),
        };
        let attributes = vocabulary.attributes().iter().enumerate();
        let mut reasons: Vec<Reasons> = Vec::new();
        for (index, attribute) in attributes {
            let known = given.get(index);
            let all = known.unwrap_or_else(|| attribute.all());
            let within = cube.get(index).map_or(all, |set| set.and(all));
            space.allowed.push(within);
            if known.is_none() {
                reasons.push(Reasons::of(vocabulary, index, attribute, missing));
            }
        }
        space.narrow(&mut reasons);
        space.forbid(vocabulary, given, &reasons);
        space
    }

    /// The space cut by the values of the attribute that decides what else is worth asking about, where it is open:
    /// each part is much smaller than its share.
    pub(crate) fn parts(
        &self,
        vocabulary: &Vocabulary,
        given: &Given,
        missing: Missing,
    ) -> Vec<Self> {
        let gate = gate(vocabulary).filter(|gate| self.allows(*gate).len() > 1);
        let Some(gate) = gate else {
            return vec![self.clone()];
        };
        let values = self.allows(gate).iter();
        let cubes = values.map(|value| Cube::everything().with(gate, ValueSet::one(value)));
        cubes
            .map(|cube| Self::within(vocabulary, given, missing, &cube))
            .collect()
    }

    /// Takes attributes as neutral that nothing open gives a reason to be otherwise.
    fn narrow(&mut self, reasons: &mut [Reasons]) {
        let mut narrower = true;
        while narrower {
            narrower = false;
            for reason in reasons.iter_mut() {
                reason.asked.retain(|cube| self.meets(cube));
                reason.follows.retain(|cube| self.meets(cube));
                if reason.asked.is_empty() {
                    let follows = reason
                        .follows
                        .iter()
                        .filter_map(|c| c.get(reason.attribute));
                    let set = follows.fold(reason.neutral, ValueSet::or);
                    if let Some(allowed) = self.allowed.get_mut(reason.attribute) {
                        narrower |= *allowed != allowed.and(set);
                        *allowed = allowed.and(set);
                    }
                }
            }
        }
    }

    fn forbid(&mut self, vocabulary: &Vocabulary, given: &Given, reasons: &[Reasons]) {
        for impossible in vocabulary.impossible() {
            self.forbidden.extend(self.reduced(&impossible.when));
        }
        for (index, attribute) in vocabulary.attributes().iter().enumerate() {
            for implied in attribute
                .implies
                .iter()
                .filter(|i| given.get(**i).is_none())
            {
                let without = Cube::everything()
                    .with(index, ValueSet::one(1))
                    .with(*implied, ValueSet::one(0));
                self.forbidden.extend(self.reduced(&without));
            }
        }
        for reason in reasons {
            let other = self.allows(reason.attribute).without(reason.neutral);
            if other.is_empty() {
                continue;
            }
            let mut without_reason = vec![Cube::everything().with(reason.attribute, other)];
            for cube in reason.asked.iter().chain(&reason.follows) {
                without_reason = without_reason
                    .iter()
                    .flat_map(|rest| rest.minus(cube, vocabulary.sizes()))
                    .filter_map(|rest| self.reduced(&rest))
                    .collect();
            }
            self.forbidden.append(&mut without_reason);
        }
    }

    /// Why no situation is left: the combination that rules out most of what was given.
    pub(crate) fn refusal(&self, vocabulary: &Vocabulary) -> GivenError {
        let all = vocabulary.impossible();
        let within = all.iter().find(|i| self.is_within(&i.when));
        let named = within.or_else(|| all.iter().find(|i| self.meets(&i.when)));
        GivenError::Impossible {
            name: named.map_or_else(|| "contradiction".into(), |i| i.name.clone()),
            why: named.map_or_else(
                || "What is given contradicts itself.".into(),
                |i| i.why.clone(),
            ),
        }
    }

    /// The values that an attribute may have.
    pub(crate) fn allows(&self, attribute: AttributeIndex) -> ValueSet {
        self.allowed.get(attribute).copied().unwrap_or_default()
    }

    /// Whether a cube has allowed values in common with it.
    pub(crate) fn meets(&self, cube: &Cube) -> bool {
        let mut sets = cube.sets().iter();
        sets.all(|(a, set)| !set.and(self.allows(*a)).is_empty())
    }

    /// Whether every allowed value is in the cube.
    pub(crate) fn is_within(&self, cube: &Cube) -> bool {
        let mut sets = cube.sets().iter();
        sets.all(|(a, set)| self.allows(*a).without(*set).is_empty())
    }

    /// The cube in terms of allowed values only; `None` where it is not met.
    pub(super) fn reduced(&self, cube: &Cube) -> Option<Cube> {
        let mut reduced = Cube::everything();
        for (attribute, set) in cube.sets() {
            let allowed = self.allows(*attribute);
            let left = allowed.and(*set);
            if left.is_empty() {
                return None;
            }
            if left != allowed {
                reduced = reduced.with(*attribute, left);
            }
        }
        Some(reduced)
    }
}

/// The attribute on which the asking of most others depends, such as the act; itself always asked, and free of what
/// cannot be.
pub(crate) fn gate(vocabulary: &Vocabulary) -> Option<AttributeIndex> {
    let mut mentions = vec![0usize; vocabulary.attributes().len()];
    for when in vocabulary.attributes().iter().flat_map(|a| &a.asked_when) {
        for (attribute, _) in when.sets() {
            if let Some(count) = mentions.get_mut(*attribute) {
                *count += 1;
            }
        }
    }
    for (index, attribute) in vocabulary.attributes().iter().enumerate() {
        let tied = |i: &Impossible| i.when.get(index).is_some();
        if (!attribute.asked_when.is_empty() || vocabulary.impossible().iter().any(tied))
            && let Some(count) = mentions.get_mut(index)
        {
            *count = 0;
        }
    }
    let most = mentions.iter().max().filter(|most| **most > 0)?;
    mentions.iter().position(|count| count == most)
}

/// Why an attribute that was not given may be other than neutral.
struct Reasons {
    attribute: AttributeIndex,
    neutral: ValueSet,
    /// Where it is worth asking about.
    asked: Vec<Cube>,
    /// Where another value follows from the rest; each names the attribute with that value.
    follows: Vec<Cube>,
}

impl Reasons {
    fn of(
        vocabulary: &Vocabulary,
        index: AttributeIndex,
        attribute: &Attribute,
        missing: Missing,
    ) -> Self {
        let asked = match missing {
            Missing::Neutral => Vec::new(),
            Missing::Unknown if attribute.asked_when.is_empty() => vec![Cube::everything()],
            Missing::Unknown => attribute.asked_when.clone(),
        };
        let others = vocabulary.attributes().iter().enumerate();
        let implying = others.filter(|(_, other)| other.implies.contains(&index));
        let yes = Cube::everything().with(index, ValueSet::one(1));
        let implied = implying.map(|(by, _)| yes.with(by, ValueSet::one(1)));
        let mended = vocabulary.impossible().iter().flat_map(|impossible| {
            let values = impossible.otherwise.iter().filter(|(a, _)| *a == index);
            let when = impossible.when.get(index).unwrap_or_default();
            let values = values.filter(move |(_, v)| when.has(attribute.neutral) && !when.has(*v));
            values.map(|(a, v)| impossible.when.with(*a, ValueSet::one(*v)))
        });
        Self {
            attribute: index,
            neutral: ValueSet::one(attribute.neutral),
            asked,
            follows: implied.chain(mended).collect(),
        }
    }
}
