//! `probity doctor`: what is wrong with this installation, and how to mend it.

use std::error::Error;
use std::process::ExitCode;

use clap::Args;
use serde_json::json;

use super::Format;
use super::sheet::{GREEN, RED, Sheet, YELLOW, paint, print_json};
use crate::clock::Clock;
use crate::operation::doctor::{Finding, State, examine};
use crate::randomness::Randomness;
use crate::settings::{OfServe, Options, Places, Settings};

/// Look an installation over: keys, mail, database, clock, disk, permissions, backups; it changes nothing and ends
/// with 1 where something fails
#[derive(Debug, Args)]
pub(super) struct Doctor {
    #[command(flatten)]
    options: Options<OfServe>,

    /// How to print
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

impl Doctor {
    pub(super) fn run(self) -> Result<ExitCode, Box<dyn Error>> {
        let settings = Settings::load(&self.options, &Places::usual())?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let findings = runtime.block_on(examine(&settings, Clock::system(), Randomness::system()));
        let worst = findings
            .iter()
            .map(|finding| finding.state)
            .max()
            .unwrap_or(State::Ok);
        match self.format {
            Format::Json => print_json(&json!({ "state": worst, "findings": findings }))?,
            Format::Text => tell(&findings)?,
        }
        Ok(match worst {
            State::Fail => ExitCode::FAILURE,
            State::Ok | State::Warn => ExitCode::SUCCESS,
        })
    }
}

fn tell(findings: &[Finding]) -> std::io::Result<()> {
    let mut sheet = Sheet::new();
    for finding in findings {
        let style = match finding.state {
            State::Ok => GREEN,
            State::Warn => YELLOW,
            State::Fail => RED,
        };
        let state = paint(style, &format!("{:<4}", finding.state.to_string()));
        sheet.hanging(
            0,
            6,
            &format!("{state}  {}: {}", finding.subject, finding.says),
        )?;
        if let Some(mend) = &finding.mend {
            sheet.hanging(6, 6, mend)?;
        }
    }
    let count = |state| {
        findings
            .iter()
            .filter(|finding| finding.state == state)
            .count()
    };
    sheet.line(&format!(
        "\n{} to mend, {} to look at.",
        count(State::Fail),
        count(State::Warn)
    ))
}
