//! Schools that a roster has and the trust does not.

use roster::Identifier;

use super::*;
use crate::authority::{Held, Means, Role};
use crate::ledger::{Kept, verify};
use crate::records::KINDS;

/// Elsewhere has Oak High's people.
fn with_another_school() -> Roster {
    let mut roster = small();
    "Elsewhere".clone_into(&mut roster.schools[1].name);
    roster.schools[1].identifier = Some(Identifier::Urn("123456".to_owned()));
    roster.pupils[1].school = "O".to_owned();
    roster
}

async fn added(test: &TestStore) -> u64 {
    let sql = "SELECT COUNT(*) AS n FROM school WHERE trust = $1 AND name = 'Elsewhere' \
               AND urn = '123456' AND phase = 'secondary' AND nation = 'england'";
    count(test, sql).await
}

fn at_the_trust(test: &TestStore, role: Role) -> Actor {
    let held = Held {
        role,
        school: None,
        starts_on: None,
        ends_on: None,
    };
    Actor {
        trust: test.trust.clone(),
        person: None,
        name: "Somebody".to_owned(),
        roles: vec![held],
        means: Means::Token(Action::ALL.iter().copied().collect()),
    }
}

on_both! {
    async fn a_school_that_is_not_here_is_added_and_taken_away_again(test: TestStore) {
        let import = staged(&test, with_another_school(), Mode::FileWins).await;
        let counted = counts(&test.store, &test.trust, &import.id).await.unwrap();
        assert_eq!(counted.of("school", Happening::Add), 1);
        assert_eq!(added(&test).await, 0, "nothing is written before it is confirmed");
        carried_out(&test, &import.id).await;
        assert_eq!(added(&test).await, 1);
        let following = "SELECT COUNT(*) AS n FROM school_policy WHERE trust = $1";
        assert_eq!(count(&test, following).await, 0);
        let proved = ["person", "pupil", "guardian", "school_policy"];
        let kinds: Vec<_> = KINDS.iter().copied().filter(|k| proved.contains(&k.kind)).collect();
        let verified = verify(&test.store, &test.trust, &kinds, &Kept::default()).await.unwrap();
        assert_eq!(verified.faults, Vec::new());

        let again = staged(&test, with_another_school(), Mode::FileWins).await;
        assert_eq!(counts(&test.store, &test.trust, &again.id).await.unwrap().all(), 0);
        cancel(&test.store, &test.trust, &again.id).await.unwrap();
        let import = undone(&test, &import.id).await;
        assert_eq!(import.state, State::Undone, "{:?}", import.detail);
        assert_eq!((added(&test).await, count(&test, PEOPLE).await), (0, 0));
    }

    async fn a_school_that_was_renamed_here_is_known_by_the_id_that_the_roster_had(test: TestStore) {
        let mut roster = with_another_school();
        roster.schools[1].identifier = None;
        applied(&test, roster.clone(), Mode::FileWins).await;
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        let sql = "UPDATE school SET name = 'Elsewhere Academy' WHERE trust = $1 AND name = 'Elsewhere'";
        tx.execute(sql, values![]).await.unwrap();
        tx.commit_unrecorded().await.unwrap();
        let again = staged(&test, roster, Mode::FileWins).await;
        assert_eq!(counts(&test.store, &test.trust, &again.id).await.unwrap().all(), 0);
    }

    async fn only_a_trust_administrator_adds_schools(test: TestStore) {
        let import = staged(&test, with_another_school(), Mode::FileWins).await;
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        let it = at_the_trust(&test, Role::It);
        let denied = confirm(&mut tx, &it, &import.id).await;
        assert!(matches!(denied, Err(RosterError::Denied(_))), "{denied:?}");
        let administrator = at_the_trust(&test, Role::TrustAdministrator);
        assert!(confirm(&mut tx, &administrator, &import.id).await.unwrap());
    }

    async fn a_school_that_something_was_recorded_about_stays(test: TestStore) {
        let import = applied(&test, with_another_school(), Mode::FileWins).await;
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        let sql = "INSERT INTO school_calendar (trust, school, terms, closed, week) \
                   SELECT trust, id, '', '', '' FROM school WHERE trust = $1 AND name = 'Elsewhere'";
        tx.execute(sql, values![]).await.unwrap();
        tx.commit_unrecorded().await.unwrap();
        let import = undone(&test, &import.id).await;
        assert_eq!(import.state, State::Applied);
        assert!(import.detail.refused.unwrap().contains("schools"));
        assert_eq!((added(&test).await, count(&test, PEOPLE).await), (1, 2));
    }

    async fn a_school_that_was_closed_is_not_opened_again(test: TestStore) {
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        let sql = "UPDATE school SET closed_on = '2020-07-31' WHERE trust = $1 AND id = 'oak'";
        tx.execute(sql, values![]).await.unwrap();
        tx.commit_unrecorded().await.unwrap();
        let import = staged(&test, small(), Mode::FileWins).await;
        assert_eq!(import.state, State::Refused);
        assert!(import.detail.errors[0].wrong.contains("'O'"), "{:?}", import.detail);
        let mut roster = small();
        roster.staff.remove(1);
        let import = staged(&test, roster, Mode::FileWins).await;
        assert_eq!(import.state, State::Ready, "{:?}", import.detail);
        let counted = counts(&test.store, &test.trust, &import.id).await.unwrap();
        assert_eq!(counted.of("school", Happening::Add), 0);
    }
}
