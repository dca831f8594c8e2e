//! Training that falls due, on both engines.

use std::sync::Arc;
use std::time::Duration;

use super::due;
use super::open::FallDue;
use crate::authority::Role;
use crate::cases::tests::made::{acting, ash, open};
use crate::cases::{self, CaseId, Engine, Taking};
use crate::jobs::{Due, Worker, enqueue};
use crate::policies::Policies;
use crate::store::Query as _;
use crate::store::testing::{TestStore, on_both};
use crate::values;
use crate::web::App;
use crate::web::testing::TestSite;

fn engine() -> Engine {
    Engine::new(Arc::new(Policies::load(None).unwrap()))
}

async fn look(test: &TestStore, engine: &Engine) {
    let mut tx = test.store.begin(&test.trust).await.unwrap();
    enqueue(&mut tx, &FallDue::default(), Due::Now)
        .await
        .unwrap();
    tx.commit_unrecorded().await.unwrap();
    let kinds = super::kinds(engine).merge(cases::kinds(engine));
    Worker::new(test.store.clone(), kinds)
        .round()
        .await
        .unwrap();
}

async fn starts_on(test: &TestStore, person: &str, day: &str) {
    let mut tx = test.store.begin(&test.trust).await.unwrap();
    tx.execute(
        "UPDATE person SET starts_on = $3 WHERE trust = $1 AND id = $2",
        values![person, day],
    )
    .await
    .unwrap();
    tx.commit_unrecorded().await.unwrap();
}

/// The training of somebody: each case with its state.
async fn of(test: &TestStore, person: &str) -> Vec<(CaseId, String)> {
    let sql = "SELECT id, state FROM case_file WHERE trust = $1 AND register = 'training' AND subject = $2 ORDER BY id";
    let rows = test
        .store
        .read(&test.trust)
        .all(sql, values![person])
        .await
        .unwrap();
    rows.iter()
        .map(|row| (row.get("id").unwrap(), row.get("state").unwrap()))
        .collect()
}

#[test]
fn every_course_has_a_setting_that_says_who_must_take_it() {
    let engine = engine();
    let registers = engine.registers();
    let register = registers.register(super::REGISTER).unwrap();
    let Some(register::FieldKind::Choice(courses)) =
        register.field(super::COURSE).map(|field| &field.kind)
    else {
        panic!("no course");
    };
    for course in courses {
        let name = format!("who_{}", course.id.replace('-', "_"));
        assert!(
            register.settings.iter().any(|setting| setting.id == name),
            "{name}"
        );
    }
    assert!(register.state(super::PAST).is_some());
}

