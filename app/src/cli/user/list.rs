//! `probity user list`: everybody who can have an account.

use std::error::Error;
use std::io::Write as _;

use clap::Args;

use super::Where;
use crate::sign_in::people;

/// List everybody who works here, with their e-mail address
#[derive(Debug, Args)]
pub(super) struct List {
    #[command(flatten)]
    at: Where,
}

impl List {
    pub(super) async fn run(self) -> Result<(), Box<dyn Error>> {
        let desk = self.at.open().await?;
        let today = desk.store.clock().today();
        // Written and not printed: whoever reads may have enough before the end.
        let mut out = std::io::stdout().lock();
        for person in people(&mut desk.store.read(&desk.trust), today).await? {
            let email = person.email.as_deref().unwrap_or("(no e-mail)");
            writeln!(out, "{email:<40} {}", person.name)?;
        }
        Ok(())
    }
}
