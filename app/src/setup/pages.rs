//! The pages of the first run: one thing a page, then all answers to check, then done.

use axum::extract::State;
use axum::response::{Html, IntoResponse as _, Response};
use policy::table::Table;
use serde::Serialize;

use super::form::{SetupForm, Step};
use super::{SetupError, is_set_up, set_up};
use crate::authority::{Access, Routes};
use crate::schools::faults::Faults;
use crate::schools::{Nation, Phase, Reading};
use crate::web::App;
use crate::web::extract::Form;
use crate::web::page::{Page, Section};
use crate::web::problem::{Kind, Problem};

/// `setup/step.html`.
#[derive(Debug, Serialize)]
pub(crate) struct StepPage {
    step: Step,
    form: SetupForm,
    nations: Vec<Choice>,
    phases: Vec<Choice>,
    readings: Vec<Choice>,
    policies: Vec<Choice>,
    faults: Faults,
}

/// `setup/check.html`.
#[derive(Debug, Serialize)]
pub(crate) struct CheckPage {
    form: SetupForm,
    rows: Vec<Row>,
}

/// `setup/done.html`.
#[derive(Debug, Serialize)]
pub(crate) struct DonePage {
    trust: String,
    link: String,
}

/// A choice of a list.
#[derive(Debug, Serialize)]
struct Choice {
    value: String,
    text: String,
}

/// An answer, and the page that asks for it.
#[derive(Debug, Serialize)]
struct Row {
    question: &'static str,
    answer: String,
    step: Step,
}

impl Page for StepPage {
    const TEMPLATE: &'static str = "setup/step.html";
    const SECTION: Option<Section> = None;

    fn samples() -> Vec<Self> {
        let page = |step| Self {
            step,
            form: SetupForm::default(),
            nations: choices(Nation::ALL, Nation::name, Nation::label),
            phases: Vec::new(),
            readings: Vec::new(),
            policies: Vec::new(),
            faults: Faults::one("code", "Enter the code"),
        };
        Step::ALL
            .into_iter()
            .filter(|step| *step != Step::Check)
            .map(page)
            .collect()
    }
}

impl Page for CheckPage {
    const TEMPLATE: &'static str = "setup/check.html";
    const SECTION: Option<Section> = None;

    fn samples() -> Vec<Self> {
        let row = Row {
            question: "Name of the trust",
            answer: "Elm Trust".to_owned(),
            step: Step::Trust,
        };
        let form = SetupForm::default();
        let rows = vec![row];
        vec![Self { form, rows }]
    }
}

impl Page for DonePage {
    const TEMPLATE: &'static str = "setup/done.html";
    const SECTION: Option<Section> = None;

    fn samples() -> Vec<Self> {
        vec![Self {
            trust: "Elm Trust".to_owned(),
            link: "/sign-in/link/x".to_owned(),
        }]
    }
}

/// The pages and their addresses. They are there until a trust is.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/setup", Access::Open, begin)
        .post("/setup", Access::Open, answer)
}

fn choices<T: Copy>(
    all: &[T],
    name: fn(T) -> &'static str,
    label: fn(T) -> &'static str,
) -> Vec<Choice> {
    let choice = |one: &T| Choice {
        value: name(*one).to_owned(),
        text: label(*one).to_owned(),
    };
    all.iter().map(choice).collect()
}

fn step_page(
    app: &App,
    step: Step,
    form: SetupForm,
    faults: Faults,
) -> Result<Html<String>, Problem> {
    let library = app.library();
    let policy = |table: &Table| Choice {
        value: table.policy().id.clone(),
        text: table.policy().organisation.clone(),
    };
    app.render(&StepPage {
        step,
        form,
        nations: choices(Nation::ALL, Nation::name, Nation::label),
        phases: choices(Phase::ALL, Phase::name, Phase::label),
        readings: choices(Reading::ALL, Reading::name, Reading::label),
        policies: library.tables().iter().map(policy).collect(),
        faults,
    })
}

async fn still_to_do(app: &App) -> Result<(), Problem> {
    match is_set_up(app.store()?).await? {
        true => Err(Problem::new(Kind::Gone).detail(
            "This installation is set up already. Sign in as its administrator to change it.",
        )),
        false => Ok(()),
    }
}

