use std::collections::BTreeSet;

use jiff::civil::{Date, date};

use super::{
    Filter, GuardianDetails, NewPupil, Pupil, PupilDetails, PupilsError, Refusal, add,
    add_guardian, all, all_guardians, change, change_guardian, contacts, guardian_states,
    guardians_of, leave, line, list, remove_guardian, states,
};
use crate::authority::{Action, Actor, Held, Means, Permit, Role};
use crate::people::Part;
use crate::store::testing::{TestStore, on_both};
use crate::store::{Query as _, StoreError, Tx};
use crate::values;

const TODAY: Date = date(2026, 11, 20);
const ALL: Part = Part { skip: 0, size: 100 };

fn operator(test: &TestStore, action: Action) -> Permit {
    Actor::operator(test.trust.clone()).permit(action).unwrap()
}

/// The head of one school.
fn head(test: &TestStore, school: &str, action: Action) -> Permit {
    let held = Held {
        role: Role::Head,
        school: Some(school.parse().unwrap()),
        starts_on: None,
        ends_on: None,
    };
    let actor = Actor {
        trust: test.trust.clone(),
        person: Some("head".parse().unwrap()),
        name: "The head".to_owned(),
        roles: vec![held],
        means: Means::Token(BTreeSet::from_iter(Action::ALL.iter().copied())),
    };
    actor.permit(action).unwrap()
}

fn details(given: &str, school: &str) -> PupilDetails {
    PupilDetails {
        school: school.parse().unwrap(),
        given_name: given.parse().unwrap(),
        family_name: "Ofori".parse().unwrap(),
        known_as: None,
        year: Some("7".to_owned()),
        class: Some("7B".to_owned()),
        born: Some(date(2015, 3, 4)),
    }
}

fn mother() -> GuardianDetails {
    GuardianDetails {
        given_name: "Grace".parse().unwrap(),
        family_name: "Ofori".parse().unwrap(),
        email: Some("grace@home.example".parse().unwrap()),
        phone: Some("01632 960 001".to_owned()),
    }
}

async fn begin(test: &TestStore) -> Tx {
    test.store.begin(&test.trust).await.unwrap()
}

async fn added(test: &TestStore, given: &str, school: &str) -> Pupil {
    let mut tx = begin(test).await;
    let new = NewPupil {
        details: details(given, school),
        demonstration: false,
    };
    let pupil = add(&mut tx, &operator(test, Action::ManagePupils), new)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    pupil
}

async fn stored(test: &TestStore, table: &'static str) -> Vec<u8> {
    let rows = test
        .store
        .read(&test.trust)
        .all(table, values![])
        .await
        .unwrap();
    rows[0].get("sealed").unwrap()
}

