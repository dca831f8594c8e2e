//! The school or trust that a document names.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::lines::Line;

const KINDS: [&str; 8] = [
    "Trust",
    "School",
    "Academy",
    "Academies",
    "College",
    "Federation",
    "MAT",
    "Nursery",
];
/// Words that a name may hold in small letters, never at its start.
const INSIDE: [&str; 4] = ["of", "and", "the", "for"];
/// Capitalised words that make no name of the kind of body behind them: 'The School', 'Each School'.
const NO_NAME: [&str; 10] = [
    "The", "This", "Each", "Our", "Your", "A", "An", "Any", "All", "Multi",
];
/// Capitalised at the start of a sentence, and no part of a name: 'Staff of Elm Academy'.
const PEOPLE: [&str; 9] = [
    "Staff",
    "Pupils",
    "Students",
    "Learners",
    "Parents",
    "Governors",
    "Members",
    "Employees",
    "Teachers",
];
const LONGEST_NAME_WORDS: usize = 7;

/// The name that stands most often, if any stands twice. 'Elm Trust' and 'Elm Academy Trust' count
/// as one name, given in its usual form.
pub(super) fn name(lines: &[Line<'_>]) -> Option<String> {
    let mut known: HashMap<String, Known> = HashMap::new();
    for (at, line) in lines
        .iter()
        .enumerate()
        .filter(|(_, line)| !is_shouted(&line.text))
    {
        for name in names(&line.text) {
            let same = known.entry(name.key).or_insert_with(|| Known {
                count: 0,
                first_line: at,
                forms: HashMap::new(),
            });
            same.count += 1;
            *same.forms.entry(name.words).or_insert(0) += 1;
        }
    }
    let most = known
        .into_values()
        .filter(|known| known.count > 1)
        .max_by_key(|known| (known.count, Reverse(known.first_line)))?;
    let best = most
        .forms
        .into_iter()
        .max_by_key(|(form, count)| (*count, form.len(), form.clone()));
    best.map(|(form, _)| form)
}

struct Known {
    count: usize,
    first_line: usize,
    forms: HashMap<String, usize>,
}

struct Name {
    words: String,
    /// The first word that is the body's own.
    key: String,
}

fn is_shouted(text: &str) -> bool {
    !text.chars().any(char::is_lowercase)
}

fn names(text: &str) -> Vec<Name> {
    let mut found = Vec::new();
    let mut name: Vec<&str> = Vec::new();
    for word in text.split_whitespace() {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        let bare = bare
            .strip_suffix("'s")
            .or_else(|| bare.strip_suffix("’s"))
            .unwrap_or(bare);
        let breaks_before = word.starts_with(['(', '"', '“', '‘']);
        let is_capital = bare.starts_with(char::is_uppercase);
        if breaks_before || !(is_capital || (INSIDE.contains(&bare) && !name.is_empty())) {
            name.clear();
        }
        if (is_capital || !name.is_empty()) && !PEOPLE.contains(&bare) {
            name.push(bare);
        }
        if KINDS.contains(&bare) {
            found.extend(as_name(&name));
        }
        let breaks_behind = !word.ends_with(char::is_alphanumeric);
        if breaks_behind || name.len() > LONGEST_NAME_WORDS {
            name.clear();
        }
    }
    found
}

fn as_name(words: &[&str]) -> Option<Name> {
    let is_own = |word: &&&str| {
        !KINDS.contains(*word) && !NO_NAME.contains(*word) && !INSIDE.contains(*word)
    };
    let key = words.iter().find(is_own)?;
    Some(Name {
        words: words.join(" "),
        key: (*key).to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::super::lines;
    use super::*;

    fn named(text: &str) -> Option<String> {
        name(&lines::read(text))
    }

    #[test]
    fn finds_the_name_that_stands_most_often() {
        let text = "Staff of Elm Grove Academy must care.\nElm Grove Academy's staff, too.\n\
                    Ash School is a neighbour.";
        assert_eq!(named(text).as_deref(), Some("Elm Grove Academy"));
    }

    #[test]
    fn the_school_is_no_name() {
        assert_eq!(
            named("The School asks.\nThe School tells.\nEach School acts."),
            None
        );
    }
}
