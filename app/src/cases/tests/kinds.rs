//! What holds for one kind of case only, in the registers that come with the program: who is told, what runs, what a
//! case says that another opened, and how long each is kept.

use std::time::Duration;

use register::value::Answers;
use register::{Disposal, Keep, RetentionStart};

use super::made::{engine, open, somebody};
use crate::authority::{Actor, Role};
use crate::cases::{self, Case, Engine, Taking, deadlines};
use crate::store::Query as _;
use crate::store::testing::{TestStore, on_both};
use crate::values;

async fn take(
    test: &TestStore,
    engine: &Engine,
    actor: &Actor,
    case: &Case,
    (step, answers): (&str, &[(&str, &str)]),
) -> Case {
    let answers = answers.iter();
    let answers = answers.map(|(name, value)| ((*name).to_owned(), vec![(*value).to_owned()]));
    let taking = Taking {
        step: step.to_owned(),
        revision: case.revision,
        note: "As it stands".to_owned(),
        answers: answers.collect::<Answers>(),
    };
    test.hand.advance(Duration::from_secs(60));
    let mut tx = test.store.begin(&test.trust).await.unwrap();
    let taken = cases::take(&mut tx, engine, actor, &case.id, taking).await;
    let case = taken.unwrap_or_else(|error| panic!("{step}: {error}"));
    tx.commit().await.unwrap();
    case
}

/// The deadlines of a case that run.
async fn running(test: &TestStore, case: &Case) -> Vec<String> {
    let mut reader = test.store.read(&test.trust);
    let running = deadlines::running(&mut reader, &case.id).await.unwrap();
    let mut running: Vec<String> = running.into_iter().map(|(id, ..)| id).collect();
    running.sort();
    running
}

/// How many messages somebody has.
async fn told(test: &TestStore, who: &str) -> u64 {
    let sql = "SELECT COUNT(*) AS n FROM message WHERE trust = $1 AND person = $2";
    let mut reader = test.store.read(&test.trust);
    reader.count(sql, values![who]).await.unwrap()
}

async fn kept(test: &TestStore, case: &Case) -> (RetentionStart, Keep, Disposal) {
    let mut reader = test.store.read(&test.trust);
    let closed = cases::closed_one(&mut reader, (&test.store, &test.trust), &case.id).await;
    let kept = closed.unwrap().unwrap().retention;
    (kept.from, kept.keep, kept.then)
}

fn worry(kind: &'static str, danger: &'static str) -> Vec<(&'static str, &'static str)> {
    let mut answers = vec![
        ("kind", kind),
        ("what", "What happened"),
        ("illegal_image", "no"),
    ];
    answers.extend((!danger.is_empty()).then_some(("danger", danger)));
    answers
}

