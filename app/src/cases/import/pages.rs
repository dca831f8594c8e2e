//! The pages of the import: choose a register, send the file, look at what would come of it, confirm once.

use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse as _, Response};
use policy::words::capitalised;
use serde::{Deserialize, Serialize};

use super::{Fault, ImportError, columns, import, template};
use crate::authority::{Access, Action, Permit, Place, Routes};
use crate::cases::api::{begin_once, digest, end_once};
use crate::cases::{Case, CaseError};
use crate::schools;
use crate::store::SchoolId;
use crate::web::App;
use crate::web::dates::day;
use crate::web::extract::{Form, Path};
use crate::web::page::{Page, Section};
use crate::web::problem::{Kind, Problem};

/// The rows that the preview shows.
const SHOWN: usize = 50;
/// The faults that a page shows.
const FAULTS_SHOWN: usize = 100;

/// `cases/import-choose.html`.
#[derive(Debug, Serialize)]
pub(crate) struct ChooseImportPage {
    registers: Vec<Named>,
}

/// Something with a name.
#[derive(Clone, Debug, Serialize)]
struct Named {
    id: String,
    name: String,
}

impl Page for ChooseImportPage {
    const TEMPLATE: &'static str = "cases/import-choose.html";
    const SECTION: Option<Section> = Some(Section::Administration);

    fn samples() -> Vec<Self> {
        let registers = vec![sample("declaration", "Declarations of relationships")];
        vec![Self { registers }]
    }
}

fn sample(id: &str, name: &str) -> Named {
    Named {
        id: id.to_owned(),
        name: name.to_owned(),
    }
}

/// `cases/import.html`.
#[derive(Debug, Serialize)]
pub(crate) struct CaseImportPage {
    register: Named,
    places: Vec<Named>,
    place: String,
    columns: Vec<(String, String)>,
    /// What is missing in the form: the field and the text.
    missing: Option<(&'static str, String)>,
    faults: Vec<Fault>,
    more: usize,
}

impl Page for CaseImportPage {
    const TEMPLATE: &'static str = "cases/import.html";
    const SECTION: Option<Section> = Some(Section::Administration);

    fn samples() -> Vec<Self> {
        let page = |missing, faults, more| Self {
            register: sample("declaration", "declarations of relationships"),
            places: vec![
                sample("", "The trust as a whole"),
                sample("ash", "Ash Primary"),
            ],
            place: "ash".to_owned(),
            columns: vec![("with".to_owned(), "With: one of some".to_owned())],
            missing,
            faults,
            more,
        };
        let fault = |column: &str| Fault {
            row: 2,
            column: column.to_owned(),
            what: "Choose one of: A pupil".to_owned(),
        };
        vec![
            page(None, Vec::new(), 0),
            page(Some(("file", "Choose a file".to_owned())), Vec::new(), 0),
            page(None, vec![fault("with"), fault("")], 3),
        ]
    }
}

/// `cases/import-preview.html`.
#[derive(Debug, Serialize)]
pub(crate) struct CaseImportPreviewPage {
    register: Named,
    place: Named,
    count: usize,
    rows: Vec<Line>,
    csv: String,
}

/// A row as the preview shows it.
#[derive(Debug, Serialize)]
struct Line {
    opened: String,
    state: String,
    answers: usize,
}

impl Page for CaseImportPreviewPage {
    const TEMPLATE: &'static str = "cases/import-preview.html";
    const SECTION: Option<Section> = Some(Section::Administration);

    fn samples() -> Vec<Self> {
        let line = || Line {
            opened: "30 September 2024".to_owned(),
            state: "Acknowledged".to_owned(),
            answers: 3,
        };
        let page = |count| Self {
            register: sample("declaration", "declarations of relationships"),
            place: sample("ash", "Ash Primary"),
            count,
            rows: vec![line()],
            csv: "opened_on,with\n2024-09-30,pupil\n".to_owned(),
        };
        vec![page(1), page(120)]
    }
}

/// `cases/imported.html`.
#[derive(Debug, Serialize)]
pub(crate) struct CaseImportedPage {
    register: Named,
    count: u64,
    first: String,
    last: String,
    /// Whether the same file had been imported before, and nothing was done now.
    before: bool,
}

impl Page for CaseImportedPage {
    const TEMPLATE: &'static str = "cases/imported.html";
    const SECTION: Option<Section> = Some(Section::Administration);

