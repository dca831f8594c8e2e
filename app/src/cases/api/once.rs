//! A request that is sent twice is done once: whoever sends the same key with the same request again gets the first
//! answer (the header `Idempotency-Key`).

use data_encoding::HEXLOWER;
use jiff::SignedDuration;
use serde_json::Value as Json;
use sha2::{Digest as _, Sha256};

use crate::store::{PersonId, Query as _, Row, Tx};
use crate::values;
use crate::web::problem::{Kind, Problem};

/// How long a key is remembered.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(24);
/// The longest key, in characters.
const LONGEST: usize = 200;

/// The digest by which a request is known again.
pub(in crate::cases) fn digest(parts: &[&str]) -> String {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update(part.len().to_le_bytes());
        digest.update(part.as_bytes());
    }
    HEXLOWER.encode(&digest.finalize())
}

/// A key as a client may choose it.
pub(super) fn key(text: &str) -> Result<&str, Problem> {
    let plain = text.bytes().all(|b| b.is_ascii_graphic());
    if plain && (1..=LONGEST).contains(&text.len()) {
        return Ok(text);
    }
    Err(Problem::new(Kind::BadRequest)
        .detail("The Idempotency-Key has 1 to 200 visible ASCII characters, such as a UUID."))
}

/// Takes the key for this transaction; gives the answer where the request was done before.
pub(in crate::cases) async fn begin(
    tx: &mut Tx,
    person: &PersonId,
    key: &str,
    request: &str,
) -> Result<Option<Json>, Problem> {
    let now = tx.now();
    tx.execute(
        "DELETE FROM case_request WHERE trust = $1 AND person = $2 AND made_at < $3",
        values![person, now - REMEMBERED],
    )
    .await?;
    let taken = tx
        .execute(
            "INSERT INTO case_request (trust, person, request_key, request, answer, made_at) VALUES ($1, $2, $3, $4, '', $5) \
             ON CONFLICT (trust, person, request_key) DO NOTHING",
            values![person, key, request, now],
        )
        .await?;
    if taken == 1 {
        return Ok(None);
    }
    let row = tx
        .first(
            "SELECT request, answer FROM case_request WHERE trust = $1 AND person = $2 AND request_key = $3",
            values![person, key],
        )
        .await?;
    let row = row.ok_or_else(|| Problem::new(Kind::Conflict))?;
    if row.get::<String>("request")? != request {
        return Err(Problem::new(Kind::Unprocessable).detail(
            "This Idempotency-Key came with another request before. Take a new key for a new request.",
        ));
    }
    let answer: String = row.get("answer")?;
    let answer = serde_json::from_str(&answer).map_err(|_| Row::unreadable("answer"))?;
    Ok(Some(answer))
}

/// Keeps the answer to the request, in the transaction that did it.
pub(in crate::cases) async fn end(
    tx: &mut Tx,
    person: &PersonId,
    key: &str,
    answer: &Json,
) -> Result<(), Problem> {
    tx.execute(
        "UPDATE case_request SET answer = $4 WHERE trust = $1 AND person = $2 AND request_key = $3",
        values![person, key, answer.to_string()],
    )
    .await?;
    Ok(())
}
