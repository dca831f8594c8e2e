//! What a decision diagram knows: which attributes can alter the verdict, which values can be, and an example.

use rustc_hash::FxHashMap;

use crate::cube::{AttributeIndex, ValueSet};
use crate::situation::Situation;
use crate::vocabulary::Vocabulary;

use super::diagram::{Diagram, Node, NodeIndex};
use super::space::Space;

impl Diagram {
    /// The attributes that alter the verdict of some possible situation with all else the same, in order.
    pub(crate) fn altering(&self) -> Vec<AttributeIndex> {
        let mut known = FxHashMap::default();
        let mut altering: Vec<AttributeIndex> = Vec::new();
        for node in self.nodes() {
            if let Node::Asks {
                attribute,
                branches,
            } = node
                && !altering.contains(attribute)
            {
                let mut pairs = branches.iter().enumerate().flat_map(|(at, (_, one))| {
                    let others = branches.iter().skip(at + 1);
                    others.map(move |(_, other)| (*one, *other))
                });
                if pairs.any(|(one, other)| self.differ(one, other, &mut known)) {
                    altering.push(*attribute);
                }
            }
        }
        altering.sort_unstable();
        altering
    }

    /// The attributes on which the verdict depends, together with others or alone, in order: those that leave fewer
    /// verdicts once they are known. Values that only leave other situations to the same verdicts are no reason to ask.
    pub(crate) fn asking(&self) -> Vec<AttributeIndex> {
        let asked = self.nodes().iter().enumerate();
        let asked = asked.filter_map(|(at, node)| match node {
            Node::Asks {
                attribute,
                branches,
            } => {
                let fewer = |next: &NodeIndex| self.verdicts_of(*next) != self.verdicts_of(at);
                let mut nexts = branches.iter().map(|(_, next)| next);
                nexts.any(fewer).then_some(*attribute)
            }
            Node::End(_) => None,
        });
        let mut asking: Vec<AttributeIndex> = asked.collect();
        asking.sort_unstable();
        asking.dedup();
        asking
    }

    /// Whether two nodes give different verdicts for the same possible rest.
    fn differ(
        &self,
        one: NodeIndex,
        other: NodeIndex,
        known: &mut FxHashMap<(NodeIndex, NodeIndex), bool>,
    ) -> bool {
        if one == other {
            return false;
        }
        let pair = (one.min(other), one.max(other));
        if let Some(differ) = known.get(&pair) {
            return *differ;
        }
        let next = match (self.asks(one), self.asks(other)) {
            (None, None) => None,
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        let differ = match next {
            None => true,
            Some(attribute) => self.branches(one, attribute).iter().any(|(set, one)| {
                let others = self.branches(other, attribute);
                let mut meeting = others.iter().filter(|(with, _)| !set.and(*with).is_empty());
                meeting.any(|(_, other)| self.differ(*one, *other, known))
            }),
        };
        known.insert(pair, differ);
        differ
    }

    fn asks(&self, node: NodeIndex) -> Option<AttributeIndex> {
        match self.nodes().get(node)? {
            Node::Asks { attribute, .. } => Some(*attribute),
            Node::End(_) => None,
        }
    }

    /// Where each value leads; a node that does not ask for the attribute stays where it is.
    fn branches(&self, node: NodeIndex, attribute: AttributeIndex) -> Vec<(ValueSet, NodeIndex)> {
        match self.nodes().get(node) {
            Some(Node::Asks {
                attribute: asked,
                branches,
            }) if *asked == attribute => branches.clone(),
            _ => vec![(ValueSet(u128::MAX), node)],
        }
    }

    /// The values that an attribute has in possible situations of the space.
    pub(crate) fn values(&self, attribute: AttributeIndex, space: &Space) -> ValueSet {
        let mut around = Vec::with_capacity(self.nodes().len());
        let mut asked = ValueSet::NONE;
        for node in self.nodes() {
            around.push(match node {
                Node::End(_) => true,
                Node::Asks {
                    attribute: at,
                    branches,
                } if *at == attribute => {
                    asked = branches.iter().fold(asked, |all, (set, _)| all.or(*set));
                    false
                }
                Node::Asks { branches, .. } => branches
                    .iter()
                    .any(|(_, next)| around.get(*next).copied().unwrap_or(false)),
            });
        }
        if around.get(self.root()).copied().unwrap_or(false) {
            return space.allows(attribute);
        }
        asked
    }

    /// One possible situation, neutral as far as a quick look goes; `None` where there is none.
    pub(crate) fn example(&self, vocabulary: &Vocabulary, space: &Space) -> Option<Situation> {
        let ordinary = |index: AttributeIndex, among: ValueSet| {
            let neutral = vocabulary.at(index).map(|a| a.neutral);
            let neutral = neutral.filter(|value| among.has(*value));
            neutral.or_else(|| among.iter().next())
        };
        let indexes = 0..vocabulary.attributes().len();
        let mut values: Vec<u8> = indexes
            .map(|index| ordinary(index, space.allows(index)))
            .collect::<Option<_>>()?;
        let mut node = self.root();
        loop {
            match self.nodes().get(node)? {
                Node::End(claim) if claim.is_impossible() => return None,
                Node::End(_) => return Some(Situation::new(values)),
                Node::Asks {
                    attribute,
                    branches,
                } => {
                    let neutral = values.get(*attribute).copied()?;
                    let usual = branches.iter().find(|(set, _)| set.has(neutral));
                    let (set, next) = usual.or_else(|| branches.first())?;
                    if let Some(slot) = values.get_mut(*attribute) {
                        *slot = ordinary(*attribute, *set)?;
                    }
                    node = *next;
                }
            }
        }
    }
}
