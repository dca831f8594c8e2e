//! A case that is kept from whom it is about, and a request for what is held about them: neither they nor whoever
//! answers and may not see the case learns of it.

use register::value::Answers;

use super::kept::{about, kept};
use super::plan::Plan;
use super::world::World;
use crate::authority::Actor;
use crate::cases::{self, CaseId, Opening};
use crate::store::testing::on_both;
use crate::subject_access::tests::{gather, preview};

const SCHOOL: &str = "ash";
const OFFICER: &str = "ash-data-protection-officer";

async fn request(world: &World, by: &Actor, person: &str) -> CaseId {
    let answers = [
        ("who", "staff"),
        ("person", person),
        ("name", "Somebody Else"),
        ("reach", "By post"),
        ("wants", "Everything"),
        ("came_on", "2026-11-19"),
    ];
    let answers = answers.map(|(name, value)| (name.to_owned(), vec![value.to_owned()]));
    let opening = Opening {
        register: "subject-access".to_owned(),
        school: Some(SCHOOL.parse().unwrap()),
        answers: Answers::from(answers),
        ..Opening::default()
    };
    let mut tx = world.test.store.begin(&world.test.trust).await.unwrap();
    let case = cases::open(&mut tx, &world.engine, by, opening)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    case.id
}

on_both! {
    async fn a_preview_of_what_is_held_tells_nobody_of_a_case_that_is_kept(test: TestStore) {
        let world = World::new(test).await;
        let (test, officer) = (&world.test, world.actor(OFFICER));
        for (accused, by) in [("ash-second", "ash-third"), ("ash-head", "ash-third")] {
            let id = request(&world, &world.actor(by), accused).await;
            gather(test, &world.engine, &officer, &id).await;
            let before = preview(test, &officer, &id).await;
            let mut opened = Vec::new();
            for register in kept(&world) {
                let plan = Plan::of(&world, &register, SCHOOL).await;
                let openers = plan.openers(accused);
                let way = plan.openings(&openers, &about(&plan, accused)).into_iter();
                let mut way = way.filter(|(model, _)| model.subject.as_deref() == Some(accused));
                let Some((model, moves)) = way.next() else { continue };
                let walk = super::walk::Walk::open(&world, &plan, &moves[0], model, false).await;
                opened.push(walk.case.clone());
            }
            assert!(opened.len() >= 4, "{accused}");
            gather(test, &world.engine, &officer, &id).await;
            let after = preview(test, &officer, &id).await.unwrap();
            let mut seen_by_officer = 0;
            for case in &opened {
                let this = [case.id.clone()].into();
                let mut tx = test.store.begin(&test.trust).await.unwrap();
                let sees = !cases::seen_whole(&mut tx, &world.test.store, &officer, &this).await.unwrap().is_empty();
                drop(tx);
                assert_eq!(after.contains(&case.reference), sees, "{} about {accused}", case.reference);
                seen_by_officer += usize::from(sees);
            }
            if seen_by_officer == 0 {
                assert_eq!(Ok(after), before, "{accused}: nothing differs");
            }
            let mut all: Vec<String> = Vec::new();
            for person in &world.people {
                let shown = preview(test, &person.actor, &id).await;
                for case in &opened {
                    let this = [case.id.clone()].into();
                    let mut tx = test.store.begin(&test.trust).await.unwrap();
                    let sees = !cases::answered_for(&mut tx, &world.test.store, &person.actor, &this).await.unwrap().is_empty();
                    drop(tx);
                    let told = shown.as_ref().is_ok_and(|shown| shown.contains(&case.reference));
                    assert!(sees || !told, "{} learns of {}", person.id, case.reference);
                    if told {
                        all.push(case.reference.clone());
                    }
                }
            }
            assert!(preview(test, &world.actor(accused), &id).await.unwrap_err().starts_with("NotFound"));
            for case in &opened {
                assert!(all.contains(&case.reference), "nobody decides about {}", case.reference);
            }
        }
        world.all_held();
    }
}
