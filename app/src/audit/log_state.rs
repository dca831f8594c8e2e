//! The state of the log: how much was recorded, what was last signed and when it was last proved.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

use crate::authority::Permit;
use crate::ledger::{self, LedgerError};
use crate::store::Query;
use crate::values;
use crate::web::App;
use crate::web::dates::moment;
use crate::web::problem::{Kind, Problem};

/// What the audit page says of the log itself.
#[derive(Clone, Debug, Serialize)]
pub(super) struct LogState {
    size: u64,
    checkpoint: Option<Signed>,
    verification: Option<Verification>,
    /// The verifier key that signs now.
    key: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
struct Signed {
    size: u64,
    epoch: u32,
    at: String,
}

#[derive(Clone, Debug, Serialize)]
struct Verification {
    at: String,
    size: u64,
    proved_elsewhere: Option<u64>,
    fault: Option<String>,
}

impl LogState {
    pub(super) fn sample() -> Self {
        Self {
            size: 1_042,
            checkpoint: Some(Signed {
                size: 1_040,
                epoch: 2,
                at: "20 November 2026 at 3:00pm".to_owned(),
            }),
            verification: Some(Verification {
                at: "20 November 2026 at 2:00am".to_owned(),
                size: 1_000,
                proved_elsewhere: Some(990),
                fault: Some("Event 3 was altered.".to_owned()),
            }),
            key: Some("probity/elm/ab+1234abcd+key".to_owned()),
        }
    }

    pub(super) fn empty() -> Self {
        Self {
            size: 0,
            checkpoint: None,
            verification: None,
            key: None,
        }
    }
}

pub(super) async fn log_state(
    query: &mut impl Query,
    zone: &TimeZone,
) -> Result<LogState, LedgerError> {
    let size = query
        .count(
            "SELECT size AS n FROM ledger_head WHERE trust = $1",
            values![],
        )
        .await?;
    let row = query
        .first(
            "SELECT at, size, proved_elsewhere, fault FROM ledger_verification WHERE trust = $1",
            values![],
        )
        .await?;
    let verification = row
        .map(|row| {
            Ok::<_, LedgerError>(Verification {
                at: moment(row.get::<Timestamp>("at")?, zone),
                size: row.get("size")?,
                proved_elsewhere: row.get("proved_elsewhere")?,
                fault: row.get("fault")?,
            })
        })
        .transpose()?;
    // A checkpoint or key that was altered is for `probity verify` to name; the page still opens.
    let checkpoint = ledger::latest_checkpoint(query).await.ok().flatten();
    let keys = ledger::verifier_keys(query).await.unwrap_or_default();
    Ok(LogState {
        size,
        checkpoint: checkpoint.map(|signed| Signed {
            size: signed.checkpoint.size,
            epoch: signed.checkpoint.epoch(),
            at: moment(signed.checkpoint.time, zone),
        }),
        verification,
        key: keys.last().map(ToString::to_string),
    })
}

/// `/audit/checkpoint`: the last signed checkpoint, as a file to be kept elsewhere.
pub(super) async fn checkpoint(
    State(app): State<App>,
    permit: Permit,
) -> Result<Response, Problem> {
    let mut reader = app.store()?.read(&permit.actor().trust);
    let signed = ledger::latest_checkpoint(&mut reader).await?;
    let signed = signed.ok_or_else(|| {
        Problem::new(Kind::NotFound)
            .detail("No checkpoint has been signed yet. The first one is signed within the hour.")
    })?;
    let name = format!(
        "attachment; filename=\"probity-{}.checkpoint\"",
        signed.checkpoint.size
    );
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, name),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, signed.note).into_response())
}
