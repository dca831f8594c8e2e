//! The pages, as those who use them meet them.

use axum::http::StatusCode;

use super::*;
use crate::cases::tests::made::of;
use crate::clock::Clock;
use crate::people::Person;
use crate::web::App;
use crate::web::testing::TestSite;

struct Site {
    site: TestSite,
    engine: Engine,
    dan: Person,
    hana: Person,
    una: Person,
    tom: Person,
    request: Case,
}

impl Site {
    async fn open() -> Self {
        let test = TestStore::sqlite().await;
        let policies = Arc::new(Policies::load(Some(folder(&test))).unwrap());
        let engine = Engine::new(Arc::clone(&policies));
        let app = App::new(policies, Clock::fixed(jiff::civil::date(2026, 11, 20))).unwrap();
        let site = TestSite::over(app, test);
        let ash = Some("ash");
        let dan = site.person("Dan", Role::DataProtectionOfficer, ash).await;
        let hana = site.person("Hana", Role::Head, ash).await;
        let una = site.person("Una", Role::Staff, ash).await;
        let tom = site.person("Tom", Role::Staff, ash).await;
        let as_tom = of(&site.test, &tom, Role::Staff);
        let about = una.id.to_string();
        for (register, field, text) in [
            ("memo", "what", "Memosecret, said Tom Okafor"),
            ("note", "title", "Notesecret"),
            ("worry", "what", "Worrysecret"),
        ] {
            let answers = [("about", about.as_str()), (field, text)];
            open(&site.test, &engine, &as_tom, register, &answers)
                .await
                .unwrap();
        }
        let request = request(&site.test, &engine, &as_tom, &about).await;
        Self {
            site,
            engine,
            dan,
            hana,
            una,
            tom,
            request,
        }
    }

    fn at(&self, rest: &str) -> String {
        format!("/subject-access/{}{rest}", self.request.id)
    }

    async fn gathered(&self) {
        let dan = of(&self.site.test, &self.dan, Role::DataProtectionOfficer);
        let page = self
            .site
            .send(&self.dan, "POST", &self.at("/gather"), "whom=0")
            .await;
        assert_eq!(page.location, self.at("?done=begun"));
        let waits = self.site.get(&self.dan, &self.at("")).await.text;
        assert!(waits.contains("It is being gathered"), "{waits}");
        gather(&self.site.test, &self.engine, &dan, &self.request.id).await;
    }
}

