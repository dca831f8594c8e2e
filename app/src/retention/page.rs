//! The page of what is past its time, and the one that confirms.

use axum::extract::State;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use data_encoding::HEXLOWER;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::disposal::dispose as erase;
use super::list::{self, Erased, Proposal, Waits};
use crate::authority::{Action, Permit, Place};
use crate::cases::{self, CaseError, CaseId};
use crate::people::Part;
use crate::store::{Reader, Store, TrustId};
use crate::web::App;
use crate::web::dates::{day, moment};
use crate::web::extract::{Form, Query};
use crate::web::page::{Page, Section};
use crate::web::paging::{PAGE_SIZE, Paging, skip};
use crate::web::problem::Problem;

/// The most that one confirmation may erase.
const AT_ONCE: usize = 50;

/// `retention/list.html`.
#[derive(Clone, Serialize)]
pub(crate) struct RetentionPage {
    done: String,
    error: &'static str,
    proposals: Vec<Line>,
    paging: Paging,
    holds: Vec<HoldLine>,
    erased: Vec<ErasedLine>,
    /// Whether the events can be opened in the audit.
    may_audit: bool,
}

/// A case past its time.
#[derive(Clone, Serialize)]
struct Line {
    case: String,
    reference: String,
    register: String,
    school: String,
    closed: String,
    ended: String,
    review: bool,
    says: String,
    source: String,
    doubt: String,
    /// Why it has to wait; empty where it need not.
    waits: &'static str,
}

#[derive(Clone, Serialize)]
struct HoldLine {
    id: String,
    reference: String,
    reason: String,
    since: String,
}

#[derive(Clone, Serialize)]
struct ErasedLine {
    event: i64,
    at: String,
    who: String,
    reason: String,
    leaf: String,
}

/// `retention/confirm.html`.
#[derive(Serialize)]
pub(crate) struct ConfirmPage {
    proposals: Vec<Line>,
}

impl Line {
    fn sample(full: bool) -> Self {
        let text = |text: &str| if full { text.to_owned() } else { String::new() };
        Self {
            case: "c1".to_owned(),
            reference: "UNB-2024-0001".to_owned(),
            register: "request to unblock a site".to_owned(),
            school: text("Ash Primary"),
            closed: "1 September 2024".to_owned(),
            ended: "1 September 2025".to_owned(),
            review: full,
            says: "1 year after the case was closed on 1 September 2024".to_owned(),
            source: "No figure was found: one year is our choice.".to_owned(),
            doubt: text("Check the date of birth."),
            waits: if full {
                "A case linked with it is still open"
            } else {
                ""
            },
        }
    }
}

impl Page for RetentionPage {
    const TEMPLATE: &'static str = "retention/list.html";
    const SECTION: Option<Section> = Some(Section::Administration);

    fn samples() -> Vec<Self> {
        let full = Self {
            done: "2 records were erased".to_owned(),
            error: "Choose the records to erase",
            proposals: vec![Line::sample(true), Line::sample(false)],
            paging: Paging::of(120, 2, "/retention"),
            holds: vec![HoldLine {
                id: "h1".to_owned(),
                reference: "INC-2019-0003".to_owned(),
                reason: "A claim is before the court".to_owned(),
                since: "20 November 2026".to_owned(),
            }],
            erased: vec![ErasedLine {
                event: 7,
                at: "20 November 2026 at 3:04pm".to_owned(),
                who: "Ada Okafor".to_owned(),
                reason: "Past its time".to_owned(),
                leaf: "00ff".to_owned(),
            }],
            may_audit: true,
        };
        let empty = Self {
            done: String::new(),
            error: "",
            proposals: Vec::new(),
            paging: Paging::default(),
            holds: Vec::new(),
            erased: Vec::new(),
            may_audit: false,
        };
        let plain = Self {
            done: String::new(),
            error: "",
            proposals: vec![Line::sample(false)],
            paging: Paging::of(1, 1, "/retention"),
            holds: Vec::new(),
            may_audit: false,
            ..full.clone()
        };
        vec![full, empty, plain]
    }
}

impl Page for ConfirmPage {
    const TEMPLATE: &'static str = "retention/confirm.html";
    const SECTION: Option<Section> = Some(Section::Administration);

    fn samples() -> Vec<Self> {
        let page = |lines: &[bool]| Self {
            proposals: lines.iter().map(|full| Line::sample(*full)).collect(),
        };
        vec![page(&[true, false]), page(&[false])]
    }
}

/// The query of the list.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    page: Option<u32>,
    erased: Option<usize>,
    left: Option<usize>,
    done: Option<Done>,
    none: bool,
}

/// What was just done.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Done {
    Held,
    Lifted,
}

impl Asked {
    fn says(&self) -> String {
        let records = |n| match n {
            1 => "1 record was".to_owned(),
            n => format!("{n} records were"),
        };
        match (self.done, self.erased, self.left.unwrap_or_default()) {
            (Some(Done::Held), ..) => "The case is held back".to_owned(),
            (Some(Done::Lifted), ..) => "The hold was lifted".to_owned(),
            (None, Some(erased), 0) => format!("{} erased", records(erased)),
            (None, Some(erased), left) => format!(
                "{} erased. {} left as they are, because something about them had changed: look at them again",
                records(erased),
                records(left)
            ),
            (None, None, _) => String::new(),
        }
    }
}

