//! Whether what is on record covers what somebody asks, fact by fact.

use policy::situation::Given;
use policy::vocabulary::Vocabulary;

use crate::ask::facts::Facts;
use crate::cases::Held;

/// How what is on record fits what was told.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Fit {
    /// Something that was told is otherwise.
    Not,
    /// All that it covers was told, and some of it is a fact of the vocabulary.
    Whole,
    /// What was told agrees; some of what it covers was not told.
    Part,
    /// What it covers is no fact of the vocabulary: only whoever asks can say.
    Open,
}

/// How a case fits what was told. What is not worth asking of such a situation does not count against it: it stands in
/// the terms that are shown.
pub(super) fn fit(held: &Held, vocabulary: &Vocabulary, given: &Given) -> Fit {
    let filled = given.filled(vocabulary);
    let (mut told, mut untold, mut open) = (false, false, false);
    for (name, values) in &held.facts() {
        let Some((index, attribute)) = vocabulary.attribute(name) else {
            continue;
        };
        let covered: Vec<u8> = values.iter().filter_map(|v| attribute.value(v)).collect();
        if covered.is_empty() {
            open = true;
            continue;
        }
        match given.get(index) {
            Some(set) if set.iter().any(|value| !covered.contains(&value)) => return Fit::Not,
            Some(_) => told = true,
            None => untold |= vocabulary.is_asked(index, &filled),
        }
    }
    match (told, untold, open) {
        (_, _, true) | (false, _, _) => Fit::Open,
        (true, false, false) => Fit::Whole,
        (true, true, false) => Fit::Part,
    }
}

/// What was told, with what a case says beside it: facts that have one value there, and were not told.
pub(super) fn filled_in(held: &Held, vocabulary: &Vocabulary, facts: &Facts) -> Facts {
    let mut filled = facts.clone();
    for (name, values) in &held.facts() {
        let [value] = values.as_slice() else {
            continue;
        };
        let found = vocabulary.attribute(name);
        let Some((index, value)) = found.and_then(|(i, a)| a.value(value).map(|v| (i, v))) else {
            continue;
        };
        if filled.value(index).is_none() {
            filled.tell(index, value);
        }
    }
    filled.pruned(vocabulary)
}
