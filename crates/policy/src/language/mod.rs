//! Reads everyday English: what a person says they are about to do becomes facts of the vocabulary.
//!
//! There is no model and no network: phrases of the vocabulary are looked for, the longest counts, and what is in
//! doubt is left out and asked. The text itself goes nowhere but into the words shown back to whoever wrote it.

mod chart;
mod lexicon;
mod tokens;
mod weigh;

use serde::Serialize;

use crate::cube::{AttributeIndex, ValueSet};
use crate::situation::{Given, GivenError};
use crate::vocabulary::Vocabulary;
use chart::Chart;
use lexicon::Lexicon;
use tokens::{Spelling, Token};
use weigh::{Claim, Said};

/// The attribute that says what the person is about to do; what else a phrase says depends on it.
const ACT: &str = "act";
/// The word list of openings such as 'can I'.
const ASKING: &str = "asking";
/// The word list of what may stand between an opening and the act, such as 'please'.
const ADVERB: &str = "adverb";
/// The word list of denials such as 'not'.
const DENYING: &str = "denying";
/// The word list of what looks like a denial and is none, such as 'can not'.
const NOT_DENYING: &str = "not-denying";
/// The word list of what may stand between a denial and what it denies, such as 'a'.
const BETWEEN: &str = "between";
/// How many such entries may stand between.
const BETWEEN_AT_MOST: usize = 4;

/// The longest text that is read, in characters; the rest of a longer one is left unread.
pub const CHARACTERS_AT_MOST: usize = 20_000;

/// One fact that a text says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Understood {
    /// The attribute's index in the vocabulary.
    #[serde(skip)]
    pub attribute: AttributeIndex,
    /// The index of its value.
    #[serde(skip)]
    pub value: u8,
    /// The attribute's name.
    #[serde(rename = "attribute")]
    pub attribute_id: String,
    /// The value's name.
    #[serde(rename = "value")]
    pub value_id: String,
    /// The words that said so, as they were written.
    pub words: String,
    /// Whether they said it by denying the opposite ('no pupils about').
    pub denied: bool,
}

/// What a text was understood to say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reading {
    /// The facts, in the vocabulary's order.
    pub facts: Vec<Understood>,
    /// The same as something to decide by, with the facts that come with them.
    #[serde(skip)]
    pub given: Given,
    /// Whether the text was longer than [`CHARACTERS_AT_MOST`], so that its end was left unread.
    pub cut: bool,
}

/// Reads one text. To read several, keep a [`Reader`].
#[must_use]
pub fn read(vocabulary: &Vocabulary, text: &str) -> Reading {
    Reader::new(vocabulary).read(vocabulary, text)
}

/// The everyday language of a vocabulary, ready to read any number of texts.
#[derive(Debug, Clone)]
pub struct Reader {
    lexicon: Lexicon,
    spelling: Spelling,
}

impl Reader {
    /// Compiles the phrases of a vocabulary.
    #[must_use]
    pub fn new(vocabulary: &Vocabulary) -> Self {
        let lexicon = Lexicon::new(vocabulary.phrases());
        let spelling = Spelling::new(&lexicon);
        Self { lexicon, spelling }
    }

    /// Reads a text with the vocabulary that the reader was made from.
    #[must_use]
    pub fn read(&self, vocabulary: &Vocabulary, text: &str) -> Reading {
        let end = text.char_indices().nth(CHARACTERS_AT_MOST);
        let read = end.and_then(|(at, _)| text.get(..at)).unwrap_or(text);
        let tokens = tokens::tokens(
            read,
            &vocabulary.phrases().terms,
            &self.lexicon,
            &self.spelling,
        );
        let said = self.said(vocabulary, &tokens);
        let (claims, given) = possible(vocabulary, weigh::facts(vocabulary, &said));
        let facts = claims
            .iter()
            .map(|claim| understood(vocabulary, claim, read, &tokens));
        let mut facts: Vec<Understood> = facts.collect();
        facts.sort_by_key(|fact| fact.attribute);
        Reading {
            facts,
            given,
            cut: end.is_some(),
        }
    }

