//! Killed after a step on a case is written and before its mail has gone, the program has told each person once.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use probity::store::{Query as _, Store};
use probity::values;
use serde_json::{Value as Json, json};
use servers::{Durability, Postgres, Programs};
use tokio::sync::{Mutex, Notify};

use super::kills;
use crate::mailbox::Mailbox;
use crate::process::{Installed, Serving, send};

/// A register whose opening and steps tell one person each, and whose first step has a deadline begin.
const LOAN: &str = r#"
id = "loan"
name = "loan"
plural = "loans"
reference = "LOA"
purpose = "Borrow a camera."
door = "request"
opened_by = ["trust-administrator"]
subject = "nobody"
sensitivity = "ordinary"
effects = [{ notify = ["opener"], says = "A loan is asked for" }]

[[field]]
id = "what"
kind = "text"
question = "What do you borrow?"
required = true

[[state]]
id = "asked"
says = "Asked for"

[[state]]
id = "lent"
says = "Lent"

[[state]]
id = "back"
says = "Back"
end = true

[[step]]
id = "lend"
says = "Lend it"
from = ["asked"]
to = "lent"
by = ["opener"]
effects = [{ notify = ["opener"], says = "It is lent" }]

[[step]]
id = "note"
says = "Note something"
from = ["lent"]
by = ["opener"]
effects = [{ notify = ["opener"], says = "Something was noted" }]

[[step]]
id = "return"
says = "It is back"
from = ["lent"]
to = "back"
by = ["opener"]

[[deadline]]
id = "return"
says = "bring it back"
in = ["lent"]
within = "30 days"

[[sees]]
who = ["opener"]

[retention]
from = "closed"
keep = "1 year"
then = "erase"
source = "A made register."
"#;

/// How many people work at once.
const WORKERS: u32 = 3;
/// How many requests are answered before the program is killed.
const ANSWERS: u32 = 12;

/// What the program said that it had done: how many changes each case has seen.
struct Load {
    address: String,
    cookie: String,
    revisions: Mutex<BTreeMap<String, i64>>,
    answers: AtomicU32,
    reached: Notify,
}

impl Load {
    async fn change(&self, path: &str, body: Json) -> Option<(String, i64)> {
        let body = body.to_string();
        let told = send(
            &self.address,
            ("POST", path),
            &self.cookie,
            ("application/json", &body),
        )
        .await?;
        assert!(matches!(told.status, 200 | 201), "{path}: {}", told.body);
        let answer: Json = serde_json::from_str(&told.body).unwrap();
        let id = answer.get("id").and_then(Json::as_str).unwrap().to_owned();
        let revision = answer.get("revision").and_then(Json::as_i64).unwrap();
        self.revisions.lock().await.insert(id.clone(), revision);
        if self.answers.fetch_add(1, Ordering::SeqCst) + 1 >= ANSWERS {
            self.reached.notify_one();
        }
        Some((id, revision))
    }

    /// Opens cases and takes steps until the connection breaks.
    async fn work(self: Arc<Self>) {
        loop {
            let body = json!({ "answers": { "what": "A camera" } });
            let opened = self.change("/api/v1/registers/loan/cases", body).await;
            let Some((id, mut revision)) = opened else {
                return;
            };
            for step in ["lend", "note", "note", "return"] {
                let path = format!("/api/v1/cases/{id}/steps/{step}");
                let taken = self.change(&path, json!({ "revision": revision })).await;
                let Some((_, after)) = taken else { return };
                revision = after;
            }
        }
    }
}

/// The program with the made register and a mail server.
struct Site {
    installed: Installed,
    mailbox: Mailbox,
    store: Store,
    cookie: String,
}

