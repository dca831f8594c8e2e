//! Reads files of phrases and compiles them: what is said, kind by kind.

use policy::fields::{Fields, Reader, Text};
use policy::source::{Faults, Source};
use rustc_hash::FxHashMap;

use super::groups::{Groups, forms};
use super::kinds::{ACCOUNTS, named, version};
use crate::draft::{Account, Part};
use crate::kind::Kind;

/// Words of one element, by number.
pub(crate) type Set = u16;

/// One place of a pattern.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Element {
    pub(crate) set: Set,
    pub(crate) optional: bool,
    /// How many words may stand before it.
    pub(crate) gap: u8,
}

/// The parts in which a phrase counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// In what the draft says: the text and the descriptions of pictures.
    Words,
    /// In the description of a picture only.
    Alt,
    /// In the account's profile only.
    Profile,
    /// In all of them.
    Anywhere,
}

/// What a phrase is a sign of.
#[derive(Debug, Clone)]
pub(crate) struct Rule {
    pub(crate) kind: Kind,
    pub(crate) score: u8,
    pub(crate) place: Place,
    pub(crate) account: Option<Account>,
    /// None of these in the same sentence.
    pub(crate) unless: Vec<Vec<Element>>,
}

/// A pattern and its rule.
#[derive(Debug, Clone)]
pub(crate) struct Pattern {
    pub(crate) elements: Vec<Element>,
    pub(crate) rule: u32,
}

/// Every phrase, compiled.
#[derive(Debug, Default)]
pub(crate) struct Phrases {
    /// The sets that hold a word, in order.
    sets: FxHashMap<Box<str>, Vec<Set>>,
    /// The patterns that begin with a set.
    starts: Vec<Vec<u32>>,
    pub(crate) patterns: Vec<Pattern>,
    pub(crate) rules: Vec<Rule>,
    pub(crate) special: Special,
}

/// Sets that names and numbers of the text belong to as well.
#[derive(Debug, Default, Clone)]
pub(crate) struct Special {
    pub(crate) school: Vec<Set>,
    pub(crate) colleague: Vec<Set>,
    pub(crate) pupil: Vec<Set>,
    pub(crate) number: Vec<Set>,
}

impl Phrases {
    pub(crate) fn sets(&self, word: &str) -> &[Set] {
        self.sets.get(word).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn starting(&self, set: Set) -> &[u32] {
        self.starts.get(usize::from(set)).map_or(&[], Vec::as_slice)
    }
}

impl Place {
    pub(crate) fn has(self, part: Part) -> bool {
        match self {
            Self::Words => matches!(part, Part::Text | Part::Alt(_)),
            Self::Alt => matches!(part, Part::Alt(_)),
            Self::Profile => matches!(part, Part::Profile),
            Self::Anywhere => !matches!(part, Part::Link(_)),
        }
    }
}

const SURE: &[(&str, u8)] = &[("certain", 92), ("likely", 75), ("possible", 45)];
const PLACES: &[(&str, Place)] = &[
    ("words", Place::Words),
    ("alt", Place::Alt),
    ("profile", Place::Profile),
    ("anywhere", Place::Anywhere),
];
const NUMBER: &str = "number";
/// Groups that names of the roll belong to.
const NAMED: [&str; 3] = ["school", "colleague", "pupil"];
/// Words that a gap may leave out: `..` and `...`.
const GAPS: [(&str, u8); 2] = [("..", 3), ("...", 8)];
/// More gaps would make a search slow.
const GAPS_AT_MOST: usize = 2;

/// Phrases in the making.
pub(super) struct Compiler<'g> {
    groups: &'g Groups,
    numbers: FxHashMap<String, Set>,
    pub(super) phrases: Phrases,
}

impl<'g> Compiler<'g> {
    pub(super) fn new(groups: &'g Groups) -> Self {
        Self {
            groups,
            numbers: FxHashMap::default(),
            phrases: Phrases::default(),
        }
    }

    pub(super) fn read(&mut self, source: Source<'_>) -> Result<(), Faults> {
        let reader = Reader::new(source);
        let table = reader.parse();
        if let Some(table) = &table {
            let fields = Fields::new(&reader, table);
            version(&fields);
            for phrase in fields.tables("phrase") {
                self.phrase(&phrase);
                phrase.finish();
            }
            fields.finish();
        }
        reader.finish(table.map(|_| ()))
    }

