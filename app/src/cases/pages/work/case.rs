//! One case.

use axum::extract::State;
use axum::response::Html;
use policy::words::capitalised;
use register::Register;
use serde::{Deserialize, Serialize};

use super::assign::Assign;
use super::facts::{Fact, Led, facts, led};
use super::file::{File, file};
use super::followed::{Followed, followed};
use super::timeline::{Answer, Event, answers, timeline};
use crate::authority::{Actor, Permit};
use crate::cases::pages::words::Names;
use crate::cases::{self, CaseId, Line, Panel, Seen};
use crate::web::App;
use crate::web::dates::moment;
use crate::web::extract::{Path, Query};
use crate::web::page::{Page, Section};
use crate::web::problem::Problem;

/// `cases/work/case.html`.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct CasePage {
    id: String,
    reference: String,
    kind: String,
    state: String,
    over: bool,
    outline: bool,
    paper: bool,
    /// Whether it is on the personnel file of whom it is about.
    filed: bool,
    sensitive: bool,
    followed: Option<Followed>,
    /// What was done that is no step, or an empty text.
    done: &'static str,
    facts: Vec<Fact>,
    answers: Vec<Answer>,
    led: Option<Led>,
    deadlines: Vec<Deadline>,
    steps: Vec<Step>,
    timeline: Vec<Event>,
    evidence: Vec<File>,
    /// Where evidence may be added: the largest file, in words.
    may_add: String,
    evidence_error: String,
    linked: Vec<Linked>,
    policy: String,
    clauses: Vec<Clause>,
    assign: Option<Assign>,
    /// What another feature shows beside it.
    panel: Option<Panel>,
    /// Whether it is a request for one's own data, and theirs to answer.
    /// A page to look at beside the case.
    beside: Option<BesidePage>,
}

/// A page to look at beside a case.
#[derive(Clone, Debug, Serialize)]
struct BesidePage {
    says: String,
    href: String,
}

/// A deadline that runs.
#[derive(Clone, Debug, Serialize)]
struct Deadline {
    says: String,
    due: String,
    passed: bool,
    statutory: bool,
}

/// A step that is open to whoever looks.
#[derive(Clone, Debug, Serialize)]
struct Step {
    href: String,
    says: String,
    lacks: Vec<String>,
}

/// A case that belongs to it.
#[derive(Clone, Debug, Serialize)]
struct Linked {
    href: String,
    reference: String,
    kind: String,
    state: String,
}

/// A clause of the school's policy that the register carries out.
#[derive(Clone, Debug, Serialize)]
struct Clause {
    href: String,
    printed: String,
    says: String,
}

/// What the address says was done just now.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct After {
    step: String,
    done: String,
}

/// What is shown beside the case itself.
#[derive(Debug, Default)]
pub(super) struct Beside {
    pub(super) after: After,
    pub(super) evidence_error: String,
    pub(super) assign_error: String,
}

impl Page for CasePage {
    const TEMPLATE: &'static str = "cases/work/case.html";
    const SECTION: Option<Section> = Some(Section::Home);

