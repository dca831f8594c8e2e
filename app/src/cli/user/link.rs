//! `probity user link`, `invite` and `reset`: links that work once, to hand over.

use std::error::Error;

use clap::Args;
use jiff::SignedDuration;

use super::Where;
use crate::sign_in::{INVITATION, LinkKind, RESET, make_link};

/// Print a link with which a person signs in once
#[derive(Debug, Args)]
pub(super) struct Link {
    /// Their e-mail address
    email: String,

    /// How many minutes it works
    #[arg(long, value_name = "N", default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..=20_160))]
    minutes: u32,

    #[command(flatten)]
    at: Where,
}

/// Print a link with which a person chooses their first password, once and within 7 days
#[derive(Debug, Args)]
pub(super) struct Invite {
    /// Their e-mail address
    email: String,

    #[command(flatten)]
    at: Where,
}

/// Print a link with which a person chooses a new password, once and within an hour
///
/// The old password works until a new one is chosen; then all their sessions end.
#[derive(Debug, Args)]
pub(super) struct Reset {
    /// Their e-mail address
    email: String,

    #[command(flatten)]
    at: Where,
}

impl Link {
    pub(super) async fn run(self) -> Result<(), Box<dyn Error>> {
        let lifetime = SignedDuration::from_mins(i64::from(self.minutes));
        print(self.at, &self.email, LinkKind::OneTime, lifetime).await
    }
}

impl Invite {
    pub(super) async fn run(self) -> Result<(), Box<dyn Error>> {
        print(self.at, &self.email, LinkKind::Invitation, INVITATION).await
    }
}

impl Reset {
    pub(super) async fn run(self) -> Result<(), Box<dyn Error>> {
        print(self.at, &self.email, LinkKind::Reset, RESET).await
    }
}

/// Makes the link and prints it alone, for scripts.
async fn print(
    at: Where,
    email: &str,
    kind: LinkKind,
    lifetime: SignedDuration,
) -> Result<(), Box<dyn Error>> {
    let desk = at.open().await?;
    let person = desk.person(email).await?;
    let mut tx = desk.store.begin(&desk.trust).await?;
    let path = make_link(&mut tx, &desk.operator(), &person.id, kind, lifetime).await?;
    tx.commit().await?;
    println!("{}", desk.address(&path));
    Ok(())
}
