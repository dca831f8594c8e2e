//! The log-ins of a school, without the log-ins: which are lodged, who may open them, what is to be done; and the drill
//! in which all are changed.

use axum::extract::State;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::kept::{self, LOG_IN};
use super::rotation::{self, Progress, What, Why};
use super::view::ViewId;
use crate::accounts::{self, Keeping, Kept as Named, REGISTER};
use crate::authority::{Access, Action, Permit, Place, Routes};
use crate::cases;
use crate::schools::{self, School};
use crate::store::{SchoolId, Tx};
use crate::web::App;
use crate::web::dates::moment;
use crate::web::extract::{Path, Query};
use crate::web::form::FormPage;
use crate::web::page::{Page, Section};
use crate::web::problem::{Kind, Problem};

/// `credentials/school.html`.
#[derive(Debug, Serialize)]
pub(crate) struct SchoolPage {
    /// The school; none where there are several to choose from.
    school: Option<(String, String)>,
    /// The schools to choose from: identifier and name.
    schools: Vec<(String, String)>,
    accounts: Vec<Line>,
    drill: Option<DrillLine>,
    done: String,
}

/// An account.
#[derive(Debug, Serialize)]
struct Line {
    href: String,
    says: String,
    lodged: Option<String>,
    named: Vec<String>,
    wanted: bool,
}

/// How far the latest drill is.
#[derive(Debug, Serialize)]
struct DrillLine {
    all: i64,
    done: i64,
}

impl Page for SchoolPage {
    const TEMPLATE: &'static str = "credentials/school.html";
    const SECTION: Option<Section> = Some(Section::Administration);

    fn samples() -> Vec<Self> {
        let line = |lodged: Option<&str>| Line {
            href: "/accounts/01k/log-in".into(),
            says: "Instagram: @ash.primary".into(),
            lodged: lodged.map(Into::into),
            named: lodged
                .map(|_| "Kate Adeyemi".to_owned())
                .into_iter()
                .collect(),
            wanted: lodged.is_none(),
        };
        let ash = || ("ash".to_owned(), "Ash Primary".to_owned());
        let page = |school, schools, accounts, drill| Self {
            school,
            schools,
            accounts,
            drill,
            done: "drill".into(),
        };
        let lines = vec![line(Some("20 November 2026 at 9:00am")), line(None)];
        let all = page(
            Some(ash()),
            Vec::new(),
            lines,
            Some(DrillLine { all: 4, done: 3 }),
        );
        let over = page(
            Some(ash()),
            Vec::new(),
            vec![line(None)],
            Some(DrillLine { all: 4, done: 4 }),
        );
        vec![
            all,
            over,
            page(Some(ash()), Vec::new(), Vec::new(), None),
            page(None, vec![ash()], Vec::new(), None),
            page(None, Vec::new(), Vec::new(), None),
        ]
    }
}

const MAY: Access = Access::May(Action::ManageLogIns);

pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/log-ins", MAY, every_school)
        .get("/log-ins/schools/{school}", MAY, one_school)
        .get("/log-ins/schools/{school}/change-all", MAY, confirm)
        .post("/log-ins/schools/{school}/change-all", MAY, change_all)
}

async fn every_school(State(app): State<App>, permit: Permit) -> Result<Response, Problem> {
    let mut reader = app.store()?.read(&permit.actor().trust);
    let schools = schools::within(&mut reader, &permit).await?;
    if let [only] = schools.as_slice() {
        return Ok(Redirect::to(&format!("/log-ins/schools/{}", only.id)).into_response());
    }
    let schools = schools
        .iter()
        .map(|school| (school.id.to_string(), school.details.name.clone()));
    let page = SchoolPage {
        school: None,
        schools: schools.collect(),
        accounts: Vec::new(),
        drill: None,
        done: String::new(),
    };
    Ok(app.render(&page)?.into_response())
}

/// What was done just now.
#[derive(Deserialize)]
struct Done {
    #[serde(default)]
    done: String,
}

