//! Asking the families of a class, a year or a school: who is asked, how far it has come, and the letters to print.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use serde::{Deserialize, Serialize};

use super::ConsentError;
use super::asking::{self, Asking, AskingId, Which, Whose};
use super::letter::school_of;
use super::link;
use crate::authority::{Access, Action, Permit, Place, Routes};
use crate::people;
use crate::pupils;
use crate::schools;
use crate::store::Query as Rows;
use crate::web::App;
use crate::web::dates::{day, moment};
use crate::web::extract::{Form, Path, Query};
use crate::web::form::{Answer, Asked, Choice, Faults, Field, FormPage, Hidden};
use crate::web::page::{Page, Section};
use crate::web::paging::{PAGE_SIZE, Paging, skip};
use crate::web::problem::{Kind, Problem};
use crate::web::qr::Qr;

/// The rounds that are listed.
const LATEST: u32 = 20;

/// `consent/rounds.html`.
#[derive(Debug, Serialize)]
pub(crate) struct RoundsPage {
    rounds: Vec<RoundLine>,
}

/// A round of asking.
#[derive(Debug, Serialize)]
struct RoundLine {
    id: String,
    says: String,
    begun: String,
    asked: i64,
    total: i64,
    ended: bool,
}

/// `consent/asked.html`.
#[derive(Debug, Serialize)]
pub(crate) struct AskedPage {
    round: RoundLine,
    by_mail: u64,
    printed: u64,
}

/// `consent/letters.html`.
#[derive(Debug, Serialize)]
pub(crate) struct LettersPage {
    id: String,
    letters: Vec<PaperLetter>,
    paging: Paging,
}

/// A letter to be printed.
#[derive(Debug, Serialize)]
struct PaperLetter {
    to: String,
    child: String,
    place: String,
    school: String,
    date: String,
    until: String,
    address: String,
    qr: Option<Qr>,
}

impl RoundLine {
    fn sample(ended: bool) -> Self {
        Self {
            id: "a1".into(),
            says: "Ash Primary, year 7".into(),
            begun: "20 November 2026 at 12:00pm".into(),
            asked: if ended { 60 } else { 20 },
            total: 60,
            ended,
        }
    }
}

impl Page for RoundsPage {
    const TEMPLATE: &'static str = "consent/rounds.html";
    const SECTION: Option<Section> = Some(Section::Home);

    fn samples() -> Vec<Self> {
        let rounds = vec![RoundLine::sample(true), RoundLine::sample(false)];
        vec![Self { rounds }, Self { rounds: Vec::new() }]
    }
}

impl Page for AskedPage {
    const TEMPLATE: &'static str = "consent/asked.html";
    const SECTION: Option<Section> = Some(Section::Home);

    fn samples() -> Vec<Self> {
        let page = |ended, printed| Self {
            round: RoundLine::sample(ended),
            by_mail: 12,
            printed,
        };
        vec![page(true, 8), page(false, 0), page(true, 0)]
    }
}

impl Page for LettersPage {
    const TEMPLATE: &'static str = "consent/letters.html";
    const SECTION: Option<Section> = Some(Section::Home);

    fn samples() -> Vec<Self> {
        let letter = |qr| PaperLetter {
            to: "Grace Ofori".into(),
            child: "Ama Ofori".into(),
            place: "7B".into(),
            school: "Ash Primary".into(),
            date: "20 November 2026".into(),
            until: "20 November 2027".into(),
            address: "https://probity.example/pictures/l1.abc".into(),
            qr,
        };
        let page = |letters: Vec<PaperLetter>| Self {
            id: "a1".into(),
            paging: Paging::of(if letters.is_empty() { 0 } else { 120 }, 1, "/consent"),
            letters,
        };
        let qr = Qr::of("https://probity.example/pictures/l1.abc");
        vec![page(vec![letter(qr), letter(None)]), page(Vec::new())]
    }
}

pub(super) fn routes() -> Routes {
    let may = Access::May(Action::KeepConsents);
    Routes::new()
        .get("/consent/ask", may, form)
        .post("/consent/ask", may, begin)
        .get("/consent/asked", may, rounds)
        .get("/consent/asked/{asking}", may, progress)
        .get("/consent/asked/{asking}/letters", may, letters)
}

/// What the form sends: first who is asked, then that it is meant.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Typed {
    school: String,
    year: String,
    class: String,
    whose: String,
    sure: String,
}

