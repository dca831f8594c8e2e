//! What cannot be and what is worth asking about, answered for all attributes at once.

use std::iter;

use super::{Attribute, Impossible};
use crate::cube::{AttributeIndex, Cube};
use crate::matching::Matcher;
use crate::situation::Situation;

/// The circumstances of a vocabulary, compiled.
#[derive(Debug, Clone)]
pub(crate) struct Circumstances {
    impossible: Matcher,
    asked: Matcher,
    /// The attribute that each of the `asked` cubes is about, in order.
    about: Vec<AttributeIndex>,
}

impl Circumstances {
    pub(super) fn new(
        attributes: &[Attribute],
        impossible: &[Impossible],
        sizes: &[usize],
    ) -> Self {
        let everything = Cube::everything();
        let always = |attribute: &Attribute| attribute.asked_when.is_empty().then_some(&everything);
        let asked = attributes
            .iter()
            .enumerate()
            .flat_map(|(index, attribute)| {
                let when = attribute.asked_when.iter().chain(always(attribute));
                iter::repeat(index).zip(when)
            });
        let (about, asked): (Vec<AttributeIndex>, Vec<&Cube>) = asked.unzip();
        let impossible: Vec<&Cube> = impossible.iter().map(|i| &i.when).collect();
        Self {
            impossible: Matcher::new(&impossible, sizes),
            asked: Matcher::new(&asked, sizes),
            about,
        }
    }

    /// The first of the vocabulary's impossible combinations that the situation is, by index.
    pub(crate) fn impossible(&self, situation: &Situation) -> Option<usize> {
        self.impossible.matches(situation).iter().next()
    }

    /// The attributes for which `open` holds that are worth asking about in the situation, in order.
    pub(crate) fn asked(
        &self,
        situation: &Situation,
        open: impl Fn(AttributeIndex) -> bool,
    ) -> Vec<AttributeIndex> {
        let mut asked = Vec::with_capacity(situation.values().len());
        for cube in self.asked.matches(situation).iter() {
            let attribute = self.about.get(cube).filter(|a| open(**a));
            let fresh = attribute.filter(|a| asked.last() != Some(*a));
            asked.extend(fresh);
        }
        asked
    }
}
