//! One thing: giving it, leaving parts out, or withholding it.

use axum::extract::State;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use serde::Serialize;

use super::collecting::entered;
use super::passages::{Pieces, marked, pieces, written};
use crate::authority::{Action, Permit};
use crate::cases::CaseId;
use crate::ledger::{self, Reading};
use crate::subject_access::collection;
use crate::subject_access::deciding;
use crate::subject_access::item::{Choice, Content, Decision, Exemption, Item, Marks, Part};
use crate::subject_access::redact::{occurrences, redacted};
use crate::subject_access::sight::{Sight, sight};
use crate::web::App;
use crate::web::extract::{Form, Path};
use crate::web::form::{Choice as Offered, Faults};
use crate::web::page::{Page, Section};
use crate::web::problem::Problem;

/// The longest passage, in characters, and the most of them.
const LONGEST: usize = 2_000;
const MOST: usize = 100;

/// `subject_access/item.html`.
#[derive(Clone, Default, Serialize)]
pub(crate) struct ItemPage {
    case: String,
    number: i64,
    /// How many there are, and which of them this is.
    place: usize,
    total: usize,
    kind: &'static str,
    title: String,
    parts: Vec<Line>,
    others: Vec<Other>,
    /// Where its file can be looked at; empty where it is none.
    file: String,
    is_file: bool,
    proposed: &'static str,
    /// Whether it is kept from whom it is about.
    kept: bool,
    decided: &'static str,
    choice: &'static str,
    choices: Vec<Offered>,
    exemption: &'static str,
    exemptions: Vec<Offered>,
    passages: String,
    preview: Vec<Part>,
    preview_title: String,
    previous: String,
    next: String,
    errors: Vec<Fault>,
}

#[derive(Clone, Serialize)]
struct Line {
    place: usize,
    label: String,
    text: String,
    out: bool,
    pieces: Pieces,
}

#[derive(Clone, Serialize)]
struct Other {
    name: String,
    who: String,
    count: usize,
    out: bool,
}

#[derive(Clone, Serialize)]
struct Fault {
    field: &'static str,
    text: String,
}

impl Page for ItemPage {
    const TEMPLATE: &'static str = "subject_access/item.html";
    const SECTION: Option<Section> = Some(Section::Administration);

    fn samples() -> Vec<Self> {
        let item = Item {
            number: 2,
            source: crate::subject_access::item::Source::Case,
            of_case: "c2".parse().ok(),
            content: Content {
                others: vec![crate::subject_access::item::Other {
                    name: "Omar Khan".into(),
                    who: "works here".into(),
                }],
                ..Content::of(
                    "INC-2026-0001 Incident",
                    vec![Part::new("Note", "Omar Khan\nwas there")],
                )
            },
            decision: None,
        };
        let decision = item.content.proposed();
        let mut open = of("c1", &item, &decision, Some(0));
        (open.place, open.total) = (2, 3);
        open.next = "/subject-access/c1/items/3".into();
        open.errors = vec![Fault {
            field: "choice",
            text: "Choose what happens to it".into(),
        }];
        let mut decided = of(
            "c1",
            &Item {
                decision: Some(decision.clone()),
                ..item.clone()
            },
            &decision,
            None,
        );
        decided.preview = vec![Part::new("Note", "[left out] was there")];
        decided.preview_title = "INC-2026-0001".into();
        decided.previous = "/subject-access/c1/items/1".into();
        let mut file = item;
        file.content.file = "a1".parse().ok();
        file.content.withhold = Some(Exemption::Protecting);
        let file = of("c1", &file, &file.content.proposed(), None);
        vec![open, decided, file]
    }
}

