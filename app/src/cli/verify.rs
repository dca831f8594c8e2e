//! `probity verify`: proves the ledger, and holds the store to it.

use std::error::Error;
use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use ledger::VerifyingKey;
use serde_json::json;

use super::installation::{Installation, open};
use super::sheet::{FAINT, GREEN, RED, STRONG, Sheet, YELLOW, paint, print_json};
use crate::ledger::{Kept, Verified, keep_result, read_note, verify_all};
use crate::records::KINDS;

/// Prove that nothing recorded was altered, dropped, reordered or added
///
/// Ends with 0 where everything is as it was recorded, 1 where something is not, and 2 where it could not be found out.
/// Only a checkpoint that was kept elsewhere shows that the end of the log was not cut off, or an old copy put back.
#[derive(Debug, Args)]
pub(super) struct Verify {
    /// A checkpoint that was kept elsewhere; may be given several times
    #[arg(long, value_name = "FILE")]
    checkpoint: Vec<PathBuf>,

    /// The verifier key that was kept with the checkpoints, instead of the one in the store; may be given several times
    #[arg(long, value_name = "KEY")]
    key: Vec<VerifyingKey>,

    /// Print JSON
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    installation: Installation,
}

impl Verify {
    pub(super) fn run(self) -> Result<ExitCode, Box<dyn Error>> {
        let all = match self.verify() {
            Ok(all) => all,
            Err(error) => {
                eprintln!("probity: the ledger could not be verified: {error}");
                return Ok(ExitCode::from(2));
            }
        };
        if self.json {
            print_json(&as_json(&all))?;
        } else {
            tell(&all)?;
        }
        let sound = all.iter().all(Verified::is_sound);
        Ok(ExitCode::from(u8::from(!sound)))
    }

    fn verify(&self) -> Result<Vec<Verified>, Box<dyn Error>> {
        let mut kept = Kept {
            notes: Vec::new(),
            keys: self.key.clone(),
        };
        for path in &self.checkpoint {
            kept.notes
                .push((path.display().to_string(), read_note(path)?));
        }
        let settings = self.installation.settings()?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()?;
        runtime.block_on(async {
            let store = open(&settings).await?;
            let all = verify_all(&store, KINDS, &kept).await?;
            for verified in &all {
                // What was found counts, whether or not it can be kept for the audit page.
                if let Err(error) = keep_result(&store, verified).await {
                    eprintln!("probity: the result could not be kept: {error}");
                }
            }
            Ok(all)
        })
    }
}

fn as_json(all: &[Verified]) -> serde_json::Value {
    let logs = all.iter().map(|verified| {
        let faults: Vec<_> = verified.faults.iter().map(|fault| fault.told()).collect();
        let losses = verified
            .losses
            .iter()
            .map(|loss| json!({ "checkpoint": loss.size, "epoch": loss.epoch, "kept": loss.kept }));
        json!({
            "log": verified.log,
            "sound": verified.is_sound(),
            "events": verified.size,
            "root": verified.root.map(|root| root.to_string()),
            "erased": verified.erased,
            "records": verified.records,
            "proved_elsewhere": verified.proved_elsewhere,
            "losses": losses.collect::<Vec<_>>(),
            "keys": verified.keys.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "seconds": verified.took.as_secs_f64(),
            "faults": faults,
        })
    });
    json!({
        "sound": all.iter().all(Verified::is_sound),
        "logs": logs.collect::<Vec<_>>(),
    })
}

fn tell(all: &[Verified]) -> io::Result<()> {
    let mut sheet = Sheet::new();
    for verified in all {
        sheet.heading(&format!("The log '{}'", verified.log))?;
        let Verified {
            size,
            erased,
            records,
            ..
        } = verified;
        let counted = format!(
            "{size} events, the content of {erased} of them erased; {records} records compared; {:.1} s.",
            verified.took.as_secs_f64()
        );
        if verified.is_sound() {
            let told = format!("{} {counted}", paint(GREEN, "As it was recorded."));
            sheet.text(2, &told)?;
        } else {
            let told = format!("{} {counted}", paint(RED, "Not as it was recorded."));
            sheet.text(2, &told)?;
        }
        for fault in &verified.faults {
            sheet.hanging(2, 4, &paint(STRONG, &fault.to_string()))?;
            sheet.text(4, fault.advice())?;
        }
        for loss in &verified.losses {
            let told = format!(
                "A restore, which the log states, lost what came after event {} of epoch {}: a checkpoint had \
                 promised {} events.",
                loss.kept, loss.epoch, loss.size
            );
            sheet.text(2, &paint(YELLOW, &told))?;
        }
        let proof = match verified.proved_elsewhere {
            Some(size) => format!("The first {size} events are proved by a checkpoint kept elsewhere."),
            None => "No checkpoint kept elsewhere was given, so a cut end or an old copy put back could not be \
                     seen. Keep what `probity checkpoint` writes, and give it with --checkpoint."
                .to_owned(),
        };
        sheet.text(2, &paint(FAINT, &proof))?;
    }
    Ok(())
}