async fn school(tx: &mut Tx, permit: &Permit, id: &SchoolId) -> Result<School, Problem> {
    permit.at(Place::School(id))?;
    let school = schools::find(tx, id).await?;
    school.ok_or_else(|| Problem::new(Kind::NotFound))
}

async fn one_school(
    State(app): State<App>,
    permit: Permit,
    Path(id): Path<SchoolId>,
    Query(shown): Query<Done>,
) -> Result<Html<String>, Problem> {
    let store = app.store()?;
    let mut tx = store.begin(&permit.actor().trust).await?;
    let school = school(&mut tx, &permit, &id).await?;
    let (library, zone) = (app.library(), store.clock().zoned().time_zone().clone());
    let mut accounts = Vec::new();
    let standing =
        cases::standing(&mut tx, (store, &permit.actor().trust), REGISTER, Some(&id)).await?;
    for case in standing {
        let kept = kept::of(&mut tx, &case.id, LOG_IN).await?;
        let mut named = Vec::new();
        for keeper in accounts::keepers(&mut tx, &case.id).await? {
            if keeper.part == Keeping::LogIn
                && let Some(one) = Named::of(&mut tx, keeper).await?
                && one.counts(Some(&id), app.today())
            {
                named.push(one.person.name());
            }
        }
        accounts.push(Line {
            href: format!("/accounts/{}/log-in", case.id),
            says: accounts::says(&case, library.platforms()),
            lodged: kept.map(|kept| {
                let at = Timestamp::from_millisecond(kept.lodged_at).unwrap_or_default();
                moment(at, &zone)
            }),
            named,
            wanted: !rotation::wanted(&mut tx, &case.id).await?.is_empty(),
        });
    }
    let drill = rotation::progress(&mut tx, &id).await?;
    tx.commit_unrecorded().await?;
    app.render(&SchoolPage {
        school: Some((id.to_string(), school.details.name)),
        schools: Vec::new(),
        accounts,
        drill: drill.map(|Progress { all, done }| DrillLine { all, done }),
        done: shown.done,
    })
}

async fn confirm(
    State(app): State<App>,
    permit: Permit,
    Path(id): Path<SchoolId>,
) -> Result<Html<String>, Problem> {
    let mut tx = app.store()?.begin(&permit.actor().trust).await?;
    let school = school(&mut tx, &permit, &id).await?;
    tx.commit_unrecorded().await?;
    app.render(&FormPage {
        title: "Have every log-in of the school changed".to_owned(),
        caption: school.details.name,
        back: format!("/log-ins/schools/{id}"),
        action: format!("/log-ins/schools/{id}/change-all"),
        lead: vec![
            "After a breach, or to practise for one. Whoever keeps log-ins has a case for each account whose log-in is \
             lodged, and its administrators are told. The page of the school shows how far it is."
                .to_owned(),
            "Nothing stops working: each log-in stays until its new one is confirmed.".to_owned(),
        ],
        button: "Have all changed".to_owned(),
        destructive: true,
        ..FormPage::default()
    })
}

async fn change_all(
    State(app): State<App>,
    permit: Permit,
    Path(id): Path<SchoolId>,
) -> Result<Redirect, Problem> {
    let store = app.store()?;
    let mut tx = store.begin(&permit.actor().trust).await?;
    school(&mut tx, &permit, &id).await?;
    // Later drills have later names.
    let drill: ViewId = tx.fresh()?;
    let standing =
        cases::standing(&mut tx, (store, &permit.actor().trust), REGISTER, Some(&id)).await?;
    for case in &standing {
        if kept::of(&mut tx, &case.id, LOG_IN).await?.is_some() {
            let what = (What::Change, Why::Breach);
            rotation::ask(&mut tx, &app.engine(), case, what, Some(drill.as_str())).await?;
        }
    }
    let change = crate::ledger::Change {
        kind: "credential.all-to-be-changed",
        record_kind: "school",
        record: id.as_str(),
        before: None,
        after: None,
    };
    crate::ledger::record_event(&mut tx, permit.actor(), Some(permit.action()), change).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("/log-ins/schools/{id}?done=drill")))
}