    fn samples() -> Vec<Self> {
        let page = |count, before| Self {
            register: sample("declaration", "declarations of relationships"),
            count,
            first: "DEC-2026-0001".to_owned(),
            last: "DEC-2026-0002".to_owned(),
            before,
        };
        vec![page(1, false), page(2, false), page(2, true)]
    }
}

/// The pages and their addresses.
pub(in crate::cases) fn routes() -> Routes {
    let may = Access::May(Action::ManageRegisters);
    Routes::new()
        .get("/import-cases", may, choose)
        .get("/import-cases/{register}", may, start)
        .post("/import-cases/{register}", may, preview)
        .get("/import-cases/{register}/template.csv", may, empty_file)
        .post("/import-cases/{register}/confirm", may, confirm)
}

#[derive(Deserialize)]
struct Which {
    register: String,
}

async fn choose(State(app): State<App>) -> Result<Html<String>, Problem> {
    let catalogue = app.registers();
    let registers = catalogue.registers().iter().map(|register| Named {
        id: register.id.clone(),
        name: capitalised(&register.plural),
    });
    let registers = registers.collect();
    app.render(&ChooseImportPage { registers })
}

async fn start(
    State(app): State<App>,
    permit: Permit,
    Path(which): Path<Which>,
) -> Result<Html<String>, Problem> {
    app.render(&form(&app, &permit, &which.register, None).await?)
}

/// The form, with the school that was chosen before.
async fn form(
    app: &App,
    permit: &Permit,
    register: &str,
    place: Option<&str>,
) -> Result<CaseImportPage, Problem> {
    let catalogue = app.registers();
    let register = catalogue
        .register(register)
        .ok_or(CaseError::NoSuchRegister)?;
    let places = places(app, permit).await?;
    let usual = places.iter().find(|place| !place.id.is_empty());
    let usual = usual.map_or("", |place| &place.id).to_owned();
    Ok(CaseImportPage {
        register: sample(&register.id, &register.plural),
        place: place.map_or(usual, str::to_owned),
        places,
        columns: columns(register),
        missing: None,
        faults: Vec::new(),
        more: 0,
    })
}

/// Where the person may import to.
async fn places(app: &App, permit: &Permit) -> Result<Vec<Named>, Problem> {
    let mut reader = app.store()?.read(&permit.actor().trust);
    let schools = schools::within(&mut reader, permit).await?;
    let schools = schools
        .into_iter()
        .map(|school| sample(school.id.as_str(), &school.details.name));
    let trust = permit.at(Place::Trust).is_ok();
    let trust = trust.then(|| sample("", "The trust as a whole"));
    Ok(trust.into_iter().chain(schools).collect())
}

async fn empty_file(State(app): State<App>, Path(which): Path<Which>) -> Result<Response, Problem> {
    let catalogue = app.registers();
    let register = catalogue
        .register(&which.register)
        .ok_or(CaseError::NoSuchRegister)?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{}.csv\"", register.id),
        ),
    ];
    Ok((headers, template(register)).into_response())
}

async fn preview(
    State(app): State<App>,
    permit: Permit,
    Path(which): Path<Which>,
    sent: Result<Multipart, MultipartRejection>,
) -> Result<Response, Problem> {
    let blank = form(&app, &permit, &which.register, None).await?;
    let sent = sent.map_err(|_| {
        Problem::new(Kind::BadRequest).detail("Send the file with the form of this page.")
    })?;
    let (place, file) = fields(sent).await?;
    let page = CaseImportPage {
        place: place.clone(),
        ..blank
    };
    if !page.places.iter().any(|known| known.id == place) {
        return again(&app, page, "school", "Choose where the records belong");
    }
    if file.is_empty() {
        return again(&app, page, "file", "Choose a file with at least one row");
    }
    let done = dry_run(&app, &permit, &which.register, &place, &file).await;
    let cases = match done {
        Ok(cases) => cases,
        Err(ImportError::Faults(faults)) => return wrong(&app, page, faults),
        Err(other) => return Err(other.into()),
    };
    let csv = String::from_utf8(file).unwrap_or_default();
    let name = page.places.iter().find(|known| known.id == place);
    let rows = cases.iter().take(SHOWN).map(|case| line(&app, case));
    let preview = CaseImportPreviewPage {
        count: cases.len(),
        rows: rows.collect(),
        place: name.cloned().unwrap_or_else(|| sample("", "")),
        register: page.register,
        csv,
    };
    Ok(app.render(&preview)?.into_response())
}