#[tokio::test]
async fn a_request_is_gathered_looked_through_and_given_out() {
    let site = Site::open().await;
    let case = site
        .site
        .get(&site.dan, &format!("/cases/{}", site.request.id))
        .await
        .text;
    assert!(case.contains(&site.at("")), "the case leads to it");
    let start = site.site.get(&site.dan, &site.at("")).await.text;
    assert!(
        start.contains("About whom?") && start.contains("Una Okafor"),
        "{start}"
    );
    let wrong = site
        .site
        .send(&site.dan, "POST", &site.at("/gather"), "whom=9")
        .await
        .text;
    assert!(wrong.contains("Choose whom it is about"));
    site.gathered().await;

    let list = site
        .site
        .get(&site.dan, &site.at("?show=undecided&kind=case"))
        .await
        .text;
    assert!(
        list.contains("MEM-2026-0001") && !list.contains("NOT-2026") && !list.contains("WOR-2026"),
        "{list}"
    );
    let first = list
        .split("/items/")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    let item = site.at(&format!("/items/{first}"));
    let page = site.site.get(&site.dan, &item).await.text;
    assert!(
        page.contains("Memosecret") && page.contains("Leave out Tom Okafor"),
        "{page}"
    );
    for (body, says) in [
        ("", "Choose what happens to it"),
        ("choice=withhold", "Choose why the law lets it be withheld"),
        ("choice=redact", "Say what is left out"),
        ("choice=redact&passages=never+there", "does not stand in it"),
    ] {
        let answer = site.site.send(&site.dan, "POST", &item, body).await;
        assert!(
            answer.text.contains(says) && answer.text.contains("There is a problem"),
            "{body}: {}",
            answer.text
        );
    }
    // Its words, or its one sentence, are ticked in the text itself.
    let (before, _) = page
        .split_once("Memosecret, said Tom Okafor</label>")
        .unwrap();
    let place = before.rsplit("id=\"span-").next().unwrap();
    let place = place.split('"').next().unwrap().to_owned();
    let line = place.split('-').next().unwrap();
    assert!(place.ends_with("-0-27"), "{place}");
    let by_word = format!("choice=redact&span={line}-12-16&words={line}");
    let words = site
        .site
        .send(&site.dan, "POST", &item, &by_word)
        .await
        .text;
    assert!(!words.contains("There is a problem"), "{words}");
    for (value, tick) in [("12-16", " checked"), ("17-20", "")] {
        let box_of = format!("value=\"{line}-{value}\"{tick}>");
        assert!(words.contains(&box_of), "{box_of}: {words}");
    }
    for (spans, given) in [
        (format!("span={place}"), "[left out]</dd>"),
        (
            format!("span={line}-0-11&span={line}-17-27"),
            "[left out] said [left out]",
        ),
    ] {
        let body = format!("choice=redact&{spans}&look=yes");
        let look = site.site.send(&site.dan, "POST", &item, &body).await.text;
        assert!(
            look.contains("As it would be given") && look.contains(given),
            "{look}"
        );
    }
    let none = format!("choice=redact&span={line}-0-9999&span=x");
    let none = site.site.send(&site.dan, "POST", &item, &none).await.text;
    assert!(none.contains("Say what is left out"), "{none}");
    let look = site
        .site
        .send(
            &site.dan,
            "POST",
            &item,
            "choice=redact&other=Tom+Okafor&passages=memosecret&look=yes",
        )
        .await
        .text;
    assert!(
        look.contains("As it would be given") && look.contains("[left out], said [left out]"),
        "{look}"
    );
    let saved = site
        .site
        .send(
            &site.dan,
            "POST",
            &item,
            "choice=redact&other=Tom+Okafor&passages=memosecret",
        )
        .await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER);
    let undone = site
        .site
        .send(&site.dan, "POST", &format!("{item}/undo"), "")
        .await;
    assert_eq!(undone.location, item);
    site.site
        .send(
            &site.dan,
            "POST",
            &item,
            "choice=redact&other=Tom+Okafor&passages=memosecret",
        )
        .await;

    let none = site
        .site
        .send(&site.dan, "POST", &site.at("/decide"), "")
        .await
        .text;
    assert!(none.contains("Choose the things to decide about"));
    let all: String = (1..40).map(|n| format!("item={n}&")).collect();
    let many = site
        .site
        .send(&site.dan, "POST", &site.at("/decide"), &all)
        .await;
    assert_eq!(many.location, site.at("?show=undecided&done=decided"));
    let check = site.site.get(&site.dan, &site.at("/check")).await.text;
    assert!(
        check.contains("“memosecret”")
            && check.contains("Make the package")
            && !check.contains("not decided"),
        "{check}"
    );
    let early = site
        .site
        .send(&site.dan, "POST", &site.at("/check"), "")
        .await
        .text;
    assert!(early.contains("not being looked through"), "{early}");
    let dan = of(&site.site.test, &site.dan, Role::DataProtectionOfficer);
    take(
        &site.site.test,
        &site.engine,
        &dan,
        &site.request.id,
        "collect",
        &[],
    )
    .await;
    take(
        &site.site.test,
        &site.engine,
        &dan,
        &site.request.id,
        "review",
        &[("searched", "Here")],
    )
    .await;
    let made = site
        .site
        .send(&site.dan, "POST", &site.at("/check"), "")
        .await;
    assert_eq!(made.location, site.at("?done=made"), "{}", made.text);
    let page = site.site.get(&site.dan, &made.location).await.text;
    assert!(page.contains("/packages/"), "{page}");
    let erasure = site.site.get(&site.dan, &site.at("/erasure")).await.text;
    assert!(
        erasure.contains("Kept while they work here")
            && erasure.contains("Nothing may be erased now"),
        "{erasure}"
    );
    let listed = site.site.get(&site.dan, "/subject-access").await.text;
    assert!(
        listed.contains(&site.request.reference) && listed.contains("Una Okafor"),
        "{listed}"
    );
}

#[tokio::test]
async fn each_address_is_there_for_those_alone_whom_it_concerns() {
    let site = Site::open().await;
    site.gathered().await;
    let nowhere = "/subject-access/01aaaaaaaaaaaaaaaaaaaaaaaa";
    for (method, rest) in [
        ("GET", ""),
        ("GET", "/items/1"),
        ("POST", "/items/1"),
        ("POST", "/items/1/undo"),
        ("POST", "/decide"),
        ("GET", "/check"),
        ("POST", "/check"),
        ("GET", "/packages/p1"),
    ] {
        for who in [&site.una, &site.tom] {
            let there = site
                .site
                .send(who, method, &site.at(rest), "choice=include")
                .await;
            let not = site
                .site
                .send(who, method, &format!("{nowhere}{rest}"), "choice=include")
                .await;
            assert_eq!(
                (there.status, &there.text),
                (StatusCode::NOT_FOUND, &not.text),
                "{method} {rest}"
            );
        }
    }
    for (method, rest) in [
        ("POST", "/gather"),
        ("GET", "/erasure"),
        ("POST", "/erasure"),
    ] {
        for who in [&site.una, &site.tom, &site.hana] {
            let answer = site.site.send(who, method, &site.at(rest), "whom=0").await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{method} {rest}");
        }
    }
    let other = site
        .site
        .person("Olga", Role::DataProtectionOfficer, Some("oak"))
        .await;
    for rest in ["", "/erasure", "/check", "/items/1"] {
        let answer = site.site.get(&other, &site.at(rest)).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{rest}");
    }
    let hers = site
        .site
        .get(&site.una, "/subject-access/routed")
        .await
        .text;
    assert!(hers.contains("Nothing waits for you here"), "{hers}");
    let routed = site
        .site
        .get(&site.hana, "/subject-access/routed")
        .await
        .text;
    assert!(
        routed.contains("For you to decide") && routed.contains("0 of 2 decided"),
        "{routed}"
    );
    let page = site.site.get(&site.hana, &site.at("")).await.text;
    assert!(
        page.contains("NOT-2026-0001")
            && page.contains("WOR-2026-0001")
            && !page.contains("MEM-2026"),
        "{page}"
    );
    assert!(!page.contains("SAR-2026"), "{page}");
}
