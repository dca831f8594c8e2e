//! What follows from a case happens once, whoever is stopped or acts at the same time; and not at all from paper.

use super::made::acting;
use std::future::{Future, poll_fn};
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use register::value::Answers;

use super::plan::{Move, Plan};
use super::walk::Walk;
use super::way::Goal;
use super::world::{SCHOOLS, World, enter};
use crate::authority::{Actor, Role};
use crate::cases::{self, Case, CaseError, Engine, Filter, Opening, Standing, Taking, kinds, row};
use crate::jobs::Worker;
use crate::people::Part;
use crate::policies::Policies;
use crate::store::testing::{TestStore, on_both};
use crate::store::{Query as _, Store};
use crate::values;

/// A register whose cases lapse by themselves after a day, which opens another and is told to the head.
const LOAN: &str = r#"
id = "loan"
name = "loan"
plural = "loans"
reference = "LOA"
purpose = "Borrow a camera."
door = "request"
opened_by = ["staff"]
subject = "nobody"
sensitivity = "ordinary"

[[field]]
id = "what"
kind = "text"
question = "What do you borrow?"
required = true

[[state]]
id = "out"
says = "Lent"

[[state]]
id = "late"
says = "Late"

[[state]]
id = "back"
says = "Back"
end = true

[[step]]
id = "back"
says = "It is back"
from = ["out", "late"]
to = "back"
by = ["head"]
needs = [{ note = true }]

[[step]]
id = "note"
says = "Note something"
from = ["out", "late"]
by = ["head"]
needs = [{ note = true }]

[[step]]
id = "lapse"
says = "Call it late"
from = ["out"]
to = "late"
by = ["program"]
effects = [{ notify = ["head"], says = "A loan is late" }, { open = "loan", carry = { what = "what" } }]

[[deadline]]
id = "day"
says = "bring it back"
in = ["out"]
within = "24 hours"
remind = ["4 hours"]
then = "lapse"

[[sees]]
who = ["head", "opener"]

[retention]
from = "closed"
keep = "1 years"
then = "erase"
source = "A made register."
"#;

/// The engine over the registers that come with the program and the made one, with a member of staff and two heads.
async fn begun(test: &TestStore) -> Engine {
    let folder = test.folder().join("own");
    std::fs::create_dir_all(folder.join("registers")).unwrap();
    std::fs::write(folder.join("registers/loan.toml"), LOAN).unwrap();
    let mut tx = test.store.begin(&test.trust).await.unwrap();
    enter(&mut tx, "teacher", Role::Staff, Some("ash"), None).await;
    enter(&mut tx, "head", Role::Head, Some("ash"), None).await;
    enter(&mut tx, "deputy", Role::Head, Some("ash"), None).await;
    tx.execute(
        "UPDATE person SET email = 'head@elm.example' WHERE trust = $1 AND id = 'head'",
        values![],
    )
    .await
    .unwrap();
    tx.commit_unrecorded().await.unwrap();
    Engine::new(Arc::new(Policies::load(Some(folder)).unwrap()))
}

fn actor(test: &TestStore, id: &str, role: Role) -> Actor {
    acting(test, &id.parse().unwrap(), role)
}

async fn lend(test: &TestStore, engine: &Engine) -> Case {
    let opening = Opening {
        register: "loan".into(),
        school: Some("ash".parse().unwrap()),
        answers: Answers::from([("what".to_owned(), vec!["A camera".to_owned()])]),
        ..Opening::default()
    };
    let mut tx = test.store.begin(&test.trust).await.unwrap();
    let teacher = actor(test, "teacher", Role::Staff);
    let case = cases::open(&mut tx, engine, &teacher, opening)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    case
}

async fn take(
    store: &Store,
    engine: &Engine,
    actor: &Actor,
    case: &Case,
    step: &str,
    note: &str,
) -> Result<Case, CaseError> {
    let taking = Taking {
        step: step.into(),
        revision: case.revision,
        note: note.into(),
        ..Taking::default()
    };
    let mut tx = store.begin(&actor.trust).await?;
    let case = cases::take(&mut tx, engine, actor, &case.id, taking).await?;
    tx.commit().await?;
    Ok(case)
}

