//! The clock of reviews and editions, and the approved document, on both engines.

use std::sync::Arc;

use policy::coverage::coverage;
use policy::import;
use policy::policy_file::Policy;

use super::document::{attach, document_of};
use super::standing::{EDITIONS, REVIEWS};
use super::watch::Watch;
use crate::attachments::Attachments;
use crate::authority::{Action, Actor, Role};
use crate::cases::{self, Engine};
use crate::jobs::{self, Due, Worker};
use crate::policies::Policies;
use crate::store::testing::{TestStore, on_both};
use crate::store::{Query as _, SchoolId};
use crate::values;
use crate::web::App;
use crate::web::testing::TestSite;

async fn follow(test: &TestStore, policy: &str) {
    let mut tx = test.store.begin(&test.trust).await.unwrap();
    tx.execute(
        "DELETE FROM school_policy WHERE trust = $1 AND school = 'ash'",
        values![],
    )
    .await
    .unwrap();
    tx.execute(
        "INSERT INTO school_policy (trust, id, school, policy, content_hash, since) \
         VALUES ($1, $2, 'ash', $2, 'x', '2026-01-01')",
        values![policy],
    )
    .await
    .unwrap();
    tx.commit_unrecorded().await.unwrap();
}

async fn look(test: &TestStore, worker: &Worker) {
    let mut tx = test.store.begin(&test.trust).await.unwrap();
    jobs::enqueue(&mut tx, &Watch, Due::Now).await.unwrap();
    jobs::enqueue(&mut tx, &Watch, Due::Now).await.unwrap();
    tx.commit_unrecorded().await.unwrap();
    worker.round().await.unwrap();
}

async fn count(test: &TestStore, register: &str) -> u64 {
    let sql = "SELECT COUNT(*) AS n FROM case_file WHERE trust = $1 AND register = $2";
    let mut reader = test.store.read(&test.trust);
    reader.count(sql, values![register]).await.unwrap()
}

on_both! {
    async fn each_version_is_reviewed_once_and_a_replaced_edition_noticed_once(test: TestStore) {
        let policies = Arc::new(Policies::load(None).unwrap());
        let engine = Engine::new(Arc::clone(&policies));
        let kinds = super::kinds(&engine);
        let (one, other) = (
            Worker::new(test.store.clone(), kinds.clone()),
            Worker::new(test.store.clone(), kinds),
        );
        look(&test, &one).await;
        assert_eq!(count(&test, REVIEWS).await, 0, "no policy is followed");

        follow(&test, "cmat").await;
        look(&test, &one).await;
        look(&test, &other).await;
        assert_eq!(count(&test, REVIEWS).await, 1);
        assert_eq!(count(&test, EDITIONS).await, 1);
        let ash: SchoolId = "ash".parse().unwrap();
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        let review = cases::underway(&mut tx, REVIEWS, &ash).await.unwrap().remove(0);
        let edition = cases::underway(&mut tx, EDITIONS, &ash).await.unwrap().remove(0);
        drop(tx);
        let first = |answers: &register::value::Answers, field: &str| {
            answers.get(field).and_then(|all| all.first()).cloned().unwrap_or_default()
        };
        assert_eq!(first(&review.answers, "due_on"), "2025-07-31");
        assert_eq!(first(&review.answers, "version"), "1.1");
        assert_eq!(first(&review.answers, "standing"), "overdue");
        assert_eq!(first(&edition.answers, "edition"), "2026");

        follow(&test, "yes").await;
        look(&test, &one).await;
        assert_eq!(count(&test, REVIEWS).await, 2, "another policy has a review of its own");
        assert_eq!(count(&test, EDITIONS).await, 1, "the edition is on record: it is looked at again");
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        let edition = cases::underway(&mut tx, EDITIONS, &ash).await.unwrap().remove(0);
        assert_eq!(edition.state, "due");
    }
}

