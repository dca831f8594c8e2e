//! `probity user`: who can sign in, for the operator of the machine.

mod add;
mod end_sessions;
mod link;
mod list;

use std::error::Error;
use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::installation::{self, Installation};
use crate::authority::Actor;
use crate::settings::Settings;
use crate::sign_in::{Person, person_by_email};
use crate::store::{Query as _, Store, TrustId};
use crate::values;

/// Look after who can sign in
#[derive(Debug, Args)]
pub(super) struct UserVerb {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Add(add::Add),
    EndSessions(end_sessions::EndSessions),
    Invite(link::Invite),
    Link(link::Link),
    List(list::List),
    Reset(link::Reset),
}

impl UserVerb {
    pub(super) fn run(self) -> Result<ExitCode, Box<dyn Error>> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        runtime.block_on(async {
            match self.verb {
                Verb::Add(verb) => verb.run().await,
                Verb::EndSessions(verb) => verb.run().await,
                Verb::Invite(verb) => verb.run().await,
                Verb::Link(verb) => verb.run().await,
                Verb::List(verb) => verb.run().await,
                Verb::Reset(verb) => verb.run().await,
            }
        })?;
        Ok(ExitCode::SUCCESS)
    }
}

/// Which trust of which installation.
#[derive(Debug, Args)]
struct Where {
    /// The trust; needed only where the installation has several
    #[arg(long, value_name = "ID")]
    trust: Option<TrustId>,

    #[command(flatten)]
    installation: Installation,
}

/// An open store and the trust to work on.
struct Desk {
    settings: Settings,
    store: Store,
    trust: TrustId,
}

impl Where {
    async fn open(self) -> Result<Desk, Box<dyn Error>> {
        let settings = self.installation.settings()?;
        let store = installation::open_existing(&settings).await?;
        let rows = store
            .installation()
            .all("SELECT trust FROM trust ORDER BY trust", values![])
            .await?;
        let mut trusts = Vec::new();
        for row in &rows {
            trusts.push(row.get::<TrustId>("trust")?);
        }
        let trust = match (self.trust, trusts.as_slice()) {
            (Some(asked), all) if all.contains(&asked) => asked,
            (None, [only]) => only.clone(),
            (_, []) => return Err("this installation has no trust yet; set it up first".into()),
            (_, all) => {
                let all: Vec<&str> = all.iter().map(TrustId::as_str).collect();
                return Err(format!("name a trust with --trust: {}", all.join(", ")).into());
            }
        };
        Ok(Desk {
            settings,
            store,
            trust,
        })
    }
}

impl Desk {
    fn operator(&self) -> Actor {
        Actor::operator(self.trust.clone())
    }

    /// A path of the site, as people reach it.
    fn address(&self, path: &str) -> String {
        match &self.settings.public_url {
            Some(site) => site.of(path),
            None => format!("http://{}{path}", self.settings.listen),
        }
    }

    async fn person(&self, email: &str) -> Result<Person, Box<dyn Error>> {
        let today = self.store.clock().today();
        let person = person_by_email(&mut self.store.read(&self.trust), email, today).await?;
        person.ok_or_else(|| {
            let hint = "`probity user list` shows who there is";
            format!("nobody here has the e-mail address {email}; {hint}").into()
        })
    }
}
