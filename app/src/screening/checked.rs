//! What screening says of one draft, in the words of a page.

use policy::library::Library;
use policy::policy_file::Standing;
use policy::table::Table;
use policy::words::capitalised;
use screen::{Asking, Draft, Finding, Index, Known, Part, Sure};
use serde::Serialize;
use serde_json::{Map, Value as Json};

use super::lists;
use crate::ask::{Panel, ask_address};
use crate::policies::anchor;
use crate::web::problem::Problem;

/// What stands where the policy says nothing: whom it names for questions is on the page of the whole answer.
const SILENT: &str = "That is neither leave nor a ban. The whole answer names whom to ask.";

/// A draft, checked.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Checked {
    /// The standing of the whole.
    pub(crate) panel: Panel,
    /// The clauses that decide it.
    pub(crate) clauses: Vec<ClauseLink>,
    /// What was found.
    pub(crate) findings: Vec<FindingLine>,
    /// What the words cannot tell.
    pub(crate) questions: Vec<String>,
    /// The text, with what was found marked.
    pub(crate) pieces: Vec<Piece>,
    /// Where the whole answer stands, and can be changed.
    pub(crate) ask: String,
}

/// A clause and where it is read.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct ClauseLink {
    pub(crate) printed: String,
    pub(crate) href: String,
}

/// One thing that was found.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct FindingLine {
    pub(crate) label: String,
    pub(crate) sure: &'static str,
    /// Where it is, when that is not the text.
    pub(crate) place: Option<String>,
    pub(crate) words: String,
    pub(crate) why: String,
    pub(crate) mend: String,
    /// What the policy says of it alone: the standing, by its clauses.
    pub(crate) standing: Option<String>,
    pub(crate) clauses: Vec<ClauseLink>,
}

/// A stretch of the text.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub(crate) struct Piece {
    pub(crate) text: String,
    pub(crate) marked: bool,
}

impl Checked {
    /// Whether the policy forbids it as it stands: what is only possible does not count.
    pub(crate) fn is_prohibited(&self) -> bool {
        self.panel.standing == Standing::Prohibited.id()
    }

    /// For the samples of the page: with something found, or nothing.
    pub(crate) fn sample(found: bool) -> Self {
        let clause = || ClauseLink {
            printed: "4.2".into(),
            href: "/policies/example#clause-4.2".into(),
        };
        let line = |place: Option<&str>, standing: Option<&str>| FindingLine {
            label: "A pupil’s full name".into(),
            sure: "Certain",
            place: place.map(str::to_owned),
            words: "Ella Khan".into(),
            why: "She is on the roll.".into(),
            mend: "Leave the name out.".into(),
            standing: standing.map(str::to_owned),
            clauses: standing.iter().map(|_| clause()).collect(),
        };
        let findings = vec![
            line(None, Some("Prohibited")),
            line(Some("In link 1"), None),
        ];
        Self {
            panel: Panel {
                standing: "prohibited",
                sign: "✗",
                title: "No, do not do this".into(),
                lines: vec!["You must also report it.".into()],
            },
            clauses: vec![clause()],
            findings: if found { findings } else { Vec::new() },
            questions: vec!["Has the parent agreed?".into()],
            pieces: vec![Piece {
                text: "Ella Khan".into(),
                marked: true,
            }],
            ask: "/ask/example/answer?act=post".into(),
        }
    }
}

/// Screens a draft against what a school knows, and decides by a policy; `besides` is what is on record of it, as facts of
/// the vocabulary. It takes as long as the roll is long.
///
/// # Errors
/// Where the lists that come with the program do not fit the vocabulary in force.
pub(super) fn check(
    library: &Library,
    table: &Table,
    known: &Known,
    (draft, besides): (&Draft, &Map<String, Json>),
) -> Result<Checked, Problem> {
    let vocabulary = library.vocabulary();
    let lists = lists(vocabulary).map_err(|faults| Problem::internal(&faults))?;
    let screening = screen::screen(draft, &Index::new(known, lists), lists);
    let asking = Asking {
        draft,
        lists,
        vocabulary,
        known: besides,
    };
    let judged = asking
        .judge(&screening, table)
        .map_err(|error| Problem::internal(&error))?;
    let policy = &table.policy().id;
    let findings = screening.findings.iter().zip(&judged.each);
    let findings = findings.map(|(finding, decision)| FindingLine {
        label: lists.told(finding.kind).label.to_string(),
        sure: sure(finding.sure),
        place: place(finding.part),
        words: finding.words(draft).to_owned(),
        why: format!("{} {}", finding.why, finding.manner.says().unwrap_or(""))
            .trim_end()
            .to_owned(),
        mend: finding.mend.to_string(),
        standing: decision
            .as_ref()
            .filter(|decision| !decision.decided_by.is_empty())
            .map(|decision| capitalised(&decision.headline.join(", "))),
        clauses: decision
            .iter()
            .flat_map(|decision| links(policy, decision))
            .collect(),
    });
    let mut panel = Panel::of(vocabulary, &judged.whole);
    if panel.standing == Standing::Silent.id() {
        panel.lines = vec![SILENT.to_owned()];
    }
    Ok(Checked {
        panel,
        clauses: links(policy, &judged.whole),
        findings: findings.collect(),
        questions: screening
            .questions
            .iter()
            .map(|question| question.why.to_string())
            .collect(),
        pieces: pieces(&draft.text, &screening.findings),
        ask: ask_address(policy, vocabulary, &asking.facts(&screening.findings)),
    })
}

fn links(policy: &str, decision: &policy::decision::Decision<'_>) -> Vec<ClauseLink> {
    let mut links: Vec<ClauseLink> = Vec::new();
    for clause in &decision.decided_by {
        if !links.iter().any(|link| link.printed == clause.printed) {
            links.push(ClauseLink {
                printed: clause.printed.clone(),
                href: format!("/policies/{policy}#{}", anchor(&clause.reference)),
            });
        }
    }
    links
}

fn sure(sure: Sure) -> &'static str {
    match sure {
        Sure::Certain => "Certain",
        Sure::Likely => "Likely",
        Sure::Possible => "Possible",
    }
}

fn place(part: Part) -> Option<String> {
    match part {
        Part::Text => None,
        Part::Alt(at) => Some(format!("In the description of picture {}", at + 1)),
        Part::Link(at) => Some(format!("In link {}", at + 1)),
        Part::Handle => Some("In the account’s name".to_owned()),
        Part::Profile => Some("In the profile".to_owned()),
    }
}

/// The text in stretches; findings that overlap are one.
fn pieces(text: &str, findings: &[Finding]) -> Vec<Piece> {
    let mut spans: Vec<_> = findings
        .iter()
        .filter(|finding| finding.part == Part::Text && !finding.span.is_empty())
        .map(|finding| finding.span.clone())
        .collect();
    spans.sort_by_key(|span| (span.start, span.end));
    let (mut pieces, mut at) = (Vec::new(), 0);
    let mut push = |from: usize, to: usize, marked: bool| {
        if let Some(text) = text.get(from..to).filter(|text| !text.is_empty()) {
            pieces.push(Piece {
                text: text.to_owned(),
                marked,
            });
        }
    };
    let mut spans = spans.into_iter().peekable();
    while let Some(mut span) = spans.next() {
        while let Some(next) = spans.next_if(|next| next.start < span.end) {
            span.end = span.end.max(next.end);
        }
        push(at, span.start, false);
        push(span.start, span.end, true);
        at = span.end;
    }
    push(at, text.len(), false);
    pieces
}
