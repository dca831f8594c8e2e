//! Ask before you act: choose a school, say what you are about to do, answer what matters, read the answer.
//! Nothing is stored; what was told travels in the address as names of the vocabulary, free text never.

mod act;
mod answer;
mod decided;
mod facts;
mod here;
mod on_record;
mod question;
mod school;
mod understood;
mod verdict;

use policy::situation::Given;
use policy::table::Table;
use policy::vocabulary::Vocabulary;
use serde_json::{Map, Value as Json};

pub(crate) use decided::decided;
use facts::Facts;
use here::Here;
pub(crate) use on_record::{
    Honoured, OnRecord, OnRecordLine, OnRecordTold, lines as on_record_lines,
    words_of as words_on_record,
};

use crate::authority::Routes;

pub(crate) use act::{ACT, TEXT_AT_MOST};
pub(crate) use verdict::{Panel, standing_says};
#[cfg(test)]
pub(crate) use {
    act::ActPage, answer::AnswerPage, question::QuestionPage, school::SchoolPage,
    understood::UnderstoodPage,
};

/// The pages and their addresses.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .merge(school::routes())
        .merge(answer::routes())
        .merge(understood::routes())
        .merge(question::routes())
}

/// The policy as pages name it.
#[derive(Debug, Clone, serde::Serialize)]
pub(crate) struct PolicyName {
    id: String,
    title: String,
    organisation: String,
    /// The asker's own school, where it follows this policy.
    school: Option<String>,
}

impl PolicyName {
    fn of(table: &Table, here: Option<&Here>) -> Self {
        let policy = table.policy();
        let own = here.filter(|here| here.follows(table));
        Self {
            school: own.map(|here| here.school.clone()),
            id: policy.id.clone(),
            title: policy.title.clone(),
            organisation: policy.organisation.clone(),
        }
    }

    /// The policy that a school follows, if it is asked of one.
    pub(crate) fn at(table: &Table, school: Option<&str>) -> Self {
        Self {
            school: school.map(str::to_owned),
            ..Self::of(table, None)
        }
    }

    pub(crate) fn sample() -> Self {
        let text = |text: &str| text.to_owned();
        Self {
            id: text("example"),
            title: text("Social media policy"),
            organisation: text("Example School"),
            school: None,
        }
    }
}

/// The address of a policy's answer to facts of the vocabulary; what is no such fact is left out.
pub(crate) fn ask_address(
    policy: &str,
    vocabulary: &Vocabulary,
    given: &Map<String, Json>,
) -> String {
    let known = Given::from_json_unchecked(vocabulary, &Json::Object(given.clone()));
    let facts = Facts::of(vocabulary, &known.unwrap_or_default());
    format!("/ask/{policy}/answer?{}", facts.query(vocabulary, &[]))
}
