//! Which policy a school follows: choosing another, looking at what differs, then adopting it.

use axum::extract::State;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use jiff::civil::Date;
use policy::library::Library;
use policy::table::Table;
use serde::{Deserialize, Serialize};

use super::days::read_date;
use super::{Choice, SchoolName, Sent, school_here, sent};
use crate::authority::{Access, Action, Permit, Routes};
use crate::schools::faults::Faults;
use crate::schools::{adopt, policies_of, policy_on, withdraw};
use crate::store::SchoolId;
use crate::web::App;
use crate::web::dates;
use crate::web::extract::{Form, Path};
use crate::web::page::{Page, Section};
use crate::web::problem::{Kind, Problem};

/// `schools/policy.html`.
#[derive(Debug, Serialize)]
pub(crate) struct AdoptPage {
    school: SchoolName,
    history: Vec<Line>,
    policies: Vec<Choice>,
    form: AdoptForm,
    planned: bool,
    faults: Faults,
}

/// `schools/policy-check.html`.
#[derive(Debug, Serialize)]
pub(crate) struct AdoptCheckPage {
    school: SchoolName,
    form: AdoptForm,
    title: String,
    organisation: String,
    since: String,
    before: Option<String>,
    comparison: Option<String>,
}

/// `schools/policy-withdraw.html`.
#[derive(Debug, Serialize)]
pub(crate) struct WithdrawPage {
    school: SchoolName,
    policy: String,
    since: String,
}

#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
struct AdoptForm {
    policy: String,
    since: String,
    /// `adopt` once the page before it was seen.
    step: String,
}

#[derive(Debug, Serialize)]
struct Line {
    policy: String,
    since: String,
    until: Option<String>,
}

impl Page for AdoptPage {
    const TEMPLATE: &'static str = "schools/policy.html";
    const SECTION: Option<Section> = Some(Section::Administration);

    fn samples() -> Vec<Self> {
        let line = |until: Option<&str>| Line {
            policy: "Example School".to_owned(),
            since: "1 September 2026".to_owned(),
            until: until.map(str::to_owned),
        };
        let page = |history, planned, faults| Self {
            school: SchoolName::sample(),
            history,
            policies: vec![Choice::new("example", "Example School")],
            form: AdoptForm::default(),
            planned,
            faults,
        };
        vec![
            page(
                vec![line(None), line(Some("31 August 2026"))],
                true,
                Faults::default(),
            ),
            page(Vec::new(), false, Faults::one("policy", "Choose a policy")),
        ]
    }
}

impl Page for AdoptCheckPage {
    const TEMPLATE: &'static str = "schools/policy-check.html";
    const SECTION: Option<Section> = Some(Section::Administration);

    fn samples() -> Vec<Self> {
        let page = |full: bool| Self {
            school: SchoolName::sample(),
            form: AdoptForm::default(),
            title: "Social media policy".to_owned(),
            organisation: "Example School".to_owned(),
            since: "1 September 2026".to_owned(),
            before: full.then(|| "Other School".to_owned()),
            comparison: full.then(|| "/compare/a/b".to_owned()),
        };
        vec![page(true), page(false)]
    }
}

impl Page for WithdrawPage {
    const TEMPLATE: &'static str = "schools/policy-withdraw.html";
    const SECTION: Option<Section> = Some(Section::Administration);

    fn samples() -> Vec<Self> {
        vec![Self {
            school: SchoolName::sample(),
            policy: "Example School".to_owned(),
            since: "1 September 2026".to_owned(),
        }]
    }
}

pub(super) fn routes() -> Routes {
    let access = Access::May(Action::AdoptPolicy);
    Routes::new()
        .get("/schools/{school}/policy", access, show)
        .post("/schools/{school}/policy", access, choose)
        .get("/schools/{school}/policy/withdraw", access, withdraw_form)
        .post("/schools/{school}/policy/withdraw", access, withdraw_sent)
}

/// How a policy is named, even one that the installation no longer has.
fn named(library: &Library, id: &str) -> String {
    let table = library.table(id);
    table.map_or_else(
        || id.to_owned(),
        |table| table.policy().organisation.clone(),
    )
}

