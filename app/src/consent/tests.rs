//! Consents, on both engines.

use std::time::Duration;

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::answer::{self, By, Given, How};
use super::said::{Extent, Said};
use super::worked::{look, work};
use super::*;
use crate::accounts::tests::{follow, plain};
use crate::authority::Role;
use crate::cases::tests::made::{ash, of};
use crate::cases::{self, CaseError, Opening, Paper};
use crate::ledger::{Kept, verify};
use crate::people::Person;
use crate::pupils::{self, GuardianDetails, NewPupil, PupilDetails};
use crate::records::KINDS;
use crate::store::testing::{TestStore, on_both};
use crate::values;
use crate::web::App;
use crate::web::testing::TestSite;

/// A pupil at a school with parents, by their given names.
async fn pupil(site: &TestSite, given: &str, school: &str, parents: &[&str]) -> PupilId {
    let permit = site.operator(Action::ManagePupils);
    let mut tx = site.test.store.begin(&site.test.trust).await.unwrap();
    let new = NewPupil {
        details: PupilDetails {
            school: school.parse().unwrap(),
            given_name: given.parse().unwrap(),
            family_name: "Ofori".parse().unwrap(),
            known_as: None,
            year: Some("7".to_owned()),
            class: Some("7B".to_owned()),
            born: None,
        },
        demonstration: false,
    };
    let pupil = pupils::add(&mut tx, &permit, new).await.unwrap();
    for parent in parents {
        let details = GuardianDetails {
            given_name: parent.parse().unwrap(),
            family_name: "Mensah".parse().unwrap(),
            email: Some(format!("{parent}@home.example").parse().unwrap()),
            phone: None,
        };
        pupils::add_guardian(&mut tx, &permit, &pupil.id, details)
            .await
            .unwrap();
    }
    tx.commit().await.unwrap();
    pupil.id
}

/// Asks the family of a pupil; the paths of the links, in the order of the parents' names.
async fn asked(site: &TestSite, head: &Person, pupil: &PupilId) -> Vec<String> {
    let begun = site
        .send(head, "POST", &format!("/consent/pupils/{pupil}/ask"), "")
        .await;
    assert_eq!(begun.status, 303, "{}", begun.text);
    work(&site.test).await;
    let letters = site
        .get(head, &format!("{}/letters", begun.location))
        .await
        .text;
    let parts = letters.split("href=\"").skip(1);
    let links = parts.filter_map(|part| part.split('"').next()?.split_once("/pictures/"));
    links
        .map(|(_, token)| format!("/pictures/{token}"))
        .collect()
}

async fn holds(test: &TestStore, pupil: &PupilId, use_: Use) -> Standing {
    let today = test.store.clock().today();
    let mut reader = test.store.read(&test.trust);
    let of = (&test.store, &test.trust, &plain());
    let whom = std::slice::from_ref(pupil);
    let mut standings = standing(&mut reader, of, &ash(), whom, use_, today)
        .await
        .unwrap();
    standings.remove(0)
}

fn may_not(why: WhyNot) -> Standing {
    Standing::MayNot { why }
}

fn may(named: bool, group_only: bool, restrictions: &str) -> Standing {
    Standing::May {
        named,
        group_only,
        restrictions: restrictions.to_owned(),
        presumed: false,
    }
}

/// How often what is out was to be looked for.
async fn narrowed(test: &TestStore) -> u64 {
    let sql = "SELECT COUNT(*) AS n FROM job WHERE trust = $1 AND kind = 'consent.narrowed'";
    test.store
        .read(&test.trust)
        .count(sql, values![])
        .await
        .unwrap()
}

async fn says(site: &TestSite, link: &str, said: &str) {
    site.test.hand.advance(Duration::from_secs(1));
    let sent = site.nobody("POST", &format!("{link}/send"), said).await;
    assert_eq!(sent.status, 303, "{}", sent.text);
    assert_eq!(sent.location, format!("{link}?done=sent"));
}

fn later(test: &TestStore, days: u64) {
    test.hand.advance(Duration::from_secs(days * 86_400));
}

