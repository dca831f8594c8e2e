use std::collections::BTreeSet;

use jiff::civil::{Date, date};

use super::{
    Contract, Details, Filter, NewDelegation, NewPerson, NewRole, Order, Part, PeopleError, Person,
    Refusal, Standing, Standings, add, by_email, change, delegate, delegation_states, delegations,
    end, find, give_role, list, revoke, states, take_role,
};
use crate::authority::{Action, Actor, Held, Means, Permit, Role};
use crate::ledger::Record as _;
use crate::store::testing::{TestStore, on_both};
use crate::store::{HeldRoleId, Query as _, SchoolId, StoreError, Tx};
use crate::values;

const TODAY: Date = date(2026, 11, 20);
const ALL: Part = Part { skip: 0, size: 100 };

fn operator(test: &TestStore, action: Action) -> Permit {
    Actor::operator(test.trust.clone()).permit(action).unwrap()
}

/// Somebody who has signed in, with the roles they hold in the store.
fn actor(test: &TestStore, person: &Person) -> Actor {
    let held = |role: &super::HeldRole| Held {
        role: role.role,
        school: role.school.clone(),
        starts_on: role.starts_on,
        ends_on: role.ends_on,
    };
    Actor {
        trust: test.trust.clone(),
        person: Some(person.id.clone()),
        name: person.name(),
        roles: person.roles.iter().map(held).collect(),
        means: Means::Token(BTreeSet::from_iter(Action::ALL.iter().copied())),
    }
}

fn details(given: &str, family: &str) -> Details {
    Details {
        given_name: given.parse().unwrap(),
        family_name: family.parse().unwrap(),
        known_as: None,
        email: Some(format!("{given}.{family}@elm.example").parse().unwrap()),
        contract: Some(Contract::FixedTerm),
        line_manager: None,
        starts_on: Some(date(2020, 9, 1)),
    }
}

fn role(role: Role, school: &str) -> NewRole {
    NewRole {
        role,
        school: (!school.is_empty()).then(|| school.parse().unwrap()),
        starts_on: None,
        ends_on: None,
    }
}

fn new(given: &str, held: Role, school: &str) -> NewPerson {
    NewPerson {
        details: details(given, "Test"),
        ends_on: None,
        role: role(held, school),
        demonstration: false,
    }
}

async fn begin(test: &TestStore) -> Tx {
    test.store.begin(&test.trust).await.unwrap()
}

async fn added(test: &TestStore, given: &str, held: Role, school: &str) -> Person {
    let mut tx = begin(test).await;
    let permit = operator(test, Action::ManagePeople);
    let person = add(&mut tx, &permit, new(given, held, school))
        .await
        .unwrap();
    tx.commit().await.unwrap();
    person
}

async fn given(test: &TestStore, person: &Person, new: NewRole) -> Person {
    let mut tx = begin(test).await;
    let permit = operator(test, Action::GiveRoles);
    let person = give_role(&mut tx, &permit, &person.id, new).await.unwrap();
    tx.commit().await.unwrap();
    person
}

/// The identifier of a role that somebody holds at a school, or at the trust.
fn held(person: &Person, role: Role, school: &str) -> HeldRoleId {
    let at = |held: &&super::HeldRole| {
        held.role == role && held.school.as_ref().map_or("", SchoolId::as_str) == school
    };
    person.roles.iter().find(at).unwrap().id.clone()
}

fn refused<T: std::fmt::Debug>(result: Result<T, PeopleError>) -> Refusal {
    match result.unwrap_err() {
        PeopleError::Refused(refusal) => refusal,
        other => panic!("{other:?}"),
    }
}

fn denied<T: std::fmt::Debug>(result: Result<T, PeopleError>) -> bool {
    matches!(result.unwrap_err(), PeopleError::Denied(_))
}

async fn names(test: &TestStore, permit: &Permit, filter: Filter) -> Vec<String> {
    let mut reader = test.store.read(&test.trust);
    let listed = list(&mut reader, permit, TODAY, &filter, ALL)
        .await
        .unwrap();
    assert_eq!(listed.total, listed.items.len() as u64);
    listed.items.iter().map(Person::name).collect()
}

