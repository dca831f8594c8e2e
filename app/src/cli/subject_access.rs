//! `probity subject-access`: requests for one's own data on the command line, for somebody who answers them. What they may
//! see and do on the site holds; deciding what is given stays a person's work on the pages.

use std::error::Error;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use serde_json::json;

use super::Format;
use super::case::desk::{Desk, Where};
use super::sheet::{STRONG, Sheet, paint, print_json};
use crate::cases::{CaseError, CaseId};
use crate::protection::owner_only;
use crate::subject_access::{self, AccessError};

/// Answer requests for one's own data: list them, gather what is held, take the package away
#[derive(Debug, Args)]
pub(super) struct SubjectAccess {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    List(List),
    Gather(Gather),
    Export(Export),
}

/// List the open requests that a person answers, and how far each is
#[derive(Debug, Args)]
struct List {
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,

    #[command(flatten)]
    at: Where,
}

/// Gather all that is held about whom a request is about
#[derive(Debug, Args)]
struct Gather {
    /// The request, by its reference: SAR-2026-0001
    case: String,

    /// Which of those whom it can be about, by number; needed where there are several
    #[arg(long, value_name = "N")]
    whom: Option<usize>,

    #[command(flatten)]
    at: Where,
}

/// Take the package of a request away, once everything in it is decided; it is made where it is not made yet
#[derive(Debug, Args)]
struct Export {
    /// The request, by its reference: SAR-2026-0001
    case: String,

    /// The file to write, a ZIP archive; one that is there already is not overwritten
    file: PathBuf,

    #[command(flatten)]
    at: Where,
}

impl SubjectAccess {
    pub(super) fn run(self) -> Result<ExitCode, Box<dyn Error>> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()?;
        runtime.block_on(async {
            match self.verb {
                Verb::List(verb) => verb.run().await,
                Verb::Gather(verb) => verb.run().await,
                Verb::Export(verb) => verb.run().await,
            }
        })?;
        Ok(ExitCode::SUCCESS)
    }
}

/// The installation, for somebody who answers requests.
async fn desk(at: Where) -> Result<Desk, Box<dyn Error>> {
    let desk = at.open().await?;
    match desk.actor.permit(subject_access::ACTION) {
        Some(_) => Ok(desk),
        None => Err(format!(
            "{} does not answer requests for one's own data; that is for the data protection officer",
            desk.actor.name
        )
        .into()),
    }
}

/// The request that is named, where they answer it.
async fn find(desk: &Desk, named: &str) -> Result<CaseId, Box<dyn Error>> {
    let mut tx = desk.store.begin(&desk.actor.trust).await?;
    let found = desk.find(&mut tx, named).await;
    tx.commit_unrecorded().await?;
    match found {
        Err(CaseError::NotFound) => Err(nothing(named)),
        found => Ok(found?),
    }
}

fn nothing(named: &str) -> Box<dyn Error> {
    format!("there is no request '{named}' that they answer; `probity subject-access list` shows those there are").into()
}

/// That a case is no request of theirs, in words that name it.
fn named(error: AccessError, named: &str) -> Box<dyn Error> {
    match error {
        AccessError::NotFound => nothing(named),
        other => other.into(),
    }
}

/// That there is nothing to take away of a case that they see.
fn not_gathered(error: AccessError, named: &str) -> Box<dyn Error> {
    match error {
        AccessError::NotFound => format!(
            "nothing is gathered for '{named}': begin with `probity subject-access gather`, if it is a request that they answer"
        )
        .into(),
        other => other.into(),
    }
}

impl List {
    async fn run(self) -> Result<(), Box<dyn Error>> {
        let desk = desk(self.at).await?;
        let mut tx = desk.begin().await?;
        let requests = subject_access::requests(&mut tx, &desk.actor).await?;
        tx.commit().await?;
        if self.format == Format::Json {
            let told = requests.iter().map(|request| {
                json!({
                    "id": request.case,
                    "reference": request.reference,
                    "name": request.name,
                    "says": request.says,
                })
            });
            print_json(&told.collect::<Vec<_>>())?;
            return Ok(());
        }
        let mut sheet = Sheet::new();
        if requests.is_empty() {
            sheet.text(0, "No request is open.")?;
        }
        for request in &requests {
            let name = match request.name.as_str() {
                "" => String::new(),
                name => format!("  {name}"),
            };
            let reference = paint(STRONG, &request.reference);
            sheet.hanging(0, 2, &format!("{reference}{name}  {}", request.says))?;
        }
        Ok(())
    }
}

impl Gather {
    async fn run(self) -> Result<(), Box<dyn Error>> {
        let desk = desk(self.at).await?;
        let case = find(&desk, &self.case).await?;
        let mut tx = desk.begin().await?;
        let choices = subject_access::choices(&mut tx, &desk.actor, &case).await;
        let choices = choices.map_err(|error| named(error, &self.case))?;
        let place = match (self.whom, choices.len()) {
            (Some(number), many) if (1..=many).contains(&number) => number - 1,
            (None, 1) => 0,
            (_, 0) => {
                return Err(
                    "it says of nobody on record whom it is about; correct the request first"
                        .into(),
                );
            }
            _ => {
                let lines = choices.iter().enumerate();
                let lines = lines.map(|(place, says)| format!("\n  {}  {says}", place + 1));
                return Err(format!(
                    "say with --whom which of these it is about:{}",
                    lines.collect::<String>()
                )
                .into());
            }
        };
        let with = (&desk.engine, &desk.attachments);
        let gathered = subject_access::gather(tx, with, &desk.actor, (&case, place)).await;
        let (all, others) = gathered.map_err(|error| named(error, &self.case))?;
        println!(
            "{all} things are gathered, {others} of them name somebody else. Look through them on the site: /subject-access/{case}"
        );
        Ok(())
    }
}

impl Export {
    async fn run(self) -> Result<(), Box<dyn Error>> {
        let desk = desk(self.at).await?;
        let case = find(&desk, &self.case).await?;
        let shown = self.file.display();
        let mut file = owner_only()
            .write(true)
            .create_new(true)
            .open(&self.file)
            .map_err(|e| format!("cannot write {shown}: {e}"))?;
        let with = (&desk.store, &desk.engine, &desk.attachments);
        let written = async {
            desk.begin().await?.commit().await?;
            let bytes = subject_access::package(with, &desk.actor, &case).await;
            file.write_all(&bytes.map_err(|error| not_gathered(error, &self.case))?)?;
            Ok::<(), Box<dyn Error>>(())
        };
        if let Err(error) = written.await {
            // Nothing that looks like a package is left behind.
            std::fs::remove_file(&self.file).ok();
            return Err(error);
        }
        println!("The package is in {shown}. Give it to nobody but whom it is for.");
        Ok(())
    }
}
