//! A question of asking, in words, with all that is needed to answer it.

use policy::ask::Question;
use policy::vocabulary::{Attribute, Value, Vocabulary};
use serde::Serialize;

/// A question and its answers.
#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub(super) enum QuestionTold<'v> {
    /// Answered by one of the values, under the question's id.
    Choice {
        id: &'v str,
        asks: &'v str,
        #[serde(skip_serializing_if = "Option::is_none")]
        help: Option<&'v str>,
        values: Vec<&'v Value>,
    },
    /// Answered by true or false for each member, under the member's id.
    Group {
        id: &'v str,
        asks: &'v str,
        #[serde(skip_serializing_if = "Option::is_none")]
        help: Option<&'v str>,
        members: Vec<Member<'v>>,
    },
}

/// A fact that may hold beside others.
#[derive(Serialize)]
pub(super) struct Member<'v> {
    id: &'v str,
    says: &'v str,
}

impl<'v> QuestionTold<'v> {
    pub(super) fn of(vocabulary: &'v Vocabulary, question: &Question) -> Option<Self> {
        match question {
            Question::Choice { attribute, values } => {
                let asked = vocabulary.at(*attribute)?;
                let value = |index: u8| asked.values.get(usize::from(index));
                Some(Self::Choice {
                    id: &asked.id,
                    asks: asked.question.as_deref().unwrap_or(&asked.label),
                    help: asked.help.as_deref(),
                    values: values.iter().filter_map(value).collect(),
                })
            }
            Question::Group { group, members } => {
                let asked = vocabulary.group(group)?;
                let members = members.iter().filter_map(|index| vocabulary.at(*index));
                Some(Self::Group {
                    id: &asked.id,
                    asks: &asked.question,
                    help: asked.help.as_deref(),
                    members: members.map(Member::of).collect(),
                })
            }
        }
    }
}

impl<'v> Member<'v> {
    fn of(attribute: &'v Attribute) -> Self {
        Self {
            id: &attribute.id,
            says: attribute.value_says(1),
        }
    }
}
