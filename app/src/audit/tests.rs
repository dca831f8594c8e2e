use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use tower::ServiceExt as _;

use super::{Asked, of_installation};
use crate::authority::{Actor, Role};
use crate::cases::tests::made;
use crate::ledger::{Change, Erasure, checkpoint, erase, open_content, record_event};
use crate::people::forget;
use crate::sign_in;
use crate::store::testing::{TestStore, on_both};
use crate::store::{PersonId, Query as _};
use crate::values;
use crate::web::{self, App, Limits};

/// The site over a test's store, and the cookie of its data protection officer.
struct Site {
    router: axum::Router,
    cookie: String,
}

impl Site {
    async fn new(test: &TestStore) -> Self {
        let app = App::sample().with_store(test.store.clone(), false);
        let limits = Limits {
            body_bytes: 1024,
            request_timeout: std::time::Duration::from_secs(10),
            requests_per_second: std::num::NonZeroU32::MAX,
            burst_requests: std::num::NonZeroU32::MAX,
        };
        let person: PersonId = "kate".parse().unwrap();
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        tx.execute(
            "INSERT INTO person (trust, id, given_name, family_name, search, demonstration) \
             VALUES ($1, $2, 'Kate', 'Adeyemi', 'adeyemi kate', 0)",
            values![&person],
        )
        .await
        .unwrap();
        tx.execute(
            "INSERT INTO held_role (trust, id, person, role) VALUES ($1, 'r1', $2, $3)",
            values![&person, Role::DataProtectionOfficer],
        )
        .await
        .unwrap();
        let method = sign_in::Method::Password;
        let session = sign_in::open_session(&mut tx, &test.trust, &person, method, "test")
            .await
            .unwrap();
        tx.commit_unrecorded().await.unwrap();
        Self {
            router: web::router(app, &limits),
            cookie: format!("{}={}", sign_in::SESSION_COOKIE, session.cookie),
        }
    }

    async fn get(&self, uri: &str) -> (StatusCode, String) {
        let request = Request::builder()
            .uri(uri)
            .header(header::HOST, "localhost")
            .header(header::COOKIE, &self.cookie)
            .body(Body::empty())
            .unwrap();
        let answer = self.router.clone().oneshot(request).await.unwrap();
        let status = answer.status();
        let bytes = axum::body::to_bytes(answer.into_body(), usize::MAX)
            .await
            .unwrap();
        (status, String::from_utf8(bytes.to_vec()).unwrap())
    }
}

async fn enter(test: &TestStore, kind: &'static str, record: &str, name: &str) {
    let actor = Actor::operator(test.trust.clone());
    let mut tx = test.store.begin(&test.trust).await.unwrap();
    let change = Change {
        kind,
        record_kind: "person",
        record,
        before: Some(serde_json::json!({ "known_as": "Sam", "year": 7 })),
        after: Some(serde_json::json!({ "known_as": name, "year": 7 })),
    };
    record_event(&mut tx, &actor, None, change).await.unwrap();
    tx.commit().await.unwrap();
}

