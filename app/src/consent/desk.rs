//! One pupil's consent, for those who look after consents: what each parent or carer said, an answer that came on paper
//! or by word, letters and their links.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use serde::{Deserialize, Serialize};

use super::answer::{Answer, By, answer, answers_to, case_of};
use super::asking::{self, Which, Whose};
use super::link;
use super::list::{Cell, cell};
use super::paper_form::{Typed, paper_form};
use super::said::{Said, Use};
use super::standing::{current, standing};
use super::{ConsentError, REGISTER};
use crate::authority::{Access, Action, Permit, Routes};
use crate::cases::{self, About, CaseId};
use crate::pupils::{self, GuardianId, Line, PupilId};
use crate::store::Tx;
use crate::web::App;
use crate::web::dates::{day, moment};
use crate::web::extract::{Form, Path, Query};
use crate::web::form::Faults;
use crate::web::page::{Page, Section};
use crate::web::problem::{Kind, Problem};

/// `consent/pupil.html`.
#[derive(Debug, Serialize)]
pub(crate) struct PupilConsentPage {
    pupil: String,
    name: String,
    place: String,
    /// The case, where one is open: its identifier and what it says of where it stands.
    case: Option<(String, String)>,
    uses: Vec<Cell>,
    limits: String,
    answers: Vec<AnswerLine>,
    links: Vec<LinkLine>,
    done: String,
}

/// What one giver said.
#[derive(Debug, Serialize)]
struct AnswerLine {
    who: String,
    how: &'static str,
    given_on: String,
    until: String,
    says: Vec<(&'static str, String)>,
    /// Whether a later answer of the same giver took its place.
    past: bool,
}

/// A link that works.
#[derive(Debug, Serialize)]
struct LinkLine {
    id: String,
    who: String,
    made: String,
    until: String,
    by_mail: bool,
}

impl Page for PupilConsentPage {
    const TEMPLATE: &'static str = "consent/pupil.html";
    const SECTION: Option<Section> = Some(Section::Home);

    fn samples() -> Vec<Self> {
        let said = |past| AnswerLine {
            who: "Grace Ofori".into(),
            how: super::answer::How::Link.says(),
            given_on: "20 November 2026".into(),
            until: "20 November 2027".into(),
            says: vec![("Website", "No".into())],
            past,
        };
        let link = |by_mail| LinkLine {
            id: "l1".into(),
            who: "Grace Ofori".into(),
            made: "20 November 2026 at 12:00pm".into(),
            until: "20 November 2027".into(),
            by_mail,
        };
        let page = |whole: bool, done: &str| Self {
            pupil: "u1".into(),
            name: "Ama Ofori".into(),
            place: "Year 7, 7B, Ash Primary".into(),
            case: whole.then(|| ("c1".into(), "Given".into())),
            uses: vec![
                Cell {
                    label: Use::Social.says(),
                    says: "No".into(),
                    may: false,
                },
                Cell {
                    label: Use::Website.says(),
                    says: "Yes".into(),
                    may: true,
                },
            ],
            limits: if whole {
                "No swimming".into()
            } else {
                String::new()
            },
            answers: match whole {
                true => vec![said(true), said(false)],
                false => Vec::new(),
            },
            links: match whole {
                true => vec![link(true), link(false)],
                false => Vec::new(),
            },
            done: done.into(),
        };
        let dones = ["answered", "differs", "revoked"];
        let dones = dones.map(|done| page(true, done));
        [page(false, "")].into_iter().chain(dones).collect()
    }
}

pub(super) fn routes() -> Routes {
    let may = Access::May(Action::KeepConsents);
    Routes::new()
        .get("/consent/pupils/{pupil}", may, show)
        .get("/consent/pupils/{pupil}/answer", may, form)
        .post("/consent/pupils/{pupil}/answer", may, save)
        .get("/consent/pupils/{pupil}/no", may, no_form)
        .post("/consent/pupils/{pupil}/no", may, save_no)
        .post("/consent/pupils/{pupil}/ask", may, ask)
        .get("/consent/cases/{case}/answer", may, of_case)
        .get("/consent/cases/{case}/no", may, of_case_no)
}

/// What was done just now.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Shown {
    done: String,
}

