mod erasing;
mod large;
mod same_people;
mod schools;

use roster::{
    Files, Guardian, Person as Listed, Post, Pupil, Roster, School, SchoolKind, Year,
    write_one_roster,
};

use super::*;
use crate::authority::{Action, Actor, Permit};
use crate::people::{self, Person};
use crate::store::testing::{TestStore, on_both};
use crate::store::{PersonId, Query as _};
use crate::values;

fn permit(test: &TestStore) -> Permit {
    Actor::operator(test.trust.clone())
        .permit(Action::ImportRoster)
        .unwrap()
}

fn school(id: &str, name: &str) -> School {
    School {
        external_id: id.to_owned(),
        name: name.to_owned(),
        identifier: None,
        kind: SchoolKind::School,
        parent: None,
    }
}

fn teacher(id: &str, given: &str, email: &str, school: &str) -> Listed {
    Listed {
        external_id: id.to_owned(),
        given: given.to_owned(),
        family: "Okafor".to_owned(),
        known_as: None,
        email: Some(email.to_owned()),
        username: None,
        contract: None,
        posts: vec![Post {
            school: school.to_owned(),
            printed_role: "teacher".to_owned(),
            suggested_role: None,
            begin: Some(jiff::civil::date(2020, 9, 1)),
            end: None,
        }],
        enabled: true,
    }
}

fn pupil(id: &str, given: &str, year: u8) -> Pupil {
    Pupil {
        external_id: id.to_owned(),
        given: given.to_owned(),
        family: "Khan".to_owned(),
        known_as: None,
        year: Some(Year::Year(year)),
        class: Some("7B".to_owned()),
        born: Some(jiff::civil::date(2015, 3, 1)),
        school: "A".to_owned(),
    }
}

/// Ada and Ben teach, Cai and Dee learn, Eve is Cai's mother.
fn small() -> Roster {
    Roster {
        schools: vec![school("A", "ash primary"), school("O", "Oak High")],
        staff: vec![
            teacher("1", "Ada", "ada@elm.example", "A"),
            teacher("2", "Ben", "ben@elm.example", "O"),
        ],
        pupils: vec![pupil("p1", "Cai", 7), pupil("p2", "Dee", 8)],
        guardians: vec![Guardian {
            external_id: "g1".to_owned(),
            given: "Eve".to_owned(),
            family: "Khan".to_owned(),
            email: Some("eve@home.example".to_owned()),
            phone: None,
            pupils: vec!["p1".to_owned()],
        }],
        notes: Vec::new(),
    }
}

async fn staged(test: &TestStore, roster: Roster, mode: Mode) -> Import {
    let mut files = Files::new();
    for (name, bytes) in write_one_roster(&roster).unwrap() {
        files.add(name, bytes).unwrap();
    }
    let taken = take_in(
        &test.store,
        &permit(test),
        files,
        (mode, Work::ByHand),
        None,
    )
    .await
    .unwrap();
    let Taken::Roster(id) = taken else {
        panic!("a OneRoster export was taken for a list")
    };
    stage(&test.store, &test.trust, &id).await.unwrap();
    now(test, &id).await
}

async fn now(test: &TestStore, id: &ImportId) -> Import {
    find(&mut test.store.read(&test.trust), id)
        .await
        .unwrap()
        .unwrap()
}

async fn applied(test: &TestStore, roster: Roster, mode: Mode) -> Import {
    let import = staged(test, roster, mode).await;
    carried_out(test, &import.id).await
}

async fn carried_out(test: &TestStore, id: &ImportId) -> Import {
    let mut tx = test.store.begin(&test.trust).await.unwrap();
    assert!(confirm(&mut tx, permit(test).actor(), id).await.unwrap());
    tx.commit_unrecorded().await.unwrap();
    apply(&test.store, &test.trust, id).await.unwrap();
    now(test, id).await
}

async fn undone(test: &TestStore, id: &ImportId) -> Import {
    let mut tx = test.store.begin(&test.trust).await.unwrap();
    assert!(
        ask_to_undo(&mut tx, permit(test).actor(), id)
            .await
            .unwrap()
    );
    tx.commit_unrecorded().await.unwrap();
    undo(&test.store, &test.trust, id).await.unwrap();
    now(test, id).await
}

async fn by_email(test: &TestStore, email: &str) -> Option<Person> {
    people::by_email(&mut test.store.read(&test.trust), email)
        .await
        .unwrap()
}

async fn count(test: &TestStore, sql: &'static str) -> u64 {
    test.store
        .read(&test.trust)
        .count(sql, values![])
        .await
        .unwrap()
}

