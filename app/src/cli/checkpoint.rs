//! `probity checkpoint`: signs every log as it is now.

use std::error::Error;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::installation::{Installation, open};
use crate::authority::Actor;
use crate::ledger::{change_key, checkpoint_all, logs, verifier_keys};

/// Sign every log as it is now; keep what this writes where the installation cannot reach it
///
/// `probity verify --checkpoint FILE` proves later that everything recorded up to now is still there.
#[derive(Debug, Args)]
pub(super) struct CheckpointVerb {
    /// The folder to write a file for each log to; standard output, where none is given. The folder of the setting
    /// 'checkpoints' gets them as well
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,

    /// Print the verifier keys instead, the present one of each log last
    #[arg(long, conflicts_with_all = ["out", "change_key"])]
    keys: bool,

    /// Take up new signing keys first, which is entered in the logs, and print the new verifier keys
    #[arg(long)]
    change_key: bool,

    #[command(flatten)]
    installation: Installation,
}

impl CheckpointVerb {
    pub(super) fn run(self) -> Result<ExitCode, Box<dyn Error>> {
        let settings = self.installation.settings()?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()?;
        runtime.block_on(async {
            let store = open(&settings).await?;
            let mut out = std::io::stdout().lock();
            if self.keys {
                for log in logs(&store).await? {
                    for key in verifier_keys(&mut store.read(&log)).await? {
                        writeln!(out, "{key}")?;
                    }
                }
                return Ok(ExitCode::SUCCESS);
            }
            if self.change_key {
                for log in logs(&store).await? {
                    let key = change_key(&store, &log, &Actor::operator(log.clone())).await?;
                    writeln!(out, "{key}")?;
                }
            }
            let signed = checkpoint_all(&store, Some(&settings.checkpoints())).await?;
            match &self.out {
                Some(folder) => {
                    checkpoint_all(&store, Some(folder)).await?;
                }
                None if self.change_key => {}
                None => {
                    for (_, signed) in signed {
                        writeln!(out, "{}", signed.note)?;
                    }
                }
            }
            Ok(ExitCode::SUCCESS)
        })
    }
}