async fn show(
    State(app): State<App>,
    permit: Permit,
    Path(pupil): Path<PupilId>,
    Query(shown): Query<Shown>,
) -> Result<Html<String>, Problem> {
    let (store, trust) = (app.store()?, &permit.actor().trust);
    let today = app.today();
    let mut reader = store.read(trust);
    let line = pupils::line(&mut reader, &permit, &pupil)
        .await
        .map_err(ConsentError::from)?;
    let registers = app.registers();
    let school = Some(&line.school);
    let case = current(&mut reader, (store, trust), &pupil).await?;
    let case = case.filter(|case| case.school.as_ref() == school);
    let mut uses = Vec::new();
    for use_ in Use::ALL {
        let (of, whom) = ((store, trust, &app.engine()), [pupil.clone()]);
        let standings = standing(&mut reader, of, &line.school, &whom, use_, today).await?;
        uses.extend(standings.iter().map(|standing| cell(use_, standing)));
    }
    let guardians = pupils::guardians_of(&mut reader, &pupil).await?;
    let called = |id: Option<&GuardianId>, by: By| match id {
        Some(id) => {
            let known = guardians.iter().find(|(guardian, _)| guardian == id);
            known.map_or_else(
                || "Somebody who is no longer their parent or carer".to_owned(),
                |(_, name)| name.clone(),
            )
        }
        None => by.says().to_owned(),
    };
    let (mut answers, mut links) = (Vec::new(), Vec::new());
    if let Some(case) = &case {
        answers = answers_to(&mut reader, (store, trust), &case.id).await?;
        links = link::of_case(&mut reader, &case.id).await?;
    }
    let zone = app.clock().zoned().time_zone().clone();
    let made = |at: i64| jiff::Timestamp::from_millisecond(at).unwrap_or_default();
    let works = |link: &&link::Link| link.revoked_at.is_none() && link.until >= today;
    let given = case.as_ref().filter(|case| case.state == "given");
    let says = case.as_ref().map(|case| {
        let state = registers
            .register(REGISTER)
            .and_then(|register| register.state(&case.state));
        let says = state.map_or_else(|| case.state.clone(), |state| state.says.clone());
        (case.id.to_string(), says)
    });
    app.render(&PupilConsentPage {
        pupil: pupil.to_string(),
        name: line.name.clone(),
        place: line.place(),
        uses,
        limits: given.map_or_else(String::new, |case| Said::of_case(case).limits),
        case: says,
        answers: answers
            .iter()
            .rev()
            .map(|one| AnswerLine {
                who: called(one.guardian.as_ref(), one.given_by),
                how: one.how.says(),
                given_on: day(one.given_on),
                until: day(one.until),
                says: in_words(&one.said),
                past: is_past(one, &answers),
            })
            .collect(),
        links: links
            .iter()
            .filter(works)
            .map(|link| LinkLine {
                id: link.id.to_string(),
                who: called(link.guardian.as_ref(), By::Parent),
                made: moment(made(link.made_at), &zone),
                until: day(link.until),
                by_mail: link.by_mail,
            })
            .collect(),
        done: shown.done,
    })
}

/// Whether a giver has answered again since.
fn is_past(one: &Answer, all: &[Answer]) -> bool {
    let later = all.iter().filter(|other| other.id > one.id);
    let mut same = later.filter(|other| other.guardian == one.guardian);
    same.any(|other| other.given_by == one.given_by)
}

/// What was said, use by use.
pub(super) fn in_words(said: &Said) -> Vec<(&'static str, String)> {
    let uses = Use::ALL.map(|use_| (use_.says(), said.of(use_).says().to_owned()));
    let limits = said.limits.trim();
    let limits = (!limits.is_empty()).then(|| ("Limits", limits.to_owned()));
    uses.into_iter().chain(limits).collect()
}

/// The pupil within reach, with parents and carers.
pub(super) async fn whom(
    tx: &mut Tx,
    permit: &Permit,
    pupil: &PupilId,
) -> Result<(Line, Vec<(GuardianId, String)>), Problem> {
    let line = pupils::line(tx, permit, pupil)
        .await
        .map_err(ConsentError::from)?;
    Ok((line, pupils::guardians_of(tx, pupil).await?))
}

