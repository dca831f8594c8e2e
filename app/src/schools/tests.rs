use jiff::civil::{Date, date};

use super::calendar::{SchoolCalendar, Stretch, Week, calendar, keep_calendar, read_bands};
use super::{
    ContactDetails, ContactRole, DfeNumber, Nation, Phase, Reading, SchoolDetails, SchoolsError,
    TrustSettings, Urn, add, add_contact, adopt, all, change, change_trust, close, contacts, find,
    outside, policies_of, policy_on, remove_contact, trust, withdraw, within,
};
use crate::authority::{Action, Actor, Held, Means, Permit, Role};
use crate::policies::Policies;
use crate::store::testing::{TestStore, on_both};
use crate::store::{Query as _, SchoolId};
use crate::values;

fn operator(test: &TestStore, action: Action) -> Permit {
    Actor::operator(test.trust.clone()).permit(action).unwrap()
}

fn head_of(test: &TestStore, school: &str, action: Action) -> Permit {
    let actor = Actor {
        trust: test.trust.clone(),
        person: None,
        name: "Kate Adeyemi".to_owned(),
        roles: vec![Held {
            role: Role::Head,
            school: Some(school.parse().unwrap()),
            starts_on: None,
            ends_on: None,
        }],
        means: Means::Session {
            id: "s1".parse().unwrap(),
            authenticated_at: jiff::Timestamp::UNIX_EPOCH,
        },
    };
    actor.permit(action).unwrap()
}

fn details(name: &str, urn: &str) -> SchoolDetails {
    SchoolDetails {
        name: name.to_owned(),
        urn: Urn::read(urn),
        dfe_number: DfeNumber::read("331/2045"),
        phase: Phase::Primary,
        nation: Nation::England,
    }
}

fn ash() -> SchoolId {
    "ash".parse().unwrap()
}

async fn events(test: &TestStore, kind: &str) -> u64 {
    let mut reader = test.store.read(&test.trust);
    let sql = "SELECT COUNT(*) AS n FROM ledger_event WHERE trust = $1 AND kind = $2";
    reader.count(sql, values![kind]).await.unwrap()
}

