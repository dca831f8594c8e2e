//! Which question settles most: the one after which least is open.
//!
//! What is open is told by the pages that a person would still see on the way through the diagram, and by how evenly
//! the verdicts are still matched. Nobody's answers are counted for it: the expectation takes plain odds.

use std::collections::BTreeMap;

use crate::cube::{AttributeIndex, ValueSet};
use crate::possible::{Diagram, Node, NodeIndex};
use crate::vocabulary::Vocabulary;

use super::Question;
use super::page::group_of;

/// How likely a fact of a group is to hold.
const YES: f64 = 0.1;
/// How likely the neutral value of a choice is.
const NEUTRAL: f64 = 0.6;
/// Questions that differ by less are as good as each other; then the earlier in the vocabulary is asked.
const SAME: f64 = 1e-9;

/// The values that attributes have once a question is answered.
type Answered = Vec<(AttributeIndex, ValueSet)>;

/// The question after which least is open.
pub(super) fn best(
    vocabulary: &Vocabulary,
    diagram: &Diagram,
    pages: Vec<Question>,
) -> Option<Question> {
    let outlook = Outlook::new(vocabulary, diagram);
    let mut best: Option<(f64, Question)> = None;
    for page in pages {
        let open = outlook.open_after(&page);
        if best.as_ref().is_none_or(|(least, _)| open < least - SAME) {
            best = Some((open, page));
        }
    }
    best.map(|(_, page)| page)
}

struct Outlook<'d> {
    diagram: &'d Diagram,
    /// The odds of each value of each attribute.
    odds: Vec<Vec<f64>>,
    /// The page on which each attribute is asked, named by its first attribute.
    pages: Vec<AttributeIndex>,
}

impl<'d> Outlook<'d> {
    fn new(vocabulary: &Vocabulary, diagram: &'d Diagram) -> Self {
        let attributes = vocabulary.attributes();
        let odds = attributes.iter().map(|attribute| {
            let usual = if attribute.is_yes_no() {
                1.0 - YES
            } else {
                NEUTRAL
            };
            let others = u32::try_from(attribute.values.len().max(2) - 1).unwrap_or(1);
            let neutral = usize::from(attribute.neutral);
            let odds = |value| {
                if value == neutral {
                    usual
                } else {
                    (1.0 - usual) / f64::from(others)
                }
            };
            (0..attribute.values.len()).map(odds).collect()
        });
        let page = |(index, attribute)| {
            let group = group_of(vocabulary, attribute)?;
            let mut together = attributes.iter();
            let first = together.position(|a| group_of(vocabulary, a) == Some(group));
            Some(first.unwrap_or(index))
        };
        let indexed = attributes.iter().enumerate();
        Self {
            diagram,
            odds: odds.collect(),
            pages: indexed.map(|(i, a)| page((i, a)).unwrap_or(i)).collect(),
        }
    }

    fn odds(&self, attribute: AttributeIndex, values: ValueSet) -> f64 {
        let odds = self.odds.get(attribute);
        let of = |value: u8| odds.and_then(|o| o.get(usize::from(value)));
        values.iter().filter_map(of).sum()
    }

    /// How much is expected to be open once a question is answered.
    fn open_after(&self, question: &Question) -> f64 {
        let (mut open, mut total) = (0.0, 0.0);
        for (odds, answered) in self.answers(question) {
            if let Some(left) = self.open(&answered) {
                open += odds * left;
                total += odds;
            }
        }
        open / f64::max(total, SAME)
    }

    /// The answers to a question and their odds. Of a group: none, and each fact alone, which is nearly all of them.
    fn answers(&self, question: &Question) -> Vec<(f64, Answered)> {
        match question {
            Question::Choice { attribute, values } => {
                let parts = self.alike(*attribute, *values).into_iter();
                let answer = |part| (self.odds(*attribute, part), vec![(*attribute, part)]);
                parts.map(answer).collect()
            }
            Question::Group { members, .. } => {
                let none: Answered = members.iter().map(|m| (*m, ValueSet::one(0))).collect();
                let alone = members.iter().map(|member| {
                    let yes = |(m, no): &(AttributeIndex, ValueSet)| {
                        (*m, if m == member { ValueSet::one(1) } else { *no })
                    };
                    (YES / (1.0 - YES), none.iter().map(yes).collect())
                });
                let alone: Vec<(f64, Answered)> = alone.collect();
                [(1.0, none)].into_iter().chain(alone).collect()
            }
        }
    }

