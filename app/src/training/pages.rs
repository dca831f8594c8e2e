//! Who has had which training, and who has not: for those who keep track of it at a school, and for line managers of
//! their own people.

use axum::extract::State;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::due::{self, Course};
use super::open::opening;
use super::stand::{Stand, stand};
use super::{INDUCTION, REGISTER};
use crate::authority::{Access, Action, Actor, Permit, Place, Routes};
use crate::cases::{self, Line};
use crate::people::{self, Person, Standing};
use crate::schools;
use crate::store::{PersonId, Query as _, Reader, Row, SchoolId, StoreError};
use crate::values;
use crate::web::App;
use crate::web::dates::day;
use crate::web::extract::{Path, Query};
use crate::web::page::{Page, Section};
use crate::web::problem::{Kind, Problem};

/// `training/schools.html`.
#[derive(Debug, Serialize)]
pub(crate) struct SchoolsPage {
    schools: Vec<(String, String)>,
}

/// `training/coverage.html`.
#[derive(Debug, Serialize)]
pub(crate) struct CoveragePage {
    /// Whose training: a school, or one's own people.
    of: String,
    /// The school whose people may be asked; none on a line manager's page.
    school: Option<String>,
    /// Whether the reader may change who must take what.
    may_change: bool,
    several: bool,
    courses: Vec<CourseLine>,
    /// How many were asked just now; none where nobody was.
    asked: Option<u64>,
}

/// A course, and those who must take it.
#[derive(Debug, Serialize)]
struct CourseLine {
    id: String,
    says: String,
    have: usize,
    people: Vec<PersonLine>,
    /// How many can be asked: they have not had it, or its time is over.
    missing: usize,
}

/// Somebody who must take a course.
#[derive(Debug, Serialize)]
struct PersonLine {
    name: String,
    says: &'static str,
    colour: &'static str,
    when: String,
    href: Option<String>,
}

impl Page for SchoolsPage {
    const TEMPLATE: &'static str = "training/schools.html";
    const SECTION: Option<Section> = Some(Section::Administration);

    fn samples() -> Vec<Self> {
        let school = ("ash".to_owned(), "Ash Primary".to_owned());
        [vec![school], Vec::new()]
            .map(|schools| Self { schools })
            .into()
    }
}

impl Page for CoveragePage {
    const TEMPLATE: &'static str = "training/coverage.html";
    const SECTION: Option<Section> = Some(Section::Administration);

    fn samples() -> Vec<Self> {
        let person = |says, colour, href: bool| PersonLine {
            name: "Kate Adeyemi".into(),
            says,
            colour,
            when: "until 20 November 2027".into(),
            href: href.then(|| "/cases/01k".into()),
        };
        let course = |people: Vec<PersonLine>| CourseLine {
            id: "policy".into(),
            says: "The social media policy".into(),
            have: people.len() / 2,
            missing: people.len() / 2,
            people,
        };
        let page = |school: Option<&str>, courses| Self {
            of: "Ash Primary".into(),
            school: school.map(Into::into),
            may_change: school.is_some(),
            several: school.is_some(),
            courses,
            asked: school.map(|_| 2),
        };
        let both = || {
            vec![
                person("Counts", "green", true),
                person("Not yet", "red", false),
            ]
        };
        vec![
            page(Some("ash"), vec![course(both()), course(Vec::new())]),
            page(None, vec![course(both())]),
            page(None, Vec::new()),
        ]
    }
}

/// What was done just now.
#[derive(Debug, Deserialize)]
struct Shown {
    asked: Option<u64>,
}

const MAY: Access = Access::May(Action::ManageTraining);

pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/training", MAY, every_school)
        .get("/training/schools/{school}", MAY, one_school)
        .post("/training/schools/{school}/{course}", MAY, ask)
        .get("/training/mine", Access::SignedIn, mine)
}

async fn every_school(State(app): State<App>, permit: Permit) -> Result<Response, Problem> {
    let mut reader = app.store()?.read(&permit.actor().trust);
    let schools = schools::within(&mut reader, &permit).await?;
    if let [only] = schools.as_slice() {
        return Ok(Redirect::to(&format!("/training/schools/{}", only.id)).into_response());
    }
    let schools = schools
        .iter()
        .map(|school| (school.id.to_string(), school.details.name.to_string()));
    let page = SchoolsPage {
        schools: schools.collect(),
    };
    Ok(app.render(&page)?.into_response())
}

