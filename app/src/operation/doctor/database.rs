//! The database: its version, how it keeps what was committed, its schema, its clock, the other nodes, and what is in
//! it that should not stay.

use std::time::Instant;

use jiff::{SignedDuration, Timestamp};

use super::Finding;
use crate::jobs;
use crate::store::{Engine, Query as _, Store, StoreError};
use crate::values;

/// The oldest PostgreSQL that its makers still mend when this was written.
const OLDEST_POSTGRES: i64 = 14;
/// How long one question may take without wanting a look.
const SLOW: std::time::Duration = std::time::Duration::from_millis(50);
/// How long work may be due before nobody seems to do it.
const OVERDUE: SignedDuration = SignedDuration::from_mins(10);
/// How far two clocks may be apart.
const APART: SignedDuration = SignedDuration::from_secs(5);

pub(super) async fn examine(store: &Store) -> Vec<Finding> {
    let engine = match store.engine() {
        Engine::Sqlite => sqlite(store).await,
        Engine::Postgres => postgres(store).await,
    };
    let mut findings = Vec::new();
    for (subject, found) in [
        ("database", engine),
        ("answers", answers(store).await.map(|finding| vec![finding])),
        ("schema", schema(store).await.map(|finding| vec![finding])),
        ("clock", clock(store).await.map(|finding| vec![finding])),
        ("queue", queue(store).await.map(|finding| vec![finding])),
        (
            "demonstration",
            demonstration(store).await.map(|finding| vec![finding]),
        ),
    ] {
        match found {
            Ok(found) => findings.extend(found),
            Err(error) => findings.push(Finding::fail(
                subject,
                error.to_string(),
                "See the database's own log; where it is damaged, restore the newest backup.",
            )),
        }
    }
    findings
}

/// The text that a statement gives in this column.
async fn text(store: &Store, sql: &'static str, column: &str) -> Result<String, StoreError> {
    match store.installation().first(sql, values![]).await? {
        Some(row) => row.get(column),
        None => Ok(String::new()),
    }
}

async fn number(store: &Store, sql: &'static str) -> Result<i64, StoreError> {
    match store.installation().first(sql, values![]).await? {
        Some(row) => row.get("n"),
        None => Ok(0),
    }
}

async fn sqlite(store: &Store) -> Result<Vec<Finding>, StoreError> {
    let version = text(store, "VALUES (sqlite_version())", "column1").await?;
    let mode = text(store, "PRAGMA journal_mode", "journal_mode").await?;
    let check = text(store, "PRAGMA quick_check", "quick_check").await?;
    let mut findings = vec![match mode.as_str() {
        "wal" => Finding::ok("database", format!("SQLite {version}, write-ahead log on")),
        other => Finding::warn(
            "database",
            format!(
                "SQLite {version} in the journal mode '{other}': readers and the writer hold each other up"
            ),
            "Start 'probity serve' once; it turns the write-ahead log on.",
        ),
    }];
    findings.push(match check.as_str() {
        "ok" => Finding::ok("pages", "SQLite's quick check finds no damage"),
        damage => Finding::fail(
            "pages",
            format!("the database file is damaged: {damage}"),
            "Stop the server, keep a copy of the file, and restore the newest backup.",
        ),
    });
    Ok(findings)
}

async fn postgres(store: &Store) -> Result<Vec<Finding>, StoreError> {
    let version = text(store, "SHOW server_version_num", "server_version_num").await?;
    let major = version.parse::<i64>().unwrap_or(0) / 10_000;
    let mut findings = vec![match major {
        ..OLDEST_POSTGRES => Finding::warn(
            "database",
            format!("PostgreSQL {major}, which is not mended any more"),
            format!("Upgrade PostgreSQL to {OLDEST_POSTGRES} or newer."),
        ),
        _ => Finding::ok("database", format!("PostgreSQL {major}")),
    }];
    let mut off = Vec::new();
    for (name, sql) in [
        ("fsync", "SHOW fsync"),
        ("full_page_writes", "SHOW full_page_writes"),
        ("synchronous_commit", "SHOW synchronous_commit"),
    ] {
        if text(store, sql, name).await? == "off" {
            off.push(name);
        }
    }
    findings.push(match off.is_empty() {
        true => Finding::ok("commits", "what was committed survives a power cut"),
        false => Finding::fail(
            "commits",
            format!(
                "{} is off: a crash can lose what was acknowledged",
                off.join(", ")
            ),
            "Turn it on in postgresql.conf.",
        ),
    });
    findings.push(nodes(store).await?);
    Ok(findings)
}

/// The nodes that are running.
async fn nodes(store: &Store) -> Result<Finding, StoreError> {
    let since = store.clock().now() - SignedDuration::from_secs(15);
    let rows = store
        .installation()
        .all(
            "SELECT name, version FROM node WHERE seen_at > $1 ORDER BY name",
            values![since],
        )
        .await?;
    let mut nodes = Vec::new();
    let mut versions = std::collections::BTreeSet::new();
    for row in &rows {
        let version: String = row.get("version")?;
        nodes.push(format!("{} ({version})", row.get::<String>("name")?));
        versions.insert(version);
    }
    Ok(match (nodes.len(), versions.len()) {
        (0, _) => Finding::ok("nodes", "none is running"),
        (_, 2..) => Finding::warn(
            "nodes",
            format!(
                "nodes of different versions are running: {}",
                nodes.join(", ")
            ),
            "Finish the upgrade: start the same version on every node.",
        ),
        _ => Finding::ok("nodes", nodes.join(", ")),
    })
}

