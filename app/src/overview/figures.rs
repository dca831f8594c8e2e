//! The pages on which HR enters the figures of groups, a school and a term at a time.

use axum::extract::State;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use policy::words::capitalised;
use serde::Serialize;

use super::groups::{self, GROUPS, Total, Totals};
use super::term::Term;
use crate::authority::{Permit, Place};
use crate::schools;
use crate::store::SchoolId;
use crate::web::App;
use crate::web::extract::{Form, Path};
use crate::web::form::{Asked, Faults, Field, FormPage};
use crate::web::page::{Page, Section};
use crate::web::problem::{Kind, Problem};

/// Figures are entered for so many terms back.
const TERMS: usize = 4;
/// No school has more people.
const MOST: u64 = 100_000;

/// `overview/figures.html`.
#[derive(Debug, Serialize)]
pub(crate) struct FiguresPage {
    schools: Vec<SchoolLine>,
}

#[derive(Debug, Serialize)]
struct SchoolLine {
    name: String,
    /// The address of each term, its name, and whether figures were entered.
    terms: Vec<(String, String, bool)>,
}

impl Page for FiguresPage {
    const TEMPLATE: &'static str = "overview/figures.html";
    const SECTION: Option<Section> = Some(Section::Administration);

    fn samples() -> Vec<Self> {
        let term = |entered| {
            (
                "/overview/figures/s1/2026-autumn".into(),
                "Autumn 2026".into(),
                entered,
            )
        };
        let school = SchoolLine {
            name: "Ash Primary".into(),
            terms: vec![term(true), term(false)],
        };
        [vec![school], Vec::new()]
            .map(|schools| Self { schools })
            .into()
    }
}

pub(super) async fn list(State(app): State<App>, permit: Permit) -> Result<Html<String>, Problem> {
    let mut reader = app.store()?.read(&permit.actor().trust);
    let mut terms = Vec::new();
    for term in Term::of(app.today()).up_to(TERMS).into_iter().rev() {
        terms.push((term, groups::of_term(&mut reader, term).await?));
    }
    let schools = schools::within(&mut reader, &permit).await?;
    let line = |school: &schools::School| SchoolLine {
        name: school.details.name.to_string(),
        terms: terms
            .iter()
            .map(|(term, entered)| {
                let href = format!("/overview/figures/{}/{}", school.id, term.name());
                let there = entered.iter().any(|one| one.school == school.id);
                (href, capitalised(&term.words()), there)
            })
            .collect(),
    };
    app.render(&FiguresPage {
        schools: schools.iter().map(line).collect(),
    })
}

/// The school and the term of an address, where the permit reaches them.
async fn reached(
    app: &App,
    permit: &Permit,
    (school, term): (&SchoolId, &str),
) -> Result<(schools::School, Term), Problem> {
    permit.at(Place::School(school))?;
    let missing = || Problem::new(Kind::NotFound);
    let mut reader = app.store()?.read(&permit.actor().trust);
    let found = schools::find(&mut reader, school).await?;
    let term = Term::named(term).filter(|term| term.first() <= app.today());
    Ok((found.ok_or_else(missing)?, term.ok_or_else(missing)?))
}

pub(super) async fn form(
    State(app): State<App>,
    permit: Permit,
    Path((school, term)): Path<(SchoolId, String)>,
) -> Result<Html<String>, Problem> {
    let (found, term) = reached(&app, &permit, (&school, &term)).await?;
    let mut reader = app.store()?.read(&permit.actor().trust);
    let entered = groups::of_term(&mut reader, term).await?;
    let before = entered.into_iter().find(|one| one.school == school);
    let totals = before.map(|before| before.totals).unwrap_or_default();
    let typed = |name: &str| {
        let of_group = GROUPS
            .iter()
            .filter_map(|group| Some((group, totals.get(group.id)?)));
        let number = of_group
            .flat_map(|(group, total)| {
                [(group.staff.0, total.staff), (group.formal.0, total.formal)]
            })
            .find(|(field, _)| *field == name);
        number.map_or_else(String::new, |(_, number)| number.to_string())
    };
    app.render(&page(&found, term, &typed, &Faults::default()))
}

fn page(
    school: &schools::School,
    term: Term,
    typed: &dyn Fn(&str) -> String,
    faults: &Faults,
) -> FormPage {
    let field = |(name, label): (&'static str, &'static str)| {
        let field = Field::new(Asked::Text, name, label).value(typed(name));
        field.faulted(faults)
    };
    let fields = GROUPS
        .iter()
        .flat_map(|group| [field(group.staff), field(group.formal)]);
    FormPage {
        title: format!("Figures of groups, {} term", term.words()),
        caption: school.details.name.to_string(),
        back: "/overview/figures".to_owned(),
        action: format!("/overview/figures/{}/{}", school.id, term.name()),
        lead: vec![
            "Enter totals only, from your own records, and leave out what you do not know. No person’s group is kept here. \
             Numbers below 5 are never shown to anybody."
                .to_owned(),
        ],
        fields: fields.collect(),
        button: "Save the figures".to_owned(),
        ..FormPage::default()
    }
}

pub(super) async fn save(
    State(app): State<App>,
    permit: Permit,
    Path((school, term)): Path<(SchoolId, String)>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let (found, term) = reached(&app, &permit, (&school, &term)).await?;
    let typed = |name: &str| {
        let field = fields.iter().find(|(field, _)| field == name);
        field.map_or_else(String::new, |(_, value)| value.trim().to_owned())
    };
    let mut faults = Faults::default();
    let totals = read(&typed, &mut faults);
    if !faults.is_empty() {
        let page = page(&found, term, &typed, &faults);
        return Ok(app.render(&page).into_response());
    }
    let mut tx = app.store()?.begin(&permit.actor().trust).await?;
    groups::enter(&mut tx, &permit, (&school, term), totals).await?;
    tx.commit().await?;
    Ok(Redirect::to("/overview/figures").into_response())
}

/// What was typed, with what is wrong with it.
fn read(typed: &dyn Fn(&str) -> String, faults: &mut Faults) -> Totals {
    let mut totals = Totals::new();
    for group in GROUPS {
        let staff = number(group.staff.0, typed, faults);
        let formal = number(group.formal.0, typed, faults);
        if let (Some(staff), Some(formal)) = (staff, formal)
            && formal > staff
        {
            faults.add(group.formal.0, "This cannot be more than are on the staff.");
        }
        if staff.is_some() || formal.is_some() {
            let total = Total {
                staff: staff.unwrap_or_default(),
                formal: formal.unwrap_or_default(),
            };
            totals.insert(group.id.to_owned(), total);
        }
    }
    totals
}

fn number(name: &'static str, typed: &dyn Fn(&str) -> String, faults: &mut Faults) -> Option<u64> {
    let text = typed(name);
    if text.is_empty() {
        return None;
    }
    let number = text.parse().ok().filter(|number| *number <= MOST);
    if number.is_none() {
        faults.add(
            name,
            "Enter a whole number, for example 12, or leave it empty.",
        );
    }
    number
}
