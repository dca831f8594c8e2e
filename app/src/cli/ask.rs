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
use policy::situation::{Given, Situation};
use policy::table::Table;
use policy::vocabulary::Vocabulary;
use serde::Serialize;

use super::answer::{self, Detail};
use super::dialogue::Dialogue;
use super::on_behalf::{OnBehalf, OnFile};
use super::sheet::{FAINT, STRONG, Sheet, headline_style, paint, print_json};
use super::{Format, given};
use crate::ask::OnRecordTold;

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

    /// The reference of a permission of theirs that covers what is asked: PER-2026-0001
    #[arg(long, value_name = "REFERENCE", requires = "person")]
    held: Option<String>,

    #[command(flatten)]
    behalf: OnBehalf,
}

/// A step as programs read it.
#[derive(Serialize)]
struct Told<'s> {
    policy: &'s str,
    understood: &'s [Understood],
    #[serde(flatten)]
    step: StepTold<'s>,
    #[serde(skip_serializing_if = "Option::is_none")]
    on_record: Option<OnRecordTold>,
}

impl Ask {
    pub(super) fn run(self) -> Result<ExitCode, Box<dyn Error>> {
        let (policies, on_file) = self.behalf.load()?;
        let on_file = on_file.as_ref();
        let held = self.held.as_deref();
        if let Some(on_file) = on_file {
            on_file.check(held)?;
        }
        let honours = on_file.map(|on_file| (on_file, held));
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
            let mut dialogue = Dialogue::new(&library, honours, io::stdin().lock());
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
                let mut step = ask::next(table, vocabulary, &known)?;
                let mut on_record = None;
                if let (Some((on_file, held)), Some(decision)) = (honours, step.decision.take()) {
                    let record = on_file.record();
                    let asked = (table, vocabulary);
                    let decision = Box::new(decision);
                    let (decision, honoured) = record.honour(asked, &step.known, decision, held);
                    step.decision = Some(*decision);
                    on_record = Some(on_file.told(&honoured));
                }
                print_json(&Told {
                    policy: &policy,
                    understood: &reading.facts,
                    step: step.told(vocabulary),
                    on_record,
                })?;
            }
            Format::Text => print(&library, honours, table, vocabulary, &known)?,
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

/// What is on record for whoever is asked for, and the permission that was named.
pub(super) type Honours<'f> = (&'f OnFile, Option<&'f str>);

/// The answer for people, with what is on record for whoever is asked for.
pub(super) fn settled(
    sheet: &mut Sheet,
    library: &Library,
    honours: Option<Honours<'_>>,
    table: &Table,
    (situation, known): (&Situation, &Given),
) -> io::Result<()> {
    let vocabulary = library.vocabulary();
    let assumed = known.assumed(vocabulary);
    let explained = explain(table, vocabulary, situation, &assumed);
    let detail = Detail::Answer;
    let Some((on_file, held)) = honours else {
        return answer::print(sheet, library, table, situation, &explained, detail);
    };
    let decision = Box::new(explained.decision.clone());
    let record = on_file.record();
    let (_, honoured) = record.honour((table, vocabulary), known, decision, held);
    match &honoured.granted {
        Some((_, granted)) => {
            let explained = explain(table, vocabulary, granted, &assumed);
            answer::print(sheet, library, table, granted, &explained, detail)?;
        }
        None => answer::print(sheet, library, table, situation, &explained, detail)?,
    }
    on_file.print(sheet, &honoured)
}

/// One step for people, where nobody is there to answer.
fn print(
    library: &Library,
    honours: Option<Honours<'_>>,
    table: &Table,
    vocabulary: &Vocabulary,
    known: &Given,
) -> Result<(), Box<dyn Error>> {
    let step = ask::next(table, vocabulary, known)?;
    let mut sheet = Sheet::new();
    sheet.heading("What is known")?;
    answer::told(&mut sheet, vocabulary, &step.known)?;
    if let Some(situation) = &step.situation {
        return Ok(settled(
            &mut sheet,
            library,
            honours,
            table,
            (situation, &step.known),
        )?);
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
