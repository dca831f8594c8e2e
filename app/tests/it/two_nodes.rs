//! Several nodes on one PostgreSQL: what they share, and what happens when one of them or the database fails.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use probity::mail::{self, Letter};
use probity::store::Store;
use probity::values;
use servers::{Durability, Postgres, Programs};

use crate::mailbox::Mailbox;
use crate::process::{Installed, Serving, ask};

/// Longer than any of it takes, on a machine that is busy.
const PATIENCE: Duration = Duration::from_secs(120);
/// Requests that one client may make at once, of all nodes together.
const BURST: u32 = 40;

/// The nodes' installation and what is asked of it.
struct Site {
    installed: Installed,
    mailbox: Mailbox,
    store: Store,
    cookie: String,
}

impl Site {
    async fn on(postgres: &Postgres) -> Self {
        let installed = Installed::on(Some(&postgres.url())).await;
        let store = installed.store().await;
        let mut tx = store.begin(&installed.trust).await.unwrap();
        let sql = "UPDATE person SET email = 'kate@ash.example' WHERE trust = $1";
        tx.execute(sql, values![]).await.unwrap();
        tx.commit_unrecorded().await.unwrap();
        let cookie = installed.cookie().await;
        let mailbox = Mailbox::open().await;
        Self {
            installed,
            mailbox,
            store,
            cookie,
        }
    }

    fn node(&self, name: &str) -> Serving {
        let burst = BURST.to_string();
        let options = [
            "serve",
            "--rate",
            "1",
            "--burst",
            &burst,
            "--trusted-proxies",
            "127.0.0.1",
        ];
        let mut command = self.installed.program(&options);
        command
            .env("PROBITY_NODE", name)
            .env("PROBITY_PUBLIC_URL", "http://probity.example")
            .env(
                "PROBITY_MAIL_URL",
                format!("smtp://{}", self.mailbox.address),
            )
            .env("PROBITY_MAIL_FROM", "Probity <probity@ash.example>");
        self.installed.serve_by(command)
    }

    /// The status of a page for the administrator, asked by a client of this address; none where the connection broke.
    async fn get(&self, node: &Serving, path: &str, client: &str) -> Option<u16> {
        get(node, path, &self.cookie, client).await
    }

    async fn queue_letters(&self, of: &str, count: u32) {
        let mut tx = self.store.begin(&self.installed.trust).await.unwrap();
        for number in 0..count {
            let letter = Letter {
                subject: format!("{of} {number}"),
                paragraphs: vec!["Hello.".into()],
                link: None,
                reason: "You get this because this is a test.".into(),
            };
            mail::send(&mut tx, &self.installed.person, letter, None)
                .await
                .unwrap();
        }
        tx.commit_unrecorded().await.unwrap();
    }

    /// Waits until every letter of a name has come; gives how often each did.
    async fn letters(&self, of: &str, count: usize) -> Vec<u32> {
        until(&format!("{count} letters of '{of}'"), async || {
            let got = self.mailbox.got();
            let times: Vec<_> = got
                .iter()
                .filter(|(subject, _)| subject.starts_with(of))
                .map(|it| *it.1)
                .collect();
            (times.len() >= count).then_some(times)
        })
        .await
    }
}

async fn get(node: &Serving, path: &str, cookie: &str, client: &str) -> Option<u16> {
    let headers = format!("{cookie}\r\nX-Forwarded-For: {client}");
    Some(ask(node.address(), "GET", path, &headers, "").await?.status)
}

