//! Changes in words, to the person who asks. The vocabulary speaks in the first person; advice turns it round.

use crate::cube::{AttributeIndex, ValueSet};
use crate::situation::Situation;
use crate::vocabulary::{Attribute, ChangedBy, IN_WRITING, Vocabulary};

/// Where an attribute has no words of its own for being otherwise.
const INSTEAD: &str = "{new} instead of {old}";

/// The changed facts as one phrase: 'on your own phone instead of a school computer'.
pub(super) fn change(
    vocabulary: &Vocabulary,
    situation: &Situation,
    sets: &[(AttributeIndex, ValueSet)],
) -> String {
    let written = |index: AttributeIndex| vocabulary.at(index).is_some_and(|a| a.id == IN_WRITING);
    let in_writing = sets.iter().any(|(index, _)| written(*index));
    let (mut parts, mut gone) = (Vec::new(), Vec::new());
    for (index, set) in sets.iter().filter(|(index, _)| !written(*index)) {
        let Some(attribute) = vocabulary.at(*index) else {
            continue;
        };
        if attribute.is_yes_no() && set.has(0) {
            gone.push(attribute.value_says(1));
        } else {
            let old = situation.value(*index).unwrap_or(attribute.neutral);
            parts.push(fact(attribute, *set, old, in_writing));
        }
    }
    match gone.as_slice() {
        [] => {}
        [one] => parts.push(format!("if this were not so: {one}")),
        several => parts.push(format!("if neither were so: {}", several.join("; "))),
    }
    if parts.is_empty() && in_writing {
        parts.push("once they have agreed in writing".to_owned());
    }
    to_you(&parts.join(", and "))
}

fn fact(attribute: &Attribute, set: ValueSet, old: u8, in_writing: bool) -> String {
    let new: Vec<&str> = set.iter().map(|v| attribute.value_says(v)).collect();
    let new = or(&new);
    if attribute.is_yes_no() {
        return match attribute.changed_by {
            ChangedBy::Authoriser => format!("once {new}"),
            _ => format!("if this held: {new}"),
        };
    }
    if attribute.changed_by == ChangedBy::Authoriser {
        let writing = if in_writing { ", in writing" } else { "" };
        return format!("once {new}{writing}");
    }
    let instead = attribute.instead.as_deref().unwrap_or(INSTEAD);
    instead
        .replace("{new}", &new)
        .replace("{old}", attribute.value_says(old))
}

/// Any of several; words that all end with are said once: 'the head or the chair has agreed'.
fn or(all: &[&str]) -> String {
    let Some((last, first)) = all.split_last() else {
        return String::new();
    };
    if first.is_empty() {
        return (*last).to_owned();
    }
    let mut shared = *last;
    while let Some((_, ending)) = shared.split_once(' ') {
        shared = ending;
        if first.iter().all(|one| one.ends_with(&format!(" {shared}"))) {
            let cut = |one: &&str| {
                one.strip_suffix(shared)
                    .unwrap_or(one)
                    .trim_end()
                    .to_owned()
            };
            let first: Vec<String> = first.iter().map(cut).collect();
            return format!("{} or {last}", first.join(", "));
        }
    }
    format!("{} or {last}", first.join(", "))
}

/// Turns the first person into the second.
fn to_you(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut word = String::new();
    for letter in text.chars().chain([' ']) {
        if letter.is_alphabetic() {
            word.push(letter);
            continue;
        }
        out.push_str(match word.as_str() {
            "my" => "your",
            "mine" => "yours",
            "I" | "me" => "you",
            "am" => "are",
            "myself" => "yourself",
            other => other,
        });
        word.clear();
        out.push(letter);
    }
    out.truncate(out.trim_end().len());
    out
}

#[cfg(test)]
mod tests {
    use super::{or, to_you};

    #[test]
    fn the_first_person_becomes_the_second() {
        assert_eq!(
            to_you("on my own phone, if I am alone: so say I"),
            "on your own phone, if you are alone: so say you"
        );
    }

    #[test]
    fn a_shared_ending_is_said_once() {
        assert_eq!(
            or(&[
                "my manager has agreed",
                "the head has agreed",
                "the chair has agreed"
            ]),
            "my manager, the head or the chair has agreed"
        );
        assert_eq!(
            or(&["in the staff room", "in class"]),
            "in the staff room or in class"
        );
    }
}