    fn samples() -> Vec<Self> {
        let answer = |sensitive| Answer {
            label: "With".into(),
            words: vec!["A colleague".into(), "A parent".into()],
            sensitive,
        };
        let event = Event {
            says: "Correct it".into(),
            who: "Kate Adeyemi, head".into(),
            when: "20 November 2026 at 3:00pm".into(),
            to: "Acknowledged".into(),
            note: "As agreed.\nOn the telephone.".into(),
            answers: vec![answer(true)],
            corrections: vec![super::timeline::Correction {
                label: "Since".into(),
                old: "1 May 2020".into(),
                new: "1 May 2021".into(),
            }],
        };
        let deadline = |passed, statutory| Deadline {
            says: "acknowledge it".into(),
            due: "27 November 2026 at 11:59pm".into(),
            passed,
            statutory,
        };
        let step = |lacks: &[&str]| Step {
            href: "/cases/c1/steps/end".into(),
            says: "End it".into(),
            lacks: lacks.iter().map(|lack| (*lack).to_owned()).collect(),
        };
        let outline = Self {
            id: "c1".into(),
            reference: "DEC-2026-0001".into(),
            kind: "Declaration of a relationship".into(),
            state: "Ended".into(),
            over: true,
            outline: true,
            paper: true,
            timeline: vec![Event::default()],
            ..Self::default()
        };
        let whole = Self {
            over: false,
            outline: false,
            filed: true,
            sensitive: true,
            followed: Some(Followed {
                did: "Acknowledge it".into(),
                lines: vec!["Where it stands: Acknowledged.".into()],
            }),
            facts: vec![Fact {
                label: "School",
                says: "Ash Primary".into(),
            }],
            answers: vec![answer(false), answer(true)],
            led: Some(Led {
                href: "/ask/link/answer".into(),
                policy: "Link".into(),
                says: "Prohibited".into(),
                version: "0123456789ab".into(),
            }),
            deadlines: vec![deadline(true, true), deadline(false, false)],
            steps: vec![
                step(&[]),
                step(&["a file of evidence must be on the case first"]),
            ],
            timeline: vec![event],
            evidence: vec![File {
                href: "/cases/c1/evidence/a1".into(),
                name: "message.png".into(),
                size: "12 KB".into(),
                sha256: "ab".repeat(32),
                added: "20 November 2026 at 3:00pm".into(),
            }],
            may_add: "25 MB".into(),
            evidence_error: "Choose a file.".into(),
            linked: vec![Linked {
                href: "/cases/c2".into(),
                reference: "INC-2026-0001".into(),
                kind: "Incident".into(),
                state: "Open".into(),
            }],
            policy: "Link".into(),
            clauses: vec![Clause {
                href: "/policies/link#clause-1.1".into(),
                printed: "1.1".into(),
                says: "Staff declare.".into(),
            }],
            assign: Some(Assign::sample()),
            panel: Some(Panel::sample()),
            beside: Some(BesidePage {
                says: "Read the policy".into(),
                href: "/policies/link".into(),
            }),
            ..outline.clone()
        };
        let plain = Self {
            over: false,
            outline: false,
            paper: false,
            done: "The evidence was added",
            may_add: "25 MB".into(),
            assign: Some(Assign::sample().mine()),
            ..outline.clone()
        };
        vec![outline, whole, plain]
    }
}

pub(super) async fn show(
    State(app): State<App>,
    permit: Permit,
    Path(id): Path<CaseId>,
    Query(after): Query<After>,
) -> Result<Html<String>, Problem> {
    let beside = Beside {
        after,
        ..Beside::default()
    };
    let page = page(&app, permit.actor(), &id, beside).await?;
    app.render(&page)
}

/// The page of a case, for somebody who may see it.
pub(super) async fn page(
    app: &App,
    actor: &Actor,
    id: &CaseId,
    beside: Beside,
) -> Result<CasePage, Problem> {
    let store = app.store()?;
    let mut tx = store.begin(&actor.trust).await?;
    let seen = cases::see(&mut tx, actor, id).await?;
    let mut names = Names::of(app)?;
    let catalogue = app.registers();
    let (case, rules) = (&seen.case, &seen.rules);
    let register = rules.register();
    let state = register.state(&case.state);
    let over = state.is_none_or(|state| state.end);
    let mut page = CasePage {
        id: case.id.to_string(),
        reference: case.reference.clone(),
        kind: capitalised(&register.name),
        state: state.map_or_else(|| case.state.clone(), |state| state.says.clone()),
        over,
        outline: seen.outline,
        paper: case.paper,
        filed: case.filed,
        sensitive: !seen.outline && register.sensitivity == register::Sensitivity::Sensitive,
        followed: followed(
            rules,
            case,
            catalogue.registers(),
            actor.person.as_ref(),
            &beside.after.step,
        ),
        done: said(&beside.after.done),
        facts: facts(&mut tx, &mut names, &seen).await?,
        answers: answers(&mut tx, &mut names, register, &case.answers).await?,
        led: case
            .done
            .first()
            .and_then(|opened| opened.decision.as_ref())
            .map(led),
        deadlines: deadlines(&seen, &names),
        steps: steps(&seen),
        timeline: timeline(&mut tx, &mut names, register, case).await?,
        evidence_error: beside.evidence_error,
        linked: linked(&seen.linked, catalogue.registers()),
        ..CasePage::default()
    };
    (page.policy, page.clauses) = clauses(app, &seen);
    page.beside = beside_page(&seen);
    if !seen.outline && !over {
        page.assign = Assign::of(&mut tx, &mut names, actor, &seen, beside.assign_error).await?;
    }
    if !seen.outline {
        page.panel = app.beside_case(&mut tx, actor, &seen).await?;
    }
    tx.commit_unrecorded().await?;
    if !seen.outline
        && let Ok(attachments) = app.attachments()
    {
        let files = cases::evidence_of(store, attachments, actor, id).await?;
        page.evidence = files
            .iter()
            .map(|file| self::file(id, file, &names))
            .collect();
        if !over {
            page.may_add = attachments.largest();
        }
    }
    Ok(page)
}

