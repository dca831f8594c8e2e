//! Answers that honour what is on record, asked as their askers ask.

use std::collections::BTreeMap;

use crate::authority::{Actor, Role};
use crate::cases::tests::made::{engine, of, open};
use crate::cases::{self, Case, Taking};
use crate::people::Person;
use crate::store::testing::on_both;
use crate::web::App;
use crate::web::testing::TestSite;

/// A post on the school's account, as Stivichall's policy is asked about it.
const POST: &str =
    "/ask/stivichall/answer?act=post&account=official&capacity=official&purpose=school-business";
const TIE: &str = "/ask/stivichall/answer?act=connect&other=pupil&tie_family_friend=yes";

async fn step(
    site: &TestSite,
    actor: &Actor,
    case: &Case,
    (step, note): (&str, &str),
    answers: &[(&str, &str)],
) -> Case {
    let answers = answers
        .iter()
        .map(|(name, value)| ((*name).to_owned(), vec![(*value).to_owned()]));
    let taking = Taking {
        step: step.to_owned(),
        revision: case.revision,
        note: note.to_owned(),
        answers: answers.collect::<BTreeMap<_, _>>(),
    };
    let mut tx = site.test.store.begin(&site.test.trust).await.unwrap();
    let engine = engine(&site.test);
    let case = cases::take(&mut tx, &engine, actor, &case.id, taking)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    case
}

/// Asks for leave to post on the school's account, and has it granted.
async fn permitted(site: &TestSite, who: &Person, head: &Person, more: &[(&str, &str)]) -> Case {
    let mut answers = vec![
        ("kind", "post-official"),
        ("scope", "One post a week on the school garden"),
        ("reason", "To show what grows"),
        ("account", "facebook https://www.facebook.com/ash.school"),
        ("until", "2027-07-23"),
    ];
    answers.extend(more);
    let asker = of(&site.test, who, Role::Staff);
    let head = of(&site.test, head, Role::Head);
    let case = open(
        &site.test,
        &engine(&site.test),
        &asker,
        "permission",
        &answers,
    )
    .await;
    let kept = ["scope", "account", "until"];
    let mut terms = answers.clone();
    terms.retain(|(name, _)| kept.contains(name));
    terms.push(("conditions", "Show each post to the office first"));
    let case = step(site, &head, &case.unwrap(), ("set-terms", ""), &terms).await;
    step(site, &head, &case, ("grant-posting", ""), &[]).await
}

async fn people(site: &TestSite) -> (Person, Person, Person) {
    (
        site.person("Ann", Role::Staff, Some("ash")).await,
        site.person("Kim", Role::Staff, Some("ash")).await,
        site.person("Hal", Role::Head, Some("ash")).await,
    )
}