on_both! {
    async fn two_nodes_that_look_at_once_open_one_review(test: TestStore) {
        let policies = Arc::new(Policies::load(None).unwrap());
        let engine = Engine::new(Arc::clone(&policies));
        let one = Worker::new(test.store.clone(), super::kinds(&engine));
        let other = Worker::new(test.store.clone(), super::kinds(&engine));
        follow(&test, "link").await;
        let mut tx = test.store.begin(&test.trust).await.unwrap();
        jobs::enqueue(&mut tx, &Watch, Due::Now).await.unwrap();
        jobs::enqueue(&mut tx, &Watch, Due::Now).await.unwrap();
        tx.commit_unrecorded().await.unwrap();
        let (first, second) = tokio::join!(one.round(), other.round());
        first.unwrap();
        second.unwrap();
        look(&test, &one).await;
        assert_eq!(count(&test, REVIEWS).await, 1);
        assert_eq!(count(&test, EDITIONS).await, 1);
    }
}

/// A paper of the policy, in words of its own: each numbered clause on a line.
fn paper(policy: &Policy) -> String {
    let mut paper = format!("{}\n\n", policy.title);
    let mut last = "";
    for clause in &policy.clauses {
        let numbered = clause.printed.starts_with(|c: char| c.is_ascii_digit());
        if numbered && clause.printed != last {
            last = &clause.printed;
            paper.push_str(&format!("{last} The school says: {}\n\n", clause.says));
        }
    }
    paper
}

on_both! {
    async fn a_document_belongs_to_one_version_and_another_replaces_it(test: TestStore) {
        let policies = Arc::new(Policies::load(None).unwrap());
        let library = policies.library();
        let link = library.table("link").unwrap().policy();
        let folder = tempfile::tempdir().unwrap();
        let attachments = Attachments::new(folder.path().to_owned(), 10_000);
        let permit = Actor::operator(test.trust.clone()).permit(Action::AdoptPolicy).unwrap();
        let paper = paper(link);
        let passages = import::passages(&import::import(&paper).unwrap(), link);
        assert!(passages["2.3.a"].starts_with("The school says"));
        let mut hashes = Vec::new();
        for text in [paper, "Another document altogether. Staff must be kind.".to_owned()] {
            let body = futures_util::stream::iter([Ok::<_, std::io::Error>(axum::body::Bytes::from(text))]);
            let file = attachments.receive(&test.store, &test.trust, "policy.txt", body).await.unwrap();
            let mut tx = test.store.begin(&test.trust).await.unwrap();
            let attached = attach(&mut tx, &permit, &attachments, link, file, passages.clone()).await.unwrap();
            tx.commit().await.unwrap();
            hashes.push(attached.sha256.clone());
            let mut reader = test.store.read(&test.trust);
            let found = document_of(&mut reader, "link", &link.hash).await.unwrap();
            assert_eq!(found, Some(attached));
            assert_eq!(document_of(&mut reader, "link", "other").await.unwrap(), None);
        }
        assert_ne!(hashes[0], hashes[1]);
        let sql = "SELECT COUNT(*) AS n FROM attachment WHERE trust = $1";
        assert_eq!(test.store.read(&test.trust).count(sql, values![]).await.unwrap(), 1);
    }
}

#[tokio::test]
async fn the_page_shows_every_clause_that_it_is_said_to_carry_out() {
    let site = TestSite::open().await;
    let policies = Policies::load(None).unwrap();
    let (library, carriers) = (policies.library(), policies.carriers());
    for table in library.tables() {
        let id = &table.policy().id;
        let page = site
            .nobody("GET", &format!("/policies/{id}/control"), "")
            .await;
        assert_eq!(page.status, 200);
        let coverage = coverage(table, library.vocabulary(), &carriers);
        for norm in &coverage.clauses {
            let governance = norm.mechanisms.iter().find(|m| m.name == "governance");
            let Some(governance) = governance else {
                continue;
            };
            assert!(!governance.by.is_empty(), "{id} {}", norm.reference);
            let link = format!("/policies/{id}#clause-{}\"", norm.reference);
            assert!(page.text.contains(&link), "{id} {}", norm.reference);
        }
    }
}

