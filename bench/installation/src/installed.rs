//! An installation on disk, with a ledger of the wanted length and a person who has signed in.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::io::{BufRead as _, BufReader};

use probity::authority::{Actor, Role};
use probity::clock::Clock;
use probity::ledger::{Change, record_event};
use probity::protection::{Keyring, MasterKey, MasterKeySource, create_key_file};
use probity::randomness::Randomness;
use probity::sign_in;
use probity::store::{Store, TrustId};
use probity::values;
use tempfile::TempDir;

use crate::{Outcome, cases};

/// Events in one transaction while the ledger is filled.
const AT_ONCE: u64 = 10_000;

pub(crate) struct Installed {
    folder: TempDir,
    url: String,
    pub(crate) cookie: String,
    pub(crate) events: u64,
    /// Who has signed in where there are cases, and by what.
    pub(crate) cookies: Vec<(&'static str, String)>,
    /// One of the cases.
    pub(crate) case: Option<String>,
}

/// Where an installation's database is.
pub(crate) enum Kept {
    Sqlite,
    /// A server in which a database of its own is made.
    Postgres(String),
}

impl Kept {
    pub(crate) fn engine(&self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres(_) => "PostgreSQL",
        }
    }

    async fn url(&self, folder: &Path) -> Outcome<String> {
        let server = match self {
            Self::Sqlite => return Ok(format!("sqlite:{}", folder.join("probity.db").display())),
            Self::Postgres(server) => server,
        };
        let name = folder.file_name().ok_or("no folder")?.to_string_lossy();
        let name: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
        let name = format!("bench_{}", name.to_lowercase());
        let pool = sqlx::PgPool::connect(server).await?;
        let make = sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"));
        sqlx::query(make).execute(&pool).await?;
        pool.close().await;
        let (server, _) = server.rsplit_once('/').ok_or("no database in the address")?;
        Ok(format!("{server}/{name}"))
    }

    /// What the server does by itself some time after it was filled.
    async fn settle(&self, url: &str) -> Outcome<()> {
        if let Self::Postgres(_) = self {
            let pool = sqlx::PgPool::connect(url).await?;
            sqlx::query("VACUUM ANALYZE").execute(&pool).await?;
            pool.close().await;
        }
        Ok(())
    }
}

async fn empty(kept: &Kept) -> Outcome<(TempDir, String, Store)> {
    let folder = tempfile::tempdir()?;
    let randomness = Randomness::system();
    let key = folder.path().join("master.key");
    create_key_file(&key, &MasterKey::generate(&randomness)?)?;
    let keyring = Keyring::load(&MasterKeySource::File(key))?;
    let url = kept.url(folder.path()).await?;
    let store = Store::open(&url.parse()?, keyring, Clock::system(), randomness).await?;
    Ok((folder, url, store))
}

impl Installed {
    pub(crate) async fn with_events(events: u64) -> Outcome<Self> {
        let (folder, url, store) = empty(&Kept::Sqlite).await?;
        let trust: TrustId = "elm".parse()?;
        let cookie = furnish(&store, &trust).await?;
        fill(&store, &trust, events).await?;
        store.close().await;
        Ok(Self {
            folder,
            url,
            cookie,
            events,
            cookies: Vec::new(),
            case: None,
        })
    }

    pub(crate) async fn with_cases(kept: &Kept, count: u64) -> Outcome<Self> {
        let (folder, url, store) = empty(kept).await?;
        let furnished = cases::furnish(&store, &"elm".parse()?, count).await?;
        store.close().await;
        kept.settle(&url).await?;
        Ok(Self {
            folder,
            url,
            cookie: String::new(),
            events: 0,
            cookies: furnished.cookies,
            case: Some(furnished.case),
        })
    }

    /// Starts the program with this installation; gives it and its address when it says that it is
    /// ready.
    pub(crate) fn serve(&self, program: &Path) -> Outcome<(Child, String)> {
        let mut child = Command::new(program)
            .arg("serve")
            .env("PROBITY_DATA", self.folder.path())
            .env("PROBITY_DATABASE_URL", &self.url)
            .env("PROBITY_LISTEN", "127.0.0.1:0")
            .env("PROBITY_RATE", "4000000")
            .env("PROBITY_BURST", "4000000")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let output = child.stdout.take().ok_or("no output")?;
        for line in BufReader::new(output).lines() {
            if let Some((_, address)) = line?.split_once("http://") {
                return Ok((child, address.trim_end_matches('/').to_owned()));
            }
        }
        Err("the program ended at its start".into())
    }
}

async fn furnish(store: &Store, trust: &TrustId) -> Outcome<String> {
    let mut tx = store.begin(trust).await?;
    for statement in [
        "INSERT INTO trust (trust, name, nation, reading, demonstration, created_at) \
         VALUES ($1, 'Elm Trust', 'england', 'open', 0, 0)",
        "INSERT INTO person (trust, id, given_name, family_name, demonstration) \
         VALUES ($1, 'p1', 'Kate', 'Adeyemi', 0)",
    ] {
        tx.execute(statement, values![]).await?;
    }
    tx.execute(
        "INSERT INTO held_role (trust, id, person, role) VALUES ($1, 'r1', 'p1', $2)",
        values![Role::TrustAdministrator],
    )
    .await?;
    let person = "p1".parse()?;
    let method = sign_in::Method::Password;
    let session = sign_in::open_session(&mut tx, trust, &person, method, "bench").await?;
    tx.commit_unrecorded().await?;
    Ok(format!("probity={}", session.cookie))
}

async fn fill(store: &Store, trust: &TrustId, events: u64) -> Outcome<()> {
    let actor = Actor::operator(trust.clone());
    let mut done = 0;
    while done < events {
        let mut tx = store.begin(trust).await?;
        for _ in 0..AT_ONCE.min(events - done) {
            let record = format!("r{}", done % 1000);
            let change = Change {
                kind: "bench.entered",
                record_kind: "bench",
                record: &record,
                before: None,
                after: None,
            };
            record_event(&mut tx, &actor, None, change).await?;
            done += 1;
        }
        tx.commit().await?;
    }
    Ok(())
}
