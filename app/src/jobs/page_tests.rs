//! The queue's pages, as somebody who looks after it sees them.

use axum::http::Request;

use super::tests::{Answer, Belfry, Ring, count, queue, standing};
use super::{Due, JobId, Waiting, enqueue};
use crate::mail::tests::kate;
use crate::messages::tests::Browser;
use crate::store::testing::{TestStore, on_both};
use crate::values;

/// Somebody from IT, for the whole trust.
async fn browser(test: &TestStore) -> Browser {
    let person = kate(test).await;
    let mut tx = test.store.begin(&test.trust).await.unwrap();
    tx.execute(
        "INSERT INTO held_role (trust, id, person, role) VALUES ($1, 'r1', $2, 'it')",
        values![&person],
    )
    .await
    .unwrap();
    tx.commit_unrecorded().await.unwrap();
    Browser::of(test, &person).await
}

async fn given_up(test: &TestStore, belfry: &Belfry) -> JobId {
    belfry.set(Answer::Never);
    let id = queue(test, &Ring::of("a"), Due::Now).await;
    belfry.worker(&test.store).round().await.unwrap();
    belfry.set(Answer::Rings);
    id
}

on_both! {
    async fn what_was_given_up_is_tried_again_and_the_ledger_knows(test: TestStore) {
        let belfry = Belfry::default();
        let browser = browser(&test).await;
        let id = given_up(&test, &belfry).await;
        let page = browser.get("/jobs").await;
        assert!(page.contains("Ring a bell") && page.contains("the bell is cracked"));
        assert!(browser.get(&format!("/jobs/{id}")).await.contains("Given up"));
        let done = (303, "/jobs?done=retried".to_owned());
        assert_eq!(browser.post(&format!("/jobs/{id}/retry"), "").await, done);
        let (status, _) = browser.post(&format!("/jobs/{id}/retry"), "").await;
        assert_eq!(status, 409, "it waits already");
        assert!(browser.get("/jobs?state=waiting").await.contains("Ring a bell"));
        assert_eq!(belfry.worker(&test.store).round().await.unwrap(), 1);
        assert_eq!(standing(&test).await, Waiting::default());
        let events = "SELECT COUNT(*) AS n FROM ledger_event \
            WHERE trust = $1 AND kind = 'job.retried' AND person = 'p1'";
        assert_eq!(count(&test, events).await, 1);
        let (status, page) = browser.send(Request::get(format!("/jobs/{id}")), String::new()).await;
        assert!(status == 404 && page.contains("It may be done by now."));
    }

    async fn only_what_was_given_up_is_discarded_and_after_a_question(test: TestStore) {
        let belfry = Belfry::default();
        let browser = browser(&test).await;
        let id = given_up(&test, &belfry).await;
        let page = browser.get(&format!("/jobs/{id}/discard")).await;
        assert!(page.contains("Are you sure you want to discard this job?"));
        let done = (303, "/jobs?done=discarded".to_owned());
        assert_eq!(browser.post(&format!("/jobs/{id}/discard"), "").await, done);
        assert!(browser.get("/jobs?done=discarded").await.contains("Nothing was given up."));
        let events = "SELECT COUNT(*) AS n FROM ledger_event \
            WHERE trust = $1 AND kind = 'job.discarded' AND person = 'p1'";
        assert_eq!(count(&test, events).await, 1);
        let waiting = queue(&test, &Ring::of("b"), Due::Now).await;
        let (status, _) = browser.post(&format!("/jobs/{waiting}/discard"), "").await;
        assert_eq!(status, 409);
        assert_eq!(standing(&test).await.waiting, 1);
    }

    async fn all_that_was_given_up_is_tried_again_at_once_page_by_page_shown(test: TestStore) {
        let belfry = Belfry::default();
        let browser = browser(&test).await;
        belfry.set(Answer::Never);
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        for number in 0..51 {
            enqueue(&mut tx, &Ring::of(&number.to_string()), Due::Now).await.unwrap();
        }
        tx.commit_unrecorded().await.unwrap();
        belfry.worker(&test.store).round().await.unwrap();
        let cards = |page: &str| page.matches("app-card").count();
        assert_eq!(cards(&browser.get("/jobs").await), 50);
        assert_eq!(cards(&browser.get("/jobs?state=dead&page=2").await), 1);
        belfry.set(Answer::Rings);
        browser.post("/jobs/retry", "").await;
        assert_eq!(belfry.worker(&test.store).round().await.unwrap(), 51);
        assert_eq!(browser.post("/jobs/retry", "").await, (303, "/jobs".to_owned()));
    }
}
