//! A step of asking as programs read it, and as a page or a terminal shows it.

use serde::Serialize;
use serde_json::{Map, Value as Json};

use crate::decision::Decision;
use crate::situation::Given;
use crate::vocabulary::Vocabulary;

use super::{Question, Step};

/// A step in names and words of the vocabulary.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StepTold<'v> {
    /// What is known, in the form in which it is given.
    pub known: Map<String, Json>,
    /// The headlines still possible, from the strictest.
    pub possible: Vec<Vec<String>>,
    /// The question to ask now.
    pub question: Option<QuestionTold<'v>>,
    /// The decision, where the verdict is settled.
    pub decision: Option<Decision<'v>>,
}

/// How a question is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answering {
    /// By one of the options.
    One,
    /// By any number of the options; none of them is an answer too.
    Any,
}

/// A question in names and words of the vocabulary.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct QuestionTold<'v> {
    /// The attribute or group.
    pub id: &'v str,
    /// How it is answered.
    pub answer: Answering,
    /// The question in plain English.
    pub question: &'v str,
    /// What helps to answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<&'v str>,
    /// What can be chosen, in order.
    pub options: Vec<OptionTold<'v>>,
}

/// One thing that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OptionTold<'v> {
    /// The value, or the yes-no attribute.
    pub id: &'v str,
    /// It in plain words.
    pub says: &'v str,
    /// The heading under which it stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub heading: Option<&'v str>,
}

impl<'v> Step<'v> {
    /// The step in names and words.
    #[must_use]
    pub fn told(self, vocabulary: &'v Vocabulary) -> StepTold<'v> {
        let possible = self.possible.headlines();
        StepTold {
            known: known(vocabulary, &self.known),
            possible,
            question: self.question.and_then(|q| q.told(vocabulary)),
            decision: self.decision,
        }
    }
}

impl Question {
    /// The question in names and words; `None` where it is not of this vocabulary.
    #[must_use]
    pub fn told<'v>(&self, vocabulary: &'v Vocabulary) -> Option<QuestionTold<'v>> {
        match self {
            Self::Choice { attribute, values } => {
                let attribute = vocabulary.at(*attribute)?;
                let values = values
                    .iter()
                    .filter_map(|v| attribute.values.get(usize::from(v)));
                Some(QuestionTold {
                    id: &attribute.id,
                    answer: Answering::One,
                    question: attribute.question.as_deref().unwrap_or(&attribute.label),
                    help: attribute.help.as_deref(),
                    options: values
                        .map(|value| OptionTold {
                            id: &value.id,
                            says: &value.says,
                            heading: value.heading.as_deref(),
                        })
                        .collect(),
                })
            }
            Self::Group { group, members } => {
                let group = vocabulary.group(group)?;
                let members = members.iter().filter_map(|index| vocabulary.at(*index));
                Some(QuestionTold {
                    id: &group.id,
                    answer: Answering::Any,
                    question: &group.question,
                    help: group.help.as_deref(),
                    options: members
                        .map(|attribute| OptionTold {
                            id: &attribute.id,
                            says: &attribute.label,
                            heading: None,
                        })
                        .collect(),
                })
            }
        }
    }
}

/// What is known as `{"attribute": value}`: a name, true or false, or a list where several are possible.
#[must_use]
pub fn known(vocabulary: &Vocabulary, given: &Given) -> Map<String, Json> {
    let told = given.cube().sets().iter().filter_map(|(index, set)| {
        let attribute = vocabulary.at(*index)?;
        let name = |value: u8| match attribute.is_yes_no() {
            true => Json::Bool(value == 1),
            false => Json::from(attribute.value_id(value)),
        };
        let mut values: Vec<Json> = set.iter().map(name).collect();
        let alone = values.len() == 1;
        let value = values.pop().filter(|_| alone);
        let several = || set.iter().map(name).collect();
        Some((attribute.id.clone(), value.unwrap_or_else(several)))
    });
    told.collect()
}
