//! A situation's JSON read straight to a full situation: the common case, without anything built in between.

use super::{Given, GivenError, Situation, plain};
use crate::cube::AttributeIndex;
use crate::vocabulary::Vocabulary;

/// Stands for a value that nobody gave: attributes have fewer values than this.
const UNSAID: u8 = u8::MAX;

/// What somebody stated, ready to decide where it leaves nothing open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stated {
    /// One value for every attribute.
    Full {
        /// The situation: what was stated, what comes with it, and neutral values for the rest.
        situation: Situation,
        /// The attributes that were taken as neutral, although they are worth asking about.
        assumed: Vec<AttributeIndex>,
    },
    /// A list left an attribute open.
    Open(Given),
}

impl Stated {
    /// Reads the text of a JSON object as [`Given::from_json`] does.
    ///
    /// # Errors
    /// Text that is not JSON, names that the vocabulary lacks, wrong JSON kinds and impossible combinations are refused.
    pub fn read(vocabulary: &Vocabulary, text: &str) -> Result<Self, GivenError> {
        if let Some(full) = full(vocabulary, text) {
            return Ok(full);
        }
        let json =
            serde_json::from_str(text).map_err(|e| GivenError::NotJson { why: e.to_string() })?;
        let given = Given::from_json(vocabulary, &json)?;
        Ok(match given.situation(vocabulary) {
            Some(situation) => Self::Full {
                situation,
                assumed: given.assumed(vocabulary),
            },
            None => Self::Open(given),
        })
    }
}

/// The full situation, where each attribute has one known value and the whole can be. Whatever else the text may be
/// is left to the careful way, which says what is wrong with it.
fn full(vocabulary: &Vocabulary, text: &str) -> Option<Stated> {
    let mut values = vec![UNSAID; vocabulary.attributes().len()];
    plain::read(vocabulary.names(), text, &mut values)?;
    imply(vocabulary, &mut values);
    let mut situation = filled(vocabulary, &values);
    while let Some(index) = vocabulary.circumstances().impossible(&situation) {
        let impossible = vocabulary.impossible().get(index)?;
        for (attribute, value) in &impossible.otherwise {
            let slot = values.get_mut(*attribute).filter(|v| **v == UNSAID);
            slot.into_iter().for_each(|v| *v = *value);
        }
        situation = filled(vocabulary, &values);
        if impossible.when.contains(&situation) {
            return None;
        }
    }
    let assumed = assumed(vocabulary, &values, &situation);
    Some(Stated::Full { situation, assumed })
}

/// The situation in which what nobody said is neutral.
fn filled(vocabulary: &Vocabulary, values: &[u8]) -> Situation {
    let neutral = vocabulary.neutral().iter();
    let value = |(value, neutral): (&u8, &u8)| if *value == UNSAID { *neutral } else { *value };
    Situation::new(values.iter().zip(neutral).map(value).collect::<Box<[u8]>>())
}

/// The attributes that nobody gave a value, although they are worth asking about.
fn assumed(vocabulary: &Vocabulary, values: &[u8], situation: &Situation) -> Vec<AttributeIndex> {
    if !values.contains(&UNSAID) {
        return Vec::new();
    }
    let unsaid = |index| values.get(index) == Some(&UNSAID);
    vocabulary.circumstances().asked(situation, unsaid)
}

/// Adds the facts that come with those stated, in the vocabulary's order.
fn imply(vocabulary: &Vocabulary, values: &mut [u8]) {
    for (index, attribute) in vocabulary.attributes().iter().enumerate() {
        if attribute.implies.is_empty() || values.get(index) != Some(&1) {
            continue;
        }
        for implied in &attribute.implies {
            if let Some(value) = values.get_mut(*implied).filter(|v| **v == UNSAID) {
                *value = 1;
            }
        }
    }
}