on_both! {
    async fn danger_now_hurries_and_is_told_beside_what_every_concern_brings(test: TestStore) {
        let engine = engine(&test);
        let sam = somebody(&test, "sam", "Okafor", Role::Staff).await;
        let lead = somebody(&test, "lead", "Amin", Role::SafeguardingLead).await;
        let head = somebody(&test, "head", "Adeyemi", Role::Head).await;
        let calm = open(&test, &engine, &sam, "concern", &worry("notice-child-at-risk", "no")).await.unwrap();
        assert_eq!((running(&test, &calm).await, told(&test, "lead").await), (vec!["first-look".to_owned()], 1));
        let grave = open(&test, &engine, &sam, "concern", &worry("notice-child-at-risk", "yes")).await.unwrap();
        assert_eq!(running(&test, &grave).await, ["danger", "first-look"]);
        assert_eq!(told(&test, "lead").await, 3, "one for the calm one, two for the grave one");

        // Each kind has its own time to be decided in, and follows the kind when that is corrected.
        let looking = take(&test, &engine, &lead, &calm, ("take-child", &[])).await;
        assert_eq!(running(&test, &looking).await, ["decide"]);
        let moved = take(&test, &engine, &lead, &looking, ("move", &[("kind", "notice-harm")])).await;
        assert_eq!(running(&test, &moved).await, ["first-look"]);
        let looking = take(&test, &engine, &head, &moved, ("take-reputation", &[])).await;
        assert_eq!(running(&test, &looking).await, ["decide-others"]);
    }

    async fn a_grave_incident_is_told_as_one_and_any_other_once(test: TestStore) {
        let engine = engine(&test);
        let sam = somebody(&test, "sam", "Okafor", Role::Staff).await;
        somebody(&test, "head", "Adeyemi", Role::Head).await;
        for (serious, says) in [("no", "An online incident was reported"), ("yes", "A grave online incident")] {
            let before = told(&test, "head").await;
            let answers = [
                ("kind", "notice-insult"), ("what", "What happened"), ("happened", "2026-11-19T10:00"),
                ("illegal_image", "no"), ("by_whom", "unknown"), ("serious", serious),
            ];
            open(&test, &engine, &sam, "incident", &answers).await.unwrap();
            assert_eq!(told(&test, "head").await - before, 1, "{says}");
        }
    }

    async fn what_another_case_opens_has_what_its_register_asks_for(test: TestStore) {
        let engine = engine(&test);
        let sam = somebody(&test, "sam", "Okafor", Role::Staff).await;
        let head = somebody(&test, "head", "Adeyemi", Role::Head).await;
        let approach = [
            ("direction", "they-approached"), ("staff", "sam"), ("other", "parent"), ("name", "D"), ("how", "message"),
            ("on", "2026-11-19T10:00"), ("what", "Nasty words"), ("answered", "unanswered"), ("uneasy", "yes"),
        ];
        let case = open(&test, &engine, &sam, "approach", &approach).await.unwrap();
        let case = take(&test, &engine, &head, &case, ("acknowledge", &[])).await;
        let case = take(&test, &engine, &head, &case, ("abusive", &[("abusive_image", "no")])).await;
        let sql = "SELECT linked AS id FROM case_link WHERE trust = $1 AND case_id = $2";
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        let row = tx.first(sql, values![&case.id]).await.unwrap().unwrap();
        let incident = cases::see(&mut tx, &head, &row.get("id").unwrap()).await.unwrap();
        let says = |field: &str| incident.case.answers.get(field).and_then(|a| a.first()).cloned().unwrap_or_default();
        for (field, answer) in [
            ("kind", "notice-insult"), ("serious", "yes"), ("by_whom", "parent"), ("affected", "sam"),
            ("what", "Nasty words"), ("illegal_image", "no"),
        ] {
            assert_eq!(says(field), answer, "{field}");
        }
        // Nothing that the register requires, and that is asked here, is missing.
        let asked = incident.rules.register().shown(&incident.case.answers);
        let missing = asked.iter().filter(|field| field.required && says(&field.id).is_empty());
        assert_eq!(missing.map(|field| field.id.as_str()).collect::<Vec<_>>(), Vec::<&str>::new());
    }

    async fn how_long_a_concern_is_kept_hangs_on_its_kind_and_end(test: TestStore) {
        let engine = engine(&test);
        let sam = somebody(&test, "sam", "Okafor", Role::Staff).await;
        let lead = somebody(&test, "lead", "Amin", Role::SafeguardingLead).await;
        let head = somebody(&test, "head", "Adeyemi", Role::Head).await;
        for (kind, danger, takes, by, end, expected) in [
            ("notice-child-at-risk", "no", "take-child", &lead, "close", (RetentionStart::BornOf("pupil".into()), 25)),
            ("low-level", "", "take-adult", &head, "close", (RetentionStart::Left, 0)),
            ("low-level", "", "take-adult", &head, "close-mistaken", (RetentionStart::Closed, 1)),
            ("adult-harm", "no", "take-adult", &head, "close", (RetentionStart::Closed, 10)),
            ("notice-harm", "", "take-reputation", &head, "close", (RetentionStart::Closed, 1)),
        ] {
            let case = open(&test, &engine, &sam, "concern", &worry(kind, danger)).await.unwrap();
            let case = take(&test, &engine, by, &case, (takes, &[])).await;
            let answers: &[(&str, &str)] = if end == "close" { &[("outcome", "acted")] } else { &[] };
            let case = take(&test, &engine, by, &case, (end, answers)).await;
            let (from, keep, then) = kept(&test, &case).await;
            let years = match keep {
                Keep::RetirementOrTenYears => 10,
                Keep::Span(register::Span::Years(years)) => years,
                Keep::Span(_) => 0,
            };
            assert_eq!(((from, years), then), (expected, Disposal::Review), "{kind} {end}");
        }
    }

    async fn what_is_made_of_a_pattern_and_how_to_reach_a_reporter_is_not_for_whom_it_is_about(test: TestStore) {
        let engine = engine(&test);
        let sam = somebody(&test, "sam", "Okafor", Role::Staff).await;
        let lee = somebody(&test, "lee", "Brown", Role::Staff).await;
        let head = somebody(&test, "head", "Adeyemi", Role::Head).await;
        let mut answers = worry("low-level", "");
        answers.extend([("about", "lee"), ("reach", "0121 496 0000")]);
        let case = open(&test, &engine, &sam, "concern", &answers).await.unwrap();
        let case = take(&test, &engine, &head, &case, ("take-adult", &[])).await;
        let decided = [("pattern", "pattern"), ("low_level_action", "talk"), ("low_level_why", "The third one")];
        let case = take(&test, &engine, &head, &case, ("low-level", &decided)).await;
        let case = take(&test, &engine, &head, &case, ("disclose", &[])).await;
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        let theirs = cases::see(&mut tx, &lee, &case.id).await.unwrap();
        assert!(!theirs.outline && theirs.case.answers.contains_key("what"));
        let own = cases::see(&mut tx, &head, &case.id).await.unwrap();
        for field in ["reach", "pattern", "low_level_why"] {
            assert!(own.case.answers.contains_key(field), "{field}");
            let told = theirs.case.answers.contains_key(field)
                || theirs.case.done.iter().any(|done| done.answers.contains_key(field));
            assert!(!told, "{field}");
        }
    }
}
