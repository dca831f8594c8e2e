//! Lets the program's own jobs run, for tests.

use super::watch::Watch;
use super::*;
use crate::accounts::tests::plain;
use crate::cases;
use crate::jobs::{Due, Worker, enqueue};
use crate::store::testing::TestStore;

pub(super) async fn work(test: &TestStore) {
    let engine = plain();
    let kinds = kinds(&engine, &Mailer::none()).merge(cases::kinds(&engine));
    let worker = Worker::new(test.store.clone(), kinds);
    for _ in 0..3 {
        worker.round().await.unwrap();
    }
}

pub(super) async fn look(test: &TestStore) {
    let mut tx = test.store.begin(&test.trust).await.unwrap();
    enqueue(&mut tx, &Watch, Due::Now).await.unwrap();
    tx.commit_unrecorded().await.unwrap();
    // What it queues stays in the queue, to be counted.
    let alone = Registry::new().job::<Watch>(plain());
    Worker::new(test.store.clone(), alone)
        .round()
        .await
        .unwrap();
}
