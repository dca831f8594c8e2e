//! How often somebody may try. Counted in the store, so that it holds across all nodes, before the
//! password is looked at, so that many tries at once do not slip through.
//!
//! Nobody is locked out for ever: a delay grows to a quarter of an hour and no further. Tries from
//! elsewhere slow a person down only where they never signed in before: a browser that they used
//! is counted by itself. And a link by mail is not slowed down at all.

use std::net::IpAddr;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::known::KnownId;
use crate::store::{StoreError, TrustId, Tx};
use crate::values;

/// No delay is longer.
const LONGEST: SignedDuration = SignedDuration::from_mins(15);
/// The first delay; each further failure doubles it.
const FIRST: SignedDuration = SignedDuration::from_secs(10);
/// After so long without a try the count begins anew.
const FORGOTTEN: SignedDuration = SignedDuration::from_hours(1);

/// What a try is about.
#[derive(Clone, Copy, Debug)]
pub(super) struct Try<'a> {
    /// What is tried: a password, a second factor, a request for a link.
    pub(super) purpose: &'static str,
    /// The name that was typed, or the account.
    pub(super) account: &'a str,
    /// From where.
    pub(super) address: IpAddr,
    /// The browser, where this account signed in with it before.
    pub(super) known: Option<&'a KnownId>,
}

/// Failures that cost no delay yet: by account and address, by account from anywhere, by address
/// (a whole school may share one), by known browser.
const FREE_PAIR: i64 = 5;
const FREE_ACCOUNT: i64 = 20;
const FREE_ADDRESS: i64 = 200;
const FREE_KNOWN: i64 = 10;

impl Try<'_> {
    /// The subjects that count it, each with its free failures, in the order of their names, so
    /// that two tries at once lock them in the same order.
    fn subjects(&self, tx: &Tx, trust: &TrustId) -> Vec<(String, i64)> {
        let purpose = format!("sign-in-try/{trust}/{}", self.purpose);
        let account = self.account.trim().to_lowercase();
        let address = self.address.to_string();
        let hash = |kind: &str, parts: &[&str]| {
            let text = format!("{kind}\n{}", parts.join("\n"));
            tx.store().root_key().keyed_hash(&purpose, &text)
        };
        let mut subjects = match self.known {
            Some(known) => vec![(hash("known", &[known.as_str()]), FREE_KNOWN)],
            None => vec![
                (hash("pair", &[&account, &address]), FREE_PAIR),
                (hash("account", &[&account]), FREE_ACCOUNT),
                (hash("address", &[&address]), FREE_ADDRESS),
            ],
        };
        subjects.sort();
        subjects
    }
}

/// How long to wait.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Wait(pub(super) Duration);

impl Wait {
    /// In words: `in 2 minutes`.
    pub(super) fn told(self) -> String {
        match self.0.as_secs() {
            0..=59 => "in a minute".to_owned(),
            seconds => match seconds.div_ceil(60) {
                1 => "in a minute".to_owned(),
                minutes => format!("in {minutes} minutes"),
            },
        }
    }
}

fn delay(failures: i64, free: i64) -> SignedDuration {
    let over = failures - free;
    if over <= 0 {
        return SignedDuration::ZERO;
    }
    let doublings = u32::try_from(over - 1).unwrap_or(u32::MAX).min(16);
    (FIRST * 2_i32.saturating_pow(doublings)).min(LONGEST)
}

/// Counts a try as a failure, until [`succeeded`] takes that back; or says how long to wait, which
/// counts nothing.
pub(super) async fn count(
    tx: &mut Tx,
    trust: &TrustId,
    attempt: Try<'_>,
) -> Result<Result<(), Wait>, StoreError> {
    let now = tx.now();
    let mut counted = Vec::new();
    for (subject, free) in attempt.subjects(tx, trust) {
        let (failures, blocked_until) = standing(tx, &subject, now).await?;
        if blocked_until > now {
            let wait = blocked_until.duration_since(now).unsigned_abs();
            return Ok(Err(Wait(wait)));
        }
        counted.push((subject, free, failures + 1));
    }
    for (subject, free, failures) in counted {
        tx.execute(
            "UPDATE sign_in_try SET failures = $3, last_at = $4, blocked_until = $5 \
             WHERE trust = $1 AND subject = $2",
            values![subject, failures, now, now + delay(failures, free)],
        )
        .await?;
    }
    Ok(Ok(()))
}

/// The failures so far and until when there is a delay, locked.
async fn standing(
    tx: &mut Tx,
    subject: &str,
    now: Timestamp,
) -> Result<(i64, Timestamp), StoreError> {
    tx.execute(
        "INSERT INTO sign_in_try (trust, subject, failures, last_at, blocked_until) \
         VALUES ($1, $2, 0, $3, 0) ON CONFLICT (trust, subject) DO NOTHING",
        values![subject, now],
    )
    .await?;
    let row = tx
        .locked(
            "SELECT failures, last_at, blocked_until FROM sign_in_try \
             WHERE trust = $1 AND subject = $2",
            "SELECT failures, last_at, blocked_until FROM sign_in_try \
             WHERE trust = $1 AND subject = $2 FOR UPDATE",
            values![subject],
        )
        .await?;
    let Some(row) = row else {
        return Ok((0, Timestamp::UNIX_EPOCH));
    };
    let forgotten = row.get::<Timestamp>("last_at")? + FORGOTTEN <= now;
    let failures = if forgotten { 0 } else { row.get("failures")? };
    Ok((failures, row.get("blocked_until")?))
}

/// Takes a counted try back, because it succeeded: the account from this address starts anew. The
/// others lose no more than this one try, so that one's own sign-ins do not hide one's guesses at
/// other accounts.
pub(super) async fn succeeded(
    tx: &mut Tx,
    trust: &TrustId,
    attempt: Try<'_>,
) -> Result<(), StoreError> {
    let now = tx.now();
    for (subject, free) in attempt.subjects(tx, trust) {
        if free == FREE_PAIR || free == FREE_KNOWN {
            tx.execute(
                "DELETE FROM sign_in_try WHERE trust = $1 AND subject = $2",
                values![subject],
            )
            .await?;
        } else {
            // An address stays slow: otherwise whoever guesses would sign in with an account of
            // their own in between.
            let block = if free == FREE_ADDRESS { 1 } else { 0_i64 };
            tx.execute(
                "UPDATE sign_in_try SET blocked_until = blocked_until * $3, \
                   failures = CASE WHEN failures > 0 THEN failures - 1 ELSE 0 END \
                 WHERE trust = $1 AND subject = $2",
                values![subject, block],
            )
            .await?;
        }
    }
    tx.execute(
        "DELETE FROM sign_in_try WHERE trust = $1 AND last_at <= $2",
        values![now - FORGOTTEN],
    )
    .await?;
    Ok(())
}