on_both! {
    async fn a_school_is_added_changed_and_closed_and_each_step_is_in_the_ledger(test: TestStore) {
        let permit = operator(&test, Action::ManageSchools);
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        let school = add(&mut tx, &permit, details("Elm Primary", "103456"), false).await.unwrap();
        let changed = change(&mut tx, &permit, &school.id, details("Elm Academy", "103456")).await.unwrap();
        let closed = close(&mut tx, &permit, &school.id, Some(date(2027, 8, 31))).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(changed.details.name, "Elm Academy");
        assert!(closed.is_open(date(2027, 8, 31)) && !closed.is_open(date(2027, 9, 1)));
        let mut reader = test.store.read(&test.trust);
        assert_eq!(find(&mut reader, &school.id).await.unwrap().unwrap(), closed);
        assert_eq!(all(&mut reader).await.unwrap().len(), 3);
        for kind in ["school.added", "school.changed", "school.closed"] {
            assert_eq!(events(&test, kind).await, 1, "{kind}");
        }
    }

    async fn no_two_schools_have_the_same_urn(test: TestStore) {
        let permit = operator(&test, Action::ManageSchools);
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        add(&mut tx, &permit, details("Elm Primary", "103456"), false).await.unwrap();
        let second = add(&mut tx, &permit, details("Fir Primary", "103456"), false).await;
        assert!(matches!(second, Err(SchoolsError::Refused { field: "urn", .. })));
    }

    async fn a_head_changes_their_own_school_and_neither_adds_nor_closes_one(test: TestStore) {
        let permit = head_of(&test, "ash", Action::ManageSchools);
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        assert!(change(&mut tx, &permit, &ash(), details("Ash Academy", "")).await.is_ok());
        let oak = "oak".parse().unwrap();
        let other = change(&mut tx, &permit, &oak, details("Ash Academy", "")).await;
        assert!(matches!(other, Err(SchoolsError::Denied(_))));
        let added = add(&mut tx, &permit, details("Elm Primary", ""), false).await;
        assert!(matches!(added, Err(SchoolsError::Denied(_))));
        let closed = close(&mut tx, &permit, &ash(), None).await;
        assert!(matches!(closed, Err(SchoolsError::Denied(_))));
        let mut reader = test.store.read(&test.trust);
        assert_eq!(within(&mut reader, &permit).await.unwrap().len(), 1);
    }

    async fn a_school_follows_one_policy_at_a_time(test: TestStore) {
        let policies = Policies::load(None).unwrap();
        let library = policies.library();
        let policy = |id: &str| library.table(id).unwrap().policy();
        let permit = head_of(&test, "ash", Action::AdoptPolicy);
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        let first = date(2026, 9, 1);
        adopt(&mut tx, &permit, &ash(), policy("tlt"), first).await.unwrap();
        let same_day = adopt(&mut tx, &permit, &ash(), policy("link"), first).await;
        assert!(matches!(same_day, Err(SchoolsError::Refused { field: "since", .. })));
        adopt(&mut tx, &permit, &ash(), policy("link"), date(2027, 1, 1)).await.unwrap();
        tx.commit().await.unwrap();
        let on = async |day: Date| {
            let mut reader = test.store.read(&test.trust);
            let following = policy_on(&mut reader, &ash(), day).await.unwrap();
            following.map(|following| following.policy)
        };
        assert_eq!(on(date(2026, 8, 31)).await, None);
        assert_eq!(on(date(2026, 12, 31)).await.as_deref(), Some("tlt"));
        assert_eq!(on(date(2027, 1, 1)).await.as_deref(), Some("link"));

        let mut tx = test.store.begin(&test.trust).await.unwrap();
        withdraw(&mut tx, &permit, &ash(), date(2026, 11, 20)).await.unwrap();
        let again = withdraw(&mut tx, &permit, &ash(), date(2026, 11, 20)).await;
        assert!(matches!(again, Err(SchoolsError::Refused { .. })));
        tx.commit().await.unwrap();
        assert_eq!(on(date(2027, 6, 1)).await.as_deref(), Some("tlt"));
        let mut reader = test.store.read(&test.trust);
        let kept = policies_of(&mut reader, &ash()).await.unwrap();
        assert_eq!(kept.len(), 1);
        assert_eq!(kept[0].content_hash, policy("tlt").hash);
        assert_eq!(events(&test, "school.policy-adopted").await, 2);
    }

    async fn contacts_are_those_who_hold_a_role_and_those_outside(test: TestStore) {
        let permit = head_of(&test, "ash", Action::ManageSchools);
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        tx.execute(
            "INSERT INTO person (trust, id, given_name, family_name, known_as, email, demonstration) \
             VALUES ($1, 'p1', 'Katherine', 'Adeyemi', 'Kate', 'kate@ash.example', 0)",
            values![],
        )
        .await
        .unwrap();
        for (id, role, school, ends) in [
            ("r1", "head", Some("ash"), None),
            ("r2", "safeguarding-lead", Some("oak"), None),
            ("r3", "data-protection-officer", None, None),
            ("r4", "hr", Some("ash"), Some("2026-11-19")),
            ("r5", "staff", Some("ash"), None),
        ] {
            tx.execute(
                "INSERT INTO held_role (trust, id, person, role, school, ends_on) \
                 VALUES ($1, $2, 'p1', $3, $4, $5)",
                values![id, role, school, ends],
            )
            .await
            .unwrap();
        }
        let lado = ContactDetails {
            role: ContactRole::Lado,
            name: "Duty officer".to_owned(),
            organisation: Some("County council".to_owned()),
            email: None,
            phone: Some("01234 567890".to_owned()),
        };
        let kept = add_contact(&mut tx, &permit, &ash(), lado).await.unwrap();
        tx.commit().await.unwrap();
        let mut reader = test.store.read(&test.trust);
        let found = contacts(&mut reader, &ash(), date(2026, 11, 20)).await.unwrap();
        let roles: Vec<_> = found.iter().map(|one| one.details.role).collect();
        assert_eq!(roles, [ContactRole::Head, ContactRole::DataProtectionOfficer, ContactRole::Lado]);
        assert_eq!(found[0].details.name, "Kate Adeyemi");
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        remove_contact(&mut tx, &permit, &kept).await.unwrap();
        assert!(matches!(remove_contact(&mut tx, &permit, &kept).await, Err(SchoolsError::Missing)));
        tx.commit().await.unwrap();
        assert!(outside(&mut reader, &ash()).await.unwrap().is_empty());
    }

    async fn a_calendar_comes_back_as_it_was_kept(test: TestStore) {
        let permit = head_of(&test, "ash", Action::ManageSchools);
        let mut reader = test.store.read(&test.trust);
        let school = find(&mut reader, &ash()).await.unwrap().unwrap();
        let unknown = calendar(&mut reader, &school).await.unwrap();
        assert_eq!(unknown, SchoolCalendar::unknown(Nation::England));
        let term = Stretch {
            first: date(2026, 9, 2),
            last: date(2026, 12, 18),
            name: "Autumn term".to_owned(),
        };
        let week = Week::new([read_bands("9:00-10:00 lesson").unwrap(), vec![], vec![], vec![], vec![]]).unwrap();
        let known = SchoolCalendar::new(Nation::England, vec![term], Vec::new(), week).unwrap();
        for _ in 0..2 {
            let mut tx = test.store.begin(&test.trust).await.unwrap();
            keep_calendar(&mut tx, &permit, &ash(), &known).await.unwrap();
            tx.commit().await.unwrap();
        }
        assert_eq!(calendar(&mut reader, &school).await.unwrap(), known);
    }

    async fn only_who_may_settle_for_the_trust_changes_its_settings(test: TestStore) {
        let settings = TrustSettings {
            name: "Elm Learning Trust".to_owned(),
            host: Some("elm.example".to_owned()),
            nation: Nation::Wales,
            reading: Reading::SignedIn,
        };
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        let head = head_of(&test, "ash", Action::ManageSchools);
        let denied = change_trust(&mut tx, &head, settings.clone()).await;
        assert!(matches!(denied, Err(SchoolsError::Denied(_))));
        let permit = operator(&test, Action::ManageSettings);
        change_trust(&mut tx, &permit, settings.clone()).await.unwrap();
        tx.commit().await.unwrap();
        let kept = trust(&mut test.store.read(&test.trust)).await.unwrap();
        assert_eq!(kept.settings, settings);
        assert_eq!(events(&test, "trust.changed").await, 1);
    }
}
