//! `probity case import`.

use std::error::Error;
use std::io::{self, IsTerminal as _, Write as _};
use std::path::PathBuf;

use clap::Args;

use super::desk::Where;
use crate::authority::Action;
use crate::cases::CaseError;
use crate::cases::import::{ImportError, columns, import, template};
use crate::store::SchoolId;

/// Import old records of a register from CSV: preview, then one confirmation; all of it or nothing
#[derive(Debug, Args)]
pub(super) struct Import {
    /// The register, such as declaration
    register: String,

    /// The CSV file; without one, its columns are told
    file: Option<PathBuf>,

    /// The school of the records; the trust as a whole where none is named
    #[arg(long, value_name = "ID")]
    school: Option<SchoolId>,

    /// Print the empty file to fill in
    #[arg(long, conflicts_with = "file")]
    template: bool,

    /// Show the preview and change nothing
    #[arg(long, conflicts_with = "yes")]
    dry_run: bool,

    /// Import without asking
    #[arg(long)]
    yes: bool,

    #[command(flatten)]
    at: Where,
}

impl Import {
    pub(super) async fn run(self) -> Result<(), Box<dyn Error>> {
        let desk = self.at.open().await?;
        let registers = desk.engine.registers();
        let register = registers
            .register(&self.register)
            .ok_or(CaseError::NoSuchRegister)?;
        let file = match (self.file, self.template) {
            (Some(file), _) => file,
            (None, true) => {
                io::stdout()
                    .lock()
                    .write_all(template(register).as_bytes())?;
                return Ok(());
            }
            (None, false) => {
                let mut out = io::stdout().lock();
                for (name, expected) in columns(register) {
                    writeln!(out, "{name}: {expected}")?;
                }
                return Ok(());
            }
        };
        let shown = file.display();
        let bytes = std::fs::read(&file).map_err(|e| format!("cannot read {shown}: {e}"))?;
        let permit = desk.actor.permit(Action::ManageRegisters);
        let permit = permit.ok_or_else(|| {
            format!(
                "{} may not import records: that is for a head or the trust's administrators",
                desk.actor.name
            )
        })?;
        let place = (register.id.as_str(), self.school.as_ref());
        let told = |error| match error {
            ImportError::Faults(_) => format!("nothing was imported. Mend these places:\n{error}"),
            other => other.to_string(),
        };
        // The preview is the import itself, let go of: nobody waits for the store while somebody thinks it over.
        let mut tx = desk.begin().await?;
        let preview = import(&mut tx, &desk.engine, &permit, place, &bytes).await;
        let preview = preview.map_err(told)?;
        drop(tx);
        println!(
            "Every row can be imported: {} of {}.",
            preview.len(),
            register.plural
        );
        if self.dry_run || !(self.yes || agreed()?) {
            println!("Nothing was imported.");
            return Ok(());
        }
        let mut tx = desk.begin().await?;
        let cases = import(&mut tx, &desk.engine, &permit, place, &bytes).await;
        let cases = cases.map_err(told)?;
        tx.commit().await?;
        if let (Some(first), Some(last)) = (cases.first(), cases.last()) {
            println!("Imported: {} to {}.", first.reference, last.reference);
        }
        Ok(())
    }
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
