//! A situation's JSON read straight to a full situation: the common case, without anything built in between.

use serde::Deserializer;
use serde::de::{DeserializeSeed, Error, MapAccess, Visitor};

use super::{Given, GivenError, Situation};
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
        if let Some(full) = plain(vocabulary, text) {
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
fn plain(vocabulary: &Vocabulary, text: &str) -> Option<Stated> {
    let mut values = vec![UNSAID; vocabulary.attributes().len()];
    let mut json = serde_json::Deserializer::from_str(text);
    let object = Object {
        vocabulary,
        values: &mut values,
    };
    json.deserialize_map(object).ok()?;
    json.end().ok()?;
    imply(vocabulary, &mut values);
    let mut situation = filled(vocabulary, &values);
    let mut from = 0;
    while let Some(index) = vocabulary.circumstances().impossible(&situation, from) {
        let impossible = vocabulary.impossible().get(index)?;
        for (attribute, value) in &impossible.otherwise {
            let slot = values.get_mut(*attribute).filter(|v| **v == UNSAID);
            slot.into_iter().for_each(|v| *v = *value);
        }
        situation = filled(vocabulary, &values);
        if impossible.when.contains(&situation) {
            return None;
        }
        from = index + 1;
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

/// The object: fills in the values by attribute.
struct Object<'v> {
    vocabulary: &'v Vocabulary,
    values: &'v mut [u8],
}

impl<'de> Visitor<'de> for Object<'_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object of attributes and values")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<(), M::Error> {
        let vocabulary = self.vocabulary;
        while let Some(attribute) = map.next_key_seed(AttributeName { vocabulary })? {
            let value = map.next_value_seed(ValueName {
                vocabulary,
                attribute,
            })?;
            if let Some(slot) = self.values.get_mut(attribute) {
                *slot = value;
            }
        }
        Ok(())
    }
}

struct AttributeName<'v> {
    vocabulary: &'v Vocabulary,
}

impl<'de> DeserializeSeed<'de> for AttributeName<'_> {
    type Value = AttributeIndex;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<AttributeIndex, D::Error> {
        json.deserialize_str(self)
    }
}

impl Visitor<'_> for AttributeName<'_> {
    type Value = AttributeIndex;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the name of an attribute")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<AttributeIndex, E> {
        let index = self.vocabulary.attribute_index(name);
        index.ok_or_else(|| E::custom("not an attribute"))
    }
}

struct ValueName<'v> {
    vocabulary: &'v Vocabulary,
    attribute: AttributeIndex,
}

impl<'de> DeserializeSeed<'de> for ValueName<'_> {
    type Value = u8;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<u8, D::Error> {
        json.deserialize_any(self)
    }
}

impl Visitor<'_> for ValueName<'_> {
    type Value = u8;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the name of a value, true or false")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<u8, E> {
        let value = self.vocabulary.value_index(self.attribute, name);
        value.ok_or_else(|| E::custom("not a value"))
    }

    fn visit_bool<E: Error>(self, yes: bool) -> Result<u8, E> {
        self.visit_str(if yes { "yes" } else { "no" })
    }
}
