//! A quiz from the real policies' examples.

use std::collections::BTreeSet;

use policy::policy_file::Standing;
use policy::quiz::{mark, questions};

use crate::real;

#[test]
fn one_seed_draws_one_quiz_and_another_seed_another() {
    let library = real::library();
    let table = library.table("link").unwrap();
    let draw = |seed: &str| questions(table, library.vocabulary(), seed, 5);
    assert_eq!(draw("a"), draw("a"));
    let names = |seed: &str| draw(seed).iter().map(|q| q.name).collect::<Vec<_>>();
    assert_ne!(names("a"), names("b"));
    let every: BTreeSet<&str> = (0..200).flat_map(|seed| names(&seed.to_string())).collect();
    let examples = table.policy().examples.iter();
    let of_staff = examples.filter(|e| {
        let asker = e.given.get("asker").and_then(|asker| asker.as_str());
        !matches!(asker, Some("pupil" | "parent" | "school"))
    });
    assert_eq!(every.len(), of_staff.count());
}

#[test]
fn every_policy_gives_a_quiz_whose_answers_are_the_policys_own() {
    let library = real::library();
    for table in library.tables() {
        let policy = table.policy();
        let quiz = questions(table, library.vocabulary(), "seed", 5);
        assert_eq!(quiz.len(), 5, "{}", policy.id);
        let verdicts: BTreeSet<&str> = quiz.iter().map(|q| q.standing.id()).collect();
        assert!(verdicts.len() > 2, "{}: {verdicts:?}", policy.id);
        for question in &quiz {
            let example = policy.examples.iter().find(|e| e.name == question.name);
            let expected = example.unwrap().standing;
            assert!(expected.is_none_or(|standing| standing == question.standing));
            let named = !question.clauses.is_empty() || question.standing == Standing::Silent;
            assert!(named, "{}: {}", policy.id, question.name);
        }
        let mut answers: Vec<_> = quiz.iter().map(|q| Some(q.standing)).collect();
        assert_eq!(mark(&quiz, &answers).right, 5);
        answers[0] = None;
        assert_eq!(mark(&quiz, &answers).right, 4);
        assert_eq!(mark(&quiz, &[]).right, 0);
    }
}