async fn begin(State(app): State<App>) -> Result<Html<String>, Problem> {
    still_to_do(&app).await?;
    step_page(&app, Step::Code, SetupForm::default(), Faults::default())
}

async fn answer(
    State(app): State<App>,
    Form(mut form): Form<SetupForm>,
) -> Result<Response, Problem> {
    still_to_do(&app).await?;
    if !app.setup_code().is_some_and(|code| code.is(&form.code)) {
        form.code.clear();
        let says = "Enter the code that the server printed when it started";
        let again = step_page(&app, Step::Code, form, Faults::one("code", says))?;
        return Ok(again.into_response());
    }
    let sent = Step::named(&form.step);
    if !form.go.is_empty() {
        let step = Step::named(&std::mem::take(&mut form.go));
        return Ok(step_page(&app, step, form, Faults::default())?.into_response());
    }
    if sent == Step::Check {
        return finish(&app, form).await;
    }
    let faults = form.faults(sent, app.policies());
    if !faults.none() {
        return Ok(step_page(&app, sent, form, faults)?.into_response());
    }
    let next = match form.checked.is_empty() {
        true => sent.next(),
        false => Step::Check,
    };
    let page = match next {
        Step::Check => check_page(&app, form)?,
        next => step_page(&app, next, form, Faults::default())?,
    };
    Ok(page.into_response())
}

fn check_page(app: &App, mut form: SetupForm) -> Result<Html<String>, Problem> {
    if let Err((step, faults)) = form.plan(app.policies()) {
        return step_page(app, step, form, faults);
    }
    form.checked = "yes".to_owned();
    let library = app.library();
    let policy = library
        .table(&form.policy)
        .map(|table| table.policy().organisation.clone());
    let row = |step, question, answer: String| Row {
        question,
        answer,
        step,
    };
    let nation = Nation::named(&form.trust_nation).map_or("", Nation::label);
    let reading = Reading::named(&form.reading).map_or("", Reading::label);
    let phase = Phase::named(&form.phase).map_or("", Phase::label);
    let demonstration = match form.demonstration.as_str() {
        "yes" => "Yes, beside your own school",
        _ => "No",
    };
    let rows = vec![
        row(Step::Trust, "Name of the trust", form.trust.clone()),
        row(Step::Trust, "Nation", nation.to_owned()),
        row(Step::Trust, "Who may ask and read", reading.to_owned()),
        row(
            Step::School,
            "First school",
            format!("{} ({phase})", form.name),
        ),
        row(Step::Policy, "Its policy", policy.unwrap_or_default()),
        row(
            Step::Administrator,
            "Administrator",
            format!("{} {}, {}", form.given_name, form.family_name, form.email),
        ),
        row(
            Step::Demonstration,
            "Invented schools and people",
            demonstration.to_owned(),
        ),
    ];
    app.render(&CheckPage { form, rows })
}

async fn finish(app: &App, form: SetupForm) -> Result<Response, Problem> {
    let plan = match form.plan(app.policies()) {
        Ok(plan) => plan,
        Err((step, faults)) => return Ok(step_page(app, step, form, faults)?.into_response()),
    };
    let ready = set_up(app.store()?, &app.engine(), &plan).await?;
    let trust = plan.trust.name;
    let link = ready.link;
    Ok(app.render(&DonePage { trust, link })?.into_response())
}

impl From<SetupError> for Problem {
    fn from(error: SetupError) -> Self {
        match error {
            SetupError::Already => Self::new(Kind::Gone).detail(
                "Somebody else set this installation up in the meantime. Sign in as its administrator.",
            ),
            SetupError::Store(error) => error.into(),
            SetupError::Ledger(error) => error.into(),
            SetupError::Schools(error) => error.into(),
            SetupError::People(error) => error.into(),
            SetupError::Denied(error) => error.into(),
            SetupError::Demonstration(error) => error.into(),
            other => Self::new(Kind::Unprocessable).detail(other.to_string()),
        }
    }
}
