//! For whom the command line asks or acts: a person of an installation, with their own rights and no more.

use std::collections::BTreeSet;
use std::error::Error;

use clap::Args;
use policy::library::Library;

use super::installation::{only_trust, open_existing};
use super::sheet::{FAINT, STRONG, Sheet, paint};
use crate::ask::{Honoured, OnRecord, OnRecordLine, OnRecordTold, words_on_record};
use crate::authority::{Action, Actor, Means};
use crate::cases::Held;
use crate::policies::Policies;
use crate::settings::{OfAsking, Options, Places, Settings};
use crate::sign_in::{person_by_email, roles_of};
use crate::store::{Store, TrustId};

/// The policies to ask, and for whom.
#[derive(Debug, Args)]
pub(super) struct OnBehalf {
    /// Ask for somebody of an installation: permissions and declarations that stand for them are honoured
    #[arg(long = "as", value_name = "EMAIL")]
    person: Option<String>,

    /// The trust; needed only with --as, where the installation has several
    #[arg(long, value_name = "ID", requires = "person")]
    trust: Option<TrustId>,

    #[command(flatten)]
    options: Options<OfAsking>,
}

/// What stands for the person for whom is asked, in words too.
pub(super) struct OnFile {
    name: String,
    record: OnRecord,
    lines: Vec<OnRecordLine>,
}

impl OnBehalf {
    /// The policies, and what is on record for whoever is named.
    pub(super) fn load(self) -> Result<(Policies, Option<OnFile>), Box<dyn Error>> {
        let settings = Settings::load(&self.options, &Places::usual())?;
        let policies = Policies::load(settings.policies.clone())?;
        let Some(email) = self.person else {
            return Ok((policies, None));
        };
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()?;
        let on_file = runtime.block_on(async {
            let store = open_existing(&settings).await?;
            let trust = only_trust(&store, self.trust.as_ref()).await?;
            let actor = actor(&store, trust, &email).await?;
            on_file(&store, &actor, &policies.library()).await
        })?;
        Ok((policies, Some(on_file)))
    }
}

async fn on_file(
    store: &Store,
    actor: &Actor,
    library: &Library,
) -> Result<OnFile, Box<dyn Error>> {
    let record = OnRecord::of(store, actor).await?;
    let held: Vec<&Held> = record.all().collect();
    let lines = words_on_record(store, actor, library.platforms(), &held).await?;
    Ok(OnFile {
        name: actor.name.clone(),
        lines,
        record,
    })
}

/// Somebody of a trust, as they would be on the site: their rights hold, not those of whoever has the machine.
pub(super) async fn actor(
    store: &Store,
    trust: TrustId,
    email: &str,
) -> Result<Actor, Box<dyn Error>> {
    let today = store.clock().today();
    let mut query = store.read(&trust);
    let person = person_by_email(&mut query, email, today).await?;
    let person = person.ok_or_else(|| {
        format!(
            "nobody here has the e-mail address {email}; `probity user list` shows who there is"
        )
    })?;
    let roles = roles_of(&mut query, &person.id, today).await?;
    drop(query);
    Ok(Actor {
        trust,
        person: Some(person.id),
        name: person.name,
        roles,
        means: Means::Token(Action::ALL.iter().copied().collect::<BTreeSet<Action>>()),
    })
}

impl OnFile {
    pub(super) fn record(&self) -> &OnRecord {
        &self.record
    }

    /// That a permission was named which does not stand for them.
    pub(super) fn check(&self, named: Option<&str>) -> Result<(), String> {
        let Some(named) = named else { return Ok(()) };
        let known: Vec<&str> = self
            .lines
            .iter()
            .map(|line| line.reference.as_str())
            .collect();
        match known.as_slice() {
            known if known.contains(&named) => Ok(()),
            [] => Err(format!(
                "{named}: nothing stands on record for {}",
                self.name
            )),
            known => Err(format!(
                "{named} does not stand on record for {}; there are {}",
                self.name,
                known.join(", ")
            )),
        }
    }

    fn line(&self, held: &Held) -> Option<&OnRecordLine> {
        let mut lines = self.lines.iter();
        lines.find(|line| line.reference == held.case.reference)
    }

    /// What is on record, for programs; the same as over HTTP.
    pub(super) fn told(&self, honoured: &Honoured<'_>) -> OnRecordTold {
        let lines = |held: &[&Held]| {
            held.iter()
                .filter_map(|held| self.line(held))
                .cloned()
                .collect()
        };
        OnRecordTold {
            permission: honoured
                .granted
                .as_ref()
                .and_then(|(held, _)| self.line(held))
                .cloned(),
            perhaps: lines(&honoured.perhaps),
            declared: lines(&honoured.declared),
        }
    }

    /// What is on record, for people.
    pub(super) fn print(&self, sheet: &mut Sheet, honoured: &Honoured<'_>) -> std::io::Result<()> {
        let told = self.told(honoured);
        let nothing =
            told.permission.is_none() && told.perhaps.is_empty() && told.declared.is_empty();
        if nothing {
            return Ok(());
        }
        sheet.heading(&format!("On record for {}", self.name))?;
        if let Some(line) = &told.permission {
            sheet.text(2, "The answer above rests on this permission:")?;
            put(sheet, line)?;
        }
        if !told.perhaps.is_empty() {
            sheet.text(
                2,
                "This may cover it. If it does, ask again with --held and its reference:",
            )?;
            for line in &told.perhaps {
                put(sheet, line)?;
            }
        }
        if !told.declared.is_empty() {
            sheet.text(2, "Declared already, if it is about the same person:")?;
            for line in &told.declared {
                put(sheet, line)?;
            }
        }
        Ok(())
    }
}

fn put(sheet: &mut Sheet, line: &OnRecordLine) -> std::io::Result<()> {
    let until = line.until.as_ref().map(|day| format!(", until {day}"));
    let words = format!(
        "{}  {}, since {}{}",
        paint(STRONG, &line.reference),
        line.state,
        line.since,
        until.unwrap_or_default()
    );
    sheet.hanging(4, 6, &words)?;
    for term in &line.terms {
        sheet.hanging(
            6,
            8,
            &paint(FAINT, &format!("{}: {}", term.label, term.says)),
        )?;
    }
    Ok(())
}