/// The page that the register has beside its cases; not so where the case's answer cannot stand in an address.
fn beside_page(seen: &Seen) -> Option<BesidePage> {
    let beside = seen.rules.register().beside.as_ref()?;
    let answer = seen.case.answers.get(&beside.field)?.first()?;
    let plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
    answer.chars().all(plain).then(|| BesidePage {
        says: beside.says.clone(),
        href: beside
            .page
            .replace(&format!("{{{}}}", beside.field), answer),
    })
}

fn said(done: &str) -> &'static str {
    match done {
        "evidence" => "The evidence was added",
        "assigned" => "It was given to somebody to look after",
        "ended" => "It was ended",
        "released" => "Nobody in particular looks after it now",
        _ => "",
    }
}

fn deadlines(seen: &Seen, names: &Names<'_>) -> Vec<Deadline> {
    let zone = names.zone();
    let deadlines = seen.deadlines.iter().map(|running| Deadline {
        says: capitalised(&running.says),
        due: moment(running.due, &zone),
        passed: running.passed,
        statutory: running.statutory,
    });
    deadlines.collect()
}

fn steps(seen: &Seen) -> Vec<Step> {
    let register = seen.rules.register();
    let own = |step: &str| register.step(step).and_then(|step| step.page.as_ref());
    let steps = seen.steps.iter().map(|step| Step {
        href: match own(&step.id) {
            Some(page) => page.replace("{case}", seen.case.id.as_str()),
            None => format!("/cases/{}/steps/{}", seen.case.id, step.id),
        },
        says: step.says.clone(),
        lacks: step.lacks.iter().map(|lack| capitalised(lack)).collect(),
    });
    steps.collect()
}

fn linked(lines: &[Line], registers: &[Register]) -> Vec<Linked> {
    let linked = lines.iter().map(|line| {
        let case = &line.case;
        let kind = registers.iter().find(|kind| kind.id == case.register);
        Linked {
            href: format!("/cases/{}", case.id),
            reference: case.reference.clone(),
            kind: kind.map_or_else(|| case.register.clone(), |kind| capitalised(&kind.name)),
            state: line.state.clone(),
        }
    });
    linked.collect()
}

/// The clauses of the school's own policy that the register carries out, in the policy's order.
fn clauses(app: &App, seen: &Seen) -> (String, Vec<Clause>) {
    let library = app.library();
    let policy = seen.rules.version.policy.as_deref();
    let Some(table) = policy.and_then(|policy| library.table(policy)) else {
        return (String::new(), Vec::new());
    };
    let policy = table.policy();
    let carried: Vec<&str> = seen
        .rules
        .register()
        .carried_out()
        .filter(|carried| carried.policy == policy.id)
        .map(|carried| carried.clause.as_str())
        .collect();
    let clauses = policy.clauses.iter();
    let clauses = clauses.filter(|clause| carried.contains(&clause.reference.as_str()));
    let clauses = clauses.map(|clause| Clause {
        href: format!("/policies/{}#clause-{}", policy.id, clause.reference),
        printed: clause.printed.clone(),
        says: clause.says.clone(),
    });
    (policy.title.clone(), clauses.collect())
}
