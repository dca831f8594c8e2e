//! A post to one account: what was sent, when, what became of it. The door for whatever sends.
//!
//! A [`Sending`] is chosen with the draft and queued when the post is scheduled. Whatever sends does three things, each in
//! a transaction of its own:
//!
//! 1. [`claim`]: takes it, if it is due and nothing stands in its way. Stops, the case's state, the account, the right of
//!    whoever answers for the post, the second person's approval and each pupil's consent are looked at in the same
//!    transaction; the copy of what goes out is kept with its hash before anything goes out. It answers
//!    - [`Claim::Send`] with an [`Order`]: ask the platform, giving it [`Order::idempotency_key`], then 2;
//!    - [`Claim::LookFor`] with the same order: an earlier attempt was cut off or its outcome is unknown. Never send then:
//!      look for the post on the platform, then 3;
//!    - [`Claim::Later`]: not before that moment;
//!    - [`Claim::Nothing`]: it is no longer to be sent, is held, or a person puts it out.
//! 2. [`record_outcome`]: what the platform answered. A post that may be out is never queued again by the program.
//! 3. [`looked`]: what looking for it found. Where that does not settle it, a person is asked.
//!
//! A claim lasts [`LEASE`]: whoever sends must give up waiting for the platform well before. An answer that comes later
//! still counts where it says that the post is out. Running any of the three twice does nothing twice.

mod claim;
mod hand;
mod outcome;
mod plan;
mod row;
mod settle;
mod state;

pub(crate) use claim::{Claim, LEASE, Order, claim};
pub(super) use hand::{Said, address_of, again, is_down, is_out, said};
pub(crate) use outcome::{Looked, Outcome, looked, record_outcome};
pub(super) use plan::{choose, queue, take_down, unplan};
pub(crate) use row::{
    Copy, CopyPicture, Sending, SendingId, between, due, find, forget, of_post, published, states,
    waiting,
};
pub(crate) use state::State;
