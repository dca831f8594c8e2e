//! Everyday language as data: lists of words, and phrases with what each means.
//!
//! A phrase is a row of words. `a|b` is either word, `{list}` any entry of a word list, `#4-17` a number from 4 to 17,
//! `word?` may be missing, `<word>` must be there but stays free for other phrases, `..` skips up to 3 words and `...`
//! up to 10, `^` is the start of the text. In an attribute's `frames`, `{}` stands for what a value is `called`.

use std::collections::HashMap;

use super::words::split;
use super::{Attribute, Vocabulary};
use crate::cube::{AttributeIndex, Cube};
use crate::fields::{Fields, Text};
use crate::when::read_when;

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

/// What is meant where one of the patterns is said.
#[derive(Debug, Clone)]
pub(crate) struct Phrase {
    pub(crate) says: Vec<Pattern>,
    pub(crate) means: Vec<(AttributeIndex, u8)>,
    /// It means this only in these situations.
    pub(crate) only_in: Cube,
}

/// The everyday language of a vocabulary.
#[derive(Debug, Clone, Default)]
pub(crate) struct Phrases {
    /// Short forms and common misspellings: a word, and the words it stands for.
    pub(crate) spellings: HashMap<String, Vec<String>>,
    lists: Vec<(String, Vec<Pattern>)>,
    pub(crate) phrases: Vec<Phrase>,
}

impl Phrases {
    /// The word lists' patterns, by index.
    pub(crate) fn lists(&self) -> impl Iterator<Item = &[Pattern]> {
        self.lists.iter().map(|(_, patterns)| patterns.as_slice())
    }

    /// A word list by name.
    pub(crate) fn list(&self, id: &str) -> Option<ListIndex> {
        self.lists.iter().position(|(name, _)| name == id)
    }

    /// The words of a text with short forms written out.
    pub(crate) fn spelt<'w>(&'w self, word: &'w str) -> impl Iterator<Item = &'w str> {
        let long = self.spellings.get(word);
        let kept = long.is_none().then_some(word);
        long.into_iter().flatten().map(String::as_str).chain(kept)
    }
}

/// What the attributes' tables say of how people put it, kept until the word lists are known.
pub(super) struct Sayings<'t> {
    /// The attribute and value.
    means: (AttributeIndex, u8),
    synonyms: Vec<Text<'t>>,
    called: Vec<Text<'t>>,
    frames: Vec<Text<'t>>,
}

