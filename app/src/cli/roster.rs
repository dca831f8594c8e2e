//! `probity import roster`: staff, pupils and parents from the school's systems.

use std::error::Error;
use std::fs::File;
use std::io::{self, IsTerminal as _, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use roster::{Files, Format, Kind, Mapping, peek};

use super::installation::{self, Installation, only_trust};
use crate::authority::{Action, Actor, Permit};
use crate::roster::{
    Happening, Import, ImportId, Mode, RosterError, State, Taken, Work, apply, cancel, confirm,
    counts, find, map, stage, take_in,
};
use crate::store::{Store, TrustId};

/// Import staff, pupils and parents from the school's systems: preview, then one confirmation
#[derive(Debug, Args)]
pub(super) struct ImportRoster {
    /// The CSV files of an export, one zip of them, or one CSV or XLSX list
    #[arg(required = true)]
    files: Vec<PathBuf>,

    /// The format; of a list, whom it is of
    #[arg(long, value_enum, default_value_t)]
    format: Shape,

    /// The school of a list's rows that name none: its name, URN, DfE number or identifier
    #[arg(long)]
    school: Option<String>,

    /// What happens where the file and Probity differ
    #[arg(long, value_enum, default_value_t)]
    mode: Differ,

    /// Show the preview and change nothing
    #[arg(long, conflicts_with = "yes")]
    dry_run: bool,

    /// Import without asking
    #[arg(long)]
    yes: bool,

    /// The trust, where the installation serves several
    #[arg(long)]
    trust: Option<TrustId>,

    #[command(flatten)]
    installation: Installation,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Shape {
    /// Find out; a list is guessed to be of staff, pupils or parents by its headers.
    #[default]
    Auto,
    /// OneRoster 1.2 or 1.1 CSV.
    OneRoster,
    /// Microsoft School Data Sync v2.1 CSV.
    SchoolDataSync,
    /// A list of staff.
    Staff,
    /// A list of pupils.
    Pupils,
    /// A list of parents or carers.
    Parents,
}

#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum Differ {
    /// The file is right; who came from a roster and is no longer in it has left.
    #[default]
    FileWins,
    /// Probity is right; the file fills blanks; who is no longer in it has left.
    KeepOurs,
    /// New people are added; nobody is changed or ended.
    OnlyAdd,
}

impl ImportRoster {
    pub(super) fn run(self) -> Result<ExitCode, Box<dyn Error>> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()?;
        runtime.block_on(self.import())
    }

    async fn import(self) -> Result<ExitCode, Box<dyn Error>> {
        let mut files = Files::new();
        for path in &self.files {
            let shown = path.display();
            let file = File::open(path).map_err(|e| format!("cannot read {shown}: {e}"))?;
            files.add_reader(&path.to_string_lossy(), file)?;
        }
        let store = installation::open(&self.installation.settings()?).await?;
        let trust = only_trust(&store, self.trust.as_ref()).await?;
        let actor = Actor::operator(trust.clone());
        let permit = actor
            .permit(Action::ImportRoster)
            .ok_or("the operator has no right to import")?;
        let id = self.taken_in(&store, &permit, files).await?;
        stage(&store, &trust, &id).await?;
        let import = now(&store, &trust, &id).await?;
        if !told(&store, &trust, &import).await? {
            cancel(&store, &trust, &id).await?;
            return Ok(ExitCode::FAILURE);
        }
        let nothing = counts(&store, &trust, &id).await?.all() == 0;
        if nothing || self.dry_run || !(self.yes || agreed()?) {
            cancel(&store, &trust, &id).await?;
            println!("Nothing was imported.");
            return Ok(ExitCode::SUCCESS);
        }
        let mut tx = store.begin(&trust).await?;
        confirm(&mut tx, &actor, &id).await?;
        tx.commit_unrecorded().await?;
        apply(&store, &trust, &id).await?;
        let import = now(&store, &trust, &id).await?;
        match (import.state, import.detail.refused) {
            (State::Applied, _) => {
                println!("Imported.");
                Ok(ExitCode::SUCCESS)
            }
            (_, why) => {
                cancel(&store, &trust, &id).await?;
                Err(why
                    .unwrap_or_else(|| "Nothing was imported.".to_owned())
                    .into())
            }
        }
    }

    async fn taken_in(
        &self,
        store: &Store,
        permit: &Permit,
        files: Files,
    ) -> Result<ImportId, Box<dyn Error>> {
        let format = match self.format {
            Shape::Auto => None,
            Shape::OneRoster => Some(Format::OneRoster),
            Shape::SchoolDataSync => Some(Format::SchoolDataSync),
            Shape::Staff | Shape::Pupils | Shape::Parents => Some(Format::Mapped),
        };
        let headers = peek(&files, 0).map(|peek| peek.headers);
        let mode = match self.mode {
            Differ::FileWins => Mode::FileWins,
            Differ::KeepOurs => Mode::KeepOurs,
            Differ::OnlyAdd => Mode::OnlyAdd,
        };
        match take_in(store, permit, files, (mode, Work::ByHand), format).await? {
            Taken::Roster(id) => Ok(id),
            Taken::List(id) => {
                let headers = headers.map_err(RosterError::from)?;
                let kind = match self.format {
                    Shape::Staff => Kind::Staff,
                    Shape::Pupils => Kind::Pupils,
                    Shape::Parents => Kind::Parents,
                    _ => Kind::guess(&headers),
                };
                let mut mapping = Mapping::guess(kind, &headers);
                mapping.school.clone_from(&self.school);
                for (field, header) in &mapping.columns {
                    println!("{}: column '{header}'", field.label());
                }
                let mapped = map(store, permit, &id, mapping, Work::ByHand).await;
                if mapped.is_err() {
                    cancel(store, &permit.actor().trust, &id).await?;
                }
                mapped?;
                Ok(id)
            }
        }
    }
}

