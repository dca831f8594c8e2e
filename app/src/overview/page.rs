//! The report of a term: on screen, on paper and as a table.

use axum::extract::State;
use axum::http::header;
use axum::response::{Html, IntoResponse as _, Response};
use policy::words::capitalised;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::count::{self, Counts};
use super::groups::{self, Figures};
use super::table::{COVERED, Counted, Scope, Table, is_open_to_all, tables};
use super::term::Term;
use super::trend::{self, Bar, Trend, trends};
use crate::authority::{Permit, Place};
use crate::export::csv_file;
use crate::schools::{self, School};
use crate::web::App;
use crate::web::dates::moment;
use crate::web::extract::Query;
use crate::web::form::Choice;
use crate::web::page::{Page, Section};
use crate::web::problem::{Kind, Problem};

/// So many terms stand beside each other.
pub(super) const TERMS: usize = 6;
/// The name of the whole trust in addresses.
const TRUST: &str = "trust";

/// `overview/report.html`.
#[derive(Serialize)]
pub(crate) struct OverviewPage {
    /// Where the numbers are from.
    place: String,
    /// "autumn 2026".
    term: String,
    is_over: bool,
    places: Vec<Choice>,
    terms: Vec<Choice>,
    place_chosen: String,
    term_chosen: String,
    tables: Vec<Table>,
    trends: Vec<Trend>,
    made: String,
}

impl Page for OverviewPage {
    const TEMPLATE: &'static str = "overview/report.html";
    const SECTION: Option<Section> = Some(Section::Administration);

    fn samples() -> Vec<Self> {
        let page = |full: bool| Self {
            place: "Ash Primary".to_owned(),
            term: "autumn 2026".to_owned(),
            is_over: full,
            places: vec![Choice::new("s1", "Ash Primary")],
            terms: vec![Choice::new("2026-autumn", "Autumn 2026")],
            place_chosen: "s1".to_owned(),
            term_chosen: "2026-autumn".to_owned(),
            tables: vec![Table {
                title: "Registers".to_owned(),
                note: "The median.".to_owned(),
                head: vec!["Register".to_owned(), "Opened".to_owned()],
                rows: match full {
                    true => vec![vec!["Permissions".to_owned(), "12".to_owned()]],
                    false => Vec::new(),
                },
            }],
            trends: vec![Trend {
                title: "Cases opened in each term".to_owned(),
                note: "Rounded.",
                what: "Cases",
                bars: vec![Bar {
                    label: "Autumn 2026".to_owned(),
                    words: "about 10".to_owned(),
                    trust: full.then(|| "about 40".to_owned()),
                    length: 100,
                    trust_length: 100,
                }],
            }],
            made: "20 November 2026 at 3:04pm".to_owned(),
        };
        vec![page(true), page(false)]
    }
}

/// What is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    place: String,
    term: String,
}

/// Everything that the report says.
struct Report {
    place: String,
    term: Term,
    is_over: bool,
    choices: Vec<Choice>,
    chosen: String,
    tables: Vec<Table>,
    trends: Vec<Trend>,
}

async fn report(app: &App, permit: &Permit, asked: &Asked) -> Result<Report, Problem> {
    let mut reader = app.store()?.read(&permit.actor().trust);
    let schools = schools::all(&mut reader).await?;
    let (choices, chosen) = place(permit, &schools, &asked.place)?;
    let today = app.today();
    let term = match asked.term.as_str() {
        "" => Term::of(today),
        name => Term::named(name).ok_or_else(|| Problem::new(Kind::NotFound))?,
    };
    let name = choices.iter().find(|choice| choice.value == chosen);
    let mut places: Vec<String> = schools.iter().map(|school| school.id.to_string()).collect();
    places.push(String::new());
    let scope = Scope {
        places,
        school: (chosen != TRUST).then(|| chosen.clone()),
    };
    let zone = app.clock().zoned().time_zone().clone();
    let (span, now) = (term.span(&zone), app.clock().now().as_millisecond());
    let me = permit.actor().person.as_ref();
    let school = scope.school.as_deref().unwrap_or_default();
    let counted = Counted {
        opened: count::opened(&mut reader, span).await?,
        others: count::opened_about_others(&mut reader, span, me).await?,
        outcomes: count::outcomes(&mut reader, span).await?,
        open: count::open(&mut reader).await?,
        overdue: count::overdue(&mut reader, now).await?,
        medians: count::medians(&mut reader, span, school).await?,
        coverage: count::coverage(&mut reader, today).await?,
        by_role: count::outcomes_by_role(&mut reader, span, term.first()).await?,
        by_contract: count::outcomes_by_contract(&mut reader, span).await?,
        groups: entered(&groups::of_term(&mut reader, term).await?),
    };
    let registers = app.registers();
    let open = registers.registers().iter().filter(|r| is_open_to_all(r));
    let open: Vec<&str> = open.map(|register| register.id.as_str()).collect();
    let open = format!(",{},", open.join(","));
    let mut terms = Vec::new();
    for term in term.up_to(TERMS) {
        let span = term.span(&zone);
        terms.push(trend::Counted {
            term,
            opened: count::opened(&mut reader, span).await?,
            outcomes: count::outcomes(&mut reader, span).await?,
            medians: count::medians_by_school(&mut reader, span, &open).await?,
        });
    }
    let is_over = term.is_over(today);
    Ok(Report {
        place: name.map_or_else(String::new, |choice| choice.text.clone()),
        tables: tables(registers.registers(), &scope, &counted, is_over),
        trends: trends(registers.registers(), &scope, &terms),
        term,
        is_over,
        choices,
        chosen,
    })
}

