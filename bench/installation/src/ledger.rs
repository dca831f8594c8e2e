//! Appends per second beside a bare insert of as many bytes, and leaves verified per second.

use std::time::{Duration, Instant};

use probity::authority::Actor;
use probity::clock::Clock;
use probity::ledger::{Change, Kept, checkpoint, record_event, verify};
use probity::protection::{Keyring, MasterKey};
use probity::randomness::Randomness;
use probity::store::{DatabaseUrl, Store, TrustId};
use sqlx::postgres::PgPoolOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

use crate::Outcome;

/// How long appending one by one is measured.
const TIME: Duration = Duration::from_secs(5);
/// Events in one transaction, where many are entered.
const TOGETHER: u64 = 1_000;
/// Records that the events are about, one after the other.
const RECORDS: u64 = 50_000;

/// Both engines: appending alone and many together, each beside a bare insert; then verifying.
pub(crate) async fn measure(events: u64) -> Outcome<()> {
    let folder = tempfile::tempdir()?;
    let url = DatabaseUrl::Sqlite(folder.path().join("probity.db"));
    let bare = Bare::sqlite(&folder.path().join("bare.db")).await?;
    engine("SQLite", &url, &bare, events).await?;
    match std::env::var("PROBITY_TEST_POSTGRES") {
        Ok(server) => {
            let bare = Bare::postgres(&server).await?;
            engine("PostgreSQL", &server.parse()?, &bare, events).await?;
        }
        Err(_) => println!("PostgreSQL: not measured, PROBITY_TEST_POSTGRES names none"),
    }
    Ok(())
}

async fn engine(name: &str, url: &DatabaseUrl, bare: &Bare, events: u64) -> Outcome<()> {
    let randomness = Randomness::system();
    let keyring = Keyring::new(MasterKey::generate(&randomness)?, Vec::new());
    let store = Store::open(url, keyring, Clock::system(), randomness).await?;
    let trust: TrustId = format!("bench-{}", std::process::id()).parse()?;
    println!("\n{name}");
    let alone = alone(&store, &trust).await?;
    let bare_alone = bare.alone().await?;
    line("one event a transaction", alone, Some(bare_alone));
    let begun = Instant::now();
    let mut entered = 0;
    while entered < events {
        entered += together(&store, &trust, entered).await?;
    }
    let many = per_second(entered, begun.elapsed());
    let bare_many = bare.together().await?;
    line("1,000 events a transaction", many, Some(bare_many));
    checkpoint(&store, &trust).await?;
    let verified = verify(&store, &trust, &[], &Kept::default()).await?;
    if !verified.is_sound() {
        return Err("the log that was just made is not sound".into());
    }
    let took = verified.took;
    line(
        &format!("verify {} leaves", verified.size),
        per_second(verified.size, took),
        None,
    );
    println!("  {:<34} {:>10.1} s", "in all", took.as_secs_f64());
    store.close().await;
    Ok(())
}

fn line(what: &str, rate: f64, bare: Option<f64>) {
    match bare {
        Some(bare) => println!(
            "  {what:<34} {rate:>10.0} a second; a bare insert {bare:>10.0} ({:.1} times)",
            bare / rate
        ),
        None => println!("  {what:<34} {rate:>10.0} a second"),
    }
}

fn per_second(count: u64, took: Duration) -> f64 {
    // Counts here are far below 2^52.
    count as f64 / took.as_secs_f64()
}

fn state(rings: u64) -> serde_json::Value {
    serde_json::json!({
        "id": rings.to_string(), "given_name": "Kate", "family_name": "Adeyemi", "known_as": null,
        "email": "k.adeyemi@elm.example", "starts_on": "2024-09-01", "ends_on": null,
    })
}

async fn enter(tx: &mut probity::store::Tx, trust: &TrustId, number: u64) -> Outcome<()> {
    let actor = Actor::operator(trust.clone());
    let record = (number % RECORDS).to_string();
    let change = Change {
        kind: "person.changed",
        record_kind: "person",
        record: &record,
        before: Some(state(number)),
        after: Some(state(number + 1)),
    };
    record_event(tx, &actor, None, change).await?;
    Ok(())
}

async fn alone(store: &Store, trust: &TrustId) -> Outcome<f64> {
    let (begun, mut count) = (Instant::now(), 0);
    while begun.elapsed() < TIME {
        let mut tx = store.begin(trust).await?;
        enter(&mut tx, trust, count).await?;
        tx.commit().await?;
        count += 1;
    }
    Ok(per_second(count, begun.elapsed()))
}

async fn together(store: &Store, trust: &TrustId, from: u64) -> Outcome<u64> {
    let mut tx = store.begin(trust).await?;
    for number in from..from + TOGETHER {
        enter(&mut tx, trust, number).await?;
    }
    tx.commit().await?;
    Ok(TOGETHER)
}

/// The engine with nothing of Probity before it: as many bytes, as durable, one statement a row.
enum Bare {
    Sqlite(sqlx::SqlitePool),
    Postgres(sqlx::PgPool),
}

const MAKE: &str = "CREATE TABLE bare (id BIGINT PRIMARY KEY, content BYTEA NOT NULL)";
const INSERT: &str = "INSERT INTO bare (id, content) VALUES ($1, $2)";

/// Runs the same lines with either engine's transaction.
macro_rules! with {
    ($bare:expr, $tx:ident, $begin:expr, $lines:block) => {
        match $bare {
            Bare::Sqlite(pool) => {
                let mut $tx = pool.begin_with($begin).await?;
                $lines
                $tx.commit().await?;
            }
            Bare::Postgres(pool) => {
                let mut $tx = pool.begin().await?;
                $lines
                $tx.commit().await?;
            }
        }
    };
}

impl Bare {
    async fn sqlite(file: &std::path::Path) -> Outcome<Self> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full);
        let pool = SqlitePoolOptions::new().max_connections(1);
        let pool = pool.connect_with(options).await?;
        sqlx::query(MAKE).execute(&pool).await?;
        Ok(Self::Sqlite(pool))
    }

    async fn postgres(url: &str) -> Outcome<Self> {
        let pool = PgPoolOptions::new().max_connections(1).connect(url).await?;
        sqlx::query("DROP TABLE IF EXISTS bare")
            .execute(&pool)
            .await?;
        sqlx::query(MAKE).execute(&pool).await?;
        Ok(Self::Postgres(pool))
    }

    async fn alone(&self) -> Outcome<f64> {
        let content = vec![7_u8; 600];
        let (begun, mut id) = (Instant::now(), 0_i64);
        while begun.elapsed() < TIME {
            with!(self, tx, "BEGIN IMMEDIATE", {
                let insert = sqlx::query(INSERT).bind(id).bind(&content);
                insert.execute(&mut *tx).await?;
            });
            id += 1;
        }
        Ok(per_second(u64::try_from(id)?, begun.elapsed()))
    }

    async fn together(&self) -> Outcome<f64> {
        let content = vec![7_u8; 600];
        let (begun, mut count) = (Instant::now(), 0_u64);
        while begun.elapsed() < TIME {
            with!(self, tx, "BEGIN IMMEDIATE", {
                for _ in 0..TOGETHER {
                    let id = -1 - i64::try_from(count)?;
                    let insert = sqlx::query(INSERT).bind(id).bind(&content);
                    insert.execute(&mut *tx).await?;
                    count += 1;
                }
            });
        }
        Ok(per_second(count, begun.elapsed()))
    }
}
