//! `probity audit`: what was done to the installation itself.

use std::error::Error;
use std::io::Write as _;
use std::process::ExitCode;

use clap::Args;

use super::Format;
use super::installation::{Installation, open_existing};
use super::sheet::{FAINT, Sheet, paint};
use crate::audit::{Asked, Told, in_words, of_installation};
use crate::web::dates::moment;

/// Show what was done to the installation itself (backups, restores, changes of keys), newest first
///
/// What was done within a trust stands on its own audit page, for those who hold a role there.
#[derive(Debug, Args)]
pub(super) struct Audit {
    /// Only events of this kind, such as backup.made
    #[arg(
        long,
        value_name = "KIND",
        default_value = "",
        hide_default_value = true
    )]
    kind: String,

    /// Only events about this record, such as the name of a backup
    #[arg(
        long,
        value_name = "RECORD",
        default_value = "",
        hide_default_value = true
    )]
    record: String,

    /// Only events from this day on, such as 2026-11-20
    #[arg(
        long,
        value_name = "DAY",
        default_value = "",
        hide_default_value = true
    )]
    from: String,

    /// Only events up to and with this day
    #[arg(
        long,
        value_name = "DAY",
        default_value = "",
        hide_default_value = true
    )]
    until: String,

    /// How many events at most
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(i64).range(1..=1_000_000))]
    most: i64,

    /// How to print: json gives one object a line
    #[arg(long, value_enum, default_value = "text")]
    format: Format,

    #[command(flatten)]
    installation: Installation,
}

impl Audit {
    pub(super) fn run(self) -> Result<ExitCode, Box<dyn Error>> {
        let settings = self.installation.settings()?;
        let asked = Asked {
            kind: self.kind,
            record: self.record,
            from: self.from,
            until: self.until,
            ..Asked::default()
        };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let (told, zone) = runtime.block_on(async {
            let store = open_existing(&settings).await?;
            let told = of_installation(&store, &asked, self.most).await;
            let zone = store.clock().zoned().time_zone().clone();
            store.close().await;
            Ok::<_, Box<dyn Error>>((told?, zone))
        })?;
        match self.format {
            Format::Json => {
                let mut out = std::io::stdout().lock();
                for event in &told {
                    writeln!(out, "{}", serde_json::to_string(event)?)?;
                }
            }
            Format::Text => print(&told, &zone)?,
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn print(told: &[Told], zone: &jiff::tz::TimeZone) -> std::io::Result<()> {
    let mut sheet = Sheet::new();
    if told.is_empty() {
        return sheet.line("No event fits.");
    }
    for told in told {
        let event = &told.event;
        let at = paint(FAINT, &moment(event.at, zone));
        let what = in_words(&event.kind);
        sheet.hanging(0, 2, &format!("{at}  {what}: {}", event.record))?;
        let says = match event.erased {
            true => "its content was erased".to_owned(),
            false => told.in_words(),
        };
        if !says.is_empty() {
            sheet.hanging(2, 2, &says)?;
        }
    }
    Ok(())
}