on_both! {
    async fn a_person_comes_back_as_they_were_added_and_the_ledger_knows(test: TestStore) {
        let ada = added(&test, "Ada", Role::Head, "ash").await;
        let mut reader = test.store.read(&test.trust);
        assert_eq!(find(&mut reader, &ada.id).await.unwrap().as_ref(), Some(&ada));
        let found = by_email(&mut reader, " ADA.test@elm.example ").await.unwrap();
        assert_eq!(found.as_ref(), Some(&ada));
        let events = reader
            .all(
                "SELECT kind FROM ledger_event WHERE trust = $1 AND record_kind = $2 AND record = $3",
                values![Person::KIND, &ada.id],
            )
            .await
            .unwrap();
        assert_eq!(events.len(), 1);
        assert_eq!(events[0].get::<String>("kind").unwrap(), "person.added");
        let all = states(&mut reader, None, 10).await.unwrap();
        let state = serde_json::to_value(&ada).unwrap();
        assert_eq!(all, [(ada.id.clone(), state.clone())]);
        assert!(states(&mut reader, Some(&ada.id), 10).await.unwrap().is_empty());
        assert_eq!(serde_json::from_value::<Person>(state).unwrap(), ada);
    }

    async fn two_people_never_have_one_address(test: TestStore) {
        let ada = added(&test, "Ada", Role::Staff, "ash").await;
        let bea = added(&test, "Bea", Role::Staff, "ash").await;
        let permit = operator(&test, Action::ManagePeople);
        let mut tx = begin(&test).await;
        assert_eq!(refused(add(&mut tx, &permit, new("ADA", Role::Staff, "oak")).await), Refusal::EmailTaken);
        drop(tx);
        let mut tx = begin(&test).await;
        let same = Details { email: ada.details.email.clone(), ..bea.details.clone() };
        let result = change(&mut tx, &permit, &bea.id, &bea.version(), same).await;
        assert_eq!(refused(result), Refusal::EmailTaken);
    }

    async fn a_change_on_an_old_state_is_not_made(test: TestStore) {
        let ada = added(&test, "Ada", Role::Staff, "ash").await;
        let permit = operator(&test, Action::ManagePeople);
        let mut tx = begin(&test).await;
        let known = Details { known_as: Some("Addie".parse().unwrap()), ..ada.details.clone() };
        let after = change(&mut tx, &permit, &ada.id, &ada.version(), known.clone()).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(after.name(), "Addie Test");
        assert_ne!(after.version(), ada.version());
        let mut tx = begin(&test).await;
        let late = change(&mut tx, &permit, &ada.id, &ada.version(), ada.details.clone()).await;
        assert!(matches!(late, Err(PeopleError::Store(StoreError::Changed))));
        drop(tx);
        let mut tx = begin(&test).await;
        let same = change(&mut tx, &permit, &ada.id, &after.version(), known).await;
        assert!(matches!(same, Err(PeopleError::Same)));
    }

    async fn nobody_gives_themselves_a_role(test: TestStore) {
        let ada = added(&test, "Ada", Role::TrustAdministrator, "").await;
        let permit = actor(&test, &ada).permit(Action::GiveRoles).unwrap();
        let mut tx = begin(&test).await;
        let result = give_role(&mut tx, &permit, &ada.id, role(Role::DataProtectionOfficer, "")).await;
        assert_eq!(refused(result), Refusal::OwnRole);
    }

    async fn the_last_trust_administrator_stays(test: TestStore) {
        let ada = added(&test, "Ada", Role::TrustAdministrator, "").await;
        let bea = added(&test, "Bea", Role::Staff, "ash").await;
        let (give, manage) = (operator(&test, Action::GiveRoles), operator(&test, Action::ManagePeople));
        let last = Some(TODAY);
        // For a time is not for good, and without an address nobody signs in.
        let for_a_time = NewRole { ends_on: Some(date(2027, 7, 31)), ..role(Role::TrustAdministrator, "") };
        let bea = given(&test, &bea, for_a_time).await;
        let mut tx = begin(&test).await;
        assert_eq!(refused(take_role(&mut tx, &give, &ada.id, &ada.roles[0].id).await), Refusal::LastAdministrator);
        drop(tx);
        let mut tx = begin(&test).await;
        assert_eq!(refused(end(&mut tx, &manage, &ada.id, &ada.version(), last).await), Refusal::LastAdministrator);
        drop(tx);
        let mut tx = begin(&test).await;
        let mute = Details { email: None, ..ada.details.clone() };
        let result = change(&mut tx, &manage, &ada.id, &ada.version(), mute).await;
        assert_eq!(refused(result), Refusal::LastAdministrator);
        drop(tx);
        let cy = added(&test, "Cy", Role::TrustAdministrator, "").await;
        let mut tx = begin(&test).await;
        end(&mut tx, &manage, &ada.id, &ada.version(), last).await.unwrap();
        take_role(&mut tx, &give, &bea.id, &held(&bea, Role::TrustAdministrator, "")).await.unwrap();
        tx.commit().await.unwrap();
        let mut tx = begin(&test).await;
        assert_eq!(refused(take_role(&mut tx, &give, &cy.id, &cy.roles[0].id).await), Refusal::LastAdministrator);
    }

    async fn a_right_at_one_school_changes_nobody_of_another(test: TestStore) {
        let head = added(&test, "Ada", Role::Head, "ash").await;
        let there = added(&test, "Bea", Role::Staff, "oak").await;
        let both = added(&test, "Cy", Role::Staff, "ash").await;
        let both = given(&test, &both, role(Role::Staff, "oak")).await;
        let manage = actor(&test, &head).permit(Action::ManagePeople).unwrap();
        let give = actor(&test, &head).permit(Action::GiveRoles).unwrap();
        let mut tx = begin(&test).await;
        let renamed = details("Eve", "Test");
        let result = change(&mut tx, &manage, &there.id, &there.version(), renamed.clone()).await;
        assert!(matches!(result, Err(PeopleError::NotFound)));
        assert!(denied(change(&mut tx, &manage, &both.id, &both.version(), renamed).await));
        assert!(denied(end(&mut tx, &manage, &both.id, &both.version(), Some(TODAY)).await));
        assert!(denied(add(&mut tx, &manage, new("Di", Role::Staff, "oak")).await));
        assert!(denied(add(&mut tx, &manage, new("Di", Role::Staff, "")).await));
        assert!(matches!(give_role(&mut tx, &give, &there.id, role(Role::It, "ash")).await, Err(PeopleError::NotFound)));
        assert!(denied(give_role(&mut tx, &give, &both.id, role(Role::It, "oak")).await));
        assert!(denied(take_role(&mut tx, &give, &both.id, &held(&both, Role::Staff, "oak")).await));
        give_role(&mut tx, &give, &both.id, role(Role::It, "ash")).await.unwrap();
        // Who watches over the head is not of the head's choosing.
        for watching in [Role::Head, Role::ChairOfGovernors, Role::DataProtectionOfficer] {
            assert!(denied(give_role(&mut tx, &give, &both.id, role(watching, "ash")).await));
        }
        // A permit for one thing is none for another.
        assert!(denied(give_role(&mut tx, &manage, &both.id, role(Role::Hr, "ash")).await));
    }

    async fn a_head_hands_their_roles_to_somebody_of_the_school(test: TestStore) {
        let head = added(&test, "Ada", Role::Head, "ash").await;
        let deputy = added(&test, "Bea", Role::Staff, "ash").await;
        let away = added(&test, "Cy", Role::Staff, "oak").await;
        let permit = actor(&test, &head).permit(Action::Delegate).unwrap();
        let new = |person: &Person, last: Date| NewDelegation {
            delegate: person.id.clone(),
            school: "ash".parse().unwrap(),
            starts_on: TODAY,
            ends_on: last,
        };
        let soon = date(2026, 12, 4);
        let cases = [
            (new(&away, soon), Refusal::NoSuchDelegate),
            (new(&head, soon), Refusal::NoSuchDelegate),
            (new(&deputy, date(2028, 1, 1)), Refusal::DelegationDays),
            (new(&deputy, date(2026, 11, 1)), Refusal::EndsBeforeItStarts),
        ];
        for (wrong, refusal) in cases {
            let mut tx = begin(&test).await;
            assert_eq!(refused(delegate(&mut tx, &permit, wrong).await), refusal);
        }
        let mut tx = begin(&test).await;
        let elsewhere = NewDelegation { school: "oak".parse().unwrap(), ..new(&away, soon) };
        assert!(denied(delegate(&mut tx, &permit, elsewhere).await));
        let made = delegate(&mut tx, &permit, new(&deputy, soon)).await.unwrap();
        let shown = delegations(&mut tx, &deputy.id, TODAY).await.unwrap();
        assert_eq!((shown[0].person.as_str(), shown[0].delegate.as_str()), ("Ada Test", "Bea Test"));
        assert_eq!(delegations(&mut tx, &head.id, TODAY).await.unwrap(), shown);
        assert_eq!(delegation_states(&mut tx, None, 9).await.unwrap().len(), 1);
        let others = actor(&test, &deputy);
        assert!(others.permit(Action::Delegate).is_none());
        revoke(&mut tx, &permit, &made.id).await.unwrap();
        tx.commit().await.unwrap();
        let mut reader = test.store.read(&test.trust);
        assert!(delegations(&mut reader, &deputy.id, TODAY).await.unwrap().is_empty());
    }

    async fn roles_are_sane(test: TestStore) {
        let ada = added(&test, "Ada", Role::Staff, "ash").await;
        let permit = operator(&test, Action::GiveRoles);
        let cases = [
            (role(Role::Staff, "ash"), Refusal::HeldAlready),
            (role(Role::TrustAdministrator, "ash"), Refusal::OnlyAtTheTrust),
            (role(Role::It, "elsewhere"), Refusal::NoSuchSchool),
            (NewRole { ends_on: Some(date(2026, 11, 1)), ..role(Role::It, "ash") }, Refusal::EndsBeforeItStarts),
            (NewRole { starts_on: Some(date(1066, 10, 14)), ..role(Role::It, "ash") }, Refusal::DayOutOfBounds),
        ];
        for (wrong, refusal) in cases {
            let mut tx = begin(&test).await;
            assert_eq!(refused(give_role(&mut tx, &permit, &ada.id, wrong).await), refusal);
        }
        // Given and taken on one day: only the ledger remembers.
        let ada = given(&test, &ada, role(Role::It, "ash")).await;
        let mut tx = begin(&test).await;
        let after = take_role(&mut tx, &permit, &ada.id, &held(&ada, Role::It, "ash")).await.unwrap();
        assert_eq!(after.roles.len(), 1);
        let staff = held(&ada, Role::Staff, "ash");
        let after = take_role(&mut tx, &permit, &ada.id, &staff).await.unwrap();
        assert_eq!(after.roles[0].ends_on, Some(date(2026, 11, 19)));
        let again = take_role(&mut tx, &permit, &ada.id, &staff).await;
        assert_eq!(refused(again), Refusal::NotHeld);
    }

    async fn whoever_leaves_loses_their_roles_and_comes_back_as_staff(test: TestStore) {
        let ada = added(&test, "Ada", Role::Staff, "ash").await;
        let ada = given(&test, &ada, role(Role::Hr, "ash")).await;
        let permit = operator(&test, Action::ManagePeople);
        let mut tx = begin(&test).await;
        tx.execute(
            "INSERT INTO session (trust, id, person, secret_hash, created_at, seen_at, \
               authenticated_at, expires_at, method, agent) VALUES ($1, 's', $2, '', 0, 0, 0, 0, '', '')",
            values![&ada.id],
        )
        .await
        .unwrap();
        let soon = date(2026, 12, 31);
        let ending = end(&mut tx, &permit, &ada.id, &ada.version(), Some(soon)).await.unwrap();
        assert_eq!(ending.standing(TODAY), Standing::Current);
        assert!(ending.roles.iter().all(|role| role.ends_on == Some(soon)));
        let staying = end(&mut tx, &permit, &ada.id, &ending.version(), None).await.unwrap();
        assert_eq!(staying, ada);
        let sessions = "SELECT COUNT(*) AS n FROM session WHERE trust = $1";
        assert_eq!(tx.count(sessions, values![]).await.unwrap(), 1);
        let last = Some(date(2026, 11, 19));
        let gone = end(&mut tx, &permit, &ada.id, &ada.version(), last).await.unwrap();
        assert_eq!(gone.standing(TODAY), Standing::Left);
        assert_eq!(tx.count(sessions, values![]).await.unwrap(), 0);
        let give = operator(&test, Action::GiveRoles);
        let late = give_role(&mut tx, &give, &ada.id, role(Role::It, "ash")).await;
        assert_eq!(refused(late), Refusal::Left);
        let back = end(&mut tx, &permit, &ada.id, &gone.version(), None).await.unwrap();
        let held: Vec<_> = back.roles.iter().filter(|role| role.on(TODAY)).map(|role| role.role).collect();
        assert_eq!(held, [Role::Staff]);
        tx.commit().await.unwrap();
    }

    async fn nobody_leads_themselves(test: TestStore) {
        let ada = added(&test, "Ada", Role::Staff, "ash").await;
        let bea = added(&test, "Bea", Role::Staff, "ash").await;
        let permit = operator(&test, Action::ManagePeople);
        let led_by = |person: &Person, manager: &Person| Details {
            line_manager: Some(manager.id.clone()),
            ..person.details.clone()
        };
        let mut tx = begin(&test).await;
        let own = change(&mut tx, &permit, &ada.id, &ada.version(), led_by(&ada, &ada)).await;
        assert_eq!(refused(own), Refusal::ManagerCircle);
        change(&mut tx, &permit, &ada.id, &ada.version(), led_by(&ada, &bea)).await.unwrap();
        let circle = change(&mut tx, &permit, &bea.id, &bea.version(), led_by(&bea, &ada)).await;
        assert_eq!(refused(circle), Refusal::ManagerCircle);
    }

    async fn a_list_shows_whom_the_permit_reaches_and_the_filter_wants(test: TestStore) {
        let head = added(&test, "Ada", Role::Head, "ash").await;
        let zoe = added(&test, "Zoë", Role::Staff, "ash").await;
        let leaver = added(&test, "Bea", Role::Staff, "ash").await;
        added(&test, "Cy", Role::Staff, "oak").await;
        let manage = operator(&test, Action::ManagePeople);
        let mut tx = begin(&test).await;
        end(&mut tx, &manage, &leaver.id, &leaver.version(), Some(date(2025, 7, 31))).await.unwrap();
        let mut joins = new("Di", Role::Staff, "ash");
        joins.details.starts_on = Some(date(2027, 1, 4));
        add(&mut tx, &manage, joins).await.unwrap();
        tx.commit().await.unwrap();

        let all = operator(&test, Action::ViewPeople);
        let here = actor(&test, &head).permit(Action::ViewPeople).unwrap();
        let filter = Filter::default();
        assert_eq!(names(&test, &all, filter.clone()).await, ["Ada Test", "Cy Test", "Zoë Test"]);
        assert_eq!(names(&test, &here, filter.clone()).await, ["Ada Test", "Zoë Test"]);
        let of = |standing| Filter { standing, ..Filter::default() };
        assert_eq!(names(&test, &here, of(Standings::Left)).await, ["Bea Test"]);
        assert_eq!(names(&test, &here, of(Standings::Joining)).await, ["Di Test"]);
        assert_eq!(names(&test, &here, of(Standings::All)).await.len(), 4);
        let newest = Filter { order: Order::NewestFirst, ..of(Standings::All) };
        assert_eq!(names(&test, &here, newest).await[0], "Di Test");
        let search = |text: &str| Filter { search: text.to_owned(), ..Filter::default() };
        assert_eq!(names(&test, &all, search("zoe TEST")).await, [zoe.name()]);
        assert_eq!(names(&test, &all, search("cy.test@")).await, ["Cy Test"]);
        assert!(names(&test, &all, search("%")).await.is_empty());
        let heads = Filter { role: Some(Role::Head), ..Filter::default() };
        assert_eq!(names(&test, &all, heads).await, ["Ada Test"]);
        let oak = Filter { school: Some("oak".parse().unwrap()), ..Filter::default() };
        assert_eq!(names(&test, &all, oak.clone()).await, ["Cy Test"]);
        assert!(names(&test, &here, oak).await.is_empty());
        let mut reader = test.store.read(&test.trust);
        let part = Part { skip: 1, size: 1 };
        let second = list(&mut reader, &all, TODAY, &filter, part).await.unwrap();
        assert_eq!((second.items[0].name().as_str(), second.total), ("Cy Test", 3));
    }
}