async fn form(State(app): State<App>, permit: Permit) -> Result<Html<String>, Problem> {
    let mut reader = app.store()?.read(&permit.actor().trust);
    let schools = within(&mut reader, &app, &permit).await?;
    let whose = Whose::Unanswered.name().to_owned();
    let typed = Typed {
        whose,
        ..Typed::default()
    };
    app.render(&page(schools, &typed, &Faults::default()))
}

async fn within(query: &mut impl Rows, app: &App, permit: &Permit) -> Result<Vec<Choice>, Problem> {
    let all = people::schools(query, app.today()).await?;
    let within = all
        .iter()
        .filter(|(id, _)| permit.at(Place::School(id)).is_ok());
    Ok(within
        .map(|(id, name)| Choice::new(id.as_str(), name))
        .collect())
}

fn page(schools: Vec<Choice>, typed: &Typed, faults: &Faults) -> FormPage {
    let school = match schools.as_slice() {
        [only] if typed.school.is_empty() => only.value.clone(),
        _ => typed.school.clone(),
    };
    let fields = vec![
        Field::new(Asked::Select, "school", "Which school?")
            .items(schools)
            .value(school),
        Field::new(Asked::Text, "year", "Year group")
            .hint("Leave it empty for all years.")
            .value(&typed.year)
            .narrow(),
        Field::new(Asked::Text, "class", "Class or form")
            .hint("Leave it empty for all classes.")
            .value(&typed.class)
            .narrow(),
        Field::new(Asked::Radios, "whose", "Whose families?")
            .items(vec![
                Choice::new(
                    Whose::Unanswered.name(),
                    "Those who have not answered, or whose answer has expired",
                ),
                Choice::new(Whose::Everybody.name(), "All of them, to answer anew"),
            ])
            .value(&typed.whose),
    ];
    FormPage {
        title: "Ask families about pictures".to_owned(),
        back: "/consent".to_owned(),
        action: "/consent/ask".to_owned(),
        lead: vec![
            "Each parent or carer gets a letter with a link of their own: by e-mail where an address is on record, \
             otherwise to be printed, with a code for the telephone. They need no account."
                .to_owned(),
        ],
        fields: fields
            .into_iter()
            .map(|field| field.faulted(faults))
            .collect(),
        button: "Continue".to_owned(),
        ..FormPage::default()
    }
}

async fn begin(
    State(app): State<App>,
    permit: Permit,
    Form(typed): Form<Typed>,
) -> Result<Response, Problem> {
    let mut tx = app.store()?.begin(&permit.actor().trust).await?;
    let schools = within(&mut tx, &app, &permit).await?;
    let mut faults = Faults::default();
    let school = schools.iter().find(|school| school.value == typed.school);
    let whose = Whose::named(&typed.whose);
    if school.is_none() {
        faults.add("school", "Choose a school");
    }
    if whose.is_none() {
        faults.add("whose", "Choose whose families are asked");
    }
    let some = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let asked = match (school.and_then(|school| school.value.parse().ok()), whose) {
        (Some(school), Some(whose)) => Some(Which {
            school,
            year: some(&typed.year),
            class: some(&typed.class),
            pupil: None,
            whose,
        }),
        _ => None,
    };
    let mut total = 0;
    if let Some(which) = &asked {
        total = asking::how_many(&mut tx, which, app.today()).await?;
        if total == 0 {
            faults.add(
                "whose",
                "There is no such pupil on the roll whose family is to be asked. Look at the year and the class",
            );
        }
    }
    let Some(which) = asked.filter(|_| faults.is_empty()) else {
        let page = page(schools, &typed, &faults);
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, app.render(&page)?).into_response());
    };
    if typed.sure.is_empty() {
        let name = school.map_or_else(String::new, |school| school.text.clone());
        return Ok(app
            .render(&sure(&typed, &which, &name, total))?
            .into_response());
    }
    let asking = asking::begin(&mut tx, &permit, which).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("/consent/asked/{}", asking.id)).into_response())
}

/// Who would be asked, before anybody is.
fn sure(typed: &Typed, which: &Which, school: &str, total: u64) -> FormPage {
    let row = |question, answer: &str| Answer {
        question,
        answer: answer.to_owned(),
    };
    let all = |part: &Option<String>| part.clone().unwrap_or_else(|| "All".to_owned());
    FormPage {
        title: "Check whose families are asked".to_owned(),
        back: "/consent/ask".to_owned(),
        action: "/consent/ask".to_owned(),
        summary: vec![
            row("School", school),
            row("Year group", &all(&which.year)),
            row("Class or form", &all(&which.class)),
            row(
                "Whose families",
                match which.whose {
                    Whose::Everybody => "All of them",
                    Whose::Unanswered => "Those who have not answered",
                },
            ),
            row("Pupils", &total.to_string()),
        ],
        lead: vec![
            "A link in an earlier letter to the same parent or carer works no more once the new one is made.".to_owned(),
        ],
        hidden: vec![
            Hidden::new("school", &typed.school),
            Hidden::new("year", &typed.year),
            Hidden::new("class", &typed.class),
            Hidden::new("whose", &typed.whose),
            Hidden::new("sure", "yes"),
        ],
        button: "Ask them".to_owned(),
        ..FormPage::default()
    }
}