async fn answers(store: &Store) -> Result<Finding, StoreError> {
    let mut slowest = std::time::Duration::ZERO;
    for _ in 0..5 {
        let asked = Instant::now();
        number(store, "SELECT COUNT(*) AS n FROM trust").await?;
        slowest = slowest.max(asked.elapsed());
    }
    let says = format!(
        "the slowest of five questions took {:.1} ms",
        slowest.as_secs_f64() * 1000.0
    );
    Ok(match slowest > SLOW {
        true => Finding::warn(
            "answers",
            says,
            "Move the database nearer, or see what else keeps its machine busy.",
        ),
        false => Finding::ok("answers", says),
    })
}

async fn schema(store: &Store) -> Result<Finding, StoreError> {
    let found = number(store, "SELECT MAX(version) AS n FROM _sqlx_migrations").await?;
    let known = Store::newest_step();
    let says = format!("the database has step {found}, this program knows steps up to {known}");
    Ok(match found.cmp(&known) {
        std::cmp::Ordering::Equal => {
            Finding::ok("schema", format!("step {found}, as this program knows it"))
        }
        std::cmp::Ordering::Less => Finding::warn(
            "schema",
            says,
            "Take a backup, then start 'probity serve': it brings the schema up to date.",
        ),
        std::cmp::Ordering::Greater => Finding::fail(
            "schema",
            says,
            "Use the newer program, or restore a backup made by this one.",
        ),
    })
}

/// This machine's clock beside the database's or, where they share it, beside what was written last.
async fn clock(store: &Store) -> Result<Finding, StoreError> {
    let subject = "clock";
    let now = store.clock().now();
    let mend = "Turn on time synchronisation (timedatectl set-ntp true), here and on the database's machine.";
    if store.engine() == Engine::Postgres {
        let there = "VALUES ((EXTRACT(EPOCH FROM clock_timestamp()) * 1000)::bigint::text)";
        let there = text(store, there, "column1").await?.parse().unwrap_or(0);
        let there = Timestamp::from_millisecond(there).unwrap_or(now);
        let apart = now.duration_since(there).abs();
        let says = format!("{} s apart from the database's clock", apart.as_secs());
        return Ok(match apart > APART {
            true => Finding::fail(subject, says, mend),
            false => Finding::ok(subject, says),
        });
    }
    let mut newest = None;
    for row in store
        .installation()
        .all("SELECT trust FROM trust", values![])
        .await?
    {
        let trust = row.get("trust")?;
        let last = "SELECT at FROM ledger_event WHERE trust = $1 ORDER BY seq DESC LIMIT 1";
        if let Some(row) = store.read(&trust).first(last, values![]).await? {
            newest = newest.max(Some(row.get::<Timestamp>("at")?));
        }
    }
    Ok(match newest {
        Some(newest) if newest > now + APART => {
            let says = format!("it is {now} here, and the ledger's last entry is of {newest}");
            Finding::fail(subject, says, mend)
        }
        _ => Finding::ok(subject, format!("it is {now}")),
    })
}

async fn queue(store: &Store) -> Result<Finding, StoreError> {
    let now = store.clock().now();
    let (mut waiting, mut dead, mut oldest) = (0, 0, None);
    for row in store
        .installation()
        .all("SELECT trust FROM trust", values![])
        .await?
    {
        let trust = row.get("trust")?;
        let queue = jobs::waiting(&mut store.read(&trust), now).await?;
        waiting += queue.waiting + queue.running;
        dead += queue.dead;
        oldest = [oldest, queue.due_since].into_iter().flatten().min();
    }
    let overdue = oldest
        .map(|since| now.duration_since(since))
        .filter(|time| *time > OVERDUE);
    Ok(match (dead, overdue) {
        (0, None) => Finding::ok("queue", format!("{waiting} waiting, none given up")),
        (0, Some(time)) => Finding::fail(
            "queue",
            format!(
                "work has been due for {} minutes and nobody does it",
                time.as_mins()
            ),
            "See that 'probity serve' runs, and what its log says.",
        ),
        (dead, _) => Finding::warn(
            "queue",
            format!("{dead} given up, {waiting} waiting"),
            "See why on the administration page under waiting work, mend it there and try again.",
        ),
    })
}

async fn demonstration(store: &Store) -> Result<Finding, StoreError> {
    let left = "SELECT name FROM trust WHERE demonstration = 1";
    Ok(match store.installation().first(left, values![]).await? {
        None => Finding::ok("demonstration", "no demonstration data is left"),
        Some(row) => Finding::warn(
            "demonstration",
            format!("{} is demonstration data", row.get::<String>("name")?),
            "Remove it on the administration page before real people use this site.",
        ),
    })
}
