//! Patterns of words.
//!
//! A pattern is a row of words. `a|b` is either word, `{list}` any entry of a word list, `#4-17` a number from 4 to 17,
//! `word?` may be missing, `<word>` must be there but stays free for other phrases, `..` skips up to 3 words and `...`
//! up to 10, `^` is the start of the text. In an attribute's `frames`, `{}` stands for what a value is `called`.

use std::collections::HashMap;

use super::words::split;
use crate::fields::{Fields, Text};

const SHORT_GAP: u8 = 3;
const LONG_GAP: u8 = 10;
/// Each optional item doubles the ways in which a phrase can be said.
const OPTIONAL_AT_MOST: usize = 6;

/// The index of a word list.
pub(crate) type ListIndex = usize;

/// One way in which one place of a pattern can be filled.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Atom {
    /// These words, one after the other.
    Words(Vec<String>),
    /// A number within these bounds.
    Number(u32, u32),
    /// Any entry of a list.
    List(ListIndex),
}

/// One place of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Item {
    /// One of the atoms.
    Any {
        atoms: Vec<Atom>,
        /// It may be missing.
        optional: bool,
        /// It stays free for other phrases.
        context: bool,
    },
    /// Up to so many words of any kind.
    Gap(u8),
    /// The start of the text.
    Start,
}

/// A row of places.
pub(crate) type Pattern = Vec<Item>;

/// What a pattern may refer to.
#[derive(Debug, Clone, Default)]
pub(crate) struct Terms {
    /// Short forms and common misspellings: a word, and the words it stands for.
    pub(super) spellings: HashMap<String, Vec<String>>,
    /// The word lists' names, by index; a list that stands for one value's names has none.
    pub(super) lists: Vec<String>,
}

impl Terms {
    /// A word list by name.
    pub(crate) fn list(&self, id: &str) -> Option<ListIndex> {
        self.lists.iter().position(|name| name == id)
    }

    /// A word, or the words that a short form stands for.
    pub(crate) fn spelt<'w>(&'w self, word: &'w str) -> impl Iterator<Item = &'w str> {
        let long = self.spellings.get(word);
        let kept = long.is_none().then_some(word);
        long.into_iter().flatten().map(String::as_str).chain(kept)
    }
}

/// Reads a pattern; faults where it cannot be.
pub(super) fn parse(
    fields: &Fields<'_, '_, '_>,
    terms: &Terms,
    text: &Text<'_>,
    slot: Option<ListIndex>,
) -> Option<Pattern> {
    let mut pattern = Pattern::new();
    for part in text.is.split_whitespace() {
        match item(terms, part, slot) {
            Ok(items) => pattern.extend(items),
            Err(Wrong { what, name }) if name.is_empty() => {
                fields.reader.fault(text.at.clone(), what);
                return None;
            }
            Err(Wrong { what, name }) => {
                let known = terms.lists.iter().map(String::as_str);
                let known = known.filter(|id| !id.is_empty());
                let at = text.at.clone();
                fields.reader.unknown(at, what, &name, known);
                return None;
            }
        }
    }
    let optional = |item: &&Item| matches!(item, Item::Any { optional: true, .. });
    let firm = |item: &Item| {
        matches!(
            item,
            Item::Any {
                optional: false,
                ..
            }
        )
    };
    if pattern.iter().filter(optional).count() > OPTIONAL_AT_MOST {
        let what = format!("A phrase has at most {OPTIONAL_AT_MOST} places that may be missing.");
        fields.reader.fault(text.at.clone(), what);
    }
    if !pattern.iter().any(firm) {
        let what = "A phrase needs a word that must be there.";
        fields.reader.fault(text.at.clone(), what);
        return None;
    }
    Some(pattern)
}

struct Wrong {
    what: String,
    name: String,
}

fn item(terms: &Terms, part: &str, slot: Option<ListIndex>) -> Result<Vec<Item>, Wrong> {
    match part {
        ".." => return Ok(vec![Item::Gap(SHORT_GAP)]),
        "..." => return Ok(vec![Item::Gap(LONG_GAP)]),
        "^" => return Ok(vec![Item::Start]),
        _ => {}
    }
    let (part, optional) = match part.strip_suffix('?') {
        Some(rest) => (rest, true),
        None => (part, false),
    };
    let inner = part.strip_prefix('<').and_then(|p| p.strip_suffix('>'));
    let context = inner.is_some();
    let atoms: Vec<Atom> = inner
        .unwrap_or(part)
        .split('|')
        .map(|atom| self::atom(terms, atom, slot))
        .collect::<Result<_, _>>()?;
    Ok(vec![Item::Any {
        atoms,
        optional,
        context,
    }])
}

fn atom(terms: &Terms, atom: &str, slot: Option<ListIndex>) -> Result<Atom, Wrong> {
    let wrong = |what: String, name: &str| Wrong {
        what,
        name: name.to_owned(),
    };
    if let Some(name) = atom.strip_prefix('{').and_then(|a| a.strip_suffix('}')) {
        let list = if name.is_empty() {
            slot
        } else {
            terms.list(name)
        };
        return list
            .map(Atom::List)
            .ok_or_else(|| wrong(format!("There is no word list '{name}'."), name));
    }
    if let Some(bounds) = atom.strip_prefix('#') {
        let (from, to) = bounds.split_once('-').unwrap_or((bounds, bounds));
        return match (from.parse(), to.parse()) {
            (Ok(from), Ok(to)) if from <= to => Ok(Atom::Number(from, to)),
            _ => Err(wrong(
                format!("'{atom}' is not a number or a span such as #4-17."),
                "",
            )),
        };
    }
    if atom.contains(['<', '>', '{', '}', '?']) {
        let what = format!(
            "'{atom}' is not understood: '<', '>', '{{', '}}' and '?' stand around or behind a whole place."
        );
        return Err(wrong(what, ""));
    }
    let words = split(atom).into_iter();
    let words: Vec<String> = words
        .flat_map(|word| terms.spelt(&word.is).map(str::to_owned).collect::<Vec<_>>())
        .collect();
    if words.is_empty() {
        return Err(wrong(format!("'{atom}' holds no word."), ""));
    }
    Ok(Atom::Words(words))
}
