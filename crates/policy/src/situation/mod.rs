//! What a person is about to do: one value for each attribute of the vocabulary, or as much of it as is known.

mod plain;
mod stated;

use serde_json::{Map, Value as Json};

pub use stated::Stated;

use crate::cube::{AttributeIndex, Cube, ValueSet};
use crate::source::nearest;
use crate::vocabulary::{Attribute, Impossible, Vocabulary};

/// A full situation: the index of one value for every attribute.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Situation(Box<[u8]>);

impl Situation {
    /// A situation from the value index of every attribute, in the vocabulary's order.
    #[must_use]
    pub fn new(values: impl Into<Box<[u8]>>) -> Self {
        Self(values.into())
    }

    /// The value index of an attribute.
    #[must_use]
    #[inline]
    pub fn value(&self, attribute: AttributeIndex) -> Option<u8> {
        self.0.get(attribute).copied()
    }

    /// The value indexes of all attributes.
    #[must_use]
    #[inline]
    pub fn values(&self) -> &[u8] {
        &self.0
    }

    /// The same situation with one value changed.
    #[must_use]
    pub fn with(&self, attribute: AttributeIndex, value: u8) -> Self {
        let mut values = self.0.clone();
        if let Some(slot) = values.get_mut(attribute) {
            *slot = value;
        }
        Self(values)
    }
}

/// Why what was given cannot be decided.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GivenError {
    /// An attribute that the vocabulary lacks.
    #[error("there is no attribute '{name}'{}", meant(.nearest))]
    UnknownAttribute {
        /// The name that was given.
        name: String,
        /// The nearest right name.
        nearest: Option<String>,
    },
    /// A value that the attribute lacks.
    #[error("'{attribute}' cannot be '{value}'{}", meant(.nearest))]
    UnknownValue {
        /// The attribute.
        attribute: String,
        /// The value that was given.
        value: String,
        /// The nearest right value.
        nearest: Option<String>,
    },
    /// A value of the wrong JSON kind.
    #[error("'{attribute}' must be a value, a list of values, true or false")]
    WrongKind {
        /// The attribute.
        attribute: String,
    },
    /// A combination that the vocabulary calls impossible.
    #[error("this cannot be: {name}. {why}")]
    Impossible {
        /// The combination's name.
        name: String,
        /// Why it cannot be.
        why: String,
    },
    /// The text is not JSON.
    #[error("this is not JSON: {why}")]
    NotJson {
        /// What is wrong, with line and column.
        why: String,
    },
    /// The given object is not a JSON object.
    #[error("a situation is a JSON object of attributes and values")]
    NotAnObject,
}

fn meant(nearest: &Option<String>) -> String {
    nearest
        .as_ref()
        .map(|n| format!("; did you mean '{n}'?"))
        .unwrap_or_default()
}

/// What is known of a situation: for each attribute that was given, the values it may have.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Given(Cube);

impl Given {
    /// Nothing known.
    #[must_use]
    pub fn nothing() -> Self {
        Self::default()
    }

    /// Reads `{"attribute": value}`, where a value is a name, a list of names (any of them) or true or false.
    ///
    /// # Errors
    /// Names that the vocabulary lacks, wrong JSON kinds and impossible combinations are refused.
    pub fn from_json(vocabulary: &Vocabulary, given: &Json) -> Result<Self, GivenError> {
        Self::from_json_unchecked(vocabulary, given)?.completed(vocabulary)
    }

    /// As [`Given::from_json`], without asking whether the whole can be.
    ///
    /// # Errors
    /// Names that the vocabulary lacks and wrong JSON kinds are refused.
    pub fn from_json_unchecked(vocabulary: &Vocabulary, given: &Json) -> Result<Self, GivenError> {
        let object: &Map<String, Json> = given.as_object().ok_or(GivenError::NotAnObject)?;
        let mut known = Vec::with_capacity(object.len());
        for (name, value) in object {
            let Some((index, attribute)) = vocabulary.attribute(name) else {
                let nearest = nearest(name, vocabulary.attributes().iter().map(|a| a.id.as_str()));
                return Err(GivenError::UnknownAttribute {
                    name: name.clone(),
                    nearest,
                });
            };
            known.push((index, values_of(attribute, value)?));
        }
        Ok(Self(known.into_iter().collect()))
    }

    /// With the values that an attribute may have replaced; an empty set forgets the attribute.
    #[must_use]
    pub fn with(&self, attribute: AttributeIndex, values: ValueSet) -> Self {
        if values.is_empty() {
            return self.without(attribute);
        }
        Self(self.0.with(attribute, values))
    }

    /// With an attribute forgotten.
    #[must_use]
    pub fn without(&self, attribute: AttributeIndex) -> Self {
        let kept = self.0.sets().iter().filter(|(a, _)| *a != attribute);
        Self(kept.copied().collect())
    }