const PUPILS: &str = "SELECT COUNT(*) AS n FROM pupil WHERE trust = $1 AND left_on IS NULL";
const PEOPLE: &str = "SELECT COUNT(*) AS n FROM person WHERE trust = $1";
const LINKS: &str = "SELECT COUNT(*) AS n FROM roster_link WHERE trust = $1";
const KEPT: &str = "SELECT COUNT(*) AS n FROM roster_change WHERE trust = $1";
const EVENTS: &str = "SELECT COUNT(*) AS n FROM ledger_event WHERE trust = $1";

on_both! {
    async fn an_import_is_previewed_confirmed_and_undone(test: TestStore) {
        let import = staged(&test, small(), Mode::FileWins).await;
        assert_eq!(import.state, State::Ready, "{:?}", import.detail);
        let counted = counts(&test.store, &test.trust, &import.id).await.unwrap();
        assert_eq!(counted.of("person", Happening::Add), 2);
        assert_eq!(counted.of("pupil", Happening::Add), 2);
        assert_eq!(counted.of("guardian", Happening::Add), 1);
        assert_eq!(count(&test, PEOPLE).await, 0, "nothing is written before it is confirmed");

        let import = carried_out(&test, &import.id).await;
        assert_eq!(import.state, State::Applied);
        assert_eq!((count(&test, PEOPLE).await, count(&test, PUPILS).await), (2, 2));
        assert_eq!(count(&test, EVENTS).await, 6, "an event for each record and one for the import");
        assert_eq!(count(&test, KEPT).await, 0, "what was handed in is not kept");
        let ada = by_email(&test, "ada@elm.example").await.unwrap();
        assert_eq!(ada.roles.len(), 1);
        assert_eq!(ada.roles[0].school.as_ref().unwrap().as_str(), "ash");
        assert_eq!(hindered(&test.store, &test.trust, &import).await.unwrap(), None);

        let import = undone(&test, &import.id).await;
        assert_eq!(import.state, State::Undone, "{:?}", import.detail);
        assert_eq!((count(&test, PEOPLE).await, count(&test, PUPILS).await), (0, 0));
        assert_eq!(count(&test, LINKS).await, 0);
        assert_eq!(count(&test, EVENTS).await, 12);
    }

    async fn the_next_roster_changes_and_ends(test: TestStore) {
        applied(&test, small(), Mode::FileWins).await;
        let mut next = small();
        next.staff.remove(1);
        next.staff[0].known_as = Some("Addie".to_owned());
        next.staff[0].contract = Some(roster::Contract::FixedTerm);
        next.pupils.remove(1);
        next.pupils[0].year = Some(Year::Year(8));
        let import = staged(&test, next.clone(), Mode::FileWins).await;
        let counted = counts(&test.store, &test.trust, &import.id).await.unwrap();
        assert_eq!(counted.of("person", Happening::Change), 1);
        assert_eq!(counted.of("person", Happening::End), 1);
        assert_eq!(counted.of("pupil", Happening::Change), 1);
        assert_eq!(counted.of("pupil", Happening::End), 1);
        let import = carried_out(&test, &import.id).await;
        let ben = by_email(&test, "ben@elm.example").await.unwrap();
        assert_eq!(ben.ends_on, Some(jiff::civil::date(2026, 11, 19)));
        assert_eq!(ben.roles[0].ends_on, ben.ends_on);
        assert_eq!(count(&test, PUPILS).await, 1);

        let contract = async || by_email(&test, "ada@elm.example").await.unwrap().details.contract;
        assert_eq!(contract().await, Some(roster::Contract::FixedTerm));
        let mut silent = next.clone();
        silent.staff[0].contract = None;
        for same in [next, silent] {
            let again = staged(&test, same, Mode::FileWins).await;
            assert_eq!(counts(&test.store, &test.trust, &again.id).await.unwrap().all(), 0);
            cancel(&test.store, &test.trust, &again.id).await.unwrap();
        }

        undone(&test, &import.id).await;
        let ben = by_email(&test, "ben@elm.example").await.unwrap();
        assert_eq!((ben.ends_on, ben.roles[0].ends_on), (None, None));
        assert_eq!(contract().await, None);
        assert_eq!(by_email(&test, "ada@elm.example").await.unwrap().details.known_as, None);
        assert_eq!(count(&test, PUPILS).await, 2);
    }

    async fn ours_is_kept_where_that_is_asked(test: TestStore) {
        applied(&test, small(), Mode::FileWins).await;
        let mut next = small();
        next.staff[0].given = "Adaeze".to_owned();
        next.staff[0].known_as = Some("Addie".to_owned());
        next.staff[0].contract = Some(roster::Contract::Supply);
        applied(&test, next.clone(), Mode::KeepOurs).await;
        next.staff[0].contract = Some(roster::Contract::Permanent);
        applied(&test, next.clone(), Mode::KeepOurs).await;
        let ada = by_email(&test, "ada@elm.example").await.unwrap();
        assert_eq!(ada.details.contract, Some(roster::Contract::Supply));
        assert_eq!(ada.details.given_name.as_str(), "Ada");
        assert_eq!(ada.details.known_as.unwrap().as_str(), "Addie");
        next.staff = vec![teacher("3", "Cem", "cem@elm.example", "A")];
        applied(&test, next, Mode::OnlyAdd).await;
        assert!(by_email(&test, "ben@elm.example").await.unwrap().ends_on.is_none());
        assert!(by_email(&test, "cem@elm.example").await.is_some());
    }

    async fn a_changed_id_is_matched_by_address(test: TestStore) {
        applied(&test, small(), Mode::FileWins).await;
        let ada = by_email(&test, "ada@elm.example").await.unwrap();
        let mut next = small();
        next.staff[0].external_id = "new-1".to_owned();
        let import = staged(&test, next, Mode::FileWins).await;
        let matched = merges(&test.store, &permit(&test), &import.id, (0, 50)).await.unwrap();
        assert_eq!(matched.len(), 1);
        assert_eq!(matched[0].merge, Some(Merge::Same));
        carried_out(&test, &import.id).await;
        assert_eq!(by_email(&test, "ada@elm.example").await.unwrap(), ada, "one person, two ids");
        assert_eq!(count(&test, LINKS).await, 6);
    }

    async fn power_is_neither_given_nor_taken(test: TestStore) {
        let mut roster = small();
        roster.staff[0].posts[0].printed_role = "principal".to_owned();
        applied(&test, roster, Mode::FileWins).await;
        let ada = by_email(&test, "ada@elm.example").await.unwrap();
        assert!(ada.roles.iter().all(|held| held.role == crate::authority::Role::Staff));
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        tx.execute(
            "INSERT INTO held_role (trust, id, person, role, school) \
             VALUES ($1, 'head', $2, 'head', 'ash')",
            values![&ada.id],
        )
        .await
        .unwrap();
        tx.commit_unrecorded().await.unwrap();
        let mut next = small();
        next.staff[0].email = Some("thief@elm.example".to_owned());
        applied(&test, next.clone(), Mode::FileWins).await;
        assert!(by_email(&test, "ada@elm.example").await.is_some());
        next.staff.remove(0);
        applied(&test, next, Mode::FileWins).await;
        assert!(by_email(&test, "ada@elm.example").await.unwrap().ends_on.is_none());
    }

    async fn what_was_edited_since_is_not_undone(test: TestStore) {
        let import = applied(&test, small(), Mode::FileWins).await;
        let ada = by_email(&test, "ada@elm.example").await.unwrap();
        edit(&test, &ada.id).await;
        let why = hindered(&test.store, &test.trust, &import).await.unwrap().unwrap();
        assert!(why.contains("1 record"), "{why}");
        let import = undone(&test, &import.id).await;
        assert_eq!(import.state, State::Applied);
        assert!(import.detail.refused.is_some());
        assert_eq!(count(&test, PEOPLE).await, 2);
    }

    async fn an_edit_after_the_preview_brings_a_new_preview(test: TestStore) {
        applied(&test, small(), Mode::FileWins).await;
        let mut next = small();
        next.staff[0].given = "Adaeze".to_owned();
        let import = staged(&test, next, Mode::FileWins).await;
        edit(&test, &by_email(&test, "ada@elm.example").await.unwrap().id).await;
        let import = carried_out(&test, &import.id).await;
        assert_eq!(import.state, State::Ready);
        assert!(import.detail.refused.unwrap().contains("compared again"));
        assert_eq!(carried_out(&test, &import.id).await.state, State::Applied);
    }
}

async fn edit(test: &TestStore, id: &PersonId) {
    let permit = Actor::operator(test.trust.clone())
        .permit(Action::ManagePeople)
        .unwrap();
    let mut tx = test.store.begin(&test.trust).await.unwrap();
    let person = people::find(&mut tx, id).await.unwrap().unwrap();
    let mut details = person.details.clone();
    details.known_as = Some("Somebody".parse().unwrap());
    people::change(&mut tx, &permit, id, &person.version(), details)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}
