//! `POST /api/v1/ask`: what is known so far to the verdicts still possible and the next question.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use policy::answer::Answer;
use policy::ask;
use policy::cube::ValueSet;
use policy::language::Understood;
use policy::library::Library;
use policy::situation::Given;
use policy::vocabulary::{Attribute, Vocabulary};
use serde::Serialize;
use serde_json::{Map, Value};

use super::decide::{Answered, given_unchecked, id, named, on_record};
use super::fields::Fields;
use super::question::QuestionTold;
use super::refused;
use crate::ask::TEXT_AT_MOST;
use crate::web::App;
use crate::web::problem::Problem;

/// Where asking stands.
#[derive(Serialize)]
struct Asked<'l> {
    id: Value,
    policy: &'l str,
    /// What was read from the text, with the words that said so.
    understood: Vec<Understood>,
    /// All that is known, ready to be given back with the answer to the question.
    known: Map<String, Value>,
    /// The headlines still possible, from the strictest.
    possible: Vec<Vec<String>>,
    question: Option<QuestionTold<'l>>,
    decision: Option<Answered<'l>>,
}

pub(super) async fn ask(State(app): State<App>, fields: Fields) -> Result<Response, Problem> {
    fields.only(&["policy", "text", "given", "id", "held"])?;
    let library = app.library();
    let vocabulary = library.vocabulary();
    let (table, id) = (named(&library, &fields)?, id(&fields)?);
    let told = given_unchecked(vocabulary, &fields)?;
    let understood = understood(&library, &fields)?;
    // What was given outranks what was read: it may be a correction.
    let known =
        understood
            .iter()
            .fold(told.clone(), |known, fact| match told.get(fact.attribute) {
                Some(_) => known,
                None => known.with(fact.attribute, ValueSet::one(fact.value)),
            });
    let step = ask::next(table, vocabulary, &known)?;
    let possible = step.possible.headlines();
    let question = step.question.as_ref();
    let decision = match step.decision {
        Some(decision) => {
            let answer = Answer::Decided {
                decision: Box::new(decision),
                possible: None,
            };
            let held = fields.text("held")?;
            let (answer, on_record) =
                on_record(&app, (table, vocabulary), &step.known, answer, held).await?;
            let mut answered = Answered::of(&app, &library, table, &step.known, answer, id.clone());
            answered.on_record = on_record;
            Some(answered)
        }
        None => None,
    };
    let asked = Asked {
        policy: &table.policy().id,
        understood,
        known: names(vocabulary, &step.known),
        possible,
        question: question.and_then(|question| QuestionTold::of(vocabulary, question)),
        decision,
        id,
    };
    Ok(Json(asked).into_response())
}

/// What the text says; nothing, where there is none.
fn understood(library: &Library, fields: &Fields) -> Result<Vec<Understood>, Problem> {
    let text = fields.text("text")?.unwrap_or_default();
    let length = text.chars().count();
    if length > TEXT_AT_MOST {
        return Err(refused(format!(
            "'text' has {length} characters; use {TEXT_AT_MOST} or fewer. A sentence or two is enough."
        )));
    }
    Ok(library.reader().read(library.vocabulary(), text).facts)
}

/// What is known, in names.
fn names(vocabulary: &Vocabulary, known: &Given) -> Map<String, Value> {
    let entry = |(index, values): &(usize, ValueSet)| {
        let attribute = vocabulary.at(*index)?;
        let mut names = values.iter().map(|value| name(attribute, value));
        let value = match values.len() {
            1 => names.next()?,
            _ => names.collect(),
        };
        Some((attribute.id.clone(), value))
    };
    known.cube().sets().iter().filter_map(entry).collect()
}

fn name(attribute: &Attribute, value: u8) -> Value {
    match attribute.is_yes_no() {
        true => Value::Bool(value == 1),
        false => Value::from(attribute.value_id(value)),
    }
}