on_both! {
    async fn who_starts_is_asked_once_and_nobody_else(test: TestStore) {
        let site = TestSite::over(App::sample(), test);
        let ann = site.person("Ann", Role::Staff, Some("ash")).await;
        let old = site.person("Olu", Role::Staff, Some("ash")).await;
        let governor = site.person("Gus", Role::Governor, Some("ash")).await;
        starts_on(&site.test, ann.id.as_str(), "2026-11-02").await;
        starts_on(&site.test, old.id.as_str(), "2019-09-01").await;
        starts_on(&site.test, governor.id.as_str(), "2026-11-02").await;
        let engine = engine();
        look(&site.test, &engine).await;
        look(&site.test, &engine).await;
        assert_eq!(of(&site.test, ann.id.as_str()).await.len(), 6, "what the staff must take, once each");
        assert_eq!(of(&site.test, governor.id.as_str()).await.len(), 1);
        assert!(of(&site.test, old.id.as_str()).await.is_empty());
    }

    async fn what_has_run_out_comes_again_once(test: TestStore) {
        let site = TestSite::over(App::sample(), test);
        let ann = site.person("Ann", Role::Publisher, Some("ash")).await;
        let head = site.person("Hal", Role::Head, Some("ash")).await;
        let hr = site.person("Hana", Role::Hr, Some("ash")).await;
        let (test, engine) = (&site.test, engine());
        let head = acting(test, &head.id, Role::Head);
        let case = [("person", ann.id.as_str()), ("course", "publishing")];
        let mut case = open(test, &engine, &head, "training", &case).await.unwrap();
        for (who, step, answers) in [
            (acting(test, &ann.id, Role::Publisher), "attend", vec![("done_on", "2026-11-20")]),
            (acting(test, &hr.id, Role::Hr), "confirm-once", vec![]),
        ] {
            let answers = answers.into_iter();
            let answers = answers.map(|(name, value): (&str, &str)| (name.to_owned(), vec![value.to_owned()]));
            let taking = Taking {
                step: step.into(),
                revision: case.revision,
                note: String::new(),
                answers: answers.collect(),
            };
            let mut tx = test.store.begin(&test.trust).await.unwrap();
            case = cases::take(&mut tx, &engine, &who, &case.id, taking).await.unwrap();
            tx.commit().await.unwrap();
        }
        look(test, &engine).await;
        assert_eq!(of(test, ann.id.as_str()).await.len(), 1, "it counts");
        let told = async || {
            let sql = "SELECT COUNT(*) AS n FROM message WHERE trust = $1 AND person = $2";
            test.store.read(&test.trust).count(sql, values![&ann.id]).await.unwrap()
        };
        let before = told().await;
        test.hand.advance(Duration::from_hours(24 * 390));
        look(test, &engine).await;
        assert_eq!(told().await, before + 2, "30 and 7 days before it runs out");
        test.hand.advance(Duration::from_hours(24 * 10));
        look(test, &engine).await;
        look(test, &engine).await;
        look(test, &engine).await;
        let after = of(test, ann.id.as_str()).await;
        assert_eq!(after.len(), 2, "{after:?}");
        assert_eq!((after[0].1.as_str(), after[1].1.as_str()), ("past", "due"));
    }

    async fn leaders_see_who_has_not_and_ask_them(test: TestStore) {
        let site = TestSite::over(App::sample(), test);
        let ann = site.person("Ann", Role::Staff, Some("ash")).await;
        let head = site.person("Hal", Role::Head, Some("ash")).await;
        let boss = site.person("Bea", Role::LineManager, Some("ash")).await;
        let far = site.person("Fay", Role::Head, Some("oak")).await;
        assert_eq!(site.get(&head, "/training").await.location, "/training/schools/ash");
        let page = site.get(&head, "/training/schools/ash").await.text;
        assert!(page.contains("Ann Okafor") && page.contains("Not yet") && page.contains("0 of 3 have it"), "{page}");
        assert_eq!(site.get(&far, "/training/schools/ash").await.status, 403);
        assert_eq!(site.get(&ann, "/training").await.status, 403);
        let asked = site.send(&head, "POST", "/training/schools/ash/policy", "").await;
        assert_eq!(asked.location, "/training/schools/ash?asked=3");
        let again = site.send(&head, "POST", "/training/schools/ash/policy", "").await;
        assert_eq!(again.location, "/training/schools/ash?asked=0");
        assert_eq!(of(&site.test, ann.id.as_str()).await.len(), 1);

        assert!(site.get(&boss, "/training/mine").await.text.contains("Nobody here must take a course"));
        let mut tx = site.test.store.begin(&site.test.trust).await.unwrap();
        tx.execute("UPDATE person SET line_manager = $3 WHERE trust = $1 AND id = $2", values![&ann.id, &boss.id]).await.unwrap();
        tx.commit_unrecorded().await.unwrap();
        let mine = site.get(&boss, "/training/mine").await.text;
        assert!(mine.contains("Ann Okafor") && mine.contains("Asked") && !mine.contains("Hal Okafor"));
        let mut reader = site.test.store.read(&site.test.trust);
        let today = site.test.store.clock().today();
        assert_eq!(due::courses(&mut reader, &engine(), &ash(), today).await.unwrap().len(), 9);
    }
}
