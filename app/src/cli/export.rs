//! `probity export`: everything that is held, as CSV and JSON.

use std::error::Error;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::installation::only_trust;
use super::installation::{self, Installation};
use crate::authority::{Action, Actor};
use crate::export::export;
use crate::store::TrustId;

/// Export everything that is held of schools, people and pupils: a zip of CSV and JSON files
#[derive(Debug, Args)]
pub(super) struct Export {
    /// The zip to write; a file that is there already is not overwritten
    file: PathBuf,

    /// The trust, where the installation serves several
    #[arg(long)]
    trust: Option<TrustId>,

    #[command(flatten)]
    installation: Installation,
}

impl Export {
    pub(super) fn run(self) -> Result<ExitCode, Box<dyn Error>> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()?;
        runtime.block_on(self.export())
    }

    async fn export(self) -> Result<ExitCode, Box<dyn Error>> {
        let store = installation::open(&self.installation.settings()?).await?;
        let trust = only_trust(&store, self.trust.as_ref()).await?;
        let permit = Actor::operator(trust).permit(Action::Export);
        let permit = permit.ok_or("the operator has no right to export")?;
        let shown = self.file.display();
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt as _;
            // It holds dates of birth and addresses.
            options.mode(0o600);
        }
        let mut file = options
            .open(&self.file)
            .map_err(|e| format!("cannot write {shown}: {e}"))?;
        file.write_all(&export(&store, &permit).await?)?;
        println!("Everything that is held is in {shown}. Keep it safe.");
        Ok(ExitCode::SUCCESS)
    }
}