on_both! {
    async fn what_is_sensitive_is_sealed_and_comes_back(test: TestStore) {
        let ama = added(&test, "Ama", "ash").await;
        let permit = operator(&test, Action::ManagePupils);
        let mut tx = begin(&test).await;
        let guardian = add_guardian(&mut tx, &permit, &ama.id, mother()).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(all(&test.store, &test.trust).await.unwrap(), std::slice::from_ref(&ama));
        assert_eq!(all_guardians(&test.store, &test.trust).await.unwrap(), std::slice::from_ref(&guardian));
        let born = stored(&test, "SELECT born AS sealed FROM pupil WHERE trust = $1").await;
        assert!(!born.windows(4).any(|part| part == b"2015"));
        let phone = stored(&test, "SELECT phone AS sealed FROM guardian WHERE trust = $1").await;
        assert!(!phone.windows(3).any(|part| part == b"960"));
        let mut reader = test.store.read(&test.trust);
        let whose = (&test.store, &test.trust);
        let state = serde_json::to_value(&ama).unwrap();
        assert_eq!(states(&mut reader, whose, None, 9).await.unwrap(), [(ama.id.clone(), state)]);
        let state = serde_json::to_value(&guardian).unwrap();
        let states = guardian_states(&mut reader, whose, None, 9).await.unwrap();
        assert_eq!(states, [(guardian.id.clone(), state)]);
    }

    async fn reading_what_is_sensitive_is_entered_and_seeing_a_name_is_not(test: TestStore) {
        let ama = added(&test, "Ama", "ash").await;
        let permit = operator(&test, Action::ViewPupils);
        let events = "SELECT COUNT(*) AS n FROM ledger_event WHERE trust = $1 AND kind = 'pupil.contacts-read'";
        let mut tx = begin(&test).await;
        line(&mut tx, &permit, &ama.id).await.unwrap();
        assert_eq!(tx.count(events, values![]).await.unwrap(), 0);
        let read = contacts(&mut tx, &permit, &ama.id).await.unwrap();
        assert_eq!(read.pupil, ama);
        tx.commit().await.unwrap();
        assert_eq!(test.store.read(&test.trust).count(events, values![]).await.unwrap(), 1);
    }

    async fn a_right_at_one_school_reaches_no_pupil_of_another(test: TestStore) {
        let ama = added(&test, "Ama", "ash").await;
        let kofi = added(&test, "Kofi", "oak").await;
        let view = head(&test, "ash", Action::ViewPupils);
        let manage = head(&test, "ash", Action::ManagePupils);
        let mut reader = test.store.read(&test.trust);
        let listed = list(&mut reader, &view, TODAY, &Filter::default(), ALL).await.unwrap();
        assert_eq!(listed.items.iter().map(|line| &line.id).collect::<Vec<_>>(), [&ama.id]);
        assert!(matches!(line(&mut reader, &view, &kofi.id).await, Err(PupilsError::NotFound)));
        let mut tx = begin(&test).await;
        assert!(matches!(contacts(&mut tx, &view, &kofi.id).await, Err(PupilsError::NotFound)));
        let result = change(&mut tx, &manage, &kofi.id, &kofi.version(), details("Eve", "ash")).await;
        assert!(matches!(result, Err(PupilsError::NotFound)));
        let moved = change(&mut tx, &manage, &ama.id, &ama.version(), details("Ama", "oak")).await;
        assert!(matches!(moved, Err(PupilsError::Denied(_))));
        let viewing = leave(&mut tx, &view, &ama.id, &ama.version(), Some(TODAY)).await;
        assert!(matches!(viewing, Err(PupilsError::Denied(_))));
        assert!(matches!(add_guardian(&mut tx, &manage, &kofi.id, mother()).await, Err(PupilsError::NotFound)));
    }

    async fn a_change_on_an_old_state_is_not_made(test: TestStore) {
        let ama = added(&test, "Ama", "ash").await;
        let permit = operator(&test, Action::ManagePupils);
        let mut tx = begin(&test).await;
        let older = PupilDetails { year: Some("8".to_owned()), ..ama.details.clone() };
        let after = change(&mut tx, &permit, &ama.id, &ama.version(), older).await.unwrap();
        let late = leave(&mut tx, &permit, &ama.id, &ama.version(), Some(TODAY)).await;
        assert!(matches!(late, Err(PupilsError::Store(StoreError::Changed))));
        let gone = leave(&mut tx, &permit, &ama.id, &after.version(), Some(date(2026, 7, 20))).await.unwrap();
        assert_eq!(gone.left_on, Some(date(2026, 7, 20)));
        tx.commit().await.unwrap();
        let mut reader = test.store.read(&test.trust);
        let view = operator(&test, Action::ViewPupils);
        let here = list(&mut reader, &view, TODAY, &Filter::default(), ALL).await.unwrap();
        assert_eq!(here.total, 0);
        let left = Filter { left: true, year: Some("8".to_owned()), search: "ofo am".to_owned(), ..Filter::default() };
        assert_eq!(list(&mut reader, &view, TODAY, &left, ALL).await.unwrap().total, 1);
    }

    async fn with_the_last_pupil_a_parent_goes(test: TestStore) {
        let ama = added(&test, "Ama", "ash").await;
        let permit = operator(&test, Action::ManagePupils);
        let mut tx = begin(&test).await;
        let guardian = add_guardian(&mut tx, &permit, &ama.id, mother()).await.unwrap();
        let phone = GuardianDetails { phone: Some("no".to_owned()), ..mother() };
        let result = change_guardian(&mut tx, &permit, &guardian.id, &guardian.version(), phone).await;
        assert!(matches!(result, Err(PupilsError::Refused(Refusal::Phone))));
        let mute = GuardianDetails { phone: None, ..mother() };
        change_guardian(&mut tx, &permit, &guardian.id, &guardian.version(), mute).await.unwrap();
        assert_eq!(guardians_of(&mut tx, &ama.id).await.unwrap()[0].1, "Grace Ofori");
        remove_guardian(&mut tx, &permit, &ama.id, &guardian.id).await.unwrap();
        tx.commit().await.unwrap();
        assert!(all_guardians(&test.store, &test.trust).await.unwrap().is_empty());
    }

    async fn what_cannot_be_meant_is_refused(test: TestStore) {
        let permit = operator(&test, Action::ManagePupils);
        let cases = [
            (PupilDetails { born: Some(date(2030, 1, 1)), ..details("A", "ash") }, Refusal::Born),
            (PupilDetails { class: Some("x".repeat(31)), ..details("A", "ash") }, Refusal::Group),
            (PupilDetails { year: Some(String::new()), ..details("A", "ash") }, Refusal::Group),
            (details("A", "elsewhere"), Refusal::NoSuchSchool),
        ];
        for (details, refusal) in cases {
            let mut tx = begin(&test).await;
            let new = NewPupil { details, demonstration: false };
            match add(&mut tx, &permit, new).await {
                Err(PupilsError::Refused(refused)) => assert_eq!(refused, refusal),
                other => panic!("{other:?}"),
            }
        }
    }
}
