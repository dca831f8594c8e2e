//! What people say of a sending: that it is out, that it is not, that it is down.

use policy::platforms::Platforms;

use super::super::PostError;
use super::outcome::{moved, out, taken};
use super::row::{Sending, SendingId};
use super::state::State;
use crate::authority::Actor;
use crate::cases::Engine;
use crate::store::Tx;

/// What somebody found who was asked whether a post is out.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(in super::super) enum Said {
    /// It is there, at this address.
    There(String),
    /// It is not there: send it again.
    SendAgain,
    /// It is not there, and is not to be.
    LeaveIt,
}

async fn own(tx: &mut Tx, id: &SendingId) -> Result<Sending, PostError> {
    taken(tx, id).await?.ok_or(PostError::NotFound)
}

/// Checks the address of a post: a page of the web, on the platform where the platform is known.
pub(in super::super) fn address_of(
    platforms: &Platforms,
    platform: &str,
    typed: &str,
) -> Result<String, &'static str> {
    let typed = typed.trim();
    let whole = match typed.split_once("://") {
        Some(("https" | "http", _)) => typed.to_owned(),
        Some(_) => return Err("Give the address of the web, beginning with https://"),
        None => format!("https://{typed}"),
    };
    let host = whole.split_once("://").map_or("", |(_, rest)| rest);
    let host = host.split(['/', '?', '#']).next().unwrap_or("");
    if !host.contains('.') || whole.contains(char::is_whitespace) || whole.len() > 2_000 {
        return Err("Give the whole address of the post, as the browser shows it");
    }
    let Some(known) = platforms.get(platform) else {
        return Ok(whole);
    };
    // A server of one's own has whatever name it has.
    let federated = known.id == "mastodon";
    match platforms.of_host(host) {
        Some(owner) if owner.id == known.id => Ok(whole),
        None if federated => Ok(whole),
        _ => Err("This address is not on the account’s platform. Copy it from the post itself"),
    }
}

/// Somebody put it out, and says where it is.
pub(in super::super) async fn is_out(
    tx: &mut Tx,
    engine: &Engine,
    actor: &Actor,
    id: &SendingId,
    address: &str,
) -> Result<(), PostError> {
    let sending = own(tx, id).await?;
    if sending.state != State::HandedOver {
        return Err(PostError::NotNow(
            "Somebody has seen to this already.".to_owned(),
        ));
    }
    out(tx, engine, actor, &sending, ("", address)).await?;
    Ok(())
}

/// Somebody looked whether it is out, and says so.
pub(in super::super) async fn said(
    tx: &mut Tx,
    engine: &Engine,
    actor: &Actor,
    id: &SendingId,
    said: Said,
) -> Result<(), PostError> {
    let sending = own(tx, id).await?;
    let handed = sending.state == State::HandedOver && said == Said::LeaveIt;
    if sending.state != State::Asked && !handed {
        return Err(PostError::NotNow(
            "Somebody has seen to this already.".to_owned(),
        ));
    }
    let after = match said {
        Said::There(address) => {
            out(tx, engine, actor, &sending, ("", &address)).await?;
            return Ok(());
        }
        Said::SendAgain => Sending {
            due_at: Some(tx.now().as_millisecond()),
            ..sending.become_(State::Queued, "Somebody looked: it is not there.")?
        },
        Said::LeaveIt => {
            sending.become_(State::Failed, "Somebody decided that it is not to go out.")?
        }
    };
    moved(tx, engine, actor, (&sending, &after)).await?;
    Ok(())
}

/// Tries again what did not go out; `by_hand` where a person puts out what the program could not.
pub(in super::super) async fn again(
    tx: &mut Tx,
    engine: &Engine,
    actor: &Actor,
    id: &SendingId,
    by_hand: bool,
) -> Result<(), PostError> {
    let sending = own(tx, id).await?;
    if sending.state != State::Failed {
        return Err(PostError::NotNow(
            "Somebody has seen to this already.".to_owned(),
        ));
    }
    let after = Sending {
        due_at: Some(tx.now().as_millisecond()),
        by_hand: by_hand || sending.by_hand,
        ..sending.become_(State::Queued, "")?
    };
    moved(tx, engine, actor, (&sending, &after)).await?;
    Ok(())
}

/// Somebody took it down, and says so.
pub(in super::super) async fn is_down(
    tx: &mut Tx,
    engine: &Engine,
    actor: &Actor,
    id: &SendingId,
) -> Result<(), PostError> {
    let sending = own(tx, id).await?;
    let after = Sending {
        removed_at: Some(tx.now().as_millisecond()),
        ..sending.become_(State::Removed, "")?
    };
    moved(tx, engine, actor, (&sending, &after)).await?;
    Ok(())
}