on_both! {
    async fn a_permission_in_force_gives_the_leave_that_is_asked_for(test: TestStore) {
        let site = TestSite::over(App::sample(), test);
        let (ann, kim, head) = people(&site).await;
        let before = site.get(&ann, POST).await.text;
        assert!(before.contains("Only with permission"), "{before}");
        let case = permitted(&site, &ann, &head, &[("purpose", "school-business")]).await;

        let answer = site.get(&ann, POST).await.text;
        assert!(answer.contains("Yes, with conditions") && answer.contains("You have permission"));
        assert!(answer.contains(&case.reference) && answer.contains("until 23 July 2027"));
        assert!(answer.contains("Show each post to the office first"), "its own conditions");
        assert!(answer.contains("Do only what the written permission names."), "the clause's");
        let others = site.get(&kim, POST).await.text;
        assert!(others.contains("Only with permission") && !others.contains(&case.reference));
        let nobody = site.nobody("GET", POST, "").await.text;
        assert!(nobody.contains("Only with permission") && !nobody.contains(&case.reference));
        let named = format!("{POST}&held={}", case.reference);
        assert!(site.get(&kim, &named).await.text.contains("Only with permission"));

        let head = of(&site.test, &head, Role::Head);
        step(&site, &head, &case, ("revoke-posting", "The account is closed"), &[]).await;
        assert!(site.get(&ann, POST).await.text.contains("Only with permission"));
    }

    async fn what_a_permission_does_not_cover_it_does_not_lift(test: TestStore) {
        let site = TestSite::over(App::sample(), test);
        let (ann, _, head) = people(&site).await;
        permitted(&site, &ann, &head, &[("purpose", "school-business")]).await;
        let prohibited = format!("{POST}&sexual=yes");
        let answer = site.get(&ann, &prohibited).await.text;
        assert!(answer.contains("No, do not do this") && !answer.contains("You have permission"));
        let other = site.get(&ann, "/ask/stivichall/answer?act=open-account").await.text;
        assert!(other.contains("Only with permission") && !other.contains("You may have permission"));
        let private = POST.replace("school-business", "curriculum");
        assert!(site.get(&ann, &private).await.text.contains("Only with permission"));
    }

    async fn whoever_asks_says_whether_it_is_covered_where_the_facts_do_not(test: TestStore) {
        let site = TestSite::over(App::sample(), test);
        let (ann, _, head) = people(&site).await;
        let case = permitted(&site, &ann, &head, &[("purpose", "school-business")]).await;
        let untold = POST.replace("&purpose=school-business", "");
        let answer = site.get(&ann, &untold).await.text;
        assert!(answer.contains("Only with permission") && answer.contains("You may have permission already"));
        let confirmed = site.get(&ann, &format!("{untold}&held={}", case.reference)).await.text;
        assert!(confirmed.contains("Yes, with conditions") && confirmed.contains("You have permission"));
    }

    async fn a_program_is_told_what_is_on_record(test: TestStore) {
        let site = TestSite::over(App::sample(), test);
        let (ann, _, head) = people(&site).await;
        let case = permitted(&site, &ann, &head, &[]).await;
        let body = r#"{"policy": "stivichall", "given": {"act": "post", "account": "official", "capacity": "official"}}"#;
        let ask = async |address: &str| {
            let json = ("application/json", body);
            let answer = site.send_as(&ann, "POST", address, json).await;
            serde_json::from_str::<serde_json::Value>(&answer.text).unwrap()
        };
        let told = ask("/api/v1/decide").await;
        assert_eq!(told["standing"], "permitted-with-conditions", "{told}");
        assert_eq!(told["on_record"]["permission"]["reference"], case.reference);
    }

    async fn a_declaration_that_stands_is_known(test: TestStore) {
        let site = TestSite::over(App::sample(), test);
        let (ann, kim, _) = people(&site).await;
        let before = site.get(&ann, TIE).await.text;
        assert!(before.contains("Declare how you know this child outside school."), "{before}");
        assert!(!before.contains("Done:"));
        let asker = of(&site.test, &ann, Role::Staff);
        let answers = [
            ("with", "pupil"), ("occasion", "new"), ("name", "Pip Dale"), ("their_school", "own"),
            ("their_age", "under-18"), ("tie_family_friend", "yes"), ("context", "Our families are friends"),
            ("online", "no"), ("family_knows", "yes"),
        ];
        let case = open(&site.test, &engine(&site.test), &asker, "declaration", &answers).await.unwrap();
        let answer = site.get(&ann, TIE).await.text;
        assert!(answer.contains("<strong>Done:</strong> you declared this on 20 November 2026"), "{answer}");
        assert!(answer.contains(&case.reference) && answer.contains("You have declared it already."));
        assert!(!site.get(&kim, TIE).await.text.contains("Pip Dale"));
        let other = TIE.replace("other=pupil", "other=parent");
        assert!(!site.get(&ann, &other).await.text.contains("Done:"));

        let question = "/ask/stivichall/question?act=connect&direction=they-approached";
        let page = site.get(&ann, question).await;
        assert!(page.text.contains("Somebody you have declared?") && page.text.contains("Pip Dale"), "{}", page.text);
        assert!(page.text.contains("tie_family_friend=yes"));
    }
}