/// What HR entered, as counts by name and school.
fn entered(figures: &[Figures]) -> Counts {
    let mut counts = Counts::new();
    for one in figures {
        for (group, total) in &one.totals {
            for (which, n) in [("staff", total.staff), ("formal", total.formal)] {
                let of = counts.entry(format!("{group}/{which}")).or_default();
                of.insert(one.school.to_string(), n);
            }
        }
    }
    counts
}

/// Where somebody may look, and where they want to.
fn place(
    permit: &Permit,
    schools: &[School],
    asked: &str,
) -> Result<(Vec<Choice>, String), Problem> {
    let mut choices = Vec::new();
    if permit.at(Place::Trust).is_ok() {
        choices.push(Choice::new(TRUST, "The whole trust"));
    }
    let theirs = schools
        .iter()
        .filter(|school| permit.at(Place::School(&school.id)).is_ok());
    choices.extend(theirs.map(|school| Choice::new(school.id.as_str(), &school.details.name)));
    let chosen = match asked {
        "" => choices.first(),
        asked => choices.iter().find(|choice| choice.value == asked),
    };
    let chosen = chosen.map(|choice| choice.value.clone());
    let chosen = chosen.ok_or_else(|| Problem::new(Kind::NotFound))?;
    Ok((choices, chosen))
}

/// A few figures of the term for another page.
#[derive(Debug, Serialize)]
pub(crate) struct Brief {
    place: String,
    term: String,
    /// Who has signed the policy and been trained.
    covered: Option<Table>,
    /// Cases opened in each term, in words.
    terms: Vec<(String, String)>,
}

impl Brief {
    pub(crate) fn sample() -> Self {
        Self {
            place: "Ash Primary".to_owned(),
            term: "autumn 2026".to_owned(),
            covered: Some(Table {
                title: COVERED.to_owned(),
                note: "Each counted once.".to_owned(),
                head: vec!["What".to_owned(), "Have it".to_owned()],
                rows: vec![vec!["Signed the policy".to_owned(), "12".to_owned()]],
            }),
            terms: vec![("Autumn 2026".to_owned(), "about 10".to_owned())],
        }
    }
}

/// The figures of this term where somebody may see them, kept back as on the overview itself.
pub(crate) async fn brief(app: &App, permit: &Permit) -> Result<Brief, Problem> {
    let report = report(app, permit, &Asked::default()).await?;
    let mut tables = report.tables.into_iter();
    let opened = report.trends.into_iter().take(1);
    let opened = opened.flat_map(|trend| trend.bars);
    Ok(Brief {
        place: report.place,
        term: report.term.words(),
        covered: tables.find(|table| table.title == COVERED),
        terms: opened.map(|bar| (bar.label, bar.words)).collect(),
    })
}

pub(super) async fn show(
    State(app): State<App>,
    permit: Permit,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Problem> {
    let report = report(&app, &permit, &asked).await?;
    let mut terms = Term::of(app.today()).up_to(TERMS);
    terms.reverse();
    let zone = app.clock().zoned().time_zone().clone();
    app.render(&OverviewPage {
        place: report.place,
        term: report.term.words(),
        is_over: report.is_over,
        places: report.choices,
        terms: terms
            .into_iter()
            .map(|term| Choice::new(term.name(), capitalised(&term.words())))
            .collect(),
        place_chosen: report.chosen,
        term_chosen: report.term.name(),
        tables: report.tables,
        trends: report.trends,
        made: moment(app.clock().now(), &zone),
    })
}

pub(super) async fn csv(
    State(app): State<App>,
    permit: Permit,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let report = report(&app, &permit, &asked).await?;
    let term = report.term.name();
    let mut rows: Vec<Vec<Json>> = Vec::new();
    let mut add = |cells: [&str; 4]| {
        let cells = [term.as_str(), report.place.as_str()]
            .into_iter()
            .chain(cells);
        rows.push(cells.map(Json::from).collect());
    };
    for table in &report.tables {
        for row in &table.rows {
            let about = row.first().map_or("", String::as_str);
            for (column, cell) in table.head.iter().zip(row).skip(1) {
                add([&table.title, about, column, cell]);
            }
        }
    }
    for trend in &report.trends {
        for bar in &trend.bars {
            add([&trend.title, &bar.label, trend.what, &bar.words]);
            if let Some(trust) = &bar.trust {
                let what = format!("{} in the trust", trend.what);
                add([&trend.title, &bar.label, &what, trust]);
            }
        }
    }
    let head = ["term", "place", "table", "about", "what", "value"];
    let bytes = csv_file::write(&head, &rows).map_err(|error| Problem::internal(&error))?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"overview-{term}.csv\""),
        ),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}