async fn form(
    app: State<App>,
    permit: Permit,
    pupil: Path<PupilId>,
) -> Result<Html<String>, Problem> {
    blank(app, permit, pupil, false).await
}

async fn no_form(
    app: State<App>,
    permit: Permit,
    pupil: Path<PupilId>,
) -> Result<Html<String>, Problem> {
    blank(app, permit, pupil, true).await
}

async fn blank(
    State(app): State<App>,
    permit: Permit,
    Path(pupil): Path<PupilId>,
    no: bool,
) -> Result<Html<String>, Problem> {
    let mut tx = app.store()?.begin(&permit.actor().trust).await?;
    let (line, guardians) = whom(&mut tx, &permit, &pupil).await?;
    tx.commit_unrecorded().await?;
    let typed = Typed::default();
    app.render(&paper_form(
        &line,
        &guardians,
        &typed,
        &Faults::default(),
        no,
    ))
}

async fn save(
    app: State<App>,
    permit: Permit,
    pupil: Path<PupilId>,
    typed: Form<Typed>,
) -> Result<Response, Problem> {
    enter(app, permit, pupil, typed, false).await
}

async fn save_no(
    app: State<App>,
    permit: Permit,
    pupil: Path<PupilId>,
    typed: Form<Typed>,
) -> Result<Response, Problem> {
    enter(app, permit, pupil, typed, true).await
}

async fn enter(
    State(app): State<App>,
    permit: Permit,
    Path(pupil): Path<PupilId>,
    Form(typed): Form<Typed>,
    no: bool,
) -> Result<Response, Problem> {
    let mut tx = app.store()?.begin(&permit.actor().trust).await?;
    let (line, guardians) = whom(&mut tx, &permit, &pupil).await?;
    let given = match typed.read(&guardians, app.today(), no) {
        Ok(given) => given,
        Err(faults) => {
            let page = paper_form(&line, &guardians, &typed, &faults, no);
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, app.render(&page)?).into_response());
        }
    };
    let engine = app.engine();
    let case = case_of(&mut tx, &engine, (&pupil, &line.school)).await?;
    let outcome = answer(&mut tx, &engine, permit.actor(), &case, given).await?;
    tx.commit().await?;
    let done = if outcome.differs {
        "differs"
    } else {
        "answered"
    };
    Ok(Redirect::to(&format!("/consent/pupils/{pupil}?done={done}")).into_response())
}

/// Asks the family of this one pupil.
async fn ask(
    State(app): State<App>,
    permit: Permit,
    Path(pupil): Path<PupilId>,
) -> Result<Redirect, Problem> {
    let mut tx = app.store()?.begin(&permit.actor().trust).await?;
    let (line, _) = whom(&mut tx, &permit, &pupil).await?;
    let which = Which {
        school: line.school,
        year: None,
        class: None,
        pupil: Some(pupil),
        whose: Whose::Everybody,
    };
    let asking = asking::begin(&mut tx, &permit, which).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("/consent/asked/{}", asking.id)))
}

/// The page on which a step of a case is taken: the pupil's.
async fn of_case(app: State<App>, permit: Permit, case: Path<CaseId>) -> Result<Redirect, Problem> {
    to_pupil(app, permit, case, "answer").await
}

async fn of_case_no(
    app: State<App>,
    permit: Permit,
    case: Path<CaseId>,
) -> Result<Redirect, Problem> {
    to_pupil(app, permit, case, "no").await
}

async fn to_pupil(
    State(app): State<App>,
    permit: Permit,
    Path(id): Path<CaseId>,
    page: &str,
) -> Result<Redirect, Problem> {
    let (store, trust) = (app.store()?, &permit.actor().trust);
    let mut reader = store.read(trust);
    let case = cases::one_of(&mut reader, (store, trust), REGISTER, &id).await?;
    let Some(About::Pupil(pupil)) = case.and_then(|case| case.subject) else {
        return Err(Problem::new(Kind::NotFound));
    };
    pupils::line(&mut reader, &permit, &pupil)
        .await
        .map_err(ConsentError::from)?;
    Ok(Redirect::to(&format!("/consent/pupils/{pupil}/{page}")))
}
