//! What a platform answered, and what looking for a post found.

use jiff::Timestamp;

use super::super::PostError;
use super::row::{self, Sending, SendingId};
use super::settle::settle;
use super::state::State;
use crate::authority::Actor;
use crate::cases::{self, Engine};
use crate::store::Tx;

/// What a platform answered.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Outcome {
    /// It is out.
    Published {
        /// What the platform calls it.
        id: String,
        /// Where it is.
        address: String,
    },
    /// The platform will not take it, and says why.
    Refused(String),
    /// Not before this moment; it is not out.
    RateLimited(Timestamp),
    /// Nothing was sent; it is tried again at that moment.
    NotReached {
        /// When.
        until: Timestamp,
        /// Why, in words.
        why: String,
    },
    /// The token counts no more; it is not out.
    TokenRevoked,
    /// No answer, or none that says whether it is out.
    Unknown,
}

impl Outcome {
    /// Whether nothing is out, and it is tried again.
    pub(crate) fn is_put_off(&self) -> bool {
        matches!(self, Self::RateLimited(_) | Self::NotReached { .. })
    }
}

/// What looking for a post found.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Looked {
    /// It is out.
    Found {
        /// What the platform calls it.
        id: String,
        /// Where it is.
        address: String,
    },
    /// It is certain that it is not out: it may be sent again.
    NotThere,
    /// That cannot be said, or the platform does not answer: it is looked for again.
    Unanswered,
    /// It was looked for often enough: a person is asked.
    GiveUp,
}

/// Records what a platform answered to an attempt. Says whether that changed anything.
///
/// # Errors
/// Where the store fails.
pub(crate) async fn record_outcome(
    tx: &mut Tx,
    engine: &Engine,
    program: &Actor,
    (id, attempt): (&SendingId, i64),
    outcome: Outcome,
) -> Result<bool, PostError> {
    let Some(sending) = taken(tx, id).await? else {
        return Ok(false);
    };
    let open = matches!(
        sending.state,
        State::Sending | State::Unknown | State::Asked
    );
    if let Outcome::Published { id, address } = &outcome {
        // That it is out is true whoever says it, and however late.
        return match open {
            true => out(tx, engine, program, &sending, (id, address)).await,
            false => Ok(false),
        };
    }
    if sending.state != State::Sending || sending.attempt != attempt {
        return Ok(false);
    }
    // Where this was the first attempt under its key and nothing is out, the next has a new one, with its own time.
    let first_at = match outcome.is_put_off() && sending.first_at == sending.claimed_at {
        true => None,
        false => sending.first_at,
    };
    let after = match outcome {
        Outcome::Published { .. } => return Ok(false),
        Outcome::Refused(why) => sending.become_(State::Failed, &why)?,
        Outcome::TokenRevoked => sending.become_(
            State::Failed,
            "The platform does not accept the token that is lodged for the account.",
        )?,
        Outcome::RateLimited(until) => Sending {
            due_at: Some(until.as_millisecond()),
            first_at,
            ..sending.become_(State::Queued, "The platform asks to wait.")?
        },
        Outcome::NotReached { until, why } => Sending {
            due_at: Some(until.as_millisecond()),
            first_at,
            ..sending.become_(
                State::Queued,
                &format!("The platform was not reached: {why}."),
            )?
        },
        Outcome::Unknown => sending.become_(
            State::Unknown,
            "The platform did not say whether it took it.",
        )?,
    };
    moved(tx, engine, program, (&sending, &after)).await
}

/// Records what looking for a post found. Says whether that changed anything.
///
/// # Errors
/// Where the store fails.
pub(crate) async fn looked(
    tx: &mut Tx,
    engine: &Engine,
    program: &Actor,
    id: &SendingId,
    found: Looked,
) -> Result<bool, PostError> {
    let Some(sending) = taken(tx, id).await? else {
        return Ok(false);
    };
    if sending.state != State::Unknown {
        return Ok(false);
    }
    let after = match found {
        Looked::Found { id, address } => {
            return out(tx, engine, program, &sending, (&id, &address)).await;
        }
        Looked::Unanswered => return Ok(false),
        Looked::NotThere => {
            sending.become_(State::Queued, "It was looked for, and is not there.")?
        }
        Looked::GiveUp => sending.become_(
            State::Asked,
            "It was looked for on the platform, and still nobody knows whether it is out.",
        )?,
    };
    moved(tx, engine, program, (&sending, &after)).await
}

/// A sending, with its post held still.
pub(super) async fn taken(tx: &mut Tx, id: &SendingId) -> Result<Option<Sending>, PostError> {
    let Some(sending) = row::find(tx, id).await? else {
        return Ok(None);
    };
    cases::hold_still(tx, &sending.case).await?;
    Ok(row::find(tx, id).await?)
}

/// It is out.
pub(super) async fn out(
    tx: &mut Tx,
    engine: &Engine,
    actor: &Actor,
    sending: &Sending,
    (remote, address): (&str, &str),
) -> Result<bool, PostError> {
    let mut after = sending.become_(State::Published, "")?;
    after.remote = Some(remote.to_owned()).filter(|remote| !remote.is_empty());
    after.address = Some(address.to_owned());
    after.published_at = Some(tx.now().as_millisecond());
    moved(tx, engine, actor, (sending, &after)).await
}

/// Writes a sending that has moved, and brings its post along.
pub(super) async fn moved(
    tx: &mut Tx,
    engine: &Engine,
    actor: &Actor,
    (before, after): (&Sending, &Sending),
) -> Result<bool, PostError> {
    let event = match after.state {
        State::Published => "post.published",
        State::Failed => "post.not-sent",
        State::Unknown => "post.outcome-unknown",
        State::Asked => "post.person-asked",
        State::Removing => "post.removal-asked",
        State::Removed => "post.removed",
        _ => "post.queued",
    };
    row::update(tx, actor, event, (before, after)).await?;
    let program = Actor::operator(actor.trust.clone());
    settle(tx, engine, &program, &after.case).await?;
    Ok(true)
}
