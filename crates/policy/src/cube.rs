//! Sets of situations as cubes: allowed values for some attributes, any value for the rest.

use crate::situation::Situation;

/// The index of an attribute in its vocabulary.
pub type AttributeIndex = usize;

/// A set of values of one attribute, one bit each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct ValueSet(pub u128);

impl ValueSet {
    /// No value.
    pub const NONE: Self = Self(0);

    /// The set of one value.
    #[must_use]
    pub fn one(value: u8) -> Self {
        Self(1u128.checked_shl(u32::from(value)).unwrap_or(0))
    }

    /// The set of the first `count` values.
    #[must_use]
    pub fn all(count: usize) -> Self {
        Self(
            u32::try_from(count)
                .ok()
                .and_then(|c| 1u128.checked_shl(c))
                .unwrap_or(0)
                .wrapping_sub(1),
        )
    }

    /// Whether it holds the value.
    #[must_use]
    pub fn has(self, value: u8) -> bool {
        !self.and(Self::one(value)).is_empty()
    }

    /// What both hold.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// What either holds.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What this holds and the other does not.
    #[must_use]
    pub fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether it holds nothing.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// How many values it holds.
    #[must_use]
    pub fn len(self) -> usize {
        self.0.count_ones() as usize
    }

    /// Its values in order.
    pub fn iter(self) -> impl Iterator<Item = u8> {
        let mut left = self.0;
        std::iter::from_fn(move || {
            let next = u8::try_from(left.trailing_zeros())
                .ok()
                .filter(|_| left != 0)?;
            left &= left - 1;
            Some(next)
        })
    }
}

/// The same situations in fewer cubes, where two together make one. Not the fewest possible.
#[must_use]
pub fn joined(cubes: impl IntoIterator<Item = Cube>, sizes: &[usize]) -> Vec<Cube> {
    let mut kept = Vec::new();
    for cube in cubes {
        join(&mut kept, cube, sizes);
    }
    kept
}

/// Adds a cube to others, put together with those with which it makes one.
pub(crate) fn join(kept: &mut Vec<Cube>, mut cube: Cube, sizes: &[usize]) {
    // What has been joined may join again with what was passed over.
    while let Some((at, both)) = (kept.iter().enumerate())
        .find_map(|(at, other)| other.joined(&cube, sizes).map(|both| (at, both)))
    {
        kept.swap_remove(at);
        cube = both;
    }
    kept.push(cube);
}

/// A set of situations: the allowed values of the attributes it names; any other attribute may have any value.
///
/// No named set is empty, so a cube is never the empty set.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Cube {
    /// Sorted by attribute, one entry each.
    sets: Vec<(AttributeIndex, ValueSet)>,
}

/// The cube of the named sets; of two sets for one attribute the later counts. No set is empty.
impl FromIterator<(AttributeIndex, ValueSet)> for Cube {
    fn from_iter<I: IntoIterator<Item = (AttributeIndex, ValueSet)>>(sets: I) -> Self {
        let mut sets: Vec<_> = sets.into_iter().collect();
        sets.sort_by_key(|(attribute, _)| *attribute);
        sets.reverse();
        sets.dedup_by_key(|(attribute, _)| *attribute);
        sets.reverse();
        Self { sets }
    }
}

impl Cube {
    /// Every situation.
    #[must_use]
    pub const fn everything() -> Self {
        Self { sets: Vec::new() }
    }

    /// The named sets, by attribute.
    #[must_use]
    pub fn sets(&self) -> &[(AttributeIndex, ValueSet)] {
        &self.sets
    }

    /// The values allowed for an attribute; `None` where any is.
    #[must_use]
    pub fn get(&self, attribute: AttributeIndex) -> Option<ValueSet> {
        let at = self
            .sets
            .binary_search_by_key(&attribute, |(a, _)| *a)
            .ok()?;
        self.sets.get(at).map(|(_, set)| *set)
    }

    /// The cube narrowed to `set` for one attribute; `None` where nothing is left.
    #[must_use]
    pub fn narrowed(&self, attribute: AttributeIndex, set: ValueSet) -> Option<Self> {
        let set = self.get(attribute).map_or(set, |old| old.and(set));
        (!set.is_empty()).then(|| self.with(attribute, set))
    }

