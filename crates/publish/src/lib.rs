//! Publishes posts on Bluesky (AT Protocol) and Mastodon (its client API), over whatever [`Http`] it is given: no TLS, no
//! store and no clock of its own.
//!
//! The whole door is [`Account`]: [`check`](Account::check) a token, [`publish`](Account::publish) under a [`Key`],
//! [`find`](Account::find) what was published under it, [`take_down`](Account::take_down). Whatever a platform does, the
//! answer is a post or one of the [`Failure`]s, and these say what is certain: that nothing was published, or that nobody
//! knows. Only then is a post looked for.
//!
//! What a draft may hold is asked before: [`counted`], as the platform counts.

mod account;
mod answer;
mod bluesky;
mod count;
mod failure;
mod http;
mod key;
mod limits;
mod marks;
mod mastodon;
mod post;

pub use account::{Account, AccountError, Owner, Platform};
pub use count::{Counted, counted};
pub use failure::{Failure, Found};
pub use http::{Http, NoAnswer};
pub use key::Key;
pub use limits::Limits;
pub use post::{Picture, Post, Published};