    pub(super) fn finish(mut self) -> Phrases {
        for sets in self.phrases.sets.values_mut() {
            sets.sort_unstable();
            sets.dedup();
        }
        self.phrases
    }

    fn phrase(&mut self, fields: &Fields<'_, '_, '_>) {
        let kind = fields.required("kind");
        let kind = kind.and_then(|text| named(fields, text.is, text.at));
        let score = fields.one_of("sure", SURE);
        let place = fields.one_of("part", PLACES).unwrap_or(Place::Words);
        let account = fields.one_of("account", ACCOUNTS);
        let unless = fields.texts("unless").unwrap_or_default();
        let unless = unless.into_iter().filter_map(|t| self.pattern(fields, t));
        let unless: Vec<Vec<Element>> = unless.collect();
        let says = fields.texts("says").unwrap_or_default();
        if says.is_empty() {
            fields.reader.fault(fields.at(), "'says' is missing here.");
        }
        if score.is_none() && fields.value("sure").is_none() {
            fields.reader.fault(fields.at(), "'sure' is missing here.");
        }
        let rule = u32::try_from(self.phrases.rules.len()).unwrap_or(u32::MAX);
        for text in says {
            if let Some(elements) = self.pattern(fields, text) {
                self.add(elements, rule);
            }
        }
        if let Some(kind) = kind {
            self.phrases.rules.push(Rule {
                kind,
                score: score.unwrap_or_default(),
                place,
                account,
                unless,
            });
        }
    }

    fn add(&mut self, elements: Vec<Element>, rule: u32) {
        let number = u32::try_from(self.phrases.patterns.len()).unwrap_or(u32::MAX);
        if let Some(first) = elements.first() {
            let first = usize::from(first.set);
            if self.phrases.starts.len() <= first {
                self.phrases.starts.resize(first + 1, Vec::new());
            }
            if let Some(starts) = self.phrases.starts.get_mut(first) {
                starts.push(number);
            }
        }
        self.phrases.patterns.push(Pattern { elements, rule });
    }

    fn pattern(&mut self, fields: &Fields<'_, '_, '_>, text: Text<'_>) -> Option<Vec<Element>> {
        let mut elements: Vec<Element> = Vec::new();
        let mut gap = 0;
        let mut gaps = 0;
        let fault = |what: String| fields.reader.fault(text.at.clone(), what);
        for word in text.is.split_whitespace() {
            if let Some((_, words)) = GAPS.iter().find(|(sign, _)| *sign == word) {
                gap = *words;
                gaps += 1;
                continue;
            }
            let optional = word.ends_with('?');
            let Some(set) = self.set(word.trim_end_matches('?')) else {
                fault(format!("'{word}' names no group of words.toml."));
                return None;
            };
            elements.push(Element { set, optional, gap });
            gap = 0;
        }
        let sound = elements.first().is_some_and(|e| !e.optional && e.gap == 0) && gap == 0;
        if !sound {
            fault("A phrase begins and ends with a word that must be there.".to_owned());
        }
        if gaps > GAPS_AT_MOST {
            fault(format!("A phrase has at most {GAPS_AT_MOST} gaps."));
        }
        sound.then_some(elements)
    }

    /// The number of a set of words, made on first use.
    fn set(&mut self, word: &str) -> Option<Set> {
        if let Some(set) = self.numbers.get(word) {
            return Some(*set);
        }
        let set = Set::try_from(self.numbers.len()).ok()?;
        let mut words = Vec::new();
        for one in word.split('|') {
            match one.strip_prefix('{').and_then(|w| w.strip_suffix('}')) {
                Some(NUMBER) => self.phrases.special.number.push(set),
                Some(group) => {
                    words.extend(self.groups.get(group)?.iter().cloned());
                    self.name(group, set);
                }
                None => words.extend(forms(one)),
            }
        }
        for word in words {
            self.phrases.sets.entry(word.into()).or_default().push(set);
        }
        self.numbers.insert(word.to_owned(), set);
        Some(set)
    }

    fn name(&mut self, group: &str, set: Set) {
        let special = &mut self.phrases.special;
        let lists = [
            &mut special.school,
            &mut special.colleague,
            &mut special.pupil,
        ];
        let found = NAMED.iter().zip(lists).find(|(name, _)| **name == group);
        if let Some((_, list)) = found {
            list.push(set);
        }
    }
}
