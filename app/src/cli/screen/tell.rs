//! A screened draft in words.

use std::io::{self, Write};

use policy::decision::Decision;
use policy::words::capitalised;
use screen::{Draft, Judged, Lists, Part, Screening, Sure};

use crate::cli::sheet::{FAINT, RED, STRONG, Sheet, YELLOW, headline_style, paint};

/// One draft: the standing, then each finding with its words, its clause, why and how to mend it, then what is asked.
pub(super) fn tell(
    draft: &Draft,
    screening: &Screening,
    judged: &Judged<'_>,
    lists: &Lists,
) -> io::Result<()> {
    let mut sheet = Sheet::new();
    let headline = judged.whole.headline.join(", ");
    let style = headline_style(&headline);
    sheet.text(0, &paint(style, &capitalised(&headline)))?;
    if screening.findings.is_empty() {
        sheet.text(
            0,
            "Nothing was found. That is no promise: words can be read, meaning cannot.",
        )?;
    }
    for (finding, decision) in screening.findings.iter().zip(&judged.each) {
        let told = lists.told(finding.kind);
        let sure = match finding.sure {
            Sure::Certain => paint(RED, "certain"),
            Sure::Likely => paint(YELLOW, "likely"),
            Sure::Possible => paint(FAINT, "possible"),
        };
        let words = paint(STRONG, finding.words(draft));
        let place = place(finding.part);
        sheet.hanging(2, 4, &format!("{sure} {}{place}: {words}", told.label))?;
        let manner = finding.manner.says().unwrap_or("");
        sheet.text(4, format!("{} {manner}", finding.why).trim_end())?;
        sheet.text(4, &finding.mend)?;
        if let Some(decision) = decision.as_ref().filter(|d| !d.decided_by.is_empty()) {
            sheet.text(4, &paint(FAINT, &clauses(decision)))?;
        }
    }
    if !screening.questions.is_empty() {
        sheet.heading("What words cannot tell")?;
    }
    for question in &screening.questions {
        let place = question.part.map(place).unwrap_or_default();
        sheet.text(2, &format!("{}{place}", question.why))?;
    }
    Ok(())
}

/// One post of an archive on one line.
pub(super) fn line(
    out: &mut impl Write,
    id: &str,
    draft: &Draft,
    screening: &Screening,
    judged: &Judged<'_>,
) -> io::Result<()> {
    let found = screening.findings.iter().map(|finding| {
        let words = finding.words(draft).replace(['\n', '\r', '\t'], " ");
        format!("{} '{words}'", finding.kind.id())
    });
    let found: Vec<String> = found.collect();
    let headline = judged.whole.headline.join(", ");
    writeln!(out, "{id}: {headline}: {}", found.join("; "))
}

fn place(part: Part) -> String {
    match part {
        Part::Text => String::new(),
        Part::Alt(at) => format!(" (picture {})", at + 1),
        Part::Link(at) => format!(" (link {})", at + 1),
        Part::Handle => " (account's name)".to_owned(),
        Part::Profile => " (profile)".to_owned(),
    }
}

/// `Prohibited (6.3 f)`.
fn clauses(decision: &Decision<'_>) -> String {
    let mut printed: Vec<&str> = Vec::new();
    for clause in &decision.decided_by {
        if !printed.contains(&clause.printed.as_str()) {
            printed.push(&clause.printed);
        }
    }
    format!(
        "{} ({})",
        capitalised(&decision.headline.join(", ")),
        printed.join("; ")
    )
}