/// The page of an item; of one line single words can be ticked.
fn of(case: &str, item: &Item, decision: &Decision, words: Option<usize>) -> ItemPage {
    let content = &item.content;
    let marked = |name: &str| {
        decision
            .marks
            .passages
            .iter()
            .any(|passage| passage == name)
    };
    let redacts = decision.choice == Choice::Redact;
    let others = content.others.iter().map(|other| Other {
        count: occurrences(content, &other.name),
        // A name is proposed to be left out wherever anything is.
        out: !redacts || marked(&other.name),
        name: other.name.clone(),
        who: other.who.clone(),
    });
    let own = decision.marks.passages.iter();
    let own = own.filter(|passage| content.others.iter().all(|other| other.name != **passage));
    let parts = content.parts.iter().enumerate();
    let is_file = content.file.is_some();
    let choices = Choice::ALL
        .iter()
        .filter(|choice| !is_file || **choice != Choice::Redact);
    let file = content.file.as_ref().zip(item.of_case.as_ref());
    ItemPage {
        case: case.to_owned(),
        number: item.number,
        kind: item.source.says(),
        title: content.title.clone(),
        parts: parts
            .map(|(place, part)| Line {
                place,
                label: part.label.clone(),
                text: part.text.clone(),
                out: decision.marks.parts.contains(&place),
                pieces: pieces(place, &part.text, &decision.marks, words == Some(place)),
            })
            .collect(),
        others: others.collect(),
        file: file.map_or_else(String::new, |(file, of)| {
            format!("/cases/{of}/evidence/{file}")
        }),
        is_file,
        proposed: content.proposed().choice.says(),
        kept: content.withhold.is_some(),
        decided: item
            .decision
            .as_ref()
            .map_or("", |decision| decision.choice.says()),
        choice: decision.choice.name(),
        choices: choices
            .map(|choice| Offered::new(choice.name(), choice.says()))
            .collect(),
        exemption: decision.exemption.map_or("", Exemption::name),
        exemptions: exemptions(),
        passages: own.cloned().collect::<Vec<_>>().join("\n"),
        ..ItemPage::default()
    }
}

fn exemptions() -> Vec<Offered> {
    let none = Offered::new("", "Choose why");
    let all = Exemption::ALL.iter();
    let all = all.map(|exemption| Offered::new(exemption.name(), exemption.says()));
    [none].into_iter().chain(all).collect()
}

/// The page of an item, with the way to those beside it.
fn placed(
    case: &CaseId,
    seen: &Sight,
    (item, decision): (&Item, &Decision),
    words: Option<usize>,
) -> ItemPage {
    let place = seen
        .items
        .iter()
        .position(|other| other.number == item.number);
    let place = place.unwrap_or_default();
    let href = |item: Option<&Item>| {
        item.map_or_else(String::new, |item| {
            format!("/subject-access/{case}/items/{}", item.number)
        })
    };
    ItemPage {
        place: place + 1,
        total: seen.items.len(),
        previous: href(
            place
                .checked_sub(1)
                .and_then(|before| seen.items.get(before)),
        ),
        next: href(seen.items.get(place + 1)),
        ..of(case.as_str(), item, decision, words)
    }
}

pub(super) async fn show(
    State(app): State<App>,
    permit: Permit,
    Path((case, number)): Path<(CaseId, i64)>,
) -> Result<Html<String>, Problem> {
    let actor = permit.actor();
    let mut tx = app.store()?.begin(&actor.trust).await?;
    let seen = sight(&mut tx, actor, &case).await?;
    let item = seen.item(number)?;
    let decision = item
        .decision
        .clone()
        .unwrap_or_else(|| item.content.proposed());
    let mut page = placed(&case, &seen, (item, &decision), None);
    if item.decision.is_some() {
        preview(&mut page, &item.content, &decision);
    }
    drop(tx);
    if let Some(of) = &item.of_case {
        // Whoever looks at a copy of a case has looked at the case.
        let reading = Reading {
            kind: "case.read",
            record_kind: "case_file",
            record: of.as_str(),
        };
        ledger::read(app.store()?, actor, Some(Action::ReadCases), reading).await?;
    }
    app.render(&page)
}

/// Shows what would be given.
fn preview(page: &mut ItemPage, content: &Content, decision: &Decision) {
    if decision.choice == Choice::Redact {
        let given = redacted(content, &decision.marks);
        page.preview = given.parts;
        page.preview_title = given.title;
    }
}

