use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::civil::{date, time};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::claim::{DueWork, claim};
use super::{
    Due, Every, Job, JobContext, JobError, Protection, Registry, Waiting, Worker, enqueue,
    enqueue_once, waiting,
};
use crate::store::testing::{TestStore, on_both};
use crate::store::{Query as _, Store};
use crate::values;

/// How a bell answers when it is rung.
#[derive(Clone, Copy, Default)]
pub(super) enum Answer {
    #[default]
    Rings,
    Later,
    Never,
    Panics,
}

/// What was rung, and how the next ring is answered.
#[derive(Clone, Default)]
pub(super) struct Belfry {
    rung: Arc<Mutex<Vec<String>>>,
    answer: Arc<Mutex<Answer>>,
    told: Arc<tokio::sync::Notify>,
}

impl Belfry {
    pub(super) fn set(&self, answer: Answer) {
        *self.answer.lock().unwrap() = answer;
    }

    fn rung(&self) -> Vec<String> {
        self.rung.lock().unwrap().clone()
    }

    fn registry(&self) -> Registry {
        Registry::new().job::<Ring>(self.clone())
    }

    pub(super) fn worker(&self, store: &Store) -> Worker {
        Worker::new(store.clone(), self.registry())
    }
}

#[derive(Default, Deserialize, Serialize)]
pub(super) struct Ring {
    name: String,
    record: Option<String>,
}

impl Ring {
    pub(super) fn of(name: &str) -> Self {
        let (name, record) = (name.to_owned(), None);
        Self { name, record }
    }
}

impl Job for Ring {
    const KIND: &'static str = "test.ring";
    const TITLE: &'static str = "Ring a bell";
    const ATTEMPTS: u32 = 3;
    type With = Belfry;

    fn protection(&self) -> Protection {
        match &self.record {
            Some(record) => Protection::Record(record.clone()),
            None => Protection::OwnKey,
        }
    }

    async fn run(self, belfry: &Belfry, _: &JobContext) -> Result<(), JobError> {
        belfry.rung.lock().unwrap().push(self.name);
        belfry.told.notify_one();
        let answer = *belfry.answer.lock().unwrap();
        match answer {
            Answer::Rings => Ok(()),
            Answer::Later => Err(JobError::retry("the ringer is away")),
            Answer::Never => Err(JobError::fail("the bell is cracked")),
            Answer::Panics => panic!("the rope broke"),
        }
    }
}

pub(super) async fn queue(test: &TestStore, ring: &Ring, due: Due) -> super::JobId {
    let mut tx = test.store.begin(&test.trust).await.unwrap();
    let id = enqueue(&mut tx, ring, due).await.unwrap();
    tx.commit_unrecorded().await.unwrap();
    id
}

pub(super) async fn count(test: &TestStore, sql: &'static str) -> u64 {
    test.store
        .read(&test.trust)
        .count(sql, values![])
        .await
        .unwrap()
}

pub(super) async fn standing(test: &TestStore) -> Waiting {
    let mut reader = test.store.read(&test.trust);
    waiting(&mut reader, test.store.clock().now())
        .await
        .unwrap()
}

fn work(test: &TestStore, id: &super::JobId) -> DueWork {
    DueWork {
        trust: test.trust.clone(),
        job: id.clone(),
        kind: Ring::KIND.to_owned(),
    }
}