/// Asks again and again until there is an answer.
async fn until<T>(what: &str, ask: impl AsyncFn() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(answer) = ask().await {
            return answer;
        }
        assert!(begun.elapsed() < PATIENCE, "still waiting for {what}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// How many nodes this one believes to live.
async fn nodes_seen_by(node: &Serving) -> Option<u32> {
    let told = ask(node.address(), "GET", "/metrics", "", "").await?;
    let line = told
        .body
        .lines()
        .find_map(|line| line.strip_prefix("probity_nodes "))?;
    line.parse().ok()
}

async fn healthy(node: &Serving) -> bool {
    matches!(ask(node.address(), "GET", "/healthz", "", "").await, Some(told) if told.status == 200)
}

/// Asks both nodes all the time, each request as another client, until told to stop.
struct Load {
    stop: Arc<AtomicBool>,
    answered: Arc<AtomicU32>,
    refused: Arc<AtomicU32>,
}

impl Load {
    fn on(nodes: &[&Serving], cookie: &str) -> Self {
        let load = Self {
            stop: Arc::default(),
            answered: Arc::default(),
            refused: Arc::default(),
        };
        for (number, node) in (0_u32..).zip(nodes) {
            let (stop, answered, refused) = (
                load.stop.clone(),
                load.answered.clone(),
                load.refused.clone(),
            );
            let (address, cookie) = (node.address().to_owned(), cookie.to_owned());
            tokio::spawn(async move {
                for count in 0_u32.. {
                    if stop.load(Ordering::Relaxed) {
                        break;
                    }
                    let client =
                        std::net::Ipv4Addr::from_bits(0x0a00_0000 + number * 0x0010_0000 + count);
                    let headers = format!("{cookie}\r\nX-Forwarded-For: {client}");
                    match ask(&address, "GET", "/home", &headers, "").await {
                        Some(told) if told.status == 200 => {
                            answered.fetch_add(1, Ordering::Relaxed)
                        }
                        _ => refused.fetch_add(1, Ordering::Relaxed),
                    };
                }
            });
        }
        load
    }

    fn answered(&self) -> u32 {
        self.answered.load(Ordering::Relaxed)
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes a minute: cargo xtask test-all"]
async fn nodes_on_one_postgres_share_what_they_must_and_outlive_each_other_and_its_crash() {
    let programs = match Programs::find() {
        Ok(programs) => programs,
        Err(why) => return servers::not_run(why),
    };
    let mut postgres = Postgres::start(&programs, Durability::Synced).unwrap();
    let site = Site::on(&postgres).await;
    let (one, other) = (site.node("one"), site.node("other"));

    // A session holds on both, and its end too.
    assert_eq!(site.get(&one, "/home", "192.0.2.1").await, Some(200));
    assert_eq!(site.get(&other, "/home", "192.0.2.1").await, Some(200));
    let ended = site.installed.cookie().await;
    assert_eq!(get(&one, "/home", &ended, "192.0.2.1").await, Some(200));
    ask(one.address(), "POST", "/sign-out", &ended, "")
        .await
        .unwrap();
    assert_eq!(get(&other, "/home", &ended, "192.0.2.1").await, Some(303));

    // Work is done once, whichever node takes it.
    site.queue_letters("shared", 30).await;
    assert_eq!(site.letters("shared", 30).await, vec![1; 30]);

    // What one client may do is shared out.
    for node in [&one, &other] {
        until("both nodes to see each other", async || {
            nodes_seen_by(node).await.filter(|count| *count == 2)
        })
        .await;
    }
    let begun = Instant::now();
    let mut granted = 0;
    for _ in 0..BURST {
        for node in [&one, &other] {
            let status = site.get(node, "/accessibility", "192.0.2.2").await;
            granted += u32::from(status == Some(200));
        }
    }
    let refilled = 2 * u32::try_from(begun.elapsed().as_secs() + 1).unwrap();
    assert!(
        (BURST..=BURST + refilled).contains(&granted),
        "{granted} were let through"
    );

    // One is killed with work under way: the other carries on with everything.
    site.queue_letters("killed", 30).await;
    drop(one);
    assert_eq!(site.get(&other, "/home", "192.0.2.3").await, Some(200));
    site.letters("killed", 30).await;
    until("the other to have all of the limit", async || {
        nodes_seen_by(&other).await.filter(|count| *count == 1)
    })
    .await;

    // The database crashes under load and comes back: so do both, by themselves.
    let one = site.node("one");
    let load = Load::on(&[&one, &other], &site.cookie);
    until("load", async || (load.answered() > 100).then_some(())).await;
    postgres.crash().unwrap();
    until("both to notice", async || {
        (!healthy(&one).await && !healthy(&other).await).then_some(())
    })
    .await;
    postgres.start_again().unwrap();
    let back = Instant::now();
    for node in [&one, &other] {
        until("both to recover", async || {
            healthy(node).await.then_some(())
        })
        .await;
    }
    println!(
        "both were well {} ms after the database was",
        back.elapsed().as_millis()
    );
    let before = load.answered();
    until("load to go on", async || {
        (load.answered() > before + 100).then_some(())
    })
    .await;
    assert!(load.refused.load(Ordering::Relaxed) > 0);
    site.queue_letters("recovered", 10).await;
    assert_eq!(site.letters("recovered", 10).await, vec![1; 10]);
}
