//! The quiz of a signature, over HTTP.

use policy::quiz::Question;

use super::{USUAL, drawn};
use crate::authority::{Actor, Role};
use crate::cases::{self, Case, CaseId, Opening};
use crate::people::Person;
use crate::values;
use crate::web::App;
use crate::web::testing::TestSite;

async fn asked(site: &TestSite, person: &Person) -> CaseId {
    let mut tx = site.test.store.begin(&site.test.trust).await.unwrap();
    tx.execute(
        "INSERT INTO school_policy (trust, id, school, policy, content_hash, since) \
         VALUES ($1, 'f1', 'ash', 'link', 'x', '2026-01-01')",
        values![],
    )
    .await
    .unwrap();
    let answers = [
        ("person", person.id.as_str()),
        ("as", "employee"),
        ("occasion", "joined"),
        ("policy", "link"),
        ("version", "1"),
        ("rules_hash", "abc"),
    ];
    let opening = Opening {
        register: "attestation".to_owned(),
        school: Some("ash".parse().unwrap()),
        answers: answers
            .map(|(name, value)| (name.to_owned(), vec![value.to_owned()]))
            .into(),
        ..Opening::default()
    };
    let program = Actor::operator(site.test.trust.clone());
    let engine = App::sample().engine();
    let case = cases::open(&mut tx, &engine, &program, opening)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    case.id
}

async fn case_of(site: &TestSite, id: &CaseId) -> Case {
    let mut tx = site.test.store.begin(&site.test.trust).await.unwrap();
    let program = Actor::operator(site.test.trust.clone());
    let school = "ash".parse().unwrap();
    let found = cases::underway(&mut tx, "attestation", &school)
        .await
        .unwrap();
    drop((tx, program));
    found.into_iter().find(|case| case.id == *id).unwrap()
}

/// The form with the right answer to all but so many of the questions.
fn form(questions: &[Question<'_>], wrong: usize) -> String {
    let answers = questions.iter().enumerate().map(|(at, question)| {
        let right = question.standing.id();
        let other = if right == "silent" {
            "permitted"
        } else {
            "silent"
        };
        format!("q{at}={}", if at < wrong { other } else { right })
    });
    answers.collect::<Vec<_>>().join("&")
}

#[tokio::test]
async fn a_quiz_is_asked_marked_tried_again_and_kept_only_once_passed() {
    let site = TestSite::open().await;
    let kate = site.person("Kate", Role::Staff, Some("ash")).await;
    let ines = site.person("Ines", Role::Staff, Some("ash")).await;
    let id = asked(&site, &kate).await;
    let address = format!("/quiz/{id}");
    let early = site.send(&kate, "GET", &address, "").await;
    assert_eq!(early.status, 404, "the policy is to be read first");
    let read = format!("/cases/{id}/steps/read");
    let done = site
        .send(&kate, "POST", &read, "revision=1&clear=yes")
        .await;
    assert_eq!(done.status, 303, "{}", done.text);

    let page = site.send(&kate, "GET", &address, "").await;
    assert_eq!(page.status, 200);
    let app = App::sample();
    let library = app.library();
    let table = library.table("link").unwrap();
    let case = case_of(&site, &id).await;
    let questions = drawn(&library, table, &case, 1);
    assert_eq!(questions.len(), USUAL.questions);
    assert!(questions.iter().all(|question| {
        let name = question.name.replace('\'', "&#x27;");
        page.text.contains(&name) || page.text.contains(question.name)
    }));
    assert_eq!(site.send(&ines, "GET", &address, "").await.status, 404);
    assert_eq!(site.send(&ines, "POST", &address, "").await.status, 404);

    let blank = site.send(&kate, "POST", &address, "q0=silent").await;
    assert_eq!(blank.status, 422);
    assert!(blank.text.contains("Choose an answer to question 2"));
    let two_wrong = site
        .send(
            &kate,
            "POST",
            &format!("{address}?attempt=1"),
            &form(&questions, 2),
        )
        .await;
    assert!(two_wrong.text.contains("3 of 5 right"));
    assert!(two_wrong.text.contains("?attempt=2"));
    assert_eq!(case_of(&site, &id).await.revision, 2, "nothing was kept");
    let typed = format!("/cases/{id}/steps/quiz");
    let typed = site
        .send(&kate, "POST", &typed, "revision=2&right=5&of=5")
        .await;
    assert_ne!(typed.status, 303, "marks are not typed");
    assert_eq!(case_of(&site, &id).await.revision, 2);

    let again = drawn(&library, table, &case, 2);
    assert_ne!(again, questions);
    let passed = site
        .send(
            &kate,
            "POST",
            &format!("{address}?attempt=2"),
            &form(&again, 1),
        )
        .await;
    assert!(passed.text.contains("4 of 5 right") && passed.text.contains("You passed"));
    let case = case_of(&site, &id).await;
    assert_eq!(case.done.last().unwrap().step, "quiz");
    assert_eq!(case.answers["right"], ["4"]);
}
