use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, header};
use serde_json::json;
use tower::ServiceExt as _;

use super::{Message, forget, kinds, send};
use crate::authority::Actor;
use crate::jobs::{Waiting, Worker, waiting};
use crate::mail::tests::{kate, mail_server, settings};
use crate::mail::{Link, Mailer};
use crate::policies::Policies;
use crate::sign_in::{self, Method};
use crate::store::PersonId;
use crate::store::testing::{TestStore, on_both};
use crate::values;
use crate::web::{self, App, Limits};

fn message(subject: &str) -> Message {
    Message {
        subject: subject.to_owned(),
        body: "First.\n\nSecond.".to_owned(),
        link: Some(Link {
            text: "Look at it".to_owned(),
            path: "/policies".to_owned(),
        }),
        urgent: false,
        confidential: false,
    }
}

async fn tell(test: &TestStore, to: &PersonId, message: &Message) {
    let mut tx = test.store.begin(&test.trust).await.unwrap();
    send(&mut tx, to, message).await.unwrap();
    tx.commit_unrecorded().await.unwrap();
}

async fn standing(test: &TestStore) -> Waiting {
    let mut reader = test.store.read(&test.trust);
    waiting(&mut reader, test.store.clock().now())
        .await
        .unwrap()
}

/// The site as one person sees it in a browser.
pub(crate) struct Browser {
    router: Router,
    cookie: String,
}

impl Browser {
    pub(crate) async fn of(test: &TestStore, person: &PersonId) -> Self {
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        let session = sign_in::open_session(&mut tx, &test.trust, person, Method::Link, "test");
        let session = session.await.unwrap();
        tx.commit_unrecorded().await.unwrap();
        let policies = Arc::new(Policies::load(None).unwrap());
        let app = App::new(policies, test.store.clock().clone()).unwrap();
        let limits = Limits {
            body_bytes: 10_000,
            request_timeout: Duration::from_secs(15),
            requests_per_second: NonZeroU32::MAX,
            burst_requests: NonZeroU32::MAX,
        };
        Self {
            router: web::router(app.with_store(test.store.clone(), false), &limits),
            cookie: format!("{}={}", sign_in::SESSION_COOKIE, session.cookie),
        }
    }

    pub(crate) async fn send(
        &self,
        request: axum::http::request::Builder,
        body: String,
    ) -> (u16, String) {
        let request = request
            .header(header::COOKIE, &self.cookie)
            .header(header::HOST, "localhost")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body))
            .unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        let location = response.headers().get(header::LOCATION);
        if let Some(location) = location {
            return (status, location.to_str().unwrap().to_owned());
        }
        let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        (status, String::from_utf8(bytes.to_vec()).unwrap())
    }

    pub(crate) async fn get(&self, path: &str) -> String {
        let (status, page) = self.send(Request::get(path), String::new()).await;
        assert_eq!(status, 200, "{path}: {page}");
        page
    }

    pub(crate) async fn post(&self, path: &str, body: &str) -> (u16, String) {
        self.send(Request::post(path), body.to_owned()).await
    }
}

