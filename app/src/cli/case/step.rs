//! `probity case step`.

use std::error::Error;

use clap::Args;

use super::desk::{Where, answers, asked};
use crate::cases::{self, Taking};

/// Take a step on a case for a person
#[derive(Debug, Args)]
pub(super) struct Step {
    /// The reference, such as DEC-2026-0001
    reference: String,

    /// The step; `probity case show` lists those that are open to them
    step: String,

    /// A note, where the step needs one
    #[arg(long, default_value = "", hide_default_value = true)]
    note: String,

    /// An answer, such as outcome=agreed; once for each, several times for several answers to one field
    #[arg(long = "answer", value_name = "FIELD=ANSWER")]
    answers: Vec<String>,

    /// The revision that the decision was made on: refused where somebody changed the case since
    #[arg(long, value_name = "N")]
    revision: Option<i64>,

    #[command(flatten)]
    at: Where,
}

impl Step {
    pub(super) async fn run(self) -> Result<(), Box<dyn Error>> {
        let answers = answers(&self.answers)?;
        let desk = self.at.open().await?;
        let mut tx = desk.begin().await?;
        let seen = desk.see(&mut tx, &self.reference).await?;
        let open: Vec<&str> = seen.steps.iter().map(|step| step.id.as_str()).collect();
        if !open.contains(&self.step.as_str()) {
            let name = &desk.actor.name;
            return Err(match open.as_slice() {
                [] => format!("no step of this case is open to {name} now").into(),
                open => format!(
                    "the step '{}' is not open to {name} now; there are {}",
                    self.step,
                    open.join(", ")
                )
                .into(),
            });
        }
        if let Some(step) = seen.rules.register().step(&self.step) {
            asked(&answers, seen.asked(step).iter())?;
        }
        let taking = Taking {
            step: self.step,
            revision: self.revision.unwrap_or(seen.case.revision),
            note: self.note,
            answers,
        };
        let id = seen.case.id;
        let case = cases::take(&mut tx, &desk.engine, &desk.actor, &id, taking).await?;
        tx.commit().await?;
        let state = seen.rules.register().state(&case.state);
        let state = state.map_or(case.state.as_str(), |state| &state.says);
        println!("{}: {state}", case.reference);
        Ok(())
    }
}