async fn one_school(
    State(app): State<App>,
    permit: Permit,
    Path(school): Path<SchoolId>,
    Query(shown): Query<Shown>,
) -> Result<Html<String>, Problem> {
    let store = app.store()?;
    let actor = permit.actor();
    let mut reader = store.read(&actor.trust);
    let found = reached(&mut reader, &permit, &school).await?;
    let people = people_at(&mut reader, &school, app.today()).await?;
    let people: Vec<_> = people.into_iter().map(|id| (id, school.clone())).collect();
    app.render(&CoveragePage {
        of: found.details.name.to_string(),
        school: Some(school.to_string()),
        may_change: actor.may(Action::ManageRegisters, Place::School(&school)),
        several: schools::within(&mut reader, &permit).await?.len() > 1,
        courses: coverage(&app, &mut reader, actor, &people).await?,
        asked: shown.asked,
    })
}

/// A school that the permit reaches.
async fn reached(
    reader: &mut Reader,
    permit: &Permit,
    school: &SchoolId,
) -> Result<schools::School, Problem> {
    permit.at(Place::School(school))?;
    let found = schools::find(reader, school).await?;
    found.ok_or_else(|| Problem::new(Kind::NotFound))
}

/// The training of those whose line manager asks.
async fn mine(State(app): State<App>, actor: Actor) -> Result<Html<String>, Problem> {
    let mut reader = app.store()?.read(&actor.trust);
    let led = match &actor.person {
        Some(me) => led_by(&mut reader, me, app.today()).await?,
        None => Vec::new(),
    };
    app.render(&CoveragePage {
        of: "The people whom you lead".to_owned(),
        school: None,
        may_change: false,
        several: false,
        courses: coverage(&app, &mut reader, &actor, &led).await?,
        asked: None,
    })
}

/// Asks everybody at a school who must take a course and has not, or whose time is over.
async fn ask(
    State(app): State<App>,
    permit: Permit,
    Path((school, course)): Path<(SchoolId, String)>,
) -> Result<Redirect, Problem> {
    let (store, actor, today) = (app.store()?, permit.actor(), app.today());
    let mut reader = store.read(&actor.trust);
    reached(&mut reader, &permit, &school).await?;
    let engine = app.engine();
    let courses = due::courses(&mut reader, &engine, &school, today).await?;
    let course = courses.into_iter().find(|one| one.id == course);
    let course = course.ok_or_else(|| Problem::new(Kind::NotFound))?;
    let people = people_at(&mut reader, &school, today).await?;
    let program = due::program(&actor.trust);
    let mut asked = 0u64;
    for id in people {
        let Some(person) = people::find(&mut reader, &id).await? else {
            continue;
        };
        if !course.is_for(&person, &school, today) {
            continue;
        }
        // One person a change, so that it stays short; where they stand is looked at in it.
        let mut tx = store.begin(&actor.trust).await?;
        let lines = cases::of_subject(&mut tx, store, &program, (REGISTER, &id)).await?;
        if missing(&stand(&lines, &course.id), &course) {
            cases::open(&mut tx, &engine, actor, opening(&id, &school, &course.id)).await?;
            tx.commit().await?;
            asked += 1;
        }
    }
    Ok(Redirect::to(&format!(
        "/training/schools/{school}?asked={asked}"
    )))
}

/// Whether somebody can be asked: nobody takes the induction twice.
fn missing(stand: &Stand, course: &Course) -> bool {
    stand.is_missing() && (course.id != INDUCTION || *stand == Stand::Never)
}

