//! An answer at a terminal: the verdict, the clauses, what follows, what would change it, whom to ask.

use policy::words::capitalised;
use std::io;

use policy::explain::Explanation;
use policy::library::Library;
use policy::policy_file::{Clause, ContactFor};
use policy::situation::Situation;
use policy::table::Table;
use policy::vocabulary::Vocabulary;
use policy::words;

use super::sheet::{FAINT, STRONG, Sheet, headline_style, paint};
use crate::ask::Panel;

/// How much of an answer is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Detail {
    /// What a person needs who asked.
    Answer,
    /// The grounds of each clause and what comes near as well.
    Grounds,
}

/// Prints an answer.
pub(super) fn print(
    sheet: &mut Sheet,
    library: &Library,
    table: &Table,
    situation: &Situation,
    explained: &Explanation<'_>,
    detail: Detail,
) -> io::Result<()> {
    let (vocabulary, decision) = (library.vocabulary(), &explained.decision);
    let panel = Panel::of(vocabulary, decision);
    let style = headline_style(panel.standing);
    sheet.line("")?;
    sheet.text(0, &paint(style, &format!("{} {}", panel.sign, panel.title)))?;
    for line in &panel.lines {
        sheet.text(2, line)?;
    }
    law(sheet, library, table, situation)?;
    why(sheet, explained, detail)?;
    follows(sheet, vocabulary, explained)?;
    changes(sheet, explained)?;
    clauses(sheet, "What comes near", &decision.near)?;
    if detail == Detail::Grounds {
        nearly(sheet, explained)?;
    }
    clauses(sheet, "Keep in mind", &decision.notices)?;
    contact(sheet, vocabulary, table)
}

/// What the law asks, whatever the policy says.
fn law(
    sheet: &mut Sheet,
    library: &Library,
    table: &Table,
    situation: &Situation,
) -> io::Result<()> {
    let nation = &table.policy().nation;
    for (at, requirement) in library.law().bearing_on(nation, situation).enumerate() {
        if at == 0 {
            sheet.heading("What the law asks, whatever a policy says")?;
        }
        sheet.hanging(2, 4, &requirement.says)?;
    }
    Ok(())
}

fn why(sheet: &mut Sheet, explained: &Explanation<'_>, detail: Detail) -> io::Result<()> {
    let decision = &explained.decision;
    clauses(sheet, "Why", &decision.decided_by)?;
    if detail == Detail::Grounds {
        for reason in &explained.why {
            let because: Vec<&str> = reason.because.iter().map(|c| c.says.as_str()).collect();
            let ground = format!("{}: {}", reason.clause.printed, because.join("; "));
            sheet.hanging(2, 4, &paint(FAINT, &ground))?;
        }
    }
    for lifted in &decision.lifted {
        let line = format!(
            "{} does not apply here: {} lifts it.",
            lifted.clause.printed, lifted.by.printed
        );
        sheet.hanging(2, 4, &line)?;
    }
    Ok(())
}

fn clauses(sheet: &mut Sheet, heading: &str, clauses: &[&Clause]) -> io::Result<()> {
    let mut told: Vec<(&str, &str)> = Vec::new();
    for clause in clauses {
        let line = (clause.printed.as_str(), clause.says.as_str());
        if told.is_empty() {
            sheet.heading(heading)?;
        }
        if !told.contains(&line) {
            told.push(line);
            sheet.hanging(2, 4, &format!("{} {}", paint(STRONG, line.0), line.1))?;
        }
    }
    Ok(())
}

/// Conditions, leave and duties.
fn follows(
    sheet: &mut Sheet,
    vocabulary: &Vocabulary,
    explained: &Explanation<'_>,
) -> io::Result<()> {
    let decision = &explained.decision;
    let role = |id: &str| {
        vocabulary
            .role(id)
            .map_or_else(|| id.to_owned(), |r| r.says.clone())
    };
    let mut lines: Vec<String> = Vec::new();
    for due in &decision.permission {
        let by: Vec<String> = due.grant.by_ids.iter().map(|id| role(id)).collect();
        let written = if due.grant.written {
            ", in writing"
        } else {
            ""
        };
        lines.push(format!("Ask for leave from {}{written}.", by.join(" or ")));
    }
    lines.extend(decision.conditions.iter().map(|c| c.says.to_owned()));
    // What is merely kept or done is owed to nobody in particular.
    let owed = |kind: &str| {
        vocabulary
            .duty(kind)
            .is_some_and(|kind| kind.headline.is_some())
    };
    for duty in &decision.duties {
        let whom = duty.to.filter(|_| owed(duty.kind));
        let whom = whom.map(|to| format!(" To: {}.", role(to)));
        let when = duty.by.map(|by| format!(" When: {by}."));
        let (whom, when) = (whom.unwrap_or_default(), when.unwrap_or_default());
        lines.push(format!("{}{whom}{when}", sentence(duty.says)));
    }
    let mut told: Vec<&String> = Vec::new();
    for line in &lines {
        if told.is_empty() {
            sheet.heading("What follows")?;
        }
        if !told.contains(&line) {
            told.push(line);
            sheet.hanging(2, 4, line)?;
        }
    }
    Ok(())
}

fn sentence(text: &str) -> String {
    let end = text.ends_with(['.', '!', '?']);
    format!("{text}{}", if end { "" } else { "." })
}

fn changes(sheet: &mut Sheet, explained: &Explanation<'_>) -> io::Result<()> {
    for (at, change) in explained.changes.iter().enumerate() {
        if at == 0 {
            sheet.heading("What would change it")?;
        }
        let headline = change.headline.join(", ");
        let first = change.headline.first().map_or("", String::as_str);
        let headline = paint(headline_style(first), &headline);
        sheet.hanging(2, 4, &format!("{}: {headline}", capitalised(&change.says)))?;
    }
    Ok(())
}

fn nearly(sheet: &mut Sheet, explained: &Explanation<'_>) -> io::Result<()> {
    for (at, miss) in explained.nearly.iter().enumerate() {
        if at == 0 {
            sheet.heading("What would decide if a fact or two were otherwise")?;
        }
        let missing: Vec<&str> = miss.missing.iter().map(|c| c.says.as_str()).collect();
        let printed = paint(STRONG, &miss.clause.printed);
        sheet.hanging(2, 4, &format!("{printed} {}", miss.says))?;
        sheet.hanging(4, 6, &paint(FAINT, &format!("if: {}", missing.join("; "))))?;
    }
    Ok(())
}

/// Whom the policy names for questions.
fn contact(sheet: &mut Sheet, vocabulary: &Vocabulary, table: &Table) -> io::Result<()> {
    let contacts = &table.policy().contacts;
    let questions = contacts.iter().find(|c| c.matter == ContactFor::Questions);
    if let Some(role) = questions.and_then(|c| vocabulary.role(&c.to)) {
        sheet.heading("Whom to ask")?;
        sheet.text(2, &sentence(&capitalised(&role.says)))?;
    }
    Ok(())
}

/// What is known, in words.
pub(super) fn told(
    sheet: &mut Sheet,
    vocabulary: &Vocabulary,
    known: &policy::situation::Given,
) -> io::Result<()> {
    for condition in words::conditions(known.cube(), vocabulary) {
        sheet.hanging(2, 4, &condition.says)?;
    }
    Ok(())
}