    /// Every phrase of a text, by where it starts.
    fn said<'v>(&self, vocabulary: &'v Vocabulary, tokens: &[Token]) -> Vec<Said<'v>> {
        let phrases = vocabulary.phrases();
        let mut chart = Chart::new(&self.lexicon, tokens);
        let found = chart.phrases();
        let mut marks = |list: &str| match phrases.terms.list(list) {
            Some(list) => (0..tokens.len())
                .flat_map(|start| {
                    chart
                        .entries(list, start)
                        .iter()
                        .map(|e| (start, e.end))
                        .collect::<Vec<_>>()
                })
                .collect(),
            None => Vec::new(),
        };
        let asked = asked(tokens.len(), &marks(ASKING), &marks(ADVERB));
        let denied = denied(
            tokens.len(),
            &marks(DENYING),
            &marks(NOT_DENYING),
            &marks(BETWEEN),
        );
        let holds = |marks: &[bool], at: usize| marks.get(at).copied().unwrap_or(false);
        let said = found.into_iter().filter_map(|found| {
            Some(Said {
                phrase: phrases.phrases.get(found.phrase)?,
                asked: holds(&asked, found.first()),
                denied: holds(&denied, found.first()),
                found,
            })
        });
        said.collect()
    }
}

/// The positions right after an opening such as 'can I' or 'am I allowed to', and the start of the text.
fn asked(length: usize, openings: &[(usize, usize)], adverbs: &[(usize, usize)]) -> Vec<bool> {
    let mut marks = vec![false; length + 1];
    let mut mark = |at: usize, to: usize, always: bool| {
        let from = always || marks.get(at).copied().unwrap_or(false);
        if let Some(mark) = marks.get_mut(to) {
            *mark |= from;
        }
    };
    mark(0, 0, true);
    for (start, end) in openings {
        mark(*start, *end, true);
    }
    for (start, end) in adverbs {
        mark(*start, *end, false);
    }
    marks
}

/// The positions right after a denial, or with words such as 'a' or 'any' between.
fn denied(
    length: usize,
    denials: &[(usize, usize)],
    no_denials: &[(usize, usize)],
    between: &[(usize, usize)],
) -> Vec<bool> {
    let mut since: Vec<Option<usize>> = vec![None; length + 1];
    for (_, end) in denials {
        if let Some(since) = since.get_mut(*end) {
            *since = Some(0);
        }
    }
    for (_, end) in no_denials {
        if let Some(since) = since.get_mut(*end) {
            *since = None;
        }
    }
    for (start, end) in between {
        let passed = since.get(*start).copied().flatten().map(|s| s + 1);
        let passed = passed.filter(|s| *s <= BETWEEN_AT_MOST);
        if let Some(since) = since.get_mut(*end).filter(|s| s.is_none()) {
            *since = passed;
        }
    }
    since.iter().map(Option::is_some).collect()
}

/// What was claimed as something that can be; where it contradicts itself, without what fewest words say.
fn possible(vocabulary: &Vocabulary, mut claims: Vec<Claim>) -> (Vec<Claim>, Given) {
    loop {
        let given = claims.iter().fold(Given::nothing(), |given, claim| {
            given.with(claim.attribute, ValueSet::one(claim.value))
        });
        let name = match given.completed(vocabulary) {
            Ok(given) => return (claims, given),
            Err(GivenError::Impossible { name, .. }) => name,
            Err(_) => return (Vec::new(), Given::nothing()),
        };
        let impossible = vocabulary.impossible().iter().find(|i| i.name == name);
        let involved =
            |claim: &Claim| impossible.is_some_and(|i| i.when.get(claim.attribute).is_some());
        let doubtful = claims.iter().enumerate().filter(|(_, c)| involved(c));
        let Some((least, _)) = doubtful.min_by_key(|(_, c)| (c.weight, c.size)) else {
            return (Vec::new(), Given::nothing());
        };
        claims.remove(least);
    }
}

fn understood(vocabulary: &Vocabulary, claim: &Claim, text: &str, tokens: &[Token]) -> Understood {
    let (first, last) = (tokens.get(claim.span.0), tokens.get(claim.span.1));
    let words = first
        .zip(last)
        .and_then(|(first, last)| text.get(first.at.start..last.at.end));
    let attribute = vocabulary.at(claim.attribute);
    Understood {
        attribute: claim.attribute,
        value: claim.value,
        attribute_id: attribute.map(|a| a.id.clone()).unwrap_or_default(),
        value_id: attribute.map_or("", |a| a.value_id(claim.value)).to_owned(),
        words: words.unwrap_or_default().to_owned(),
        denied: claim.denied,
    }
}