impl Site {
    async fn on(postgres: Option<&str>) -> Self {
        let installed = Installed::on(postgres).await;
        let folder = installed.folder().join("own/registers");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("loan.toml"), LOAN).unwrap();
        Self {
            store: installed.store().await,
            cookie: installed.cookie().await,
            mailbox: Mailbox::open().await,
            installed,
        }
    }

    fn serve(&self) -> Serving {
        let mut command = self.installed.program(&["serve"]);
        command
            .env("PROBITY_POLICIES", self.installed.folder().join("own"))
            .env("PROBITY_PUBLIC_URL", "http://probity.example")
            .env(
                "PROBITY_MAIL_URL",
                format!("smtp://{}", self.mailbox.address),
            )
            .env("PROBITY_MAIL_FROM", "Probity <probity@ash.example>");
        self.installed.serve_by(command)
    }

    async fn count(&self, sql: &'static str) -> u64 {
        let mut reader = self.store.read(&self.installed.trust);
        reader.count(sql, values![]).await.unwrap()
    }

    /// Whatever a killed process had in hand is free to be taken on: its lease has run out.
    async fn leases_run_out(&self) {
        let mut tx = self.store.begin(&self.installed.trust).await.unwrap();
        for sql in [
            "UPDATE job SET due_at = created_at WHERE trust = $1 AND kind = 'messages.mail'",
            "UPDATE due_work SET due_at = 0 WHERE trust = $1 AND kind = 'messages.mail'",
        ] {
            tx.execute(sql, values![]).await.unwrap();
        }
        tx.commit_unrecorded().await.unwrap();
    }

    /// Works until the program is killed, with no letter gone; gives what it had said was done.
    async fn killed_before_its_mail(&self) -> BTreeMap<String, i64> {
        self.mailbox.hold(true);
        let before: u32 = self.mailbox.got().values().sum();
        let mut serving = self.serve();
        let load = Arc::new(Load {
            address: serving.address().to_owned(),
            cookie: self.cookie.clone(),
            revisions: Mutex::default(),
            answers: AtomicU32::new(0),
            reached: Notify::new(),
        });
        let workers: Vec<_> = (0..WORKERS)
            .map(|_| tokio::spawn(Arc::clone(&load).work()))
            .collect();
        load.reached.notified().await;
        serving.kill();
        for worker in workers {
            worker.await.unwrap();
        }
        assert_eq!(
            self.mailbox.got().values().sum::<u32>(),
            before,
            "none went"
        );
        load.revisions.lock().await.clone()
    }

    /// Serves again until every letter has gone.
    async fn mail_goes(&self) {
        self.leases_run_out().await;
        self.mailbox.hold(false);
        let messages = self.count(MESSAGES).await;
        let serving = self.serve();
        self.mailbox.reaches(u32::try_from(messages).unwrap()).await;
        // The letters have come; that they have is written down a moment later.
        let waiting = "SELECT COUNT(*) AS n FROM job WHERE trust = $1 AND kind = 'messages.mail'";
        while self.count(waiting).await > 0 {
            tokio::task::yield_now().await;
        }
        drop(serving);
    }

    /// What was said to be done is there; every change told its person once, and nothing else did.
    async fn each_was_told_once(&self, said: &BTreeMap<String, i64>) {
        let mut reader = self.store.read(&self.installed.trust);
        let sql = "SELECT id, reference, state, revision, \
                     (SELECT COUNT(*) FROM message m WHERE m.trust = $1 AND m.about = '/cases/' || c.id) AS told, \
                     (SELECT COUNT(*) FROM ledger_event e WHERE e.trust = $1 AND e.record_kind = 'case_file' AND e.record = c.id) AS entered, \
                     (SELECT COUNT(*) FROM case_step s WHERE s.trust = $1 AND s.case_id = c.id) AS done, \
                     (SELECT COUNT(*) FROM case_deadline d WHERE d.trust = $1 AND d.case_id = c.id) AS begun \
                   FROM case_file c WHERE c.trust = $1 AND c.register = 'loan' ORDER BY c.id";
        let rows = reader.all(sql, values![]).await.unwrap();
        let got = self.mailbox.got();
        let mut letters = 0;
        for row in &rows {
            let (id, reference): (String, String) =
                (row.get("id").unwrap(), row.get("reference").unwrap());
            let number = |column: &str| row.get::<i64>(column).unwrap();
            let revision = number("revision");
            assert!(
                said.get(&id).is_none_or(|said| *said <= revision),
                "{reference}: lost"
            );
            assert_eq!(
                (number("entered"), number("done")),
                (revision, revision),
                "{reference}"
            );
            let state: String = row.get("state").unwrap();
            // Only the return tells nobody.
            let told = revision - i64::from(state == "back");
            assert_eq!(number("told"), told, "{reference}");
            assert_eq!(number("begun"), i64::from(revision > 1), "{reference}");
            let of_case = got
                .iter()
                .filter(|(subject, _)| subject.contains(&reference));
            let mailed: u32 = of_case.map(|(_, count)| count).sum();
            assert_eq!(i64::from(mailed), told, "{reference}: {got:?}");
            letters += mailed;
        }
        for id in said.keys() {
            let there = rows
                .iter()
                .any(|row| row.get::<String>("id").unwrap() == *id);
            assert!(there, "{id} was acknowledged and is missing");
        }
        // The program opens cases of itself too, and tells of them.
        let of_loans = got.iter().filter(|(subject, _)| subject.contains("LOA-"));
        assert_eq!(
            letters,
            of_loans.map(|(_, count)| count).sum::<u32>(),
            "{got:?}"
        );
    }
}

const MESSAGES: &str = "SELECT COUNT(*) AS n FROM message WHERE trust = $1";

async fn killed_between_step_and_mail(site: &Site, kills: u32) {
    let mut said = BTreeMap::new();
    for _ in 0..kills {
        said.extend(site.killed_before_its_mail().await);
        site.mail_goes().await;
        site.each_was_told_once(&said).await;
    }
    let verify = site.installed.program(&["verify"]).output().unwrap();
    assert!(
        verify.status.success(),
        "{}{}",
        String::from_utf8_lossy(&verify.stdout),
        String::from_utf8_lossy(&verify.stderr)
    );
    println!(
        "killed {kills} times before the mail of {} cases; {} letters, each once",
        said.len(),
        site.mailbox.got().values().sum::<u32>()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_before_the_mail_of_a_step_on_sqlite_it_tells_once() {
    killed_between_step_and_mail(&Site::on(None).await, kills()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_before_the_mail_of_a_step_on_postgresql_it_tells_once() {
    let programs = match Programs::find() {
        Ok(programs) => programs,
        Err(why) => return servers::not_run(why),
    };
    let postgres = Postgres::start(&programs, Durability::Synced).unwrap();
    killed_between_step_and_mail(&Site::on(Some(&postgres.url())).await, kills()).await;
}
