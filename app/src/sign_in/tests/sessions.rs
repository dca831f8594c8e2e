use std::time::Duration;

use super::site::{Browser, events, give, person, served, site};
use crate::authority::Role;
use crate::sign_in::session::{self, Method, open_session};
use crate::store::PersonId;
use crate::store::testing::{TestStore, on_both};

async fn head_of_ash(test: &TestStore) -> (PersonId, String) {
    let person = person(test, "p1", &["head"]).await;
    let mut tx = test.store.begin(&test.trust).await.unwrap();
    let session = open_session(&mut tx, &test.trust, &person, Method::Password, "A browser")
        .await
        .unwrap();
    tx.commit_unrecorded().await.unwrap();
    (person, session.cookie)
}

fn browser(test: &TestStore, cookie: &str) -> Browser {
    let mut browser = Browser::new(&site(test));
    browser.cookies.insert("probity".into(), cookie.into());
    browser
}

on_both! {
    async fn a_session_brings_its_person_and_their_roles(test: TestStore) {
        let (person, cookie) = head_of_ash(&test).await;
        let found = session::found(&test.store, &test.trust, &cookie).await.unwrap().unwrap();
        assert_eq!(found.actor.person, Some(person));
        assert_eq!(found.actor.name, "Kate Adeyemi");
        assert!(found.actor.holds(Role::Head));
        assert!(found.renewed.is_none());
    }

    async fn a_session_ends_when_it_is_left_alone_and_in_any_case_after_a_day(test: TestStore) {
        let (_, cookie) = head_of_ash(&test).await;
        for _ in 0..3 {
            test.hand.advance(Duration::from_secs(7 * 3600));
            assert!(browser(&test, &cookie).signed_in().await);
        }
        test.hand.advance(Duration::from_secs(4 * 3600));
        assert!(!browser(&test, &cookie).signed_in().await);
        let (_, cookie) = {
            let mut tx = test.store.begin(&test.trust).await.unwrap();
            let person: PersonId = "p1".parse().unwrap();
            let session = open_session(&mut tx, &test.trust, &person, Method::Link, "").await.unwrap();
            tx.commit_unrecorded().await.unwrap();
            (person, session.cookie)
        };
        test.hand.advance(Duration::from_secs(8 * 3600));
        assert!(!browser(&test, &cookie).signed_in().await, "idle");
    }

    async fn changed_rights_give_the_session_a_new_id_and_a_short_grace(test: TestStore) {
        let (_, cookie) = head_of_ash(&test).await;
        give(&test, "p1", "trust-administrator").await;
        let mut renewing = browser(&test, &cookie);
        assert!(renewing.signed_in().await);
        assert_ne!(renewing.session(), cookie, "renewed");
        let kept = renewing.session().to_owned();
        assert!(renewing.signed_in().await);
        assert_eq!(renewing.session(), kept, "once");
        assert!(browser(&test, &cookie).signed_in().await, "a request under way");
        test.hand.advance(Duration::from_secs(61));
        assert!(!browser(&test, &cookie).signed_in().await);
        assert!(renewing.signed_in().await);
    }

    async fn signing_out_ends_the_session_for_good(test: TestStore) {
        let (person, cookie) = head_of_ash(&test).await;
        give(&test, "p1", "it").await;
        let mut leaving = browser(&test, &cookie);
        assert!(leaving.signed_in().await);
        let renewed = leaving.session().to_owned();
        let answer = leaving.post("/sign-out", &[]).await;
        assert_eq!(answer.location, "/");
        assert!(leaving.cookies.is_empty());
        for old in [&cookie, &renewed] {
            assert!(!browser(&test, old).signed_in().await, "kept and replayed");
        }
        assert_eq!(events(&test, &person).await, ["sign-in.ended"]);
        assert_eq!(leaving.post("/sign-out", &[]).await.location, "/");
    }

    async fn the_cookie_is_out_of_reach_of_scripts_and_other_sites(test: TestStore) {
        let (_, cookie) = head_of_ash(&test).await;
        give(&test, "p1", "it").await;
        for (https, name, secure) in [(false, "probity=", false), (true, "__Host-probity=", true)] {
            let mut browser = Browser::new(&served(&test, https));
            browser.cookies.insert(name.trim_end_matches('=').into(), cookie.clone());
            let answer = browser.post("/sign-out", &[]).await;
            let set = answer.set_cookie.first().unwrap();
            assert!(set.starts_with(name), "{set}");
            assert!(set.contains("; Path=/; HttpOnly; SameSite=Lax"), "{set}");
            assert_eq!(set.contains("; Secure"), secure, "{set}");
            assert!(!set.contains("Domain"), "{set}");
        }
    }
}
