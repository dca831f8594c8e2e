//! `probity ask`: from a text or a few facts to an answer, question by question.

use std::error::Error;
use std::io::{self, IsTerminal as _};
use std::process::ExitCode;

use clap::Args;
use policy::ask::{self, Answering, StepTold};
use policy::cube::ValueSet;
use policy::explain::explain;
use policy::language::{self, Understood};
use policy::library::Library;
use policy::situation::Given;
use policy::table::Table;
use policy::vocabulary::Vocabulary;
use serde::Serialize;

use super::answer::{self, Detail};
use super::dialogue::Dialogue;
use super::sheet::{FAINT, STRONG, Sheet, headline_style, paint, print_json};
use super::{Format, PolicyFolder, given};

/// Ask before you act: say what you want to do, answer what matters, read the answer
#[derive(Debug, Args)]
pub(super) struct Ask {
    /// What you want to do, in your own words: "can I accept a friend request from a former pupil, she is 17"
    #[arg(value_name = "TEXT")]
    text: Vec<String>,

    /// The policy to ask; see 'probity policy list'
    #[arg(long, value_name = "ID")]
    policy: Option<String>,

    /// Facts as JSON: {"attribute": "value", "yes-no attribute": true}; they count before the text
    #[arg(long, value_name = "JSON")]
    given: Option<String>,

    /// How to print; JSON prints one step and asks nothing
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,

    #[command(flatten)]
    folder: PolicyFolder,
}

/// A step as programs read it.
#[derive(Serialize)]
struct Told<'s> {
    policy: &'s str,
    understood: &'s [Understood],
    #[serde(flatten)]
    step: StepTold<'s>,
}

impl Ask {
    pub(super) fn run(self) -> Result<ExitCode, Box<dyn Error>> {
        let policies = self.folder.load()?;
        let library = policies.library();
        let vocabulary = library.vocabulary();
        let at_terminal = io::stdin().is_terminal() && io::stdout().is_terminal();
        let talks = at_terminal && self.format == Format::Text;
        let stated = match &self.given {
            Some(json) => given(vocabulary, json)?,
            None => Given::nothing(),
        };
        let reading = language::read(vocabulary, &self.text.join(" "));
        if talks {
            let mut dialogue = Dialogue::new(&library, io::stdin().lock());
            return dialogue.run(self.policy.as_deref(), stated, &reading.facts);
        }
        let policy = self.policy.ok_or_else(|| {
            let known: Vec<&str> = library.tables().iter().map(|t| &*t.policy().id).collect();
            format!(
                "say which policy with --policy; there are {}",
                known.join(", ")
            )
        })?;
        let table = super::table(&library, &policy)?;
        let known = with(stated, &reading.facts);
        match self.format {
            Format::Json => {
                let step = ask::next(table, vocabulary, &known)?.told(vocabulary);
                print_json(&Told {
                    policy: &policy,
                    understood: &reading.facts,
                    step,
                })?;
            }
            Format::Text => print(&library, table, vocabulary, &known)?,
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// What was stated, and what a text said besides.
pub(super) fn with(stated: Given, facts: &[Understood]) -> Given {
    facts.iter().fold(stated, |known, fact| {
        if known.get(fact.attribute).is_some() {
            return known;
        }
        known.with(fact.attribute, ValueSet::one(fact.value))
    })
}

/// One step for people, where nobody is there to answer.
fn print(
    library: &Library,
    table: &Table,
    vocabulary: &Vocabulary,
    known: &Given,
) -> Result<(), Box<dyn Error>> {
    let step = ask::next(table, vocabulary, known)?;
    let mut sheet = Sheet::new();
    sheet.heading("What is known")?;
    answer::told(&mut sheet, vocabulary, &step.known)?;
    if let Some(situation) = &step.situation {
        let explained = explain(
            table,
            vocabulary,
            situation,
            &step.known.assumed(vocabulary),
        );
        let detail = Detail::Answer;
        answer::print(&mut sheet, library, table, situation, &explained, detail)?;
        return Ok(());
    }
    let told = step.told(vocabulary);
    sheet.heading("What is possible")?;
    for headline in &told.possible {
        let first = headline.first().map_or("", String::as_str);
        sheet.text(2, &paint(headline_style(first), &headline.join(", ")))?;
    }
    if let Some(question) = &told.question {
        sheet.heading("What to say next")?;
        let name = match question.answer {
            Answering::One => format!("{} ({})", question.question, question.id),
            Answering::Any => question.question.to_owned(),
        };
        sheet.text(2, &name)?;
        for option in &question.options {
            let line = format!(
                "{}  {}",
                paint(STRONG, option.id),
                paint(FAINT, option.says)
            );
            sheet.hanging(4, 6, &line)?;
        }
    }
    Ok(())
}