    /// The values in sets that no node tells apart.
    fn alike(&self, attribute: AttributeIndex, values: ValueSet) -> Vec<ValueSet> {
        let mut parts = vec![values];
        for node in self.diagram.nodes() {
            let Node::Asks {
                attribute: asked,
                branches,
            } = node
            else {
                continue;
            };
            for (set, _) in branches.iter().filter(|_| *asked == attribute) {
                let split = |part: ValueSet| [part.and(*set), part.without(*set)];
                parts = parts.into_iter().flat_map(split).collect();
                parts.retain(|part| !part.is_empty());
            }
        }
        parts
    }

    /// How much is open after an answer; `None` where it cannot be given.
    fn open(&self, answered: &Answered) -> Option<f64> {
        let settled = self.settled(answered);
        let root = self.diagram.root();
        if settled.get(root) == Some(&Below::Nothing) {
            return None;
        }
        let mut reached = vec![0.0; settled.len()];
        *reached.get_mut(root)? = 1.0;
        let mut pages: BTreeMap<AttributeIndex, f64> = BTreeMap::new();
        let mut verdicts: BTreeMap<NodeIndex, f64> = BTreeMap::new();
        for (index, node) in self.diagram.nodes().iter().enumerate().rev() {
            let here = reached.get(index).copied().unwrap_or(0.0);
            match settled.get(index) {
                _ if here == 0.0 => {}
                Some(Below::One(end)) => *verdicts.entry(*end).or_default() += here,
                _ => {
                    let branches = self.branches(node, answered, &settled);
                    if let Node::Asks { attribute, .. } = node
                        && branches.len() > 1
                    {
                        let page = self.pages.get(*attribute).copied().unwrap_or(*attribute);
                        *pages.entry(page).or_default() += here;
                    }
                    let all: f64 = branches.iter().map(|(odds, _)| odds).sum();
                    for (odds, next) in branches {
                        if let Some(there) = reached.get_mut(next) {
                            *there += here * odds / all;
                        }
                    }
                }
            }
        }
        let pages: f64 = pages.values().map(|often| often.min(1.0)).sum();
        let evenness: f64 = verdicts.values().map(|p| -p * p.ln()).sum();
        Some(pages + evenness)
    }

    /// What is below each node where attributes are answered.
    fn settled(&self, answered: &Answered) -> Vec<Below> {
        let mut settled: Vec<Below> = Vec::with_capacity(self.diagram.nodes().len());
        for (index, node) in self.diagram.nodes().iter().enumerate() {
            let below = match node {
                Node::End(_) if self.diagram.verdicts_of(index).is_empty() => Below::Nothing,
                Node::End(_) => Below::One(index),
                Node::Asks { .. } => {
                    let next = self.branches(node, answered, &settled).into_iter();
                    next.filter_map(|(_, next)| settled.get(next).copied())
                        .fold(Below::Nothing, Below::and)
                }
            };
            settled.push(below);
        }
        settled
    }

    /// Where a node leads, with the odds, as far as the answers and what is below leave it open.
    fn branches(
        &self,
        node: &Node,
        answered: &Answered,
        settled: &[Below],
    ) -> Vec<(f64, NodeIndex)> {
        let Node::Asks {
            attribute,
            branches,
        } = node
        else {
            return Vec::new();
        };
        let only = answered.iter().find(|(a, _)| a == attribute);
        let open = branches.iter().filter_map(|(set, next)| {
            let left = only.map_or(*set, |(_, only)| set.and(*only));
            let open = !left.is_empty() && settled.get(*next) != Some(&Below::Nothing);
            open.then(|| (self.odds(*attribute, left), *next))
        });
        open.collect()
    }
}

/// The verdicts below a node, as far as it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Below {
    /// No situation is left.
    Nothing,
    /// One verdict, that of this end.
    One(NodeIndex),
    /// Several verdicts.
    Several,
}

impl Below {
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Nothing, below) | (below, Self::Nothing) => below,
            (Self::One(one), Self::One(other)) if one == other => self,
            _ => Self::Several,
        }
    }
}
