//! `probity user end-sessions`: signs a person out everywhere.

use std::error::Error;

use clap::Args;

use super::Where;
use crate::sign_in::end_sessions;

/// Sign a person out everywhere
#[derive(Debug, Args)]
pub(super) struct EndSessions {
    /// Their e-mail address
    email: String,

    #[command(flatten)]
    at: Where,
}

impl EndSessions {
    pub(super) async fn run(self) -> Result<(), Box<dyn Error>> {
        let desk = self.at.open().await?;
        let person = desk.person(&self.email).await?;
        let mut tx = desk.store.begin(&desk.trust).await?;
        let ended = end_sessions(&mut tx, &desk.operator(), &person.id, None).await?;
        tx.commit().await?;
        println!("{} is signed out: {ended} sessions ended.", person.name);
        Ok(())
    }
}
