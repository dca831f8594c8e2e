//! `probity settings`: every setting, its value and where that comes from.

use std::error::Error;
use std::process::ExitCode;

use clap::Args;
use serde_json::json;

use super::Format;
use super::sheet::{FAINT, STRONG, Sheet, paint, print_json};
use crate::settings::{OfServe, Options, Places, Settings};

/// Show every setting with its value and where that comes from; secrets are masked
#[derive(Debug, Args)]
pub(super) struct SettingsVerb {
    #[command(flatten)]
    options: Options<OfServe>,

    /// How to print
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

impl SettingsVerb {
    pub(super) fn run(self) -> Result<ExitCode, Box<dyn Error>> {
        let settings = Settings::load(&self.options, &Places::usual())?;
        match self.format {
            Format::Json => print_json(&json!({
                "file": settings.file(),
                "settings": settings.in_force(),
            }))?,
            Format::Text => tell(&settings)?,
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn tell(settings: &Settings) -> std::io::Result<()> {
    let mut sheet = Sheet::new();
    match settings.file() {
        Some(file) => sheet.line(&format!("Settings file: {}", file.display()))?,
        None => sheet.line("Settings file: none")?,
    }
    for setting in settings.in_force() {
        let name = paint(STRONG, &format!("{:<19}", setting.name));
        let value = match setting.value.as_deref() {
            None => paint(FAINT, "not set"),
            Some("") => "none".to_owned(),
            Some(value) => value.to_owned(),
        };
        let source = paint(FAINT, &format!("({})", setting.source));
        sheet.hanging(0, 20, &format!("{name} {value} {source}"))?;
    }
    Ok(())
}
