//! One question a page: the next one that can still change the answer, or one to change.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use policy::ask::{self, Question};
use policy::cube::AttributeIndex;
use policy::table::Table;
use policy::vocabulary::Vocabulary;
use policy::words::capitalised;
use serde::Serialize;

use super::PolicyName;
use super::act::ACT;
use super::facts::{Facts, Field, Pairs, Told};
use super::here::Here;
use super::on_record::{self, OnRecord, OnRecordLine};
use crate::authority::{Access, Routes};
use crate::policies::find;
use crate::web::App;
use crate::web::extract::{Path, Query};
use crate::web::page::{Page, Section};
use crate::web::problem::Problem;

/// The page's own names in a query: the question answered, its members, 'none of these', and the one to change.
const RESERVED: [&str; 4] = [ASKED, MEMBERS, NONE, CHANGE];
const ASKED: &str = "asked";
const MEMBERS: &str = "members";
const NONE: &str = "none";
const CHANGE: &str = "change";
/// Between the names of a group's members; no name holds it.
const SEPARATOR: char = '.';

/// `ask/question.html`.
#[derive(Debug, Serialize)]
pub(crate) struct QuestionPage {
    policy: PolicyName,
    /// The attribute or group.
    id: String,
    question: String,
    help: Option<String>,
    /// Choices, or yes-no members where `members` is there.
    items: Vec<Item>,
    /// The names of a group's members, joined.
    members: Option<String>,
    carried: Vec<Field>,
    told: Vec<Told>,
    query: String,
    back: String,
    error: Option<&'static str>,
    /// What they declared that answers this, each with where it leads.
    ties: Vec<Tie>,
}

/// A tie that was declared.
#[derive(Debug, Serialize)]
struct Tie {
    line: OnRecordLine,
    href: String,
}

/// One choice or one checkbox.
#[derive(Debug, Serialize)]
struct Item {
    name: String,
    value: String,
    text: String,
    checked: bool,
}

impl Page for QuestionPage {
    const TEMPLATE: &'static str = "ask/question.html";
    const SECTION: Option<Section> = Some(Section::Ask);

    fn samples() -> Vec<Self> {
        let item = || Item {
            name: "other".into(),
            value: "pupil".into(),
            text: "A pupil".into(),
            checked: false,
        };
        let page = |members: Option<&str>, error| Self {
            policy: PolicyName::sample(),
            id: "other".into(),
            question: "Who is the other person?".into(),
            help: members.map(|_| "Tick all that hold.".to_owned()),
            items: vec![item()],
            members: members.map(str::to_owned),
            carried: vec![Field {
                name: "act".into(),
                value: "connect".into(),
            }],
            told: vec![Told {
                label: "You are".into(),
                says: "a teacher".into(),
                id: "asker".into(),
            }],
            query: "act=connect".into(),
            back: "/ask/example".into(),
            error,
            ties: members
                .map(|_| Tie {
                    line: OnRecordLine::sample(true),
                    href: "/ask/example/question?other=parent".into(),
                })
                .into_iter()
                .collect(),
        };
        vec![
            page(None, None),
            page(Some("a.b"), Some(CHOOSE_ANY)),
            page(None, Some(CHOOSE_ONE)),
        ]
    }
}

const CHOOSE_ONE: &str = "Choose one of these";
const CHOOSE_ANY: &str = "Choose all that hold, or ‘None of these’";
const NOT_BOTH: &str = "Choose what holds, or ‘None of these’, not both";

pub(super) fn routes() -> Routes {
    Routes::new().get("/ask/{policy}/question", Access::Reading, question)
}