/// Only what is still to come leaves a clause undone.
#[test]
fn what_is_not_built_yet_needs_a_register_or_a_check_that_is_still_to_come() {
    let to_come = ["register:consent", "register:filter", "register:monitor"];
    let policies = Policies::load(None).unwrap();
    let (library, carriers) = (policies.library(), policies.carriers());
    for table in library.tables() {
        let coverage = coverage(table, library.vocabulary(), &carriers);
        for norm in &coverage.clauses {
            let idle = norm.mechanisms.iter().filter(|m| m.by.is_empty());
            for mechanism in idle {
                let of = (coverage.policy, norm.reference, mechanism.name);
                assert!(to_come.contains(&mechanism.name), "{of:?}");
            }
        }
    }
}

const BOUNDARY: &str = "----x";

fn multipart(files: &[(&str, &str, &str)]) -> String {
    let mut body = String::new();
    for (field, name, content) in files {
        body.push_str(&format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n{content}\r\n"
        ));
    }
    body.push_str(&format!("--{BOUNDARY}--\r\n"));
    body
}

#[tokio::test]
async fn whoever_chooses_the_policy_attaches_its_document_and_everybody_reads_it() {
    let site = TestSite::open().await;
    follow(&site.test, "link").await;
    let head = site.person("Kate", Role::Head, Some("ash")).await;
    let elsewhere = site.person("Ines", Role::Head, Some("oak")).await;
    let teacher = site.person("Tom", Role::Staff, Some("ash")).await;
    let attach = "/policies/link/document/attach";
    let control = "/policies/link/control";
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    let none = site.nobody("GET", "/policies/link/document", "").await;
    assert_eq!(none.status, 404);
    let plainly = site.nobody("GET", control, "").await;
    assert!(plainly.text.contains("No approved document is attached"));
    for (who, status) in [(&head, 200), (&elsewhere, 403), (&teacher, 403)] {
        assert_eq!(site.send(who, "GET", attach, "").await.status, status);
    }
    for (body, says) in [
        (multipart(&[]), "Choose the approved document"),
        (
            multipart(&[("document", "p.html", "<html><script>")]),
            "not accepted",
        ),
        (
            multipart(&[
                ("document", "p.txt", "Be kind."),
                ("text", "t.txt", "Nothing of the kind."),
            ]),
            "Error",
        ),
    ] {
        let refused = site.send_as(&head, "POST", attach, (&kind, &body)).await;
        assert_eq!(refused.status, 422, "{says}");
        assert!(refused.text.contains(says), "{says}");
    }
    let library = App::sample().library();
    let paper = paper(library.table("link").unwrap().policy());
    let body = multipart(&[("document", "policy.txt", &paper)]);
    let refused = site
        .send_as(&elsewhere, "POST", attach, (&kind, &body))
        .await;
    assert_eq!(refused.status, 403);
    let saved = site.send_as(&head, "POST", attach, (&kind, &body)).await;
    assert_eq!(saved.status, 303, "{}", saved.text);
    let shown = site.nobody("GET", control, "").await;
    assert!(shown.text.contains("policy.txt"));
    let file = site.nobody("GET", "/policies/link/document", "").await;
    assert_eq!(file.text, paper);
    let read = site.nobody("GET", "/policies/link", "").await;
    assert!(
        read.text.contains("In the approved document") && read.text.contains("The school says: ")
    );
}

#[tokio::test]
async fn the_state_of_a_review_is_shown_to_those_who_see_its_case() {
    let site = TestSite::open().await;
    follow(&site.test, "cmat").await;
    let engine = App::sample().engine();
    let worker = Worker::new(site.test.store.clone(), super::kinds(&engine));
    look(&site.test, &worker).await;
    let head = site.person("Kate", Role::Head, Some("ash")).await;
    let elsewhere = site.person("Ines", Role::Head, Some("oak")).await;
    let control = "/policies/cmat/control";
    let own = site.send(&head, "GET", control, "").await;
    assert!(
        own.text.contains("REV-2026-0001") && own.text.contains("In force (2026)"),
        "{}",
        own.text
    );
    assert!(own.text.contains("How it works in practice"));
    assert!(own.text.contains("Out of date"));
    let other = site.send(&elsewhere, "GET", control, "").await;
    assert_eq!(other.status, 200);
    assert!(!other.text.contains("REV-2026-0001"));
    let nobody = site.nobody("GET", control, "").await;
    assert!(!nobody.text.contains("REV-2026-0001") && !nobody.text.contains("How it works"));
}