on_both! {
    async fn a_job_is_there_if_and_only_if_its_change_is(test: TestStore) {
        let belfry = Belfry::default();
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        enqueue(&mut tx, &Ring::of("dropped"), Due::Now).await.unwrap();
        drop(tx);
        queue(&test, &Ring::of("kept"), Due::Now).await;
        assert_eq!(belfry.worker(&test.store).round().await.unwrap(), 1);
        assert_eq!(belfry.rung(), ["kept"]);
    }

    async fn a_job_that_is_done_leaves_nothing(test: TestStore) {
        let belfry = Belfry::default();
        queue(&test, &Ring::of("a"), Due::Now).await;
        belfry.worker(&test.store).round().await.unwrap();
        assert_eq!(belfry.worker(&test.store).round().await.unwrap(), 0);
        for sql in [
            "SELECT COUNT(*) AS n FROM job WHERE trust = $1",
            "SELECT COUNT(*) AS n FROM due_work WHERE trust = $1",
            "SELECT COUNT(*) AS n FROM record_key WHERE trust = $1",
        ] {
            assert_eq!(count(&test, sql).await, 0, "{sql}");
        }
    }

    async fn a_job_waits_until_it_is_due(test: TestStore) {
        let belfry = Belfry::default();
        let worker = belfry.worker(&test.store);
        queue(&test, &Ring::of("later"), Due::After(SignedDuration::from_mins(10))).await;
        assert_eq!(worker.round().await.unwrap(), 0);
        test.hand.advance(Duration::from_secs(600));
        assert_eq!(worker.round().await.unwrap(), 1);
    }

    async fn the_payload_is_sealed_and_goes_with_the_record_it_is_sealed_for(test: TestStore) {
        let belfry = Belfry::default();
        let ring = Ring { name: "Katherine".into(), record: Some("person/p1".into()) };
        let id = queue(&test, &ring, Due::Now).await;
        let row = test.store.read(&test.trust)
            .first("SELECT payload FROM job WHERE trust = $1 AND id = $2", values![&id])
            .await.unwrap().unwrap();
        let payload: Vec<u8> = row.get("payload").unwrap();
        assert!(!payload.is_empty());
        assert!(!payload.windows(9).any(|part| part == b"Katherine"));
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        tx.destroy_record_key("person/p1").await.unwrap();
        tx.commit_unrecorded().await.unwrap();
        assert_eq!(belfry.worker(&test.store).round().await.unwrap(), 1);
        assert_eq!(belfry.rung(), [""; 0], "the job ended without being run");
        assert_eq!(standing(&test).await, Waiting::default());
    }

    async fn what_fails_is_tried_again_later_and_given_up_in_the_end(test: TestStore) {
        let belfry = Belfry::default();
        let worker = belfry.worker(&test.store);
        belfry.set(Answer::Later);
        queue(&test, &Ring::of("a"), Due::Now).await;
        assert_eq!(worker.round().await.unwrap(), 1);
        assert_eq!(worker.round().await.unwrap(), 0, "not before its time");
        test.hand.advance(Duration::from_secs(14));
        assert_eq!(worker.round().await.unwrap(), 0, "not before half the wait");
        test.hand.advance(Duration::from_secs(16));
        assert_eq!(worker.round().await.unwrap(), 1);
        assert_eq!(standing(&test).await.waiting, 1);
        test.hand.advance(Duration::from_secs(60));
        assert_eq!(worker.round().await.unwrap(), 1);
        assert_eq!(standing(&test).await.dead, 1, "given up after its three attempts");
        test.hand.advance(Duration::from_secs(1_000_000));
        assert_eq!(worker.round().await.unwrap(), 0);
        assert_eq!(belfry.rung().len(), 3);
    }

    async fn what_can_never_go_well_is_given_up_at_once(test: TestStore) {
        let belfry = Belfry::default();
        belfry.set(Answer::Never);
        let id = queue(&test, &Ring::of("a"), Due::Now).await;
        belfry.worker(&test.store).round().await.unwrap();
        assert_eq!(standing(&test).await.dead, 1);
        let row = test.store.read(&test.trust)
            .first("SELECT last_error FROM job WHERE trust = $1 AND id = $2", values![&id])
            .await.unwrap().unwrap();
        assert_eq!(row.get::<String>("last_error").unwrap(), "the bell is cracked");
    }

    async fn a_panic_ends_one_attempt_and_nothing_else(test: TestStore) {
        let belfry = Belfry::default();
        belfry.set(Answer::Panics);
        queue(&test, &Ring::of("a"), Due::Now).await;
        assert_eq!(belfry.worker(&test.store).round().await.unwrap(), 1);
        belfry.set(Answer::Rings);
        test.hand.advance(Duration::from_secs(30));
        assert_eq!(belfry.worker(&test.store).round().await.unwrap(), 1);
        assert_eq!(standing(&test).await, Waiting::default());
    }

    async fn two_nodes_do_every_job_once(test: TestStore) {
        let belfry = Belfry::default();
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        for number in 0..40 {
            enqueue(&mut tx, &Ring::of(&number.to_string()), Due::Now).await.unwrap();
        }
        tx.commit_unrecorded().await.unwrap();
        let other = test.another_node().await;
        let (here, there) = (belfry.worker(&test.store), belfry.worker(&other));
        let (here, there) = tokio::join!(here.round(), there.round());
        assert_eq!(here.unwrap() + there.unwrap(), 40);
        let mut rung = BTreeMap::new();
        for name in belfry.rung() {
            *rung.entry(name).or_insert(0) += 1;
        }
        assert_eq!(rung.len(), 40);
        assert!(rung.values().all(|&times| times == 1), "{rung:?}");
    }

    async fn the_lease_of_a_dead_node_is_taken_over(test: TestStore) {
        let belfry = Belfry::default();
        let other = test.another_node().await;
        let id = queue(&test, &Ring::of("a"), Due::Now).await;
        // A node claims the job and is heard of no more.
        let lost = claim(&other, &work(&test, &id), 3).await.unwrap().unwrap();
        let worker = belfry.worker(&test.store);
        assert_eq!(worker.round().await.unwrap(), 0, "it is taken");
        test.hand.advance(Duration::from_secs(59));
        assert!(lost.renew(&other).await.unwrap(), "the node is alive after all");
        test.hand.advance(Duration::from_secs(59));
        assert_eq!(worker.round().await.unwrap(), 0);
        test.hand.advance(Duration::from_secs(1));
        let taken = claim(&test.store, &work(&test, &id), 3).await.unwrap().unwrap();
        // What the first node still says of it is not heard.
        assert!(!lost.renew(&other).await.unwrap());
        lost.settle(&other, 3, Ok(())).await.unwrap();
        lost.settle(&other, 3, Err(JobError::fail("too late"))).await.unwrap();
        assert_eq!(standing(&test).await.running, 1);
        taken.settle(&test.store, 3, Ok(())).await.unwrap();
        assert_eq!(standing(&test).await, Waiting::default());
    }

    async fn a_job_that_ends_the_program_each_time_is_given_up(test: TestStore) {
        let id = queue(&test, &Ring::of("a"), Due::Now).await;
        for _ in 0..3 {
            claim(&test.store, &work(&test, &id), 3).await.unwrap().unwrap();
            test.hand.advance(Duration::from_secs(60));
        }
        assert!(claim(&test.store, &work(&test, &id), 3).await.unwrap().is_none());
        assert_eq!(standing(&test).await.dead, 1);
    }

    async fn a_key_keeps_a_second_job_out_until_the_first_has_ended(test: TestStore) {
        let belfry = Belfry::default();
        let worker = belfry.worker(&test.store);
        let once = async |key: &str| {
            let mut tx = test.store.begin(&test.trust).await.unwrap();
            let queued = enqueue_once(&mut tx, &Ring::of(key), Due::Now, key).await.unwrap();
            tx.commit_unrecorded().await.unwrap();
            queued
        };
        assert!(once("a").await);
        assert!(!once("a").await);
        assert!(once("b").await);
        assert_eq!(worker.round().await.unwrap(), 2);
        assert!(once("a").await, "done");
        belfry.set(Answer::Never);
        worker.round().await.unwrap();
        assert!(once("a").await, "given up");
    }

    async fn work_of_an_unknown_kind_is_left_for_a_newer_node(test: TestStore) {
        queue(&test, &Ring::of("a"), Due::Now).await;
        let worker = Worker::new(test.store.clone(), Registry::new());
        assert_eq!(worker.round().await.unwrap(), 0);
        assert_eq!(Belfry::default().worker(&test.store).round().await.unwrap(), 1);
    }

    async fn due_work_without_its_job_is_forgotten(test: TestStore) {
        let belfry = Belfry::default();
        queue(&test, &Ring::of("a"), Due::Now).await;
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        tx.execute("DELETE FROM job WHERE trust = $1", values![]).await.unwrap();
        tx.commit_unrecorded().await.unwrap();
        assert_eq!(belfry.worker(&test.store).round().await.unwrap(), 0);
        assert_eq!(count(&test, "SELECT COUNT(*) AS n FROM due_work WHERE trust = $1").await, 0);
    }

    async fn recurring_work_comes_once_a_turn_whatever_the_number_of_nodes(test: TestStore) {
        let belfry = Belfry::default();
        let other = test.another_node().await;
        let registry = || Registry::new().recurring::<Ring>(Every::Minutes(10), belfry.clone());
        let here = Worker::new(test.store.clone(), registry());
        let there = Worker::new(other, registry());
        let both = async || {
            let (a, b) = tokio::join!(here.round(), there.round());
            // One of the two may have looked before the other's job was queued.
            a.unwrap() + b.unwrap() + here.round().await.unwrap()
        };
        assert_eq!(both().await, 1, "the first turn");
        assert_eq!(both().await, 0);
        test.hand.advance(Duration::from_secs(599));
        assert_eq!(both().await, 0);
        test.hand.advance(Duration::from_secs(1));
        assert_eq!(both().await, 1, "the second turn");
        test.hand.advance(Duration::from_secs(6000));
        assert_eq!(both().await, 1, "turns that were missed are made up for by one");
    }

    async fn a_job_may_end_itself_with_its_last_change(test: TestStore) {
        let registry = Registry::new().job::<Rename>(());
        let worker = Worker::new(test.store.clone(), registry);
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        let job = enqueue(&mut tx, &Rename, Due::Now).await.unwrap();
        tx.commit_unrecorded().await.unwrap();
        // A node that lost its lease cannot make the change.
        let lost = JobContext {
            store: test.store.clone(),
            trust: test.trust.clone(),
            id: job,
            lease: "lapsed".to_owned(),
            attempt: 1,
            attempts: 3,
            created_at: Timestamp::UNIX_EPOCH,
        };
        assert!(Rename.run(&(), &lost).await.is_err());
        let renamed = "SELECT COUNT(*) AS n FROM trust WHERE trust = $1 AND name = 'Fir'";
        assert_eq!(count(&test, renamed).await, 0);
        worker.round().await.unwrap();
        assert_eq!(count(&test, renamed).await, 1);
        assert_eq!(standing(&test).await, Waiting::default());
    }

    async fn the_loop_wakes_when_work_is_queued_and_ends_when_told(test: TestStore) {
        let belfry = Belfry::default();
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let working = belfry.worker(&test.store).work(async { drop(stopped.await) });
        let working = tokio::spawn(working);
        for name in ["a", "b"] {
            queue(&test, &Ring::of(name), Due::Now).await;
            belfry.told.notified().await;
        }
        stop.send(()).unwrap();
        working.await.unwrap();
        assert_eq!(belfry.rung(), ["a", "b"]);
        assert_eq!(standing(&test).await, Waiting::default(), "what was under way was ended");
    }
}

/// Changes the trust's name, and ends with that change.
#[derive(Deserialize, Serialize)]
struct Rename;

impl Job for Rename {
    const KIND: &'static str = "test.rename";
    const TITLE: &'static str = "Rename the trust";
    type With = ();

    async fn run(self, (): &(), context: &JobContext) -> Result<(), JobError> {
        let mut tx = context.begin().await?;
        tx.execute("UPDATE trust SET name = 'Fir' WHERE trust = $1", values![])
            .await?;
        context.complete(&mut tx).await?;
        tx.commit_unrecorded().await?;
        Ok(())
    }
}

#[test]
fn a_daily_turn_begins_at_its_time_of_the_day() {
    let zone = jiff::tz::TimeZone::UTC;
    let at = |hour| {
        date(2026, 11, 20)
            .at(hour, 0, 0, 0)
            .to_zoned(zone.clone())
            .unwrap()
    };
    let turn = |hour| Every::Day(time(16, 0, 0, 0)).turn(&at(hour));
    assert_eq!(turn(16), at(16).timestamp());
    assert_eq!(turn(23), at(16).timestamp());
    let before = turn(15);
    assert_eq!(before, at(16).timestamp() - SignedDuration::from_hours(24));
}
