//! Killed in the middle of its work, the program loses nothing that it had acknowledged and shows
//! nothing half done. `PROBITY_TEST_KILLS` says how often; `cargo xtask kill` takes fifty.

mod cases;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use probity::randomness::Randomness;
use servers::{Durability, Postgres, Programs};
use tokio::sync::{Mutex, Notify};

use crate::process::{Installed, ask};

/// How many people work at once.
const WORKERS: u32 = 4;

/// What the program said that it had done.
#[derive(Default)]
struct Acknowledged {
    made: BTreeSet<String>,
    revoked: BTreeSet<String>,
}

struct Load {
    address: String,
    cookie: String,
    acknowledged: Mutex<Acknowledged>,
    answers: AtomicU32,
    enough: u32,
    reached: Notify,
}

impl Load {
    fn answered(&self) {
        if self.answers.fetch_add(1, Ordering::SeqCst) + 1 >= self.enough {
            self.reached.notify_one();
        }
    }

    /// Makes tokens, reads, revokes what was made before: until the connection breaks.
    async fn work(self: Arc<Self>, round: u32, worker: u32) {
        for step in 0_u32.. {
            let name = format!("r{round}w{worker}s{step}");
            let form = format!("name={name}&days=30&scope=audit%3Aread");
            let Some(told) =
                ask(&self.address, "POST", "/me/tokens/new", &self.cookie, &form).await
            else {
                return;
            };
            assert_eq!(told.status, 200, "{}", told.body);
            self.acknowledged.lock().await.made.insert(name.clone());
            self.answered();
            let Some(list) = ask(&self.address, "GET", "/me/tokens", &self.cookie, "").await else {
                return;
            };
            self.answered();
            if step % 2 == 0 {
                let id = id_of(&list.body, &name).unwrap();
                let path = format!("/me/tokens/{id}/revoke");
                let Some(told) = ask(&self.address, "POST", &path, &self.cookie, "").await else {
                    return;
                };
                assert_eq!(told.status, 303, "{}", told.body);
                self.acknowledged.lock().await.revoked.insert(name);
                self.answered();
            }
        }
    }
}

/// The identifier of the listed token of that name.
fn id_of(list: &str, name: &str) -> Option<String> {
    let heading = list.split("<h2").find(|part| {
        let shown = part.split('>').nth(1).unwrap_or_default();
        shown.split_whitespace().next() == Some(name)
    })?;
    let id = heading.split("id=\"token-").nth(1)?;
    Some(id.split('"').next()?.to_owned())
}

/// Whether the listed token of that name is marked as revoked.
fn is_revoked(list: &str, name: &str) -> bool {
    let mut headings = list.split("<h2");
    headings.any(|part| {
        let shown = part.split('>').nth(1).unwrap_or_default();
        shown.split_whitespace().next() == Some(name)
            && part
                .split("</h2>")
                .next()
                .unwrap_or_default()
                .contains("Revoked")
    })
}

async fn killed_again_and_again(installed: &Installed, kills: u32) {
    let cookie = installed.cookie().await;
    let chance = Randomness::system();
    let (mut made, mut revoked) = (BTreeSet::new(), BTreeSet::new());
    for round in 0..kills {
        let mut serving = installed.serve();
        let load = Arc::new(Load {
            address: serving.address().to_owned(),
            cookie: cookie.clone(),
            acknowledged: Mutex::default(),
            answers: AtomicU32::new(0),
            enough: u32::from(chance.bytes::<1>().unwrap()[0] % 60),
            reached: Notify::new(),
        });
        let workers: Vec<_> = (0..WORKERS)
            .map(|worker| tokio::spawn(Arc::clone(&load).work(round, worker)))
            .collect();
        load.reached.notified().await;
        serving.kill();
        for worker in workers {
            worker.await.unwrap();
        }
        let mut acknowledged = load.acknowledged.lock().await;
        made.append(&mut acknowledged.made);
        revoked.append(&mut acknowledged.revoked);
        nothing_is_missing(installed, &cookie, &made, &revoked).await;
    }
    println!(
        "killed {kills} times; {} made, {} revoked",
        made.len(),
        revoked.len()
    );
}

async fn nothing_is_missing(
    installed: &Installed,
    cookie: &str,
    made: &BTreeSet<String>,
    revoked: &BTreeSet<String>,
) {
    let serving = installed.serve();
    let list = ask(serving.address(), "GET", "/me/tokens", cookie, "")
        .await
        .unwrap();
    assert_eq!(list.status, 200);
    for name in made {
        assert!(
            id_of(&list.body, name).is_some(),
            "{name} was acknowledged and is missing"
        );
    }
    for name in revoked {
        assert!(
            is_revoked(&list.body, name),
            "{name} was revoked and is not"
        );
    }
    drop(serving);
    let verify = installed.program(&["verify"]).output().unwrap();
    assert!(
        verify.status.success(),
        "{}{}",
        String::from_utf8_lossy(&verify.stdout),
        String::from_utf8_lossy(&verify.stderr)
    );
}

fn kills() -> u32 {
    let named = std::env::var("PROBITY_TEST_KILLS").ok();
    named.map_or(2, |number| number.parse().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_on_sqlite_it_loses_nothing() {
    killed_again_and_again(&Installed::on(None).await, kills()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_on_postgresql_it_loses_nothing() {
    let programs = match Programs::find() {
        Ok(programs) => programs,
        Err(why) => return servers::not_run(why),
    };
    let postgres = Postgres::start(&programs, Durability::Synced).unwrap();
    killed_again_and_again(&Installed::on(Some(&postgres.url())).await, kills()).await;
}
