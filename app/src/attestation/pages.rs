//! The pages of those who ask a school's people to sign, and follow up.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{Html, Redirect};
use serde::{Deserialize, Serialize};

use super::REGISTER;
use super::round::{self, RoundError};
use super::store::{self, Asked, Coverage, Quiz};
use crate::authority::{Access, Action, Permit, Place, Routes};
use crate::cases;
use crate::document_control::document_of;
use crate::schools;
use crate::store::SchoolId;
use crate::web::App;
use crate::web::dates::{day, moment};
use crate::web::extract::{Form, Path, Query};
use crate::web::form::Choice;
use crate::web::page::{Page, Section};
use crate::web::problem::{Kind, Problem};

/// `attestation/schools.html`.
#[derive(Debug, Serialize)]
pub(crate) struct SchoolsPage {
    schools: Vec<SchoolLine>,
}

/// How far a school has come.
#[derive(Debug, Serialize)]
struct SchoolLine {
    id: String,
    name: String,
    /// The policy and version in force; none where the school follows none.
    version: Option<String>,
    /// Whether its people are being asked to sign that version.
    begun: bool,
    coverage: Coverage,
}

/// `attestation/round.html`.
#[derive(Debug, Serialize)]
pub(crate) struct RoundPage {
    school: String,
    school_id: String,
    version: Option<String>,
    begun_on: Option<String>,
    coverage: Coverage,
    people: Vec<PersonLine>,
    /// The policy, in addresses.
    policy: String,
    /// The hash of its rules, and of the approved document where one is attached: what is signed.
    rules_hash: String,
    document_hash: Option<String>,
    /// The quiz of this round, in words.
    quiz: Option<String>,
    /// Whether the school's settings ask for one before the signature.
    quiz_needed: bool,
    /// Whether whoever looks may change those settings.
    may_set: bool,
    questions: Vec<Choice>,
    /// What was done just now: `begun`, or nothing.
    done: String,
}

/// Somebody who was asked.
#[derive(Debug, Serialize)]
struct PersonLine {
    name: String,
    case: String,
    state: String,
    signed: bool,
    closed: Option<String>,
}

impl Page for SchoolsPage {
    const TEMPLATE: &'static str = "attestation/schools.html";
    const SECTION: Option<Section> = Some(Section::Administration);

    fn samples() -> Vec<Self> {
        let line = |version: Option<&str>, begun: bool| SchoolLine {
            id: "ash".into(),
            name: "Ash Primary".into(),
            version: version.map(Into::into),
            begun,
            coverage: Coverage {
                people: 40,
                asked: 38,
                signed: 12,
            },
        };
        vec![
            Self {
                schools: vec![
                    line(Some("Link, version 2"), true),
                    line(Some("Link"), false),
                    line(None, false),
                ],
            },
            Self {
                schools: Vec::new(),
            },
        ]
    }
}

impl Page for RoundPage {
    const TEMPLATE: &'static str = "attestation/round.html";
    const SECTION: Option<Section> = Some(Section::Administration);

    fn samples() -> Vec<Self> {
        let person = |closed: Option<&str>| PersonLine {
            name: "Kate Adeyemi".into(),
            case: "01j".into(),
            state: "To be read".into(),
            signed: closed.is_some(),
            closed: closed.map(Into::into),
        };
        let page = |version: Option<&str>, begun: bool| Self {
            school: "Ash Primary".into(),
            school_id: "ash".into(),
            version: version.map(Into::into),
            begun_on: begun.then(|| "20 November 2026".into()),
            coverage: Coverage {
                people: 40,
                asked: 38,
                signed: 12,
            },
            people: match begun {
                true => vec![person(None), person(Some("20 November 2026 at 12:00pm"))],
                false => Vec::new(),
            },
            policy: "link".into(),
            rules_hash: "ab".repeat(32),
            document_hash: begun.then(|| "cd".repeat(32)),
            quiz: begun.then(|| "5 questions".into()),
            quiz_needed: begun,
            may_set: begun,
            questions: vec![Choice::new("5", "5 questions")],
            done: if begun { "begun".into() } else { String::new() },
        };
        vec![
            page(Some("Link, version 2"), true),
            page(Some("Link"), false),
            page(None, false),
        ]
    }
}

/// How many questions a quiz may have.
const LENGTHS: [i64; 3] = [3, 5, 8];

/// How a round is begun.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Begun {
    /// How many questions the quiz has; the usual number where nothing is said.
    questions: String,
}

/// What was done just now.
#[derive(Debug, Deserialize)]
struct Shown {
    #[serde(default)]
    done: String,
}

const MAY: Access = Access::May(Action::ManageAttestation);

pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/attestation", MAY, every_school)
        .get("/attestation/{school}", MAY, one_school)
        .post("/attestation/{school}", MAY, begin)
}

