//! Everyday language as data: lists of words, and phrases with what each means.

use std::collections::HashMap;

use super::pattern::{Atom, Item, ListIndex, Pattern, Terms, parse};
use super::words::split;
use super::{Attribute, Vocabulary};
use crate::cube::{AttributeIndex, Cube};
use crate::fields::{Fields, Text};
use crate::when::read_when;

/// What is meant where one of the patterns is said.
#[derive(Debug, Clone)]
pub(crate) struct Phrase {
    pub(crate) says: Vec<Pattern>,
    pub(crate) means: Vec<(AttributeIndex, u8)>,
    /// It means this only in these situations.
    pub(crate) only_in: Cube,
    /// What it weighs, where that is not what its values weigh.
    pub(crate) weight: Option<u8>,
}

/// The everyday language of a vocabulary.
#[derive(Debug, Clone, Default)]
pub(crate) struct Phrases {
    pub(crate) terms: Terms,
    /// The word lists, by index.
    pub(crate) lists: Vec<Vec<Pattern>>,
    pub(crate) phrases: Vec<Phrase>,
}

/// How far a value or phrase outweighs others that a text also names.
pub(super) fn weight(fields: &Fields<'_, '_, '_>) -> Option<u8> {
    let weight = fields.number("weight")?;
    Some(u8::try_from(weight).unwrap_or(u8::MAX))
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
    let mut phrases = Phrases::default();
    phrases.terms.spellings = spellings(fields);
    lists(fields, &mut phrases);
    for saying in sayings {
        let only = saying.means;
        let mut says = parse_all(fields, &phrases.terms, &saying.synonyms, None);
        if !saying.called.is_empty() {
            let called = parse_all(fields, &phrases.terms, &saying.called, None);
            let slot = phrases.lists.len();
            phrases.lists.push(called);
            phrases.terms.lists.push(String::new());
            says.extend(parse_all(
                fields,
                &phrases.terms,
                &saying.frames,
                Some(slot),
            ));
        }
        if !says.is_empty() {
            phrases.phrases.push(Phrase {
                says,
                means: vec![only],
                only_in: Cube::everything(),
                weight: None,
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
    let names = entries.iter().map(|(name, _)| name.is.to_owned());
    phrases.terms.lists = names.collect();
    for (name, value) in &entries {
        let texts = fields.reader.texts(name.is, value);
        let patterns = parse_all(fields, &phrases.terms, &texts, None);
        phrases.lists.push(patterns);
    }
    for (index, (name, _)) in entries.iter().enumerate() {
        if reaches(phrases, index, index, &mut vec![false; entries.len()]) {
            let what = format!("The word list '{}' is part of itself.", name.is);
            fields.reader.fault(name.at.clone(), what);
        }
    }
}

fn reaches(phrases: &Phrases, from: ListIndex, to: ListIndex, seen: &mut [bool]) -> bool {
    let uses = phrases.lists.get(from).into_iter().flatten();
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
        says: parse_all(fields, &phrases.terms, &says, None),
        means: sets
            .filter_map(|(a, set)| set.iter().next().map(|v| (*a, v)))
            .collect(),
        only_in: cube("only_in"),
        weight: weight(fields),
    };
    fields.finish();
    phrase
}

fn parse_all(
    fields: &Fields<'_, '_, '_>,
    terms: &Terms,
    texts: &[Text<'_>],
    slot: Option<ListIndex>,
) -> Vec<Pattern> {
    texts
        .iter()
        .filter_map(|text| parse(fields, terms, text, slot))
        .collect()
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
    /// Whether a fact of `attribute` counts in what is known. What holds for some acts alone needs an act that is known.
    pub(crate) fn counts(
        &self,
        attribute: &Attribute,
        known: &Cube,
        act: Option<AttributeIndex>,
    ) -> bool {
        let when = if self.told_when.is_empty() {
            &attribute.asked_when
        } else {
            &self.told_when
        };
        let unknown = act.filter(|act| known.get(*act).is_none());
        let holds =
            |when: &Cube| when.meets(known) && unknown.is_none_or(|a| when.get(a).is_none());
        when.is_empty() || when.iter().any(holds)
    }
}

#[cfg(test)]
mod tests {
    use crate::source::Source;
    use crate::vocabulary::Vocabulary;

    const ACT: &str = r#"
[[attribute]]
id = "act"
kind = "choice"
label = "Act"
neutral = "post"
values = [{ id = "post", says = "post", synonyms = ["{posting} it"] }]

[words]
posting = ["post|posting"]
"#;

    fn faults(more: &str) -> Vec<String> {
        let text = format!("{ACT}{more}");
        match Vocabulary::load(Source::new("v.toml", &text)) {
            Ok(_) => Vec::new(),
            Err(faults) => faults.0.iter().map(ToString::to_string).collect(),
        }
    }

    #[test]
    fn every_slip_is_told_with_its_place() {
        assert_eq!(faults(""), [""; 0]);
        assert_eq!(
            faults("sharing = [\"{postng}\"]"),
            ["v.toml:11:12: There is no word list 'postng'. Did you mean 'posting'?"]
        );
        assert_eq!(
            faults("a = [\"x {b}\"]\nb = [\"{a} y\"]"),
            [
                "v.toml:11:1: The word list 'a' is part of itself.",
                "v.toml:12:1: The word list 'b' is part of itself."
            ]
        );
        let phrase = |rest: &str| faults(&format!("\n[[phrase]]\n{rest}"));
        assert_eq!(
            phrase("says = [\"#9-4\", \"x|<y>\", \"maybe?\"]"),
            [
                "v.toml:13:9: '#9-4' is not a number or a span such as #4-17.",
                "v.toml:13:17: '<y>' is not understood: '<', '>', '{', '}' and '?' stand around or behind a whole place.",
                "v.toml:13:26: A phrase needs a word that must be there.",
            ]
        );
        assert_eq!(
            phrase("says = [\"x\"]\nmeans = { act = \"pots\" }")
                .first()
                .map(String::as_str),
            Some("v.toml:14:17: 'pots' is not a value of 'act'. Did you mean 'post'?")
        );
        assert_eq!(
            phrase("means = { act = \"post\" }\nmean = 1"),
            [
                "v.toml:12:1: 'says' is missing here: the words of the phrase.",
                "v.toml:14:1: 'mean' is not a key that this table has. Did you mean 'means'?"
            ]
        );
    }
}
