//! `probity user link`: a link with which a person signs in once.

use std::error::Error;

use clap::Args;
use jiff::SignedDuration;

use super::Where;
use crate::sign_in::one_time_link;

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

impl Link {
    pub(super) async fn run(self) -> Result<(), Box<dyn Error>> {
        let desk = self.at.open().await?;
        let person = desk.person(&self.email).await?;
        let lifetime = SignedDuration::from_mins(i64::from(self.minutes));
        let mut tx = desk.store.begin(&desk.trust).await?;
        let path = one_time_link(&mut tx, &desk.operator(), &person.id, lifetime).await?;
        tx.commit().await?;
        println!("{}", desk.address(&path));
        Ok(())
    }
}