/// A round within reach, in words.
async fn line(query: &mut impl Rows, app: &App, asking: &Asking) -> Result<RoundLine, Problem> {
    let which = &asking.which;
    let school = schools::find(query, &which.school).await?;
    let school = school.map_or_else(String::new, |school| school.details.name.to_string());
    let pupil = match &which.pupil {
        Some(pupil) => pupils::known(query, pupil).await?.map(|known| known.name),
        None => None,
    };
    let parts = [
        Some(school),
        which.year.as_ref().map(|year| format!("year {year}")),
        which.class.clone(),
        pupil,
    ];
    let zone = app.clock().zoned().time_zone().clone();
    let begun = jiff::Timestamp::from_millisecond(asking.started_at).unwrap_or_default();
    Ok(RoundLine {
        id: asking.id.to_string(),
        says: parts.into_iter().flatten().collect::<Vec<_>>().join(", "),
        begun: moment(begun, &zone),
        asked: asking.asked,
        total: asking.total,
        ended: asking.ended_at.is_some(),
    })
}

async fn rounds(State(app): State<App>, permit: Permit) -> Result<Html<String>, Problem> {
    let mut reader = app.store()?.read(&permit.actor().trust);
    let mut rounds = Vec::new();
    for asking in asking::latest(&mut reader, &permit, LATEST).await? {
        rounds.push(line(&mut reader, &app, &asking).await?);
    }
    app.render(&RoundsPage { rounds })
}

async fn reached(query: &mut impl Rows, permit: &Permit, id: &AskingId) -> Result<Asking, Problem> {
    let asking = asking::find(query, id).await?;
    asking
        .filter(|asking| permit.at(Place::School(&asking.which.school)).is_ok())
        .ok_or_else(|| Problem::new(Kind::NotFound))
}

async fn progress(
    State(app): State<App>,
    permit: Permit,
    Path(id): Path<AskingId>,
) -> Result<Html<String>, Problem> {
    let mut reader = app.store()?.read(&permit.actor().trust);
    let asking = reached(&mut reader, &permit, &id).await?;
    let (by_mail, printed) = link::counted(&mut reader, &id).await?;
    app.render(&AskedPage {
        round: line(&mut reader, &app, &asking).await?,
        by_mail,
        printed,
    })
}

/// Which page of the letters.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Part {
    page: u32,
}

async fn letters(
    State(app): State<App>,
    permit: Permit,
    headers: HeaderMap,
    Path(id): Path<AskingId>,
    Query(part): Query<Part>,
) -> Result<Html<String>, Problem> {
    let (store, trust) = (app.store()?, &permit.actor().trust);
    let mut reader = store.read(trust);
    reached(&mut reader, &permit, &id).await?;
    let (_, total) = link::counted(&mut reader, &id).await?;
    let today = app.today();
    let mut letters = Vec::new();
    for link in link::printed(&mut reader, &id, (skip(part.page), PAGE_SIZE)).await? {
        let token = link.token(store, trust);
        let opened = link::opened(&mut reader, (store, trust), &token, today).await?;
        let Some(opened) = opened else { continue };
        let pupil = pupils::line(&mut reader, &permit, &opened.pupil)
            .await
            .map_err(ConsentError::from)?;
        let guardians = pupils::guardians_of(&mut reader, &opened.pupil).await?;
        let to = guardians
            .into_iter()
            .find(|(guardian, _)| Some(guardian) == link.guardian.as_ref());
        let address = app.address(&headers, &link.path(store, trust));
        letters.push(PaperLetter {
            to: to.map_or_else(
                || format!("The parent or carer of {}", pupil.name),
                |(_, name)| name,
            ),
            child: pupil.name,
            place: pupil.class.unwrap_or_default(),
            school: school_of(&mut reader, &opened.case).await?,
            date: day(today),
            until: day(link.until),
            qr: Qr::of(&address),
            address,
        });
    }
    app.render(&LettersPage {
        paging: Paging::of(total, part.page, &format!("/consent/asked/{id}/letters")),
        id: id.to_string(),
        letters,
    })
}