on_both! {
    async fn a_parent_answers_by_a_link_changes_it_and_takes_it_back(test: TestStore) {
        let site = TestSite::over(App::sample(), test);
        let head = site.person("Hal", Role::Head, Some("ash")).await;
        let posts = site.person("Pip", Role::Publisher, Some("ash")).await;
        let ama = pupil(&site, "Ama", "ash", &["Grace"]).await;
        assert_eq!(holds(&site.test, &ama, Use::Website).await, may_not(WhyNot::NotAsked));
        let links = asked(&site, &head, &ama).await;
        let [link] = links.as_slice() else { panic!("{links:?}") };
        assert_eq!(holds(&site.test, &ama, Use::Website).await, may_not(WhyNot::Waiting));

        let start = site.nobody("GET", link, "").await;
        assert!(start.status == 200 && start.text.contains("Ama") && start.text.contains("Ash Primary"), "{}", start.text);
        assert!(!["Ofori", "Grace", "Mensah", "7B"].iter().any(|hidden| start.text.contains(hidden)), "{}", start.text);
        let nothing = site.nobody("POST", &format!("{link}/about/website"), "").await;
        assert!(nothing.status == 422 && nothing.text.contains("There is a problem"));
        let next = site.nobody("POST", &format!("{link}/about/website"), "website=named").await;
        assert_eq!(next.location, format!("{link}/about/social?website=named"));
        let early = site.nobody("GET", &format!("{link}/limits?website=named"), "").await;
        assert_eq!(early.location, format!("{link}/about/social?website=named"), "no question is left out");
        let all = "website=named&social=group&press=no&limits=No+swimming";
        let check = site.nobody("POST", &format!("{link}/check"), all).await;
        assert!(check.text.contains("Only in a group") && check.text.contains("No swimming"), "{}", check.text);
        let again = site.nobody("POST", &format!("{link}/check"), &format!("{all}&change=press")).await;
        assert!(again.text.contains("newspapers") && again.text.contains("value=\"No swimming\""), "{}", again.text);
        assert_eq!(holds(&site.test, &ama, Use::Website).await, may_not(WhyNot::Waiting), "nothing was sent yet");
        says(&site, link, all).await;

        assert_eq!(holds(&site.test, &ama, Use::Website).await, may(true, false, "No swimming"));
        assert_eq!(holds(&site.test, &ama, Use::Social).await, may(false, true, "No swimming"));
        assert_eq!(holds(&site.test, &ama, Use::Press).await, may_not(WhyNot::Refused));
        let told = site.nobody("GET", link, "").await.text;
        assert!(told.contains("What you said") && told.contains("No swimming"));
        let list = site.get(&posts, "/consent").await.text;
        assert!(list.contains("Ama Ofori") && list.contains("No swimming") && !list.contains("Mensah"), "{list}");
        let before = narrowed(&site.test).await;
        says(&site, link, "website=named&social=named&press=named").await;
        assert_eq!(narrowed(&site.test).await, before, "more is not less");

        let no = site.nobody("POST", &format!("{link}/no"), "").await;
        assert_eq!(no.location, format!("{link}?done=withdrawn"));
        assert_eq!(narrowed(&site.test).await, before + 1);
        for use_ in Use::ALL {
            assert_eq!(holds(&site.test, &ama, use_).await, may_not(WhyNot::Withdrawn));
        }
        assert!(site.get(&posts, "/home").await.text.contains("withdrew its consent"));
        for kind in ["objected", "no"] {
            let list = site.get(&posts, &format!("/consent?show={kind}&use=social")).await.text;
            assert!(list.contains("Ama Ofori"), "{kind}");
        }
        assert!(!site.get(&posts, "/consent?show=unanswered").await.text.contains("Ama Ofori"));
        let verified = verify(&site.test.store, &site.test.trust, KINDS, &Kept::default()).await.unwrap();
        let ours = verified.faults.iter().map(|fault| format!("{fault:?}")).filter(|fault| fault.contains("consent"));
        assert_eq!(ours.collect::<Vec<_>>(), Vec::<String>::new());
    }

    async fn no_link_works_that_is_not_the_letters_own(test: TestStore) {
        let site = TestSite::over(App::sample(), test);
        let head = site.person("Hal", Role::Head, Some("ash")).await;
        let ama = pupil(&site, "Ama", "ash", &["Grace"]).await;
        let kofi = pupil(&site, "Kofi", "ash", &["Esi"]).await;
        let link = asked(&site, &head, &ama).await.remove(0);
        let other = asked(&site, &head, &kofi).await.remove(0);
        let (id, signature) = link.split_once('.').unwrap();
        let (_, theirs) = other.split_once('.').unwrap();
        let first = if signature.starts_with('a') { "b" } else { "a" };
        let bent = format!("{first}{}", signature.get(1..).unwrap());
        let stranger = TrustId::try_from("oakwood".to_owned()).unwrap();
        let mut reader = site.test.store.read(&site.test.trust);
        let made = id.strip_prefix("/pictures/").unwrap().parse().unwrap();
        let kept = link::find(&mut reader, &made).await.unwrap().unwrap();
        drop(reader);
        let foreign = kept.path(&site.test.store, &stranger);
        assert_ne!(foreign, link, "another trust signs otherwise");
        for wrong in [format!("{id}.{theirs}"), format!("{id}.{bent}"), format!("{id}."), id.to_owned(), format!("{id}.{signature}0"), foreign] {
            for address in [wrong.clone(), format!("{wrong}/no"), format!("{wrong}/about/website")] {
                let gone = site.nobody("GET", &address, "").await;
                assert!(gone.status == 404 && gone.text.contains("does not work") && !gone.text.contains("Ama"), "{address}");
            }
            let sent = site.nobody("POST", &format!("{wrong}/send"), "website=named&social=named&press=named").await;
            assert_eq!(sent.status, 404);
        }
        assert_eq!(site.nobody("GET", &link, "").await.status, 200, "who tries others shuts nobody out");
        let mut tried = site.nobody("GET", "/pictures/x.y", "").await.status;
        for _ in 0..30 {
            tried = site.nobody("GET", "/pictures/x.y", "").await.status;
        }
        assert_eq!(tried, 429);
        assert_eq!(site.nobody("GET", &link, "").await.status, 200);

        let revoke = format!("/consent/pupils/{ama}/revoke/{made}");
        assert_eq!(site.send(&head, "POST", &revoke.replace(ama.as_str(), kofi.as_str()), "").await.status, 404);
        assert_eq!(site.send(&head, "POST", &revoke, "").await.status, 303);
        later(&site.test, 1);
        assert_eq!(site.nobody("GET", &link, "").await.status, 404, "revoked");
        assert_eq!(site.nobody("GET", &other, "").await.status, 200);
        let newer = asked(&site, &head, &kofi).await.remove(0);
        assert_eq!(site.nobody("GET", &other, "").await.status, 404, "a newer letter took its place");
        let token = newer.strip_prefix("/pictures/").unwrap();
        let mut reader = site.test.store.read(&site.test.trust);
        let of = (&site.test.store, &site.test.trust);
        for (day, works) in [("2027-11-21", true), ("2027-11-22", false)] {
            let opened = link::opened(&mut reader, of, token, day.parse().unwrap()).await.unwrap();
            assert_eq!(opened.is_some(), works, "{day}");
        }
    }

    async fn where_two_parents_differ_the_stricter_holds_and_the_school_is_told(test: TestStore) {
        let site = TestSite::over(App::sample(), test);
        let head = site.person("Hal", Role::Head, Some("ash")).await;
        let ama = pupil(&site, "Ama", "ash", &["Grace", "Kojo"]).await;
        let links = asked(&site, &head, &ama).await;
        assert_eq!(links.len(), 2);
        says(&site, &links[0], "website=named&social=named&press=no").await;
        assert!(!site.get(&head, "/home").await.text.contains("answered differently"));
        says(&site, &links[1], "website=unnamed&social=no&press=named&limits=Not+outdoors").await;
        assert_eq!(holds(&site.test, &ama, Use::Website).await, may(false, false, "Not outdoors"));
        assert_eq!(holds(&site.test, &ama, Use::Social).await, may_not(WhyNot::Refused));
        assert_eq!(holds(&site.test, &ama, Use::Press).await, may_not(WhyNot::Refused));
        assert!(site.get(&head, "/home").await.text.contains("answered differently"));
        let own = site.nobody("GET", &links[0], "").await.text;
        assert!(own.contains("Yes, also with the name") && !own.contains("Not outdoors"), "neither learns what the other said");
        site.test.hand.advance(Duration::from_secs(1));
        site.nobody("POST", &format!("{}/no", links[0]), "").await;
        assert_eq!(holds(&site.test, &ama, Use::Website).await, may_not(WhyNot::Withdrawn));
        says(&site, &links[1], "website=named&social=named&press=named").await;
        assert!(matches!(holds(&site.test, &ama, Use::Website).await, Standing::MayNot { .. }), "one no is enough");
        says(&site, &links[0], "website=named&social=group&press=no").await;
        assert_eq!(holds(&site.test, &ama, Use::Website).await, may(true, false, ""));
        assert_eq!(holds(&site.test, &ama, Use::Social).await, may(false, true, ""));
    }

    async fn the_office_enters_paper_and_nobody_else_does(test: TestStore) {
        let site = TestSite::over(App::sample(), test);
        let head = site.person("Hal", Role::Head, Some("ash")).await;
        let elsewhere = site.person("Ida", Role::Head, Some("oak")).await;
        let posts = site.person("Pip", Role::Publisher, Some("ash")).await;
        let staff = site.person("Sam", Role::Staff, Some("ash")).await;
        let ama = pupil(&site, "Ama", "ash", &["Grace"]).await;
        let page = format!("/consent/pupils/{ama}");
        let form = format!("{page}/answer");
        for (who, status) in [(&head, 200), (&elsewhere, 404), (&posts, 403), (&staff, 403)] {
            for address in [&page, &form] {
                assert_eq!(site.get(who, address).await.status, status, "{} {address}", who.name());
            }
            let ask = site.get(who, "/consent/ask").await.status;
            assert_eq!(ask, if status == 404 { 200 } else { status }, "{}", who.name());
        }
        let other = "school=ash&whose=everybody&sure=yes";
        assert_eq!(site.send(&elsewhere, "POST", "/consent/ask", other).await.status, 422, "not their school");
        let wrong = site.send(&head, "POST", &form, "who=nobody&website=maybe&given_on-day=1&given_on-month=1&given_on-year=2099").await;
        assert_eq!(wrong.status, 422);
        for fault in ["Choose who gave the answer", "Choose how the answer came", "Choose what they agree to", "Enter today or a day before"] {
            assert!(wrong.text.contains(fault), "{fault}");
        }
        let paper = "who=other&how=paper&website=unnamed&social=no&press=no&limits=&given_on-day=1&given_on-month=9&given_on-year=2026";
        let entered = site.send(&head, "POST", &form, paper).await;
        assert_eq!(entered.location, format!("{page}?done=answered"));
        assert_eq!(holds(&site.test, &ama, Use::Website).await, may(false, false, ""));
        let shown = site.get(&head, &page).await.text;
        assert!(shown.contains("On paper") && shown.contains("1 September 2027"), "{shown}");
        let csv = site.get(&posts, "/consent/list.csv").await.text;
        assert!(csv.contains("Ama Ofori") && csv.contains("Without") || csv.contains("without the name"), "{csv}");
        let no = site.send(&head, "POST", &format!("{page}/no"), "who=other&how=word").await;
        assert_eq!(no.location, format!("{page}?done=answered"));
        assert_eq!(holds(&site.test, &ama, Use::Website).await, may_not(WhyNot::Withdrawn));

        let list = site.get(&staff, "/consent").await.text;
        assert!(!list.contains("Ama Ofori") && list.contains("keeps this list"), "{list}");
        follow(&site.test, "link").await;
        let list = site.get(&staff, "/consent").await.text;
        assert!(list.contains("Ama Ofori") && !list.contains(&page), "the policy has all staff know the list");
        assert!(!site.get(&elsewhere, "/consent").await.text.contains("Ama Ofori"));
    }

    async fn what_was_on_paper_comes_in_once(test: TestStore) {
        let site = TestSite::over(App::sample(), test);
        let head = site.person("Hal", Role::Head, Some("ash")).await;
        let acting = of(&site.test, &head, Role::Head);
        let ama = pupil(&site, "Ama", "ash", &["Grace"]).await;
        let opening = |state: Option<&str>| Opening {
            register: REGISTER.to_owned(),
            school: Some(ash()),
            answers: [
                ("pupil", ama.as_str()), ("how", "paper"), ("website", "group"), ("social", "named"), ("press", "no"),
                ("limits", "no"), ("given_by", "parent"), ("given_on", "2026-09-01"),
            ].map(|(name, value)| (name.to_owned(), vec![value.to_owned()])).into(),
            paper: Some(Paper { state: state.map(str::to_owned), ..Paper::default() }),
            ..Opening::default()
        };
        let engine = plain();
        let mut tx = site.test.store.begin(&site.test.trust).await.unwrap();
        let unsaid = cases::open(&mut tx, &engine, &acting, opening(None)).await.unwrap_err();
        assert!(matches!(unsaid, CaseError::Answers(_)), "{unsaid}");
        drop(tx);
        let mut tx = site.test.store.begin(&site.test.trust).await.unwrap();
        cases::open(&mut tx, &engine, &acting, opening(Some("given"))).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(holds(&site.test, &ama, Use::Social).await, may(true, false, ""));
        assert_eq!(holds(&site.test, &ama, Use::Website).await, may(false, true, ""));
        let mut tx = site.test.store.begin(&site.test.trust).await.unwrap();
        let twice = cases::open(&mut tx, &engine, &acting, opening(Some("given"))).await.unwrap_err();
        assert!(twice.to_string().contains("has a consent here already"), "{twice}");
        drop(tx);
        let link = asked(&site, &head, &ama).await.remove(0);
        says(&site, &link, "website=named&social=named&press=named").await;
        assert_eq!(holds(&site.test, &ama, Use::Website).await, may(false, true, ""), "the paper counts beside it");
        later(&site.test, 290);
        assert_eq!(holds(&site.test, &ama, Use::Social).await, may_not(WhyNot::Expired), "a year after the paper");
    }

    async fn its_time_ends_by_itself_and_it_goes_with_the_pupil(test: TestStore) {
        let site = TestSite::over(App::sample(), test);
        let head = site.person("Hal", Role::Head, Some("ash")).await;
        let officer = site.person("Dee", Role::DataProtectionOfficer, None).await;
        let ama = pupil(&site, "Ama", "ash", &["Grace"]).await;
        let kofi = pupil(&site, "Kofi", "ash", &["Esi"]).await;
        let all = "website=named&social=named&press=named&limits=No+swimming";
        for whom in [&ama, &kofi] {
            let link = asked(&site, &head, whom).await.remove(0);
            says(&site, &link, all).await;
        }
        later(&site.test, 366);
        assert_eq!(holds(&site.test, &ama, Use::Website).await, may_not(WhyNot::Expired));
        let before = narrowed(&site.test).await;
        look(&site.test).await;
        assert_eq!(state(&site.test, &ama).await, "expired");
        assert_eq!(narrowed(&site.test).await, before + 2);
        let link = asked(&site, &head, &ama).await.remove(0);
        assert_eq!(state(&site.test, &ama).await, "asked");
        assert!(site.nobody("GET", &link, "").await.text.contains("What you said"));

        let mut tx = site.test.store.begin(&site.test.trust).await.unwrap();
        let permit = site.operator(Action::ManagePupils);
        let store = site.test.store.clone();
        let found = pupils::find(&mut tx, &store, &site.test.trust, &kofi).await.unwrap().unwrap();
        let yesterday: Date = store.clock().today().checked_sub(1.days()).unwrap();
        pupils::leave(&mut tx, &permit, &kofi, &found.version(), Some(yesterday)).await.unwrap();
        tx.commit().await.unwrap();
        look(&site.test).await;
        assert_eq!(state(&site.test, &kofi).await, "over");

        let erase = format!("/pupils/{ama}/erase");
        let erased = site.send(&officer, "POST", &erase, "reason=A+lawful+request+of+the+family").await;
        assert_eq!(erased.status, 303, "{}", erased.text);
        assert_eq!(site.nobody("GET", &link, "").await.status, 404);
        for sql in [
            "SELECT COUNT(*) AS n FROM case_file WHERE trust = $1 AND register = 'consent' AND subject = $2",
            "SELECT COUNT(*) AS n FROM consent_standing WHERE trust = $1 AND pupil = $2",
        ] {
            assert_eq!(site.test.store.read(&site.test.trust).count(sql, values![&ama]).await.unwrap(), 0, "{sql}");
        }
        let left = "SELECT COUNT(*) AS n FROM consent_answer WHERE trust = $1";
        assert_eq!(site.test.store.read(&site.test.trust).count(left, values![]).await.unwrap(), 1, "Kofi's alone");
    }

    async fn a_parent_who_is_no_longer_on_record_takes_along_what_they_said(test: TestStore) {
        let site = TestSite::over(App::sample(), test);
        let head = site.person("Hal", Role::Head, Some("ash")).await;
        let ama = pupil(&site, "Ama", "ash", &["Grace"]).await;
        let link = asked(&site, &head, &ama).await.remove(0);
        says(&site, &link, "website=named&social=named&press=named").await;
        let mut tx = site.test.store.begin(&site.test.trust).await.unwrap();
        let (guardian, _) = pupils::guardians_of(&mut tx, &ama).await.unwrap().remove(0);
        let told = told_of_guardian(&mut tx, (&site.test.store, &site.test.trust), &guardian).await.unwrap();
        assert_eq!(told.len(), 1);
        pupils::remove_guardian(&mut tx, &site.operator(Action::ManagePupils), &ama, &guardian).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(site.nobody("GET", &link, "").await.status, 404);
        for sql in ["SELECT COUNT(*) AS n FROM consent_answer WHERE trust = $1", "SELECT COUNT(*) AS n FROM consent_link WHERE trust = $1"] {
            assert_eq!(site.test.store.read(&site.test.trust).count(sql, values![]).await.unwrap(), 0, "{sql}");
        }
        let verified = verify(&site.test.store, &site.test.trust, KINDS, &Kept::default()).await.unwrap();
        let ours = verified.faults.iter().map(|fault| format!("{fault:?}")).filter(|fault| fault.contains("consent"));
        assert_eq!(ours.collect::<Vec<_>>(), Vec::<String>::new());
    }

    async fn silence_becomes_known_when_the_time_to_answer_is_over(test: TestStore) {
        let site = TestSite::over(App::sample(), test);
        let head = site.person("Hal", Role::Head, Some("ash")).await;
        let ama = pupil(&site, "Ama", "ash", &[]).await;
        let link = asked(&site, &head, &ama).await.remove(0);
        assert!(site.nobody("GET", &link, "").await.text.contains("Until you answer, it is a no"));
        later(&site.test, 15);
        work(&site.test).await;
        assert_eq!(state(&site.test, &ama).await, "silent");
        assert_eq!(holds(&site.test, &ama, Use::Website).await, may_not(WhyNot::Waiting));
        let engine = plain();
        let mut tx = site.test.store.begin(&site.test.trust).await.unwrap();
        let case = answer::case_of(&mut tx, &engine, (&ama, &ash())).await.unwrap();
        let given = Given {
            guardian: None,
            by: By::Pupil,
            how: How::Word,
            said: Said { website: Extent::Group, ..Said::no() },
            given_on: site.test.store.clock().today(),
            until: None,
        };
        let acting = of(&site.test, &head, Role::Head);
        let outcome = answer::answer(&mut tx, &engine, &acting, &case, given).await.unwrap();
        tx.commit().await.unwrap();
        assert!(!outcome.differs);
        assert_eq!(holds(&site.test, &ama, Use::Website).await, may(false, true, ""));
    }
}

async fn state(test: &TestStore, pupil: &PupilId) -> String {
    let sql =
        "SELECT state FROM case_file WHERE trust = $1 AND subject = $2 AND register = 'consent'";
    let row = test
        .store
        .read(&test.trust)
        .first(sql, values![pupil])
        .await
        .unwrap();
    row.unwrap().get("state").unwrap()
}
