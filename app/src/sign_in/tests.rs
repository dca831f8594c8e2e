use std::time::Duration;

use super::session::{Method, actor_of, open_session};
use crate::authority::Role;
use crate::store::PersonId;
use crate::store::testing::{TestStore, on_both};
use crate::values;

async fn head_of_ash(test: &TestStore) -> (PersonId, String) {
    let person: PersonId = "p1".parse().unwrap();
    let mut tx = test.store.begin(&test.trust).await.unwrap();
    tx.execute(
        "INSERT INTO person (trust, id, given_name, family_name, known_as, demonstration) \
         VALUES ($1, $2, 'Katherine', 'Adeyemi', 'Kate', 0)",
        values![&person],
    )
    .await
    .unwrap();
    tx.execute(
        "INSERT INTO held_role (trust, id, person, role, school) \
         VALUES ($1, 'r1', $2, 'head', 'ash')",
        values![&person],
    )
    .await
    .unwrap();
    let session = open_session(&mut tx, &test.trust, &person, Method::Password, "A browser")
        .await
        .unwrap();
    tx.commit_unrecorded().await.unwrap();
    (person, session.cookie)
}

on_both! {
    async fn a_session_brings_its_person_and_their_roles(test: TestStore) {
        let (person, cookie) = head_of_ash(&test).await;
        let actor = actor_of(&test.store, &test.trust, &cookie).await.unwrap().unwrap();
        assert_eq!(actor.person, Some(person));
        assert_eq!(actor.name, "Kate Adeyemi");
        assert!(actor.holds(Role::Head));
    }

    async fn a_session_ends_when_it_is_left_alone_and_in_any_case_after_a_day(test: TestStore) {
        let (_, cookie) = head_of_ash(&test).await;
        for _ in 0..3 {
            test.hand.advance(Duration::from_secs(7 * 3600));
            assert!(actor_of(&test.store, &test.trust, &cookie).await.unwrap().is_some());
        }
        test.hand.advance(Duration::from_secs(4 * 3600));
        assert!(actor_of(&test.store, &test.trust, &cookie).await.unwrap().is_none());
    }

    async fn a_cookie_that_was_tampered_with_is_nobody(test: TestStore) {
        let (_, cookie) = head_of_ash(&test).await;
        let other_trust = cookie.replacen("elm", "fir", 1);
        let other_secret = format!("{cookie}x");
        for tampered in ["", ".", "elm", "elm..", "elm.x.y", &other_trust, &other_secret] {
            let actor = actor_of(&test.store, &test.trust, tampered).await.unwrap();
            assert!(actor.is_none(), "{tampered}");
        }
    }
}
