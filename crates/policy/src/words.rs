//! Sets of situations in plain words, from the labels and values of the vocabulary.

use serde::Serialize;
use serde_json::{Map, Value as Json};

use crate::cube::{AttributeIndex, Cube, ValueSet};
use crate::situation::Situation;
use crate::vocabulary::{Attribute, Group, Vocabulary};

/// Up to this many values are listed; of a longer list the rest is counted.
const LISTED_AT_MOST: usize = 4;
/// Up to this many facts that are not so are told one by one.
const FEW: usize = 2;

/// One thing that holds in every situation of a set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Condition<'v> {
    /// The attributes it is about: one, or yes-no attributes of one group that are all no.
    pub attributes: Vec<&'v str>,
    /// The values any of which may hold.
    pub values: Vec<&'v str>,
    /// The condition in words.
    pub says: String,
}

/// What holds in every situation of a cube: facts first, then what is ruled out, by group where several are.
#[must_use]
pub fn conditions<'v>(cube: &Cube, vocabulary: &'v Vocabulary) -> Vec<Condition<'v>> {
    let mut told = Vec::new();
    let mut ruled_out: Vec<&'v Attribute> = Vec::new();
    for (index, set) in cube.sets() {
        let Some(attribute) = vocabulary.at(*index) else {
            continue;
        };
        if attribute.is_yes_no() && *set == ValueSet::one(0) {
            ruled_out.push(attribute);
        } else {
            told.push(condition(attribute, *set));
        }
    }
    while let Some(first) = ruled_out.first().copied() {
        let of_group = |attribute: &&Attribute| attribute.group == first.group;
        let (together, rest): (Vec<_>, Vec<_>) = ruled_out.into_iter().partition(of_group);
        ruled_out = rest;
        let group = first.group.as_deref().and_then(|id| vocabulary.group(id));
        told.extend(none_of(group, &together, vocabulary));
    }
    told
}

fn condition(attribute: &Attribute, set: ValueSet) -> Condition<'_> {
    let says = if attribute.is_yes_no() {
        capitalised(attribute.value_says(1))
    } else {
        format!("{}: {}", attribute.label, listed(attribute, set))
    };
    Condition {
        attributes: vec![&attribute.id],
        values: set.iter().map(|v| attribute.value_id(v)).collect(),
        says,
    }
}

/// The values of a set, or those left out where they are fewer.
fn listed(attribute: &Attribute, set: ValueSet) -> String {
    let left_out = attribute.all().without(set);
    if set.len() > LISTED_AT_MOST && left_out.len() < set.len() && left_out.len() <= LISTED_AT_MOST
    {
        return format!("anything but {}", or(attribute, left_out));
    }
    or(attribute, set)
}

fn or(attribute: &Attribute, set: ValueSet) -> String {
    let all: Vec<&str> = set.iter().map(|v| attribute.value_says(v)).collect();
    let more = all.len().saturating_sub(LISTED_AT_MOST);
    let named = all.iter().take(LISTED_AT_MOST).copied();
    if more > 1 {
        let named: Vec<&str> = named.collect();
        return format!("{}, or one of {more} more", named.join(", "));
    }
    match all.split_last() {
        Some((last, first)) if !first.is_empty() => format!("{} or {last}", first.join(", ")),
        Some((last, _)) => (*last).to_owned(),
        None => String::new(),
    }
}

/// Yes-no attributes of one group that are no: one by one where they are few, else by the group's question.
fn none_of<'v>(
    group: Option<&'v Group>,
    together: &[&'v Attribute],
    vocabulary: &'v Vocabulary,
) -> Vec<Condition<'v>> {
    let says = match group {
        Some(group) if together.len() > FEW => {
            let ids: Vec<&str> = together.iter().map(|a| a.id.as_str()).collect();
            let members = group
                .attributes
                .iter()
                .filter_map(|index| vocabulary.at(*index));
            let other: Vec<&Attribute> =
                members.filter(|a| !ids.contains(&a.id.as_str())).collect();
            if other.len() <= together.len() {
                let aside = if other.is_empty() {
                    String::new()
                } else {
                    format!(", leaving this aside: {}", labels(&other))
                };
                format!("{} None of these{aside}", group.question)
            } else {
                format!("None of these: {}", labels(together))
            }
        }
        _ => {
            let each = together.iter().map(|attribute| Condition {
                attributes: vec![&attribute.id],
                values: vec!["no"],
                says: format!("Not so: {}", attribute.value_says(1)),
            });
            return each.collect();
        }
    };
    vec![Condition {
        attributes: together.iter().map(|a| a.id.as_str()).collect(),
        values: vec!["no"],
        says,
    }]
}

/// Labels in a row; of a long row the rest is counted.
fn labels(attributes: &[&Attribute]) -> String {
    let named = attributes.iter().take(LISTED_AT_MOST);
    let named: Vec<String> = named.map(|a| uncapitalised(&a.label)).collect();
    match attributes.len().saturating_sub(LISTED_AT_MOST) {
        0 => named.join("; "),
        more => format!("{}; and {more} more", named.join("; ")),
    }
}

/// With a capital first letter.
#[must_use]
pub fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(char::to_uppercase).into_iter().flatten();
    first.chain(letters).collect()
}

/// With a small first letter, unless the first word is an acronym, the pronoun or a single letter.
fn uncapitalised(text: &str) -> String {
    let mut letters = text.chars();
    let (first, second) = (letters.next(), letters.clone().next());
    if second.is_none_or(|c| !c.is_lowercase()) {
        return text.to_owned();
    }
    first
        .map(char::to_lowercase)
        .into_iter()
        .flatten()
        .chain(letters)
        .collect()
}

/// The facts of a situation that are not neutral, with those that come with them, as a person would give them.
#[must_use]
pub fn given(situation: &Situation, vocabulary: &Vocabulary) -> Map<String, Json> {
    let told = facts(situation, vocabulary).into_iter();
    let pairs = told.filter_map(|(index, value)| {
        let attribute = vocabulary.at(index)?;
        let value = match attribute.is_yes_no() {
            true => Json::Bool(value == 1),
            false => Json::from(attribute.value_id(value)),
        };
        Some((attribute.id.clone(), value))
    });
    pairs.collect()
}

/// The same facts in words.
#[must_use]
pub fn told<'v>(situation: &Situation, vocabulary: &'v Vocabulary) -> Vec<Condition<'v>> {
    let facts = facts(situation, vocabulary).into_iter();
    let cube = facts.fold(Cube::everything(), |cube, (index, value)| {
        cube.with(index, ValueSet::one(value))
    });
    conditions(&cube, vocabulary)
}

fn facts(situation: &Situation, vocabulary: &Vocabulary) -> Vec<(AttributeIndex, u8)> {
    let values = situation.values().iter().copied().enumerate();
    let implied = |index: AttributeIndex| {
        let implying = vocabulary.attributes().iter().zip(situation.values());
        implying
            .filter(|(a, value)| a.is_yes_no() && **value == 1)
            .any(|(a, _)| a.implies.contains(&index))
    };
    values
        .filter(|(index, value)| {
            let neutral = vocabulary.at(*index).map(|a| a.neutral);
            neutral != Some(*value) || implied(*index)
        })
        .collect()
}
