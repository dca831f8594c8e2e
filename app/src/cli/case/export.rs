//! `probity case export`.

use std::error::Error;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::PathBuf;

use clap::Args;

use super::desk::Where;
use super::list::Which;
use crate::cases::api::Asked;
use crate::cases::export::{Kind, export};

/// Export the cases that a person may see, as CSV or XLSX
#[derive(Debug, Args)]
pub(super) struct Export {
    /// The file to write, which ends in .csv or .xlsx; one that is there already is not overwritten
    file: PathBuf,

    #[command(flatten)]
    which: Which,

    /// With sensitive answers, where the person sees the whole case
    #[arg(long)]
    full: bool,

    #[command(flatten)]
    at: Where,
}

impl Export {
    pub(super) async fn run(self) -> Result<(), Box<dyn Error>> {
        let ending = self.file.extension().and_then(|ending| ending.to_str());
        let kind = match ending {
            Some("csv") => Kind::Csv,
            Some("xlsx") => Kind::Xlsx,
            _ => return Err("name a file that ends in .csv or .xlsx".into()),
        };
        let asked = Asked {
            full: if self.full { "yes" } else { "" }.to_owned(),
            ..self.which.asked()
        };
        let desk = self.at.open().await?;
        let shown = self.file.display();
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt as _;
            // It may hold names and what people wrote.
            options.mode(0o600);
        }
        let mut file = options
            .open(&self.file)
            .map_err(|e| format!("cannot write {shown}: {e}"))?;
        let written = async {
            let tx = desk.begin().await?;
            let bytes = export(&desk.store, &desk.engine, &desk.actor, &asked, kind, tx).await?;
            file.write_all(&bytes)?;
            Ok::<(), Box<dyn Error>>(())
        };
        if let Err(error) = written.await {
            // Nothing that looks like an export is left behind.
            std::fs::remove_file(&self.file).ok();
            return Err(error);
        }
        println!("The cases are in {shown}. Keep it safe.");
        Ok(())
    }
}