/// What a form decides, and what is wrong with it.
fn read(content: &Content, pairs: &[(String, String)]) -> (Decision, Faults) {
    let mut faults = Faults::default();
    let all = |wanted: &str| -> Vec<&str> {
        let given = pairs.iter().filter(|(name, _)| name == wanted);
        given.map(|(_, value)| value.as_str()).collect()
    };
    let one = |wanted: &str| all(wanted).first().copied().unwrap_or_default().to_owned();
    let choice = Choice::named(&one("choice"));
    let choice = choice.filter(|choice| content.file.is_none() || *choice != Choice::Redact);
    let mut decision = Decision {
        choice: choice.unwrap_or(Choice::Withhold),
        exemption: Exemption::named(&one("exemption")),
        marks: Marks::default(),
    };
    if choice.is_none() {
        faults.add("choice", "Choose what happens to it");
    }
    let own = written(&one("passages"));
    match decision.choice {
        Choice::Include => decision.exemption = None,
        Choice::Withhold if choice.is_some() && decision.exemption.is_none() => {
            faults.add("exemption", "Choose why the law lets it be withheld");
        }
        Choice::Withhold => {}
        Choice::Redact => {
            decision.exemption = None;
            let missing = own
                .iter()
                .find(|passage| occurrences(content, passage) == 0);
            if let Some(missing) = missing {
                let short: String = missing.chars().take(60).collect();
                faults.add("passages", format!("“{short}” does not stand in it. Copy the words as they are written there, each passage on a line of its own"));
            }
            if own.len() > MOST || own.iter().any(|passage| passage.chars().count() > LONGEST) {
                faults.add("passages", "Give at most 100 passages of at most 2,000 characters. Leave out whole lines instead");
            }
            decision.marks = marked(content, pairs);
            if decision.marks == Marks::default() && faults.is_empty() {
                faults.add(
                    "passages",
                    "Say what is left out: tick a name, a line, a sentence or a word, or write the words",
                );
            }
        }
    }
    (decision, faults)
}

pub(super) async fn save(
    State(app): State<App>,
    permit: Permit,
    Path((case, number)): Path<(CaseId, i64)>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let actor = permit.actor();
    let mut tx = app.store()?.begin(&actor.trust).await?;
    let seen = sight(&mut tx, actor, &case).await?;
    let item = seen.item(number)?;
    let (decision, faults) = read(&item.content, &pairs);
    let sent = |wanted: &str| pairs.iter().find(|(name, _)| name == wanted);
    let looks = sent("look").is_some();
    // Another way of choosing was asked for: what was ticked stays, and nothing is saved or refused yet.
    let turned = sent("words");
    let words = turned.or(sent("by-word"));
    let words = words.and_then(|(_, place)| place.parse().ok());
    if turned.is_some() {
        let marked = Decision {
            marks: marked(&item.content, &pairs),
            ..decision
        };
        let mut page = placed(&case, &seen, (item, &marked), words);
        page.choice = match sent("choice") {
            Some(_) => marked.choice.name(),
            None => "",
        };
        return Ok(app.render(&page)?.into_response());
    }
    if looks || !faults.is_empty() {
        let mut page = placed(&case, &seen, (item, &decision), words);
        for field in ["choice", "passages", "exemption"] {
            let text = faults.of(field);
            if !text.is_empty() {
                page.errors.push(Fault {
                    field,
                    text: text.to_owned(),
                });
            }
        }
        if page.errors.iter().any(|fault| fault.field == "choice") {
            page.choice = "";
        }
        if page.errors.is_empty() {
            preview(&mut page, &item.content, &decision);
        }
        return Ok(app.render(&page)?.into_response());
    }
    let before = collection::locked(&mut tx, &case).await?;
    deciding::decide(&mut tx, &case, number, Some(&decision)).await?;
    let exemption = decision.exemption.map_or("", Exemption::name);
    let says = format!("{number}: {} {exemption}", decision.choice.name());
    entered(&mut tx, actor, &case, (&before, says.trim())).await?;
    tx.commit().await?;
    let mut rest = seen.items.iter().filter(|other| other.number > number);
    let next = rest.find(|other| other.decision.is_none());
    let to = match next {
        Some(next) => format!("/subject-access/{case}/items/{}", next.number),
        None => format!("/subject-access/{case}?done=decided"),
    };
    Ok(Redirect::to(&to).into_response())
}

pub(super) async fn undo(
    State(app): State<App>,
    permit: Permit,
    Path((case, number)): Path<(CaseId, i64)>,
) -> Result<Redirect, Problem> {
    let actor = permit.actor();
    let mut tx = app.store()?.begin(&actor.trust).await?;
    let seen = sight(&mut tx, actor, &case).await?;
    seen.item(number)?;
    let before = collection::locked(&mut tx, &case).await?;
    deciding::decide(&mut tx, &case, number, None).await?;
    let says = format!("{number}: taken back");
    entered(&mut tx, actor, &case, (&before, &says)).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!(
        "/subject-access/{case}/items/{number}"
    )))
}
