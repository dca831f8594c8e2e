//! Leavers, on both engines.

use std::sync::Arc;

use jiff::ToSpan as _;

use super::watch::Watch;
use crate::authority::{Action, Actor, Role};
use crate::cases::tests::made::{acting, engine, open, somebody};
use crate::cases::{self, CaseId, Engine, Taking};
use crate::jobs::{Due, Worker, enqueue};
use crate::people::{self, NewRole};
use crate::policies::Policies;
use crate::store::testing::{TestStore, on_both};
use crate::store::{PersonId, Query as _};
use crate::values;
use crate::web::App;
use crate::web::testing::TestSite;

fn plain() -> Engine {
    Engine::new(Arc::new(Policies::load(None).unwrap()))
}

/// Lets the program look, and do what it finds.
async fn look(test: &TestStore, engine: &Engine) {
    let mut tx = test.store.begin(&test.trust).await.unwrap();
    enqueue(&mut tx, &Watch, Due::Now).await.unwrap();
    tx.commit_unrecorded().await.unwrap();
    let kinds = super::kinds(engine).merge(cases::kinds(engine));
    Worker::new(test.store.clone(), kinds)
        .round()
        .await
        .unwrap();
}

async fn set_last_day(test: &TestStore, id: &PersonId, days: i32) {
    let last = test.store.clock().today().checked_add(days.days()).unwrap();
    let mut tx = test.store.begin(&test.trust).await.unwrap();
    let person = people::find(&mut tx, id).await.unwrap().unwrap();
    let program = Actor::operator(test.trust.clone());
    let permit = program.permit(Action::ManagePeople).unwrap();
    let seen = person.version();
    people::end(&mut tx, &permit, id, &seen, Some(last))
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

async fn leaver_cases(test: &TestStore) -> Vec<(CaseId, String)> {
    let sql =
        "SELECT id, state FROM case_file WHERE trust = $1 AND register = 'leaver' ORDER BY id";
    let rows = test
        .store
        .read(&test.trust)
        .all(sql, values![])
        .await
        .unwrap();
    let one = rows
        .iter()
        .map(|row| (row.get("id").unwrap(), row.get("state").unwrap()));
    one.collect()
}

async fn step(
    test: &TestStore,
    actor: &Actor,
    case: &CaseId,
    step: &str,
    answers: &[(&str, &str)],
) {
    let mut tx = test.store.begin(&test.trust).await.unwrap();
    let seen = cases::see(&mut tx, actor, case).await.unwrap();
    let answers = answers.iter();
    let answers = answers.map(|(name, value)| ((*name).to_owned(), vec![(*value).to_owned()]));
    let taking = Taking {
        step: step.to_owned(),
        revision: seen.case.revision,
        note: String::new(),
        answers: answers.collect(),
    };
    cases::take(&mut tx, &plain(), actor, case, taking)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

on_both! {
    async fn whoever_gets_a_last_day_has_one_case(test: TestStore) {
        let ann = somebody(&test, "ann", "Abel", Role::Staff).await;
        somebody(&test, "hal", "Head", Role::Head).await;
        let engine = plain();
        look(&test, &engine).await;
        assert!(leaver_cases(&test).await.is_empty());
        let id = ann.person.unwrap();
        set_last_day(&test, &id, 30).await;
        look(&test, &engine).await;
        look(&test, &engine).await;
        assert_eq!(leaver_cases(&test).await.len(), 1);
        set_last_day(&test, &id, 40).await;
        look(&test, &engine).await;
        assert_eq!(leaver_cases(&test).await.len(), 1, "the open one stands for the new day too");
    }

    async fn what_is_in_hand_is_let_go_and_the_case_closed_when_nothing_is_left(test: TestStore) {
        let ann = somebody(&test, "ann", "Abel", Role::SeniorLeader).await;
        let hal = somebody(&test, "hal", "Head", Role::Head).await;
        let hr = somebody(&test, "hr", "Hand", Role::Hr).await;
        let it = somebody(&test, "it", "Tech", Role::It).await;
        let staff = somebody(&test, "sam", "Staff", Role::Staff).await;
        let id = ann.person.clone().unwrap();
        let made = engine(&test);
        let note = open(&test, &made, &staff, "note", &[("about", "it"), ("title", "A word")]).await.unwrap();
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        cases::assign(&mut tx, &hal, &note.id, note.revision, Some(id.clone())).await.unwrap();
        tx.commit().await.unwrap();
        set_last_day(&test, &id, -1).await;
        look(&test, &made).await;
        let (case, _) = leaver_cases(&test).await.pop().unwrap();
        look(&test, &made).await;
        look(&test, &made).await;
        assert_eq!(leaver_cases(&test).await[0].1, "gone", "nothing was recorded yet");
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        assert_eq!(cases::see(&mut tx, &hal, &note.id).await.unwrap().case.handler, None);
        drop(tx);

        step(&test, &hr, &case, "hand-on", &[("handed", "none")]).await;
        step(&test, &hr, &case, "end-permissions", &[("permissions_ended", "none")]).await;
        step(&test, &it, &case, "change-log-ins", &[("log_ins_changed", "none")]).await;
        look(&test, &made).await;
        assert_eq!(leaver_cases(&test).await[0].1, "done");
    }

    async fn the_list_is_what_the_reader_may_know_of(test: TestStore) {
        let site = TestSite::over(App::sample(), test);
        let ann = site.person("Ann", Role::Staff, Some("ash")).await;
        let head = site.person("Hal", Role::Head, Some("ash")).await;
        let hr = site.person("Hana", Role::Hr, Some("ash")).await;
        let lead = site.person("Dee", Role::SafeguardingLead, Some("ash")).await;
        let other = site.person("Olu", Role::Staff, Some("ash")).await;
        let made = engine(&site.test);
        let asker = acting(&site.test, &other.id, Role::Staff);
        let note = [("about", lead.id.as_str()), ("title", "A word")];
        let note = open(&site.test, &made, &asker, "note", &note).await.unwrap();
        let by_head = acting(&site.test, &head.id, Role::Head);
        let mut tx = site.test.store.begin(&site.test.trust).await.unwrap();
        cases::assign(&mut tx, &by_head, &note.id, note.revision, Some(ann.id.clone())).await.unwrap();
        let program = Actor::operator(site.test.trust.clone());
        let publisher = NewRole { role: Role::Publisher, school: Some("ash".parse().unwrap()), starts_on: None, ends_on: None };
        let permit = program.permit(Action::GiveRoles).unwrap();
        people::give_role(&mut tx, &permit, &ann.id, publisher).await.unwrap();
        tx.commit().await.unwrap();
        set_last_day(&site.test, &ann.id, 30).await;
        look(&site.test, &made).await;
        let (case, _) = leaver_cases(&site.test).await.pop().unwrap();
        let page = format!("/cases/{case}");

        let seen = site.get(&head, &page).await.text;
        assert!(seen.contains("What they hold") && seen.contains("Publisher"), "{seen}");
        assert!(seen.contains("Ends by itself on 20 December 2026") && seen.contains("Take it away now"));
        assert!(seen.contains(&note.reference) && seen.contains("Hand it over"));
        let seen = site.get(&hr, &page).await.text;
        assert!(seen.contains("Publisher") && !seen.contains("Take it away now"), "HR gives no roles");
        assert!(!seen.contains(&note.reference), "HR sees no such case");
        assert!(!site.get(&other, &page).await.text.contains("What they hold"));
    }

    async fn a_token_is_revoked_by_whoever_looks_after_sign_in(test: TestStore) {
        let site = TestSite::over(App::sample(), test);
        let ann = site.person("Ann", Role::Staff, Some("ash")).await;
        let it = site.person("Ivo", Role::It, Some("ash")).await;
        let head = site.person("Hal", Role::Head, Some("ash")).await;
        let made = site.send(&ann, "POST", "/me/tokens/new", "name=Timetable&days=30&scope=cases%3Aread").await;
        let mut reader = site.test.store.read(&site.test.trust);
        let rows = reader.all("SELECT id FROM api_token WHERE trust = $1", values![]).await.unwrap();
        let token: String = rows.first().unwrap_or_else(|| panic!("{}", made.text)).get("id").unwrap();
        let page = format!("/people/{}/tokens/{token}/revoke", ann.id);
        assert_eq!(site.get(&head, &page).await.status, 403);
        assert!(site.get(&it, &page).await.text.contains("Timetable"));
        assert_eq!(site.send(&it, "POST", &page, "").await.status, 303);
        assert_eq!(site.get(&it, &page).await.status, 404);
    }
}