on_both! {
    async fn messages_wait_on_the_home_page_unread_first(test: TestStore) {
        let person = kate(&test).await;
        let browser = Browser::of(&test, &person).await;
        assert!(browser.get("/home").await.contains("There are no messages for you."));
        for number in 1..=22 {
            tell(&test, &person, &message(&format!("Number {number}."))).await;
            test.hand.advance(Duration::from_secs(60));
        }
        let page = browser.get("/home").await;
        assert!(page.contains("You have 22 unread messages."));
        assert!(page.contains("Number 22.") && !page.contains("Number 2."));
        let (_, second) = page.split_once("home?page=").unwrap();
        assert!(second.starts_with('2'));
        assert!(browser.get("/home?page=2").await.contains("Number 2."));
        // The newest is read: it goes behind all that are not.
        let (_, id) = page.split_once("/home/messages/").unwrap();
        let (id, _) = id.split_once('/').unwrap();
        let read = browser.post(&format!("/home/messages/{id}/read"), "").await;
        assert_eq!(read, (303, "/home?done=read".to_owned()));
        let page = browser.get("/home?done=read").await;
        assert!(page.contains("You have 21 unread messages.") && !page.contains("Number 22."));
        browser.post("/home/messages/read", "").await;
        assert!(browser.get("/home").await.contains("You have read all your messages."));
    }

    async fn nobody_reads_or_marks_the_messages_of_another(test: TestStore) {
        let person = kate(&test).await;
        let other: PersonId = "p2".parse().unwrap();
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        tx.execute(
            "INSERT INTO person (trust, id, given_name, family_name, demonstration) \
             VALUES ($1, $2, 'Sam', 'Roe', 0)",
            values![&other],
        ).await.unwrap();
        let id = send(&mut tx, &person, &message("For Kate.")).await.unwrap();
        tx.commit_unrecorded().await.unwrap();
        let sam = Browser::of(&test, &other).await;
        assert!(!sam.get("/home").await.contains("For Kate."));
        sam.post(&format!("/home/messages/{id}/read"), "").await;
        sam.post("/home/messages/read", "").await;
        let kate = Browser::of(&test, &person).await;
        assert!(kate.get("/home").await.contains("You have 1 unread message."));
    }

    async fn a_message_goes_out_by_mail_unless_it_was_read_before(test: TestStore) {
        let Some(mut server) = mail_server(&json!({})) else { return };
        let person = kate(&test).await;
        let worker = Worker::new(test.store.clone(), kinds(&Mailer::new(&settings(&server)).unwrap()));
        worker.round().await.unwrap();
        tell(&test, &person, &message("To all.")).await;
        assert_eq!(worker.round().await.unwrap(), 1);
        let mailed = server.event("message").unwrap();
        assert_eq!(mailed["subject"], "To all.");
        assert!(mailed["text"].as_str().unwrap().contains("https://probity.ash.example/policies"));
        tell(&test, &person, &message("Read at once.")).await;
        Browser::of(&test, &person).await.post("/home/messages/read", "").await;
        assert_eq!(worker.round().await.unwrap(), 1);
        let secret = Message { confidential: true, ..message("About Sam Roe") };
        tell(&test, &person, &secret).await;
        worker.round().await.unwrap();
        let mailed = server.event("message").unwrap();
        assert_eq!(mailed["subject"], "A message waits for you in Probity");
        assert!(!mailed["raw"].as_str().unwrap().contains("Sam"));
    }

    async fn a_person_chooses_what_comes_by_mail(test: TestStore) {
        let Some(mut server) = mail_server(&json!({})) else { return };
        let person = kate(&test).await;
        let browser = Browser::of(&test, &person).await;
        let worker = Worker::new(test.store.clone(), kinds(&Mailer::new(&settings(&server)).unwrap()));
        worker.round().await.unwrap();
        let (status, page) = browser.post("/me/messages", "").await;
        assert!(status == 200 && page.contains("There is a problem"));
        let saved = (303, "/me/messages?done=saved".to_owned());
        assert_eq!(browser.post("/me/messages", "by_mail=daily").await, saved);
        assert_eq!(browser.post("/me/messages", "by_mail=daily").await, saved, "as it was");
        tell(&test, &person, &message("One.")).await;
        tell(&test, &person, &message("Two.")).await;
        tell(&test, &person, &Message { urgent: true, ..message("At once.") }).await;
        assert_eq!(worker.round().await.unwrap(), 1);
        assert_eq!(server.event("message").unwrap()["subject"], "At once.");
        test.hand.advance(Duration::from_secs(4 * 3600));
        assert_eq!(worker.round().await.unwrap(), 1, "at four");
        let digest = server.event("message").unwrap();
        assert_eq!(digest["subject"], "2 messages wait for you in Probity");
        let text = digest["text"].as_str().unwrap();
        assert!(text.contains("One.") && text.contains("Two.") && !text.contains("At once."));
        assert_eq!(browser.post("/me/messages", "by_mail=urgent").await, saved);
        tell(&test, &person, &message("Three.")).await;
        assert_eq!(standing(&test).await, Waiting::default(), "not by mail");
    }

    async fn home_says_that_an_address_does_not_work_and_tries_it_again(test: TestStore) {
        let refusing = json!({ "refuse": { "kate@ash.example": 550 } });
        let Some(mut server) = mail_server(&refusing) else { return };
        let person = kate(&test).await;
        let browser = Browser::of(&test, &person).await;
        let worker = Worker::new(test.store.clone(), kinds(&Mailer::new(&settings(&server)).unwrap()));
        tell(&test, &person, &message("Lost?")).await;
        worker.round().await.unwrap();
        let page = browser.get("/home").await;
        assert!(page.contains("Your e-mail address does not work") && page.contains("Lost?"));
        tell(&test, &person, &message("Not tried.")).await;
        assert_eq!(standing(&test).await.waiting, 0);
        server.set(&json!({})).unwrap();
        let trying = browser.post("/me/messages/try", "").await;
        assert_eq!(trying, (303, "/me/messages?done=trying".to_owned()));
        worker.round().await.unwrap();
        assert_eq!(server.event("message").unwrap()["subject"], "Your e-mail address works");
        assert!(!browser.get("/home").await.contains("does not work"));
    }

    async fn without_a_mail_server_messages_wait_at_home_alone(test: TestStore) {
        let person = kate(&test).await;
        let worker = Worker::new(test.store.clone(), kinds(&Mailer::none()));
        tell(&test, &person, &message("Here.")).await;
        worker.round().await.unwrap();
        assert_eq!(standing(&test).await, Waiting::default(), "nothing was given up");
        assert!(Browser::of(&test, &person).await.get("/home").await.contains("Here."));
    }

    async fn nothing_is_left_of_a_person_who_is_forgotten(test: TestStore) {
        let person = kate(&test).await;
        let browser = Browser::of(&test, &person).await;
        browser.post("/me/messages", "by_mail=urgent").await;
        tell(&test, &person, &message("For Kate.")).await;
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        forget(&mut tx, &Actor::operator(test.trust.clone()), &person).await.unwrap();
        tx.execute("DELETE FROM session WHERE trust = $1", values![]).await.unwrap();
        tx.execute("DELETE FROM person WHERE trust = $1", values![]).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn nobody_invented_is_written_to(test: TestStore) {
        let person = kate(&test).await;
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        tx.execute("UPDATE person SET demonstration = 1 WHERE trust = $1", values![]).await.unwrap();
        tx.commit_unrecorded().await.unwrap();
        tell(&test, &person, &message("For Kate.")).await;
        assert_eq!(standing(&test).await, Waiting::default());
    }

    async fn messages_go_a_year_after_they_were_read(test: TestStore) {
        let person = kate(&test).await;
        let browser = Browser::of(&test, &person).await;
        let worker = Worker::new(test.store.clone(), kinds(&Mailer::none()));
        tell(&test, &person, &message("Read.")).await;
        browser.post("/home/messages/read", "").await;
        tell(&test, &person, &message("Unread.")).await;
        test.hand.advance(Duration::from_secs(364 * 86_400));
        worker.round().await.unwrap();
        assert!(Browser::of(&test, &person).await.get("/home").await.contains("Read."));
        test.hand.advance(Duration::from_secs(2 * 86_400));
        worker.round().await.unwrap();
        let page = Browser::of(&test, &person).await.get("/home").await;
        assert!(!page.contains("Read.") && page.contains("Unread."));
    }
}