    /// The cube with the attribute's values replaced by `set`, which is not empty.
    #[must_use]
    pub fn with(&self, attribute: AttributeIndex, set: ValueSet) -> Self {
        let mut sets = self.sets.clone();
        match sets.binary_search_by_key(&attribute, |(a, _)| *a) {
            Ok(at) => {
                if let Some(entry) = sets.get_mut(at) {
                    entry.1 = set;
                }
            }
            Err(at) => sets.insert(at, (attribute, set)),
        }
        Self { sets }
    }

    /// The cube with any value allowed for the attribute.
    #[must_use]
    pub fn without(&self, attribute: AttributeIndex) -> Self {
        let rest = self.sets.iter().filter(|(a, _)| *a != attribute);
        Self {
            sets: rest.copied().collect(),
        }
    }

    /// Whether the situation is in it.
    #[must_use]
    pub fn contains(&self, situation: &Situation) -> bool {
        self.sets
            .iter()
            .all(|(a, set)| situation.value(*a).is_some_and(|v| set.has(v)))
    }

    /// Whether the two have a situation in common.
    #[must_use]
    pub fn meets(&self, other: &Self) -> bool {
        let (mut mine, mut theirs) = (self.sets.iter().peekable(), other.sets.iter().peekable());
        while let (Some((a, set)), Some((b, with))) = (mine.peek(), theirs.peek()) {
            if a == b && set.and(*with).is_empty() {
                return false;
            }
            if a <= b {
                mine.next();
            } else {
                theirs.next();
            }
        }
        true
    }

    /// Whether every situation of this cube is in the other.
    #[must_use]
    pub fn is_within(&self, other: &Self) -> bool {
        other.sets.iter().all(|(a, set)| {
            self.get(*a)
                .is_some_and(|mine| mine.without(*set).is_empty())
        })
    }

    /// The situations in both; `None` where there is none.
    #[must_use]
    pub fn and(&self, other: &Self) -> Option<Self> {
        if !self.meets(other) {
            return None;
        }
        let mut sets = Vec::with_capacity(self.sets.len() + other.sets.len());
        let (mut mine, mut theirs) = (self.sets.iter().peekable(), other.sets.iter().peekable());
        loop {
            match (mine.peek(), theirs.peek()) {
                (Some((a, set)), Some((b, with))) if a == b => {
                    sets.push((*a, set.and(*with)));
                    mine.next();
                    theirs.next();
                }
                (Some((a, _)), Some((b, _))) if a > b => sets.extend(theirs.next()),
                (Some(_), _) => sets.extend(mine.next()),
                (None, Some(_)) => sets.extend(theirs.next()),
                (None, None) => return Some(Self { sets }),
            }
        }
    }

    /// The union of the two where that is a cube too: they differ in one attribute, or one holds the other.
    #[must_use]
    pub fn joined(&self, other: &Self, sizes: &[usize]) -> Option<Self> {
        if other.is_within(self) {
            return Some(self.clone());
        }
        if self.is_within(other) {
            return Some(other.clone());
        }
        if self.sets.len() != other.sets.len() {
            return None;
        }
        let mut differing = None;
        for ((a, set), (b, with)) in self.sets.iter().zip(&other.sets) {
            if a != b || (set != with && differing.is_some()) {
                return None;
            }
            if set != with {
                differing = Some((*a, set.or(*with)));
            }
        }
        let (attribute, set) = differing?;
        let all = ValueSet::all(sizes.get(attribute).copied().unwrap_or(0));
        if set != all {
            return Some(self.with(attribute, set));
        }
        Some(self.without(attribute))
    }

    /// The situations of this cube that are not in the other, as disjoint cubes. `sizes` gives each attribute's
    /// number of values.
    #[must_use]
    pub fn minus(&self, other: &Self, sizes: &[usize]) -> Vec<Self> {
        if !self.meets(other) {
            return vec![self.clone()];
        }
        let mut rest = Vec::new();
        let mut core = self.clone();
        for (attribute, taken) in &other.sets {
            let all = ValueSet::all(sizes.get(*attribute).copied().unwrap_or(0));
            let here = core.get(*attribute).unwrap_or(all);
            let left = here.without(*taken);
            if !left.is_empty() {
                rest.push(core.with(*attribute, left));
            }
            core = core.with(*attribute, here.and(*taken));
        }
        rest
    }
}
