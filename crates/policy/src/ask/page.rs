//! The pages that may be asked now.

use crate::cube::{AttributeIndex, Cube};
use crate::possible::{Diagram, Space};
use crate::situation::Given;
use crate::vocabulary::{Attribute, Vocabulary};

use super::Question;

/// The questions that can change the verdict and whose condition is known to hold, in the vocabulary's order.
///
/// Where no condition is known to hold, those whose condition may.
pub(super) fn pages(
    vocabulary: &Vocabulary,
    space: &Space,
    known: &Given,
    diagram: &Diagram,
) -> Vec<Question> {
    let mut open = diagram.altering();
    if open.is_empty() {
        // What alters the verdict comes with something else only: that is asked.
        open = diagram.asking();
    }
    open_gates(vocabulary, space, &mut open);
    let certain = |index: &AttributeIndex| {
        let listed = known.get(*index).is_some();
        let attribute = vocabulary.at(*index);
        listed || attribute.is_some_and(|a| a.asked_when.is_empty() || holds(a, space))
    };
    let group = |index: &AttributeIndex| group_of(vocabulary, vocabulary.at(*index)?);
    let ready: Vec<AttributeIndex> = open.iter().copied().filter(certain).collect();
    let shown: Vec<&str> = ready.iter().filter_map(group).collect();
    if !ready.is_empty() {
        // What may yet be worth asking is asked along with its page, so that the page does not come back.
        let along = |index: &AttributeIndex| group(index).is_some_and(|id| shown.contains(&id));
        open.retain(|index| ready.contains(index) || along(index));
    }
    let mut pages: Vec<Question> = Vec::new();
    for index in open {
        let Some(attribute) = vocabulary.at(index) else {
            continue;
        };
        match group_of(vocabulary, attribute) {
            None => pages.push(Question::Choice {
                attribute: index,
                values: diagram.values(index, space),
            }),
            Some(group) => {
                let page = pages.iter_mut().find_map(|page| match page {
                    Question::Group { group: id, members } if id == group => Some(members),
                    _ => None,
                });
                match page {
                    Some(members) => members.push(index),
                    None => pages.push(Question::Group {
                        group: group.to_owned(),
                        members: vec![index],
                    }),
                }
            }
        }
    }
    pages
}

/// The group on whose page a yes-no attribute is asked.
pub(super) fn group_of<'v>(
    vocabulary: &'v Vocabulary,
    attribute: &'v Attribute,
) -> Option<&'v str> {
    let own = attribute
        .group
        .as_deref()
        .filter(|_| attribute.is_yes_no())?;
    let joined = vocabulary.group(own).and_then(|g| g.joins.as_deref());
    Some(joined.unwrap_or(own))
}

/// Adds the attributes that decide whether an open one is worth asking about.
fn open_gates(vocabulary: &Vocabulary, space: &Space, open: &mut Vec<AttributeIndex>) {
    let mut at = 0;
    while let Some(index) = open.get(at).copied() {
        at += 1;
        let Some(attribute) = vocabulary.at(index).filter(|a| !holds(a, space)) else {
            continue;
        };
        for when in attribute.asked_when.iter().filter(|when| space.meets(when)) {
            for (gate, set) in when.sets() {
                let undecided = !space.allows(*gate).without(*set).is_empty();
                if undecided && !open.contains(gate) {
                    open.push(*gate);
                }
            }
        }
    }
    open.sort_unstable();
}

/// Whether the attribute is worth asking about in the whole space.
fn holds(attribute: &Attribute, space: &Space) -> bool {
    attribute
        .asked_when
        .iter()
        .any(|when: &Cube| space.is_within(when))
}