/// Where each of some people stands with the courses that they must take at a school, as far as whoever asks may see.
async fn coverage(
    app: &App,
    reader: &mut Reader,
    actor: &Actor,
    people: &[(PersonId, SchoolId)],
) -> Result<Vec<CourseLine>, Problem> {
    let (store, today, engine) = (app.store()?, app.today(), app.engine());
    let zone = store.clock().zoned().time_zone().clone();
    let mut lines: Vec<CourseLine> = Vec::new();
    let mut known: Vec<(SchoolId, Vec<Course>)> = Vec::new();
    for (id, school) in people {
        let Some(person) = people::find(reader, id).await? else {
            continue;
        };
        if person.standing(today) == Standing::Left {
            continue;
        }
        if !known.iter().any(|(one, _)| one == school) {
            let courses = due::courses(reader, &engine, school, today).await?;
            known.push((school.clone(), courses));
        }
        let held = cases::of_subject(reader, store, actor, (REGISTER, id)).await?;
        let courses = known.iter().filter(|(one, _)| one == school);
        for course in courses.flat_map(|(_, courses)| courses) {
            if course.is_for(&person, school, today) {
                add(&mut lines, course, &person, &held, &zone);
            }
        }
    }
    Ok(lines)
}

/// Adds where somebody stands with a course.
fn add(
    lines: &mut Vec<CourseLine>,
    course: &Course,
    person: &Person,
    held: &[Line],
    zone: &TimeZone,
) {
    let stand = stand(held, &course.id);
    let shown = shown(person, &stand, zone);
    let at = lines.iter().position(|line| line.id == course.id);
    let at = at.unwrap_or_else(|| {
        lines.push(CourseLine {
            id: course.id.clone(),
            says: course.says.clone(),
            have: 0,
            people: Vec::new(),
            missing: 0,
        });
        lines.len() - 1
    });
    if let Some(line) = lines.get_mut(at) {
        line.have += usize::from(matches!(stand, Stand::Counts(..)));
        line.missing += usize::from(missing(&stand, course));
        line.people.push(shown);
    }
}

fn shown(person: &Person, stand: &Stand, zone: &TimeZone) -> PersonLine {
    let on = |at: &Option<jiff::Timestamp>, word: &str| {
        let date = at.map(|at| at.to_zoned(zone.clone()).date());
        date.map_or_else(String::new, |date| format!("{word} {}", day(date)))
    };
    let (says, colour, when, case) = match stand {
        Stand::Counts(case, until) => ("Counts", "green", on(until, "until"), Some(case)),
        Stand::Asked(case, by) => ("Asked", "yellow", on(by, "by"), Some(case)),
        Stand::Past(case) => ("Run out", "red", String::new(), Some(case)),
        Stand::LetGo(case) => ("Not needed", "grey", String::new(), Some(case)),
        Stand::Never => ("Not yet", "red", String::new(), None),
    };
    PersonLine {
        name: person.name(),
        says,
        colour,
        when,
        href: case.map(|case| format!("/cases/{case}")),
    }
}

/// Those who hold a role at a school on a day, by name.
async fn people_at(
    reader: &mut Reader,
    school: &SchoolId,
    today: Date,
) -> Result<Vec<PersonId>, StoreError> {
    let rows = reader
        .all(
            "SELECT p.id FROM person p WHERE p.trust = $1 AND p.erased_at IS NULL \
               AND (p.ends_on IS NULL OR p.ends_on >= $3) AND EXISTS (SELECT 1 FROM held_role h \
                 WHERE h.trust = p.trust AND h.person = p.id AND h.school = $2 \
                   AND (h.ends_on IS NULL OR h.ends_on >= $3)) ORDER BY p.search, p.id",
            values![school, today],
        )
        .await?;
    rows.iter().map(|row| row.get("id")).collect()
}

/// Those whom somebody leads, with each school where they hold a role.
async fn led_by(
    reader: &mut Reader,
    manager: &PersonId,
    today: Date,
) -> Result<Vec<(PersonId, SchoolId)>, StoreError> {
    let rows = reader
        .all(
            "SELECT DISTINCT p.search, p.id, h.school FROM person p \
             JOIN held_role h ON h.trust = p.trust AND h.person = p.id \
             WHERE p.trust = $1 AND p.line_manager = $2 AND p.erased_at IS NULL AND h.school IS NOT NULL \
               AND (p.ends_on IS NULL OR p.ends_on >= $3) AND (h.ends_on IS NULL OR h.ends_on >= $3) \
             ORDER BY p.search, p.id, h.school",
            values![manager, today],
        )
        .await?;
    let one = |row: &Row| Ok((row.get("id")?, row.get("school")?));
    rows.iter().map(one).collect()
}
