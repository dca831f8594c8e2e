//! `probity demo-links`: links to sign in as people of the demonstration.

use std::error::Error;
use std::process::ExitCode;

use clap::Args;

use super::installation::{self, Installation};
use crate::authority::{Actor, Role};
use crate::demonstration::{Holder, holders, link};
use crate::store::{Query as _, Store, TrustId};
use crate::values;

/// Print links to sign in as people of the demonstration, each of which works once
#[derive(Debug, Args)]
pub(super) struct DemoLinks {
    /// Only people with this role, as in staff, head, safeguarding-lead, trust-administrator
    #[arg(long, value_name = "ROLE", value_parser = role)]
    role: Option<Role>,

    /// Only people of the school that follows this policy, or whose name begins like this
    #[arg(long, value_name = "SCHOOL")]
    school: Option<String>,

    /// The address of the site, put before each link
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8080")]
    url: String,

    #[command(flatten)]
    installation: Installation,
}

fn role(text: &str) -> Result<Role, String> {
    Role::named(text).ok_or_else(|| {
        let names = Role::ALL.map(Role::name).join(", ");
        format!("there is no such role; there are {names}")
    })
}

impl DemoLinks {
    pub(super) fn run(self) -> Result<ExitCode, Box<dyn Error>> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        runtime.block_on(async {
            let store = installation::open(&self.installation.settings()?).await?;
            let done = self.print(&store).await;
            store.close().await;
            done
        })
    }

    async fn print(&self, store: &Store) -> Result<ExitCode, Box<dyn Error>> {
        let mut installation = store.installation();
        let row = installation
            .first(
                "SELECT trust FROM trust WHERE demonstration = 1 ORDER BY created_at, trust LIMIT 1",
                values![],
            )
            .await?;
        let Some(row) = row else {
            return Err(
                "no demonstration is loaded here: `probity setup --demonstration` sets one up"
                    .into(),
            );
        };
        let trust: TrustId = row.get("trust")?;
        let mut tx = store.begin(&trust).await?;
        let chosen = self.chosen(holders(&mut tx).await?);
        if chosen.is_empty() {
            return Err("nobody of the demonstration has that role there".into());
        }
        let (actor, mut lines) = (Actor::operator(trust), Vec::new());
        for holder in &chosen {
            let path = link(&mut tx, &actor, holder).await?;
            lines.push((told(holder), path));
        }
        tx.commit().await?;
        for (who, path) in &lines {
            println!("{who}\n  {}{path}", self.url.trim_end_matches('/'));
        }
        Ok(ExitCode::SUCCESS)
    }

    /// Those asked for, the first of each role and school. Where nothing was asked for: a teacher
    /// of each school, every role of the first one, and the trust's own people.
    fn chosen(&self, all: Vec<Holder>) -> Vec<Holder> {
        let first_school = all.iter().find_map(|holder| holder.school.clone());
        let all_wanted = self.role.is_none() && self.school.is_none();
        let mut chosen: Vec<Holder> = Vec::new();
        for holder in all {
            let shown = if all_wanted {
                holder.role == Role::Staff
                    || holder.school.is_none()
                    || holder.school == first_school
            } else {
                self.role.is_none_or(|role| role == holder.role) && self.at(&holder)
            };
            let again = chosen
                .iter()
                .any(|one| one.role == holder.role && one.school == holder.school);
            if shown && !again {
                chosen.push(holder);
            }
        }
        // What most people want to try comes first.
        chosen.sort_by_key(|holder| holder.role != Role::Staff);
        chosen
    }

    fn at(&self, holder: &Holder) -> bool {
        let Some(wanted) = &self.school else {
            return true;
        };
        let wanted = wanted.to_lowercase();
        let name = holder.school.as_ref().map(|name| name.to_lowercase());
        holder.policy.as_ref() == Some(&wanted)
            || name.is_some_and(|name| name.starts_with(&wanted))
    }
}

fn told(holder: &Holder) -> String {
    let role = match holder.role {
        Role::Staff => "Teacher",
        other => other.label(),
    };
    match (&holder.school, &holder.policy) {
        (Some(school), Some(policy)) => format!("{role}, {school} ({policy}): {}", holder.name),
        (Some(school), None) => format!("{role}, {school}: {}", holder.name),
        (None, _) => format!("{role}, whole trust: {}", holder.name),
    }
}