impl<'t> Sayings<'t> {
    /// Reads `synonyms` and `called` of one value; `frames` are its attribute's.
    pub(super) fn read(
        fields: &Fields<'_, '_, 't>,
        means: (AttributeIndex, u8),
        frames: &[Text<'t>],
    ) -> Self {
        Self {
            means,
            synonyms: fields.texts("synonyms").unwrap_or_default(),
            called: fields.texts("called").unwrap_or_default(),
            frames: frames.to_vec(),
        }
    }
}

/// Reads `spellings`, `words` and `phrase`, and joins to them what the attributes say.
pub(super) fn read(
    fields: &Fields<'_, '_, '_>,
    vocabulary: &Vocabulary,
    sayings: &[Sayings<'_>],
) -> Phrases {
    let mut phrases = Phrases {
        spellings: spellings(fields),
        ..Phrases::default()
    };
    lists(fields, &mut phrases);
    for saying in sayings {
        let only = saying.means;
        let mut says = parse_all(fields, &phrases, &saying.synonyms, None);
        if !saying.called.is_empty() {
            let called = parse_all(fields, &phrases, &saying.called, None);
            let slot = phrases.lists.len();
            phrases.lists.push((String::new(), called));
            says.extend(parse_all(fields, &phrases, &saying.frames, Some(slot)));
        }
        if !says.is_empty() {
            phrases.phrases.push(Phrase {
                says,
                means: vec![only],
                only_in: Cube::everything(),
            });
        }
    }
    for table in fields.tables("phrase") {
        let phrase = phrase(&table, &phrases, vocabulary);
        phrases.phrases.push(phrase);
    }
    phrases
}

fn spellings(fields: &Fields<'_, '_, '_>) -> HashMap<String, Vec<String>> {
    let mut spellings = HashMap::new();
    for table in fields.tables("spellings") {
        for (short, long) in table.entries() {
            let long = fields.reader.texts(short.is, long);
            let words = long.iter().flat_map(|text| split(text.is));
            let words: Vec<String> = words.map(|word| word.is).collect();
            let short: String = split(short.is).into_iter().map(|word| word.is).collect();
            spellings.insert(short, words);
        }
    }
    spellings
}

/// Lists may use each other, but not in a circle.
fn lists(fields: &Fields<'_, '_, '_>, phrases: &mut Phrases) {
    let tables = fields.tables("words");
    let entries: Vec<_> = tables.iter().flat_map(Fields::entries).collect();
    phrases.lists = entries
        .iter()
        .map(|(name, _)| (name.is.to_owned(), Vec::new()))
        .collect();
    for (index, (name, value)) in entries.iter().enumerate() {
        let texts = fields.reader.texts(name.is, value);
        let patterns = parse_all(fields, phrases, &texts, None);
        if let Some(list) = phrases.lists.get_mut(index) {
            list.1 = patterns;
        }
    }
    for (index, (name, _)) in entries.iter().enumerate() {
        if reaches(phrases, index, index, &mut vec![false; entries.len()]) {
            let what = format!("The word list '{}' is part of itself.", name.is);
            fields.reader.fault(name.at.clone(), what);
        }
    }
}

fn reaches(phrases: &Phrases, from: ListIndex, to: ListIndex, seen: &mut [bool]) -> bool {
    let uses = phrases.lists.get(from).into_iter().flat_map(|(_, p)| p);
    let atoms = uses.flatten().flat_map(|item| match item {
        Item::Any { atoms, .. } => atoms.as_slice(),
        Item::Gap(_) | Item::Start => &[],
    });
    for atom in atoms {
        let Atom::List(next) = atom else { continue };
        if *next == to {
            return true;
        }
        let Some(fresh) = seen.get_mut(*next).filter(|seen| !**seen) else {
            continue;
        };
        *fresh = true;
        if reaches(phrases, *next, to, seen) {
            return true;
        }
    }
    false
}

fn phrase(fields: &Fields<'_, '_, '_>, phrases: &Phrases, vocabulary: &Vocabulary) -> Phrase {
    let says = fields.texts("says").unwrap_or_default();
    if says.is_empty() {
        let what = "'says' is missing here: the words of the phrase.";
        fields.reader.fault(fields.at(), what);
    }
    let cube = |key| {
        let tables = fields.tables(key);
        let cube = tables.first().and_then(|f| read_when(f, vocabulary));
        cube.unwrap_or_default()
    };
    let means = cube("means");
    let several = means.sets().iter().any(|(_, set)| set.len() != 1);
    if several {
        let what = "'means' gives each attribute one value.";
        fields.reader.fault(fields.at(), what);
    }
    let sets = means.sets().iter();
    let phrase = Phrase {
        says: parse_all(fields, phrases, &says, None),
        means: sets
            .filter_map(|(a, set)| set.iter().next().map(|v| (*a, v)))
            .collect(),
        only_in: cube("only_in"),
    };
    fields.finish();
    phrase
}

fn parse_all(
    fields: &Fields<'_, '_, '_>,
    phrases: &Phrases,
    texts: &[Text<'_>],
    slot: Option<ListIndex>,
) -> Vec<Pattern> {
    texts
        .iter()
        .filter_map(|text| parse(fields, phrases, text, slot))
        .collect()
}

fn parse(
    fields: &Fields<'_, '_, '_>,
    phrases: &Phrases,
    text: &Text<'_>,
    slot: Option<ListIndex>,
) -> Option<Pattern> {
    let mut pattern = Pattern::new();
    for part in text.is.split_whitespace() {
        match item(phrases, part, slot) {
            Ok(items) => pattern.extend(items),
            Err(Wrong { what, name }) if name.is_empty() => {
                fields.reader.fault(text.at.clone(), what);
                return None;
            }
            Err(Wrong { what, name }) => {
                let known = phrases.lists.iter().map(|(id, _)| id.as_str());
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

fn item(phrases: &Phrases, part: &str, slot: Option<ListIndex>) -> Result<Vec<Item>, Wrong> {
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
        .map(|atom| self::atom(phrases, atom, slot))
        .collect::<Result<_, _>>()?;
    Ok(vec![Item::Any {
        atoms,
        optional,
        context,
    }])
}

fn atom(phrases: &Phrases, atom: &str, slot: Option<ListIndex>) -> Result<Atom, Wrong> {
    let wrong = |what: String, name: &str| Wrong {
        what,
        name: name.to_owned(),
    };
    if let Some(name) = atom.strip_prefix('{').and_then(|a| a.strip_suffix('}')) {
        let list = if name.is_empty() {
            slot
        } else {
            phrases.list(name)
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
        .flat_map(|word| {
            phrases
                .spelt(&word.is)
                .map(str::to_owned)
                .collect::<Vec<_>>()
        })
        .collect();
    if words.is_empty() {
        return Err(wrong(format!("'{atom}' holds no word."), ""));
    }
    Ok(Atom::Words(words))
}

/// How several equally clear values of one attribute are settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Several {
    /// None is taken: it will be asked.
    None,
    /// The one said first.
    First,
    /// The one nearest to the words that say the act.
    Nearest,
}

/// What an attribute's table says of reading it from text.
#[derive(Debug, Clone)]
pub(crate) struct Telling {
    /// The situations in which it is kept when somebody writes it.
    pub(crate) told_when: Vec<Cube>,
    pub(crate) several: Several,
    /// How far each value outweighs others that the text also names.
    pub(crate) weights: Vec<u8>,
}

impl Telling {
    /// Whether a fact of the attribute counts in what is known.
    pub(crate) fn counts(&self, attribute: &Attribute, known: &Cube) -> bool {
        let when = if self.told_when.is_empty() {
            &attribute.asked_when
        } else {
            &self.told_when
        };
        when.is_empty() || when.iter().any(|when| when.meets(known))
    }
}