async fn page(
    app: &App,
    permit: &Permit,
    id: &SchoolId,
    form: AdoptForm,
    faults: Faults,
) -> Result<Html<String>, Problem> {
    let (mut reader, school) = school_here(app, permit, id).await?;
    let (library, today) = (app.library(), app.today());
    let all = policies_of(&mut reader, id).await?;
    let line = |one: &crate::schools::Following| Line {
        policy: named(&library, &one.policy),
        since: dates::day(one.since),
        until: one.until.map(dates::day),
    };
    let choice = |table: &Table| Choice::new(&table.policy().id, &table.policy().organisation);
    app.render(&AdoptPage {
        school: SchoolName::of(&school),
        history: all.iter().map(line).collect(),
        planned: all.iter().any(|one| one.since > today),
        policies: library.tables().iter().map(choice).collect(),
        form,
        faults,
    })
}

async fn show(
    State(app): State<App>,
    permit: Permit,
    Path(id): Path<SchoolId>,
) -> Result<Html<String>, Problem> {
    let form = AdoptForm {
        since: dates::day(app.today()),
        ..AdoptForm::default()
    };
    page(&app, &permit, &id, form, Faults::default()).await
}

/// What was chosen.
fn read<'l>(form: &AdoptForm, library: &'l Library) -> Result<(&'l Table, Date), Faults> {
    let mut faults = Faults::default();
    let table = faults.need("policy", library.table(&form.policy), "Choose a policy");
    let says = "Enter the first day, like 1 September 2026";
    let since = faults.need("since", read_date(&form.since), says);
    table.zip(since).ok_or(faults)
}

async fn choose(
    State(app): State<App>,
    permit: Permit,
    Path(id): Path<SchoolId>,
    Form(form): Form<AdoptForm>,
) -> Result<Response, Problem> {
    let library = app.library();
    let (table, since) = match read(&form, &library) {
        Ok(chosen) => chosen,
        Err(faults) => {
            return Ok(page(&app, &permit, &id, form, faults)
                .await?
                .into_response());
        }
    };
    if form.step != "adopt" {
        return Ok(check(&app, &permit, &id, form, table, since)
            .await?
            .into_response());
    }
    let mut tx = app.store()?.begin(&permit.actor().trust).await?;
    match sent(adopt(&mut tx, &permit, &id, table.policy(), since).await)? {
        Sent::Again(faults) => {
            drop(tx);
            Ok(page(&app, &permit, &id, form, faults)
                .await?
                .into_response())
        }
        Sent::Done(_) => {
            tx.commit().await?;
            Ok(Redirect::to(&format!("/schools/{id}?done=policy")).into_response())
        }
    }
}

async fn check(
    app: &App,
    permit: &Permit,
    id: &SchoolId,
    form: AdoptForm,
    table: &Table,
    since: Date,
) -> Result<Html<String>, Problem> {
    let (mut reader, school) = school_here(app, permit, id).await?;
    let library = app.library();
    let before = policy_on(&mut reader, id, since).await?;
    let policy = table.policy();
    let comparison = before
        .as_ref()
        .filter(|before| before.policy != policy.id && library.table(&before.policy).is_some())
        .map(|before| format!("/compare/{}/{}", before.policy, policy.id));
    app.render(&AdoptCheckPage {
        school: SchoolName::of(&school),
        form,
        title: policy.title.clone(),
        organisation: policy.organisation.clone(),
        since: dates::day(since),
        before: before.map(|before| named(&library, &before.policy)),
        comparison,
    })
}

async fn withdraw_form(
    State(app): State<App>,
    permit: Permit,
    Path(id): Path<SchoolId>,
) -> Result<Html<String>, Problem> {
    let (mut reader, school) = school_here(&app, &permit, &id).await?;
    let today = app.today();
    let all = policies_of(&mut reader, &id).await?;
    let planned = all.into_iter().find(|one| one.since > today);
    let planned = planned.ok_or_else(|| {
        Problem::new(Kind::NotFound).detail("No change of policy is planned for this school.")
    })?;
    app.render(&WithdrawPage {
        school: SchoolName::of(&school),
        policy: named(&app.library(), &planned.policy),
        since: dates::day(planned.since),
    })
}

async fn withdraw_sent(
    State(app): State<App>,
    permit: Permit,
    Path(id): Path<SchoolId>,
) -> Result<Redirect, Problem> {
    let (_, _) = school_here(&app, &permit, &id).await?;
    let mut tx = app.store()?.begin(&permit.actor().trust).await?;
    withdraw(&mut tx, &permit, &id, app.today()).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("/schools/{id}?done=withdrawn")))
}
