//! What a person has told so far, as it travels in addresses and forms: names of the vocabulary, never free text.

use policy::cube::AttributeIndex;
use policy::situation::{Given, GivenError};
use policy::vocabulary::{Attribute, Vocabulary};
use policy::words::capitalised;
use serde::Serialize;
use serde_json::{Map, Value as Json};

use crate::web::problem::Problem;

/// The pairs of a query or a form.
pub(super) type Pairs = Vec<(String, String)>;

/// Facts in the order in which they were told: one value for each attribute named.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Facts(Vec<(AttributeIndex, u8)>);

/// One fact, ready for a hidden field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Field {
    pub(super) name: String,
    pub(super) value: String,
}

/// Facts told together, as a summary shows them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Told {
    /// What was asked, in a few words.
    pub(super) label: String,
    /// What was answered.
    pub(super) says: String,
    /// The attribute or group, for a link that changes it.
    pub(super) id: String,
}

impl Facts {
    /// The facts among the pairs. A pair whose name is in `reserved` is the page's own.
    ///
    /// # Errors
    /// A name or value that the vocabulary lacks.
    pub(super) fn read(
        vocabulary: &Vocabulary,
        pairs: &Pairs,
        reserved: &[&str],
    ) -> Result<Self, Problem> {
        let mut facts = Self::default();
        for (name, value) in pairs
            .iter()
            .filter(|(name, _)| !reserved.contains(&name.as_str()))
        {
            let one: Map<String, Json> = [(name.clone(), Json::from(value.as_str()))]
                .into_iter()
                .collect();
            Given::from_json_unchecked(vocabulary, &Json::Object(one))?;
            if let Some((index, value)) = vocabulary
                .attribute(name)
                .and_then(|(i, a)| a.value(value).map(|v| (i, v)))
            {
                facts.tell(index, value);
            }
        }
        Ok(facts)
    }

    /// The facts that a partial situation holds with one value each.
    pub(super) fn of(vocabulary: &Vocabulary, given: &Given) -> Self {
        let mut facts = Self::default();
        for index in 0..vocabulary.attributes().len() {
            if let Some(set) = given.get(index).filter(|set| set.len() == 1) {
                set.iter().for_each(|value| facts.tell(index, value));
            }
        }
        facts
    }

    /// Adds or replaces a fact.
    pub(super) fn tell(&mut self, attribute: AttributeIndex, value: u8) {
        self.0.retain(|(a, _)| *a != attribute);
        self.0.push((attribute, value));
    }

    /// Takes facts back.
    pub(super) fn without(&self, attributes: &[AttributeIndex]) -> Self {
        Self(
            self.0
                .iter()
                .filter(|(a, _)| !attributes.contains(a))
                .copied()
                .collect(),
        )
    }

    /// Takes back what is no longer worth asking, after an earlier answer was changed. What is still open may
    /// yet make a fact worth asking.
    pub(super) fn pruned(&self, vocabulary: &Vocabulary) -> Self {
        let mut kept = self.clone();
        loop {
            let known = kept.0.iter().fold(Given::nothing(), |given, (a, v)| {
                given.with(*a, policy::cube::ValueSet::one(*v))
            });
            let stale = kept
                .0
                .iter()
                .find(|(a, _)| !vocabulary.is_asked(*a, known.cube()))
                .map(|(a, _)| *a);
            match stale {
                Some(attribute) => kept = kept.without(&[attribute]),
                None => return kept,
            }
        }
    }

    pub(super) fn value(&self, attribute: AttributeIndex) -> Option<u8> {
        self.0
            .iter()
            .find(|(a, _)| *a == attribute)
            .map(|(_, v)| *v)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The partial situation, completed.
    ///
    /// # Errors
    /// An impossible combination, by name.
    pub(super) fn given(&self, vocabulary: &Vocabulary) -> Result<Given, GivenError> {
        let one = |given: Given, (a, v): &(AttributeIndex, u8)| {
            given.with(*a, policy::cube::ValueSet::one(*v))
        };
        self.0
            .iter()
            .fold(Given::nothing(), one)
            .completed(vocabulary)
    }

    /// Hidden fields that carry the facts through a form.
    pub(super) fn fields(&self, vocabulary: &Vocabulary) -> Vec<Field> {
        let field = |(a, v): &(AttributeIndex, u8)| {
            let attribute = vocabulary.at(*a)?;
            Some(Field {
                name: attribute.id.clone(),
                value: attribute.value_id(*v).to_owned(),
            })
        };
        self.0.iter().filter_map(field).collect()
    }

    /// The facts as they were told: attribute and value.
    pub(super) fn pairs(&self, vocabulary: &Vocabulary) -> Pairs {
        let fields = self.fields(vocabulary).into_iter();
        fields.map(|field| (field.name, field.value)).collect()
    }

    /// The query that carries the facts in an address, with more pairs after them.
    pub(super) fn query(&self, vocabulary: &Vocabulary, more: &[(&str, &str)]) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for field in self.fields(vocabulary) {
            query.append_pair(&field.name, &field.value);
        }
        more.iter().for_each(|(name, value)| {
            query.append_pair(name, value);
        });
        query.finish()
    }

    /// The facts in words: a group of yes-no attributes is told as one answer.
    pub(super) fn told(&self, vocabulary: &Vocabulary) -> Vec<Told> {
        let mut told: Vec<Told> = Vec::new();
        for (index, value) in &self.0 {
            let Some(attribute) = vocabulary.at(*index) else {
                continue;
            };
            match attribute.group.as_ref().filter(|_| attribute.is_yes_no()) {
                None => told.push(Told {
                    label: attribute.label.clone(),
                    says: capitalised(attribute.value_says(*value)),
                    id: attribute.id.clone(),
                }),
                Some(group) if told.iter().any(|t| t.id == *group) => {}
                Some(group) => told.extend(self.told_group(vocabulary, group)),
            }
        }
        told
    }

    fn told_group(&self, vocabulary: &Vocabulary, id: &str) -> Option<Told> {
        let group = vocabulary.group(id)?;
        let yes = |index: &&AttributeIndex| self.value(**index) == Some(1);
        let labels: Vec<&str> = group
            .attributes
            .iter()
            .filter(yes)
            .filter_map(|i| vocabulary.at(*i))
            .map(label)
            .collect();
        let says = if labels.is_empty() {
            "None of these".to_owned()
        } else {
            labels.join("; ")
        };
        Some(Told {
            label: group.question.clone(),
            says,
            id: id.to_owned(),
        })
    }
}

fn label(attribute: &Attribute) -> &str {
    &attribute.label
}
