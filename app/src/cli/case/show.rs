//! `probity case show`.

use std::error::Error;

use clap::Args;
use serde_json::Value as Json;

use super::super::Format;
use super::super::sheet::{FAINT, STRONG, Sheet, paint, print_json};
use super::desk::Where;
use crate::cases::api::{Told, events_of, seen};

/// Show one case as a person sees it: its answers, its deadlines, what was done and what they can do
#[derive(Debug, Args)]
pub(super) struct Show {
    /// The reference, such as DEC-2026-0001
    reference: String,

    /// How to print
    #[arg(long, value_enum, default_value = "text")]
    format: Format,

    #[command(flatten)]
    at: Where,
}

impl Show {
    pub(super) async fn run(self) -> Result<(), Box<dyn Error>> {
        let desk = self.at.open().await?;
        let mut tx = desk.begin().await?;
        let found = desk.see(&mut tx, &self.reference).await?;
        let told = Told::of(&desk.store, &desk.actor);
        let mut case = seen(&mut tx, told, &found).await?;
        let events = events_of(&mut tx, told, &found).await?;
        tx.commit().await?;
        if let Some(case) = case.as_object_mut() {
            case.insert("events".to_owned(), Json::Array(events));
        }
        match self.format {
            Format::Json => print_json(&case)?,
            Format::Text => print(&case)?,
        }
        Ok(())
    }
}

fn text<'j>(json: &'j Json, path: &str) -> &'j str {
    json.pointer(path)
        .and_then(Json::as_str)
        .unwrap_or_default()
}

fn items<'j>(json: &'j Json, name: &str) -> impl Iterator<Item = &'j Json> {
    json.get(name)
        .and_then(Json::as_array)
        .into_iter()
        .flatten()
}

fn print(case: &Json) -> std::io::Result<()> {
    let mut sheet = Sheet::new();
    let reference = paint(STRONG, text(case, "/reference"));
    sheet.line(&format!("{reference}  {}", text(case, "/state/says")))?;
    for (label, path) in [
        ("School", "/school/name"),
        ("Opened by", "/opened_by/name"),
        ("About", "/about/name"),
        ("Looked after by", "/handler/name"),
    ] {
        if !text(case, path).is_empty() {
            sheet.line(&format!("{label}: {}", text(case, path)))?;
        }
    }
    for answer in items(case, "answers") {
        let words: Vec<&str> = items(answer, "says").filter_map(Json::as_str).collect();
        sheet.hanging(
            0,
            2,
            &format!("{}: {}", text(answer, "/label"), words.join("; ")),
        )?;
    }
    for deadline in items(case, "deadlines") {
        let line = format!(
            "Due {}: {}",
            text(deadline, "/due"),
            text(deadline, "/says")
        );
        sheet.hanging(0, 2, &line)?;
    }
    sheet.heading("What was done")?;
    for event in items(case, "events") {
        let at = paint(FAINT, text(event, "/at"));
        let line = format!(
            "{at}  {} ({})",
            text(event, "/says"),
            text(event, "/person/name")
        );
        sheet.hanging(0, 2, &line)?;
        if !text(event, "/note").is_empty() {
            sheet.text(2, text(event, "/note"))?;
        }
    }
    sheet.heading("What they can do")?;
    let mut steps = items(case, "steps").peekable();
    if steps.peek().is_none() {
        sheet.line("Nothing now.")?;
    }
    for step in steps {
        sheet.line(&format!("{}: {}", text(step, "/id"), text(step, "/says")))?;
        for lack in items(step, "lacks").filter_map(Json::as_str) {
            sheet.text(2, lack)?;
        }
    }
    Ok(())
}