async fn now(store: &Store, trust: &TrustId, id: &ImportId) -> Result<Import, Box<dyn Error>> {
    let import = find(&mut store.read(trust), id).await?;
    import.ok_or_else(|| "the import is gone".into())
}

/// Prints the preview, or what is wrong; whether the import could go on.
async fn told(store: &Store, trust: &TrustId, import: &Import) -> Result<bool, Box<dyn Error>> {
    for wrong in &import.detail.errors {
        eprintln!("{}: {} {}", wrong.place, wrong.wrong, wrong.mend);
    }
    if import.state != State::Ready {
        eprintln!("Nothing was imported.");
        return Ok(false);
    }
    let counted = counts(store, trust, &import.id).await?;
    println!(
        "{:<20}{:>8}{:>8}{:>8}{:>8}",
        "", "added", "changed", "ended", "back"
    );
    for (what, kind) in [
        ("Schools", "school"),
        ("Staff", "person"),
        ("Pupils", "pupil"),
        ("Parents, carers", "guardian"),
    ] {
        let of = |happening| counted.of(kind, happening);
        println!(
            "{what:<20}{:>8}{:>8}{:>8}{:>8}",
            of(Happening::Add),
            of(Happening::Change),
            of(Happening::End),
            of(Happening::Return)
        );
    }
    for note in &import.detail.notes {
        println!("{} ({})", note.what, note.rows);
    }
    Ok(true)
}

/// Asks at the terminal; without one, the answer is no.
fn agreed() -> io::Result<bool> {
    if !io::stdin().is_terminal() {
        eprintln!("Nobody to ask: add --yes to import, or --dry-run to see the preview only.");
        return Ok(false);
    }
    print!("Import this? All of it is imported, or nothing. [y/N] ");
    io::stdout().flush()?;
    let mut answer = String::new();
    io::stdin().read_line(&mut answer)?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
}