async fn count(test: &TestStore, sql: &'static str, values: Vec<crate::store::Value>) -> u64 {
    let mut reader = test.store.read(&test.trust);
    reader.count(sql, values).await.unwrap()
}

/// How many messages the head has, and how many letters wait to be sent.
async fn told(test: &TestStore) -> (u64, u64) {
    let messages = "SELECT COUNT(*) AS n FROM message WHERE trust = $1 AND person = 'head'";
    let letters = "SELECT COUNT(*) AS n FROM job WHERE trust = $1 AND kind NOT LIKE 'cases.%'";
    (
        count(test, messages, values![]).await,
        count(test, letters, values![]).await,
    )
}

/// Lets something go on for so many turns, then drops it where it stands, as a node does that is stopped.
async fn stopped<F: Future>(doing: F, turns: usize) {
    let mut doing = Box::pin(doing);
    let mut left = turns;
    poll_fn(move |context| {
        if left == 0 {
            return Poll::Ready(());
        }
        left -= 1;
        doing.as_mut().poll(context).map(drop)
    })
    .await;
}

async fn lapsed(test: &TestStore, engine: &Engine, case: &Case) {
    let seen = {
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        let head = actor(test, "deputy", Role::Head);
        cases::see(&mut tx, &head, &case.id).await.unwrap()
    };
    let steps: Vec<&str> = seen
        .case
        .done
        .iter()
        .map(|done| done.step.as_str())
        .collect();
    assert_eq!(steps, ["open", "lapse"]);
    assert_eq!(seen.linked.len(), 1, "one other case was opened");
    let events = "SELECT COUNT(*) AS n FROM ledger_event WHERE trust = $1 AND record_kind = 'case_file' AND record = $2";
    assert_eq!(count(test, events, values![&case.id]).await, 2);
    // What it brought about is put away, so that its own time does not come.
    let head = actor(test, "head", Role::Head);
    for line in &seen.linked {
        take(&test.store, engine, &head, &line.case, "back", "Back")
            .await
            .unwrap();
    }
}

