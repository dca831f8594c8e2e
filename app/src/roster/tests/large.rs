//! A whole large trust at once, while other people sign in, ask and write.

use std::time::{Duration, Instant};

use roster::sample::{Size, trust};
use serde_json::json;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval};

use super::*;
use crate::ledger::{Change, Kept, record_event, verify};
use crate::records::KINDS;
use crate::store::{Store, TrustId};

/// What somebody else saw who worked all the time.
struct Seen {
    times: u32,
    longest: Duration,
    /// How much of the import was said to be done, as often as it was another figure.
    progress: u32,
}

/// Somebody who writes fifty times a second, as a sign-in does: a row and an event.
fn writer(store: Store, id: TrustId, stop: watch::Receiver<bool>) -> JoinHandle<Seen> {
    at_work(stop, move || {
        let (store, id) = (store.clone(), id.clone());
        async move {
            let mut tx = store.begin(&id).await.unwrap();
            tx.execute(
                "UPDATE trust SET created_at = created_at + 1 WHERE trust = $1",
                values![],
            )
            .await
            .unwrap();
            let event = Change {
                kind: "session.begun",
                record_kind: "account",
                record: "somebody",
                before: None,
                after: Some(json!({"address": "203.0.113.1"})),
            };
            let actor = Actor::operator(id.clone());
            record_event(&mut tx, &actor, None, event).await.unwrap();
            tx.commit().await.unwrap();
            0
        }
    })
}

/// Somebody who reads fifty times a second, as asking does, and looks how far the import is.
fn reader(store: Store, id: TrustId, stop: watch::Receiver<bool>) -> JoinHandle<Seen> {
    at_work(stop, move || {
        let (store, id) = (store.clone(), id.clone());
        async move {
            let mut reader = store.read(&id);
            let sql = "SELECT COUNT(*) AS n FROM school WHERE trust = $1";
            reader.count(sql, values![]).await.unwrap();
            let sql =
                "SELECT done AS n FROM roster_import WHERE trust = $1 ORDER BY id DESC LIMIT 1";
            reader.count(sql, values![]).await.unwrap()
        }
    })
}

fn at_work<F, W>(stop: watch::Receiver<bool>, mut work: W) -> JoinHandle<Seen>
where
    F: Future<Output = u64> + Send,
    W: FnMut() -> F + Send + 'static,
{
    tokio::spawn(async move {
        let mut seen = Seen {
            times: 0,
            longest: Duration::ZERO,
            progress: 0,
        };
        let mut last = 0;
        let mut pace = interval(Duration::from_millis(20));
        pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while !*stop.borrow() {
            pace.tick().await;
            let begun = Instant::now();
            let done = work().await;
            seen.longest = seen.longest.max(begun.elapsed());
            seen.times += 1;
            seen.progress += u32::from(done != last);
            last = done;
        }
        seen
    })
}

/// Does one step while others work, and says what they saw.
async fn beside_others<T>(test: &TestStore, what: &str, step: impl Future<Output = T>) -> T {
    let (stop, stopped) = watch::channel(false);
    let (store, id) = (test.store.clone(), test.trust.clone());
    let writer = writer(store.clone(), id.clone(), stopped.clone());
    let reader = reader(store, id, stopped);
    let begun = Instant::now();
    let done = step.await;
    let took = begun.elapsed();
    stop.send(true).unwrap();
    let (wrote, read) = (writer.await.unwrap(), reader.await.unwrap());
    println!(
        "{what}: {took:.2?}; meanwhile others wrote {} times and waited {:.2?} at most, \
         read {} times and waited {:.2?} at most, and saw the progress move {} times",
        wrote.times, wrote.longest, read.times, read.longest, read.progress
    );
    done
}

/// The figures that are published: run with `--release --nocapture` and PROBITY_TEST_ROSTER=full.
#[tokio::test(flavor = "multi_thread")]
async fn a_large_roster_is_imported_while_others_work_on_sqlite() {
    imported_beside_others(TestStore::sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_roster_is_imported_while_others_work_on_postgres() {
    if let Some(test) = TestStore::postgres().await {
        imported_beside_others(test).await;
    }
}

async fn imported_beside_others(test: TestStore) {
    println!("{:?}", test.store.engine());
    let full = std::env::var("PROBITY_TEST_ROSTER").is_ok_and(|size| size == "full");
    let (pupils, staff, schools) = if full {
        (60_000, 8_000, 60)
    } else {
        (600, 80, 3)
    };
    let made = trust(Size {
        schools,
        pupils,
        staff,
        guardians: 0,
        school_year: 2026,
    });
    with_schools(&test, &made).await;

    let step = staged(&test, made.clone(), Mode::FileWins);
    let import = beside_others(&test, "taken in and compared", step).await;
    assert_eq!(import.state, State::Ready, "{:?}", import.detail);
    let step = carried_out(&test, &import.id);
    let import = beside_others(&test, "carried out", step).await;
    assert_eq!(import.state, State::Applied, "{:?}", import.detail);
    assert_eq!(count(&test, PUPILS).await, u64::try_from(pupils).unwrap());

    let step = staged(&test, made, Mode::FileWins);
    let again = beside_others(&test, "compared again, nothing new", step).await;
    let changes = counts(&test.store, &test.trust, &again.id).await.unwrap();
    assert_eq!(changes.all(), 0);
    cancel(&test.store, &test.trust, &again.id).await.unwrap();

    let import = beside_others(&test, "undone", undone(&test, &import.id)).await;
    assert_eq!(import.state, State::Undone, "{:?}", import.detail);
    assert_eq!(count(&test, PEOPLE).await, 0);
    let people = ["person", "pupil", "guardian"];
    let kinds: Vec<_> = KINDS
        .iter()
        .copied()
        .filter(|kind| people.contains(&kind.kind))
        .collect();
    let verified = verify(&test.store, &test.trust, &kinds, &Kept::default()).await;
    assert_eq!(verified.unwrap().faults, Vec::new());
}

async fn with_schools(test: &TestStore, made: &Roster) {
    let mut tx = test.store.begin(&test.trust).await.unwrap();
    for school in made.schools.iter().filter(|s| s.kind == SchoolKind::School) {
        let urn = school.identifier.as_ref().map(|i| i.number().to_owned());
        tx.execute(
            "INSERT INTO school (trust, id, name, urn, phase, nation) \
             VALUES ($1, $2, $3, $4, 'primary', 'england')",
            values![&school.external_id, &school.name, urn],
        )
        .await
        .unwrap();
    }
    tx.commit_unrecorded().await.unwrap();
}