on_both! {
    async fn events_are_found_by_what_was_done_to_what_and_when(test: TestStore) {
        let site = Site::new(&test).await;
        assert!(site.get("/audit").await.1.contains("Nothing was recorded yet."));
        enter(&test, "person.changed", "p1", "Alex").await;
        enter(&test, "person.ended", "p2", "Alex").await;
        let (status, all) = site.get("/audit").await;
        assert_eq!(status, 200);
        assert!(all.contains("Person changed") && all.contains("Person ended"));
        assert!(!all.contains("Alex"), "the list opens no content");
        for (query, found) in [
            ("kind=person.changed", "p1"),
            ("record_kind=person&record=p1", "p1"),
            ("record=p2", "p2"),
            ("from=2026-11-20&until=2026-11-20&kind=person.ended", "p2"),
            ("before=1", "p1"),
        ] {
            let (_, page) = site.get(&format!("/audit?{query}")).await;
            let shown = |record: &str| page.contains(&format!("app-break\">{record}<"));
            let other = if found == "p1" { "p2" } else { "p1" };
            assert!(shown(found) && !shown(other), "{query}");
        }
        assert!(site.get("/audit?person=kate").await.1.contains("No event fits."));
        assert!(site.get("/audit?from=2026-11-21").await.1.contains("No event fits."));
        let (status, wrong) = site.get("/audit?from=yesterday").await;
        assert_eq!(status, 200);
        assert!(wrong.contains("Enter the first day as year, month and day"));
        assert_eq!(site.get("/audit/export.csv?from=yesterday").await.0, 422);
    }

    async fn an_event_shows_old_and_new_and_is_itself_recorded_once(test: TestStore) {
        let site = Site::new(&test).await;
        enter(&test, "person.changed", "p1", "Alex").await;
        for _ in 0..2 {
            let (status, page) = site.get("/audit/events/0").await;
            assert_eq!(status, 200);
            assert!(page.contains("Sam") && page.contains("Alex") && page.contains("Changed"));
        }
        let (_, list) = site.get("/audit?kind=event.read").await;
        assert_eq!(list.matches("Event read<").count(), 2, "one in the list, one to choose");
        assert!(list.contains("Kate Adeyemi"));
        let (_, mine) = site.get("/audit?person=adeyemi").await;
        assert!(mine.contains("Event read<"));
        assert_eq!(site.get("/audit/events/99").await.0, 404);
        assert_eq!(site.get("/audit/events/x").await.0, 404);
    }

    async fn what_a_case_says_is_in_no_log_for_those_who_do_not_see_it(test: TestStore) {
        let site = Site::new(&test).await;
        let engine = made::engine(&test);
        let sam = made::somebody(&test, "sam", "Okafor", Role::Staff).await;
        let answers = [("about", "sam"), ("title", "A quince")];
        let case = made::open(&test, &engine, &sam, "note", &answers).await.unwrap();
        let (status, page) = site.get("/audit/events/0").await;
        assert!(status == 200 && page.contains("a case that is not yours to see"), "{page}");
        assert!(!page.contains("quince") && page.contains(case.id.as_str()), "{page}");
        let (_, lines) = site.get("/audit/export.jsonl?kind=case.opened").await;
        assert!(lines.contains(case.id.as_str()) && !lines.contains("quince"), "{lines}");
        // Who looks after cases of the kind, and holds this right as well, sees what they see on its page.
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        let sql = "INSERT INTO held_role (trust, id, person, role, school) VALUES ($1, 'r2', 'kate', $2, 'ash')";
        tx.execute(sql, values![Role::Head]).await.unwrap();
        tx.commit_unrecorded().await.unwrap();
        assert!(site.get("/audit/events/0").await.1.contains("quince"));
        let (_, lines) = site.get("/audit/export.jsonl?kind=case.opened").await;
        assert!(lines.contains("quince"), "{lines}");
    }

    async fn the_log_does_not_say_that_a_kept_case_is_there(test: TestStore) {
        let site = Site::new(&test).await;
        let engine = made::engine(&test);
        made::somebody(&test, "sam", "Okafor", Role::Staff).await;
        let jo = made::somebody(&test, "jo", "Nowak", Role::Staff).await;
        enter(&test, "person.changed", "p1", "Alex").await;
        let mut kept = Vec::new();
        // One is about whoever reads the log, one about somebody else: neither differs.
        for about in ["kate", "sam"] {
            let answers = [("about", about), ("what", "A quince")];
            kept.push(made::open(&test, &engine, &jo, "worry", &answers).await.unwrap());
        }
        enter(&test, "person.changed", "p2", "Alex").await;
        let reads = ["/audit", "/audit/export.csv", "/audit/export.jsonl", "/api/v1/audit"];
        for read in reads {
            let (status, page) = site.get(read).await;
            assert!(status == 200 && page.contains("p1") && page.contains("p2"), "{read}: {page}");
            let told = kept.iter().any(|case| page.contains(case.id.as_str()));
            assert!(!told && !page.contains("Nowak"), "{read}: {page}");
        }
        let (_, one) = site.get(&format!("/audit?record_kind=case&record={}", kept[0].id)).await;
        assert!(one.contains("No event fits"), "{one}");
        for number in 1..3 {
            assert_eq!(site.get(&format!("/audit/events/{number}")).await.0, 404);
        }
        // Once the cases are disclosed, the log says of them what it says of any other.
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        tx.execute("UPDATE case_file SET disclosed = 1 WHERE trust = $1", values![]).await.unwrap();
        tx.commit_unrecorded().await.unwrap();
        assert!(site.get("/audit").await.1.contains(kept[0].id.as_str()));
    }

    async fn events_are_taken_out_and_that_is_recorded(test: TestStore) {
        let site = Site::new(&test).await;
        enter(&test, "person.changed", "p1", "Alex").await;
        let (status, csv) = site.get("/audit/export.csv").await;
        assert_eq!(status, 200);
        let lines: Vec<_> = csv.lines().collect();
        assert_eq!(lines.len(), 3, "the head, the taking out, the change");
        assert!(lines[2].starts_with("0,2026-11-20T12:00:00Z,,,person.changed,person,p1,no"));
        let (_, jsonl) = site.get("/audit/export.jsonl?kind=person.changed").await;
        let line: serde_json::Value = serde_json::from_str(jsonl.trim()).unwrap();
        assert_eq!(line["after"]["known_as"], "Alex");
        let (_, api) = site.get("/api/v1/audit?kind=audit.exported").await;
        let answer: serde_json::Value = serde_json::from_str(&api).unwrap();
        assert_eq!(answer["events"].as_array().unwrap().len(), 2);
        assert_eq!(answer["events"][0]["person"], "kate");
    }

    async fn the_last_checkpoint_is_given_out(test: TestStore) {
        let site = Site::new(&test).await;
        assert_eq!(site.get("/audit/checkpoint").await.0, 404);
        let signed = checkpoint(&test.store, &test.trust).await.unwrap();
        let (status, note) = site.get("/audit/checkpoint").await;
        assert_eq!((status, note), (StatusCode::OK, signed.note));
        assert!(site.get("/audit").await.1.contains("Download the last checkpoint"));
    }

    async fn no_page_and_no_export_names_an_erased_person(test: TestStore) {
        let site = Site::new(&test).await;
        let actor = Actor {
            person: Some("sam".parse().unwrap()),
            name: "Sam Okafor".to_owned(),
            ..Actor::operator(test.trust.clone())
        };
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        tx.execute(
            "INSERT INTO person (trust, id, given_name, family_name, search, demonstration) \
             VALUES ($1, 'sam', 'Sam', 'Okafor', 'okafor sam', 0)",
            values![],
        )
        .await
        .unwrap();
        for (record, before, after) in [("p1", None, Some("Alex")), ("sam", None, Some("Sam Okafor"))] {
            let state = |name: &str| serde_json::json!({ "known_as": name });
            let change = Change {
                kind: "person.changed",
                record_kind: "person",
                record,
                before: before.map(state),
                after: after.map(state),
            };
            record_event(&mut tx, &actor, None, change).await.unwrap();
        }
        tx.commit().await.unwrap();
        let seen = site.get("/audit/events/0").await.1;
        assert!(seen.contains("Sam Okafor"), "{seen}");

        let operator = Actor::operator(test.trust.clone());
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        let erasure = Erasure { record_kind: "person", record: "sam", reason: "on request" };
        erase(&mut tx, &operator, None, erasure).await.unwrap();
        forget(&mut tx, &"sam".parse().unwrap()).await.unwrap();
        tx.commit().await.unwrap();
        for uri in [
            "/audit",
            "/audit?person=sam",
            "/audit/events/0",
            "/audit/events/1",
            "/audit/export.csv",
            "/audit/export.jsonl",
            "/api/v1/audit",
        ] {
            let (status, text) = site.get(uri).await;
            assert_eq!(status, StatusCode::OK, "{uri}");
            assert!(!text.contains("Okafor"), "{uri}: {text}");
        }
        assert!(site.get("/audit/events/0").await.1.contains("Erased person"));
        // Not in what is sealed either: the name is in no content that stays.
        let mut reader = test.store.read(&test.trust);
        let sql = "SELECT seq, record_kind, record, content FROM ledger_event WHERE trust = $1";
        for row in reader.all(sql, values![]).await.unwrap() {
            let content = open_content(&mut reader, &test.store, &test.trust, &row).await.unwrap();
            let content = serde_json::to_string(&content).unwrap();
            assert!(!content.contains("Okafor"), "{content}");
        }
    }

    async fn the_installations_own_log_is_told_by_kind_and_day(test: TestStore) {
        let mut tx = test.store.begin_installation().await.unwrap();
        let change = Change {
            kind: "backup.made",
            record_kind: "backup",
            record: "probity.backup",
            before: None,
            after: Some(serde_json::json!({ "records": 12, "files": 1 })),
        };
        let operator = Actor::operator(test.trust.clone());
        record_event(&mut tx, &operator, None, change).await.unwrap();
        tx.commit().await.unwrap();
        let asked = |kind: &str, from: &str| Asked {
            kind: kind.to_owned(),
            from: from.to_owned(),
            ..Asked::default()
        };
        for (asked, found) in [
            (asked("", ""), 1),
            (asked("backup.made", "2026-11-20"), 1),
            (asked("backup.restored", ""), 0),
            (asked("", "2026-11-21"), 0),
        ] {
            let told = of_installation(&test.store, &asked, 50).await.unwrap();
            assert_eq!(told.len(), found, "{asked:?}");
            for one in told {
                assert_eq!(one.in_words(), "records 12, files 1");
            }
        }
        let refused = of_installation(&test.store, &asked("", "yesterday"), 50).await.unwrap_err();
        assert!(refused.to_string().starts_with("Enter the first day"), "{refused}");
    }
}
