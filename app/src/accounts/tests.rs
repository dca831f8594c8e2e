//! Accounts, on both engines.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::watch::Watch;
use crate::authority::{Action, Actor, Role};
use crate::cases::tests::made::{acting, ash, of};
use crate::cases::{self, Case, CaseId, Engine, Opening, Taking};
use crate::jobs::{Due, Worker, enqueue};
use crate::people::{self, Person};
use crate::policies::Policies;
use crate::schools;
use crate::store::testing::{TestStore, on_both};
use crate::store::{PersonId, Query as _};
use crate::values;
use crate::web::App;
use crate::web::testing::TestSite;

pub(crate) fn plain() -> Engine {
    Engine::new(Arc::new(Policies::load(None).unwrap()))
}

/// Ash follows a policy from today on.
pub(crate) async fn follow(test: &TestStore, policy: &str) {
    let program = Actor::operator(test.trust.clone());
    let permit = program.permit(Action::AdoptPolicy).unwrap();
    let library = plain().library();
    let table = library.table(policy).unwrap();
    let mut tx = test.store.begin(&test.trust).await.unwrap();
    let today: Date = test.store.clock().today();
    schools::adopt(&mut tx, &permit, &ash(), table.policy(), today)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

fn answers(list: &[(&str, &str)]) -> BTreeMap<String, Vec<String>> {
    let one = list
        .iter()
        .map(|(name, value)| ((*name).to_owned(), vec![(*value).to_owned()]));
    one.collect()
}

pub(crate) async fn asked(
    test: &TestStore,
    by: &Actor,
    keeper: &PersonId,
    more: &[(&str, &str)],
) -> Case {
    let mut given = answers(&[
        ("stage", "existing"),
        ("account", "instagram instagram.com/ash.primary"),
        ("reach", "school"),
        ("public_purpose", "News for parents and carers"),
        ("reason", "Parents asked for one place where news is found"),
        ("harm", "Abuse in replies: they are off"),
        ("audience", "parents"),
        ("with_pupils", "no"),
        ("apart", "yes"),
        ("another", "no"),
        ("keeper", keeper.as_str()),
    ]);
    given.extend(answers(more));
    let opening = Opening {
        register: super::REGISTER.to_owned(),
        school: Some(ash()),
        answers: given,
        ..Opening::default()
    };
    let mut tx = test.store.begin(&test.trust).await.unwrap();
    let case = cases::open(&mut tx, &plain(), by, opening).await.unwrap();
    tx.commit().await.unwrap();
    case
}

pub(crate) async fn step(
    test: &TestStore,
    actor: &Actor,
    case: &CaseId,
    step: &str,
    note: &str,
) -> Result<(), cases::CaseError> {
    let mut tx = test.store.begin(&test.trust).await.unwrap();
    let seen = cases::see(&mut tx, actor, case).await?;
    let taking = Taking {
        step: step.to_owned(),
        revision: seen.case.revision,
        note: note.to_owned(),
        ..Taking::default()
    };
    cases::take(&mut tx, &plain(), actor, case, taking).await?;
    tx.commit().await.unwrap();
    Ok(())
}

/// An account in use that somebody looks after.
pub(crate) async fn in_use(site: &TestSite, head: &Person, keeper: &Person) -> CaseId {
    let case = asked(
        &site.test,
        &of(&site.test, keeper, Role::Staff),
        &keeper.id,
        &[],
    )
    .await;
    step(
        &site.test,
        &of(&site.test, head, Role::Head),
        &case.id,
        "take-on",
        "",
    )
    .await
    .unwrap();
    case.id
}

/// Lets the program look whether accounts are looked after.
pub(crate) async fn look(test: &TestStore) {
    let mut tx = test.store.begin(&test.trust).await.unwrap();
    enqueue(&mut tx, &Watch, Due::Now).await.unwrap();
    tx.commit_unrecorded().await.unwrap();
    let engine = plain();
    let kinds = super::kinds(&engine).merge(cases::kinds(&engine));
    Worker::new(test.store.clone(), kinds)
        .round()
        .await
        .unwrap();
}

pub(crate) async fn leaves(test: &TestStore, id: &PersonId) {
    let yesterday = test.store.clock().today().checked_sub(1.days()).unwrap();
    let mut tx = test.store.begin(&test.trust).await.unwrap();
    let person = people::find(&mut tx, id).await.unwrap().unwrap();
    let program = Actor::operator(test.trust.clone());
    let permit = program.permit(Action::ManagePeople).unwrap();
    people::end(&mut tx, &permit, id, &person.version(), Some(yesterday))
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

async fn state(test: &TestStore, case: &CaseId) -> String {
    let sql = "SELECT state FROM case_file WHERE trust = $1 AND id = $2";
    let row = test
        .store
        .read(&test.trust)
        .first(sql, values![case])
        .await
        .unwrap();
    row.unwrap().get("state").unwrap()
}

on_both! {
    async fn everybody_sees_the_genuine_accounts_in_use_and_no_others(test: TestStore) {
        let site = TestSite::over(App::sample(), test);
        let head = site.person("Hal", Role::Head, Some("ash")).await;
        let ann = site.person("Ann", Role::Staff, Some("ash")).await;
        let page = site.nobody("GET", "/official-accounts/ash", "").await;
        assert!(page.text.contains("no account on social media on record"), "{}", page.text);
        let case = in_use(&site, &head, &ann).await;
        asked(&site.test, &of(&site.test, &ann, Role::Staff), &ann.id, &[("account", "facebook facebook.com/notyet")]).await;
        let page = site.nobody("GET", "/official-accounts/ash", "").await;
        assert!(page.text.contains("instagram.com/ash.primary") && page.text.contains("News for parents"));
        assert!(page.text.contains("/public/incident"));
        for hidden in ["notyet", "Ann", "Okafor", "Abuse in replies"] {
            assert!(!page.text.contains(hidden), "{hidden}");
        }
        let other = site.nobody("GET", "/official-accounts/oak", "").await;
        assert!(!other.text.contains("ash.primary"));
        assert_eq!(site.nobody("GET", "/official-accounts/elsewhere", "").await.status, 404);
        step(&site.test, &of(&site.test, &head, Role::Head), &case, "close", "Nobody needs it").await.unwrap();
        assert!(!site.nobody("GET", "/official-accounts/ash", "").await.text.contains("ash.primary"));
    }

    async fn the_head_names_people_and_nobody_else_does(test: TestStore) {
        let site = TestSite::over(App::sample(), test);
        follow(&site.test, "tlt").await;
        let head = site.person("Hal", Role::Head, Some("ash")).await;
        let ann = site.person("Ann", Role::Staff, Some("ash")).await;
        let bea = site.person("Bea", Role::Staff, Some("ash")).await;
        let lead = site.person("Sol", Role::SeniorLeader, Some("ash")).await;
        let elsewhere = site.person("Ida", Role::Head, Some("oak")).await;
        let it = site.person("Ivo", Role::It, Some("ash")).await;
        let case = in_use(&site, &head, &ann).await;
        let (account, poster) = (format!("/accounts/{case}"), format!("/accounts/{case}/name/poster"));
        for (who, page, naming) in [(&head, 200, 200), (&lead, 200, 200), (&it, 200, 403), (&ann, 200, 403), (&bea, 404, 404), (&elsewhere, 404, 404)] {
            assert_eq!(site.get(who, &account).await.status, page, "{}", who.name());
            assert_eq!(site.get(who, &poster).await.status, naming, "{}", who.name());
        }
        let administrator = format!("/accounts/{case}/name/administrator");
        assert_eq!(site.get(&lead, &administrator).await.status, 403, "the head alone names administrators");
        assert_eq!(site.nobody("GET", &account, "").await.status, 303, "sign in first");

        let unknown = site.send(&head, "POST", &poster, "q=Nobody").await;
        assert_eq!(unknown.status, 422);
        let own = site.send(&lead, "POST", &poster, "q=Sol").await;
        assert!(own.status == 422 && own.text.contains("Nobody names themselves"));
        let found = site.send(&head, "POST", &poster, "q=Bea").await;
        assert!(found.text.contains("Bea Okafor"), "{}", found.text);
        let named = site.send(&head, "POST", &poster, &format!("q=Bea&person={}", bea.id)).await;
        assert_eq!(named.location, format!("{account}?done=named"));
        let page = site.get(&bea, &account).await;
        assert!(page.status == 200 && page.text.contains("Bea Okafor") && !page.text.contains("End it"), "{}", page.text);
        assert!(site.get(&bea, "/accounts").await.text.contains("you post on it"));
        assert!(site.get(&bea, "/home").await.text.contains("You were named for an official account"));
        assert_eq!(site.get(&bea, &format!("/cases/{case}")).await.status, 404, "its case is for others");

        let page = site.get(&head, &account).await.text;
        let mut ends = page.split("/end/").skip(1).map(|rest| rest.split("</a>").next().unwrap());
        let end = ends.find(|rest| rest.contains("Bea")).unwrap();
        let end = format!("{account}/end/{}", end.split('"').next().unwrap());
        assert_eq!(site.send(&it, "POST", &end, "").await.status, 403);
        assert_eq!(site.send(&head, "POST", &end, "").await.status, 303);
        assert_eq!(site.get(&bea, &account).await.status, 404);
    }

    async fn an_account_whose_administrator_leaves_rises_to_the_head(test: TestStore) {
        let site = TestSite::over(App::sample(), test);
        let head = site.person("Hal", Role::Head, Some("ash")).await;
        let ann = site.person("Ann", Role::Staff, Some("ash")).await;
        let bea = site.person("Bea", Role::Staff, Some("ash")).await;
        let case = in_use(&site, &head, &ann).await;
        look(&site.test).await;
        assert_eq!(state(&site.test, &case).await, "in-use");
        leaves(&site.test, &ann.id).await;
        look(&site.test).await;
        assert_eq!(state(&site.test, &case).await, "ownerless");
        assert!(site.get(&head, "/home").await.text.contains("nobody looks after it"));
        let public = site.nobody("GET", "/official-accounts/ash", "").await;
        assert!(public.text.contains("ash.primary"), "it is genuine all the same");
        let name = format!("/accounts/{case}/name/administrator");
        site.send(&head, "POST", &name, &format!("q=Bea&person={}", bea.id)).await;
        look(&site.test).await;
        assert_eq!(state(&site.test, &case).await, "in-use");
        let panel = site.get(&head, &format!("/cases/{case}")).await.text;
        assert!(panel.contains("Who was named for it") && panel.contains("Bea Okafor") && !panel.contains("Ann Okafor</div>"));
    }

    async fn another_account_on_a_platform_wants_a_second_person_where_the_policy_says_so(test: TestStore) {
        let site = TestSite::over(App::sample(), test);
        follow(&site.test, "link").await;
        let head = site.person("Hal", Role::Head, Some("ash")).await;
        let lead = site.person("Sol", Role::SeniorLeader, Some("ash")).await;
        let ann = site.person("Ann", Role::Staff, Some("ash")).await;
        let (head, lead, ann_acts) = (of(&site.test, &head, Role::Head), of(&site.test, &lead, Role::SeniorLeader), acting(&site.test, &ann.id, Role::Staff));
        let more = [("stage", "new"), ("another", "yes"), ("why_another", "Sixth form is apart")];
        let case = asked(&site.test, &ann_acts, &ann.id, &more).await.id;
        assert!(step(&site.test, &head, &case, "agree-another", "Needed").await.is_err());
        step(&site.test, &lead, &case, "second-opinion", "It is").await.unwrap();
        step(&site.test, &head, &case, "agree-another", "Needed").await.unwrap();
        assert!(step(&site.test, &ann_acts, &case, "go-live", "").await.is_err(), "its address comes first");
        assert_eq!(state(&site.test, &case).await, "agreed");
    }
}
