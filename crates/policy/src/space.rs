//! The space of possible situations: finds one inside a cube and outside others, or proves that there is none.

use crate::cube::{AttributeIndex, Cube, ValueSet};
use crate::situation::Situation;
use crate::vocabulary::{Attribute, Vocabulary};

/// The situations that can be: every combination of values but those that the vocabulary calls impossible.
#[derive(Debug, Clone)]
pub struct Space<'v> {
    vocabulary: &'v Vocabulary,
    whole: Area,
}

/// The values that each attribute may still have, for every attribute.
type Area = Vec<ValueSet>;

impl<'v> Space<'v> {
    /// The space of a vocabulary.
    #[must_use]
    pub fn new(vocabulary: &'v Vocabulary) -> Self {
        let whole = vocabulary.attributes().iter().map(Attribute::all).collect();
        Self { vocabulary, whole }
    }

    /// The vocabulary.
    pub(crate) fn vocabulary(&self) -> &'v Vocabulary {
        self.vocabulary
    }

    /// A possible situation that is in `inside` and in none of `outside`, as near to the neutral one as a quick look
    /// finds; `None` where there is none. Exact: the search ends with a situation or with a proof.
    #[must_use]
    pub fn find<'c>(
        &self,
        inside: &Cube,
        outside: impl IntoIterator<Item = &'c Cube>,
    ) -> Option<Situation>
    where
        'v: 'c,
    {
        self.descend(self.area(inside), self.with_impossible(outside))
    }

    /// The cube without what those of `outside` take of it that leave only one way out; `None` where they and the
    /// impossible leave nothing possible of it.
    pub(crate) fn tightened<'c>(
        &self,
        inside: &Cube,
        outside: impl IntoIterator<Item = &'c Cube>,
    ) -> Option<Cube>
    where
        'v: 'c,
    {
        let (mut area, mut outside) = (self.area(inside), self.with_impossible(outside));
        settle(&mut area, &mut outside)?;
        let narrowed = area.iter().zip(&self.whole).enumerate();
        let narrowed = narrowed.filter(|(_, (set, whole))| set != whole);
        let tight = narrowed.fold(Cube::everything(), |cube, (attribute, (set, _))| {
            cube.with(attribute, *set)
        });
        self.descend(area, outside).map(|_| tight)
    }

    fn area(&self, cube: &Cube) -> Area {
        let mut area = self.whole.clone();
        for (attribute, set) in cube.sets() {
            narrow(&mut area, *attribute, *set);
        }
        area
    }

    fn with_impossible<'c>(&self, outside: impl IntoIterator<Item = &'c Cube>) -> Vec<&'c Cube>
    where
        'v: 'c,
    {
        let impossible = self.vocabulary.impossible().iter().map(|i| &i.when);
        outside.into_iter().chain(impossible).collect()
    }

    /// What nobody would say: an attribute that is not neutral where nobody would be asked about it.
    #[must_use]
    pub fn unasked(&self) -> Vec<Cube> {
        let attributes = self.vocabulary.attributes().iter().enumerate();
        attributes
            .flat_map(|(index, attribute)| {
                let unusual = attribute.all().without(ValueSet::one(attribute.neutral));
                let start: Vec<Cube> = (!attribute.asked_when.is_empty())
                    .then(|| Cube::everything().narrowed(index, unusual))
                    .flatten()
                    .into_iter()
                    .collect();
                attribute.asked_when.iter().fold(start, |cubes, when| {
                    let sizes = self.vocabulary.sizes();
                    cubes
                        .iter()
                        .flat_map(|cube| cube.minus(when, sizes))
                        .collect()
                })
            })
            .collect()
    }

    /// Whether every possible situation of `inside` is in one of `among`.
    #[must_use]
    pub fn is_covered<'c>(&self, inside: &Cube, among: impl IntoIterator<Item = &'c Cube>) -> bool
    where
        'v: 'c,
    {
        self.find(inside, among).is_none()
    }

    fn descend(&self, mut area: Area, mut outside: Vec<&Cube>) -> Option<Situation> {
        settle(&mut area, &mut outside)?;
        let point = self.point(&area);
        let hit = outside.iter().filter(|cube| cube.contains(&point));
        let Some(cube) = hit
            .min_by_key(|cube| ways_out(&area, cube).count())
            .copied()
        else {
            return Some(point);
        };
        // Each way out of the cube, made disjoint by staying inside it where earlier ways left it.
        for (attribute, set) in self.asked_first(cube, &point) {
            let here = area.get(*attribute).copied()?;
            let left = here.without(*set);
            if !left.is_empty() {
                let mut beside = area.clone();
                narrow(&mut beside, *attribute, left);
                if let Some(found) = self.descend(beside, outside.clone()) {
                    return Some(found);
                }
            }
            narrow(&mut area, *attribute, here.and(*set));
        }
        None
    }

    /// A cube's sets, those first that one would be asked about, so that what is found is everyday where it can be.
    fn asked_first<'c>(
        &self,
        cube: &'c Cube,
        point: &Situation,
    ) -> impl Iterator<Item = &'c (AttributeIndex, ValueSet)> {
        let is_asked = |(attribute, _): &&(AttributeIndex, ValueSet)| {
            let when = self
                .vocabulary
                .at(*attribute)
                .map(|a| a.asked_when.as_slice());
            when.is_some_and(|w| w.is_empty() || w.iter().any(|cube| cube.contains(point)))
        };
        let (asked, other): (Vec<_>, Vec<_>) = cube.sets().iter().partition(is_asked);
        asked.into_iter().chain(other)
    }

    /// The situation of an area that is neutral wherever it may be.
    fn point(&self, area: &Area) -> Situation {
        let attributes = self.vocabulary.attributes().iter().zip(area);
        let values: Vec<u8> = attributes
            .map(|(attribute, set)| nearest(*set, attribute.neutral))
            .collect();
        Situation::new(values)
    }
}

/// The neutral value where the set has it, else its first.
pub(crate) fn nearest(set: ValueSet, neutral: u8) -> u8 {
    if set.has(neutral) {
        neutral
    } else {
        set.iter().next().unwrap_or(neutral)
    }
}

/// Sets the values of one attribute.
fn narrow(area: &mut Area, attribute: AttributeIndex, set: ValueSet) {
    if let Some(slot) = area.get_mut(attribute) {
        *slot = set;
    }
}

/// Drops the cubes that the area does not meet, and takes every way out that is the only one. `None` where a cube holds
/// the whole area.
fn settle(area: &mut Area, outside: &mut Vec<&Cube>) -> Option<()> {
    loop {
        let mut narrowed = false;
        let mut holds_all = false;
        outside.retain(|cube| {
            let mut sets = cube.sets().iter();
            if !sets.all(|(a, set)| area.get(*a).is_some_and(|here| !here.and(*set).is_empty())) {
                return false;
            }
            let mut ways = ways_out(area, cube);
            match (ways.next(), ways.next()) {
                (None, _) => holds_all = true,
                (Some((attribute, left)), None) => {
                    drop(ways);
                    narrow(area, attribute, left);
                    narrowed = true;
                    return false;
                }
                _ => {}
            }
            true
        });
        if holds_all {
            return None;
        }
        if !narrowed {
            return Some(());
        }
    }
}

/// The attributes by which a situation of the area can be outside the cube, and the values that are outside.
fn ways_out(area: &Area, cube: &Cube) -> impl Iterator<Item = (AttributeIndex, ValueSet)> {
    cube.sets().iter().filter_map(|(attribute, set)| {
        let left = area.get(*attribute)?.without(*set);
        (!left.is_empty()).then_some((*attribute, left))
    })
}