    /// The values an attribute may have; `None` where it was not given.
    #[must_use]
    pub fn get(&self, attribute: AttributeIndex) -> Option<ValueSet> {
        self.0.get(attribute)
    }

    /// The situations that what was given allows, as a cube.
    #[must_use]
    pub fn cube(&self) -> &Cube {
        &self.0
    }

    /// Adds the facts that come with those given (one's own child is a relative), and refuses what cannot be.
    ///
    /// # Errors
    /// [`GivenError::Impossible`] names the combination.
    pub fn completed(&self, vocabulary: &Vocabulary) -> Result<Self, GivenError> {
        let mut known = self.with_implied(vocabulary);
        // What mends one combination may bring about another, so each mended situation is looked at from the start;
        // every mend gives a value to something that had none, so this ends.
        while let Some(impossible) = known.impossible(vocabulary) {
            known = known.mended(vocabulary, impossible)?;
        }
        Ok(known)
    }

    /// Adds the facts that come with those given: one's own child is a relative.
    #[must_use]
    pub fn with_implied(&self, vocabulary: &Vocabulary) -> Self {
        let mut known = self.clone();
        for (index, attribute) in vocabulary.attributes().iter().enumerate() {
            if known.get(index) == Some(ValueSet::one(1)) {
                for implied in attribute.implies.iter().filter(|i| self.get(**i).is_none()) {
                    known = known.with(*implied, ValueSet::one(1));
                }
            }
        }
        known
    }

    /// The first impossible combination that everything given, and neutral values for the rest, fall under.
    fn impossible<'v>(&self, vocabulary: &'v Vocabulary) -> Option<&'v Impossible> {
        let filled = self.filled(vocabulary);
        let mut all = vocabulary.impossible().iter();
        all.find(|impossible| filled.is_within(&impossible.when))
    }

    /// Where only neutral values made it impossible, the values that the vocabulary names instead.
    fn mended(&self, vocabulary: &Vocabulary, impossible: &Impossible) -> Result<Self, GivenError> {
        let missing = impossible
            .otherwise
            .iter()
            .filter(|(a, _)| self.get(*a).is_none());
        let mended = missing.fold(self.clone(), |known, (a, value)| {
            known.with(*a, ValueSet::one(*value))
        });
        if mended.filled(vocabulary).is_within(&impossible.when) {
            let (name, why) = (impossible.name.clone(), impossible.why.clone());
            return Err(GivenError::Impossible { name, why });
        }
        Ok(mended)
    }

    /// The cube in which everything that was not given has its neutral value.
    #[must_use]
    pub fn filled(&self, vocabulary: &Vocabulary) -> Cube {
        let attributes = vocabulary.attributes().iter().enumerate();
        let set = |(i, a): (AttributeIndex, &Attribute)| {
            let neutral = || ValueSet::one(a.neutral);
            (i, self.get(i).unwrap_or_else(neutral))
        };
        attributes.map(set).collect()
    }

    /// The full situation, where each given attribute has one value; what was not given is neutral.
    #[must_use]
    pub fn situation(&self, vocabulary: &Vocabulary) -> Option<Situation> {
        let mut values = Vec::with_capacity(vocabulary.attributes().len());
        for (index, attribute) in vocabulary.attributes().iter().enumerate() {
            match self.get(index) {
                None => values.push(attribute.neutral),
                Some(set) if set.len() == 1 => values.extend(set.iter()),
                Some(_) => return None,
            }
        }
        Some(Situation::new(values))
    }

    /// The attributes that were not given, although they are worth asking about in this situation.
    #[must_use]
    pub fn assumed(&self, vocabulary: &Vocabulary) -> Vec<AttributeIndex> {
        let filled = self.filled(vocabulary);
        let missing = (0..vocabulary.attributes().len()).filter(|i| self.get(*i).is_none());
        missing
            .filter(|i| vocabulary.is_asked(*i, &filled))
            .collect()
    }
}

fn values_of(attribute: &Attribute, value: &Json) -> Result<ValueSet, GivenError> {
    match value {
        Json::Array(items) if !items.is_empty() => {
            items.iter().try_fold(ValueSet::NONE, |set, item| {
                Ok(set.or(values_of(attribute, item)?))
            })
        }
        Json::String(name) => one_value(attribute, name),
        Json::Bool(yes) => one_value(attribute, if *yes { "yes" } else { "no" }),
        _ => Err(GivenError::WrongKind {
            attribute: attribute.id.clone(),
        }),
    }
}

fn one_value(attribute: &Attribute, name: &str) -> Result<ValueSet, GivenError> {
    attribute
        .value(name)
        .map(ValueSet::one)
        .ok_or_else(|| GivenError::UnknownValue {
            attribute: attribute.id.clone(),
            value: name.to_owned(),
            nearest: nearest(name, attribute.values.iter().map(|v| v.id.as_str())),
        })
}
