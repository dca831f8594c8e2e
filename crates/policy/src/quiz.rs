//! A short quiz made from a policy's own examples: situations, each with the verdict that the policy gives and the
//! clauses that give it.

use serde_json::Value as Json;
use sha2::{Digest, Sha256};

use crate::policy_file::{Clause, Standing};
use crate::situation::Given;
use crate::table::Table;
use crate::vocabulary::{ASKER, Vocabulary};
use crate::{answer::Answer, words};

/// Those who ask and do not work here.
const NOT_STAFF: [&str; 3] = ["pupil", "parent", "school"];

/// A situation, and what the policy says of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question<'t> {
    /// The situation in a few words, as the policy file names it.
    pub name: &'t str,
    /// What is known of it, in words.
    pub facts: Vec<String>,
    /// What the policy says.
    pub standing: Standing,
    /// The clauses that decide; none where the policy is silent.
    pub clauses: Vec<&'t Clause>,
}

/// How a quiz went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Marks {
    /// The answers that were right.
    pub right: usize,
    /// The questions.
    pub of: usize,
}

/// So many questions at most, drawn by the seed: the same seed draws the same questions in the same order. As far as
/// there are examples, each verdict that the policy gives is asked for about as often as the others.
#[must_use]
pub fn questions<'t>(
    table: &'t Table,
    vocabulary: &'t Vocabulary,
    seed: &str,
    most: usize,
) -> Vec<Question<'t>> {
    let examples = table.policy().examples.iter();
    let mut left: Vec<(Vec<u8>, Question<'t>)> = examples
        .filter(|example| is_for_staff(&example.given))
        .filter_map(|example| {
            let given = Given::from_json(vocabulary, &example.given).ok()?;
            let question = question(table, vocabulary, &example.name, &given)?;
            Some((place(seed, &example.name), question))
        })
        .collect();
    left.sort_by(|one, other| one.0.cmp(&other.0));
    let mut left: Vec<Question<'t>> = left.into_iter().map(|(_, question)| question).collect();
    let mut drawn: Vec<Question<'t>> = Vec::new();
    while drawn.len() < most && !left.is_empty() {
        let times = |question: &Question<'t>| {
            let same = drawn.iter().filter(|d| d.standing == question.standing);
            same.count()
        };
        let rarest = left.iter().enumerate().min_by_key(|(_, q)| times(q));
        let Some(at) = rarest.map(|(at, _)| at) else {
            break;
        };
        drawn.push(left.remove(at));
    }
    drawn.sort_by_key(|question| place(seed, question.name));
    drawn
}

/// Marks the answers, one for each question in order; nothing where a question was left out.
#[must_use]
pub fn mark(questions: &[Question<'_>], answers: &[Option<Standing>]) -> Marks {
    let pairs = questions.iter().zip(answers);
    let right = pairs.filter(|(question, answer)| **answer == Some(question.standing));
    Marks {
        right: right.count(),
        of: questions.len(),
    }
}

/// Whether the situation is one that those who work here are in: what pupils and families ask, or the school as such, is not theirs.
fn is_for_staff(given: &Json) -> bool {
    let asker = given.get(ASKER).and_then(Json::as_str);
    !asker.is_some_and(|asker| NOT_STAFF.contains(&asker))
}

/// Where a question comes among the others.
fn place(seed: &str, name: &str) -> Vec<u8> {
    Sha256::digest(format!("{seed}\n{name}")).to_vec()
}

/// A question, where the policy gives the situation one verdict.
fn question<'t>(
    table: &'t Table,
    vocabulary: &'t Vocabulary,
    name: &'t str,
    given: &Given,
) -> Option<Question<'t>> {
    let Ok(Answer::Decided { decision, .. }) = table.decide_given(vocabulary, given) else {
        return None;
    };
    let situation = table.usual(vocabulary, given)?;
    let facts = words::told(&situation, vocabulary).into_iter();
    Some(Question {
        name,
        facts: facts.map(|fact| fact.says).collect(),
        standing: decision.standing,
        clauses: decision.decided_by,
    })
}