async fn every_school(State(app): State<App>, permit: Permit) -> Result<Html<String>, Problem> {
    let store = app.store()?;
    let mut reader = store.read(&permit.actor().trust);
    let (today, library) = (store.clock().today(), app.library());
    let mut lines = Vec::new();
    for school in schools::within(&mut reader, &permit).await? {
        let version = round::version_of(&mut reader, &library, &school.id, today).await?;
        let latest = store::rounds(&mut reader, &school.id)
            .await?
            .into_iter()
            .next();
        let current = latest.filter(|round| {
            version
                .as_ref()
                .is_some_and(|(.., hash)| *hash == round.rules_hash)
        });
        let coverage = store::coverage(
            &mut reader,
            &school.id,
            current.as_ref().map(|round| &round.id),
            today,
        )
        .await?;
        lines.push(SchoolLine {
            id: school.id.to_string(),
            name: school.details.name.to_string(),
            version: version
                .map(|(policy, version, _)| named(&library, &policy, version.as_deref())),
            begun: current.is_some(),
            coverage,
        });
    }
    app.render(&SchoolsPage { schools: lines })
}

async fn one_school(
    State(app): State<App>,
    permit: Permit,
    Path(school): Path<SchoolId>,
    Query(shown): Query<Shown>,
) -> Result<Html<String>, Problem> {
    let store = app.store()?;
    let mut reader = store.read(&permit.actor().trust);
    let (today, library) = (store.clock().today(), app.library());
    let found = schools::find(&mut reader, &school).await?;
    let found = found.ok_or_else(|| Problem::new(Kind::NotFound))?;
    let version = round::version_of(&mut reader, &library, &school, today).await?;
    let latest = store::rounds(&mut reader, &school)
        .await?
        .into_iter()
        .next();
    let current = latest.filter(|round| {
        version
            .as_ref()
            .is_some_and(|(.., hash)| *hash == round.rules_hash)
    });
    let coverage = store::coverage(
        &mut reader,
        &school,
        current.as_ref().map(|round| &round.id),
        today,
    )
    .await?;
    let asked = match &current {
        Some(round) => store::asked(&mut reader, &round.id).await?,
        None => Vec::new(),
    };
    let zone = store.clock().zoned().time_zone().clone();
    let registers = app.registers();
    let following = version
        .as_ref()
        .map(|(policy, _, hash)| (policy.clone(), hash.clone()));
    let (policy, rules_hash) = following.unwrap_or_default();
    let document = document_of(&mut reader, &policy, &rules_hash).await?;
    let rules = cases::in_force(&mut reader, &registers, REGISTER, Some(&school), today).await?;
    let line = |asked: Asked| {
        let state = asked.state.as_deref().unwrap_or_default();
        let says = registers
            .register(REGISTER)
            .and_then(|register| register.state(state));
        PersonLine {
            name: asked.person,
            case: asked.case.to_string(),
            state: says.map_or_else(|| "Erased".to_owned(), |state| state.says.clone()),
            signed: matches!(state, "signed" | "signed-on-paper"),
            closed: asked.closed_at.map(|at| moment(at, &zone)),
        }
    };
    app.render(&RoundPage {
        school: found.details.name.to_string(),
        school_id: school.to_string(),
        version: version.map(|(policy, version, _)| named(&library, &policy, version.as_deref())),
        begun_on: current.as_ref().map(|round| {
            let at = jiff::Timestamp::from_millisecond(round.started_at).unwrap_or_default();
            day(at.to_zoned(zone.clone()).date())
        }),
        coverage,
        people: asked.into_iter().map(line).collect(),
        policy,
        rules_hash,
        document_hash: document.map(|document| document.sha256),
        quiz: current
            .as_ref()
            .and_then(|round| round.quiz)
            .map(|quiz| quiz_says(quiz.questions, quiz.pass)),
        quiz_needed: rules.settings.says_yes("with_quiz"),
        may_set: permit
            .actor()
            .may(Action::ManageRegisters, Place::School(&school)),
        questions: LENGTHS
            .map(|n| Choice::new(n.to_string(), quiz_says(n, pass_of(n))))
            .into(),
        done: shown.done,
    })
}

async fn begin(
    State(app): State<App>,
    permit: Permit,
    Path(school): Path<SchoolId>,
    Form(chosen): Form<Begun>,
) -> Result<Redirect, Problem> {
    let library = app.library();
    let questions = chosen.questions.parse().ok();
    let questions = questions.filter(|n: &i64| LENGTHS.contains(n));
    let quiz = questions.map(|questions| Quiz {
        questions,
        pass: pass_of(questions),
    });
    let mut tx = app.store()?.begin(&permit.actor().trust).await?;
    round::begin(&mut tx, &permit, &library, &school, quiz).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("/attestation/{school}?done=begun")))
}

/// `5 questions, of which 4 must be right`.
fn quiz_says(questions: i64, pass: i64) -> String {
    format!("{questions} questions, of which {pass} must be right")
}

/// How many of so many questions must be right: four of five.
fn pass_of(questions: i64) -> i64 {
    (questions * 4 + 4) / 5
}

/// A policy's title with its version.
fn named(library: &Arc<policy::library::Library>, policy: &str, version: Option<&str>) -> String {
    let title = library
        .table(policy)
        .map_or(policy, |table| &table.policy().title);
    match version {
        Some(version) => format!("{title}, version {version}"),
        None => title.to_owned(),
    }
}

impl From<RoundError> for Problem {
    fn from(error: RoundError) -> Self {
        let text = error.to_string();
        match error {
            RoundError::NoPolicy | RoundError::Begun => Self::new(Kind::Conflict).detail(text),
            RoundError::Denied(error) => error.into(),
            RoundError::Store(error) => error.into(),
            RoundError::Ledger(error) => error.into(),
            RoundError::Queue(error) => Self::internal(&error),
        }
    }
}