async fn question(
    State(app): State<App>,
    Path(id): Path<String>,
    Query(pairs): Query<Pairs>,
) -> Result<Response, Problem> {
    let here = Here::of_request(&app).await?;
    let library = app.library();
    let (table, vocabulary) = (find(&library, &id)?, library.vocabulary());
    let asked = of(&pairs, ASKED);
    let mut facts = Facts::read(vocabulary, &pairs, &RESERVED)?;
    if let Some(change) = of(&pairs, CHANGE) {
        return change_page(&app, (table, here.as_ref()), vocabulary, &facts, change).await;
    }
    if let Some(asked) = asked {
        let asked = named(vocabulary, asked, of(&pairs, MEMBERS));
        if let Some(error) = asked.as_ref().and_then(|q| answer(&pairs, q, &mut facts)) {
            return asked_page(
                &app,
                (table, here.as_ref()),
                vocabulary,
                &facts,
                asked.as_ref(),
                Some(error),
            )
            .await;
        }
        let facts = facts.pruned(vocabulary);
        let to = format!("/ask/{id}/question?{}", facts.query(vocabulary, &[]));
        return Ok(Redirect::to(&to).into_response());
    }
    let given = facts.given(vocabulary)?;
    let step = ask::next(table, vocabulary, &given)?;
    match step.question {
        // The acts are too many for one list of radios: they have a page of their own.
        Some(Question::Choice { attribute, .. })
            if vocabulary.at(attribute).is_some_and(|a| a.id == ACT) =>
        {
            Ok(
                Redirect::to(&format!("/ask/{id}?{}", facts.query(vocabulary, &[])))
                    .into_response(),
            )
        }
        Some(next) => {
            asked_page(
                &app,
                (table, here.as_ref()),
                vocabulary,
                &facts,
                Some(&next),
                None,
            )
            .await
        }
        None => {
            let to = format!("/ask/{id}/answer?{}", facts.query(vocabulary, &[]));
            Ok(Redirect::to(&to).into_response())
        }
    }
}

fn of<'p>(pairs: &'p Pairs, name: &str) -> Option<&'p str> {
    pairs
        .iter()
        .find(|(n, _)| n == name)
        .map(|(_, value)| value.as_str())
}

/// The question with this name: an attribute, or a group with the members that were shown.
fn named(vocabulary: &Vocabulary, id: &str, members: Option<&str>) -> Option<Question> {
    if let Some(group) = vocabulary.group(id) {
        let shown = |index: &AttributeIndex| {
            let name = vocabulary.at(*index).map(|a| a.id.as_str());
            members.is_none_or(|m| m.split(SEPARATOR).any(|member| Some(member) == name))
        };
        let members = vocabulary.on_page(id).into_iter().filter(shown).collect();
        return Some(Question::Group {
            group: group.id.clone(),
            members,
        });
    }
    let (attribute, found) = vocabulary.attribute(id)?;
    Some(Question::Choice {
        attribute,
        values: found.all(),
    })
}

/// Adds the answer to the facts; a text where there is none to add.
fn answer(pairs: &Pairs, question: &Question, facts: &mut Facts) -> Option<&'static str> {
    match question {
        Question::Choice { attribute, .. } => {
            facts.value(*attribute).is_none().then_some(CHOOSE_ONE)
        }
        Question::Group { members, .. } => {
            let any = members.iter().any(|member| facts.value(*member) == Some(1));
            match (any, of(pairs, NONE).is_some()) {
                (false, false) => Some(CHOOSE_ANY),
                (true, true) => Some(NOT_BOTH),
                _ => {
                    let yes = |member: &&AttributeIndex| facts.value(**member) == Some(1);
                    let holds: Vec<AttributeIndex> = members.iter().filter(yes).copied().collect();
                    for member in members {
                        facts.tell(*member, u8::from(holds.contains(member)));
                    }
                    None
                }
            }
        }
    }
}

/// Asks again what was answered before.
async fn change_page(
    app: &App,
    asked_of: (&Table, Option<&Here>),
    vocabulary: &Vocabulary,
    facts: &Facts,
    change: &str,
) -> Result<Response, Problem> {
    let question = named(vocabulary, change, None);
    let question = question.map(|question| worth_asking(vocabulary, facts, question));
    asked_page(app, asked_of, vocabulary, facts, question.as_ref(), None).await
}

/// Of a group, the members that bear on what was told.
fn worth_asking(vocabulary: &Vocabulary, facts: &Facts, question: Question) -> Question {
    let Question::Group { group, members } = question else {
        return question;
    };
    let Ok(given) = facts.given(vocabulary) else {
        return Question::Group { group, members };
    };
    let filled = given.filled(vocabulary);
    let bears = |member: &AttributeIndex| {
        vocabulary.is_asked(*member, &filled) || facts.value(*member).is_some()
    };
    Question::Group {
        members: members.into_iter().filter(bears).collect(),
        group,
    }
}