on_both! {
    async fn what_a_passed_deadline_brings_about_comes_once_wherever_the_worker_is_stopped(test: TestStore) {
        let engine = begun(&test).await;
        let other = test.another_node().await;
        let mut ended_early = 0;
        for turns in 1..=24 {
            let case = lend(&test, &engine).await;
            // The reminder comes and goes before.
            test.hand.advance(Duration::from_secs(20 * 3600));
            let worker = Worker::new(test.store.clone(), kinds(&engine));
            assert!(worker.round().await.unwrap() > 0);
            let before = told(&test).await;
            test.hand.advance(Duration::from_secs(4 * 3600));
            stopped(worker.round(), turns).await;
            ended_early += usize::from(told(&test).await == before);
            // Another node takes over when the lease is over, and a third finds nothing left to do.
            test.hand.advance(Duration::from_secs(61));
            let second = Worker::new(other.clone(), kinds(&engine));
            // PostgreSQL may hold the job for the one who was stopped a moment longer.
            for _ in 0..200 {
                let found = second.round().await.unwrap() + worker.round().await.unwrap();
                if found == 0 && told(&test).await != before {
                    break;
                }
            }
            assert_eq!(worker.round().await.unwrap(), 0, "after {turns} turns");
            lapsed(&test, &engine, &case).await;
            let after = told(&test).await;
            assert_eq!((after.0 - before.0, after.1 - before.1), (1, 1), "after {turns} turns");
            take(&test.store, &engine, &actor(&test, "head", Role::Head), &kept(&test, &case).await, "back", "Back")
                .await
                .unwrap();
        }
        assert!(ended_early > 0, "no worker was stopped on its way");
    }

    async fn two_nodes_at_once_let_a_deadline_pass_once(test: TestStore) {
        let engine = begun(&test).await;
        let other = test.another_node().await;
        let mut lent = Vec::new();
        for _ in 0..4 {
            lent.push(lend(&test, &engine).await);
        }
        let before = told(&test).await;
        test.hand.advance(Duration::from_secs(24 * 3600));
        let here = Worker::new(test.store.clone(), kinds(&engine));
        let there = Worker::new(other, kinds(&engine));
        let (a, b) = tokio::join!(here.round(), there.round());
        // For each its reminder, which comes late and says nothing any more, and its end.
        assert_eq!(a.unwrap() + b.unwrap(), 8);
        let after = told(&test).await;
        for case in &lent {
            lapsed(&test, &engine, case).await;
        }
        let reminded = after.0 - before.0 - 4;
        assert!(reminded <= 4, "each was told of once, and reminded of once at most: {reminded}");
    }

    async fn of_two_people_at_once_one_is_told_and_nothing_is_lost(test: TestStore) {
        let engine = begun(&test).await;
        let other = test.another_node().await;
        let (head, deputy) = (actor(&test, "head", Role::Head), actor(&test, "deputy", Role::Head));
        for _ in 0..5 {
            let case = lend(&test, &engine).await;
            let (one, two) = tokio::join!(
                take(&test.store, &engine, &head, &case, "note", "By the head"),
                take(&other, &engine, &deputy, &case, "note", "By the deputy")
            );
            let (won, lost, whose, note) = match (one, two) {
                (Ok(case), Err(error)) => (case, error, &deputy, "By the deputy"),
                (Err(error), Ok(case)) => (case, error, &head, "By the head"),
                both => panic!("one of two: {both:?}"),
            };
            assert!(matches!(lost, CaseError::Changed), "{lost}");
            let again = take(&test.store, &engine, whose, &won, "note", note).await.unwrap();
            let mut notes: Vec<&str> = again.done.iter().map(|done| done.note.as_str()).collect();
            notes.sort_unstable();
            assert_eq!(notes, ["", "By the deputy", "By the head"]);
            assert_eq!(again, kept(&test, &case).await);
        }
    }

    async fn from_paper_come_no_deadline_no_message_and_no_work(test: TestStore) {
        let world = World::new(test).await;
        let registers = world.engine.registers();
        for register in registers.registers() {
            for (school, _) in SCHOOLS {
                let plan = Plan::of(&world, &register.id, school).await;
                on_paper(&world, &plan).await;
            }
        }
        for sql in [
            "SELECT COUNT(*) AS n FROM case_deadline WHERE trust = $1",
            "SELECT COUNT(*) AS n FROM message WHERE trust = $1",
            "SELECT COUNT(*) AS n FROM job WHERE trust = $1",
            "SELECT COUNT(*) AS n FROM case_link WHERE trust = $1",
        ] {
            assert_eq!(count(&world.test, sql, values![]).await, 0, "{sql}");
        }
        let part = Part { skip: 0, size: 1 };
        let mut reader = world.test.store.read(&world.test.trust);
        let mut seen = 0;
        for person in &world.people {
            let store = &world.test.store;
            let waiting = cases::waiting(&mut reader, store, &person.actor, part).await.unwrap();
            assert_eq!(waiting.total, 0, "{}", person.id);
            let all = Filter { standing: Standing::All, ..Filter::default() };
            seen += cases::list(&mut reader, store, &person.actor, &all, part).await.unwrap().total;
        }
        assert!(seen > 0, "they are there all the same");
    }
}

async fn kept(test: &TestStore, case: &Case) -> Case {
    let mut reader = test.store.read(&test.trust);
    let found = row::find(&mut reader, &test.store, &test.trust, &case.id).await;
    found.unwrap().unwrap()
}

/// Enters a case from paper, and takes it to its end where no other case or deadline is needed for that.
async fn on_paper(world: &World, plan: &Plan<'_>) {
    let openings = plan.openings(&plan.openers(""), &Answers::new());
    let (model, way) = openings.into_iter().next().unwrap();
    let mut walk = Walk::open(world, plan, way.first().unwrap(), model, true).await;
    walk.model.running.clear();
    let end = plan.way(vec![(walk.model.clone(), Vec::new())], &Goal::End);
    let by_hand = |act: &Move| !act.who.is_empty() && act.first.is_none();
    if let Some((_, way)) = end.filter(|(_, way)| way.iter().all(by_hand)) {
        walk.follow(&way).await;
    }
}