pub(super) async fn show(
    State(app): State<App>,
    permit: Permit,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Problem> {
    let store = app.store()?;
    let trust = &permit.actor().trust;
    let mut reader = store.read(trust);
    let page = asked.page.unwrap_or(1);
    let part = Part {
        skip: skip(page),
        size: PAGE_SIZE,
    };
    let zone = zone(&app);
    let proposals = list::proposals(&mut reader, &permit, part).await?;
    let holds = list::holds(&mut reader, store, &permit).await?;
    let erased = list::erased(&mut reader, store, &permit).await?;
    let since = |at| day(instant(at).to_zoned(zone.clone()).date());
    let hold = |(hold, reference): (super::hold::Hold, String)| HoldLine {
        id: hold.id.to_string(),
        reference,
        since: since(hold.held_at),
        reason: hold.reason,
    };
    app.render(&RetentionPage {
        done: asked.says(),
        error: if asked.none {
            "Choose the records to erase"
        } else {
            ""
        },
        paging: Paging::of(proposals.total, page, "/retention"),
        proposals: lines(&mut reader, (store, trust), proposals.items, &zone).await?,
        holds: holds.into_iter().map(hold).collect(),
        erased: erased
            .into_iter()
            .map(|one| erased_line(one, &zone))
            .collect(),
        may_audit: permit.actor().may(Action::ReadAudit, Place::Trust),
    })
}

fn zone(app: &App) -> TimeZone {
    app.clock().zoned().time_zone().clone()
}

fn instant(milliseconds: i64) -> Timestamp {
    Timestamp::from_millisecond(milliseconds).unwrap_or(Timestamp::UNIX_EPOCH)
}

fn erased_line(erased: Erased, zone: &TimeZone) -> ErasedLine {
    ErasedLine {
        event: erased.event,
        at: moment(erased.at, zone),
        who: erased
            .who
            .unwrap_or_else(|| "The operator of this installation".to_owned()),
        reason: erased.reason,
        leaf: HEXLOWER.encode(&erased.leaf),
    }
}

async fn lines(
    reader: &mut Reader,
    (store, trust): (&Store, &TrustId),
    proposals: Vec<Proposal>,
    zone: &TimeZone,
) -> Result<Vec<Line>, CaseError> {
    let mut lines = Vec::new();
    for proposal in proposals {
        let rules = cases::rules_of(reader, &proposal.rules).await?;
        let register = rules.register();
        let case = cases::closed_one(reader, (store, trust), &proposal.case).await?;
        let source = case.map(|case| case.retention.source);
        lines.push(Line {
            case: proposal.case.to_string(),
            reference: proposal.reference,
            register: register.name.clone(),
            school: proposal.school.unwrap_or_default(),
            closed: day(proposal.closed_at.to_zoned(zone.clone()).date()),
            ended: day(proposal.period.ends),
            review: proposal.period.review,
            says: proposal.period.says,
            source: source.unwrap_or_default(),
            doubt: proposal.period.doubt,
            waits: match proposal.waits {
                Waits::No => "",
                Waits::Held => "It is held back",
                Waits::Linked => "A case linked with it is still open",
            },
        });
    }
    Ok(lines)
}

/// The cases that a form names, each once.
fn chosen(pairs: &[(String, String)]) -> Vec<CaseId> {
    let mut chosen: Vec<CaseId> = Vec::new();
    let named = pairs.iter().filter(|(name, _)| name == "case");
    for id in named.filter_map(|(_, value)| value.parse().ok()) {
        if !chosen.contains(&id) {
            chosen.push(id);
        }
    }
    chosen.truncate(AT_ONCE);
    chosen
}

pub(super) async fn confirm(
    State(app): State<App>,
    permit: Permit,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let (store, trust) = (app.store()?, &permit.actor().trust);
    let mut reader = store.read(trust);
    let mut found = Vec::new();
    for id in chosen(&pairs) {
        let proposal = list::proposal(&mut reader, &permit, &id).await?;
        found.extend(proposal.filter(|proposal| proposal.waits == Waits::No));
    }
    if found.is_empty() {
        return Ok(Redirect::to("/retention?none=true").into_response());
    }
    let proposals = lines(&mut reader, (store, trust), found, &zone(&app)).await?;
    Ok(app.render(&ConfirmPage { proposals })?.into_response())
}

pub(super) async fn dispose(
    State(app): State<App>,
    permit: Permit,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Redirect, Problem> {
    let store = app.store()?;
    let (mut erased, mut left) = (0, 0);
    for id in chosen(&pairs) {
        match erase(store, &permit, &id).await? {
            true => erased += 1,
            false => left += 1,
        }
    }
    Ok(Redirect::to(&format!(
        "/retention?erased={erased}&left={left}"
    )))
}