/// Does everything that the import would do, and lets go of it.
async fn dry_run(
    app: &App,
    permit: &Permit,
    register: &str,
    place: &str,
    file: &[u8],
) -> Result<Vec<Case>, ImportError> {
    let store = app.store().map_err(|_| CaseError::NoSuchRegister)?;
    let mut tx = store.begin(&permit.actor().trust).await?;
    let school: Option<SchoolId> = place.parse().ok();
    import(
        &mut tx,
        &app.engine(),
        permit,
        (register, school.as_ref()),
        file,
    )
    .await
}

fn line(app: &App, case: &Case) -> Line {
    let catalogue = app.registers();
    let register = catalogue.register(&case.register);
    let state = register.and_then(|register| register.state(&case.state));
    let zone = app.clock().zoned().time_zone().clone();
    Line {
        opened: day(case.opened().to_zoned(zone).date()),
        state: state.map_or_else(|| case.state.clone(), |state| state.says.clone()),
        answers: case.answers.len(),
    }
}

fn again(
    app: &App,
    page: CaseImportPage,
    field: &'static str,
    text: &str,
) -> Result<Response, Problem> {
    let missing = Some((field, text.to_owned()));
    let page = app.render(&CaseImportPage { missing, ..page })?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

fn wrong(app: &App, page: CaseImportPage, mut faults: Vec<Fault>) -> Result<Response, Problem> {
    let more = faults.len().saturating_sub(FAULTS_SHOWN);
    faults.truncate(FAULTS_SHOWN);
    let page = app.render(&CaseImportPage {
        faults,
        more,
        ..page
    })?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// The school and the file of the form.
async fn fields(mut form: Multipart) -> Result<(String, Vec<u8>), Problem> {
    let broken =
        |_| Problem::new(Kind::BadRequest).detail("The form did not arrive whole. Send it again.");
    let (mut place, mut file) = (String::new(), Vec::new());
    while let Some(field) = form.next_field().await.map_err(broken)? {
        match field.name() {
            Some("school") => place = field.text().await.map_err(broken)?,
            Some("file") => file = field.bytes().await.map_err(broken)?.to_vec(),
            _ => {}
        }
    }
    Ok((place, file))
}

#[derive(Deserialize)]
struct Confirmed {
    #[serde(default)]
    school: String,
    #[serde(default)]
    csv: String,
}

async fn confirm(
    State(app): State<App>,
    permit: Permit,
    Path(which): Path<Which>,
    Form(sent): Form<Confirmed>,
) -> Result<Response, Problem> {
    let page = form(&app, &permit, &which.register, Some(&sent.school)).await?;
    if !page.places.iter().any(|known| known.id == sent.school) {
        return again(&app, page, "school", "Choose where the records belong");
    }
    let actor = permit.actor();
    let mut tx = app.store()?.begin(&actor.trust).await?;
    // Whoever presses twice imports once.
    let request = digest(&["import", &which.register, &sent.school, &sent.csv]);
    let key = format!("import-{request}");
    let person = actor.person.as_ref();
    let person = person.ok_or_else(|| Problem::new(Kind::Forbidden))?;
    if let Some(answer) = begin_once(&mut tx, person, &key, &request).await? {
        return Ok(app
            .render(&told(page.register, &answer, true))?
            .into_response());
    }
    let school: Option<SchoolId> = sent.school.parse().ok();
    let place = (which.register.as_str(), school.as_ref());
    let done = import(&mut tx, &app.engine(), &permit, place, sent.csv.as_bytes()).await;
    let cases = match done {
        Ok(cases) => cases,
        Err(ImportError::Faults(faults)) => return wrong(&app, page, faults),
        Err(other) => return Err(other.into()),
    };
    let reference = |case: Option<&Case>| case.map(|case| case.reference.clone());
    let answer = serde_json::json!({
        "count": cases.len(),
        "first": reference(cases.first()),
        "last": reference(cases.last()),
    });
    end_once(&mut tx, person, &key, &answer).await?;
    tx.commit().await?;
    Ok(app
        .render(&told(page.register, &answer, false))?
        .into_response())
}

fn told(register: Named, answer: &serde_json::Value, before: bool) -> CaseImportedPage {
    let text = |name: &str| {
        answer
            .get(name)
            .and_then(|it| it.as_str())
            .unwrap_or_default()
    };
    CaseImportedPage {
        count: answer
            .get("count")
            .and_then(serde_json::Value::as_u64)
            .unwrap_or_default(),
        first: text("first").to_owned(),
        last: text("last").to_owned(),
        register,
        before,
    }
}