async fn asked_page(
    app: &App,
    (table, here): (&Table, Option<&Here>),
    vocabulary: &Vocabulary,
    facts: &Facts,
    question: Option<&Question>,
    error: Option<&'static str>,
) -> Result<Response, Problem> {
    let policy = PolicyName::of(table, here);
    let Some(question) = question else {
        return Ok(Redirect::to(&format!("/ask/{}", policy.id)).into_response());
    };
    let attributes = match question {
        Question::Choice { attribute, .. } => vec![*attribute],
        Question::Group { members, .. } => members.clone(),
    };
    let carried = facts.without(&attributes);
    let words = Words::of(vocabulary, question);
    let members: Vec<&str> = attributes
        .iter()
        .filter_map(|a| vocabulary.at(*a))
        .map(|a| a.id.as_str())
        .collect();
    let is_group = matches!(question, Question::Group { .. });
    let ties = ties(app, &policy.id, vocabulary, &carried, &attributes).await?;
    let page = QuestionPage {
        items: items(vocabulary, facts, question),
        id: words.id,
        question: words.question,
        help: words.help,
        members: is_group.then(|| members.join(&SEPARATOR.to_string())),
        carried: carried.fields(vocabulary),
        told: carried.told(vocabulary),
        query: carried.query(vocabulary, &[]),
        back: back(vocabulary, &policy.id, &carried),
        policy,
        error,
        ties,
    };
    Ok(app.render(&page)?.into_response())
}

/// The ties that whoever asks has declared, where they answer one of the attributes asked.
async fn ties(
    app: &App,
    policy: &str,
    vocabulary: &Vocabulary,
    told: &Facts,
    asked: &[AttributeIndex],
) -> Result<Vec<Tie>, Problem> {
    let record = OnRecord::of_request(app).await?;
    let mut ties = record.ties(vocabulary, told);
    ties.retain(|(_, filled)| asked.iter().any(|index| filled.value(*index).is_some()));
    let held: Vec<_> = ties.iter().map(|(held, _)| *held).collect();
    let lines = on_record::lines(app, &held).await?;
    let tie = |((_, filled), line): (&(_, Facts), OnRecordLine)| Tie {
        line,
        href: format!("/ask/{policy}/question?{}", filled.query(vocabulary, &[])),
    };
    Ok(ties.iter().zip(lines).map(tie).collect())
}

/// The page before: the last answer to change, or the list of acts.
fn back(vocabulary: &Vocabulary, policy: &str, facts: &Facts) -> String {
    match facts.told(vocabulary).last().filter(|told| told.id != ACT) {
        Some(last) => format!(
            "/ask/{policy}/question?{}",
            facts.query(vocabulary, &[(CHANGE, &last.id)])
        ),
        None => format!("/ask/{policy}"),
    }
}

/// A question's own words.
struct Words {
    id: String,
    question: String,
    help: Option<String>,
}

impl Words {
    fn of(vocabulary: &Vocabulary, question: &Question) -> Self {
        match question {
            Question::Choice { attribute, .. } => {
                let found = vocabulary.at(*attribute);
                Self {
                    id: found.map(|a| a.id.clone()).unwrap_or_default(),
                    question: found
                        .map(|a| a.question.clone().unwrap_or_else(|| a.label.clone()))
                        .unwrap_or_default(),
                    help: found.and_then(|a| a.help.clone()),
                }
            }
            Question::Group { group, .. } => {
                let found = vocabulary.group(group);
                Self {
                    id: group.clone(),
                    question: found.map(|g| g.question.clone()).unwrap_or_default(),
                    help: found.and_then(|g| g.help.clone()),
                }
            }
        }
    }
}

fn items(vocabulary: &Vocabulary, facts: &Facts, question: &Question) -> Vec<Item> {
    match question {
        Question::Choice { attribute, values } => {
            let Some(found) = vocabulary.at(*attribute) else {
                return Vec::new();
            };
            let item = |value| Item {
                name: found.id.clone(),
                value: found.value_id(value).to_owned(),
                text: capitalised(found.value_says(value)),
                checked: facts.value(*attribute) == Some(value),
            };
            values.iter().map(item).collect()
        }
        Question::Group { members, .. } => {
            let item = |index: &AttributeIndex| {
                let found = vocabulary.at(*index)?;
                Some(Item {
                    name: found.id.clone(),
                    value: "yes".into(),
                    text: found.label.clone(),
                    checked: facts.value(*index) == Some(1),
                })
            };
            members.iter().filter_map(item).collect()
        }
    }
}
